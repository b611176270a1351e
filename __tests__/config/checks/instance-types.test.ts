import { type RuleCase, testRules } from "../../support/rule-cases";

const TYPES = "instanceTypes: [g6.2xlarge, g5.2xlarge]";
const types = (list: string, more = ""): readonly [string, string] => [
  TYPES,
  `instanceTypes: ${list}${more}`,
];
const memory = (fields: string) => `\n    memory: { ${fields} }`;
const wanted = (fields: string) => `\n    instanceRequirements: ${fields}`;

describe("an instance type", () => {
  testRules([
    {
      name: "[unknown-type] that is none",
      changes: [types("[g6.2xlarge, ▸g99.huge]")],
      expected: [
        'error  models.llama.instanceTypes[1]  unknown-instance-type  "g99.huge" is not an instance type that this project knows, with GPUs or without',
      ],
    },
    {
      name: "[unknown-type] that is misspelt",
      changes: [types("[▸g6.2xlareg]")],
      expected: [
        'error  models.llama.instanceTypes[0]  unknown-instance-type  "g6.2xlareg" is not an instance type that this project knows, with GPUs or without; did you mean "g6.2xlarge"?',
      ],
    },
    {
      name: "[unknown-type] without GPUs that is misspelt",
      changes: [types("[▸m7i.2xlarg]")],
      expected: [
        'error  models.llama.instanceTypes[0]  unknown-instance-type  "m7i.2xlarg" is not an instance type that this project knows, with GPUs or without; did you mean "m7i.2xlarge"?',
      ],
    },
    {
      name: "given twice",
      changes: [types("[g6.2xlarge, g5.2xlarge, ▸g6.2xlarge]")],
      expected: [
        "error  models.llama.instanceTypes[2]  duplicate-item  g6.2xlarge repeats instanceTypes[0]; remove it",
      ],
    },
    {
      name: "without an NVIDIA GPU",
      changes: [types("[▸inf2.xlarge]")],
      expected: [
        "error  models.llama.instanceTypes[0]  not-nvidia  inf2.xlarge has AWS Inferentia2, and model servers here run on NVIDIA GPUs; use a g or p type",
      ],
    },
    {
      name: "with a part of a GPU",
      changes: [types("[▸g6f.2xlarge]")],
      expected: [
        "error  models.llama.instanceTypes[0]  grid-driver-needed  g6f.2xlarge has a part of a GPU, which needs NVIDIA's GRID driver; the Deep Learning image has none: use g6 instead",
      ],
    },
    {
      name: "of another architecture than the rest",
      changes: [types("▸[g6.2xlarge, g5g.2xlarge]")],
      expected: [
        "error  models.llama.instanceTypes  architectures-mixed  g6.2xlarge, g5g.2xlarge mix x86_64 and arm64, but instances of a variant share one machine image; make two variants",
      ],
    },
    { name: "of arm64, as the rest", changes: [types("[g5g.2xlarge, g5g.4xlarge]")], expected: [] },
    {
      name: "as a pattern, where AWS goes by the list",
      changes: [types('[▸"g6.*"]')],
      expected: [
        'error  models.llama.instanceTypes[0]  pattern-without-requirements  "g6.*" is a pattern, which needs instanceRequirements; add them, or name the types',
      ],
    },
  ]);
});

