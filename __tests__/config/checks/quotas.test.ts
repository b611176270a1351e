import { testRules } from "../../support/rule-cases";

const NETWORK = "cidr: 10.0.0.0/16\n";
const TYPES = "instanceTypes: [g6.2xlarge, g5.2xlarge]";
const REQUEST = "longestRequest: 5m";
const quotas = (fields: string): readonly [string, string] => [
  NETWORK,
  `${NETWORK}    vcpuQuotas: { ${fields} }\n`,
];
const problem = (field: string, quota: number, vcpus: number, mend = "or lower max") =>
  `error  regions.us-east-1.vcpuQuotas.${field}  ${quota} vCPUs are fewer than the ${vcpus} that the groups of us-east-1 take at their largest; ask AWS for more, ${mend}`;
const leaner = (vcpus: number) =>
  `lower max, or list g5.xlarge, g6.xlarge, with the same GPUs and ${vcpus} vCPUs in all`;
const SPOT: readonly [string, string] = [
  REQUEST,
  "longestRequest: 30s\n    spot: { share: 50, onDemandBase: 2 }",
];

describe("a quota of vCPUs", () => {
  testRules([
    { name: "that takes six boxes of eight", changes: [quotas("onDemandG: 48")], said: [] },
    {
      name: "a vCPU too low",
      changes: [quotas("onDemandG: ▸47")],
      said: [problem("onDemandG", 47, 48, leaner(24))],
    },
    {
      name: "with boxes that wait running, which count too",
      changes: [
        quotas("onDemandG: ▸63"),
        [REQUEST, `${REQUEST}\n    warmPool: { state: Running, min: 2, maxPrepared: 7 }`],
      ],
      said: [problem("onDemandG", 63, 64, leaner(32))],
    },
    {
      name: "with boxes that wait stopped",
      changes: [quotas("onDemandG: 48"), [REQUEST, `${REQUEST}\n    warmPool: { state: Stopped, min: 2 }`]],
      said: [],
    },
    {
      name: "for the largest type of the list",
      changes: [quotas("onDemandG: ▸48"), [TYPES, "instanceTypes: [g6.2xlarge, g5.4xlarge]"]],
      said: [problem("onDemandG", 48, 96, leaner(24))],
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
      said: [problem("onDemandG", 47, 384)],
    },
    {
      name: "of P instances",
      changes: [quotas("onDemandG: 0, onDemandP: ▸1"), [TYPES, "instanceTypes: [p5.48xlarge]"]],
      said: [problem("onDemandP", 1, 6 * 192)],
    },
    {
      name: "of Spot and of the on-demand base",
      changes: [quotas("onDemandG: ▸31, spotG: ▸15"), SPOT],
      said: [problem("onDemandG", 31, 32, leaner(16)), problem("spotG", 15, 16, leaner(8))],
    },
    { name: "of Spot, just enough", changes: [quotas("onDemandG: 32, spotG: 16"), SPOT], said: [] },
    {
      name: "of Spot, for P instances of two kinds",
      changes: [quotas("spotP: ▸1, spotP5: ▸1"), SPOT, [TYPES, "instanceTypes: [p5.48xlarge, p4d.24xlarge]"]],
      said: [problem("spotP", 1, 2 * 96), problem("spotP5", 1, 2 * 192)],
    },
    {
      name: "of Spot, with more on-demand boxes in the base than there may be",
      changes: [
        quotas("onDemandG: 48, spotG: 0"),
        [REQUEST, "longestRequest: 30s\n    spot: { share: 50, onDemandBase: 6 }"],
      ],
      said: [],
    },
    {
      name: "for all variants together",
      changes: [
        quotas("onDemandG: ▸95"),
        [REQUEST, `${REQUEST}\n    variants: { a: { weight: 1 }, b: { weight: 1 } }`],
      ],
      said: [problem("onDemandG", 95, 96, leaner(48))],
    },
    { name: "that is not declared", changes: [quotas("spotG: 0")], said: [] },
  ]);
});
