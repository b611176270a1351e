import { testRules } from "../../support/rule-cases";

const WEIGHTS = "weights: { uri: s3://example-weights/llama/, size: 15GiB }";
const with_ = (fields: string): readonly [string, string] => [WEIGHTS, `${WEIGHTS}\n    ${fields}`];
/** Weights that the GPUs do not hold are refused elsewhere. */
const OFFLOAD: readonly [string, string] = [
  "capacity: {",
  "arguments: [--cpu-offload-gb, '500']\n    capacity: {",
];
const volume = (fields: string) => with_(`volume: { ${fields} }`);

describe("the root volume", () => {
  testRules([
    {
      name: "[disk-small] smaller than what it holds",
      changes: [
        OFFLOAD,
        ["size: 15GiB", "size: 140GiB"],
        ["}\n    instanceTypes", "}\n    volume: { size: ▸100GiB }\n    instanceTypes"],
      ],
      expected: [
        "error  models.llama.volume.size  volume-too-small  100 GiB < weights 140 + container image 30 + machine image 50 + 20 % head-room: use 270GiB",
      ],
    },
    { name: "as large as what it holds", changes: [volume("size: 120GiB")], expected: [] },
    {
      name: "of no whole number",
      changes: [volume("size: ▸120.5GiB")],
      expected: [
        "error  models.llama.volume.size  size-not-whole  123392MiB is not a whole number of GiB; use 121GiB",
      ],
    },
    { name: "as large as gp3 is", changes: [volume("size: 64TiB")], expected: [] },
    {
      name: "larger than gp3 is",
      changes: [volume("size: ▸65TiB")],
      expected: [
        "error  models.llama.volume.size  volume-too-large  needs a volume of 65TiB, and gp3 has 64TiB at most",
      ],
    },
    {
      name: "for weights that no gp3 holds",
      changes: [OFFLOAD, ["size: 15GiB", "size: ▸64TiB"]],
      expected: [
        "error  models.llama.weights.size  volume-too-large  needs a volume of 78740GiB, and gp3 has 64TiB at most",
      ],
    },
    {
      name: "for parameters that no gp3 holds",
      changes: [
        [WEIGHTS, "model: acme/llama\n    memory: { parameters: ▸50T }"],
        ["[g6.2xlarge, g5.2xlarge]", "[▸g6.2xlarge]"],
      ],
      expected: [
        "error  models.llama.memory.parameters  volume-too-large",
        "error  models.llama.instanceTypes[0]  model-does-not-fit  g6.2xlarge (22.03 GiB a GPU, as CUDA reports it) does not hold the model: it needs 93133.9 GiB per GPU before any KV cache, and utilization 0.9 leaves 19.8 GiB; every type listed must hold the model",
      ],
    },
    {
      name: "for weights of unknown size",
      changes: [[WEIGHTS, "model: acme/llama\n    volume: ▸{ iops: 3000 }"]],
      expected: [
        "warning  models.llama.volume  disk-size-unknown  llama: the size of the weights is not known, and 100GiB holds only the images; add memory.config, memory.parameters, or volume.size",
      ],
    },
    ...["volume: { size: 200GiB }", "memory: { parameters: 8B }"].map((known) => ({
      name: `for weights of unknown size, with ${known}`,
      changes: [[WEIGHTS, `model: acme/llama\n    ${known}`]] as const,
      expected: [],
    })),
    {
      name: "with more IOPS than its size has",
      changes: [volume("size: 120GiB, iops: ▸60001")],
      expected: [
        "error  models.llama.volume.iops  too-many-iops  60001 IOPS need 121GiB of volume; 120GiB may have 60000",
      ],
    },
    {
      name: "with as many IOPS as its size has",
      changes: [volume("size: 120GiB, iops: 60000")],
      expected: [],
    },
    {
      name: "with more throughput than its IOPS have",
      changes: [volume("throughput: ▸751")],
      expected: [
        "error  models.llama.volume.throughput  too-much-throughput  751 MiB/s need 3004 IOPS; 3000 IOPS may have 750",
      ],
    },
    { name: "with as much throughput as its IOPS have", changes: [volume("throughput: 750")], expected: [] },
  ]);
});

describe("the machine image", () => {
  const OLDER_CUDA: readonly [string, string] = [":v0.28.0", ":v0.28.0-cu129"];
  const ami = (fields: string) => with_(`ami: { ${fields} }`);
  const EUROPE: readonly [string, string] = [
    "models:\n  llama:",
    "  eu-west-1:\n    network:\n      create:\n        cidr: 10.1.0.0/16\nmodels:\n  llama:",
  ];
  testRules([
    {
      name: "by id and by version",
      changes: [OLDER_CUDA, ami("id: ami-0123456789abcdef0, parameterVersion: ▸3")],
      expected: [
        "error  models.llama.ami.parameterVersion  both-given  set either id or parameterVersion, not both",
      ],
    },
    {
      name: "by id and by release",
      changes: [OLDER_CUDA, ami('id: ami-0123456789abcdef0, release: ▸"2"')],
      expected: ["error  models.llama.ami.release  both-given  set either id or release, not both"],
    },
    ...["id: ▸ami-0123456789abcdef0", "parameterVersion: ▸3"].map((field) => ({
      name: `the same ${field.split(":")[0]} in two regions`,
      changes: [OLDER_CUDA, ami(field), EUROPE],
      expected: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `error  models.llama.ami.${field.split(":")[0]}  ami-of-one-region  an image's ${field.split(":")[0]} differs from region to region; write it under regions.${region}.models`,
      ),
    })),
    ...["id: ami-0123456789abcdef0", "parameterVersion: 3"].map((field) => ({
      name: `an ${field.split(":")[0]} in one region`,
      changes: [OLDER_CUDA, ami(field)],
      expected: [],
    })),
    { name: "a release in two regions", changes: [ami('release: "2"'), EUROPE], expected: [] },
    {
      name: "an id in each region",
      changes: [
        OLDER_CUDA,
        [
          EUROPE[0],
          `    models: { llama: { ami: { id: ami-0123456789abcdef0 } } }\n${EUROPE[1].replace(EUROPE[0], "")}    models: { llama: { ami: { id: ami-0123456789abcdef1 } } }\n${EUROPE[0]}`,
        ],
      ],
      expected: [],
    },
  ]);
});
