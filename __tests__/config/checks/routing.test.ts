import { testRules } from "../../support/rule-cases";

/** An image that Docker Hub does not limit. */
const IN_ECR = [
  "image: vllm/vllm-openai:v0.28.0",
  "image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0",
] as const;
const CAPACITY = "capacity: { min: 3, max: 6 }";
const END = "    scaling: { requestsPerMinutePerInstance: 60 }\n";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const routes = (...some: readonly string[]): readonly [string, string] => [
  END,
  `${END}    routes:\n${some.map((route) => `      - ${route}\n`).join("")}`,
];
const qwen = (...some: readonly string[]): string => `  qwen:
    server: vllm
    image: vllm/vllm-openai:v0.28.0
    weights: { uri: s3://example-weights/qwen/, size: 15GiB }
    instanceTypes: [g6.2xlarge, g5.2xlarge]
    loadTime: 6m
    longestRequest: 5m
    capacity: { min: 3, max: 4 }
    routes:
${some.map((route) => `      - ${route}\n`).join("")}`;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const at = "models.llama.routes[0]";

describe("the conditions of a route", () => {
  testRules([
    {
      name: "none",
      changes: [routes("▸priority: 5")],
      expected: [
        `error  ${at}  route-without-condition  no condition is given; path "/*" matches every request`,
      ],
    },
    {
      name: "[method-case] a method in lower case",
      changes: [routes("method: ▸get")],
      expected: [`error  ${at}.method  condition-refused  "get" must be upper case ("GET")`],
    },
    {
      name: "a header that the load balancer drops",
      changes: [routes("headers: { x_model: ▸llama }")],
      expected: [
        `error  ${at}.headers.x_model  condition-refused  "x_model" must have only letters, digits and "-": the load balancer drops other headers, unless entry.dropInvalidHeaders is false`,
      ],
    },
    {
      name: "a header that the load balancer of no region drops",
      changes: [
        ["domain: models.example.com", "domain: models.example.com\n  dropInvalidHeaders: false"],
        routes("headers: { x_model: llama }"),
      ],
      expected: [],
    },
    {
      name: "a header that the load balancer of one region drops",
      changes: [
        ["domain: models.example.com", "domain: models.example.com\n  dropInvalidHeaders: false"],
        ["  us-east-1:\n", "  us-east-1:\n    entry: { dropInvalidHeaders: true }\n"],
        routes("headers: { x_model: ▸llama }"),
      ],
      expected: [`error  ${at}.headers.x_model  condition-refused`],
    },
    {
      name: "a path without its slash",
      changes: [routes("path: [/a, ▸b]")],
      expected: [
        `error  ${at}.path[1]  condition-refused  "b" must start with "/" (or "*"), as every path does`,
      ],
    },
    {
      name: "more wildcards than a rule holds",
      changes: [routes("▸path: /a*b*c*d*e*f*")],
      expected: [
        `error  ${at}  route-not-placed  path "/a*b*c*d*e*f*" has 6 wildcards, and a rule holds 5; spell more of it out`,
      ],
    },
    {
      name: "[six-values] six values, which become two rules",
      changes: [
        routes(
          `path: [${range(6)
            .map((each) => `/p${each}`)
            .join(", ")}]`,
        ),
      ],
      expected: [],
    },
    {
      name: "more values than all rules together hold",
      changes: [
        routes(
          `▸path: [${range(501)
            .map((each) => `/p${each}`)
            .join(", ")}]`,
        ),
      ],
      expected: [
        `error  ${at}  route-not-placed  needs 101 rules or more, and a load balancer takes 100; put fewer values into it`,
      ],
    },
    {
      name: "more combinations than all rules together hold",
      changes: [
        routes(
          `▸{ path: [${range(30)
            .map((each) => `/p${each}`)
            .join(
              ", ",
            )}], headers: { x: [${range(30).join(", ").replace(/\d+/g, "a$&")}], y: [${range(30).join(", ").replace(/\d+/g, "b$&")}] } }`,
        ),
      ],
      expected: [`error  ${at}  route-not-placed`],
    },
  ]);
});