describe("what AWS may choose from", () => {
  const MODEST = "{ gpus: { min: 1 }, gpuMemory: 20GiB }";
  testRules([
    { name: "patterns", changes: [types('["g6.*", "g5.*"]', wanted(MODEST))], expected: [] },
    {
      name: "a pattern that matches nothing",
      changes: [types('["g6.*", ▸"g99.*"]', wanted(MODEST))],
      expected: [
        'error  models.llama.instanceTypes[1]  unknown-instance-type  "g99.*" matches no GPU instance type; write it as g6.*',
      ],
    },
    {
      name: "a pattern that has parts of GPUs in it",
      changes: [types('[▸"g6*"]', wanted("{ gpus: { min: 1 }, gpuMemory: 2GiB }"))],
      expected: [
        `error  models.llama.instanceTypes[0]  grid-driver-needed  "g6*" also matches g6f.2xlarge, which has a part of a GPU and needs NVIDIA's GRID driver; the Deep Learning image has none: write it as g6.*`,
      ],
    },
    {
      name: "a pattern with parts of GPUs in it that are not wanted",
      changes: [types('["g6*"]', wanted("{ gpus: { min: 1 }, gpuMemory: 20GiB, memory: 64GiB }"))],
      expected: [],
    },
    {
      name: "types of two architectures",
      changes: [types('▸["g5*"]', wanted("{ gpus: { min: 1 }, gpuMemory: 15GiB }"))],
      expected: [
        "error  models.llama.instanceTypes  architectures-mixed  g5* mix x86_64 and arm64, but instances of a variant share one machine image; make two variants",
      ],
    },
    {
      name: "types of two architectures, of which one has what is wanted",
      changes: [types('["g5*"]', wanted("{ gpus: { min: 1 }, gpuMemory: 33GiB }"))],
      expected: [],
    },
    ...[
      "gpus: { min: 9 }, gpuMemory: 1GiB",
      "gpus: { min: 1 }, gpuMemory: 1TiB",
      "gpus: { min: 1 }, gpuMemory: 1GiB, vcpus: 1000",
      "gpus: { min: 1 }, gpuMemory: 1GiB, memory: 100TiB",
      "gpus: { min: 2, max: 3 }, gpuMemory: 1GiB",
    ].map((asked) => ({
      name: `nothing, for who asks for ${asked}`,
      changes: [types("[g6.2xlarge, g6.12xlarge]", wanted(`▸{ ${asked} }`))],
      expected: [
        "error  models.llama.instanceRequirements  requirements-match-nothing  none of g6.2xlarge, g6.12xlarge meets these requirements; lower them, or add larger types",
      ],
    })),
    {
      name: "just what is asked for",
      changes: [
        types(
          "[g6.2xlarge]",
          wanted("{ gpus: { min: 1, max: 1 }, gpuMemory: 22GiB, vcpus: 8, memory: 32GiB }"),
        ),
      ],
      expected: [],
    },
    {
      name: "numbers of GPUs with the ends swapped",
      changes: [types("[g6.12xlarge]", wanted("{ gpus: { min: 4, max: ▸2 }, gpuMemory: 22GiB }"))],
      expected: [
        "error  models.llama.instanceRequirements.gpus.max  min-above-max  max 2 < min 4; swap them",
      ],
    },
    {
      name: "memory of no whole number",
      changes: [types("[g6.2xlarge]", wanted("{ gpus: { min: 1 }, gpuMemory: ▸0GiB, memory: ▸0.3GiB }"))],
      expected: [
        "error  models.llama.instanceRequirements.gpuMemory  size-not-whole  must be a whole number of MiB, 1 or more",
        "error  models.llama.instanceRequirements.memory  size-not-whole",
      ],
    },
  ]);
});

describe("GPU memory", () => {
  const SMALL = memory("parameters: 8B");
  testRules([
    { name: "that holds the model", changes: [types("[g6.2xlarge]", SMALL)], expected: [] },
    {
      name: "[mixed-vram] that holds the model in one type, and not in the other",
      changes: [
        ["size: 15GiB", "size: 90GiB"],
        types("[g6.48xlarge, ▸g6.2xlarge, ▸g6.12xlarge]", memory("parameters: 45B, tensorParallel: 8")),
      ],
      expected: [
        "error  models.llama.instanceTypes[1]  model-does-not-fit  g6.2xlarge has 1 GPU, fewer than tensorParallel 8; every type listed must hold the model; types that do: g4dn.metal ($7.82/h), g7e.12xlarge with tensorParallel 2 ($8.29/h), g6e.12xlarge with tensorParallel 4 ($10.49/h)",
        "error  models.llama.instanceTypes[2]  model-does-not-fit  g6.12xlarge has 4 GPUs, fewer than tensorParallel 8; every type listed must hold the model; types that do: g4dn.metal ($7.82/h), g7e.12xlarge with tensorParallel 2 ($8.29/h), g6e.12xlarge with tensorParallel 4 ($10.49/h)",
      ],
    },
    {
      name: "[ctx-too-long] that has no room for the context",
      changes: [
        types(
          "[▸g6.2xlarge]",
          memory("parameters: 8B, layers: 32, kvHeads: 8, headDim: 128, contextLength: 131072"),
        ),
      ],
      expected: [
        "error  models.llama.instanceTypes[0]  model-does-not-fit  contextLength 131072 needs 16 GiB KV per request; 3.2 GiB remain on g6.2xlarge, enough for 26435 tokens; every type listed must hold the model; types that do: g6e.xlarge ($1.86/h), g7e.2xlarge ($3.36/h), g4dn.12xlarge with tensorParallel 4 ($3.91/h)",
      ],
    },
    {
      name: "of a type that a pattern stands for",
      changes: [types('["g6e.*", ▸"g4dn.*"]', `${wanted("{ gpus: { min: 1 }, gpuMemory: 15GiB }")}${SMALL}`)],
      expected: [
        "error  models.llama.instanceTypes[1]  model-does-not-fit  g4dn.12xlarge (14.56 GiB a GPU, as CUDA reports it) does not hold the model: it needs 16.6 GiB per GPU before any KV cache, and utilization 0.9 leaves 13.1 GiB; every type listed must hold the model; types that do: g6.xlarge ($0.80/h), g5.xlarge ($1.01/h), g6e.xlarge ($1.86/h)",
      ],
    },
    {
      name: "of a type that a pattern stands for, and that is not wanted",
      changes: [
        types('["g4dn.*", "g6.*"]', `${wanted("{ gpus: { min: 1, max: 1 }, gpuMemory: 20GiB }")}${SMALL}`),
      ],
      expected: [],
    },
    {
      name: "over GPUs that the model cannot be split over",
      changes: [
        types(
          "[g6.48xlarge]",
          memory("parameters: 8B, tensorParallel: ▸3, layers: 32, kvHeads: 8, headDim: 128"),
        ),
      ],
      expected: [
        "error  models.llama.memory.tensorParallel  uneven-split  tensorParallel 3 must divide kvHeads 8 or be a multiple of it",
      ],
    },
  ]);
});

