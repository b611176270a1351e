import fc from "fast-check";
import { doorFile, doorYaml } from "../../support/door-file";
import { testRules } from "../../support/rule-cases";
import { loadFile, validModel } from "../../support/serving-file";

const with_ = (fields: string): readonly [string, string] => [
  "    loadTime: 6m\n",
  `    loadTime: 6m\n    ${fields}\n`,
];
const CAPACITY = "    capacity: { min: 3, max: 6 }\n";
const SCALING = "    scaling: { requestsPerMinutePerBox: 60 }\n";
const QWEN_AT_ANOTHER_PORT: readonly [string, string] = [
  SCALING,
  `${SCALING}  qwen:\n    server: custom\n    port: 8000\n    health: { path: /health, port: 9000 }\n    probe: health\n    timing: { serverKeepAlive: 400s }\n    image: acme/server:1\n    weights: { uri: s3://example-weights/qwen/, size: 15GiB }\n    instanceTypes: [g5.2xlarge]\n    loadTime: 6m\n    longestRequest: 5m\n    capacity: { min: 3, max: 6 }\n${SCALING}`,
];
const ASK = doorYaml("latency", "  health: { requests: ▸true }\n");
const cannotAsk = (reason: string) =>
  `error  door.health.requests  Route 53 cannot ask: ${reason}; leave requests out, and alarms tell where it cannot`;

const takesOut = (variant: string, regions: string) =>
  `warning  models.llama.variants.${variant}  while none of its boxes is healthy, an accelerator takes ${regions} out, for clients of all models, though it has less than the highest weight; with routing: latency, failover or weighted only variants with the highest count`;

describe("behind an accelerator", () => {
  testRules([
    {
      name: "a threshold for DNS",
      yaml: doorYaml("accelerator"),
      changes: [with_("healthyTargets: { dnsFailover: ▸{ count: 1 } }")],
      said: [
        "error  models.llama.healthyTargets.dnsFailover  AWS wants no threshold for DNS behind an accelerator, whose clients ask no DNS; say dnsFailover: off, or leave it out",
      ],
    },
    {
      name: "no threshold for DNS, and a higher one for routing than DNS would have had",
      yaml: doorYaml("accelerator"),
      changes: [with_("healthyTargets: { dnsFailover: off, routing: { count: 2 } }")],
      said: [],
    },
    {
      name: "nothing said of DNS, and a higher threshold for routing than DNS would have had",
      yaml: doorYaml("accelerator"),
      changes: [with_("healthyTargets: { routing: { count: 2 } }")],
      said: [],
    },
    {
      name: "a region that AWS does not list for it",
      yaml: doorYaml("accelerator"),
      changes: [["  eu-west-1:", "  ▸ap-southeast-7:"]],
      said: [
        "warning  regions.ap-southeast-7  ap-southeast-7 is not among the regions that AWS lists for Global Accelerator; look it up there, or use routing: latency",
      ],
    },
    {
      name: "a region that AWS does not list for it, with records instead",
      yaml: doorYaml("latency"),
      changes: [["  eu-west-1:", "  ap-southeast-7:"]],
      said: [],
    },
    {
      name: "an idle variant",
      yaml: doorYaml("accelerator").replace("\n  llama:", "\n  ▸llama:"),
      changes: [
        [
          CAPACITY,
          `${CAPACITY}    variants: { main: { weight: 1 }, next: { weight: 0, capacity: { min: 0, max: 2 } } }\n`,
        ],
      ],
      said: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `error  models.llama  next may have no boxes in ${region}, and a target group without any counts as unhealthy to an accelerator, and the whole region with it; use min 1 or more`,
      ),
    },
    {
      name: "an idle variant in a region that the door does not know",
      yaml: doorYaml("accelerator"),
      changes: [
        [
          CAPACITY,
          `${CAPACITY}    variants: { main: { weight: 1 }, ▸next: { weight: 0, capacity: { min: 1, max: 2 } } }\n`,
        ],
        [
          "  eu-west-1:\n",
          "  eu-west-1:\n    traffic: removed\n    models: { llama: { variants: { next: { capacity: { min: 0, max: 2 } } } } }\n",
        ],
      ],
      said: [takesOut("next", "us-east-1")],
    },
    ...[0, 5].map((weight) => ({
      name: `a variant on trial with a weight of ${weight}`,
      yaml: doorYaml("accelerator"),
      changes: [
        [CAPACITY, `${CAPACITY}    variants: { main: { weight: 95 }, ▸next: { weight: ${weight} } }\n`],
      ] as const,
      said: [takesOut("next", "eu-west-1 and us-east-1")],
    })),
    {
      name: "a variant on trial in one region",
      yaml: doorYaml("accelerator"),
      changes: [
        [CAPACITY, `${CAPACITY}    variants: { ▸main: { weight: 5 }, next: { weight: 5 } }\n`],
        ["  eu-west-1:\n", "  eu-west-1:\n    models: { llama: { variants: { main: { weight: 1 } } } }\n"],
      ],
      said: [takesOut("main", "eu-west-1")],
    },
    {
      name: "variants that are equals",
      yaml: doorYaml("accelerator"),
      changes: [[CAPACITY, `${CAPACITY}    variants: { main: { weight: 5 }, next: { weight: 5 } }\n`]],
      said: [],
    },
    {
      name: "a variant on trial, with records instead",
      yaml: doorYaml("weighted"),
      changes: [[CAPACITY, `${CAPACITY}    variants: { main: { weight: 95 }, next: { weight: 5 } }\n`]],
      said: [],
    },
    {
      name: "an idle variant, with records instead",
      yaml: doorYaml("latency"),
      changes: [
        [
          CAPACITY,
          `${CAPACITY}    variants: { main: { weight: 1 }, next: { weight: 0, capacity: { min: 0, max: 2 } } }\n`,
        ],
      ],
      said: [],
    },
  ]);
});

