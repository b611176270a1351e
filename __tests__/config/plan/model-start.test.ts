import { instanceSettings } from "../../../config/plan/overrides";
import { servedModel } from "../../../config/plan/served-model";
import { serverStart } from "../../../config/plan/server-start";
import { defaultPort, presetOf, type ServerName } from "../../../config/servers/presets";
import { SERVER_IMAGES } from "../../support/server-images";
import { loadFile, validFile, validModel, type WrittenFile } from "../../support/serving-file";

/** The password of a registry. */
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ngc-AbCdEf";

type Fields = Partial<WrittenFile["models"][string]>;

/** The words with which a server is told its model: arguments that name it, and variables. */
function told(server: ServerName, fields: Fields): string {
  const model = {
    ...validModel(),
    weights: undefined,
    volume: { size: "200GiB" },
    server,
    image: SERVER_IMAGES[server],
    ...fields,
  };
  const loaded = loadFile({ ...validFile(), models: { llama: model } });
  if (!loaded.ok) {
    return loaded.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ code, path }) => `${code} at ${path.join(".")}`)
      .join(", ");
  }
  const settings = instanceSettings(loaded.file, "us-east-1", "llama", "main");
  const { arguments: args, env } = serverStart(settings, {
    ...{
      model: "llama",
      server,
      port: defaultPort(server, "http1") ?? 80,
      protocol: "http1",
      speaksTls: false,
    },
    ...{ serverDrain: 300, serverKeepAlive: 4015, startTimeout: 2160 },
  });
  const names =
    /^(--(model|model-path|model-id|model-repository|hf-repo|revision|served-model-name|alias)|-m)$/;
  const all = args.slice(presetOf(server)?.command.length);
  const words = all.filter(
    (word, index) =>
      (index === 0 && !word.startsWith("--")) || names.test(word) || names.test(all[index - 1] ?? ""),
  );
  const variables = Object.entries(env)
    .filter(([name]) => /MODEL/.test(name))
    .map(([name, value]) => `${name}=${value}`);
  return [...words, ...variables].join(" ");
}

const HUB = { model: "acme/llama", revision: "abc123" };
const WEIGHTS = { weights: { uri: "s3://example-weights/llama/", size: "15GiB" }, volume: {} };

