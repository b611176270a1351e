import { globalEndpointYaml } from "../../support/global-endpoint-file";
import { testRules } from "../../support/rule-cases";

const AMERICA = "  us-east-1:\n";
const EUROPE = "  eu-west-1:\n";
const inAmerica = (fields: string): readonly [string, string] => [AMERICA, `${AMERICA}    ${fields}\n`];
const inEurope = (fields: string): readonly [string, string] => [EUROPE, `${EUROPE}    ${fields}\n`];
const SECOND_MODEL: readonly [string, string] = [
  "    scaling: { requestsPerMinutePerInstance: 60 }\n",
  "    scaling: { requestsPerMinutePerInstance: 60 }\n  whisper:\n    server: vllm\n    image: vllm/vllm-openai:v0.28.0\n    instanceTypes: [g6.2xlarge]\n    weights: { uri: s3://example-weights/whisper/, size: 3GiB }\n    loadTime: 1m\n    longestRequest: 1m\n    capacity: { min: 3, max: 4 }\n",
];
const failover = (order: string) => globalEndpointYaml("failover", `  order: ${order}\n`);
const LONG_DOMAIN = `${["a", "b", "c"].map((letter) => letter.repeat(63)).join(".")}.in-production.serving.models.example.com`;
const FAILOVER = failover("[us-east-1, eu-west-1]");

describe("a global endpoint", () => {
  testRules([
    { name: "by latency", yaml: globalEndpointYaml("latency"), changes: [], expected: [] },
    { name: "by an order", yaml: FAILOVER, changes: [], expected: [] },
    {
      name: "by weights",
      yaml: globalEndpointYaml("weighted"),
      changes: [inEurope("weight: 3")],
      expected: [],
    },
    {
      name: "by an accelerator",
      yaml: globalEndpointYaml("accelerator"),
      changes: [inEurope("dial: 3")],
      expected: [],
    },
    {
      name: "of no known kind",
      yaml: globalEndpointYaml("▸latencyy"),
      changes: [],
      expected: [
        'error  globalEndpoint.routing  unknown-word  "latencyy" is none of "latency", "failover", "weighted", "accelerator"; did you mean "latency"?',
      ],
    },
    {
      name: "without a name",
      yaml: globalEndpointYaml("latency").replace("globalEndpoint:", "▸globalEndpoint:"),
      changes: [
        [
          "  domain: models.example.com\n",
          "  certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/1\n",
        ],
        inEurope("entry: { certificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/1 }"),
      ],
      expected: ["error  globalEndpoint  domain-missing  needs entry.domain, which is its name; add it"],
    },
    {
      name: "of another world",
      yaml: globalEndpointYaml("latency").replaceAll("us-east-1", "us-gov-west-1"),
      changes: [
        ["  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\n", ""],
        ["regions:\n  us-gov", "regions:\n  ▸us-gov"],
      ],
      expected: [
        "error  regions.us-gov-west-1  partition-not-served  a global endpoint routes to regions of partition aws only, and us-gov-west-1 is in aws-us-gov; leave the global endpoint out",
        "warning  regions.us-gov-west-1  region-not-recorded",
      ],
    },
  ]);
});

describe("what only one kind of global endpoint knows", () => {
  const unused = (path: string, routing: string, of: string) =>
    `error  ${path}  field-without-effect  means nothing with routing: ${routing}, only with ${of}; remove it, or change routing`;
  testRules([
    {
      name: "an order without failover",
      yaml: globalEndpointYaml("latency", "  ▸order: [us-east-1, eu-west-1]\n"),
      changes: [],
      expected: [unused("globalEndpoint.order", "latency", "failover")],
    },
    {
      name: "an accelerator that is none",
      yaml: globalEndpointYaml("weighted", "  ▸accelerator: { clientAffinity: source-ip }\n"),
      changes: [],
      expected: [unused("globalEndpoint.accelerator", "weighted", "accelerator")],
    },
    {
      name: "health and models beside an accelerator",
      yaml: globalEndpointYaml("accelerator", "  ▸minimumHealthyModels: 1\n  ▸health: { interval: 30s }\n"),
      changes: [],
      expected: [
        unused("globalEndpoint.minimumHealthyModels", "accelerator", "latency, failover or weighted"),
        unused("globalEndpoint.health", "accelerator", "latency, failover or weighted"),
      ],
    },
    {
      name: "a weight and a dial",
      yaml: globalEndpointYaml("latency"),
      changes: [inAmerica("▸weight: 10"), inEurope("▸dial: 10")],
      expected: [
        unused("regions.us-east-1.weight", "latency", "weighted"),
        unused("regions.eu-west-1.dial", "latency", "accelerator"),
      ],
    },
    {
      name: "[dial-over] a dial over 100",
      yaml: globalEndpointYaml("accelerator"),
      changes: [inEurope("dial: ▸101")],
      expected: ["error  regions.eu-west-1.dial  out-of-range"],
    },
    {
      name: "a weight over 255",
      yaml: globalEndpointYaml("weighted"),
      changes: [inEurope("weight: ▸256")],
      expected: ["error  regions.eu-west-1.weight  out-of-range"],
    },
    {
      name: "anything at all, without a global endpoint",
      changes: [[AMERICA, `${AMERICA}    ▸traffic: drained\n    ▸weight: 1\n    ▸dial: 1\n`]],
      expected: ["traffic", "weight", "dial"].map(
        (field) =>
          `error  regions.us-east-1.${field}  field-without-effect  ${field} means nothing without a global endpoint; add globalEndpoint, or remove it`,
      ),
    },
  ]);
});

