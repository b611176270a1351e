import { testRules } from "../../support/rule-cases";

const REGION = "us-east-1:\n    network";
const TYPES = "[g6.2xlarge, g5.2xlarge]";
const MODEL = "    loadTime: 6m\n";
const place = (region: string) => `regions.${region}.models.llama`;
const none = (region: string, types: string, remedy: string) =>
  `error  models.llama.instanceTypes  instance-type-not-offered  ${region} had no ${types} when the offerings were recorded, August 2026; ${remedy}`;
const use = (types: string, region: string) => `use ${types}, for this region alone under ${place(region)}`;

describe("instance types by region", () => {
  testRules([
    {
      name: "of which the region has one: the others are for other regions",
      changes: [[REGION, "eu-west-1:\n    network"]],
      expected: [],
    },
    {
      name: "that the region does not have",
      changes: [
        [REGION, "eu-west-1:\n    network"],
        [TYPES, "▸[g6.2xlarge]"],
      ],
      expected: [none("eu-west-1", "g6.2xlarge", use("g5.xlarge", "eu-west-1"))],
    },
    {
      name: "that the region does not have, for a model of a known size",
      changes: [
        [REGION, "eu-west-1:\n    network"],
        [TYPES, "▸[g6e.12xlarge]"],
        [MODEL, `${MODEL}    memory: { parameters: 8B, tensorParallel: 4 }\n`],
      ],
      expected: [
        none(
          "eu-west-1",
          "g6e.12xlarge",
          use(
            "g5.xlarge with tensorParallel 1 ($1.12/h), g4dn.12xlarge with tensorParallel 2 ($4.36/h)",
            "eu-west-1",
          ),
        ),
      ],
    },
    {
      name: "that the region does not have, for a model whose stages stand in the arguments",
      changes: [
        [REGION, "eu-west-1:\n    network"],
        [TYPES, "▸[g6e.12xlarge]"],
        [MODEL, `${MODEL}    memory: { parameters: 8B }\n    arguments: [-pp=2]\n`],
      ],
      expected: [
        none("eu-west-1", "g6e.12xlarge", use("g4dn.12xlarge ($4.36/h), g5.12xlarge ($6.33/h)", "eu-west-1")),
      ],
    },
    {
      name: "where nothing would do",
      changes: [
        [REGION, "eu-south-1:\n    network"],
        [TYPES, "▸[g6.2xlarge, g5.2xlarge]"],
      ],
      expected: [
        none(
          "eu-south-1",
          "g6.2xlarge, g5.2xlarge",
          `nothing that would do is in two of its zones: serve the model elsewhere, with ${place("eu-south-1")}: false`,
        ),
      ],
    },
    {
      name: "of one zone, with which the model is lost",
      changes: [
        [REGION, "ca-central-1:\n    network"],
        [TYPES, "▸[p5.48xlarge]"],
      ],
      expected: [
        `error  models.llama.instanceTypes  instances-in-one-zone  only one zone of ca-central-1 has p5.48xlarge, and llama is lost there with that zone; nothing that would do is in two of its zones: serve the model elsewhere, with ${place("ca-central-1")}: false, or write survive: nothing`,
      ],
    },
    {
      name: "of one zone, for a model that need not survive it",
      changes: [
        [REGION, "ca-central-1:\n    network"],
        [TYPES, "▸[p5.48xlarge]"],
        [MODEL, `${MODEL}    survive: nothing\n`],
      ],
      expected: [
        `warning  models.llama.instanceTypes  instance-type-in-one-zone  only one zone of ca-central-1 has p5.48xlarge, and llama is lost there with that zone; nothing that would do is in two of its zones: serve the model elsewhere, with ${place("ca-central-1")}: false`,
      ],
    },
    {
      name: "of one zone each, but not the same",
      changes: [
        [`${REGION}:\n      create`, "ap-southeast-3:\n    network:\n      ▸create"],
        [TYPES, "[p5.48xlarge, p5e.48xlarge]"],
      ],
      expected: [
        "warning  regions.ap-southeast-3.network  instance-type-in-fewer-zones  not all 3 zones of the network can have instances of every model, so some sizes count fewer zones (npm run explain); AWS offers (August 2026) p5.48xlarge, p5e.48xlarge in apse3-az1 and apse3-az3",
      ],
    },
    {
      name: "of two zones each, all three together",
      changes: [
        [REGION, "ap-southeast-3:\n    network"],
        [TYPES, "[p5e.48xlarge, p5en.48xlarge]"],
      ],
      expected: [],
    },
    {
      name: "of two zones, which the network has no more than",
      changes: [
        [REGION, "ap-northeast-1:\n    network"],
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        zones: 2"],
      ],
      expected: [],
    },
    {
      name: "by a pattern, none of which the region has",
      changes: [
        [REGION, "eu-south-1:\n    network"],
        [
          TYPES,
          '▸["g6.*", "g5.*"]\n    instanceRequirements: { gpus: { min: 1 }, gpuMemory: 20GiB, vcpus: 4, memory: 16GiB }',
        ],
      ],
      expected: [
        none(
          "eu-south-1",
          "g6.*, g5.*",
          `nothing that would do is in two of its zones: serve the model elsewhere, with ${place("eu-south-1")}: false`,
        ),
      ],
    },
    {
      name: "that are newer than what is known: they may be anywhere",
      changes: [
        [REGION, "eu-south-1:\n    network"],
        [TYPES, "[▸g8.2xlarge]"],
      ],
      expected: [
        "warning  models.llama.instanceTypes[0]  newer-instance-type  g8.2xlarge is not in this project's list: nothing is checked of its GPUs, memory, processor and quota; Terraform asks AWS when it plans whether the region has it",
      ],
    },
    ...["g6x.2xlarge", "p5f.48xlarge", "g5d.4xlarge"].map((type) => ({
      name: `${type}, another family of a generation that is known`,
      changes: [[TYPES, `[▸${type}]`]] as const,
      expected: [`warning  models.llama.instanceTypes[0]  newer-instance-type`],
    })),
    {
      name: "another size of a family that is known",
      changes: [[TYPES, "[▸g6.3xlarge]"]],
      expected: [
        'warning  models.llama.instanceTypes[0]  newer-instance-type  g6.3xlarge is not in this project\'s list; did you mean "g6.2xlarge" or "g6.4xlarge" or "g6.8xlarge"?: nothing is checked of its GPUs, memory, processor and quota; Terraform asks AWS when it plans whether the region has it',
      ],
    },
    {
      name: "of zones of which the network takes one, and more when it has more",
      changes: [
        ["network:\n      create", "network:\n      ▸create"],
        [TYPES, "[g7.8xlarge]"],
        [
          "    scaling: { requestsPerMinutePerInstance: 60 }\n",
          "    scaling: { requestsPerMinutePerInstance: 60 }\n  ▸other:\n    server: vllm\n    image: vllm/vllm-openai:v0.28.0\n    model: acme/other\n    routes: [{ path: /other/* }]\n    instanceTypes: ▸[p4de.24xlarge]\n    loadTime: 6m\n    longestRequest: 5m\n    capacity: { min: 6, max: 7 }\n    scaling: { requestsPerMinutePerInstance: 60 }\n",
        ],
      ],
      expected: [
        "warning  regions.us-east-1.network  instance-type-in-fewer-zones",
        "warning  models.other.volume  disk-size-unknown",
        "error  models.other.instanceTypes  instances-in-one-zone  of the zones of the network in us-east-1 only one has p4de.24xlarge, and other is lost there with that zone; write zones: 4 under regions.us-east-1.network.create, or use g7e.48xlarge, p5.48xlarge, p5en.48xlarge, for this region alone under regions.us-east-1.models.other, or write survive: nothing",
      ],
    },
    {
      name: "in a region that is newer than what is known",
      changes: [[REGION, "▸mx-central-1:\n    network"]],
      expected: [
        "warning  regions.mx-central-1  region-not-recorded  the offerings of mx-central-1 were not recorded, August 2026: whether it has these instance types, and in which zones, is seen when Terraform asks AWS at a plan",
      ],
    },
    ...[
      ["eu-central-1", "g7e.2xlarge"],
      ["eu-west-3", "g5.2xlarge"],
      ["us-east-1", "g7.2xlarge"],
    ].map(([region = "", type]) => ({
      name: `that came to ${region} in 2026: ${type}`,
      changes: [
        [REGION, `${region}:\n    network`],
        [TYPES, `[${type}]`],
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        zones: 2"],
      ] as const,
      expected: [],
    })),
    {
      name: "that the region itself names",
      changes: [
        [
          "        cidr: 10.0.0.0/16\n",
          "        cidr: 10.0.0.0/16\n    models: { llama: { instanceTypes: ▸[p5e.48xlarge] } }\n",
        ],
      ],
      expected: [
        `error  regions.us-east-1.models.llama.instanceTypes  instance-type-not-offered  us-east-1 had no p5e.48xlarge when the offerings were recorded, August 2026; ${use("p5en.48xlarge", "us-east-1")}`,
      ],
    },
  ]);
});
