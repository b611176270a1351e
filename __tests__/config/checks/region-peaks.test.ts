import { globalEndpointYaml } from "../../support/global-endpoint-file";
import { testRules } from "../../support/rule-cases";

const DEMAND: readonly [string, string] = [
  "capacity: { min: 3, max: 6 }",
  "capacity: { peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }",
];
const surviving = (what: string): readonly [string, string] => ["models:\n", `survive: ${what}\nmodels:\n`];
const inAmerica = (fields: string): readonly [string, string] => [
  "  us-east-1:\n",
  `  us-east-1:\n    ${fields}\n`,
];
const inEurope = (fields: string): readonly [string, string] => [
  "  eu-west-1:\n",
  `  eu-west-1:\n    ${fields}\n`,
];
const peaks = (peak: number) =>
  `models: { llama: { capacity: { peakRequestsPerMinute: ${peak}, requestsPerMinutePerInstance: 100 } } }`;
const ANOTHER_MODEL: readonly [string, string] = [
  "    scaling: { requestsPerMinutePerInstance: 60 }\n",
  "    scaling: { requestsPerMinutePerInstance: 60 }\n  whisper:\n    server: vllm\n    image: vllm/vllm-openai:v0.28.0\n    instanceTypes: [g5.xlarge]\n    weights: { uri: s3://example-weights/whisper/, size: 3GiB }\n    loadTime: 1m\n    longestRequest: 1m\n    capacity: { peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }\n",
];

describe("weights and peaks", () => {
  const yaml = globalEndpointYaml("weighted");
  const contradicted = (models: string) =>
    `warning  regions.us-east-1.weight  weight-contradicts-peaks  brings us-east-1 900 of 1200 requests a minute for ${models}, but it is sized for 600; write peaks in proportion to the weights, such as peakRequestsPerMinute 300 in eu-west-1, 900 in us-east-1, or change the weight`;
  testRules([
    { name: "that are alike", yaml, changes: [DEMAND], expected: [] },
    {
      name: "that contradict each other",
      yaml,
      changes: [DEMAND, inAmerica("weight: ▸150"), inEurope("weight: 50")],
      expected: [contradicted("llama")],
    },
    {
      name: "that contradict each other for two models alike",
      yaml,
      changes: [DEMAND, ANOTHER_MODEL, inAmerica("weight: ▸150"), inEurope("weight: 50")],
      expected: [contradicted("each of llama and whisper")],
    },
    {
      name: "that contradict each other for two models, not alike",
      yaml,
      changes: [
        DEMAND,
        [ANOTHER_MODEL[0], ANOTHER_MODEL[1].replace("Minute: 600", "Minute: 60")],
        inAmerica("weight: ▸150"),
        inEurope("weight: 50"),
      ],
      expected: [
        contradicted("whisper")
          .replace("900 of 1200", "90 of 120")
          .replace("for 600", "for 60")
          .replace("300 in", "30 in")
          .replace("900 in", "90 in"),
        contradicted("llama"),
      ],
    },
    {
      name: "of which the smaller one is written, and the other is 100",
      yaml,
      changes: [DEMAND, inAmerica("weight: 50"), ["  eu-west-1:\n", "  ▸eu-west-1:\n"]],
      expected: [
        "warning  regions.eu-west-1.weight  weight-contradicts-peaks  brings eu-west-1 800 of 1200 requests a minute for llama, but it is sized for 600; write peaks in proportion to the weights, such as peakRequestsPerMinute 800 in eu-west-1, 400 in us-east-1, or change the weight",
      ],
    },
    {
      name: "that contradict each other while one region is drained",
      yaml,
      changes: [DEMAND, inAmerica("weight: ▸150"), inEurope("weight: 50\n    traffic: drained")],
      expected: [contradicted("llama")],
    },
    {
      name: "that are as the warning wants them",
      yaml,
      changes: [
        DEMAND,
        inAmerica(`weight: 150\n    ${peaks(900)}`),
        inEurope(`weight: 50\n    ${peaks(300)}`),
      ],
      expected: [],
    },
    {
      name: "that differ by less than a tenth",
      yaml,
      changes: [DEMAND, inAmerica("weight: 124")],
      expected: [],
    },
    {
      name: "that differ by more than a tenth",
      yaml,
      changes: [DEMAND, inAmerica("weight: ▸126")],
      expected: [
        "warning  regions.us-east-1.weight  weight-contradicts-peaks  brings us-east-1 670 of 1200 requests a minute for llama, but it is sized for 600; write peaks in proportion to the weights, such as peakRequestsPerMinute 531 in eu-west-1, 670 in us-east-1, or change the weight",
      ],
    },
    {
      name: "of a standby, which has a peak and no weight",
      yaml,
      changes: [DEMAND, inEurope("weight: 0")],
      expected: [],
    },
    {
      name: "where a region is sized by its weight for the loss of another",
      yaml,
      changes: [DEMAND, inAmerica("weight: 200"), inEurope("weight: 10"), surviving("region")],
      expected: [],
    },
    {
      name: "where the other region is removed",
      yaml,
      changes: [DEMAND, inAmerica("weight: 200"), inEurope("traffic: removed")],
      expected: [],
    },
    {
      name: "of a model that is not served in the other region, and that the global endpoint does not count",
      yaml: globalEndpointYaml("weighted", "  models: [llama]\n"),
      changes: [
        DEMAND,
        ANOTHER_MODEL,
        inAmerica(`weight: 150\n    ${peaks(1800)}`),
        inEurope("weight: 50\n    models: { whisper: false }"),
      ],
      expected: [],
    },
    {
      name: "with instances written for what the weight brings",
      yaml,
      changes: [
        DEMAND,
        inAmerica(`weight: 150\n    ${peaks(600).replace("{ peak", "{ min: 9, max: 15, peak")}`),
        inEurope("weight: 50"),
      ],
      expected: [],
    },
    {
      name: "that contradict each other, and are small",
      yaml,
      changes: [
        [DEMAND[0], DEMAND[1].replace("600", "0.4")],
        inAmerica("weight: ▸150"),
        inEurope("weight: 50"),
      ],
      expected: ["warning  regions.us-east-1.weight  weight-contradicts-peaks"],
    },
    { name: "where no peak is said", yaml, changes: [inAmerica("weight: 200")], expected: [] },
  ]);
});

