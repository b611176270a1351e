import type { ChoiceLimit, NumberLimit, QuotaLimit, TextLimit } from "./limit";

/** Name of a target group. */
export const TARGET_GROUP_NAME = {
  minLength: 1,
  maxLength: 32,
  pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  characters: "letters, digits and inner hyphens",
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies TextLimit;

/** Targets of one target group. */
export const TARGETS_PER_TARGET_GROUP = {
  max: 1000,
  adjustable: true,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Seconds a leaving target may finish its requests; a request still running then is cut. */
export const DEREGISTRATION_DELAY = {
  min: 0,
  max: 3600,
  default: 300,
  unit: "s",
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies NumberLimit;

/** Seconds a new target's share of requests grows; 0 (not in the range) turns it off, which is the default. */
export const SLOW_START = {
  min: 30,
  max: 900,
  unit: "s",
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies NumberLimit;

/** Seconds a client stays with its target. */
export const STICKINESS_DURATION = {
  min: 1,
  max: 604_800,
  default: 86_400,
  unit: "s",
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies NumberLimit;

/** Seconds between two health checks of one target. */
export const HEALTH_CHECK_INTERVAL = {
  min: 5,
  max: 300,
  default: 30,
  unit: "s",
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies NumberLimit;

/**
 * Seconds without an answer that fail a health check; must be less than the interval. The default is that of targets
 * that are instances, by "Health checks for Application Load Balancer target groups" in the ELB user guide; the API
 * reference gives 6 s for HTTP and 10 s for HTTPS, without a word on the kind of load balancer.
 */
export const HEALTH_CHECK_TIMEOUT = {
  min: 2,
  max: 120,
  default: 5,
  unit: "s",
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies NumberLimit;

/** Successes in a row that make an unhealthy target healthy (a new one needs one only). */
export const HEALTHY_THRESHOLD = {
  min: 2,
  max: 10,
  default: 5,
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies NumberLimit;

/** Failures in a row that make a target unhealthy. */
export const UNHEALTHY_THRESHOLD = {
  min: 2,
  max: 10,
  default: 2,
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies NumberLimit;

/** Path of a health check. */
export const HEALTH_CHECK_PATH = {
  minLength: 1,
  maxLength: 1024,
  pattern: /^\//,
  characters: 'characters that begin with "/"',
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies TextLimit;

/** HTTP status codes a health check may accept. */
export const HEALTH_CHECK_HTTP_CODE = {
  min: 200,
  max: 499,
  default: 200,
  source: "ELBv2 API, Matcher",
} as const satisfies NumberLimit;

/** gRPC status codes a health check may accept. */
export const HEALTH_CHECK_GRPC_CODE = {
  min: 0,
  max: 99,
  default: 12,
  source: "ELBv2 API, Matcher",
} as const satisfies NumberLimit;

/** Requests that Target Optimizer lets to a target at a time; AWS takes 0 too, which is none. */
export const TARGET_OPTIMIZER_CONCURRENCY = {
  min: 1,
  max: 1000,
  source:
    "ELB user guide, Register targets with your Application Load Balancer target group, Target Optimizer",
} as const satisfies NumberLimit;

/** How the target of a request is chosen. AWS's own default is `round_robin`. */
export const ALGORITHMS = {
  values: ["least_outstanding_requests", "round_robin", "weighted_random"],
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies ChoiceLimit;

/** One of {@link ALGORITHMS}. */
export type Algorithm = (typeof ALGORITHMS.values)[number];

/** Targets that must be healthy for anomaly mitigation to act. */
export const ANOMALY_MITIGATION_TARGETS = {
  min: 3,
  source: "ELB user guide, Edit target group attributes, Automatic target weights",
} as const;

/** Name of the cookie by which a client stays with its target, of an application that sets its own. */
export const STICKINESS_COOKIE = {
  reservedPrefix: "AWSALB",
  source: "ELBv2 API, TargetGroupAttribute",
} as const;

/** Healthy targets below which a zone leaves DNS, or requests go to all targets. At most as many as there may be. */
export const HEALTHY_TARGETS_COUNT = {
  min: 1,
  max: TARGETS_PER_TARGET_GROUP.max,
  default: 1,
  source: "ELBv2 API, TargetGroupAttribute; ALB quotas",
} as const satisfies NumberLimit;

/** The same as a share of the registered targets. By default the share does not count. */
export const HEALTHY_TARGETS_PERCENTAGE = {
  min: 1,
  max: 100,
  unit: "%",
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies NumberLimit;
