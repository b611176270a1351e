import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const PEAK = "peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100";
const SCALING = "\n    scaling: { requestsPerMinutePerInstance: 60 }";
const capacity = (fields: string): readonly [string, string] => [CAPACITY, `capacity: ${fields}`];
const NOTHING: readonly [string, string] = ["models:\n", "survive: nothing\nmodels:\n"];

describe("capacity", () => {
  testRules([
    {
      name: "left out",
      changes: [
        ["llama:\n    server", "▸llama:\n    server"],
        [`${CAPACITY}\n    `, ""],
      ],
      expected: [
        "error  models.llama.capacity  capacity-missing  is required: min and max, or peakRequestsPerMinute and requestsPerMinutePerInstance, or a typicalRequest to estimate that from",
      ],
    },
    {
      name: "that says nothing",
      changes: [capacity("▸{}")],
      expected: [
        "error  models.llama.capacity  capacity-incomplete  is incomplete; add peakRequestsPerMinute and requestsPerMinutePerInstance, or min and max",
      ],
    },
    {
      name: "without what an instance serves",
      changes: [capacity("▸{ peakRequestsPerMinute: 100 }")],
      expected: [
        "error  models.llama.capacity  capacity-incomplete  is incomplete; add requestsPerMinutePerInstance, or min and max",
      ],
    },
    {
      name: "without the demand",
      changes: [capacity("▸{ requestsPerMinutePerInstance: 100, max: 6 }")],
      expected: [
        "error  models.llama.capacity  capacity-incomplete  is incomplete; add peakRequestsPerMinute, or min and max",
      ],
    },
    {
      name: "with a demand that cannot be weighed",
      changes: [capacity("{ min: 3, peakRequestsPerMinute: ▸100 }")],
      expected: [
        "error  models.llama.capacity.peakRequestsPerMinute  field-without-effect  means nothing without requestsPerMinutePerInstance; add it",
      ],
    },
    {
      name: "of demand alone",
      changes: [capacity("{ peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }")],
      expected: [],
    },
    {
      name: "[min-gt-max] with the ends swapped",
      changes: [capacity("{ min: ▸5, max: 2 }")],
      expected: ["error  models.llama.capacity.min  min-above-max  min 5 > max 2; swap them, or raise max"],
    },
    {
      name: "with less at most than carries the peak",
      changes: [capacity("{ peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100, max: ▸8 }")],
      expected: [
        "error  models.llama.capacity.max  max-below-need  max 8 < 9, the fewest instances that carry the peak (npm run explain shows why); raise max",
      ],
    },
    {
      name: "with as much at most as carries the peak",
      changes: [
        capacity("{ peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100, max: 9 }"),
        [SCALING, "\n    rollout: { minHealthy: 90 }"],
      ],
      expected: [],
    },
    {
      name: "of nothing",
      changes: [NOTHING, capacity("{ min: 0, max: ▸0 }")],
      expected: [
        "error  models.llama.capacity.max  max-zero  max 0 serves nothing; leave the variant or the model out instead",
      ],
    },
    {
      name: "that may be nothing",
      changes: [NOTHING, capacity("{ min: ▸0, max: 3 }")],
      expected: [
        "error  models.llama.capacity.min  min-zero  min 0 lets the group shrink to no instances, and an empty group counts no requests, so it never grows; use 1 or more",
      ],
    },
    {
      name: "that may be nothing, of a variant without requests",
      changes: [
        [
          CAPACITY,
          `${CAPACITY}\n    variants:\n      main: { weight: 1 }\n      next: { weight: 0, capacity: { min: 0, max: 2 } }`,
        ],
      ],
      expected: [],
    },
    ...["2.5", '"2"', ".nan", ".inf"].map((min) => ({
      name: `[fraction-nan] with ${min} instances`,
      changes: [capacity(`{ min: ▸${min}, max: 6 }`)],
      expected: [
        min === '"2"'
          ? 'error  models.llama.capacity.min  wrong-type  expected a whole number; got a string ("2"); write 2 without quotes'
          : `error  models.llama.capacity.min  wrong-type  must be a whole number; got ${{ ".nan": "NaN", ".inf": "Infinity" }[min] ?? min}`,
      ],
    })),
    {
      name: "[desired-out] with a number that Auto Scaling decides",
      changes: [capacity("{ min: 2, max: 4, ▸desired: 9 }")],
      expected: [
        'error  models.llama.capacity.desired  unknown-field  unknown field "desired"; there are min, max, peakRequestsPerMinute, requestsPerMinutePerInstance, typicalRequest',
      ],
    },
  ]);
});

