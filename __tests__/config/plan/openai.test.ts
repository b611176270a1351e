import { clientAddress } from "../../../config/plan/openai";
import { asksForKey } from "../../../config/plan/public-paths";
import { SERVER_IMAGES } from "../../support/server-images";
import { loadFile, valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

type WrittenModel = WrittenFile["models"][string];

const regionOf = (models: WrittenFile["models"], entry: Partial<WrittenFile["entry"]> = {}) => {
  const file = validFile();
  const [region] = valid({ ...file, entry: { ...file.entry, ...entry }, models }).deployment.regions;
  if (region === undefined) {
    throw new Error("the file has a region");
  }
  return region;
};
const listed = (model: Partial<WrittenModel>): readonly string[] =>
  JSON.parse(regionOf({ llama: { ...validModel(), ...model } }).modelList?.body ?? "").data.map(
    ({ id }: { id: string }) => id,
  );

describe("the list of models has the name that the server has", () => {
  const hub = { weights: undefined, model: "acme/chat" };
  test.each<readonly [string, Partial<WrittenModel>, string]>([
    ["weights, under the name in the file", {}, "llama"],
    ["weights, under the name in model", { model: "acme/chat" }, "acme/chat"],
    ["a hub id", hub, "acme/chat"],
    ["an argument", { ...hub, arguments: ["--served-model-name", "x", "y"] }, "x"],
    [
      "tgi, which takes any for a folder",
      { server: "tgi", image: "ghcr.io/huggingface/text-generation-inference:3.3.7" },
      "llama",
    ],
    [
      "nim, by its variable",
      {
        server: "nim",
        image: SERVER_IMAGES.nim,
        weights: undefined,
        env: { NIM_SERVED_MODEL_NAME: "meta" },
      },
      "meta",
    ],
  ])("%s", (_name, model, id) => {
    expect(listed(model)).toEqual([id]);
  });
});

describe("a model whose name only its server knows", () => {
  const config = { "/etc/vllm.yaml": { text: "model: acme/chat" } };
  const told = {
    ...validModel(),
    weights: undefined,
    files: config,
    arguments: ["--config", "/etc/vllm.yaml"],
  };
  const ollama: Partial<WrittenModel> = { server: "ollama", image: "ollama/ollama:0.33.0" };
  const image = SERVER_IMAGES.nim;
  const endpoint = { url: "https://models.example.com" };
  const address = (models: WrittenFile["models"], name: string, defaultModel?: string) => {
    const region = regionOf(models, { default: defaultModel });
    const model = region.models.find((each) => each.name === name);
    return model && clientAddress(model, defaultModel, endpoint, region.modelList !== undefined);
  };

  test.each<readonly [string, Partial<WrittenModel>]>([
    ["in a file of its own", told],
    ["in the weights", ollama],
    ["in its image", { server: "nim", image, weights: undefined }],
  ])("%s: is not listed, and its own list is where clients find it", (_name, model) => {
    const models = { llama: validModel(), other: { ...validModel(), ...model } };
    expect(JSON.parse(regionOf(models).modelList?.body ?? "").data).toMatchObject([{ id: "llama" }]);
    expect(address(models, "other")).toEqual({
      baseUrl: "https://models.example.com/other/v1",
      headers: {},
      model: undefined,
      listUrl: "https://models.example.com/other/v1/models",
    });
  });

  test("has no list of its own where the load balancer answers, or nothing opens it", () => {
    const models = { llama: validModel(), other: told };
    expect(address(models, "other", "other")).toMatchObject({ model: undefined, listUrl: undefined });
    expect(address({ other: told }, "other", "other")?.listUrl).toBe("https://models.example.com/v1/models");
    const narrow = { ...told, publicPaths: ["/v1/chat/completions"] };
    expect(address({ other: narrow }, "other")).toMatchObject({ listUrl: undefined });
    const posted = { ...told, routes: [{ headers: { "x-model": "a" }, method: "POST" }] };
    expect(address({ other: posted }, "other")).toMatchObject({ listUrl: undefined });
  });

  test("leaves no list that was asked for without a word", () => {
    const file = validFile();
    const entry = { ...file.entry, modelList: true };
    const loaded = valid({ ...file, entry, models: { other: told } });
    expect(loaded.warnings.map(({ code }) => code)).toContain("model-list-left-out");
    expect(loaded.deployment.regions[0]?.modelList).toBeUndefined();
  });
});

describe("a list of models that does not fit", () => {
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`model-${index}`, validModel()] as const),
  );
  const full = {
    llama: { ...validModel(), routes: Array.from({ length: 100 }, (_, i) => ({ path: `/${i}` })) },
  };
  const codes = (models: WrittenFile["models"], modelList?: boolean) => {
    const file = validFile();
    const loaded = loadFile({ ...file, entry: { ...file.entry, modelList }, models });
    return (loaded.ok ? loaded.warnings : loaded.diagnostics)
      .map(({ severity, code }) => `${severity} ${code}`)
      .filter((each) => /model-list|rules/.test(each));
  };

  test.each([
    ["into an answer", many, "error model-list-too-long"],
    ["beside the other rules", full, "error too-many-rules"],
  ])("%s is left out, and refused only where it is asked for", (_name, models, refusal) => {
    expect(codes(models)).toEqual(["warning model-list-left-out"]);
    expect(regionOf(models).modelList).toBeUndefined();
    expect(codes(models, true)).toEqual([refusal]);
    expect(codes(models, false)).toEqual([]);
  });

  test("has another number where a route has its own", () => {
    const routes = [{ path: "/a", priority: 49_000 }];
    expect(regionOf({ llama: { ...validModel(), routes } }).modelList?.priority).toBe(49_001);
  });
});

test("a server asks for a key by apiKey, or by a secret under its variable, in any place of the file", () => {
  const key = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf";
  const asks = (model: Partial<WrittenModel>) => {
    const file = { ...validFile(), models: { llama: { ...validModel(), ...model } } };
    return asksForKey(valid(file).file, "llama");
  };
  const sglang = { server: "sglang" as const, image: "lmsysorg/sglang:v0.5.13" };
  expect(asks({})).toBe(false);
  expect(asks({ secrets: { HF_TOKEN: key } })).toBe(false);
  expect(asks({ secrets: { VLLM_API_KEY: key } })).toBe(true);
  expect(asks({ apiKey: key })).toBe(true);
  expect(asks({ variants: { a: { weight: 1, apiKey: key } } })).toBe(true);
  expect(asks(sglang)).toBe(false);
  expect(asks({ ...sglang, apiKey: key })).toBe(true);
});
