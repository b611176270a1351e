import { testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }\n    scaling: { requestsPerMinutePerInstance: 60 }";
const TYPES: readonly [string, string] = [
  "instanceTypes: [g6.2xlarge, g5.2xlarge]",
  "instanceTypes: [g6.2xlarge]",
];
const MEMORY = "memory: { parameters: 8B, layers: 32, kvHeads: 8, headDim: 128, contextLength: 8192 }";
const estimated = (typicalRequest: string, memory = MEMORY, more = ""): readonly [string, string] => [
  CAPACITY,
  `${memory}\n    capacity: { peakRequestsPerMinute: 300, typicalRequest: ${typicalRequest}${more} }`,
];
const TOKENS = "{ promptTokens: 1024, answerTokens: 128 }";

describe("requests that an instance serves", () => {
  testRules([
    {
      name: "by an estimate",
      changes: [TYPES, estimated(`▸${TOKENS}`)],
      expected: [
        "warning  models.llama.capacity.typicalRequest  requests-estimated  gives 47 requests a minute for each instance, and 70 usually: 22 at a time, each in 27 s; the number of instances follows from it. Measure it with your own prompts, as docs/operations.md says, and write requestsPerMinutePerInstance",
      ],
    },
    {
      name: "by an estimate of requests that would be cut",
      changes: [
        TYPES,
        ["longestRequest: 5m", "longestRequest: 30s"],
        [
          CAPACITY,
          `${MEMORY}\n    capacity: { peakRequestsPerMinute: 3, typicalRequest: ▸{ promptTokens: 1024, answerTokens: 900 } }`,
        ],
      ],
      expected: [
        "warning  models.llama.capacity.typicalRequest  requests-estimated  gives 0.49 requests a minute for each instance, and 0.73 usually: 1 at a time, each in 122 s, longer than longestRequest 30s, after which requests may be cut; the number of instances follows from it. Measure it with your own prompts, as docs/operations.md says, and write requestsPerMinutePerInstance",
      ],
    },
    {
      name: "by an estimate that is accepted",
      changes: [
        TYPES,
        [
          estimated(TOKENS)[0],
          `${estimated(TOKENS)[1]}\n    accept: { requests-estimated: nothing runs yet }`,
        ],
      ],
      expected: [],
    },
    {
      name: "by a measurement beside it",
      changes: [TYPES, estimated(TOKENS, MEMORY, ", requestsPerMinutePerInstance: 90")],
      expected: [],
    },
    {
      name: "by a prompt without an answer",
      changes: [TYPES, estimated("▸{ promptTokens: 1024 }")],
      expected: [
        "error  models.llama.capacity.typicalRequest  requests-unknown  needs promptTokens and answerTokens, or duration: how long it takes",
      ],
    },
    {
      name: "by tokens and a duration",
      changes: [TYPES, estimated("▸{ promptTokens: 1024, answerTokens: 128, duration: 9s }")],
      expected: [
        "error  models.llama.capacity.typicalRequest  both-given  set promptTokens and answerTokens, or duration, not both",
      ],
    },
    {
      name: "of a model whose memory is not known",
      changes: [TYPES, estimated(`▸${TOKENS}`, "init: true")],
      expected: [
        "error  models.llama.capacity.typicalRequest  requests-unknown  is no use here: nothing says how many requests fit into the GPUs at a time; write memory, or requestsPerMinutePerInstance",
      ],
    },
    {
      name: "of a model whose shape is not known",
      changes: [TYPES, estimated(`▸${TOKENS}`, "memory: { parameters: 8B }")],
      expected: [
        "error  models.llama.capacity.typicalRequest  requests-unknown  is no use here: memory does not say how much KV cache a token takes, or the model does not fit; write memory.config, or layers, kvHeads and headDim, or requestsPerMinutePerInstance",
      ],
    },
    {
      name: "of a GPU that is newer than the table",
      changes: [
        [TYPES[0], "instanceTypes: [g7.2xlarge]\n    survive: nothing"],
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        zones: 2"],
        estimated(`▸${TOKENS}`),
      ],
      expected: [
        "error  models.llama.capacity.typicalRequest  requests-unknown  is no use here: the speed of g7.2xlarge is not known here; write duration instead, or requestsPerMinutePerInstance",
      ],
    },
    {
      name: "of a demand without them",
      changes: [TYPES, [CAPACITY, "capacity: ▸{ peakRequestsPerMinute: 300 }"]],
      expected: [
        "error  models.llama.capacity  capacity-incomplete  is incomplete; add requestsPerMinutePerInstance, or min and max",
      ],
    },
  ]);
});