describe("surviving the loss of a zone", () => {
  const survival = (min: number, zones: number, wanted: number, peak = "") =>
    `error  models.llama.capacity.min  zone-loss-not-survived  min ${min} cannot survive the loss of one of ${zones} zones${peak}; need ≥ ${wanted}, or survive: nothing${peak && ", or accept min-below-peak"}`;
  testRules([
    {
      name: "[min-1-ha] with one instance",
      changes: [capacity("{ min: ▸1, max: 6 }")],
      expected: [survival(1, 3, 2)],
    },
    { name: "with two instances", changes: [capacity("{ min: 2, max: 6 }")], expected: [] },
    { name: "given up, with one instance", changes: [NOTHING, capacity("{ min: 1, max: 6 }")], expected: [] },
    {
      name: "given up by the model, with one instance",
      changes: [capacity("{ min: 1, max: 6 }\n    survive: nothing")],
      expected: [],
    },
    {
      name: "wanted by the model, with one instance",
      changes: [NOTHING, capacity("{ min: ▸1, max: 6 }\n    survive: zone")],
      expected: [survival(1, 3, 2)],
    },
    {
      name: "at the peak, with too few",
      changes: [
        capacity("{ min: ▸8, max: 12, peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }"),
      ],
      expected: [survival(8, 3, 9, " at the peak, which takes 6 instances")],
    },
    {
      name: "at the peak, with too few, which the file accepts",
      changes: [
        capacity(`{ min: 8, max: 12, ${PEAK} }\n    accept: { "min-below-peak": "clients try again" }`),
      ],
      expected: [],
    },
    {
      name: "at the peak, with one, which it cannot accept",
      changes: [
        capacity(`{ min: ▸1, max: 12, ${PEAK} }\n    accept: { "min-below-peak": "clients try again" }`),
      ],
      expected: [survival(1, 3, 9, " at the peak, which takes 6 instances").replace(/, or accept.*/, "")],
    },
    {
      name: "at a peak that is not written",
      changes: [capacity("{ min: ▸4, max: 6, requestsPerMinutePerInstance: 100 }")],
      expected: [
        "warning  models.llama.capacity.min  min-below-peak  min 4 cannot survive the loss of one of 3 zones at a peak over 200 requests a minute, which takes more than the 2 instances that are left; add peakRequestsPerMinute, or write survive: nothing, or accept min-below-peak",
      ],
    },
    {
      name: "at a peak that is not written, with room for a rollout only",
      changes: [capacity("{ min: 4, max: 5, requestsPerMinutePerInstance: 100 }")],
      expected: [],
    },
    {
      name: "given up, at a peak that is not written",
      changes: [NOTHING, capacity("{ min: 4, max: 6, requestsPerMinutePerInstance: 100 }")],
      expected: [],
    },
    {
      name: "at the peak, with enough",
      changes: [
        capacity("{ min: 9, max: 12, peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }"),
      ],
      expected: [],
    },
    {
      name: "with too few of a variant that gets no requests",
      changes: [
        [
          CAPACITY,
          `${CAPACITY}\n    variants:\n      main: { weight: 1 }\n      next: { weight: 0, capacity: { min: 1, max: 2 } }`,
        ],
      ],
      expected: [],
    },
    {
      name: "with instances in one zone",
      changes: [
        [
          "network:\n      create:\n        cidr: 10.0.0.0/16",
          "network:\n      ▸existing:\n        vpcId: vpc-0123456789abcdef0\n        albSubnetIds: [subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2]\n        instanceSubnetIds: [subnet-0ccccccccccccccc3]",
        ],
      ],
      expected: [
        "error  regions.us-east-1.network  instances-in-one-zone  all instances are in one zone, and its loss takes down llama; use subnets in two or more zones, or write survive: nothing",
      ],
    },
  ]);
});

