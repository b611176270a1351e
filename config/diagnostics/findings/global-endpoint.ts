import { model, parts, region, secondRegion } from "./example";
import type { Findings } from "./finding";

const LATENCY = "globalEndpoint: { routing: latency }";
const DEMAND = "capacity: { peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 }";

/** One name over the regions, and the regions that it routes to. */
export const globalEndpoint = {
  "domain-missing": {
    severity: "error",
    sentence: "A global endpoint is reached by the name in `entry.domain`, and there is none.",
    example: parts(
      LATENCY,
      "entry: { callers: unauthenticated, allow: [203.0.113.0/24], certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/1234 }",
    ),
    remedy: "Add `entry.domain`.",
  },
  "order-missing": {
    severity: "error",
    sentence: "Failover goes from one region to the next, and nothing says in which order.",
    example: "globalEndpoint: { routing: failover }",
    remedy: "Add `order`, the best region first.",
  },
  "undeclared-region": {
    severity: "error",
    sentence: "The order names a region that does not stand under `regions`.",
    example: "globalEndpoint: { routing: failover, order: [us-east-1, eu-west-1] }",
    remedy: "Correct the name, or declare the region.",
  },
  "order-incomplete": {
    severity: "error",
    sentence: "The order leaves out a region of the global endpoint, so no client would ever get there.",
    example: parts("globalEndpoint: { routing: failover, order: [us-east-1] }", secondRegion()),
    remedy: "Add the region to `order`, or write `traffic: removed` there.",
  },
  "order-too-long": {
    severity: "error",
    sentence: "A name in DNS holds the whole order, and would be longer than 253 characters.",
    example: parts(
      "globalEndpoint: { routing: failover, order: [us-east-1, eu-west-1] }",
      `entry: { callers: unauthenticated, allow: [203.0.113.0/24], protocol: unencrypted-http, domain: ${"long-name.".repeat(23)}example.com }`,
      secondRegion(),
    ),
    remedy: "Use a shorter domain or fewer regions, or another `routing`.",
  },
  "no-region-served": {
    severity: "error",
    sentence: "Every region is drained or removed, so the global endpoint routes to none.",
    example: parts(LATENCY, region("traffic: drained")),
    remedy: "Write `traffic: served` for one region, or leave the field out.",
  },
  "every-region-at-zero": {
    severity: "error",
    sentence:
      "All served regions have the weight or the dial 0. AWS then treats all weights as equal; for dials it does not document what happens.",
    example: parts("globalEndpoint: { routing: weighted }", region("weight: 0")),
    remedy: "Give one region more than 0. To take a region out, write `traffic: drained`.",
  },
  "model-not-everywhere": {
    severity: "error",
    sentence:
      "A region of the global endpoint leaves out a model that its clients count on. They would get 404 whenever they come there.",
    example: parts(LATENCY, secondRegion(["models: { llama: false }"])),
    remedy: "Serve the model there, or name the models that clients count on in `globalEndpoint.models`.",
  },
  "healthy-minimum-unreachable": {
    severity: "error",
    sentence:
      "A region would have to serve more models than there are, so no region would ever count as healthy.",
    example: "globalEndpoint: { routing: latency, minimumHealthyModels: 2 }",
    remedy: "Lower `minimumHealthyModels` to the number of models.",
  },
  "entries-differ": {
    severity: "error",
    sentence:
      "Regions under one global endpoint differ in a way that a client notices, as it may come to any of them.",
    example: parts(LATENCY, secondRegion(["entry: { scheme: internal }"])),
    remedy: "Write the same in all regions.",
  },
  "allowed-clients-differ": {
    severity: "warning",
    sentence:
      "Regions under one global endpoint allow different clients. A client may be routed to a region that refuses it.",
    example: parts(LATENCY, secondRegion(["entry: { allow: [198.51.100.0/24] }"])),
    remedy: "Write the same `allow` in all regions.",
  },
  "clients-not-moved": {
    severity: "warning",
    sentence: "Regions are sized for clients of a lost region, but nothing sends these clients there.",
    example: parts("survive: region", secondRegion(), model(DEMAND)),
    remedy: "Add a `globalEndpoint`. If clients change over by themselves, accept the warning and write how.",
  },
  "too-many-regions-drained": {
    severity: "warning",
    sentence:
      "More regions are drained than the others were sized to take over from, or nothing is left to survive a loss.",
    example: parts(LATENCY, "survive: region", secondRegion(["traffic: drained"]), model(DEMAND)),
    remedy: "Serve a region again before you drain the next.",
  },
} as const satisfies Findings;