describe("an order of failover", () => {
  testRules([
    {
      name: "left out",
      yaml: globalEndpointYaml("failover").replace("globalEndpoint:", "▸globalEndpoint:"),
      changes: [],
      expected: [
        "error  globalEndpoint  order-missing  failover needs an order; write the regions best first, such as order: [eu-west-1, us-east-1]",
      ],
    },
    {
      name: "[failover-unknown] with a region that is not there",
      yaml: failover("[us-east-1, eu-west-1, ▸eu-west-2]"),
      changes: [],
      expected: [
        'error  globalEndpoint.order[2]  undeclared-region  "eu-west-2" is none of the regions; did you mean "eu-west-1"?',
      ],
    },
    {
      name: "[failover-self] that comes back to where it was",
      yaml: failover("[us-east-1, eu-west-1, ▸us-east-1]"),
      changes: [],
      expected: [
        "error  globalEndpoint.order[2]  duplicate-item  us-east-1 repeats order[0], and would fail over to itself; remove it",
      ],
    },
    {
      name: "that leaves a region out",
      yaml: failover("▸[us-east-1]"),
      changes: [],
      expected: [
        "error  globalEndpoint.order  order-incomplete  leaves out eu-west-1; add it, or write traffic: removed there",
      ],
    },
    {
      name: "that leaves out a region that is removed",
      yaml: failover("[us-east-1]"),
      changes: [inEurope("traffic: removed")],
      expected: [],
    },
    {
      name: "that is too long for a name in DNS",
      yaml: failover("▸[us-east-1, eu-west-1]"),
      changes: [
        [
          "domain: models.example.com\n",
          `domain: ${LONG_DOMAIN}\n  certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/1\n`,
        ],
        inEurope("entry: { certificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/1 }"),
      ],
      expected: [
        "error  globalEndpoint.order  order-too-long  the whole order becomes a name in DNS of 262 characters, more than the allowed 253; write traffic: removed in the last regions, or use another routing",
      ],
    },
    {
      name: "that names a region that is removed",
      yaml: FAILOVER,
      changes: [inEurope("traffic: removed")],
      expected: [],
    },
  ]);
});