describe("a server is told its model", () => {
  test.each<[string, ServerName, Fields, string]>([
    ["from the hub, as its first argument", "vllm", HUB, "acme/llama --revision abc123"],
    [
      "from the hub, by name before 0.11.1",
      "vllm",
      { ...HUB, image: "vllm/vllm-openai:v0.11.0" },
      "--model acme/llama --revision abc123",
    ],
    [
      "from the hub, by name in an unknown version",
      "vllm",
      { ...HUB, image: "ghcr.io/example/inference:1.0.0" },
      "--model acme/llama --revision abc123",
    ],
    ["from the hub", "sglang", HUB, "--model-path acme/llama --revision abc123"],
    ["from the hub", "tgi", HUB, "--model-id acme/llama --revision abc123"],
    ["from the hub", "tei", HUB, "--model-id acme/llama --revision abc123"],
    ["from the hub", "trtllm-serve", HUB, "acme/llama --revision abc123"],
    ["from the hub", "nim", { model: "acme/llama" }, "NIM_MODEL_PATH=hf://acme/llama"],
    ["from the hub", "llama.cpp", { model: "acme/llama-GGUF:Q4_K_M" }, "--hf-repo acme/llama-GGUF:Q4_K_M"],
    ["by its image", "nim", {}, ""],
    ["in the weights, by the name in the file", "vllm", WEIGHTS, "/models --served-model-name llama"],
    [
      "in the weights, by its own name",
      "vllm",
      { ...WEIGHTS, model: "acme/llama" },
      "/models --served-model-name acme/llama",
    ],
    [
      "in a folder of the weights",
      "vllm",
      { ...WEIGHTS, model: "/models/v2" },
      "/models/v2 --served-model-name llama",
    ],
    [
      "in the weights",
      "sglang",
      { ...WEIGHTS, model: "acme/llama" },
      "--model-path /models --served-model-name acme/llama",
    ],
    ["in the weights, without a name", "tgi", { ...WEIGHTS, model: "acme/llama" }, "--model-id /models"],
    [
      "in the weights",
      "tei",
      { ...WEIGHTS, model: "acme/llama" },
      "--model-id /models --served-model-name acme/llama",
    ],
    [
      "in the weights, without a name before 1.9",
      "tei",
      { ...WEIGHTS, image: "ghcr.io/huggingface/text-embeddings-inference:1.8" },
      "--model-id /models",
    ],
    ["in the weights", "trtllm-serve", WEIGHTS, "/models"],
    ["in the weights", "triton", WEIGHTS, "--model-repository /models"],
    [
      "in the weights",
      "nim",
      { ...WEIGHTS, model: "acme/llama" },
      "NIM_MODEL_PATH=/models NIM_SERVED_MODEL_NAME=acme/llama",
    ],
    ["in the weights", "ollama", WEIGHTS, "OLLAMA_MODELS=/models"],
    [
      "as a file in the weights",
      "llama.cpp",
      { ...WEIGHTS, model: "llama-q4.gguf" },
      "--model /models/llama-q4.gguf --alias llama",
    ],
    ["in the image", "vllm", { model: "/opt/llama" }, "/opt/llama --served-model-name llama"],
    [
      "in S3, which it reads itself",
      "vllm",
      { model: "s3://acme/llama/", reads: ["s3://acme/llama/"] },
      "s3://acme/llama/",
    ],
    [
      "by a published command line",
      "vllm",
      { arguments: ["vllm", "serve", "acme/llama", "--dtype", "half"] },
      "acme/llama",
    ],
    [
      "by a published command line, without its words",
      "sglang",
      {
        arguments: [
          "python3",
          "-m",
          "sglang.launch_server",
          "--model-path",
          "acme/llama",
          "--host",
          "0.0.0.0",
        ],
      },
      "--model-path acme/llama",
    ],
    [
      "by the other published command line",
      "sglang",
      { arguments: ["sglang", "serve", "acme/llama"] },
      "--model-path acme/llama",
    ],
    [
      "by a published command line, by name where the image would ignore it",
      "vllm",
      { arguments: ["acme/llama"], image: "vllm/vllm-openai:v0.10.2" },
      "--model acme/llama",
    ],
    [
      "by an argument, which stays where it is",
      "vllm",
      { arguments: ["--dtype", "half", "--model", "acme/llama"] },
      "--model acme/llama",
    ],
    [
      "by an argument and the field, as one file",
      "llama.cpp",
      { ...WEIGHTS, model: "a.gguf", arguments: ["-m", "/models/a.gguf"] },
      "--alias llama -m /models/a.gguf",
    ],
    [
      "by a variable, within the weights",
      "ollama",
      { ...WEIGHTS, env: { OLLAMA_MODELS: "/models/of-ollama" } },
      "OLLAMA_MODELS=/models/of-ollama",
    ],
    [
      "of which it loads one",
      "triton",
      { ...WEIGHTS, arguments: ["--model-control-mode", "explicit", "--load-model", "a"] },
      "--model-repository /models",
    ],
    ["by a variable", "tgi", { env: { MODEL_ID: "acme/llama" } }, "MODEL_ID=acme/llama"],
  ])("%s: %s %j", (_, server, fields, words) => {
    expect(told(server, fields)).toBe(words);
  });

  test.each<[string, ServerName, Fields, string]>([
    ["vLLM, which would serve another", "vllm", {}, "no-model-named at models.llama.model"],
    ["Ollama, which would have none", "ollama", {}, "no-model-named at models.llama.model"],
    [
      "llama.cpp, of whose weights no file is named",
      "llama.cpp",
      WEIGHTS,
      "no-model-named at models.llama.model",
    ],
    ["Ray Serve without an application", "ray-serve", {}, "no-model-named at models.llama.model"],
    [
      "Ollama, which fetches nothing when it starts",
      "ollama",
      { model: "llama3.2" },
      "model-not-taken at models.llama.model",
    ],
    [
      "NIM before 2.0, which serves its image's",
      "nim",
      {
        model: "acme/llama",
        image: "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.4",
        registry: { secret: SECRET },
      },
      "model-not-taken at models.llama.model",
    ],
    [
      "a custom server",
      "custom",
      { model: "acme/llama", port: 80, health: { path: "/" } },
      "model-not-taken at models.llama.model",
    ],
    [
      "two models",
      "vllm",
      { model: "acme/one", arguments: ["--model", "acme/two"] },
      "model-named-twice at models.llama.arguments.0",
    ],
    ...[["--model", "/models/b.gguf"], ["-m", "/models/b.gguf"], ["--model=/opt/b.gguf"]].map(
      (words): [string, ServerName, Fields, string] => [
        "a file of llama.cpp and another",
        "llama.cpp",
        { ...WEIGHTS, model: "a.gguf", arguments: words },
        "model-named-twice at models.llama.arguments.0",
      ],
    ),
    [
      "a file of llama.cpp and another in a variable",
      "llama.cpp",
      { ...WEIGHTS, model: "a.gguf", env: { LLAMA_ARG_MODEL: "/models/b.gguf" } },
      "model-named-twice at models.llama.env.LLAMA_ARG_MODEL",
    ],
    [
      "weights that Ollama does not look for",
      "ollama",
      { ...WEIGHTS, env: { OLLAMA_MODELS: "/root/.ollama/models" } },
      "argument-contradicts-file at models.llama.env.OLLAMA_MODELS",
    ],
    [
      "models of Triton that it does not load",
      "triton",
      { ...WEIGHTS, arguments: ["--model-control-mode=explicit"] },
      "no-model-named at models.llama.arguments.0",
    ],
    [
      "models of llama.cpp that it does not load",
      "llama.cpp",
      { ...WEIGHTS, arguments: ["--models-dir", "/models", "--no-models-autoload"] },
      "no-model-named at models.llama.arguments.2",
    ],
    [
      "a revision of a path",
      "vllm",
      { model: "/opt/llama", revision: "main" },
      "revision-without-hub at models.llama.revision",
    ],
    [
      "a revision of weights without their id",
      "vllm",
      { ...WEIGHTS, revision: "main" },
      "revision-without-hub at models.llama.revision",
    ],
    [
      "a revision that it cannot be told",
      "nim",
      { model: "acme/llama", revision: "main" },
      "revision-without-hub at models.llama.revision",
    ],
    [
      "a revision in the field and in an argument",
      "vllm",
      { model: "acme/llama", revision: "main", arguments: ["--revision=abc"] },
      "both-given at models.llama.arguments.0",
    ],
    [
      "an address that nothing grants",
      "vllm",
      { arguments: ["--model", "s3://acme/llama/v2", "--load-format", "runai_streamer"] },
      "s3-not-granted at models.llama.arguments.1",
    ],
  ])("but not %s", (_, server, fields, codes) => {
    expect(told(server, fields)).toBe(codes);
  });
});

test("whatever names a model, it is known where it lies", () => {
  const model = { ...validModel(), server: "vllm" as const };
  const loaded = loadFile({ ...validFile(), models: { llama: model } });
  if (!loaded.ok) {
    throw new Error("the file is not valid");
  }
  const settings = instanceSettings(loaded.file, "us-east-1", "llama", "main");
  const placeWith = (fields: Partial<typeof settings>) =>
    servedModel("vllm", { ...settings, ...fields })?.place;
  expect(placeWith({})).toBe("weights");
  expect(placeWith({ weights: undefined })).toBeUndefined();
  expect(placeWith({ arguments: ["--model=acme/x"] })).toBe("hub");
  expect(placeWith({ arguments: ["--model", "/models/x"] })).toBe("weights");
  expect(placeWith({ arguments: ["--model", "/modelsx"] })).toBe("container");
  expect(placeWith({ arguments: ["--config", "/x.yaml"] })).toBe("elsewhere");
  expect(placeWith({ arguments: ["--model", "gs://bucket/x"] })).toBe("elsewhere");
});
