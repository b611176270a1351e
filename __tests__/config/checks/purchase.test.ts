import { testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const REQUEST = "longestRequest: 5m";
const SHORT: readonly [string, string] = [REQUEST, "longestRequest: 90s"];
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

describe("Spot", () => {
  testRules([
    { name: "for short requests", changes: [SHORT, with_("spot: { share: 50 }")], expected: [] },
    {
      name: "[spot-drain] for long requests",
      changes: [[REQUEST, "longestRequest: 91s"], with_("spot: ▸{ share: 50 }")],
      expected: [
        "warning  models.llama.spot  spot-cuts-requests  EC2 takes a Spot instance back 2m after its notice, whatever the drain: requests over 90s are cut then, and those of llama take up to 91s; put Spot instances into a variant of their own, such as variants: { steady: { weight: 80 }, spot: { weight: 20, spot: { share: 100 }, accept: { spot-cuts-requests: clients try again } } }, so that only its share is at risk, leave spot out, or accept this if clients try again",
      ],
    },
    {
      name: "for long requests, in a variant of their own",
      changes: [with_("variants: { steady: { weight: 80 }, spot: { weight: 20, spot: ▸{ share: 100 } } }")],
      expected: [
        "warning  models.llama.variants.spot.spot  spot-cuts-requests  EC2 takes a Spot instance back 2m after its notice, whatever the drain: requests over 90s are cut then, and those of llama take up to 5m; leave spot out, or accept this if clients try again",
      ],
    },
    {
      name: "for long requests, as the warning says",
      changes: [
        with_(
          "variants: { steady: { weight: 80 }, spot: { weight: 20, spot: { share: 100 }, accept: { spot-cuts-requests: clients try again } } }",
        ),
      ],
      expected: [],
    },
    {
      name: "for long requests, knowingly",
      changes: [with_("spot: { share: 50 }\n    accept: { spot-cuts-requests: clients try again }")],
      expected: [],
    },
    {
      name: "with more on-demand instances than there can be",
      changes: [SHORT, with_("spot: { share: 50, onDemandBase: ▸7 }")],
      expected: [
        "error  models.llama.spot.onDemandBase  on-demand-base-above-max  7 on-demand instances are more than max 6; use fewer, or leave spot out",
      ],
    },
    {
      name: "with all instances on demand",
      changes: [SHORT, with_("spot: { share: 50, onDemandBase: 6 }")],
      expected: [],
    },
    {
      name: "with no instance on demand",
      changes: [SHORT, with_("spot: { share: 100, onDemandBase: ▸0 }")],
      expected: [
        "warning  models.llama.spot.onDemandBase  all-instances-spot  all instances of llama in us-east-1 may be reclaimed at once; set spot.onDemandBase to 1 or more",
      ],
    },
    {
      name: "[spot-strategy] by a strategy that is none",
      changes: [SHORT, with_("spot: { share: 50, strategy: ▸cheapest }")],
      expected: [
        'error  models.llama.spot.strategy  unknown-word  "cheapest" is none of "price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized", "lowest-price"',
      ],
    },
    {
      name: "by an order that is given up",
      changes: [
        SHORT,
        with_(
          "instanceRequirements: { gpus: { min: 1 }, gpuMemory: 22GiB }\n    spot: { share: 50, strategy: ▸capacity-optimized-prioritized }",
        ),
      ],
      expected: [
        "error  models.llama.spot.strategy  spot-strategy-refused  capacity-optimized-prioritized needs an order of types, and instanceRequirements has none; use price-capacity-optimized",
      ],
    },
    {
      name: "by the order of the types",
      changes: [SHORT, with_("spot: { share: 50, strategy: capacity-optimized-prioritized }")],
      expected: [],
    },
  ]);
});

describe("a warm pool", () => {
  testRules([
    {
      name: "of Spot instances",
      changes: [SHORT, with_("spot: { share: 50 }\n    warmPool: ▸{}")],
      expected: [
        "error  models.llama.warmPool  warm-pool-refused  AWS keeps no warm pool of groups with Spot instances; remove one of the two",
      ],
    },
    {
      name: "of types that AWS chooses",
      changes: [with_("instanceRequirements: { gpus: { min: 1 }, gpuMemory: 22GiB }\n    warmPool: {}")],
      expected: [],
    },
    {
      name: "with the ends swapped",
      changes: [with_("warmPool: { min: 3, maxPrepared: ▸2 }")],
      expected: [
        "error  models.llama.warmPool.maxPrepared  min-above-max  maxPrepared 2 < min 3; swap them, or raise maxPrepared",
      ],
    },
    { name: "of just so many", changes: [with_("warmPool: { min: 3, maxPrepared: 3 }")], expected: [] },
    { name: "of what is left of max", changes: [with_("warmPool: { min: 3 }")], expected: [] },
  ]);
});
