import { server, testRules } from "../../support/rule-cases";

const TYPES = "instanceTypes: [g6.2xlarge, g5.2xlarge]";
const types = (list: string, more = ""): readonly [string, string] => [
  TYPES,
  `instanceTypes: ${list}${more}`,
];
const tei = server("tei", "ghcr.io/huggingface/text-embeddings-inference:cpu-1.9");

describe("instances without GPUs", () => {
  testRules([
    { name: "that serve embeddings", changes: [tei, types("[m7i.2xlarge, m7a.2xlarge]")], expected: [] },
    {
      name: "that serve by llama.cpp",
      changes: [server("▸llama.cpp", "ghcr.io/ggml-org/llama.cpp:server-b10573"), types("[c7i.16xlarge]")],
      expected: ["warning  models.llama.server  keep-alive-unknown"],
    },
    {
      name: "that serve by an image of llama.cpp for GPUs",
      changes: [
        server("▸llama.cpp", "▸ghcr.io/ggml-org/llama.cpp:server-cuda-b10573"),
        types("[c7i.16xlarge]"),
      ],
      expected: [
        "warning  models.llama.server  keep-alive-unknown",
        "warning  models.llama.image  image-for-gpus",
      ],
    },
    {
      name: "that serve by ollama",
      changes: [server("ollama", "ollama/ollama:0.33.0"), types("[m8g.2xlarge]")],
      expected: [],
    },
    {
      name: "beside one with GPUs",
      changes: [tei, types("▸[m7i.2xlarge, g6.2xlarge]")],
      expected: [
        "error  models.llama.instanceTypes  gpus-mixed  m7i.2xlarge has no GPU, unlike g6.2xlarge, but instances of a variant share one machine image; make two variants",
      ],
    },
    {
      name: "beside one that is newer than the catalogue",
      changes: [tei, types("▸[▸g9.2xlarge, m7i.2xlarge]")],
      expected: [
        "error  models.llama.instanceTypes  gpus-mixed  m7i.2xlarge has no GPU, unlike g9.2xlarge, but instances of a variant share one machine image; make two variants",
        "warning  models.llama.instanceTypes[0]  newer-instance-type",
      ],
    },
    ...[
      "ghcr.io/huggingface/text-embeddings-inference:cpu-1.8",
      "ghcr.io/huggingface/text-embeddings-inference:cpu-latest",
    ].map((image) => ({
      name: `are missing for ${image}`,
      changes: [server("tei", `▸${image}`)],
      expected: [
        `warning  models.llama.image  image-for-cpus  by its name "${image}" is built for the CPU, so the GPUs of g6.2xlarge would be paid for and idle; use the image for CUDA, or types without GPUs`,
      ],
    })),
    ...["server-b10573", "full-b10573"].map((tag) => ({
      name: `are missing for llama.cpp:${tag}`,
      changes: [server("▸llama.cpp", `▸ghcr.io/ggml-org/llama.cpp:${tag}`)],
      expected: [
        "warning  models.llama.server  keep-alive-unknown",
        "warning  models.llama.image  image-for-cpus",
      ],
    })),
    {
      name: "are missing for vLLM's image for the CPU",
      changes: [server("vllm", "▸vllm/vllm-openai-cpu:v0.28.0")],
      expected: ["warning  models.llama.image  image-for-cpus"],
    },
    {
      name: "that serve by an image of their own for GPUs",
      changes: [
        server(
          "custom",
          "▸ghcr.io/example/server:1.0.0-cuda12\n    port: 8000\n    health: { path: / }\n    probe: health\n    timing: { serverKeepAlive: 4015s }",
        ),
        types("[m7i.2xlarge]"),
      ],
      expected: [
        'warning  models.llama.image  image-for-gpus  by its name "ghcr.io/example/server:1.0.0-cuda12" is built for GPUs, and its instances have none; use one for the CPU',
      ],
    },
    {
      name: "of two architectures",
      changes: [tei, types("▸[m7i.2xlarge, m7g.2xlarge]")],
      expected: [
        "error  models.llama.instanceTypes  architectures-mixed  m7i.2xlarge, m7g.2xlarge mix x86_64 and arm64, but instances of a variant share one machine image; make two variants",
      ],
    },
    {
      name: "for a server that needs them",
      changes: [types("▸[m7i.2xlarge]")],
      expected: [
        "error  models.llama.instanceTypes  server-needs-gpus  vllm needs NVIDIA GPUs, and m7i.2xlarge has none; use a g or p type. Without GPUs there are tei, ollama, llama.cpp, and custom for any other",
      ],
    },
    {
      name: "for an image that is built for them",
      changes: [
        server("tei", "▸ghcr.io/huggingface/text-embeddings-inference:89-1.9"),
        types("[m7i.2xlarge]"),
      ],
      expected: [
        'warning  models.llama.image  image-for-gpus  by its name "ghcr.io/huggingface/text-embeddings-inference:89-1.9" is built for GPUs, and its instances have none; use one such as ghcr.io/huggingface/text-embeddings-inference:cpu-1.9',
      ],
    },
    {
      name: "with what AWS may choose from",
      changes: [
        tei,
        types("[m7i.2xlarge]", "\n    instanceRequirements: ▸{ gpus: { min: 1 }, gpuMemory: 20GiB }"),
      ],
      expected: [
        "error  models.llama.instanceRequirements  field-needs-gpus  is about GPUs, and the instances have none; leave it out",
      ],
    },
    {
      name: "with a model that is divided among them",
      changes: [
        tei,
        types("[m7i.2xlarge]", "\n    memory: { parameters: 7B, tensorParallel: ▸2, utilization: ▸0.9 }"),
      ],
      expected: [
        "error  models.llama.memory.tensorParallel  field-needs-gpus  is about GPUs, and the instances have none; leave it out",
        "error  models.llama.memory.utilization  field-needs-gpus  is about GPUs, and the instances have none; leave it out",
      ],
    },
    {
      name: "whose main memory just holds the weights",
      changes: [tei, types("[c7i.2xlarge]"), ["size: 15GiB", "size: 13.5GiB"]],
      expected: [],
    },
    {
      name: "whose main memory does not hold the weights",
      changes: [tei, types("[m7i.2xlarge, ▸c7i.2xlarge]")],
      expected: [
        "error  models.llama.instanceTypes[1]  weights-exceed-memory  c7i.2xlarge has 16 GiB of main memory and leaves a server 13.5 GiB, less than the weights of 15 GiB; every type listed must hold them",
      ],
    },
    {
      name: "whose main memory does not hold the parameters",
      changes: [
        tei,
        types("[▸c7i.2xlarge]", "\n    memory: { parameters: 8B }"),
        ["weights: { uri: s3://example-weights/llama/, size: 15GiB }", "model: acme/llama"],
      ],
      expected: [
        "error  models.llama.instanceTypes[0]  weights-exceed-memory  c7i.2xlarge has 16 GiB of main memory and leaves a server 13.5 GiB, less than the weights of 15 GiB; every type listed must hold them",
      ],
    },
  ]);
});
