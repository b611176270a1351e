import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const types = (list: string): readonly [string, string] => ["instanceTypes: [g6.2xlarge, g5.2xlarge]", list];

describe("GPUs asked for by hand", () => {
  const tooMany = (index: number, what: string, type: string, gpus: number) =>
    `error  models.llama.arguments[${index}]  too-few-gpus  ${what} needs more GPUs than the ${gpus} of ${type}; use fewer, or larger types`;
  const tooManyOf = (index: number, what: string, asked: number, type: string, gpus: number) =>
    `error  models.llama.arguments[${index}]  too-few-gpus  ${what} need ${asked} GPUs, more than the ${gpus} of ${type}; use fewer, or larger types`;
  testRules([
    {
      name: "that the type has not",
      changes: [with_("arguments: [▸--tensor-parallel-size, '8']")],
      expected: [tooMany(0, "--tensor-parallel-size 8", "g6.2xlarge", 1)],
    },
    {
      name: "by another name of the argument",
      changes: [with_("arguments: [--enforce-eager, ▸-tp=2]")],
      expected: [tooMany(1, "-tp 2", "g6.2xlarge", 1)],
    },
    {
      name: "with underscores, which vllm reads as hyphens",
      changes: [with_("arguments: [▸--pipeline_parallel_size, '2']")],
      expected: [tooMany(0, "--pipeline-parallel-size 2", "g6.2xlarge", 1)],
    },
    {
      name: "as SGLang's documents ask for them",
      changes: [server("sglang"), with_("arguments: [▸--tp, '2']")],
      expected: [tooMany(0, "--tp 2", "g6.2xlarge", 1)],
    },
    {
      name: "that one of the types has not",
      changes: [
        types("instanceTypes: [g6.12xlarge, g6.2xlarge]"),
        with_("arguments: [▸--tensor-parallel-size=4]"),
      ],
      expected: [tooMany(0, "--tensor-parallel-size 4", "g6.2xlarge", 1)],
    },
    {
      name: "as TGI is asked for them",
      changes: [server("tgi"), with_("arguments: [▸--num-shard, '2']")],
      expected: [tooMany(0, "--num-shard 2", "g6.2xlarge", 1)],
    },
    {
      name: "for the stages of a pipeline",
      changes: [types("instanceTypes: [g6.12xlarge]"), with_("arguments: [▸-pp, '8']")],
      expected: [tooMany(0, "-pp 8", "g6.12xlarge", 4)],
    },
    {
      name: "for copies of a model that is split",
      changes: [
        types("instanceTypes: [g6.12xlarge]"),
        with_("arguments: [--enforce-eager, ▸-tp=2, --pipeline-parallel-size=1, --data-parallel-size, '4']"),
      ],
      expected: [tooManyOf(1, "-tp 2 times --data-parallel-size 4", 8, "g6.12xlarge", 4)],
    },
    {
      name: "for split, stages and copies, as many as there are",
      changes: [
        types("instanceTypes: [g6.48xlarge]"),
        with_("arguments: [-tp=2, -pp=2, --data-parallel-size=2]"),
      ],
      expected: [],
    },
    {
      name: "for the copies on this instance",
      changes: [
        types("instanceTypes: [g6.12xlarge]"),
        with_("arguments: [--data-parallel-size=16, --data-parallel-size-local=4]"),
      ],
      expected: [],
    },
    {
      name: "for copies of SGLang's",
      changes: [
        server("sglang"),
        types("instanceTypes: [g6.12xlarge]"),
        with_("arguments: [▸--tp=4, --dp=2]"),
      ],
      expected: [tooManyOf(0, "--tp 4 times --dp 2", 8, "g6.12xlarge", 4)],
    },
    {
      name: "for copies of SGLang's attention, which share those of the split",
      changes: [
        server("sglang"),
        types("instanceTypes: [g6.12xlarge]"),
        with_("arguments: [--tp=4, --dp=4, --enable-dp-attention]"),
      ],
      expected: [],
    },
    {
      name: "for stages of a model whose split stands in memory",
      changes: [
        types("instanceTypes: [▸g6.12xlarge]"),
        with_("memory: { parameters: 8B, tensorParallel: 4 }\n    arguments: [--pipeline-parallel-size=2]"),
      ],
      expected: [
        "error  models.llama.instanceTypes[0]  model-does-not-fit  g6.12xlarge has 4 GPUs, fewer than tensorParallel 4 times pipelineParallel 2; every type listed must hold the model; types that do: g4dn.12xlarge with tensorParallel 1 ($3.91/h), g6.12xlarge with tensorParallel 1 ($4.60/h), g5.12xlarge with tensorParallel 1 ($5.67/h)",
      ],
    },
    {
      name: "for copies of a model whose split and stages stand in memory",
      changes: [
        types("instanceTypes: [g6.12xlarge]"),
        with_(
          "memory: { parameters: 8B, tensorParallel: 2, pipelineParallel: 2 }\n    arguments: [▸--data-parallel-size=2]",
        ),
      ],
      expected: [
        tooManyOf(
          0,
          "memory.tensorParallel 2 times memory.pipelineParallel 2 times --data-parallel-size 2",
          8,
          "g6.12xlarge",
          4,
        ),
      ],
    },
    {
      name: "for copies of a model whose memory is known",
      changes: [with_("memory: { parameters: 8B }\n    arguments: [▸--data-parallel-size=2]")],
      expected: [tooMany(0, "--data-parallel-size 2", "g6.2xlarge", 1)],
    },
    {
      name: "once, where memory asks for them too",
      changes: [
        types("instanceTypes: [▸g6.12xlarge]"),
        with_("memory: { parameters: 8B, tensorParallel: 8 }\n    arguments: [--tensor-parallel-size=8]"),
      ],
      expected: [
        "error  models.llama.instanceTypes[0]  model-does-not-fit  g6.12xlarge has 4 GPUs, fewer than tensorParallel 8; every type listed must hold the model; types that do: g6.xlarge with tensorParallel 1 ($0.80/h), g5.xlarge with tensorParallel 1 ($1.01/h), g6e.xlarge with tensorParallel 1 ($1.86/h)",
      ],
    },
    {
      name: "that all types have",
      changes: [types("instanceTypes: [g6.12xlarge]"), with_("arguments: [--tensor-parallel-size=4]")],
      expected: [],
    },
  ]);
});