describe("traffic", () => {
  testRules([
    {
      name: "drained in one region",
      yaml: globalEndpointYaml("weighted"),
      changes: [inEurope("traffic: drained")],
      expected: [],
    },
    {
      name: "served nowhere",
      yaml: globalEndpointYaml("latency").replace("\nregions:", "\n▸regions:"),
      changes: [inAmerica("traffic: drained"), inEurope("traffic: removed")],
      expected: [
        "error  regions  no-region-served  every region is drained or removed, so the global endpoint routes to none; serve one",
      ],
    },
    {
      name: "weighed with 0 in one region",
      yaml: globalEndpointYaml("weighted"),
      changes: [inEurope("weight: 0")],
      expected: [],
    },
    {
      name: "weighed with 0 in the only region that is served",
      yaml: globalEndpointYaml("weighted"),
      changes: [inAmerica("weight: 0"), inEurope("traffic: drained")],
      expected: [],
    },
    {
      name: "weighed with 0 in all of several regions that are served",
      yaml: globalEndpointYaml("weighted"),
      changes: [inAmerica("weight: ▸0"), inEurope("weight: ▸0")],
      expected: ["us-east-1", "eu-west-1"].map(
        (region) =>
          `error  regions.${region}.weight  every-region-at-zero  all weights are 0, which Route 53 treats as equal; give one region more than 0`,
      ),
    },
    {
      name: "weighed with 0 in all that are served, as standbys of one that is drained",
      yaml: globalEndpointYaml("weighted"),
      changes: [
        inAmerica("weight: 0"),
        inEurope("traffic: drained"),
        [
          "models:\n",
          "  ca-central-1:\n    weight: 0\n    network: { create: { cidr: 10.2.0.0/16 } }\nmodels:\n",
        ],
      ],
      expected: [],
    },
    {
      name: "dialled to 0 in the only region that is served",
      yaml: globalEndpointYaml("accelerator"),
      changes: [inAmerica("dial: ▸0"), inEurope("traffic: drained")],
      expected: [
        "error  regions.us-east-1.dial  every-region-at-zero  every dial is 0, and AWS does not document where Global Accelerator then sends clients; give one region more than 0",
      ],
    },
    {
      name: "dialled to 0 everywhere",
      yaml: globalEndpointYaml("accelerator"),
      changes: [inAmerica("dial: ▸0"), inEurope("dial: ▸0")],
      expected: ["us-east-1", "eu-west-1"].map(
        (region) => `error  regions.${region}.dial  every-region-at-zero`,
      ),
    },
  ]);
});

describe("models that clients of the global endpoint count on", () => {
  testRules([
    {
      name: "that nobody knows",
      yaml: globalEndpointYaml("latency", "  models: [llama, ▸lama]\n"),
      changes: [],
      expected: ["error  globalEndpoint.models[1]  unknown-model"],
    },
    {
      name: "that stand there twice",
      yaml: globalEndpointYaml("latency", "  models: [llama, ▸llama]\n"),
      changes: [],
      expected: ["error  globalEndpoint.models[1]  duplicate-item  llama repeats models[0]; remove it"],
    },
    {
      name: "that a region leaves out",
      yaml: globalEndpointYaml("latency"),
      changes: [SECOND_MODEL, inEurope("models: { whisper: ▸false }")],
      expected: [
        "error  regions.eu-west-1.models.whisper  model-not-everywhere  clients of the global endpoint that want whisper would get a 404 in eu-west-1; serve it there, or name the others in globalEndpoint.models",
      ],
    },
    {
      name: "without the one that a region leaves out",
      yaml: globalEndpointYaml("latency", "  models: [llama]\n"),
      changes: [SECOND_MODEL, inEurope("models: { whisper: false }")],
      expected: [],
    },
    {
      name: "that a region leaves out to which the global endpoint does not lead",
      yaml: globalEndpointYaml("latency"),
      changes: [SECOND_MODEL, inEurope("models: { whisper: false }\n    traffic: removed")],
      expected: [],
    },
    {
      name: "fewer than have to be healthy",
      yaml: globalEndpointYaml("latency", "  minimumHealthyModels: ▸2\n"),
      changes: [],
      expected: [
        "error  globalEndpoint.minimumHealthyModels  healthy-minimum-unreachable  2 of 1 can never be healthy; use 1 or fewer",
      ],
    },
  ]);
});

