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

/** Seconds a deregistered target may finish its requests. The load balancer cuts those that still run then. */
export const DEREGISTRATION_DELAY = {
  min: 0,
  max: 3600,
  default: 300,
  unit: "s",
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies NumberLimit;

/** Seconds in which a new target's share of requests grows. The default is 0, outside this range: no slow start. */
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
 * Seconds after which a health check without a response fails; less than the interval. The default is the one for
 * instance targets in "Health checks for Application Load Balancer target groups", ELB user guide. The API reference
 * gives 6 s for HTTP and 10 s for HTTPS, and does not name the kind of load balancer.
 */
export const HEALTH_CHECK_TIMEOUT = {
  min: 2,
  max: 120,
  default: 5,
  unit: "s",
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies NumberLimit;

/** Successes in a row that make an unhealthy target healthy. A new target needs only one. */
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

/** Requests that Target Optimizer sends to a target at a time. AWS also accepts 0: none. */
export const TARGET_OPTIMIZER_CONCURRENCY = {
  min: 1,
  max: 1000,
  source:
    "ELB user guide, Register targets with your Application Load Balancer target group, Target Optimizer",
} as const satisfies NumberLimit;

/** How the load balancer chooses the target of a request. AWS's own default is `round_robin`. */
export const ALGORITHMS = {
  values: ["least_outstanding_requests", "round_robin", "weighted_random"],
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies ChoiceLimit;

/** One of {@link ALGORITHMS}. */
export type Algorithm = (typeof ALGORITHMS.values)[number];

/** Healthy targets from which anomaly mitigation acts. */
export const ANOMALY_MITIGATION_TARGETS = {
  min: 3,
  source: "ELB user guide, Edit target group attributes, Automatic target weights",
} as const;

/** Name of an application's own cookie that keeps a client with its target. AWS reserves one prefix. */
export const STICKINESS_COOKIE = {
  reservedPrefix: "AWSALB",
  source: "ELBv2 API, TargetGroupAttribute",
} as const;

/**
 * Healthy targets below which a zone leaves DNS, or below which requests go to unhealthy targets too. The maximum is
 * that of the targets of a target group.
 */
export const HEALTHY_TARGETS_COUNT = {
  min: 1,
  max: TARGETS_PER_TARGET_GROUP.max,
  default: 1,
  source: "ELBv2 API, TargetGroupAttribute; ALB quotas",
} as const satisfies NumberLimit;

/** The same threshold as a share of the registered targets. By default it is off. */
export const HEALTHY_TARGETS_PERCENTAGE = {
  min: 1,
  max: 100,
  unit: "%",
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies NumberLimit;
