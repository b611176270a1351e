import { testRules } from "../../support/rule-cases";

const CONFIG = JSON.stringify({
  ...{ model_type: "qwen2", torch_dtype: "bfloat16", hidden_size: 896, num_hidden_layers: 24 },
  ...{ num_attention_heads: 14, num_key_value_heads: 2, intermediate_size: 4864, vocab_size: 151_936 },
  ...{ max_position_embeddings: 32_768, tie_word_embeddings: true },
});
const described = (fields = "") => `memory: { ${fields}config: { text: '${CONFIG}' } }`;
const SIZE: readonly [string, string] = ["size: 15GiB", "size: 1GiB"];
const TYPES = "instanceTypes: [g6.2xlarge, g5.2xlarge]";
const model = (fields: string): readonly [string, string] => [
  TYPES,
  `instanceTypes: [g6.2xlarge]\n    ${fields}`,
];
const CAPACITY = "capacity: { min: 3, max: 6 }\n    scaling: { requestsPerMinutePerInstance: 60 }";
const request = (promptTokens: number, answerTokens: number, mark = "▸"): readonly [string, string] => [
  CAPACITY,
  `capacity: { peakRequestsPerMinute: 300, requestsPerMinutePerInstance: 60, typicalRequest: ${mark}{ promptTokens: ${promptTokens}, answerTokens: ${answerTokens} } }`,
];
const BEYOND =
  'is 32769 tokens, and by its config.json the model has 32768, so the server does not start; write 32768 or less; for more, scale its rotary embeddings by --hf-overrides, and set env: { VLLM_ALLOW_LONG_MAX_MODEL_LEN: "1" }';

describe("the context of a model", () => {
  testRules([
    { name: "as long as it is", changes: [SIZE, model(described("contextLength: 32768, "))], expected: [] },
    {
      name: "longer than it is",
      changes: [SIZE, model(described("contextLength: ▸32769, "))],
      expected: [`error  models.llama.memory.contextLength  context-beyond-model  ${BEYOND}`],
    },
    {
      name: "longer than it is, by an argument",
      changes: [SIZE, model(`arguments: [▸--max-model-len, "32769"]\n    ${described()}`)],
      expected: [`error  models.llama.arguments[0]  context-beyond-model  ${BEYOND}`],
    },
    {
      name: "longer than it is, which is meant",
      changes: [
        SIZE,
        model(`env: { VLLM_ALLOW_LONG_MAX_MODEL_LEN: "1" }\n    ${described("contextLength: 65536, ")}`),
      ],
      expected: [],
    },
    {
      name: "longer than it is, and scaled",
      changes: [
        SIZE,
        model(
          `arguments: ["--hf-overrides.rope_scaling.factor", "4"]\n    ${described("contextLength: 65536, ")}`,
        ),
      ],
      expected: [],
    },
    {
      name: "of a server that is not known to refuse a longer one",
      changes: [
        SIZE,
        ["server: vllm", "server: tgi"],
        ["vllm/vllm-openai:v0.28.0", "ghcr.io/huggingface/text-generation-inference:3.3.7"],
        model(described("contextLength: 65536, ")),
      ],
      expected: [],
    },
  ]);
});

describe("a usual request", () => {
  const short = described("contextLength: 2048, ");
  testRules([
    { name: "as long as the context", changes: [SIZE, model(short), request(1500, 548, "")], expected: [] },
    {
      name: "longer than the context",
      changes: [SIZE, model(short), request(1500, 549)],
      expected: [
        "error  models.llama.capacity.typicalRequest  request-beyond-context  has 2049 tokens, prompt and answer, and the server refuses what is longer than its context of 2048; write a longer context, or shorter requests",
      ],
    },
    {
      name: "longer than what the model has",
      changes: [SIZE, model(described()), request(32_000, 800)],
      expected: ["error  models.llama.capacity.typicalRequest  request-beyond-context"],
    },
    {
      name: "longer than what an argument says",
      changes: [
        SIZE,
        model(`arguments: [--max-model-len, "1024"]\n    memory: { parameters: 500M, contextLength: 1024 }`),
        request(1000, 25),
      ],
      expected: ["error  models.llama.capacity.typicalRequest  request-beyond-context"],
    },
  ]);
});
