import { doorYaml } from "../../support/door-file";
import { testRules } from "../../support/rule-cases";

const AMERICA = "  us-east-1:\n";
const EUROPE = "  eu-west-1:\n";
const inAmerica = (fields: string): readonly [string, string] => [AMERICA, `${AMERICA}    ${fields}\n`];
const inEurope = (fields: string): readonly [string, string] => [EUROPE, `${EUROPE}    ${fields}\n`];
const SECOND_MODEL: readonly [string, string] = [
  "    scaling: { requestsPerMinutePerBox: 60 }\n",
  "    scaling: { requestsPerMinutePerBox: 60 }\n  whisper:\n    server: vllm\n    image: vllm/vllm-openai:v0.18.0\n    instanceTypes: [g6.2xlarge]\n    weights: { uri: s3://example-weights/whisper/, size: 3GiB }\n    loadTime: 1m\n    longestRequest: 1m\n    capacity: { min: 3, max: 4 }\n",
];
const failover = (order: string) => doorYaml("failover", `  order: ${order}\n`);
const LONG_DOMAIN = `${["a", "b", "c"].map((letter) => letter.repeat(63)).join(".")}.in-production.serving.models.example.com`;
const FAILOVER = failover("[us-east-1, eu-west-1]");

describe("a door", () => {
  testRules([
    { name: "by latency", yaml: doorYaml("latency"), changes: [], said: [] },
    { name: "by an order", yaml: FAILOVER, changes: [], said: [] },
    { name: "by weights", yaml: doorYaml("weighted"), changes: [inEurope("weight: 3")], said: [] },
    { name: "by an accelerator", yaml: doorYaml("accelerator"), changes: [inEurope("dial: 3")], said: [] },
    {
      name: "of no known kind",
      yaml: doorYaml("▸latencyy"),
      changes: [],
      said: [
        'error  door.routing  "latencyy" is none of "latency", "failover", "weighted", "accelerator"; did you mean "latency"?',
      ],
    },
    {
      name: "without a name",
      yaml: doorYaml("latency").replace("door:", "▸door:"),
      changes: [
        [
          "  domain: models.example.com\n",
          "  certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/1\n",
        ],
        inEurope("entry: { certificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/1 }"),
      ],
      said: ["error  door  its name is entry.domain; add that"],
    },
    {
      name: "of another world",
      yaml: doorYaml("latency").replaceAll("us-east-1", "us-gov-west-1"),
      changes: [
        ["  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\n", ""],
        ["regions:\n  us-gov", "regions:\n  ▸us-gov"],
      ],
      said: [
        "error  regions.us-gov-west-1  a door leads to regions of partition aws only, and us-gov-west-1 is in aws-us-gov; leave the door out",
      ],
    },
  ]);
});

describe("what only one kind of door knows", () => {
  const unused = (path: string, routing: string, of: string) =>
    `error  ${path}  means nothing with routing: ${routing}, only with ${of}; remove it, or change routing`;
  testRules([
    {
      name: "an order without failover",
      yaml: doorYaml("latency", "  ▸order: [us-east-1, eu-west-1]\n"),
      changes: [],
      said: [unused("door.order", "latency", "failover")],
    },
    {
      name: "an accelerator that is none",
      yaml: doorYaml("weighted", "  ▸accelerator: { clientAffinity: source-ip }\n"),
      changes: [],
      said: [unused("door.accelerator", "weighted", "accelerator")],
    },
    {
      name: "health and models beside an accelerator",
      yaml: doorYaml("accelerator", "  ▸minimumHealthyModels: 1\n  ▸health: { interval: 30s }\n"),
      changes: [],
      said: [
        unused("door.minimumHealthyModels", "accelerator", "latency, failover or weighted"),
        unused("door.health", "accelerator", "latency, failover or weighted"),
      ],
    },
    {
      name: "a weight and a dial",
      yaml: doorYaml("latency"),
      changes: [inAmerica("▸weight: 10"), inEurope("▸dial: 10")],
      said: [
        unused("regions.us-east-1.weight", "latency", "weighted"),
        unused("regions.eu-west-1.dial", "latency", "accelerator"),
      ],
    },
    {
      name: "[dial-over] a dial over 100",
      yaml: doorYaml("accelerator"),
      changes: [inEurope("dial: ▸101")],
      said: ["error  regions.eu-west-1.dial  must be 0–100; got 101"],
    },
    {
      name: "a weight over 255",
      yaml: doorYaml("weighted"),
      changes: [inEurope("weight: ▸256")],
      said: ["error  regions.eu-west-1.weight  must be 0–255; got 256"],
    },
    {
      name: "anything at all, without a door",
      changes: [[AMERICA, `${AMERICA}    ▸traffic: drained\n    ▸weight: 1\n    ▸dial: 1\n`]],
      said: ["traffic", "weight", "dial"].map(
        (field) =>
          `error  regions.us-east-1.${field}  ${field} means nothing without a door; add door, or remove it`,
      ),
    },
  ]);
});