describe("a rewrite", () => {
  testRules([
    {
      name: "of nothing",
      changes: [routes("{ path: /a/*, rewrite: ▸{} }")],
      expected: [
        `error  ${at}.rewrite  field-without-effect  rewrites nothing; add path or host, or remove it`,
      ],
    },
    {
      name: "by regular expressions that are none",
      changes: [
        routes(
          '{ path: /a/*, rewrite: { path: { regex: ▸"^/a/(", replace: / }, host: { regex: ▸"[", replace: a } } }',
        ),
      ],
      expected: [
        `error  ${at}.rewrite.path.regex  malformed-regex  "^/a/(" is not a regular expression; close its brackets, or escape those that are literal`,
        `error  ${at}.rewrite.host.regex  malformed-regex`,
      ],
    },
    {
      name: "by a regular expression",
      changes: [routes('{ path: /a/*, rewrite: { path: { regex: "^/a/(.*)$", replace: /b/$1 } } }')],
      expected: [],
    },
  ]);
});

describe("the rules of a listener", () => {
  testRules([
    {
      name: "[priority-range] with numbers that are none",
      changes: [routes("{ path: /a/*, priority: ▸0 }", "{ path: /b/*, priority: ▸50001 }")],
      expected: [
        `error  ${at}.priority  out-of-range  priority 0 is out of range; a priority is a whole number from 1 to 50000`,
        "error  models.llama.routes[1].priority  out-of-range",
      ],
    },
    {
      name: "[priority-range] with numbers that are none for the second half of a route",
      changes: [
        routes(
          `{ path: [${range(6)
            .map((each) => `/p${each}`)
            .join(", ")}], priority: ▸50000 }`,
        ),
      ],
      expected: [`error  ${at}.priority  out-of-range`],
    },
    {
      name: "[dup-priority] with a number twice",
      changes: [routes("{ path: /a/*, priority: 7 }", "{ path: /b/*, priority: ▸7 }")],
      expected: [
        "error  models.llama.routes[1].priority  priority-taken  priority 7 is already used by models.llama.routes[0] (/a/*); take another number",
      ],
    },
    {
      name: "[overlap] with one that is never reached",
      changes: [routes("{ path: /v1/*, priority: 10 }", "▸{ path: /v1/llama/*, priority: 20 }")],
      expected: [
        "error  models.llama.routes[1]  route-never-matches  /v1/llama/* can never match: models.llama.routes[0] (/v1/*) matches all of it and has a lower priority number (10 < 20); give it a number below 10",
      ],
    },
    {
      name: "with an expression for every path before another route",
      changes: [
        [
          END,
          `${END}    routes:\n      - { pathRegex: ▸"^/.*$", priority: 10 }\n${qwen("▸{ path: /qwen/*, priority: 20 }")}`,
        ],
      ],
      expected: [
        "warning  models.llama.routes[0].pathRegex  server-controls-open",
        "error  models.qwen.routes[0]  route-never-matches  /qwen/* can never match: models.llama.routes[0] (pathRegex ^/.*$) matches all of it and has a lower priority number (10 < 20); give it a number below 10",
      ],
    },
    {
      name: "with the special before the general",
      changes: [routes("path: /v1/*", "path: /v1/llama/*")],
      expected: [],
    },
    {
      name: "with the same requests for two models",
      changes: [
        [
          "    scaling: { requestsPerMinutePerInstance: 60 }\n",
          `${END}    routes:\n      - path: /a/*\n${qwen("▸path: [/a/*]")}`,
        ],
      ],
      expected: [
        "error  models.qwen.routes[0]  routes-alike  /a/* matches the same requests as models.llama.routes[0] (/a/*); it leads to qwen, the other to llama: change one of them",
      ],
    },
    {
      name: "with some of the same requests for two models",
      changes: [[END, `${END}    routes:\n      - path: /a/*/c\n${qwen("▸path: /a/b/*")}`]],
      expected: [
        "warning  models.qwen.routes[0]  routes-overlap  /a/b/* and models.llama.routes[0] (/a/*/c) both match e.g. /a/b/c; as things are qwen answers it: write a priority on one of them to say which wins",
      ],
    },
    {
      name: "with the route of another model's own name",
      changes: [[END, `${END}${qwen("▸path: /llama/*")}`]],
      expected: [
        "error  models.qwen.routes[0]  routes-alike  /llama/* matches the same requests as models.llama (/llama/*); it leads to qwen, the other to llama: change one of them",
      ],
    },
    {
      name: "of a default model, which needs no route",
      changes: [
        ["domain: models.example.com", "domain: models.example.com\n  default: llama"],
        [END, `${END}${qwen("path: /llama/*")}`],
      ],
      expected: [],
    },
    {
      name: "[too-many-rules] as many as a load balancer takes",
      changes: [
        ["allow: [203.0.113.0/24]", "allow: [203.0.113.0/24]\n  modelList: false"],
        routes(...range(100).map((each) => `path: /p${each}/*`)),
      ],
      expected: [],
    },
    {
      name: "[too-many-rules] more than a load balancer takes",
      changes: [
        ["allow: [203.0.113.0/24]", "allow: [203.0.113.0/24]\n  modelList: false"],
        ["  llama:", "  ▸llama:"],
        routes(...range(101).map((each) => `path: /p${each}/*`)),
      ],
      expected: [
        "error  models  too-many-rules  the routes need 101 rules, and a load balancer takes 100; put fewer values into the routes, or ask AWS for a higher quota of rules per Application Load Balancer",
      ],
    },
  ]);
});

