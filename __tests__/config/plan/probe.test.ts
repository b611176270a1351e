import { instanceSettings } from "../../../config/plan/overrides";
import { probeOf } from "../../../config/plan/probe";
import { type ServerName, serverPresets } from "../../../config/servers/presets";
import { SERVER_IMAGES } from "../../support/server-images";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

type Fields = Partial<WrittenFile["models"][string]>;

/** A model in S3, so that every server knows it; llama.cpp by its file. */
const inS3 = (server: ServerName): Fields => (server === "llama.cpp" ? { model: "llama.gguf" } : {});

function ask(fields: Fields) {
  const { server = "vllm" } = fields;
  const arguments_ = server === "ray-serve" ? { arguments: ["serve", "run", "app"] } : {};
  const model = { ...validModel(), image: SERVER_IMAGES[server], ...inS3(server), ...arguments_, ...fields };
  const { file } = valid({ ...validFile(), models: { llama: model } });
  const { llama } = file.models;
  if (llama === undefined) {
    throw new Error("there is no model");
  }
  return probeOf(llama, instanceSettings(file, "us-east-1", "llama", "main"), 8000);
}

const bearerIn = (fields: Fields) => {
  const probe = ask(fields);
  return typeof probe === "object" ? probe.bearer : "no probe";
};

describe("before an instance enters service, its model", () => {
  test.each(["vllm", "sglang", "tgi", "trtllm-serve", "nim", "ollama", "llama.cpp"] as const)(
    "generates one token, in the form of %s",
    (server) => {
      expect(ask({ server })).toMatchObject({ ...serverPresets[server].tasks.probes.generate, port: 8000 });
    },
  );

  test.each<ServerName>(["triton", "ray-serve"])("is asked nothing that is known of %s alone", (server) => {
    expect(ask({ server })).toBe("unknown");
  });

  describe("is asked by the class of its model in config.json", () => {
    const shape = {
      ...{ torch_dtype: "float16", hidden_size: 1024, intermediate_size: 4096, num_attention_heads: 16 },
      ...{ num_hidden_layers: 24, vocab_size: 30_522, max_position_embeddings: 8192 },
    };
    const asked = (server: "vllm" | "sglang", config: object) => {
      const memory = { config: { text: JSON.stringify({ ...shape, ...config }) } };
      return ask({ server, memory, weights: { uri: "s3://example-weights/small/", size: "1GiB" } } as Fields);
    };
    const { vllm, sglang } = serverPresets;
    const embed = vllm.tasks.probes.embed;
    const classify = "XLMRobertaForSequenceClassification";

    test.each<[string, object, object | "health"]>([
      ["BertModel", {}, embed],
      ["XLMRobertaModel", {}, embed],
      ["Qwen2Model", {}, embed],
      ["BertForMaskedLM", {}, embed],
      [classify, { id2label: { 0: "LABEL_0" } }, vllm.tasks.probes.rerank],
      [classify, { num_labels: 1 }, vllm.tasks.probes.rerank],
      [classify, { id2label: { 0: "good", 1: "bad", 2: "neither" } }, vllm.tasks.probes.classify],
      [classify, {}, vllm.tasks.probes.classify],
      ["WhisperForConditionalGeneration", {}, "health"],
      ["LlamaForCausalLM", {}, vllm.tasks.probes.generate],
      ["GPT2LMHeadModel", {}, vllm.tasks.probes.generate],
      ["ChatGLMModel", {}, vllm.tasks.probes.generate],
      ["InternVLChatModel", {}, vllm.tasks.probes.generate],
    ])("%s %j", (name, more, probe) => {
      const got = asked("vllm", { architectures: [name], ...more });
      expect(got).toEqual(probe === "health" ? "health" : expect.objectContaining(probe));
    });

    test("by SGLang too", () => {
      expect(asked("sglang", { architectures: ["BertModel"] })).toMatchObject(sglang.tasks.probes.embed);
    });
  });

  test("is asked nothing of a custom server", () => {
    expect(ask({ server: "custom", port: 8000, health: { path: "/healthz" } })).toBe("unknown");
  });

  test("is asked nothing over gRPC", () => {
    expect(ask({ protocol: "grpc", arguments: ["--grpc"] })).toBe("unknown");
  });

  test("is asked nothing with probe: health", () => {
    expect(ask({ probe: "health" })).toBe("health");
  });

  test("is asked as written, at the written port", () => {
    const probe = { path: "/v1/embeddings", body: '{"input":"a"}', expect: "embedding", port: 9000 };
    expect(ask({ probe, protocol: "grpc", arguments: ["--grpc"] })).toMatchObject(probe);
    expect(ask({ probe: { path: "/ask" } })).toMatchObject({ path: "/ask", port: 8000 });
  });

  test("takes nothing from the preset when it is written", () => {
    expect(ask({ probe: { path: "/ask" } })).toMatchObject({ body: undefined, expect: undefined });
  });
});