describe("an order of failover", () => {
  testRules([
    {
      name: "left out",
      yaml: doorYaml("failover").replace("door:", "▸door:"),
      changes: [],
      said: [
        "error  door  failover needs an order; write the regions best first, such as order: [eu-west-1, us-east-1]",
      ],
    },
    {
      name: "[failover-unknown] with a region that is not there",
      yaml: failover("[us-east-1, eu-west-1, ▸eu-west-2]"),
      changes: [],
      said: ['error  door.order[2]  "eu-west-2" is none of the regions; did you mean "eu-west-1"?'],
    },
    {
      name: "[failover-self] that comes back to where it was",
      yaml: failover("[us-east-1, eu-west-1, ▸us-east-1]"),
      changes: [],
      said: ["error  door.order[2]  us-east-1 repeats order[0], and would fail over to itself; remove it"],
    },
    {
      name: "that leaves a region out",
      yaml: failover("▸[us-east-1]"),
      changes: [],
      said: ["error  door.order  leaves out eu-west-1; add it, or say traffic: removed there"],
    },
    {
      name: "that leaves out a region that is removed",
      yaml: failover("[us-east-1]"),
      changes: [inEurope("traffic: removed")],
      said: [],
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
      said: [
        "error  door.order  a name in DNS says all of it, and would have 262 characters instead of 253 at most; say traffic: removed in the last ones, or another routing",
      ],
    },
    {
      name: "that names a region that is removed",
      yaml: FAILOVER,
      changes: [inEurope("traffic: removed")],
      said: [],
    },
  ]);
});

describe("traffic", () => {
  testRules([
    {
      name: "drained in one region",
      yaml: doorYaml("weighted"),
      changes: [inEurope("traffic: drained")],
      said: [],
    },
    {
      name: "served nowhere",
      yaml: doorYaml("latency").replace("\nregions:", "\n▸regions:"),
      changes: [inAmerica("traffic: drained"), inEurope("traffic: removed")],
      said: ["error  regions  every region is drained or removed, and the door leads nowhere; serve one"],
    },
    {
      name: "weighed with 0 in one region",
      yaml: doorYaml("weighted"),
      changes: [inEurope("weight: 0")],
      said: [],
    },
    {
      name: "weighed with 0 in the only region that is served",
      yaml: doorYaml("weighted"),
      changes: [inAmerica("weight: 0"), inEurope("traffic: drained")],
      said: [],
    },
    {
      name: "weighed with 0 in all of several regions that are served",
      yaml: doorYaml("weighted"),
      changes: [inAmerica("weight: ▸0"), inEurope("weight: ▸0")],
      said: ["us-east-1", "eu-west-1"].map(
        (region) =>
          `error  regions.${region}.weight  weights sum to 0, which Route 53 takes for all alike; give one region more`,
      ),
    },
    {
      name: "weighed with 0 in all that are served, as standbys of one that is drained",
      yaml: doorYaml("weighted"),
      changes: [
        inAmerica("weight: 0"),
        inEurope("traffic: drained"),
        [
          "models:\n",
          "  ca-central-1:\n    weight: 0\n    network: { create: { cidr: 10.2.0.0/16 } }\nmodels:\n",
        ],
      ],
      said: [],
    },
    {
      name: "dialled to 0 in the only region that is served",
      yaml: doorYaml("accelerator"),
      changes: [inAmerica("dial: ▸0"), inEurope("traffic: drained")],
      said: [
        "error  regions.us-east-1.dial  every dial is 0, and where Global Accelerator then sends clients AWS does not say; give one region more",
      ],
    },
    {
      name: "dialled to 0 everywhere",
      yaml: doorYaml("accelerator"),
      changes: [inAmerica("dial: ▸0"), inEurope("dial: ▸0")],
      said: ["us-east-1", "eu-west-1"].map(
        (region) =>
          `error  regions.${region}.dial  every dial is 0, and where Global Accelerator then sends clients AWS does not say; give one region more`,
      ),
    },
  ]);
});

