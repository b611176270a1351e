import { testRules } from "../../support/rule-cases";

const NETWORK = "    network:\n      create:\n        cidr: 10.0.0.0/16\n";
const key = (region: string) => `arn:aws:kms:${region}:123456789012:key/1234`;
const everywhere = (text: string): readonly [string, string] => [
  "alarms:",
  `observability: ${text}\nalarms:`,
];
const here = (text: string): readonly [string, string] => [NETWORK, `${NETWORK}    observability: ${text}\n`];

describe("the key of the logs", () => {
  testRules([
    {
      name: "of the region",
      changes: [everywhere(`{ kmsKeyArn: "${key("us-east-1")}" }`)],
      expected: [],
    },
    {
      name: "of another region, for all",
      changes: [everywhere(`{ kmsKeyArn: ▸"${key("eu-west-1")}" }`)],
      expected: [
        "error  observability.kmsKeyArn  in-another-region  the key is in eu-west-1, and the logs in us-east-1; write a key of us-east-1 under regions.us-east-1.observability",
      ],
    },
    {
      name: "of another region, which has one of its own",
      changes: [
        everywhere(`{ kmsKeyArn: "${key("eu-west-1")}" }`),
        here(`{ kmsKeyArn: "${key("us-east-1")}" }`),
      ],
      expected: [],
    },
    {
      name: "of another region, for one",
      changes: [here(`{ kmsKeyArn: ▸"${key("eu-west-1")}" }`)],
      expected: [
        "error  regions.us-east-1.observability.kmsKeyArn  in-another-region  the key is in eu-west-1, and the logs in us-east-1; use a key of us-east-1",
      ],
    },
    {
      name: "of another region, which keeps none",
      changes: [everywhere(`{ kmsKeyArn: "${key("eu-west-1")}" }`), here("false")],
      expected: [],
    },
  ]);
});

describe("how long logs are kept", () => {
  testRules([
    {
      name: "a number of days that CloudWatch does not know",
      changes: [everywhere("{ logRetention: ▸100d }")],
      expected: [
        "error  observability.logRetention  retention-refused  CloudWatch keeps logs for certain numbers of days only, and 100 is none of them; nearest: 90d, 120d",
      ],
    },
  ]);
});

describe("the path of the metrics", () => {
  const written = (path: string): readonly [string, string] => [
    "    loadTime: 6m\n",
    `    loadTime: 6m\n    metrics: { port: 9400, path: ${path} }\n`,
  ];
  testRules([
    { name: "of letters and signs", changes: [written("/a-b/c&d")], expected: [] },
    {
      name: "with a query, which Prometheus would escape",
      changes: [written("▸/metrics?model=a")],
      expected: [
        'error  models.llama.metrics.path  wrong-format  "/metrics?model=a" must not hold spaces, quotes, backslashes or a query: the agent would ask for the ? as %3F',
      ],
    },
  ]);
});
