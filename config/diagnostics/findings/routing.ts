import { many, model, models, parts, region, secondRegion } from "./example";
import type { Findings } from "./finding";

/** How requests find their model, and the variants behind it. */
export const routing = {
  "route-without-condition": {
    severity: "error",
    sentence: "A route has no condition, and a listener rule needs one.",
    example: model("routes: [{ priority: 10 }]"),
    remedy: "Add a condition. `path: /*` matches every request.",
  },
  "condition-refused": {
    severity: "error",
    sentence: "AWS would refuse this value of a condition, or take it and never match it.",
    example: model("routes: [{ path: v1/llama }]"),
    remedy: "Write the value as the message says.",
  },
  "route-not-placed": {
    severity: "error",
    sentence:
      "The route does not fit into the rules of a load balancer: too many wildcards in one value, or too many values in all.",
    example: model('routes: [{ path: "/a*b*c*d*e*f*" }]'),
    remedy: "Spell more of the value out, or put fewer values into the route.",
  },
  "route-opens-nothing": {
    severity: "error",
    sentence:
      "A method opens nothing: none of the public paths is open by it, or requests of gRPC never have it.",
    example: model("routes: [{ headers: { x-model: llama }, method: [DELETE, PUT] }]"),
    remedy: "Leave `method` out, or write the paths with this method into `publicPaths`.",
  },
  "public-paths-unknown": {
    severity: "error",
    sentence: "The model speaks gRPC, and what callers may request of its server is not known.",
    example: model(
      "server: custom",
      "port: 8000",
      "protocol: grpc",
      "probe: health",
      "timing: { serverKeepAlive: 4015s }",
      "routes: [{ host: us-east-1.models.example.com }]",
    ),
    remedy:
      "Write the services in `publicPaths`, as `[/package.Service/*]`; or `every-path-of-the-server`, if callers may use all of them.",
  },
  "grpc-behind-prefix": {
    severity: "warning",
    sentence:
      "The model speaks gRPC, and each way to it has a path before the service. Most clients of gRPC cannot write one.",
    example: model("image: vllm/vllm-openai:v0.20.0", "protocol: grpc", "arguments: [--grpc]"),
    remedy:
      "Write a route by `host` or `headers`, which clients send as metadata, or make the model the entry's default.",
  },
  "server-controls-open": {
    severity: "warning",
    sentence:
      "A wildcard in a path also opens requests that change the server for all, show how it is run, or stop it.",
    example: model("routes: [{ path: /* }]"),
    remedy:
      "Write `prefix` instead of `path`: it opens the model's `publicPaths` alone. Or name the paths that callers need.",
  },
  "open-without-key": {
    severity: "warning",
    sentence: "The server has an API key, and answers some of the open paths without it.",
    example: model(
      "publicPaths: [preset, /pooling]",
      "secrets: { VLLM_API_KEY: arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf }",
    ),
    remedy: "Leave these paths out of `publicPaths` and of routes, or let in only callers whom you trust.",
  },
  "model-list-too-long": {
    severity: "error",
    sentence:
      "The load balancer answers `GET /v1/models` with the list of models, and the list is longer than an answer of a load balancer may be.",
    example: parts(
      "entry: { modelList: true }",
      model(`variants: { main: { weight: 1, arguments: [--served-model-name, ${"m".repeat(1000)}] } }`),
    ),
    remedy: "Remove `entry.modelList`, or put a gateway in front that lists the models.",
  },
  "model-list-left-out": {
    severity: "warning",
    sentence:
      "The load balancer does not answer `GET /v1/models`: the list of models is longer than its answers may be, or it would be empty, or no rule is left.",
    example: model(
      `variants: { main: { weight: 1, arguments: [--served-model-name, ${"m".repeat(1000)}] } }`,
    ),
    remedy: "Write `entry: { modelList: false }`, or put a gateway in front that lists the models.",
  },
  "model-list-of-others": {
    severity: "warning",
    sentence:
      "The default model is a gateway or another custom server, and the load balancer answers `GET /v1/models` in its place, with the names of the other models.",
    example: parts(
      "entry: { domain: models.example.com, allow: [203.0.113.0/24], default: mistral }",
      models("model: acme/llama", "server: custom\nport: 4000\nhealth: { path: /health }"),
    ),
    remedy:
      "Write `entry: { modelList: false }` where the gateway lists its models, or `modelList: true` where the names are right.",
  },
  "malformed-regex": {
    severity: "error",
    sentence: "The text is not a regular expression.",
    example: model('routes: [{ path: /llama/*, rewrite: { path: { regex: "^/llama/(", replace: / } } }]'),
    remedy: "Close its brackets, and put a backslash before signs that are meant as they stand.",
  },
  "priority-taken": {
    severity: "error",
    sentence: "Two routes have the same priority, and AWS takes each number once.",
    example: model("routes: [{ path: /a, priority: 5 }, { path: /b, priority: 5 }]"),
    remedy: "Write another number, or leave it out: then it follows from the conditions.",
  },
  "routes-alike": {
    severity: "error",
    sentence: "Two routes match the same requests, so the second would never be used.",
    example: model("routes: [{ path: /v1/* }, { path: /v1/* }]"),
    remedy: "Remove one of the two, or change its conditions.",
  },
  "route-never-matches": {
    severity: "error",
    sentence: "Another route comes first and matches all that this one would.",
    example: model("routes: [{ path: /*, priority: 1 }, { path: /v1/* }]"),
    remedy: "Give the more special route the lower number, or leave both numbers out.",
  },
  "routes-overlap": {
    severity: "warning",
    sentence:
      "Routes of two models match some of the same requests, and neither is more special. Which model answers those is left to chance.",
    example: models(
      "routes: [{ path: /v1/* }]",
      'capacity: { min: 3, max: 6 }\nroutes: [{ path: "*/chat" }]',
    ),
    remedy: "Write a `priority` for one of them: the lower number wins.",
  },
  "too-many-rules": {
    severity: "error",
    sentence:
      "The routes need more rules than a load balancer takes. Values beyond five make several rules of one route.",
    example: model(`routes: [${many(101, (index) => `{ path: /${index} }`)}]`),
    remedy: "Put fewer values into the routes, or use wildcards.",
  },
  "load-balancer-full": {
    severity: "error",
    sentence: "The models of a region need more target groups or instances than one load balancer takes.",
    example: model(
      "capacity: { min: 3, max: 600 }",
      "variants: { blue: { weight: 1 }, green: { weight: 1 } }",
    ),
    remedy: "Lower `max`, or make a second deployment of some of the models.",
  },
  "too-many-variants": {
    severity: "error",
    sentence: "A rule forwards to five target groups at most, and each variant has one.",
    example: model(`variants: { ${many(6, (index) => `v${index}: { weight: 1 }`)} }`),
    remedy: "Remove some of the variants, or make a model of its own of them.",
  },
  "every-variant-at-zero": {
    severity: "error",
    sentence: "All variants of the model have the weight 0, so none would get a request.",
    example: model("variants: { blue: { weight: 0 } }"),
    remedy: "Give one of them a weight.",
  },
  "model-served-nowhere": {
    severity: "error",
    sentence: "Every region leaves the model out. Nobody would notice what is wrong with it.",
    example: region("models: { llama: false }"),
    remedy: "Serve it in a region, or remove it.",
  },
  "no-model-in-region": {
    severity: "error",
    sentence: "The region leaves every model out, and a region without models serves nothing.",
    example: secondRegion(["models: { llama: false }"]),
    remedy: "Serve a model there, or remove the region.",
  },
  "model-behind-region-names": {
    severity: "error",
    sentence:
      "All routes of the model match names of single regions only. Clients of the global endpoint use another name, and would get 404.",
    example: parts(
      "globalEndpoint: { routing: latency }",
      secondRegion(),
      model("routes: [{ host: us-east-1.models.example.com }]"),
    ),
    remedy: "Add the global endpoint's name to `host`, or leave `host` out.",
  },
  "host-without-record": {
    severity: "warning",
    sentence:
      "A route matches a host for which this deployment makes no DNS record and no certificate. Clients could not reach it.",
    example: model("routes: [{ host: llama.example.com }]"),
    remedy: "Make both, and write the certificate, with all names on it, as `entry.certificateArn`.",
  },
} as const satisfies Findings;