describe("models that clients of the door count on", () => {
  testRules([
    {
      name: "that nobody knows",
      yaml: doorYaml("latency", "  models: [llama, ▸lama]\n"),
      changes: [],
      said: ['error  door.models[1]  model "lama" is not defined; did you mean "llama"?'],
    },
    {
      name: "that stand there twice",
      yaml: doorYaml("latency", "  models: [llama, ▸llama]\n"),
      changes: [],
      said: ["error  door.models[1]  llama repeats models[0]; remove it"],
    },
    {
      name: "that a region leaves out",
      yaml: doorYaml("latency"),
      changes: [SECOND_MODEL, inEurope("models: { whisper: ▸false }")],
      said: [
        "error  regions.eu-west-1.models.whisper  clients of the door that want whisper would get a 404 in eu-west-1; serve it there, or name the others in door.models",
      ],
    },
    {
      name: "without the one that a region leaves out",
      yaml: doorYaml("latency", "  models: [llama]\n"),
      changes: [SECOND_MODEL, inEurope("models: { whisper: false }")],
      said: [],
    },
    {
      name: "that a region leaves out to which the door does not lead",
      yaml: doorYaml("latency"),
      changes: [SECOND_MODEL, inEurope("models: { whisper: false }\n    traffic: removed")],
      said: [],
    },
    {
      name: "fewer than have to be healthy",
      yaml: doorYaml("latency", "  minimumHealthyModels: ▸2\n"),
      changes: [],
      said: ["error  door.minimumHealthyModels  2 of 1 can never be healthy; use 1 or fewer"],
    },
  ]);
});