describe("the list of models before a default gateway", () => {
  const gateway = `  gateway:
    server: custom
    image: ghcr.io/berriai/litellm:v1.80.0
    port: 4000
    health: { path: /health/liveliness }
    probe: health
    timing: { serverKeepAlive: 4015s }
    volume: { size: 60GiB }
    instanceTypes: [c7i.xlarge]
    loadTime: 3m
    longestRequest: 5m
    capacity: { min: 3, max: 6 }
    scaling: { requestsPerMinutePerInstance: 600 }
`;
  const entry = (fields: string): readonly [string, string] => [
    "domain: models.example.com",
    `domain: models.example.com\n  default: ${fields}`,
  ];
  testRules([
    {
      name: "may have other names than it",
      changes: [entry("▸gateway"), [END, `${END}${gateway}`]],
      expected: [
        "warning  entry.default  model-list-of-others  the load balancer in us-east-1 answers GET /v1/models with the other models, and gateway, which answers all other requests, may have other names for them; write modelList: false, and gateway answers by itself, or modelList: true if these names are meant",
      ],
    },
    ...["false", "true"].map((wanted) => ({
      name: `is as written: ${wanted}`,
      changes: [entry(`gateway\n  modelList: ${wanted}`), [END, `${END}${gateway}`] as const],
      expected: [],
    })),
    {
      name: "is another's where the default is another",
      changes: [entry("llama"), [END, `${END}${gateway}`]],
      expected: [],
    },
  ]);
});

describe("variants", () => {
  const some = (count: number) => range(count).map((each) => `v${each}: { weight: 1 }`);
  testRules([
    {
      name: "[six-tgs] more than a rule forwards to",
      changes: [with_(`variants: ▸{ ${some(6).join(", ")} }`)],
      expected: [
        "error  models.llama.variants  too-many-variants  6 variants need 6 target groups; a rule forwards to 5 at most: remove some, or make a model of them",
      ],
    },
    {
      name: "as many as a rule forwards to",
      changes: [with_(`variants: { ${some(5).join(", ")} }`)],
      expected: [],
    },
    {
      name: "[weights-sum-0] of no weight",
      changes: [with_("variants: ▸{ a: { weight: 0 }, b: { weight: 0 } }")],
      expected: [
        "error  models.llama.variants  every-variant-at-zero  weights sum to 0 in us-east-1: no variant of llama would get a request; give one a weight",
      ],
    },
    {
      name: "of some weight",
      changes: [with_("variants: { a: { weight: 0 }, b: { weight: 1 } }")],
      expected: [],
    },
    {
      name: "[weight-1000] heavier than AWS takes",
      changes: [with_("variants: { a: { weight: ▸1000 } }")],
      expected: ["error  models.llama.variants.a.weight  out-of-range"],
    },
    {
      name: "of no weight in a region",
      changes: [
        with_("variants: ▸{ a: { weight: 1 } }"),
        ["  us-east-1:\n", "  us-east-1:\n    models: { llama: { variants: { a: { weight: 0 } } } }\n"],
      ],
      expected: ["error  models.llama.variants  every-variant-at-zero"],
    },
  ]);
});