test("behind an accelerator each variant that is on trial anywhere is named once, with where", () => {
  const REGIONS = ["eu-west-1", "us-east-1"] as const;
  const weights = fc
    .array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 })
    .filter((all) => all.some((weight) => weight > 0));
  fc.assert(
    fc.property(weights, weights, (...byRegion) => {
      const variantsIn = (place: number) =>
        Object.fromEntries(
          ["a", "b", "c"].map((name, index) => [name, { weight: byRegion[place]?.[index] ?? 0 }]),
        );
      const loaded = loadFile(
        doorFile(
          { routing: "accelerator" },
          Object.fromEntries(
            REGIONS.map((region, place) => [region, { models: { llama: { variants: variantsIn(place) } } }]),
          ),
          { models: { llama: { ...validModel(), variants: variantsIn(0) } } },
        ),
      );
      const said = (loaded.ok ? loaded.warnings : loaded.problems)
        .filter(({ path }) => path[2] === "variants")
        .map(({ path, message }) => [path.join("."), REGIONS.filter((region) => message.includes(region))]);
      const expected = ["a", "b", "c"]
        .map((name, index) => [
          `models.llama.variants.${name}`,
          REGIONS.filter((_, place) => {
            const all = byRegion[place] ?? [];
            return (all[index] ?? 0) < Math.max(...all);
          }),
        ])
        .filter(([, regions]) => regions?.length);
      expect(said).toEqual(expected);
    }),
  );
});

