import { testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const server = (name: string): readonly [string, string] => [
  "server: vllm\n    image: vllm/vllm-openai:v0.18.0",
  `server: ${name}\n    image: example/${name}:1`,
];
const types = (list: string): readonly [string, string] => ["instanceTypes: [g6.2xlarge, g5.2xlarge]", list];

describe("GPUs asked for by hand", () => {
  const tooMany = (index: number, what: string, type: string, gpus: number) =>
    `error  models.llama.arguments[${index}]  ${what} asks for more GPUs than ${type} has, ${gpus}; ask for fewer, or use larger types`;
  testRules([
    {
      name: "that the type has not",
      changes: [with_("arguments: [▸--tensor-parallel-size, '8']")],
      said: [tooMany(0, "--tensor-parallel-size 8", "g6.2xlarge", 1)],
    },
    {
      name: "by another name of the argument",
      changes: [with_("arguments: [--enforce-eager, ▸-tp=2]")],
      said: [tooMany(1, "-tp 2", "g6.2xlarge", 1)],
    },
    {
      name: "as SGLang's documents ask for them",
      changes: [server("sglang"), with_("arguments: [▸--tp, '2']")],
      said: [tooMany(0, "--tp 2", "g6.2xlarge", 1)],
    },
    {
      name: "that one of the types has not",
      changes: [
        types("instanceTypes: [g6.12xlarge, g6.2xlarge]"),
        with_("arguments: [▸--tensor-parallel-size=4]"),
      ],
      said: [tooMany(0, "--tensor-parallel-size 4", "g6.2xlarge", 1)],
    },
    {
      name: "that all types have",
      changes: [types("instanceTypes: [g6.12xlarge]"), with_("arguments: [--tensor-parallel-size=4]")],
      said: [],
    },
  ]);
});

describe("weights without memory", () => {
  const size = (text: string): readonly [string, string] => ["size: 15GiB", `size: ${text}`];
  const tooLarge = (type: string, have: string, need: string, right = ", or --cpu-offload-gb") =>
    `error  models.llama.weights.size  the GPUs of ${type} have ${have} GiB together, and the weights ${need} GiB; use larger types${right}`;
  testRules([
    {
      name: "that the GPUs of a box do not hold",
      changes: [size("▸150GiB")],
      said: [tooLarge("g6.2xlarge", "22.4", "150")],
    },
    {
      name: "that not even all of them do",
      changes: [types("instanceTypes: [g6.12xlarge]"), size("▸90GiB")],
      said: [tooLarge("g6.12xlarge", "89.6", "90")],
    },
    {
      name: "on a server that keeps them nowhere else",
      changes: [server("tgi"), size("▸150GiB")],
      said: [tooLarge("g6.2xlarge", "22.4", "150", "")],
    },
    {
      name: "that all of them hold",
      changes: [types("instanceTypes: [g6.12xlarge]"), size("80GiB")],
      said: [],
    },
    {
      name: "of which some lie in main memory",
      changes: [size("30GiB"), with_("arguments: [--cpu-offload-gb, '20']")],
      said: [],
    },
    {
      name: "on a server that may keep them elsewhere",
      changes: [server("llama.cpp"), size("30GiB"), with_("timing: { serverKeepAlive: 600s }")],
      said: [],
    },
  ]);
});