describe("surviving the loss of a region", () => {
  const DEMAND = "peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100";
  const ANOTHER: readonly [string, string] = [
    "        cidr: 10.0.0.0/16\n",
    "        cidr: 10.0.0.0/16\n  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\n",
  ];
  const everywhere: readonly [string, string] = [
    "models:\n",
    "survive: region\nglobalEndpoint: { routing: latency }\nmodels:\n",
  ];
  testRules([
    {
      name: "with the demand said",
      changes: [ANOTHER, everywhere, capacity(`{ ${DEMAND} }`)],
      expected: [],
    },
    {
      name: "with as many instances as that takes",
      changes: [ANOTHER, everywhere, capacity(`{ min: 12, max: 20, ${DEMAND} }`)],
      expected: [],
    },
    {
      name: "with too few instances for another region",
      changes: [ANOTHER, everywhere, capacity(`{ min: ▸11, max: 20, ${DEMAND} }`)],
      expected: [
        ...["us-east-1", "eu-west-1"].map(
          (region) =>
            `error  models.llama.capacity.min  region-loss-not-survived  min 11 cannot survive the loss of another region at the peak, after which ${region} serves 1200 requests a minute; need ≥ 12, or survive: zone, or accept min-below-peak`,
        ),
      ].sort(),
    },
    {
      name: "with too few instances for a zone, which takes more",
      changes: [
        ANOTHER,
        ["cidr: 10.1.0.0/16 }", "cidr: 10.1.0.0/16, zones: 2 }"],
        [
          "    network: { create",
          "    models: { llama: { capacity: { peakRequestsPerMinute: 1, requestsPerMinutePerInstance: 100 } } }\n    network: { create",
        ],
        everywhere,
        capacity(`{ min: ▸8, max: 20, ${DEMAND} }`),
      ],
      expected: [
        "error  models.llama.capacity.min  zone-loss-not-survived  min 8 cannot survive the loss of one of 3 zones at the peak, which takes 6 instances; need ≥ 9, or survive: nothing, or accept min-below-peak",
      ],
    },
    {
      name: "without the demand",
      changes: [ANOTHER, everywhere, capacity("▸{ min: 3, max: 6 }")],
      expected: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `error  models.llama.capacity  takeover-unknown  does not say how much ${region} takes over from a lost region; add peakRequestsPerMinute and requestsPerMinutePerInstance, or write survive: zone`,
      ),
    },
    {
      name: "without the demand of a variant that gets no requests",
      changes: [
        ANOTHER,
        everywhere,
        capacity(
          `{ ${DEMAND} }\n    variants:\n      main: { weight: 1 }\n      next: { weight: 0, capacity: { min: 2, max: 3 } }`,
        ),
      ],
      expected: [],
    },
    {
      name: "with one region",
      changes: [["models:\n", "survive: ▸region\nmodels:\n"], capacity(`{ ${DEMAND} }`)],
      expected: [
        "error  survive  served-in-one-region  llama is served in us-east-1 only, so it does not survive the loss of that region; serve it in another one too, or write survive: zone",
      ],
    },
    {
      name: "with one region, wanted by the model",
      changes: [capacity(`{ ${DEMAND} }\n    survive: ▸region`)],
      expected: ["error  models.llama.survive  served-in-one-region"],
    },
    {
      name: "wanted by a region, which says so",
      changes: [
        [
          "        cidr: 10.0.0.0/16\n",
          "        cidr: 10.0.0.0/16\n    models: { llama: { survive: ▸region } }\n",
        ],
        capacity(`{ ${DEMAND} }`),
      ],
      expected: ["error  regions.us-east-1.models.llama.survive  served-in-one-region"],
    },
  ]);
});

