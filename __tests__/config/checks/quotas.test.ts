import { testRules } from "../../support/rule-cases";
import { valid, validFile, validModel } from "../../support/serving-file";

const NETWORK = "cidr: 10.0.0.0/16\n";
const TYPES = "instanceTypes: [g6.2xlarge, g5.2xlarge]";
const REQUEST = "longestRequest: 5m";
const quotas = (fields: string): readonly [string, string] => [
  NETWORK,
  `${NETWORK}    vcpuQuotas: { ${fields} }\n`,
];
const diagnostic = (field: string, quota: number, vcpus: number, remedy = "or lower max") =>
  `error  regions.us-east-1.vcpuQuotas.${field}  vcpu-quota-too-small  ${quota} vCPUs are fewer than the ${vcpus} that the groups of us-east-1 take at their largest; ask AWS for more, ${remedy}`;
const leaner = (vcpus: number) =>
  `lower max, or list g5.xlarge, g6.xlarge, with the same GPUs and ${vcpus} vCPUs in all`;
const SPOT: readonly [string, string] = [
  REQUEST,
  "longestRequest: 30s\n    spot: { share: 50, onDemandBase: 2 }",
];

describe("a quota of vCPUs", () => {
  testRules([
    { name: "that takes six instances of eight", changes: [quotas("onDemandG: 48")], expected: [] },
    {
      name: "a vCPU too low",
      changes: [quotas("onDemandG: ▸47")],
      expected: [diagnostic("onDemandG", 47, 48, leaner(24))],
    },
    {
      name: "with instances that wait running, which count too",
      changes: [
        quotas("onDemandG: ▸63"),
        [REQUEST, `${REQUEST}\n    warmPool: { state: Running, min: 2, maxPrepared: 7 }`],
      ],
      expected: [diagnostic("onDemandG", 63, 64, leaner(32))],
    },
    {
      name: "with instances that wait stopped",
      changes: [quotas("onDemandG: 48"), [REQUEST, `${REQUEST}\n    warmPool: { state: Stopped, min: 2 }`]],
      expected: [],
    },
    {
      name: "for the largest type of the list",
      changes: [quotas("onDemandG: ▸48"), [TYPES, "instanceTypes: [g6.2xlarge, g5.4xlarge]"]],
      expected: [diagnostic("onDemandG", 48, 96, leaner(24))],
    },
    {
      name: "for the largest type that has what is wanted",
      changes: [
        quotas("onDemandG: ▸47"),
        [
          TYPES,
          'instanceTypes: ["g6.*"]\n    instanceRequirements: { gpus: { min: 1, max: 1 }, gpuMemory: 20GiB, memory: 200GiB }',
        ],
      ],
      expected: [diagnostic("onDemandG", 47, 384)],
    },
    {
      name: "of P instances",
      changes: [quotas("onDemandG: 0, onDemandP: ▸1"), [TYPES, "instanceTypes: [p5.48xlarge]"]],
      expected: [diagnostic("onDemandP", 1, 6 * 192)],
    },
    {
      name: "of Spot and of the on-demand base",
      changes: [quotas("onDemandG: ▸31, spotG: ▸15"), SPOT],
      expected: [diagnostic("onDemandG", 31, 32, leaner(16)), diagnostic("spotG", 15, 16, leaner(8))],
    },
    { name: "of Spot, just enough", changes: [quotas("onDemandG: 32, spotG: 16"), SPOT], expected: [] },
    {
      name: "of Spot, for P instances of two kinds",
      changes: [quotas("spotP: ▸1, spotP5: ▸1"), SPOT, [TYPES, "instanceTypes: [p5.48xlarge, p4d.24xlarge]"]],
      expected: [diagnostic("spotP", 1, 2 * 96), diagnostic("spotP5", 1, 2 * 192)],
    },
    {
      name: "of Spot, with more on-demand instances in the base than there may be",
      changes: [
        quotas("onDemandG: 48, spotG: 0"),
        [REQUEST, "longestRequest: 30s\n    spot: { share: 50, onDemandBase: 6 }"],
      ],
      expected: [],
    },
    {
      name: "for all variants together",
      changes: [
        quotas("onDemandG: ▸95"),
        [REQUEST, `${REQUEST}\n    variants: { a: { weight: 1 }, b: { weight: 1 } }`],
      ],
      expected: [diagnostic("onDemandG", 95, 96, leaner(48))],
    },
    {
      name: "of types without GPUs",
      changes: [
        quotas("onDemandG: 0, onDemandStandard: ▸47"),
        ["server: vllm", "server: ollama"],
        ["vllm/vllm-openai:v0.28.0", "ollama/ollama:0.33.0"],
        [TYPES, "instanceTypes: [m7i.2xlarge]"],
      ],
      expected: [diagnostic("onDemandStandard", 47, 48)],
    },
    { name: "that is not declared", changes: [quotas("spotG: 0")], expected: [] },
  ]);
});

describe("the quotas that Terraform asks AWS for", () => {
  const quotasOf = (model: object, vcpuQuotas?: false) => {
    const file = validFile();
    const [region] = Object.values(file.regions);
    const { deployment } = valid({
      ...file,
      regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16" } }, ...region, vcpuQuotas } },
      models: { llama: { ...validModel(), ...model } },
    });
    return deployment.regions[0]?.vcpuQuotas.map(({ code, vcpus }) => [code, vcpus]);
  };

  test("are those of its instances, with what they take at their largest", () => {
    expect(quotasOf({})).toEqual([["L-DB2E81BA", 48]]);
    expect(quotasOf({ longestRequest: "30s", spot: { share: 50, onDemandBase: 2 } })).toEqual([
      ["L-3819A6DF", 16],
      ["L-DB2E81BA", 32],
    ]);
  });

  test("are none where that is switched off", () => {
    expect(quotasOf({}, false)).toEqual([]);
  });
});
