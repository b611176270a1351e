import { asksForKey } from "../../../config/plan/public-paths";
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
        image: "nvcr.io/nim/meta/llama-3.1-8b-instruct:2.0.0",
        weights: undefined,
        env: { NIM_SERVED_MODEL_NAME: "meta" },
      },
      "meta",
    ],
  ])("%s", (_name, model, id) => {
    expect(listed(model)).toEqual([id]);
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