describe("GPUs that CUDA_VISIBLE_DEVICES names", () => {
  const visible = (value: string, more = "") => with_(`env: { CUDA_VISIBLE_DEVICES: "${value}" }${more}`);
  const where = "error  models.llama.env.CUDA_VISIBLE_DEVICES";
  const out = "leave it out: a server sees all GPUs";
  const four = types("instanceTypes: [g6.12xlarge]");
  testRules([
    {
      name: "and a type has not",
      changes: [with_('env: { CUDA_VISIBLE_DEVICES: ▸"0,1" }')],
      expected: [
        `${where}  gpu-not-there  names GPU 1, but g6.2xlarge has only GPU 0; name GPUs that it has, use larger types, or ${out}`,
      ],
    },
    {
      name: "and a type with several has not",
      changes: [four, with_('env: { CUDA_VISIBLE_DEVICES: ▸"3, 4" }')],
      expected: [
        `${where}  gpu-not-there  names GPU 4, but g6.12xlarge has only GPUs 0 to 3; name GPUs that it has, use larger types, or ${out}`,
      ],
    },
    {
      name: "fewer than are asked for",
      changes: [four, with_('env: { CUDA_VISIBLE_DEVICES: ▸"0,1" }\n    arguments: [-tp=2, -dp=2]')],
      expected: [`${where}  gpus-hidden  shows the server fewer GPUs than -tp 2 times -dp 2 need; ${out}`],
    },
    {
      name: "fewer than memory asks for",
      changes: [
        four,
        with_('env: { CUDA_VISIBLE_DEVICES: ▸"0,0" }\n    memory: { parameters: 8B, tensorParallel: 2 }'),
      ],
      expected: [
        `${where}  gpus-hidden  shows the server fewer GPUs than memory.tensorParallel 2 needs; ${out}`,
      ],
    },
    {
      name: "fewer than memory asks for, in stages",
      changes: [
        four,
        with_('env: { CUDA_VISIBLE_DEVICES: ▸"0" }\n    memory: { parameters: 8B, pipelineParallel: 4 }'),
      ],
      expected: [
        `${where}  gpus-hidden  shows the server fewer GPUs than memory.pipelineParallel 4 needs; ${out}`,
      ],
    },
    {
      name: "and all types have",
      changes: [four, visible("0,1,2,3", "\n    arguments: [-tp=4]")],
      expected: [],
    },
    { name: "by other names than indexes", changes: [visible("GPU-8932f937-d72c,GPU-1")], expected: [] },
    { name: "and are none", changes: [visible("-1")], expected: [] },
  ]);
});

describe("weights without memory", () => {
  const size = (text: string): readonly [string, string] => ["size: 15GiB", `size: ${text}`];
  const tooLarge = (type: string, have: string, need: string, right = ", or --cpu-offload-gb") =>
    `error  models.llama.weights.size  weights-exceed-gpus  the GPUs of ${type} have ${have} GiB together, and the weights ${need} GiB; use larger types${right}`;
  testRules([
    {
      name: "that the GPUs of an instance do not hold",
      changes: [size("▸150GiB")],
      expected: [tooLarge("g6.2xlarge", "22.4", "150")],
    },
    {
      name: "that not even all of them do",
      changes: [types("instanceTypes: [g6.12xlarge]"), size("▸90GiB")],
      expected: [tooLarge("g6.12xlarge", "89.6", "90")],
    },
    {
      name: "on a server that keeps them nowhere else",
      changes: [server("tgi"), size("▸150GiB")],
      expected: [tooLarge("g6.2xlarge", "22.4", "150", "")],
    },
    {
      name: "that all of them hold",
      changes: [types("instanceTypes: [g6.12xlarge]"), size("80GiB")],
      expected: [],
    },
    {
      name: "of which some lie in main memory",
      changes: [size("30GiB"), with_("arguments: [--cpu-offload-gb, '20']")],
      expected: [],
    },
    {
      name: "on a server that may keep them elsewhere",
      changes: [server("llama.cpp"), size("30GiB"), with_("timing: { serverKeepAlive: 600s }")],
      expected: [],
    },
  ]);
});
