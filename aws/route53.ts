import type { NumberLimit, QuotaLimit, TextLimit } from "./limits/limit";

/** Seconds from the answer that a Route 53 health checker gets to its next request: one of two. */
export const HEALTH_CHECK_INTERVALS = {
  seconds: [10, 30],
  default: 30,
  source: "Route 53 API, HealthCheckConfig, RequestInterval",
} as const;

/** Answers in a row that change a health checker's mind. */
export const HEALTH_CHECK_FAILURES = {
  min: 1,
  max: 10,
  default: 3,
  source: "Route 53 API, HealthCheckConfig, FailureThreshold",
} as const satisfies NumberLimit;

/** The name that a health check looks up and sends along. */
export const HEALTH_CHECK_HOST = {
  minLength: 0,
  maxLength: 255,
  source: "Route 53 API, HealthCheckConfig, FullyQualifiedDomainName",
} as const satisfies TextLimit;

/** The path that a health check asks for. */
export const HEALTH_CHECK_RESOURCE_PATH = {
  minLength: 0,
  maxLength: 255,
  source: "Route 53 API, HealthCheckConfig, ResourcePath",
} as const satisfies TextLimit;

/** Health checks that a calculated one looks at. (AWS takes none at all, too.) */
export const HEALTH_CHECK_CHILDREN = {
  min: 1,
  max: 256,
  source: "Route 53 API, HealthCheckConfig, ChildHealthChecks",
} as const satisfies NumberLimit;

/** Statuses of HTTP that mean healthy to a health checker. */
export const HEALTH_CHECKER_CODE = {
  min: 200,
  max: 399,
  source: "Route 53 developer guide, How Amazon Route 53 determines whether a health check is healthy",
} as const satisfies NumberLimit;

/**
 * Seconds that a health checker waits for a TCP connection, and then for an answer over it, of HTTP and HTTPS. What
 * lies between its requests begins after that (Route 53 API, HealthCheckConfig, RequestInterval).
 */
export const HEALTH_CHECKER_TIMEOUTS = {
  connect: 4,
  answer: 2,
  source: "Route 53 developer guide, How Amazon Route 53 determines whether a health check is healthy",
} as const;

/** Weight of a weighted record. */
export const RECORD_WEIGHT = {
  min: 0,
  max: 255,
  source: "Route 53 API, ResourceRecordSet, Weight",
} as const satisfies NumberLimit;

/** Health checks of an account. */
export const HEALTH_CHECKS_PER_ACCOUNT = {
  max: 200,
  adjustable: true,
  source: "Route 53 developer guide, Quotas",
} as const satisfies QuotaLimit;

/** Entries of the prefix list of Route 53's health checkers, each of which counts as a rule. */
export const HEALTH_CHECKERS_WEIGHT = {
  rules: 25,
  source: "VPC user guide, AWS-managed prefix lists, weight of com.amazonaws.<region>.route53-healthchecks",
} as const;

/** Places from which Route 53 can ask, and the fewest that a health check takes. By default it asks from all. */
export const HEALTH_CHECKER_REGIONS = {
  names: [
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-west-1",
    "sa-east-1",
    "us-east-1",
    "us-west-1",
    "us-west-2",
  ],
  fewest: 3,
  source: "Route 53 API, HealthCheckConfig, Regions",
} as const;

/** One of {@link HEALTH_CHECKER_REGIONS}. */
export type HealthCheckerRegion = (typeof HEALTH_CHECKER_REGIONS.names)[number];

/** Health checkers in each of these places, each of which asks by itself. */
export const HEALTH_CHECKERS_PER_REGION = {
  count: 2,
  source: "AWS does not say; its consoles have shown sixteen in eight places",
} as const;

/** Where CloudWatch has the metrics of health checks, wherever they look, and the seconds between two values. */
export const ROUTE53_METRICS = {
  region: "us-east-1",
  periodSeconds: 60,
  source: "Route 53 developer guide, Monitoring health checks using CloudWatch",
} as const;

/** Seconds a resolver keeps the answer of an alias record that leads to a load balancer. */
export const ALIAS_TTL = {
  seconds: 60,
  source: "Route 53 developer guide, Choosing between alias and non-alias records",
} as const;
