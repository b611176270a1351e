import { testRules } from "../../support/rule-cases";

/** Written so that no linter takes it for a template of ours. */
const OPEN = ["$", "{"].join("");

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const taken = (path: string, found = OPEN) =>
  `error  ${path}  terraform-template  holds "${found}", which Terraform would read as its own language; leave it out`;

describe("text that Terraform would take for its own language", () => {
  testRules([
    {
      name: "in a route",
      changes: [with_(`routes: [{ headers: { x: ▸"${OPEN}a}" }, method: POST }]`)],
      expected: [taken("models.llama.routes[0].headers.x")],
    },
    {
      name: "as a directive",
      changes: [with_('health: { path: ▸"/%{a}" }')],
      expected: [taken("models.llama.health.path", "%{")],
    },
    {
      name: "as the key of a tag",
      changes: [
        [
          "create:\n        cidr: 10.0.0.0/16",
          `existing:\n        vpcId: vpc-0123456789abcdef0\n        albSubnetTags: { ▸"${OPEN}a}": x }\n        instanceSubnetTags: { env: ▸"%{a}" }\n        zones: 2`,
        ],
      ],
      expected: [
        taken(`regions.us-east-1.network.existing.albSubnetTags["${OPEN}a}"]`),
        taken("regions.us-east-1.network.existing.instanceSubnetTags.env", "%{"),
      ],
    },
    {
      name: "of a model called env",
      changes: [
        ["models:\n  llama", "models:\n  env"],
        [
          "weights: { uri: s3://example-weights/llama/",
          `health: { path: ▸'/${OPEN}a}' }\n    weights: { uri: s3://example-weights/llama/`,
        ],
      ],
      expected: [taken("models.env.health.path")],
    },
    {
      name: "of a model called accept",
      changes: [
        ["models:\n  llama", "models:\n  accept"],
        [
          "weights: { uri: s3://example-weights/llama/",
          `health: { path: ▸'/${OPEN}a}' }\n    weights: { uri: s3://example-weights/llama/`,
        ],
      ],
      expected: [taken("models.accept.health.path")],
    },
    {
      name: "in the reason for an accepted warning, which nobody else reads",
      changes: [
        with_(`accept: { no-scaling: 'as ${OPEN}team} wants it' }`),
        ["    scaling: { requestsPerMinutePerInstance: 60 }\n", ""],
      ],
      expected: [],
    },
    {
      name: "in what an instance is told, which is encoded",
      changes: [
        with_(
          `arguments: ['-${OPEN}A}', '%{B}']\n    env: { A: '${OPEN}B}' }\n    probe: { path: '/${OPEN}A}', expect: '%{B}' }\n    variants: { main: { weight: 1, arguments: ['-${OPEN}A}'], env: { A: '%{B}' } } }`,
        ),
        ["  us-east-1:\n", `  us-east-1:\n    models: { llama: { env: { A: '${OPEN}B}' } } }\n`],
      ],
      expected: [],
    },
    { name: "but for signs that stand alone", changes: [with_("routes: [{ path: /$1/* }]")], expected: [] },
  ]);
});
