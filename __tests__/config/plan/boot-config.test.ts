import { instanceFacts } from "../../../config/plan/boot-config";
import { instancesOf } from "../../support/instance";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

/** The hub of an instance whose model has these fields. */
function hubWith(fields: Partial<WrittenFile["models"][string]>) {
  const { deployment } = valid({ ...validFile(), models: { llama: { ...validModel(), ...fields } } });
  return instanceFacts(...instancesOf(deployment)).hub;
}

const onHub = { model: "Qwen/Qwen3-8B", weights: undefined };

describe("the hub of an instance", () => {
  it("is Hugging Face's, for a server that fetches its model from there", () => {
    expect(hubWith(onHub)).toEqual({
      url: "https://huggingface.co/api/models?limit=1",
      offline: { HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" },
    });
  });

  it("is that of HF_ENDPOINT", () => {
    const env = { HF_ENDPOINT: "https://hub.example.com/" };
    expect(hubWith({ ...onHub, env })?.url).toBe("https://hub.example.com/api/models?limit=1");
  });

  it("is known to llama.cpp by its own variables", () => {
    const gguf = { server: "llama.cpp" as const, model: "ggml-org/gemma-3-4b-it-GGUF", weights: undefined };
    const image = "ghcr.io/ggml-org/llama.cpp:server-cuda-b7000";
    expect(hubWith({ ...gguf, image })?.offline).toEqual({ LLAMA_ARG_OFFLINE: "1", LLAMA_OFFLINE: "1" });
  });

  it.each(["HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"])(
    "is always asked where %s leads into the container, which is made anew at each start",
    (name) => {
      expect(hubWith({ ...onHub, env: { [name]: "/elsewhere/cache" } })).toBeUndefined();
    },
  );

  it.each<[string, Partial<WrittenFile["models"][string]>]>([
    ["with weights in S3", { weights: { uri: "s3://acme/llama/" } }],
    ["with a model in its image", { model: "/opt/model", weights: undefined }],
    [
      "of a server that starts without it",
      {
        ...onHub,
        server: "tei",
        image: "ghcr.io/huggingface/text-embeddings-inference:cuda-1.9",
        task: "embed",
      },
    ],
  ])("is not needed %s", (_, fields) => {
    expect(hubWith(fields)).toBeUndefined();
  });
});