describe("what a region says of a model", () => {
  const inRegion = (models: string): readonly [string, string] => [
    "  us-east-1:\n",
    `  us-east-1:\n    models: ${models}\n`,
  ];
  testRules([
    {
      name: "that is not defined",
      changes: [inRegion("{ ▸lama: false }")],
      expected: ["error  regions.us-east-1.models.lama  unknown-model"],
    },
    {
      name: "of a variant that is not defined",
      changes: [inRegion("{ llama: { variants: { ▸mian: { weight: 1 } } } }")],
      expected: [
        'error  regions.us-east-1.models.llama.variants.mian  unknown-variant  variant "mian" of llama is not defined; did you mean "main"?',
      ],
    },
    {
      name: "that leaves every model out",
      changes: [inRegion("▸{ llama: false }"), ["  llama:\n", "  ▸llama:\n"]],
      expected: [
        "error  regions.us-east-1.models  no-model-in-region  leaves every model out of us-east-1; serve one, or remove the region",
        "error  models.llama  model-served-nowhere  llama is left out of every region; serve it in one, or remove it",
      ],
    },
    {
      name: "of its only variant",
      changes: [inRegion("{ llama: { variants: { main: { weight: 1 } } } }")],
      expected: [],
    },
  ]);
});

describe("a load balancer", () => {
  const models = (count: number, variants: number, more = "") =>
    range(count)
      .map(
        (each) => `  m${each}:
    server: vllm
    ${IN_ECR[1]}
    weights: { uri: s3://example-weights/llama/, size: 15GiB }
    instanceTypes: [g6.2xlarge, g5.2xlarge]
    loadTime: 6m
    longestRequest: 5m
    capacity: { min: 2, max: 3 }
    variants: { ${range(variants)
      .map((variant) => `v${variant}: { weight: 1 }`)
      .join(", ")} }
${more}`,
      )
      .join("");
  const yaml = (text: string) =>
    `name: chat
state: { bucket: example-chat-tfstate, region: us-east-1 }
entry: { domain: models.example.com, callers: unauthenticated, allow: [203.0.113.0/24] }
alarms: { email: on-call@example.com }
regions: { us-east-1: { network: { create: { cidr: 10.0.0.0/16 } } } }
models:
${text}`;
  testRules([
    {
      name: "with as many target groups as its security group has outbound rules for",
      yaml: yaml(models(12, 5)),
      changes: [],
      expected: [],
    },
    {
      name: "with as many target groups as it takes, and more than those rules",
      yaml: yaml(models(20, 5)),
      changes: [
        ["allow: [203.0.113.0/24] }", "allow: [203.0.113.0/24], modelList: false }"],
        ["us-east-1: ", "▸us-east-1: "],
      ],
      expected: ["error  regions.us-east-1  too-many-outbound-rules"],
    },
    {
      name: "[too-many-rules] with more target groups than it takes",
      yaml: yaml(models(21, 5)),
      changes: [
        ["allow: [203.0.113.0/24] }", "allow: [203.0.113.0/24], modelList: false }"],
        ["us-east-1: ", "▸us-east-1: "],
        ["  m0:", "  ▸m0:"],
      ],
      expected: [
        "error  regions.us-east-1  too-many-outbound-rules",
        "error  models  load-balancer-full  105 target groups in us-east-1 are more than the 100 of one load balancer; make a second deployment of some of the models",
      ],
    },
    {
      name: "with as many instances as it takes",
      changes: [[CAPACITY, "capacity: { min: 500, max: 1000 }"], IN_ECR],
      expected: [],
    },
    {
      name: "with more instances than it takes",
      changes: [
        [CAPACITY, "capacity: { min: 500, max: 1000 }"],
        IN_ECR,
        [END, `${END}${qwen("path: /q/*")}`],
        ["  llama:", "  ▸llama:"],
      ],
      expected: [
        "error  models  load-balancer-full  1004 instances in us-east-1 are more than the 1000 of one load balancer; make a second deployment of some of the models",
      ],
    },
  ]);
});
