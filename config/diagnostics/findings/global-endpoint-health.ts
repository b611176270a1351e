import { many, model, models, parts, secondRegion } from "./example";
import type { Findings } from "./finding";

const LATENCY = "globalEndpoint: { routing: latency }";
const ACCELERATOR = "globalEndpoint: { routing: accelerator }";

const MODEL =
  "{ server: vllm, image: vllm/vllm-openai:v0.28.0, instanceTypes: [g6.2xlarge], loadTime: 6m, longestRequest: 5m, capacity: { min: 3, max: 4 } }";

/** How the global endpoint finds out which regions are healthy. */
export const globalEndpointHealth = {
  "dns-failover-behind-accelerator": {
    severity: "error",
    sentence:
      "Clients of an accelerator do not query DNS, and AWS wants no DNS threshold on target groups behind one.",
    example: parts(ACCELERATOR, model("healthyTargets: { dnsFailover: { count: 1 } }")),
    remedy: "Leave `dnsFailover` out, or write `off`.",
  },
  "idle-variant-behind-accelerator": {
    severity: "error",
    sentence:
      "A variant may have no instances. To an accelerator its empty target group is unhealthy, and with it the whole region.",
    example: parts(
      ACCELERATOR,
      model("variants: { main: { weight: 1 }, next: { weight: 0, capacity: { min: 0, max: 2 } } }"),
    ),
    remedy: "Give the variant a `min` of 1 or more, or remove it.",
  },
  "trial-behind-accelerator": {
    severity: "warning",
    sentence:
      "An accelerator takes a region out when any variant has no healthy instance, even one that gets few requests.",
    example: parts(ACCELERATOR, model("variants: { main: { weight: 9 }, next: { weight: 1 } }")),
    remedy:
      "Use `routing: latency`, `failover` or `weighted`, which go by the variants with the highest weight.",
  },
  "region-not-listed": {
    severity: "warning",
    sentence: "AWS did not list this region for Global Accelerator when the list here was made.",
    example: parts(ACCELERATOR, secondRegion([], [], "ap-southeast-7")),
    remedy: "Look it up in AWS's list. If the region is not there, use `routing: latency`.",
  },
  "too-many-health-checks": {
    severity: "error",
    sentence: "The health of the regions takes more Route 53 health checks than an account has.",
    example: parts(LATENCY, secondRegion(), `models: { ${many(50, (index) => `model-${index}: ${MODEL}`)} }`),
    remedy: "Name fewer models in `globalEndpoint.models`, or write `health: { requests: false }`.",
  },
  "health-requests-impossible": {
    severity: "error",
    sentence:
      "Route 53 is to send requests to the models, and cannot reach one of them or does not understand its answer.",
    example: parts(
      "globalEndpoint: { routing: latency, health: { requests: true } }",
      "entry:\n  scheme: internal",
    ),
    remedy: "Leave `health.requests` out. Then alarms decide where Route 53 cannot send requests.",
  },
  "health-path-not-public": {
    severity: "warning",
    sentence: "Route 53 asks for the health path of a model in public, and this one tells more than health.",
    example: parts(LATENCY, secondRegion(), model("health: { path: /metrics }")),
    remedy: "Write a health path that says nothing else, or `globalEndpoint.health: { requests: false }`.",
  },
  "tied-variant-weights": {
    severity: "error",
    sentence:
      "Two variants share the highest weight of a model. Each would count as a model of its own towards `minimumHealthyModels`.",
    example: parts(
      "globalEndpoint: { routing: latency, minimumHealthyModels: 1 }",
      models("variants: { blue: { weight: 1 }, green: { weight: 1 } }", "capacity: { min: 3, max: 6 }"),
    ),
    remedy: "Give one of them a slightly higher weight, such as 51 beside 49.",
  },
  "too-many-health-rules": {
    severity: "error",
    sentence:
      "Health checks need listener rules of their own, and beside those of the routes they are too many for a load balancer.",
    example: parts(LATENCY, model(`routes: [${many(100, (index) => `{ path: /${index} }`)}]`)),
    remedy: "Name fewer models in `globalEndpoint.models`, or write `health: { requests: false }`.",
  },
  "route-takes-health-requests": {
    severity: "error",
    sentence: "A route with a low priority number also matches the health requests of Route 53.",
    example: parts(LATENCY, model("routes: [{ path: /*, priority: 1 }]")),
    remedy: "Give the route a higher number, or leave it out.",
  },
  "health-requests-drive-scaling": {
    severity: "warning",
    sentence:
      "Route 53 sends about as many requests as the smallest group is sized for, so the group grows by them.",
    example: parts(LATENCY, model("scaling: { requestsPerMinutePerInstance: 10 }")),
    remedy: "Write `health: { interval: 30s }` or `health: { requests: false }` under `globalEndpoint`.",
  },
  "health-answer-too-slow": {
    severity: "warning",
    sentence:
      "Route 53 waits less long for an answer than the load balancer. It may give up a region that the load balancer finds healthy.",
    example: parts(LATENCY, model("health: { timeout: 8s, interval: 10s }")),
    remedy:
      "Use a `health.path` that answers at once, or write `globalEndpoint.health: { requests: false }`.",
  },
} as const satisfies Findings;
