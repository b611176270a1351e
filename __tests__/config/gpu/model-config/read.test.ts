import { observedModels } from "../../../../bench/memory/observations";
import { readArchitecture, reckonedBytes } from "../../../../config/gpu/model-config/read";

const configOf = (id: string) => {
  const found = observedModels().find((model) => model.id === id);
  if (found === undefined) {
    throw new Error(`there is no ${id}`);
  }
  return found;
};
const read = (id: string) => readArchitecture(configOf(id).config);

/** How many layers of each kind. */
function kindsOf(id: string): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {};
  for (const { kind } of read(id).layers) {
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

describe("the layers of a model", () => {
  // vLLM's logs and the models' own files; see bench/memory/models.json.
  test.each([
    ["meta-llama/Llama-3.1-8B-Instruct", { full: 32 }],
    ["Qwen/Qwen2.5-7B-Instruct", { full: 28 }], // a window that is switched off
    ["microsoft/Phi-4-mini-instruct", { full: 32 }], // a window as long as the context
    ["ibm-granite/granite-4.0-micro", { full: 40 }], // keys of states, and no layer with one
    ["deepseek-ai/DeepSeek-R1", { latent: 61 }],
    ["openai/gpt-oss-120b", { sliding: 18, full: 18 }],
    ["google/gemma-2-27b-it", { sliding: 23, full: 23 }],
    ["google/gemma-3-27b-it", { sliding: 52, full: 10 }],
    ["google/gemma-4-31B-it", { sliding: 50, full: 10 }],
    ["XiaomiMiMo/MiMo-V2-Flash", { full: 9, sliding: 39 }],
    ["meta-llama/Llama-4-Scout-17B-16E-Instruct", { chunked: 36, full: 12 }],
    ["Qwen/Qwen3-Next-80B-A3B-Instruct", { state: 36, full: 12 }],
    ["nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", { state: 23, none: 23, full: 6 }],
    ["openai/whisper-large-v3", { full: 32, cross: 32 }],
    ["Snowflake/snowflake-arctic-embed-m", { none: 12 }],
  ])("of %s", (id, kinds) => {
    expect(kindsOf(id)).toEqual(kinds);
    expect(read(id).unknown).toEqual([]);
  });

  test("with widths of their own are told apart", () => {
    expect(read("XiaomiMiMo/MiMo-V2-Flash").layers.slice(0, 2)).toEqual([
      { kind: "full", kvHeads: 4, keyDim: 192, valueDim: 128 },
      { kind: "sliding", window: 128, kvHeads: 8, keyDim: 192, valueDim: 128 },
    ]);
    expect(read("google/gemma-4-31B-it").layers[5]).toEqual({
      kind: "full",
      kvHeads: 4,
      keyDim: 512,
      valueDim: 512,
    });
    expect(read("deepseek-ai/DeepSeek-V3.2").layers[0]).toEqual({ kind: "latent", width: 576, indexer: 128 });
  });
});

describe("the bytes of a checkpoint, by its widths alone,", () => {
  const known = observedModels().filter(({ id, checkpointBytes }) => {
    const inPart = [
      "Qwen/Qwen3.8-27B-FP8",
      "google/gemma-3-27b-it",
      "meta-llama/Llama-4-Scout-17B-16E-Instruct",
      "openai/whisper-large-v3",
    ];
    return checkpointBytes !== undefined && !inPart.includes(id) && reckonedBytes(read(id)) !== undefined;
  });

  test.each(known.map(({ id, checkpointBytes = 0 }) => [id, checkpointBytes] as const))(
    "of %s are those of the hub, within one in a hundred",
    (id, bytes) => {
      expect(Math.abs((reckonedBytes(read(id)) ?? 0) / bytes - 1)).toBeLessThan(0.01);
    },
  );

  test("are compared for many models", () => {
    expect(known.length).toBeGreaterThan(8);
  });
});

describe("the bits of a weight", () => {
  test.each([
    ["deepseek-ai/DeepSeek-R1", "fp8", 8],
    ["moonshotai/Kimi-K2-Thinking", "int4", 4.5],
    ["openai/gpt-oss-120b", "mxfp4", 4.25],
    ["google/gemma-4-31B-it", "nvfp4", 4.5],
  ])("of %s", (id, scheme, bits) => {
    expect(read(id).quantization).toMatchObject({ scheme, bits });
  });

  test.each([
    [{ quant_method: "gptq", bits: 4, group_size: 128 }, 4 + 20 / 128],
    [{ quant_method: "awq", bits: 4, group_size: -1 }, 4],
    [{ quant_method: "bitsandbytes", load_in_4bit: true, bnb_4bit_use_double_quant: true }, 4.127],
    [{ quant_method: "bitsandbytes", load_in_8bit: true }, 8],
    [{ quant_method: "modelopt", quant_algo: "FP8" }, 8],
  ])("by %j", (quantization_config, bits) => {
    const config = { num_hidden_layers: 1, quantization_config };
    expect(readArchitecture(config).quantization?.bits).toBeCloseTo(bits, 3);
  });

  test("and of the KV cache, where the checkpoint asks for 8", () => {
    expect(read("google/gemma-4-31B-it").kvBytes).toBe(1);
    expect(read("deepseek-ai/DeepSeek-R1").kvBytes).toBeUndefined();
  });
});

describe("what is not known", () => {
  const plain = { num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 4 };

  test.each([
    [
      { ...plain, layer_types: ["full_attention", "retention"] },
      'layers of a kind that is not known here, "retention"',
    ],
    [{ ...plain, layer_types: ["full_attention"] }, "lists 1 layers and has 2"],
    [{ ...plain, mhc_streams: 4 }, "its key mhc_streams is not known here"],
    [{ ...plain, quantization_config: { quant_method: "magic" } }, "its quantization is not known here"],
    [{ hidden_size: 64 }, "names no number of layers"],
    [{ num_hidden_layers: 2 }, "its attention heads are not known here"],
    [{ ...plain, layer_types: ["sliding_attention", "full_attention"] }, "sliding layers without a window"],
    [{ ...plain, full_attention_interval: 2 }, "the state of its layers is not known here"],
  ])("about %j is said", (config, words) => {
    expect(readArchitecture(config).unknown.join()).toContain(words);
  });

  test("is nothing about one that is plain, and KV heads are as many as heads where none are written", () => {
    const { unknown, layers } = readArchitecture(plain);
    expect(unknown).toEqual([]);
    expect(layers[0]).toEqual({ kind: "full", kvHeads: 4, keyDim: 16, valueDim: 16 });
  });
});