describe("a model by its config.json", () => {
  const llama = {
    model_type: "llama",
    num_hidden_layers: 32,
    hidden_size: 4096,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14336,
    vocab_size: 128256,
    max_position_embeddings: 131072,
  };
  const small = {
    model_type: "qwen3",
    num_hidden_layers: 28,
    hidden_size: 1024,
    head_dim: 128,
    num_attention_heads: 16,
    num_key_value_heads: 8,
    intermediate_size: 3072,
    vocab_size: 151936,
    max_position_embeddings: 40960,
    tie_word_embeddings: true,
  };
  const described = (config: object, more = "") =>
    memory(`${more}config: { text: '${JSON.stringify(config)}' }`);
  testRules([
    {
      name: "fits with its context",
      changes: [types("[g6e.2xlarge]", described(llama))],
      expected: [],
    },
    {
      name: "certainly does not, because its context is too long",
      changes: [types("[▸g6.2xlarge]", described(llama))],
      expected: [
        "error  models.llama.instanceTypes[0]  model-does-not-fit  contextLength 131072 needs 16 GiB KV per GPU; at most 4.5 GiB remain on g6.2xlarge, enough for 37632 tokens; every type listed must hold the model; types that do: g6e.xlarge ($1.86/h), g7e.2xlarge ($3.36/h), g4dn.12xlarge with tensorParallel 4 ($3.91/h)",
      ],
    },
    {
      name: "certainly does not, because its weights are too large",
      changes: [types("[▸g4dn.2xlarge]", described(llama, "contextLength: 1024, "))],
      expected: [
        "error  models.llama.instanceTypes[0]  model-does-not-fit  g4dn.2xlarge (14.5 GiB a GPU, as CUDA reports it) does not hold the model: the weights take 15 GiB per GPU, the server at least 0.7 GiB more, and it has 13.3 GiB; every type listed must hold the model; types that do: g6.xlarge ($0.80/h), g5.xlarge ($1.01/h), g6e.xlarge ($1.86/h)",
      ],
    },
    {
      name: "may fit, by what is known of the server",
      changes: [types("[▸g6.2xlarge]", described(llama, "contextLength: 32768, "))],
      expected: [
        "warning  models.llama.instanceTypes[0]  model-may-not-fit  contextLength 32768 needs 4 GiB KV per GPU, and 2.3 to 4.5 GiB remain on g6.2xlarge, by what is known of the server; 19520 tokens fit in any case; lower memory.contextLength or the batch of the server, use more GPUs or a larger type, or try it and accept this warning",
      ],
    },
    {
      name: "may fit, if its sampler has room: a small model that is left little of the GPU",
      changes: [
        ["size: 15GiB", "size: 1.2GiB"],
        types("[▸g6.2xlarge]", described(small, "contextLength: 4096, ")),
        ["    loadTime:", "    arguments: [--gpu-memory-utilization, '0.97']\n    loadTime:"],
      ],
      expected: [
        "warning  models.llama.instanceTypes[0]  model-may-not-fit  the server leaves 0.6 GiB of g6.2xlarge, and the sampler of a full batch may need 0.9: it would start, and run out of memory when it warms up; lower --gpu-memory-utilization or --max-num-seqs, or try it and accept this warning",
      ],
    },
    {
      name: "fits, where its sampler has room",
      changes: [
        ["size: 15GiB", "size: 1.2GiB"],
        types("[g6.2xlarge]", described(small, "contextLength: 4096, ")),
        [
          "    loadTime:",
          "    arguments: [--gpu-memory-utilization, '0.97', --max-num-seqs, '16']\n    loadTime:",
        ],
      ],
      expected: [],
    },
    {
      name: "of layers of an unknown kind is checked by its weights alone",
      changes: [
        types(
          "[g6.2xlarge]",
          described({ ...llama, layer_types: Array(32).fill("retention") }).replace("config: ", "config: ▸"),
        ),
      ],
      expected: [
        'warning  models.llama.memory.config  config-not-known  it has layers of a kind that is not known here, "retention": what the KV cache takes is not checked, only the weights',
      ],
    },
    {
      name: "has nothing beside it that it says itself",
      changes: [types("[g6e.2xlarge]", described(llama, "parameters: ▸8B, layers: ▸32, "))],
      expected: ["parameters", "layers"].map(
        (field) => `error  models.llama.memory.${field}  field-without-effect`,
      ),
    },
    {
      name: "that is no JSON",
      changes: [types("[g6.2xlarge]", memory("config: ▸{ text: llama }"))],
      expected: ["error  models.llama.memory.config  config-not-json"],
    },
    {
      name: "of another model than the weights",
      changes: [
        ["size: 15GiB", "size: ▸90GiB"],
        types("[g6e.48xlarge]", described(llama, "tensorParallel: 8, ")),
      ],
      expected: [
        "error  models.llama.weights.size  size-contradicts-config  config describes a checkpoint of about 15GiB; correct the size, or take the config.json of the same model",
      ],
    },
    {
      name: "is missing, and so are its parameters",
      changes: [types("[g6.2xlarge]", memory("contextLength: 1024").replace("memory: ", "memory: ▸"))],
      expected: ["error  models.llama.memory  model-not-described"],
    },
  ]);
});