describe("regions under one door", () => {
  testRules([
    {
      name: "under names of their own",
      yaml: doorYaml("latency"),
      changes: [inEurope("entry: { domain: ▸other.example.com }")],
      said: [
        "error  regions.eu-west-1.entry.domain  domain is other.example.com in eu-west-1 and models.example.com in us-east-1, under one door whose name would not lead to it; make them alike",
      ],
    },
    {
      name: "of which one speaks HTTP",
      yaml: doorYaml("latency"),
      changes: [inEurope("entry: { protocol: ▸unencrypted-http }")],
      said: [
        "error  regions.eu-west-1.entry.protocol  protocol is unencrypted-http in eu-west-1 and https in us-east-1, under one door whose clients would speak another protocol there; make them alike",
      ],
    },
    {
      name: "of which one is within a network",
      yaml: doorYaml("latency"),
      changes: [inEurope("entry: { scheme: ▸internal }")],
      said: [
        "error  regions.eu-west-1.entry.scheme  scheme is internal in eu-west-1 and internet-facing in us-east-1, under one door whose clients cannot reach both; make them alike",
      ],
    },
    {
      name: "of which one does not redirect from HTTP",
      yaml: doorYaml("accelerator"),
      changes: [inAmerica("entry: { redirectHttp: ▸false }")],
      said: [
        "error  regions.us-east-1.entry.redirectHttp  redirectHttp is true in eu-west-1 and false in us-east-1, under one door whose clients at port 80 would get no answer there; make them alike",
      ],
    },
    {
      name: "of which one has IPv6",
      yaml: doorYaml("latency"),
      changes: [inAmerica("entry: { dualStack: ▸true }")],
      said: [
        "error  regions.us-east-1.entry.dualStack  dualStack is false in eu-west-1 and true in us-east-1, under one door whose clients with IPv6 would all come to the same regions; make them alike",
      ],
    },
    {
      name: "of which one alone answers what no route matches",
      yaml: doorYaml("latency"),
      changes: [inEurope("entry: { default: ▸llama }")],
      said: [
        "error  regions.eu-west-1.entry.default  default is llama in eu-west-1 and none in us-east-1, under one door whose clients would get another answer there where no route matches; make them alike",
      ],
    },
    {
      name: "of which one answers by another model what no route matches",
      yaml: doorYaml("latency"),
      changes: [
        [SECOND_MODEL[0], SECOND_MODEL[1].replace("g6.2xlarge", "g5.2xlarge")],
        ["  domain: models", "  default: llama\n  domain: models"],
        inEurope("entry: { default: ▸whisper }"),
      ],
      said: [
        "error  regions.eu-west-1.entry.default  default is whisper in eu-west-1 and llama in us-east-1, under one door whose clients would get another answer there where no route matches; make them alike",
      ],
    },
    {
      name: "of which one has another default, that the door no longer knows",
      yaml: doorYaml("latency"),
      changes: [inEurope("traffic: removed\n    entry: { default: llama }")],
      said: [],
    },
    {
      name: "that each say the same default",
      yaml: doorYaml("latency"),
      changes: [inAmerica("entry: { default: llama }"), inEurope("entry: { default: llama }")],
      said: [],
    },
    {
      name: "of which one lets others in",
      yaml: doorYaml("latency"),
      changes: [inEurope("entry: { allow: ▸[198.51.100.0/24] }")],
      said: [
        "warning  regions.eu-west-1.entry.allow  us-east-1 lets in other clients than eu-west-1, and a client of the door may come to either; make them alike",
      ],
    },
  ]);
});