describe("variants that share the highest weight", () => {
  const variants = (weights: string): readonly [string, string] => [
    CAPACITY,
    `${CAPACITY}    variants: ${weights}\n`,
  ];
  const inIreland = (weights: string): readonly [string, string] => [
    "create: { cidr: 10.1.0.0/16 } }\n",
    `create: { cidr: 10.1.0.0/16 } }\n    models: { llama: { variants: ${weights} } }\n`,
  ];
  const ANOTHER: readonly [string, string] = [
    "models:\n",
    `models:\n  mistral: { server: vllm, image: "vllm/vllm-openai:v0.18.0", weights: { uri: s3://example-weights/mistral/, size: 15GiB }, instanceTypes: [g5.2xlarge], loadTime: 6m, longestRequest: 5m, capacity: { min: 4, max: 6 }, scaling: { requestsPerMinutePerBox: 60 } }\n`,
  ];
  const either = doorYaml("latency", "  minimumHealthyModels: 1\n");
  const tie = (where: string, rest: string) => `error  ${where}  ${rest}`;
  const COUNTED = "each of which would count as a model towards minimumHealthyModels";
  testRules([
    {
      name: "where either model may be out",
      yaml: either,
      changes: [ANOTHER, variants("{ blue: { weight: ▸50 }, green: { weight: 50 } }")],
      said: [
        tie(
          "models.llama.variants.blue.weight",
          `50 is the highest weight of llama, and that of green too, ${COUNTED}; use 51 for blue and 49 for green`,
        ),
      ],
    },
    {
      name: "as high as weights go, and small ones beside",
      yaml: either,
      changes: [
        ANOTHER,
        variants(
          "{ blue: { weight: ▸999 }, green: { weight: 999 }, red: { weight: 999 }, old: { weight: 9 } }",
        ),
      ],
      said: [
        tie(
          "models.llama.variants.blue.weight",
          `999 is the highest weight of llama, and that of green and red too, ${COUNTED}; use 999 for blue, 998 for green, 9 for old and 998 for red`,
        ),
      ],
    },
    {
      name: "too small to tell them apart, with a third",
      yaml: either,
      changes: [ANOTHER, variants("{ blue: { weight: ▸2 }, green: { weight: 2 }, old: { weight: 1 } }")],
      said: [
        tie(
          "models.llama.variants.blue.weight",
          `2 is the highest weight of llama, and that of green too, ${COUNTED}; use 51 for blue, 49 for green and 25 for old`,
        ),
      ],
    },
    {
      name: "in one region, that says so of one of them",
      yaml: either,
      changes: [
        ANOTHER,
        variants("{ blue: { weight: 50 }, green: { weight: 60 } }"),
        inIreland("{ green: { weight: ▸50 } }"),
      ],
      said: [
        tie(
          "regions.eu-west-1.models.llama.variants.green.weight",
          `50 is the highest weight of llama in eu-west-1, and that of blue too, ${COUNTED}; use 49 for blue and 51 for green`,
        ),
      ],
    },
    {
      name: "in one region, that says so of a third",
      yaml: either,
      changes: [
        ANOTHER,
        variants("{ blue: { weight: ▸50 }, green: { weight: 50 }, old: { weight: 60 } }"),
        inIreland("{ old: { weight: 0 } }"),
      ],
      said: [
        tie(
          "models.llama.variants.blue.weight",
          `50 is the highest weight of llama in eu-west-1, and that of green too, ${COUNTED}; use 51 for blue, 49 for green and 0 for old`,
        ),
      ],
    },
    {
      name: "where every model has to be healthy",
      yaml: doorYaml("latency", "  minimumHealthyModels: 2\n"),
      changes: [ANOTHER, variants("{ blue: { weight: 50 }, green: { weight: 50 } }")],
      said: [],
    },
    {
      name: "of a model that nobody counts on",
      yaml: doorYaml("latency", "  models: [mistral]\n  minimumHealthyModels: 1\n"),
      changes: [ANOTHER, variants("{ blue: { weight: 50 }, green: { weight: 50 } }")],
      said: [],
    },
  ]);
});

describe("how often Route 53 asks", () => {
  testRules([
    {
      name: "every 20 seconds",
      yaml: doorYaml("latency", "  health: { interval: ▸20s }\n"),
      changes: [],
      said: [
        "error  door.health.interval  must be 10s or 30s; got 20s (Route 53 API, HealthCheckConfig, RequestInterval)",
      ],
    },
    {
      name: "until it has failed eleven times",
      yaml: doorYaml("latency", "  health: { failureThreshold: ▸11 }\n"),
      changes: [],
      said: ["error  door.health.failureThreshold  must be 1–10; got 11"],
    },
    {
      name: "more than clients do",
      yaml: doorYaml("latency").replace("\n  llama:", "\n  ▸llama:"),
      changes: [["requestsPerMinutePerBox: 60", "requestsPerMinutePerBox: 20"]],
      said: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `warning  models.llama  Route 53 asks llama in ${region} about 36 times a minute, and its smallest group is steered to 60; say door.health: { interval: 30s }, or leave requests to alarms with door.health: { requests: false }`,
      ),
    },
    {
      name: "less than that",
      yaml: doorYaml("latency", "  health: { interval: 30s }\n"),
      changes: [["requestsPerMinutePerBox: 60", "requestsPerMinutePerBox: 20"]],
      said: [],
    },
    {
      name: "as seldom as it can, and still more than clients do",
      yaml: doorYaml("latency", "  health: { interval: 30s }\n").replace("\n  llama:", "\n  ▸llama:"),
      changes: [["requestsPerMinutePerBox: 60", "requestsPerMinutePerBox: 5"]],
      said: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `warning  models.llama  Route 53 asks llama in ${region} about 12 times a minute, and its smallest group is steered to 15; leave requests to alarms with door.health: { requests: false }`,
      ),
    },
    {
      name: "not at all",
      yaml: doorYaml("latency", "  health: { requests: false }\n"),
      changes: [["requestsPerMinutePerBox: 60", "requestsPerMinutePerBox: 5"]],
      said: [],
    },
  ]);
});

