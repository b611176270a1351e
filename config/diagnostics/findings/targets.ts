import { model, parts } from "./example";
import type { Findings } from "./finding";

/** Target groups: how the load balancer chooses instances, and when it finds them healthy. */
export const targets = {
  "protocol-needs-https": {
    severity: "error",
    sentence: "A load balancer speaks HTTP/2 and gRPC to instances only where clients come by HTTPS.",
    example: parts(
      "entry: { callers: unauthenticated, allow: [203.0.113.0/24], protocol: unencrypted-http }",
      model("image: vllm/vllm-openai:v0.20.0", "protocol: grpc", "arguments: [--grpc]"),
    ),
    remedy: "Use HTTPS at the entry, or `protocol: http1` for the model.",
  },
  "malformed-matcher": {
    severity: "error",
    sentence: "The matcher is not a list of status codes that AWS takes for this protocol.",
    example: model('health: { matcher: "200-600" }'),
    remedy: "Write codes or ranges within the bounds in the message, such as `200` or `200-299`, in quotes.",
  },
  "metrics-path-too-long": {
    severity: "error",
    sentence:
      "Instances are tagged with the path of their metrics, and a tag's value has 256 characters at most.",
    example: model(`metrics: { port: 8000, path: /${"metrics/".repeat(32)} }`),
    remedy: "Use a shorter path.",
  },
  "anomaly-mitigation-refused": {
    severity: "error",
    sentence:
      "AWS compares instances with one another only with `weighted_random`, and from three healthy ones on.",
    example: model("anomalyMitigation: true"),
    remedy: "Write `algorithm: weighted_random` and a `min` of 3 or more, or remove `anomalyMitigation`.",
  },
  "stickiness-refused": {
    severity: "error",
    sentence: "AWS does not support stickiness with this algorithm, or while `crossZone` is false.",
    example: model("algorithm: weighted_random", "stickiness: { instance: 10m }"),
    remedy: "Remove one of the two.",
  },
  "stickiness-without-variant": {
    severity: "error",
    sentence: "A client cannot come back to its instance while each request may go to another variant.",
    example: model(
      "variants: { blue: { weight: 1 }, green: { weight: 1 } }",
      "stickiness: { instance: 10m }",
    ),
    remedy: "Add `stickiness.variant`.",
  },
  "dns-failover-below-routing": {
    severity: "error",
    sentence: "The load balancer would ignore health before its zone leaves DNS, which AWS refuses.",
    example: model("healthyTargets: { dnsFailover: { count: 1 }, routing: { count: 2 } }"),
    remedy: "Raise the threshold of `dnsFailover`, or lower that of `routing`.",
  },
  "healthy-count-unreachable": {
    severity: "error",
    sentence:
      "The group may shrink to fewer instances than have to be healthy, so a zone would count as unhealthy for good.",
    example: model("healthyTargets: { dnsFailover: { count: 5 } }"),
    remedy: "Lower the count to `min`, or raise `min`.",
  },
  "target-optimizer-conflict": {
    severity: "error",
    sentence: "AWS does not combine Target Optimizer with this setting.",
    example: model(
      "targetOptimizer:",
      "  maxConcurrency: 8",
      "  image: public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1",
      "stickiness: { instance: 10m }",
    ),
    remedy: "Remove the setting, or `targetOptimizer`.",
  },
} as const satisfies Findings;
