import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDeployment } from "../../../config/load";
import { fileTexts } from "../../../config/plan/volumes";
import { withTexts } from "../../../config/source/files-beside";
import { validFile, validModel, yamlOf } from "../../support/serving-file";

const folder = mkdtempSync(join(tmpdir(), "beside-"));
afterAll(() => rmSync(folder, { recursive: true }));
const servingFile = join(folder, "deploy", "serving.yaml");
mkdirSync(join(folder, "deploy", "config"), { recursive: true });
writeFileSync(join(folder, "deploy", "config", "a.yaml"), "a: é\r\n");
writeFileSync(join(folder, "shared.jinja"), "{{ x }}");
writeFileSync(join(folder, "binary"), Buffer.from([0xff, 0x00, 0x41]));

const A = "config/a.yaml";
const SHARED = "../shared.jinja";

function loaded(fields: object, region: object = {}) {
  const file = validFile();
  const models = { llama: { ...validModel(), ...fields } };
  const [name = "", of] = Object.entries(file.regions)[0] ?? [];
  const regions = { [name]: { ...of, models: { llama: region } } };
  writeFileSync(servingFile, yamlOf({ ...file, models, regions }));
  return loadDeployment(servingFile);
}

function textsOf(result: ReturnType<typeof loaded>) {
  const variants = result.ok ? result.deployment.regions[0]?.models[0]?.variants : undefined;
  return variants?.map(({ settings }) => fileTexts(settings));
}

test("files are read from the folder of serving.yaml, unchanged", () => {
  const result = loaded({ files: { "/a": A, "/b": SHARED, "/c": { text: "c" } } });
  expect(textsOf(result)).toEqual([{ "/a": "a: é\r\n", "/b": "{{ x }}", "/c": "c" }]);
  expect(result.beside).toEqual([join(folder, "deploy", A), join(folder, "shared.jinja")]);
});

test.each([
  ["a variant", { variants: { main: { weight: 1, files: { "/v": A } } } }, {}],
  ["a region", { files: { "/v": SHARED } }, { files: { "/v": A } }],
  [
    "a region's variant",
    { variants: { main: { weight: 1 } } },
    { variants: { main: { files: { "/v": A } } } },
  ],
])("files of %s are read, too", (_, fields, region) => {
  expect(textsOf(loaded(fields, region))).toEqual([{ "/v": "a: é\r\n" }]);
});

test.each([
  ["config/none.yaml", "file-not-found"],
  ["config", "not-a-file"],
  ["../binary", "not-utf8"],
])("%s cannot be read, which is an error at its place, and it is looked at again", (name, code) => {
  const result = loaded({ files: { "/a": name } });
  expect(result.ok ? [] : result.diagnostics.map(({ code: found, path }) => [found, path])).toEqual([
    [code, ["models", "llama", "files", "/a"]],
  ]);
  expect(result.beside).toEqual([join(folder, "deploy", name)]);
});

test("a region that leaves a model out has no files of it", () => {
  const file = {
    models: {},
    regions: { "us-east-1": { models: { llama: false as const } }, "eu-west-1": {} },
  };
  expect(withTexts(file, { file: "serving.yaml", locate: () => ({ line: 1, column: 1 }) })).toEqual({
    file,
    beside: [],
    diagnostics: [],
  });
});

test("the config.json of a model is read, too", () => {
  const config = { num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 4 };
  writeFileSync(join(folder, "deploy", "config", "model.json"), JSON.stringify(config));
  const result = loaded({ weights: undefined, model: "acme/llama", memory: { config: "config/model.json" } });
  expect(result.ok && result.file.models.llama?.memory?.config).toEqual({ text: JSON.stringify(config) });
});