describe("told to ask", () => {
  testRules([
    { name: "what can be asked", yaml: ASK.replace("▸", ""), changes: [], said: [] },
    {
      name: "through a load balancer that nobody reaches from outside",
      yaml: ASK,
      changes: [["  allow: [203", "  scheme: internal\n  allow: [203"]],
      said: [cannotAsk("the load balancer is internal")],
    },
    {
      name: "over HTTP/2",
      yaml: ASK,
      changes: [
        with_("protocol: http2"),
        ["server: vllm", "server: sglang\n    arguments: [--enable-http2]"],
      ],
      said: [cannotAsk("it speaks HTTP/1.1, and llama http2")],
    },
    {
      name: "at another port",
      yaml: ASK,
      changes: [with_("health: { port: 9100 }")],
      said: [cannotAsk("llama tells its health at port 9100, which the load balancer does not serve")],
    },
    {
      name: "for an answer that is none to it",
      yaml: ASK,
      changes: [with_('health: { matcher: "401,404" }')],
      said: [cannotAsk("it takes 200–399 for healthy, and llama says 401,404")],
    },
    ...["200-499", "200,404", "399-400"].map((matcher) => ({
      name: `for ${matcher}, of which some are none to it`,
      yaml: ASK,
      changes: [with_(`health: { matcher: "${matcher}" }`)] as const,
      said: [cannotAsk(`it takes 200–399 for healthy, and llama says ${matcher}`)],
    })),
    {
      name: "for all answers that are some to it",
      yaml: ASK.replace("▸", ""),
      changes: [with_('health: { matcher: "200-299,301,399" }')],
      said: [],
    },
    {
      name: "over TLS 1.3",
      yaml: ASK,
      changes: [["  allow: [203", "  tlsPolicy: ELBSecurityPolicy-TLS13-1-3-2021-06\n  allow: [203"]],
      said: [cannotAsk("it speaks TLS up to 1.2")],
    },
    {
      name: "of two models the one that can be asked, though either may be out",
      yaml: doorYaml("latency", "  minimumHealthyModels: 1\n  health: { requests: ▸true, interval: 30s }\n"),
      changes: [QWEN_AT_ANOTHER_PORT],
      said: [cannotAsk("qwen tells its health at port 9000, which the load balancer does not serve")],
    },
    {
      name: "nothing, where of two models one can be asked and either may be out",
      yaml: doorYaml("latency", "  minimumHealthyModels: 1\n  health: { interval: 30s }\n"),
      changes: [QWEN_AT_ANOTHER_PORT],
      said: [],
    },
    {
      name: "what cannot be asked, without being told to",
      yaml: doorYaml("latency"),
      changes: [
        with_("protocol: grpc"),
        ["    server: vllm\n", "    server: vllm\n    probe: health\n    arguments: [--grpc]\n"],
      ],
      said: [],
    },
  ]);
});

describe("a model that is slow to say how it is", () => {
  const slow = (timeout: string) => with_(`health: { interval: 60s, timeout: ${timeout} }`);
  testRules([
    {
      name: "that may take longer than Route 53 waits",
      yaml: doorYaml("latency"),
      changes: [slow("▸3s")],
      said: [
        "warning  models.llama.health.timeout  Route 53 waits 2s for an answer, and takes a region that needs longer for lost, when the load balancer still waits 3s; use a health.path that answers at once, or say door.health: { requests: false }",
      ],
    },
    {
      name: "that has to be as quick for the load balancer",
      yaml: doorYaml("latency"),
      changes: [slow("2s")],
      said: [],
    },
    {
      name: "that does not say how slow",
      yaml: doorYaml("latency"),
      changes: [with_("health: { interval: 60s }")],
      said: [],
    },
    {
      name: "that nobody asks",
      yaml: doorYaml("latency", "  health: { requests: false }\n"),
      changes: [slow("3s")],
      said: [],
    },
    {
      name: "without a door",
      changes: [slow("3s")],
      said: [],
    },
  ]);
});