describe("regions sized for the loss of another", () => {
  const demand: readonly [string, string] = [
    "capacity: { min: 3, max: 6 }",
    "capacity: { peakRequestsPerMinute: 600, requestsPerMinutePerBox: 100 }",
  ];
  const more = ["ca-central-1", "us-west-2"].map(
    (region, index) => `  ${region}:\n    network: { create: { cidr: 10.${index + 2}.0.0/16 } }\n`,
  );
  const sized = (regions: number, survive = "region"): readonly (readonly [string, string])[] => [
    demand,
    ["models:\n", `${more.slice(0, regions - 2).join("")}survive: ${survive}\nmodels:\n`],
  ];
  const tooMany = (region: string, served: string) =>
    `warning  regions.${region}.traffic  while eu-west-1 and us-east-1 are drained, ${served} more clients than by the loss of one region, for which they are sized`;
  testRules([
    {
      name: "with a door that brings the clients",
      yaml: doorYaml("latency"),
      changes: [demand, ["models:\n", "survive: region\nmodels:\n"]],
      said: [],
    },
    {
      name: "with only one of them served",
      yaml: doorYaml("latency"),
      changes: [demand, ["models:\n", "survive: region\nmodels:\n"], inEurope("traffic: ▸drained")],
      said: [
        "warning  regions.eu-west-1.traffic  while eu-west-1 is drained, nothing survives the loss of us-east-1, the only region that is served",
      ],
    },
    {
      name: "with one of three drained",
      yaml: doorYaml("latency"),
      changes: [...sized(3), inEurope("traffic: drained")],
      said: [],
    },
    {
      name: "with two of four drained",
      yaml: doorYaml("latency"),
      changes: [...sized(4), inAmerica("traffic: ▸drained"), inEurope("traffic: ▸drained")],
      said: [
        tooMany("us-east-1", "ca-central-1 and us-west-2 get"),
        tooMany("eu-west-1", "ca-central-1 and us-west-2 get"),
      ],
    },
    {
      name: "with two of four drained, and an accelerator",
      yaml: doorYaml("accelerator"),
      changes: [...sized(4), inAmerica("traffic: ▸drained"), inEurope("traffic: ▸drained")],
      said: [
        tooMany("us-east-1", "ca-central-1 and us-west-2 get"),
        tooMany("eu-west-1", "ca-central-1 and us-west-2 get"),
      ],
    },
    {
      name: "with two of four drained, and an order by which one serves all of another",
      yaml: failover("[us-east-1, eu-west-1, ca-central-1, us-west-2]"),
      changes: [...sized(4), inAmerica("traffic: drained"), inEurope("traffic: drained")],
      said: [],
    },
    {
      name: "with two of four drained, one of which is a standby",
      yaml: doorYaml("weighted"),
      changes: [...sized(4), inAmerica("traffic: drained"), inEurope("weight: 0\n    traffic: drained")],
      said: [],
    },
    {
      name: "with two of three drained, one of which is one of two standbys",
      yaml: doorYaml("weighted"),
      changes: [
        ...sized(3).map(([from, to]): readonly [string, string] => [
          from,
          to.replace("  ca-central-1:\n", "  ca-central-1:\n    weight: 0\n"),
        ]),
        inAmerica("traffic: ▸drained"),
        inEurope("weight: 0\n    traffic: ▸drained"),
      ],
      said: ["us-east-1", "eu-west-1"].map(
        (region) =>
          `warning  regions.${region}.traffic  while eu-west-1 and us-east-1 are drained, ca-central-1 gets more clients than by the loss of one region, for which it is sized; and nothing survives the loss of ca-central-1, the only region that is served`,
      ),
    },
    {
      name: "with two of four drained, which weigh less than one of the others",
      yaml: doorYaml("weighted"),
      changes: [
        ...sized(4),
        inAmerica("weight: 5\n    traffic: drained"),
        inEurope("weight: 5\n    traffic: drained"),
      ],
      said: [],
    },
    {
      name: "with two of four drained, which survive a zone",
      yaml: doorYaml("latency"),
      changes: [...sized(4, "zone"), inAmerica("traffic: drained"), inEurope("traffic: drained")],
      said: [],
    },
    {
      name: "with two of three drained",
      yaml: doorYaml("latency"),
      changes: [...sized(3), inAmerica("traffic: ▸drained"), inEurope("traffic: ▸drained")],
      said: ["us-east-1", "eu-west-1"].map(
        (region) =>
          `warning  regions.${region}.traffic  while eu-west-1 and us-east-1 are drained, ca-central-1 gets more clients than by the loss of one region, for which it is sized; and nothing survives the loss of ca-central-1, the only region that is served`,
      ),
    },
    {
      name: "with one of them left, once the other is removed",
      yaml: doorYaml("latency"),
      changes: [demand, ["models:\n", "survive: ▸region\nmodels:\n"], inEurope("traffic: removed")],
      said: [
        "error  survive  llama is served in us-east-1 alone once eu-west-1 is removed, and losing the region loses it; serve it in another one, or say survive: zone",
      ],
    },
    {
      name: "but the one that is left, which survives a zone",
      yaml: doorYaml("latency"),
      changes: [
        demand,
        ["models:\n", "survive: zone\nmodels:\n"],
        inEurope("models: { llama: { survive: region } }\n    traffic: removed"),
      ],
      said: [],
    },
    {
      name: "with only one of them served, and an accelerator that fails over to those that are drained",
      yaml: doorYaml("accelerator"),
      changes: [demand, ["models:\n", "survive: region\nmodels:\n"], inEurope("traffic: drained")],
      said: [],
    },
    {
      name: "without anybody who brings the clients",
      yaml: doorYaml("latency").replace("door:\n  routing: latency\n", ""),
      changes: [demand, ["models:\n", "survive: ▸region\nmodels:\n"]],
      said: ["warning  survive  nothing sends the clients of a lost region to the others; add a door"],
    },
  ]);
});
