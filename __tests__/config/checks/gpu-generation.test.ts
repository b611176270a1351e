import { computeCapability, gpuInstance, gpuInstanceTypes } from "../../../aws/instance-types";
import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const types = (list: string): readonly [string, string] => ["instanceTypes: [g6.2xlarge, g5.2xlarge]", list];
const CUTS = "warning  models.llama.image  server-cuts-requests";
const T4 = "the NVIDIA T4 of g4dn.12xlarge has compute capability 7.5";
const small = "parameters: 3B, tensorParallel: 4";

describe("a generation of GPUs", () => {
  testRules([
    {
      name: "that does not compute with fp4 experts",
      changes: [types("instanceTypes: [▸g4dn.12xlarge]"), with_(`memory: { ${small}, precision: mxfp4 }`)],
      expected: [
        `error  models.llama.instanceTypes[0]  gpu-too-old  ${T4}, and vllm needs 8.0 for weights in mxfp4; use a newer type, or other weights`,
      ],
    },
    {
      name: "that does, once vLLM's kernels for it are there",
      changes: [types("instanceTypes: [g4dn.12xlarge]"), with_(`memory: { ${small}, precision: nvfp4 }`)],
      expected: [],
    },
    {
      name: "that does not in an older version",
      changes: [
        types("instanceTypes: [g6.12xlarge, ▸g4dn.12xlarge]"),
        ["vllm/vllm-openai:v0.28.0", "▸vllm/vllm-openai:v0.13.0"],
        with_(`memory: { ${small}, precision: fp8 }`),
      ],
      expected: [
        CUTS,
        `error  models.llama.instanceTypes[1]  gpu-too-old  ${T4}, and vllm needs 8.0 for weights in fp8; use a newer type, or other weights`,
      ],
    },
    {
      name: "that does not, as the argument says how to quantize",
      changes: [
        types("instanceTypes: [▸g4dn.2xlarge]"),
        ["vllm/vllm-openai:v0.28.0", "▸vllm/vllm-openai:v0.13.0"],
        with_("arguments: [-q, fp8]"),
      ],
      expected: [
        CUTS,
        "error  models.llama.instanceTypes[0]  gpu-too-old  the NVIDIA T4 of g4dn.2xlarge has compute capability 7.5, and vllm needs 8.0 for weights in fp8; use a newer type, or other weights",
      ],
    },
    {
      name: "that has no bfloat16, where the file asks for it",
      changes: [types("instanceTypes: [▸g4dn.2xlarge]"), with_("arguments: [--dtype, bfloat16]")],
      expected: [
        "error  models.llama.instanceTypes[0]  gpu-too-old  the NVIDIA T4 of g4dn.2xlarge has compute capability 7.5, and vllm needs 8.0 for --dtype bfloat16; use a newer type, or other weights",
      ],
    },
    {
      name: "of a type that a pattern stands for",
      changes: [
        types("instanceTypes: [g5.*, ▸g4dn.*]"),
        with_("instanceRequirements: { gpus: { min: 1 }, gpuMemory: 15GiB, vcpus: 4, memory: 16GiB }"),
        with_("arguments: [--dtype=bfloat16]"),
      ],
      expected: [
        "error  models.llama.instanceTypes[1]  gpu-too-old  the NVIDIA T4 of g4dn.12xlarge has compute capability 7.5, and vllm needs 8.0 for --dtype bfloat16; use a newer type, or other weights",
      ],
    },
    {
      name: "that SGLang computes fp4 with",
      changes: [
        server("sglang"),
        types("instanceTypes: [▸g6.12xlarge, g7e.12xlarge]"),
        with_("memory: { parameters: 8B, precision: nvfp4 }"),
      ],
      expected: [
        "error  models.llama.instanceTypes[0]  gpu-too-old  the NVIDIA L4 of g6.12xlarge has compute capability 8.9, and sglang needs 10.0 for weights in nvfp4; use a newer type, or other weights",
      ],
    },
    {
      name: "that SGLang's images are not built for",
      changes: [server("sglang"), types("instanceTypes: [▸g4dn.12xlarge]")],
      expected: [
        `warning  models.llama.instanceTypes[0]  gpu-without-kernels  ${T4}, and images of sglang are built for 8.0 and later; use a newer type, or an image that is built for it`,
      ],
    },
  ]);
});

describe("an image", () => {
  const tei = (tag: string) => server("tei", `ghcr.io/huggingface/text-embeddings-inference:${tag}`);
  const built = (index: number, tag: string, has: string, wanted: string) =>
    `error  models.llama.instanceTypes[${index}]  image-for-another-gpu  the ${has}, and "ghcr.io/huggingface/text-embeddings-inference:${tag}" is built for ${wanted} alone; use the image for this GPU, or another type`;
  const [A10G, L4] = [
    "NVIDIA A10G of g5.xlarge has compute capability 8.6",
    "NVIDIA L4 of g6.xlarge has compute capability 8.9",
  ];
  testRules([
    {
      name: "of TEI for one generation, on another",
      changes: [tei("hopper-1.9"), types("instanceTypes: [▸g6.xlarge]")],
      expected: [built(0, "hopper-1.9", L4, "9.0")],
    },
    {
      name: "of TEI for Ada, beside a type with Ampere",
      changes: [tei("89-1.9"), types("instanceTypes: [g6.xlarge, ▸g5.xlarge]")],
      expected: [built(1, "89-1.9", A10G, "8.9")],
    },
    {
      name: "of TEI for Ampere and Ada",
      changes: [tei("1.9"), types("instanceTypes: [g6.xlarge, g5.xlarge]")],
      expected: [],
    },
    {
      name: "that is built for another maker's accelerators",
      changes: [["image: vllm/vllm-openai:v0.28.0", "image: ▸vllm/vllm-openai-rocm:v0.28.0"]],
      expected: [
        'warning  models.llama.image  image-for-other-hardware  by its name "vllm/vllm-openai-rocm:v0.28.0" is built for accelerators of AMD, and instances here have NVIDIA GPUs; use the image for CUDA',
      ],
    },
  ]);
});

test("every NVIDIA GPU has a compute capability, and no other accelerator has", () => {
  for (const type of gpuInstanceTypes) {
    const instance = gpuInstance(type);
    expect(instance && computeCapability(instance) !== undefined).toBe(instance?.vendor === "nvidia");
  }
});