describe("room for its health", () => {
  const routes = (count: number) =>
    Array.from({ length: count }, (_, index) => `      - { path: /llama-${index}/* }\n`).join("");
  testRules([
    {
      name: "beside 99 rules",
      yaml: doorYaml("latency"),
      changes: [[CAPACITY, `${CAPACITY}    routes:\n${routes(99)}`]],
      said: [],
    },
    {
      name: "beside 100 rules",
      yaml: doorYaml("latency").replace("door:", "▸door:"),
      changes: [[CAPACITY, `${CAPACITY}    routes:\n${routes(100)}`]],
      said: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `error  door  1 rules for health beside the 100 of the routes in ${region} are more than the 100 of a load balancer; name fewer door.models, or say health: { requests: false }`,
      ),
    },
    {
      name: "behind a route that takes all",
      yaml: doorYaml("latency"),
      changes: [[CAPACITY, `${CAPACITY}    routes:\n      - { path: /*, priority: ▸5 }\n`]],
      said: [
        "error  models.llama.routes[0].priority  priority 5 takes the requests of Route 53 for /.well-known/health/llama too; give it a number above 1799, or none",
      ],
    },
    {
      name: "before a route that takes all",
      yaml: doorYaml("latency"),
      changes: [[CAPACITY, `${CAPACITY}    routes:\n      - { path: /*, priority: 5000 }\n`]],
      said: [],
    },
  ]);
});

describe("health checks", () => {
  /** A region takes two for each model, one of them by asking, and two sums. */
  const saidOfModels = (count: number, health?: { requests: false }) => {
    const names = Array.from({ length: count }, (_, index) => `model-${index}`);
    const loaded = loadFile(
      doorFile({ routing: "latency", health }, undefined, {
        models: Object.fromEntries(names.map((name) => [name, validModel()])),
      }),
    );
    return (loaded.ok ? [] : loaded.problems).map(({ path, message }) => `${path.join(".")} ${message}`);
  };

  test("are as many as an account has", () => {
    expect(saidOfModels(49)).toEqual([]);
  });

  test("are more than that, but only by asking", () => {
    expect(saidOfModels(50)).toEqual([
      "door its health takes 204 health checks, and an account has 200; name fewer door.models, or say health: { requests: false }, with which it takes 102",
    ]);
    expect(saidOfModels(50, { requests: false })).toEqual([]);
  });
});

test("more health checks than an account has, even without asking, need fewer models", () => {
  const names = Array.from({ length: 40 }, (_, index) => `model-${index}`);
  const regions = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1", "ap-northeast-1"];
  const loaded = loadFile(
    doorFile({ routing: "latency" }, Object.fromEntries(regions.map((region) => [region, {}])), {
      models: Object.fromEntries(names.map((name) => [name, validModel()])),
    }),
  );
  const said = (loaded.ok ? [] : loaded.problems).filter(({ path }) => path.join() === "door");
  expect(said.map(({ message }) => message)).toEqual([
    "its health takes 410 health checks, and an account has 200; name fewer door.models",
  ]);
});

describe("who may connect", () => {
  const ranges = (count: number) =>
    Array.from({ length: count }, (_, index) => `203.0.${index}.0/24`).join(", ");
  const allow = (count: number): readonly [string, string] => [
    "allow: [203.0.113.0/24]",
    `allow: ${count > 17 ? "▸" : ""}[${ranges(count)}]`,
  ];
  testRules([
    { name: "17 ranges and the checkers", yaml: doorYaml("latency"), changes: [allow(17)], said: [] },
    {
      name: "18 ranges and the checkers",
      yaml: doorYaml("latency"),
      changes: [allow(18)],
      said: [
        "error  entry.allow  18 ranges at 2 ports take 36 rules of the load balancer's security group, and Route 53's health checkers 25 more; it has 60: allow fewer and larger ranges, or say door.health: { requests: false }",
      ],
    },
    {
      name: "31 ranges without checkers",
      changes: [allow(31)],
      said: [
        "error  entry.allow  31 ranges at 2 ports take 62 rules of the load balancer's security group; it has 60: allow fewer and larger ranges",
      ],
    },
    {
      name: "18 ranges, and checkers that do not ask",
      yaml: doorYaml("latency", "  health: { requests: false }\n"),
      changes: [["allow: [203.0.113.0/24]", `allow: [${ranges(18)}]`]],
      said: [],
    },
  ]);
});