describe("regions under one global endpoint", () => {
  testRules([
    {
      name: "under names of their own",
      yaml: globalEndpointYaml("latency"),
      changes: [inEurope("entry: { domain: ▸other.example.com }")],
      expected: [
        "error  regions.eu-west-1.entry.domain  entries-differ  domain is other.example.com in eu-west-1 and models.example.com in us-east-1, so the global endpoint's name would not reach both; make them the same",
      ],
    },
    {
      name: "of which one speaks HTTP",
      yaml: globalEndpointYaml("latency"),
      changes: [inEurope("entry: { protocol: ▸unencrypted-http }")],
      expected: [
        "error  regions.eu-west-1.entry.protocol  entries-differ  protocol is unencrypted-http in eu-west-1 and https in us-east-1, so clients of the global endpoint would have to speak two protocols; make them the same",
      ],
    },
    {
      name: "of which one is within a network",
      yaml: globalEndpointYaml("latency"),
      changes: [inEurope("entry: { scheme: ▸internal }")],
      expected: [
        "error  regions.eu-west-1.entry.scheme  entries-differ  scheme is internal in eu-west-1 and internet-facing in us-east-1, so clients of the global endpoint cannot reach both; make them the same",
      ],
    },
    {
      name: "of which one does not redirect from HTTP",
      yaml: globalEndpointYaml("accelerator"),
      changes: [inAmerica("entry: { redirectHttp: ▸false }")],
      expected: [
        "error  regions.us-east-1.entry.redirectHttp  entries-differ  redirectHttp is true in eu-west-1 and false in us-east-1, so clients at port 80 would get an answer in one of them only; make them the same",
      ],
    },
    {
      name: "of which one has IPv6",
      yaml: globalEndpointYaml("latency"),
      changes: [inAmerica("entry: { dualStack: ▸true }")],
      expected: [
        "error  regions.us-east-1.entry.dualStack  entries-differ  dualStack is false in eu-west-1 and true in us-east-1, so clients with IPv6 would all be routed to the same regions; make them the same",
      ],
    },
    {
      name: "of which one alone answers what no route matches",
      yaml: globalEndpointYaml("latency"),
      changes: [inEurope("entry: { default: ▸llama }")],
      expected: [
        "error  regions.eu-west-1.entry.default  entries-differ  default is llama in eu-west-1 and none in us-east-1, so clients would get different answers when no route matches; make them the same",
      ],
    },
    {
      name: "of which one answers by another model what no route matches",
      yaml: globalEndpointYaml("latency"),
      changes: [
        [SECOND_MODEL[0], SECOND_MODEL[1].replace("g6.2xlarge", "g5.2xlarge")],
        ["  domain: models", "  default: llama\n  domain: models"],
        inEurope("entry: { default: ▸whisper }"),
      ],
      expected: [
        "error  regions.eu-west-1.entry.default  entries-differ  default is whisper in eu-west-1 and llama in us-east-1, so clients would get different answers when no route matches; make them the same",
      ],
    },
    {
      name: "of which one has another default, that the global endpoint no longer knows",
      yaml: globalEndpointYaml("latency"),
      changes: [inEurope("traffic: removed\n    entry: { default: llama }")],
      expected: [],
    },
    {
      name: "that each say the same default",
      yaml: globalEndpointYaml("latency"),
      changes: [inAmerica("entry: { default: llama }"), inEurope("entry: { default: llama }")],
      expected: [],
    },
    {
      name: "of which one lets others in",
      yaml: globalEndpointYaml("latency"),
      changes: [inEurope("entry: { allow: ▸[198.51.100.0/24] }")],
      expected: [
        "warning  regions.eu-west-1.entry.allow  allowed-clients-differ  us-east-1 allows other clients than eu-west-1, but the global endpoint may route a client to either; make them the same",
      ],
    },
  ]);
});

