import { longestContextOf } from "../../../../config/gpu/model-config/context";
import { Keys } from "../../../../config/gpu/model-config/keys";

const YARN = { rope_type: "yarn", factor: 4, original_max_position_embeddings: 32_768 };

describe("the longest context by a config.json", () => {
  test.each<[string, Readonly<Record<string, unknown>>, number | undefined, number]>([
    ["Qwen3 8B", { max_position_embeddings: 40_960 }, 40_960, 40_960],
    ["GPT-2", { model_type: "gpt2", n_positions: 1024, n_ctx: 1024 }, 1024, 1024],
    ["ChatGLM3", { seq_length: 32_768 }, 32_768, 32_768],
    ["MPT", { max_seq_len: 8192 }, 8192, 8192],
    ["several names, the least", { max_position_embeddings: 8192, seq_length: 4096 }, 4096, 4096],
    [
      "Command R, which says it itself",
      { max_position_embeddings: 8192, model_max_length: 131_072 },
      131_072,
      131_072,
    ],
    ["Qwen2.5 with YaRN", { max_position_embeddings: 32_768, rope_scaling: YARN }, 131_072, 32_768],
    [
      "DeepSeek V3, whose own is scaled already",
      {
        max_position_embeddings: 163_840,
        rope_scaling: { type: "yarn", factor: 40, original_max_position_embeddings: 4096 },
      },
      163_840,
      163_840,
    ],
    [
      "Llama 3.1",
      {
        max_position_embeddings: 131_072,
        rope_scaling: { rope_type: "llama3", factor: 8, original_max_position_embeddings: 8192 },
      },
      131_072,
      131_072,
    ],
    [
      "a linear scaling",
      { max_position_embeddings: 4096, rope_scaling: { type: "linear", factor: 2.5 } },
      10_240,
      10_240,
    ],
    [
      "Gemma 3, whose own is scaled already",
      {
        model_type: "gemma3",
        text_config: {
          model_type: "gemma3_text",
          max_position_embeddings: 131_072,
          rope_scaling: { rope_type: "linear", factor: 8 },
        },
      },
      131_072,
      1_048_576,
    ],
    [
      "one scaling for each kind of layer",
      {
        max_position_embeddings: 8192,
        rope_parameters: {
          sliding_attention: { rope_type: "default", rope_theta: 10_000 },
          full_attention: { ...YARN, original_max_position_embeddings: 8192 },
        },
      },
      32_768,
      8192,
    ],
    ["nothing", {}, undefined, 2048],
    [
      "a factor of null",
      { max_position_embeddings: 8192, rope_scaling: { type: "video_rope", factor: null } },
      8192,
      8192,
    ],
  ])("of %s", (_, config, vllm, sglang) => {
    expect(longestContextOf(new Keys(config))).toEqual({ vllm, sglang });
  });
});
