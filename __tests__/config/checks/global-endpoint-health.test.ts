import fc from "fast-check";
import { globalEndpointFile, globalEndpointYaml } from "../../support/global-endpoint-file";
import { server, testRules } from "../../support/rule-cases";
import { loadFile, validModel } from "../../support/serving-file";

const with_ = (fields: string): readonly [string, string] => [
  "    loadTime: 6m\n",
  `    loadTime: 6m\n    ${fields}\n`,
];
const CAPACITY = "    capacity: { min: 3, max: 6 }\n";
const SCALING = "    scaling: { requestsPerMinutePerInstance: 60 }\n";
const QWEN_AT_ANOTHER_PORT: readonly [string, string] = [
  SCALING,
  `${SCALING}  qwen:\n    server: custom\n    port: 8000\n    health: { path: /health, port: 9000 }\n    probe: health\n    timing: { serverKeepAlive: 400s }\n    image: acme/server:1\n    weights: { uri: s3://example-weights/qwen/, size: 15GiB }\n    instanceTypes: [g5.2xlarge]\n    loadTime: 6m\n    longestRequest: 5m\n    capacity: { min: 3, max: 6 }\n${SCALING}`,
];
const ASK = globalEndpointYaml("latency", "  health: { requests: ▸true }\n");
const cannotAsk = (reason: string) =>
  `error  globalEndpoint.health.requests  health-requests-impossible  Route 53 cannot send health requests: ${reason}; leave requests out, and alarms decide instead`;

const takesOut = (variant: string, regions: string) =>
  `warning  models.llama.variants.${variant}  trial-behind-accelerator  when none of its instances is healthy, an accelerator takes ${regions} out for clients of all models, although the variant does not have the highest weight; use routing: latency, failover or weighted, which count only the variants with the highest weight`;

describe("the path that Route 53 asks for", () => {
  const NOT_PUBLIC = (path: string, instead: string) =>
    `warning  models.llama.health.path  health-path-not-public  anybody gets ${path} at /.well-known/health/llama, where Route 53 asks whether the model works, and callers must not have it; write ${instead}, or globalEndpoint.health: { requests: false }`;
  testRules([
    {
      name: "tells how the server is used",
      yaml: globalEndpointYaml("latency"),
      changes: [with_("health: { path: ▸/metrics }")],
      expected: [NOT_PUBLIC("/metrics", "/health")],
    },
    {
      name: "is that of the model's own metrics",
      yaml: globalEndpointYaml("latency"),
      changes: [
        server("custom"),
        with_(
          "port: 8000\n    health: { path: ▸/stats }\n    metrics: { port: 8000, path: /stats }\n    probe: health\n    timing: { serverKeepAlive: 400s }\n    publicPaths: [/ask]",
        ),
      ],
      expected: [NOT_PUBLIC("/stats", "a path that says nothing but health")],
    },
    {
      name: "tells nothing else",
      yaml: globalEndpointYaml("latency"),
      changes: [with_("health: { path: /ping }")],
      expected: [],
    },
    {
      name: "is not asked for by Route 53",
      yaml: globalEndpointYaml("latency", "  health: { requests: false }\n"),
      changes: [with_("health: { path: /metrics }")],
      expected: [],
    },
  ]);
});