describe("regions sized for the loss of another", () => {
  const demand: readonly [string, string] = [
    "capacity: { min: 3, max: 6 }",
    "capacity: { peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }",
  ];
  const more = ["ca-central-1", "us-west-2"].map(
    (region, index) => `  ${region}:\n    network: { create: { cidr: 10.${index + 2}.0.0/16 } }\n`,
  );
  const sized = (regions: number, survive = "region"): readonly (readonly [string, string])[] => [
    demand,
    ["models:\n", `${more.slice(0, regions - 2).join("")}survive: ${survive}\nmodels:\n`],
  ];
  const tooMany = (region: string, served: string) =>
    `warning  regions.${region}.traffic  too-many-regions-drained  while eu-west-1 and us-east-1 are drained, ${served} more clients than after the loss of one region, which they are sized for; serve one again`;
  testRules([
    {
      name: "with a global endpoint that brings the clients",
      yaml: globalEndpointYaml("latency"),
      changes: [demand, ["models:\n", "survive: region\nmodels:\n"]],
      expected: [],
    },
    {
      name: "with only one of them served",
      yaml: globalEndpointYaml("latency"),
      changes: [demand, ["models:\n", "survive: region\nmodels:\n"], inEurope("traffic: ▸drained")],
      expected: [
        "warning  regions.eu-west-1.traffic  too-many-regions-drained  while eu-west-1 is drained, nothing survives the loss of us-east-1, the only region that is served; serve it again",
      ],
    },
    {
      name: "with one of three drained",
      yaml: globalEndpointYaml("latency"),
      changes: [...sized(3), inEurope("traffic: drained")],
      expected: [],
    },
    {
      name: "with two of four drained",
      yaml: globalEndpointYaml("latency"),
      changes: [...sized(4), inAmerica("traffic: ▸drained"), inEurope("traffic: ▸drained")],
      expected: [
        tooMany("us-east-1", "ca-central-1 and us-west-2 get"),
        tooMany("eu-west-1", "ca-central-1 and us-west-2 get"),
      ],
    },
    {
      name: "with two of four drained, and an accelerator",
      yaml: globalEndpointYaml("accelerator"),
      changes: [...sized(4), inAmerica("traffic: ▸drained"), inEurope("traffic: ▸drained")],
      expected: [
        tooMany("us-east-1", "ca-central-1 and us-west-2 get"),
        tooMany("eu-west-1", "ca-central-1 and us-west-2 get"),
      ],
    },
    {
      name: "with two of four drained, and an order by which one serves all of another",
      yaml: failover("[us-east-1, eu-west-1, ca-central-1, us-west-2]"),
      changes: [...sized(4), inAmerica("traffic: drained"), inEurope("traffic: drained")],
      expected: [],
    },
    {
      name: "with two of four drained, one of which is a standby",
      yaml: globalEndpointYaml("weighted"),
      changes: [...sized(4), inAmerica("traffic: drained"), inEurope("weight: 0\n    traffic: drained")],
      expected: [],
    },
    {
      name: "with two of three drained, one of which is one of two standbys",
      yaml: globalEndpointYaml("weighted"),
      changes: [
        ...sized(3).map(([from, to]): readonly [string, string] => [
          from,
          to.replace("  ca-central-1:\n", "  ca-central-1:\n    weight: 0\n"),
        ]),
        inAmerica("traffic: ▸drained"),
        inEurope("weight: 0\n    traffic: ▸drained"),
      ],
      expected: ["us-east-1", "eu-west-1"].map(
        (region) =>
          `warning  regions.${region}.traffic  too-many-regions-drained  while eu-west-1 and us-east-1 are drained, ca-central-1 gets more clients than after the loss of one region, which it is sized for, and nothing survives the loss of ca-central-1, the only region that is served; serve one again`,
      ),
    },
    {
      name: "with two of four drained, which weigh less than one of the others",
      yaml: globalEndpointYaml("weighted"),
      changes: [
        ...sized(4),
        inAmerica("weight: 5\n    traffic: drained"),
        inEurope("weight: 5\n    traffic: drained"),
      ],
      expected: [],
    },
    {
      name: "with two of four drained, which survive a zone",
      yaml: globalEndpointYaml("latency"),
      changes: [...sized(4, "zone"), inAmerica("traffic: drained"), inEurope("traffic: drained")],
      expected: [],
    },
    {
      name: "with two of three drained",
      yaml: globalEndpointYaml("latency"),
      changes: [...sized(3), inAmerica("traffic: ▸drained"), inEurope("traffic: ▸drained")],
      expected: ["us-east-1", "eu-west-1"].map(
        (region) => `warning  regions.${region}.traffic  too-many-regions-drained`,
      ),
    },
    {
      name: "with one of them left, once the other is removed",
      yaml: globalEndpointYaml("latency"),
      changes: [demand, ["models:\n", "survive: ▸region\nmodels:\n"], inEurope("traffic: removed")],
      expected: [
        "error  survive  served-in-one-region  llama is served in us-east-1 only once eu-west-1 is removed, so it does not survive the loss of that region; serve it in another one too, or write survive: zone",
      ],
    },
    {
      name: "but the one that is left, which survives a zone",
      yaml: globalEndpointYaml("latency"),
      changes: [
        demand,
        ["models:\n", "survive: zone\nmodels:\n"],
        inEurope("models: { llama: { survive: region } }\n    traffic: removed"),
      ],
      expected: [],
    },
    {
      name: "with only one of them served, and an accelerator that fails over to those that are drained",
      yaml: globalEndpointYaml("accelerator"),
      changes: [demand, ["models:\n", "survive: region\nmodels:\n"], inEurope("traffic: drained")],
      expected: [],
    },
    {
      name: "without anybody who brings the clients",
      yaml: globalEndpointYaml("latency").replace("globalEndpoint:\n  routing: latency\n", ""),
      changes: [demand, ["models:\n", "survive: ▸region\nmodels:\n"]],
      expected: [
        "warning  survive  clients-not-moved  nothing sends the clients of a lost region to the others; add a global endpoint",
      ],
    },
  ]);
});
