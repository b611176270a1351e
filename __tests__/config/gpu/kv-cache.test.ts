import { observedModels } from "../../../bench/memory/observations";
import { type CacheSettings, longestRequest, requestBytes, sglangTokens } from "../../../config/gpu/kv-cache";
import { readArchitecture } from "../../../config/gpu/model-config/read";

const layersOf = (id: string) =>
  readArchitecture(observedModels().find((each) => each.id === id)?.config ?? {}).layers;
const usual: CacheSettings = {
  tensorParallel: 1,
  pipelineParallel: 1,
  modelBytes: 2,
  kvBytes: 2,
  inFlight: 16_384,
  prefixCaching: true,
  hybrid: true,
};
const GIB = 2 ** 30;

describe("the bytes of a request of 262,144 tokens are those that vLLM 0.29 reckons", () => {
  test.each([
    ["Qwen/Qwen3.8-27B-FP8", {}, 17_520_656_384],
    ["Qwen/Qwen3.8-27B-FP8", { prefixCaching: false }, 17_366_515_712],
    ["nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", {}, 1_725_628_416],
    ["google/gemma-4-31B-it", {}, 13_637 * 2_621_440],
    ["google/gemma-4-31B-it", { inFlight: 4096 }, 9797 * 2_621_440],
  ])("%s %j", (id, settings, bytes) => {
    expect(requestBytes(layersOf(id), 262_144, { ...usual, ...settings })).toBe(bytes);
  });

  test("gpt-oss-120b, of 131,072 tokens with 1024 on their way: 4.54 GiB, as vLLM issue 27508 has it", () => {
    const bytes = requestBytes(layersOf("openai/gpt-oss-120b"), 131_072, { ...usual, inFlight: 1024 });
    expect(bytes / GIB).toBeCloseTo(4.54, 3);
  });
});

describe("over several GPUs", () => {
  const llama = layersOf("meta-llama/Llama-3.1-8B-Instruct");
  const r1 = layersOf("deepseek-ai/DeepSeek-R1");
  const bytes = (layers: typeof llama, settings: Partial<CacheSettings>) =>
    requestBytes(layers, 8192, { ...usual, ...settings });

  test("heads are divided, down to one on each", () => {
    expect(bytes(llama, { tensorParallel: 4 })).toBe(bytes(llama, {}) / 4);
    expect(bytes(llama, { tensorParallel: 8 })).toBe(bytes(llama, {}) / 8);
    expect(bytes(llama, { tensorParallel: 16 })).toBe(bytes(llama, {}) / 8);
  });

  test("latent vectors are not, unless their tokens are", () => {
    expect(bytes(r1, { tensorParallel: 8 })).toBe(bytes(r1, {}));
    expect(bytes(r1, { tensorParallel: 8, contextParallel: 8 })).toBe(bytes(r1, {}) / 8);
  });

  test("the stage with the most layers decides", () => {
    expect(bytes(llama, { pipelineParallel: 2 })).toBe(bytes(llama, {}) / 2);
    expect(bytes(r1, { pipelineParallel: 4 })).toBe((bytes(r1, {}) * 16) / 61);
  });
});

test("without the hybrid manager windows count like whole contexts", () => {
  const gemma = layersOf("google/gemma-3-27b-it");
  const all = requestBytes(gemma, 131_072, { ...usual, hybrid: false });
  expect(all).toBe(131_072 * 62 * 2 * 16 * 128 * 2);
  expect(requestBytes(gemma, 131_072, usual)).toBeLessThan(all / 2);
});

test("encoders keep nothing", () => {
  expect(requestBytes(layersOf("Snowflake/snowflake-arctic-embed-m"), 512, usual)).toBe(0);
});

test("the longest request is the one before the first that does not fit", () => {
  const llama = layersOf("meta-llama/Llama-3.1-8B-Instruct");
  const longest = longestRequest(llama, 131_072, 2 * GIB, usual);
  expect(requestBytes(llama, longest, usual)).toBeLessThanOrEqual(2 * GIB);
  expect(requestBytes(llama, longest + 1, usual)).toBeGreaterThan(2 * GIB);
  expect(longestRequest(llama, 1000, 2 * GIB, usual)).toBe(1000);
});

test("SGLang's cache holds the tokens that its log shows", () => {
  // Qwen3-8B: 234.56 GiB hold 1,707,904 tokens.
  expect(sglangTokens(layersOf("Qwen/Qwen3-8B"), 234.56 * GIB, usual) / 1_707_904).toBeCloseTo(1, 3);
});