describe("the size of the weights", () => {
  const of = (size: string, fields: string): RuleCase["changes"] => [
    ["size: 15GiB", `size: ▸${size}`],
    types("[p5.48xlarge]", memory(fields)),
  ];
  const cannotHold = (size: string, precision: string, about: string) => [
    `error  models.llama.weights.size  weights-contradict-parameters  ${size} cannot hold memory.parameters in ${precision}, about ${about}; correct one of them, or write the memory.precision they have`,
  ];
  testRules([
    {
      name: "of another model than the parameters",
      changes: of("15GiB", "parameters: 13B"),
      expected: cannotHold("15GiB", "bf16", "25GiB"),
    },
    {
      name: "of a quantized model, which is not said",
      changes: of("40GiB", "parameters: 70B, tensorParallel: 4"),
      expected: cannotHold("40GiB", "bf16", "131GiB"),
    },
    {
      name: "in bytes, of a model in four",
      changes: of("12GiB", "parameters: 8B, precision: fp32"),
      expected: cannotHold("12GiB", "fp32", "30GiB"),
    },
    {
      name: "in half bytes, of a model in one",
      changes: of("5GiB", "parameters: 8B, precision: fp8"),
      expected: cannotHold("5GiB", "fp8", "9GiB"),
    },
    ...[
      of("▸40GiB", "parameters: 70B, precision: int4, tensorParallel: 4"),
      of("▸24GiB", "parameters: 70B, precision: int4, tensorParallel: 4"),
      of("▸13.5GiB", "parameters: 8B"),
      of("▸15GiB", "parameters: 8B, precision: int8"),
      of("▸9GiB", "parameters: 8B, precision: int8"),
    ].map((changes) => ({
      name: `that may be: ${changes.flat().join(" ")}`,
      changes: changes.map(([before, after]) => [before, after.replaceAll("▸", "")] as const),
      expected: [],
    })),
    {
      name: "parameters without a unit",
      changes: [types("[p5.48xlarge]", memory('parameters: ▸"8"'))],
      expected: [
        "error  models.llama.memory.parameters  parameters-too-few  8 parameters are too few for a model; write it as 8B or 560M",
      ],
    },
  ]);
});
