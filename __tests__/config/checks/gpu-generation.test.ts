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

test("every NVIDIA GPU has a compute capability, and no other accelerator has", () => {
  for (const type of gpuInstanceTypes) {
    const instance = gpuInstance(type);
    expect(instance && computeCapability(instance) !== undefined).toBe(instance?.vendor === "nvidia");
  }
});