describe("the request is of the model's task,", () => {
  test.each<[string, Fields, string]>([
    ["as written", { task: "rerank" }, "/v1/rerank"],
    ["by an argument", { arguments: ["--convert", "embed"] }, "/v1/embeddings"],
    [
      "by an argument of another server",
      { server: "sglang", arguments: ["--is-embedding"] },
      "/v1/embeddings",
    ],
    ["by a flag without a value", { server: "llama.cpp", arguments: ["--reranking"] }, "/v1/rerank"],
    ["by the name of a model", { model: "BAAI/bge-reranker-v2-m3" }, "/v1/rerank"],
    [
      "by the name in an argument",
      { weights: undefined, volume: { size: "200GiB" }, arguments: ["--model", "Qwen/Qwen3-Embedding-8B"] },
      "/v1/embeddings",
    ],
    ["as the server usually does", { server: "tei" }, "/embed"],
    ["by the name of a model", { server: "tei", model: "BAAI/bge-reranker-large" }, "/rerank"],
    ...[
      ["nvidia/nv-rerankqa-mistral-4b-v3:1.0.2", "/v1/ranking"],
      ["nvidia/llama-3.2-nv-rerankqa-1b-v2:1.8.0", "/v1/ranking"],
      ["nvidia/llama-nemotron-rerank-1b-v2:1.10.0", "/v1/ranking"],
      ["nvidia/nv-embedqa-e5-v5:1.10.0", "/v1/embeddings"],
      ["nvidia/llama-3.2-nv-embedqa-1b-v2:1.10.0", "/v1/embeddings"],
      ...[
        ...["meta/llama-3.1-8b-instruct:1.8.4", "openai/gpt-oss-120b:2.0.1", "nvidia/llm-nim:2.0.0"],
        ...["deepseek-ai/deepseek-r1:1.7.3", "mistralai/mistral-small-4-119b-2603:2.0.6-variant"],
        ...["microsoft/phi-4-mini-instruct:1.8.3", "nvidia/nemotron-3-nano:1.7.0", "qwen/qwen3-32b:1.8.0"],
        "nvidia/llama-3.1-nemoguard-8b-content-safety:1.0.0",
      ].map((image) => [image, "/v1/chat/completions"]),
    ].map(([image, path = ""]): [string, Fields, string] => [
      "by the name of an image",
      {
        ...{ server: "nim", weights: undefined, volume: { size: "200GiB" } },
        image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/nim/${image}`,
      },
      path,
    ]),
    ...[
      "vllm serve BAAI/bge-m3",
      "vllm serve BAAI/bge-m3 $MORE",
      "vllm serve --model $MODEL --convert embed",
    ].map((line): [string, Fields, string] => [
      "by the line of a shell",
      { weights: undefined, volume: { size: "200GiB" }, command: ["bash", "-c", line] },
      "/v1/embeddings",
    ]),
  ])("%s: %j", (_, fields, path) => {
    expect(ask(fields)).toMatchObject({ path });
  });

  test("which has no small request for speech", () => {
    expect(ask({ model: "openai/whisper-large-v3" })).toBe("health");
    expect(ask({ task: "transcribe" })).toBe("health");
  });
});

describe("the bearer token of a request", () => {
  const apiKey = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";

  test.each<[ServerName, string | undefined]>([
    ["vllm", "VLLM_API_KEY"],
    ["tgi", "API_KEY"],
    ["tei", "API_KEY"],
    ["llama.cpp", "LLAMA_API_KEY"],
    ["sglang", undefined],
  ])("is where %s has it", (server, variable) => {
    expect(bearerIn({ server })).toBe(variable);
    expect(bearerIn({ server, probe: { path: "/ask" } })).toBe(variable);
  });

  test("is where the command of sglang reads it", () => {
    expect(bearerIn({ server: "sglang", apiKey })).toBe("SERVER_API_KEY");
  });

  test("is where the team says", () => {
    expect(bearerIn({ env: { KEY: "k" }, probe: { path: "/ask", bearer: "KEY" } })).toBe("KEY");
  });
});