describe("a model that survives the loss of a region in one region", () => {
  const inEuropeSurviving = (what: string) => inEurope(`models: { llama: { survive: ${what} } }`);
  const order = "  order: [us-east-1, eu-west-1]\n";
  testRules([
    {
      name: "and is too small in the other",
      yaml: globalEndpointYaml("latency"),
      changes: [DEMAND, surviving("region"), inEuropeSurviving("▸zone")],
      expected: [
        "warning  regions.eu-west-1.models.llama.survive  takeover-too-small  llama is to survive the loss of us-east-1, but eu-west-1 would then get 1200 requests a minute, and has instances for 900; write survive: region for both, or for neither",
      ],
    },
    {
      name: "and has instances enough in the other",
      yaml: globalEndpointYaml("latency"),
      changes: [
        DEMAND,
        surviving("region"),
        inEuropeSurviving(
          "zone, capacity: { min: 12, max: 20, peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }",
        ),
      ],
      expected: [],
    },
    {
      name: "and not in two others, of which the larger may be lost with clients of its own",
      yaml: globalEndpointYaml("latency"),
      changes: [
        DEMAND,
        inAmerica("models: { llama: { survive: region } }"),
        [
          "models:\n  llama",
          `  ca-central-1:\n    network: { create: { cidr: 10.2.0.0/16 } }\n    ${peaks(6000)}\nmodels:\n  llama`,
        ],
      ],
      expected: [],
    },
    {
      name: "and serves no more than its own peak in the other, by an order",
      yaml: globalEndpointYaml("failover", order),
      changes: [DEMAND, surviving("region"), inEuropeSurviving("zone")],
      expected: [],
    },
    {
      name: "which is removed, and not in two others",
      yaml: globalEndpointYaml("latency"),
      changes: [
        DEMAND,
        inAmerica("models: { llama: { survive: region } }\n    traffic: removed"),
        [
          "models:\n  llama",
          "  ca-central-1:\n    network: { create: { cidr: 10.2.0.0/16 } }\nmodels:\n  llama",
        ],
      ],
      expected: [],
    },
  ]);
});