describe("behind an accelerator", () => {
  testRules([
    {
      name: "a threshold for DNS",
      yaml: globalEndpointYaml("accelerator"),
      changes: [with_("healthyTargets: { dnsFailover: ▸{ count: 1 } }")],
      expected: [
        "error  models.llama.healthyTargets.dnsFailover  dns-failover-behind-accelerator  AWS wants no DNS threshold behind an accelerator, because its clients do not query DNS; write dnsFailover: off, or leave it out",
      ],
    },
    {
      name: "no threshold for DNS, and a higher one for routing than DNS would have had",
      yaml: globalEndpointYaml("accelerator"),
      changes: [with_("healthyTargets: { dnsFailover: off, routing: { count: 2 } }")],
      expected: [],
    },
    {
      name: "nothing said of DNS, and a higher threshold for routing than DNS would have had",
      yaml: globalEndpointYaml("accelerator"),
      changes: [with_("healthyTargets: { routing: { count: 2 } }")],
      expected: [],
    },
    {
      name: "a region that AWS does not list for it",
      yaml: globalEndpointYaml("accelerator"),
      changes: [["  eu-west-1:", "  ▸ap-southeast-7:"]],
      expected: [
        "warning  regions.ap-southeast-7  region-not-listed  ap-southeast-7 is not among the regions that AWS lists for Global Accelerator; look it up there, or use routing: latency",
        "warning  regions.ap-southeast-7  region-not-recorded",
      ],
    },
    {
      name: "a region that AWS does not list for it, with records instead",
      yaml: globalEndpointYaml("latency"),
      changes: [["  eu-west-1:", "  ▸ap-southeast-7:"]],
      expected: ["warning  regions.ap-southeast-7  region-not-recorded"],
    },
    {
      name: "an idle variant",
      yaml: globalEndpointYaml("accelerator").replace("\n  llama:", "\n  ▸llama:"),
      changes: [
        [
          CAPACITY,
          `${CAPACITY}    variants: { main: { weight: 1 }, next: { weight: 0, capacity: { min: 0, max: 2 } } }\n`,
        ],
      ],
      expected: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `error  models.llama  idle-variant-behind-accelerator  next may have no instances in ${region}, and an accelerator treats the whole region of an empty target group as unhealthy; use min 1 or more`,
      ),
    },
    {
      name: "an idle variant in a region that the global endpoint does not know",
      yaml: globalEndpointYaml("accelerator"),
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
      expected: [takesOut("next", "us-east-1")],
    },
    ...[0, 5].map((weight) => ({
      name: `a variant on trial with a weight of ${weight}`,
      yaml: globalEndpointYaml("accelerator"),
      changes: [
        [CAPACITY, `${CAPACITY}    variants: { main: { weight: 95 }, ▸next: { weight: ${weight} } }\n`],
      ] as const,
      expected: [takesOut("next", "eu-west-1 and us-east-1")],
    })),
    {
      name: "a variant on trial in one region",
      yaml: globalEndpointYaml("accelerator"),
      changes: [
        [CAPACITY, `${CAPACITY}    variants: { ▸main: { weight: 5 }, next: { weight: 5 } }\n`],
        ["  eu-west-1:\n", "  eu-west-1:\n    models: { llama: { variants: { main: { weight: 1 } } } }\n"],
      ],
      expected: [takesOut("main", "eu-west-1")],
    },
    {
      name: "variants that are equals",
      yaml: globalEndpointYaml("accelerator"),
      changes: [[CAPACITY, `${CAPACITY}    variants: { main: { weight: 5 }, next: { weight: 5 } }\n`]],
      expected: [],
    },
    {
      name: "a variant on trial, with records instead",
      yaml: globalEndpointYaml("weighted"),
      changes: [[CAPACITY, `${CAPACITY}    variants: { main: { weight: 95 }, next: { weight: 5 } }\n`]],
      expected: [],
    },
    {
      name: "an idle variant, with records instead",
      yaml: globalEndpointYaml("latency"),
      changes: [
        [
          CAPACITY,
          `${CAPACITY}    variants: { main: { weight: 1 }, next: { weight: 0, capacity: { min: 0, max: 2 } } }\n`,
        ],
      ],
      expected: [],
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
        globalEndpointFile(
          { routing: "accelerator" },
          Object.fromEntries(
            REGIONS.map((region, place) => [region, { models: { llama: { variants: variantsIn(place) } } }]),
          ),
          { models: { llama: { ...validModel(), variants: variantsIn(0) } } },
        ),
      );
      const reported = (loaded.ok ? loaded.warnings : loaded.diagnostics)
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
      expect(reported).toEqual(expected);
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
    `models:\n  mistral: { server: vllm, image: "vllm/vllm-openai:v0.28.0", weights: { uri: s3://example-weights/mistral/, size: 15GiB }, instanceTypes: [g5.2xlarge], loadTime: 6m, longestRequest: 5m, capacity: { min: 4, max: 6 }, scaling: { requestsPerMinutePerInstance: 60 } }\n`,
  ];
  const either = globalEndpointYaml("latency", "  minimumHealthyModels: 1\n");
  const tie = (where: string, rest: string) => `error  ${where}  tied-variant-weights  ${rest}`;
  const COUNTED = "so each would count as a model towards minimumHealthyModels";
  testRules([
    {
      name: "where either model may be out",
      yaml: either,
      changes: [ANOTHER, variants("{ blue: { weight: ▸50 }, green: { weight: 50 } }")],
      expected: [
        tie(
          "models.llama.variants.blue.weight",
          `50 is the highest weight of llama and also that of green, ${COUNTED}; use 51 for blue and 49 for green`,
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
      expected: [
        tie(
          "models.llama.variants.blue.weight",
          `999 is the highest weight of llama and also that of green and red, ${COUNTED}; use 999 for blue, 998 for green, 9 for old and 998 for red`,
        ),
      ],
    },
    {
      name: "too small to tell them apart, with a third",
      yaml: either,
      changes: [ANOTHER, variants("{ blue: { weight: ▸2 }, green: { weight: 2 }, old: { weight: 1 } }")],
      expected: [
        tie(
          "models.llama.variants.blue.weight",
          `2 is the highest weight of llama and also that of green, ${COUNTED}; use 51 for blue, 49 for green and 25 for old`,
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
      expected: [
        tie(
          "regions.eu-west-1.models.llama.variants.green.weight",
          `50 is the highest weight of llama in eu-west-1 and also that of blue, ${COUNTED}; use 49 for blue and 51 for green`,
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
      expected: [
        tie(
          "models.llama.variants.blue.weight",
          `50 is the highest weight of llama in eu-west-1 and also that of green, ${COUNTED}; use 51 for blue, 49 for green and 0 for old`,
        ),
      ],
    },
    {
      name: "where every model has to be healthy",
      yaml: globalEndpointYaml("latency", "  minimumHealthyModels: 2\n"),
      changes: [ANOTHER, variants("{ blue: { weight: 50 }, green: { weight: 50 } }")],
      expected: [],
    },
    {
      name: "of a model that nobody counts on",
      yaml: globalEndpointYaml("latency", "  models: [mistral]\n  minimumHealthyModels: 1\n"),
      changes: [ANOTHER, variants("{ blue: { weight: 50 }, green: { weight: 50 } }")],
      expected: [],
    },
  ]);
});

describe("how often Route 53 asks", () => {
  testRules([
    {
      name: "every 20 seconds",
      yaml: globalEndpointYaml("latency", "  health: { interval: ▸20s }\n"),
      changes: [],
      expected: [
        "error  globalEndpoint.health.interval  out-of-range  must be 10s or 30s; got 20s (Route 53 API, HealthCheckConfig, RequestInterval)",
      ],
    },
    {
      name: "until it has failed eleven times",
      yaml: globalEndpointYaml("latency", "  health: { failureThreshold: ▸11 }\n"),
      changes: [],
      expected: ["error  globalEndpoint.health.failureThreshold  out-of-range  must be 1–10; got 11"],
    },
    {
      name: "more than clients do",
      yaml: globalEndpointYaml("latency").replace("\n  llama:", "\n  ▸llama:"),
      changes: [["requestsPerMinutePerInstance: 60", "requestsPerMinutePerInstance: 20"]],
      expected: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `warning  models.llama  health-requests-drive-scaling  Route 53 sends llama in ${region} about 36 requests a minute, and the scaling target of its smallest group is 60; write globalEndpoint.health: { interval: 30s }, or use alarms instead with globalEndpoint.health: { requests: false }`,
      ),
    },
    {
      name: "less than that",
      yaml: globalEndpointYaml("latency", "  health: { interval: 30s }\n"),
      changes: [["requestsPerMinutePerInstance: 60", "requestsPerMinutePerInstance: 20"]],
      expected: [],
    },
    {
      name: "as seldom as it can, and still more than clients do",
      yaml: globalEndpointYaml("latency", "  health: { interval: 30s }\n").replace(
        "\n  llama:",
        "\n  ▸llama:",
      ),
      changes: [["requestsPerMinutePerInstance: 60", "requestsPerMinutePerInstance: 5"]],
      expected: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `warning  models.llama  health-requests-drive-scaling  Route 53 sends llama in ${region} about 12 requests a minute, and the scaling target of its smallest group is 15; use alarms instead with globalEndpoint.health: { requests: false }`,
      ),
    },
    {
      name: "not at all",
      yaml: globalEndpointYaml("latency", "  health: { requests: false }\n"),
      changes: [["requestsPerMinutePerInstance: 60", "requestsPerMinutePerInstance: 5"]],
      expected: [],
    },
  ]);
});

describe("told to ask", () => {
  testRules([
    { name: "what can be asked", yaml: ASK.replace("▸", ""), changes: [], expected: [] },
    {
      name: "through a load balancer that nobody reaches from outside",
      yaml: ASK,
      changes: [["  allow: [203", "  scheme: internal\n  allow: [203"]],
      expected: [cannotAsk("the load balancer is internal")],
    },
    {
      name: "over HTTP/2",
      yaml: ASK,
      changes: [with_("protocol: http2"), server("sglang"), with_("arguments: [--enable-http2]")],
      expected: [cannotAsk("its health checks use HTTP/1.1, and llama uses http2")],
    },
    {
      name: "at another port",
      yaml: ASK,
      changes: [with_("health: { port: 9100 }")],
      expected: [
        cannotAsk("the health check of llama is at port 9100, which the load balancer does not serve"),
      ],
    },
    {
      name: "for an answer that is none to it",
      yaml: ASK,
      changes: [with_('health: { matcher: "401,404" }')],
      expected: [cannotAsk("it accepts 200–399 as healthy, and llama has 401,404")],
    },
    ...["200-499", "200,404", "399-400"].map((matcher) => ({
      name: `for ${matcher}, of which some are none to it`,
      yaml: ASK,
      changes: [with_(`health: { matcher: "${matcher}" }`)] as const,
      expected: [cannotAsk(`it accepts 200–399 as healthy, and llama has ${matcher}`)],
    })),
    {
      name: "for all answers that are some to it",
      yaml: ASK.replace("▸", ""),
      changes: [with_('health: { matcher: "200-299,301,399" }')],
      expected: [],
    },
    {
      name: "over TLS 1.3",
      yaml: ASK,
      changes: [["  allow: [203", "  tlsPolicy: ELBSecurityPolicy-TLS13-1-3-2021-06\n  allow: [203"]],
      expected: [cannotAsk("its health checks use TLS up to 1.2")],
    },
    {
      name: "of two models the one that can be asked, though either may be out",
      yaml: globalEndpointYaml(
        "latency",
        "  minimumHealthyModels: 1\n  health: { requests: ▸true, interval: 30s }\n",
      ),
      changes: [QWEN_AT_ANOTHER_PORT],
      expected: [
        cannotAsk("the health check of qwen is at port 9000, which the load balancer does not serve"),
      ],
    },
    {
      name: "nothing, where of two models one can be asked and either may be out",
      yaml: globalEndpointYaml("latency", "  minimumHealthyModels: 1\n  health: { interval: 30s }\n"),
      changes: [QWEN_AT_ANOTHER_PORT],
      expected: [],
    },
    {
      name: "what cannot be asked, without being told to",
      yaml: globalEndpointYaml("latency"),
      changes: [
        with_("protocol: grpc\n    routes: [{ headers: { x-model: llama } }]"),
        ["vllm-openai:v0.28.0", "vllm-openai:v0.28.0"],
        ["    server: vllm\n", "    server: vllm\n    probe: health\n    arguments: [--grpc]\n"],
      ],
      expected: [],
    },
  ]);
});

describe("a model that is slow to say how it is", () => {
  const slow = (timeout: string) => with_(`health: { interval: 60s, timeout: ${timeout} }`);
  testRules([
    {
      name: "that may take longer than Route 53 waits",
      yaml: globalEndpointYaml("latency"),
      changes: [slow("▸3s")],
      expected: [
        "warning  models.llama.health.timeout  health-answer-too-slow  Route 53 waits 2s for an answer and then counts the region as lost, while the load balancer waits 3s; use a health.path that answers at once, or write globalEndpoint.health: { requests: false }",
      ],
    },
    {
      name: "that has to be as quick for the load balancer",
      yaml: globalEndpointYaml("latency"),
      changes: [slow("2s")],
      expected: [],
    },
    {
      name: "that does not say how slow",
      yaml: globalEndpointYaml("latency"),
      changes: [with_("health: { interval: 60s }")],
      expected: [],
    },
    {
      name: "that nobody asks",
      yaml: globalEndpointYaml("latency", "  health: { requests: false }\n"),
      changes: [slow("3s")],
      expected: [],
    },
    {
      name: "without a global endpoint",
      changes: [slow("3s")],
      expected: [],
    },
  ]);
});

/** The list of models is a rule, too. */
const WITHOUT_LIST = ["allow: [203.0.113.0/24]", "allow: [203.0.113.0/24]\n  modelList: false"] as const;

describe("room for its health", () => {
  const routes = (count: number) =>
    Array.from({ length: count }, (_, index) => `      - { path: /llama-${index}/* }\n`).join("");
  testRules([
    {
      name: "beside 99 rules",
      yaml: globalEndpointYaml("latency"),
      changes: [WITHOUT_LIST, [CAPACITY, `${CAPACITY}    routes:\n${routes(99)}`]],
      expected: [],
    },
    {
      name: "beside 100 rules",
      yaml: globalEndpointYaml("latency").replace("globalEndpoint:", "▸globalEndpoint:"),
      changes: [WITHOUT_LIST, [CAPACITY, `${CAPACITY}    routes:\n${routes(100)}`]],
      expected: ["eu-west-1", "us-east-1"].map(
        (region) =>
          `error  globalEndpoint  too-many-health-rules  1 rules for health and 100 for routes in ${region} are more than the 100 of a load balancer; name fewer globalEndpoint.models, or write health: { requests: false }`,
      ),
    },
    {
      name: "behind a route that takes all",
      yaml: globalEndpointYaml("latency"),
      changes: [[CAPACITY, `${CAPACITY}    routes:\n      - { path: ▸/*, priority: ▸5 }\n`]],
      expected: [
        "warning  models.llama.routes[0].path  server-controls-open",
        "error  models.llama.routes[0].priority  route-takes-health-requests  priority 5 also takes Route 53's requests for /.well-known/health/llama; use a number above 1799, or leave priority out",
      ],
    },
    {
      name: "before a route that takes all",
      yaml: globalEndpointYaml("latency"),
      changes: [[CAPACITY, `${CAPACITY}    routes:\n      - { path: ▸/*, priority: 5000 }\n`]],
      expected: ["warning  models.llama.routes[0].path  server-controls-open"],
    },
  ]);
});

describe("health checks", () => {
  /** A region takes two for each model, one of them by asking, and two sums. */
  const reportOfModels = (count: number, health?: { requests: false }) => {
    const names = Array.from({ length: count }, (_, index) => `model-${index}`);
    const file = globalEndpointFile({ routing: "latency", health }, undefined, {
      models: Object.fromEntries(names.map((name) => [name, validModel()])),
    });
    const loaded = loadFile({ ...file, entry: { ...file.entry, modelList: false } });
    return (loaded.ok ? [] : loaded.diagnostics).map(({ path, message }) => `${path.join(".")} ${message}`);
  };

  test("are as many as an account has", () => {
    expect(reportOfModels(49)).toEqual([]);
  });

  test("are more than that, but only by asking", () => {
    expect(reportOfModels(50)).toEqual([
      "globalEndpoint its health takes 204 health checks, and an account has 200; name fewer globalEndpoint.models, or write health: { requests: false }, with which it takes 102",
    ]);
    expect(reportOfModels(50, { requests: false })).toEqual([]);
  });
});

test("more health checks than an account has, even without asking, need fewer models", () => {
  const names = Array.from({ length: 40 }, (_, index) => `model-${index}`);
  const regions = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1", "ap-northeast-1"];
  const loaded = loadFile(
    globalEndpointFile({ routing: "latency" }, Object.fromEntries(regions.map((region) => [region, {}])), {
      models: Object.fromEntries(names.map((name) => [name, validModel()])),
    }),
  );
  const expected = (loaded.ok ? [] : loaded.diagnostics).filter(
    ({ path }) => path.join() === "globalEndpoint",
  );
  expect(expected.map(({ message }) => message)).toEqual([
    "its health takes 410 health checks, and an account has 200; name fewer globalEndpoint.models",
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
    {
      name: "17 ranges and the checkers",
      yaml: globalEndpointYaml("latency"),
      changes: [allow(17)],
      expected: [],
    },
    ...(
      [
        [
          18,
          "allow at most 17, by larger ranges or fewer, or write redirectHttp: false, or write globalEndpoint.health: { requests: false }",
        ],
        [
          30,
          "allow at most 17, by larger ranges or fewer, or write redirectHttp: false, or write globalEndpoint.health: { requests: false }",
        ],
        [31, "allow at most 17, by larger ranges or fewer, or write redirectHttp: false"],
        [35, "allow at most 17, by larger ranges or fewer, or write redirectHttp: false"],
        [
          36,
          "allow at most 17, by larger ranges or fewer, or write both redirectHttp: false and globalEndpoint.health: { requests: false }",
        ],
        [
          60,
          "allow at most 17, by larger ranges or fewer, or write both redirectHttp: false and globalEndpoint.health: { requests: false }",
        ],
        [61, "allow at most 17, by larger ranges or fewer"],
      ] as const
    ).map(([count, remedy]) => ({
      name: `${count} ranges and the checkers`,
      yaml: globalEndpointYaml("latency"),
      changes: [allow(count)],
      expected: [
        `error  entry.allow  too-many-allowed-ranges  ${count} ranges at 2 ports take ${2 * count} rules of the load balancer's security group, and Route 53's health checkers 25 more; it has 60: ${remedy}`,
      ],
    })),
    ...(
      [
        [31, "allow at most 30, by larger ranges or fewer, or write redirectHttp: false"],
        [60, "allow at most 30, by larger ranges or fewer, or write redirectHttp: false"],
        [61, "allow at most 30, by larger ranges or fewer"],
      ] as const
    ).map(([count, remedy]) => ({
      name: `${count} ranges without checkers`,
      changes: [allow(count)],
      expected: [
        `error  entry.allow  too-many-allowed-ranges  ${count} ranges at 2 ports take ${2 * count} rules of the load balancer's security group; it has 60: ${remedy}`,
      ],
    })),
    ...(
      [
        [18, "", true],
        [35, "", true],
        [18, "  health: { requests: false }\n", false],
        [30, "  health: { requests: false }\n", false],
        [60, "  health: { requests: false }\n", true],
      ] as const
    ).map(([count, health, one]) => ({
      name: `${count} ranges at ${one ? "one port" : "two ports"}${health === "" ? " and the checkers" : ""}, as a remedy says`,
      yaml: globalEndpointYaml("latency", health),
      changes: [
        ["allow: [203.0.113.0/24]", `allow: [${ranges(count)}]${one ? "\n  redirectHttp: false" : ""}`],
      ] as const,
      expected: [],
    })),
  ]);
});