describe("growing", () => {
  testRules([
    {
      name: "late, after the instances are full",
      changes: [
        capacity("{ peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }"),
        ["{ requestsPerMinutePerInstance: 60 }", "{ requestsPerMinutePerInstance: ▸101 }"],
      ],
      expected: [
        "error  models.llama.scaling.requestsPerMinutePerInstance  scaling-target-too-high  the scaling target of 101 requests a minute per instance is more than the 100 that an instance serves; use 80",
      ],
    },
    {
      name: "as soon as the instances are full",
      changes: [
        capacity("{ peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }"),
        ["{ requestsPerMinutePerInstance: 60 }", "{ requestsPerMinutePerInstance: 100 }"],
      ],
      expected: [],
    },
    {
      name: "not at all, though a new instance has to come before an old one goes",
      changes: [capacity("{ min: 3, max: ▸3 }")],
      expected: [
        "warning  models.llama.capacity.max  no-room-for-rollout  max 3 leaves no room for a new instance beside the old ones in us-east-1; use max 4, or set rollout.minHealthy to the percentage that must stay healthy",
      ],
    },
    {
      name: "not at all, and one instance may be missing",
      changes: [capacity("{ min: 3, max: 3 }\n    rollout: { minHealthy: 66 }")],
      expected: [],
    },
    {
      name: "for a reason that nobody gives",
      changes: [capacity("{ min: 3, max: ▸5 }"), [SCALING, ""]],
      expected: [
        "warning  models.llama.capacity.max  no-scaling  nothing makes llama grow from 3 to 5 instances; add scaling.requestsPerMinutePerInstance",
      ],
    },
    {
      name: "by what waits on the instances",
      changes: [
        capacity("{ min: 3, max: 5 }"),
        ["scaling: { requestsPerMinutePerInstance: 60 }", "scaling: { waitingRequestsPerInstance: 4 }"],
      ],
      expected: [],
    },
    {
      name: "by what waits, on a server that does not count it",
      changes: [
        server("ollama"),
        [
          "scaling: { requestsPerMinutePerInstance: 60 }",
          "scaling: { requestsPerMinutePerInstance: 60, waitingRequestsPerInstance: ▸4 }",
        ],
      ],
      expected: [
        "error  models.llama.scaling.waitingRequestsPerInstance  waiting-metric-unknown  the metric of ollama that counts waiting requests is not known; name it in metrics.waiting, or use requestsPerMinutePerInstance",
      ],
    },
    {
      name: "by what waits, on a server that shows it at any port",
      changes: [
        server("ray-serve"),
        ["loadTime:", "probe: health\n    arguments: [serve, run, /models/app.yaml]\n    loadTime:"],
        [
          "scaling: { requestsPerMinutePerInstance: 60 }",
          "scaling: { requestsPerMinutePerInstance: 60, waitingRequestsPerInstance: ▸4 }",
        ],
      ],
      expected: [
        "error  models.llama.scaling.waitingRequestsPerInstance  waiting-metric-unknown  the port and path of the metrics of ray-serve are not known; write them in metrics, or use requestsPerMinutePerInstance",
      ],
    },
    {
      name: "by what waits, on a server whose gauge is named",
      changes: [
        ["server: vllm", "server: vllm\n    metrics: { port: 9000, path: /metrics, waiting: queue }"],
        ["scaling: { requestsPerMinutePerInstance: 60 }", "scaling: { waitingRequestsPerInstance: 0.5 }"],
      ],
      expected: [],
    },
    {
      name: "by what waits, where CloudWatch does not hear of it",
      changes: [
        ["alarms:", "observability: false\nalarms:"],
        ["scaling: { requestsPerMinutePerInstance: 60 }", "scaling: { waitingRequestsPerInstance: ▸4 }"],
      ],
      expected: [
        "error  models.llama.scaling.waitingRequestsPerInstance  waiting-metric-not-collected  observability is false in us-east-1, so CloudWatch does not get the number of waiting requests; turn it on, or use requestsPerMinutePerInstance",
      ],
    },
    {
      name: "by the instance that replaces another",
      changes: [capacity("{ min: 3, max: 4 }"), [SCALING, ""]],
      expected: [],
    },
  ]);
});

describe("a rollout", () => {
  const rollout = (fields: string) => capacity(`{ min: 3, max: 6 }\n    rollout: { ${fields} }`);
  testRules([
    {
      name: "[refresh-gap] with too far between least and most",
      changes: [rollout("minHealthy: 50, maxHealthy: ▸200")],
      expected: [
        "error  models.llama.rollout.maxHealthy  rollout-range-refused  maxHealthy − minHealthy must be 0 to 100; got 200 − 50",
      ],
    },
    { name: "as far as AWS goes", changes: [rollout("minHealthy: 100, maxHealthy: 200")], expected: [] },
    {
      name: "that keeps no instance in service",
      changes: [rollout("minHealthy: ▸0")],
      expected: [
        "warning  models.llama.rollout.minHealthy  rollout-takes-all-instances  0 lets a new version take all instances out of service at once; use 100, or at least 50",
      ],
    },
    {
      name: "that rests at no place",
      changes: [rollout("checkpointDelay: ▸1h")],
      expected: [
        "error  models.llama.rollout.checkpointDelay  field-without-effect  means nothing without checkpoints; add them, or remove it",
      ],
    },
    ...["50, 10, 100", "10, 10, 100", "10, 50"].map((checkpoints) => ({
      name: `that rests at ${checkpoints}`,
      changes: [rollout(`checkpoints: ▸[${checkpoints}]`)],
      expected: [
        `error  models.llama.rollout.checkpoints  checkpoints-do-not-rise  ${checkpoints} must rise and end with 100, such as 10, 50, 100`,
      ],
    })),
    {
      name: "that rests at 10, 50, 100",
      changes: [rollout("checkpoints: [10, 50, 100], checkpointDelay: 1h")],
      expected: [],
    },
    { name: "that rests at the end", changes: [rollout("checkpoints: [100]")], expected: [] },
  ]);
});
