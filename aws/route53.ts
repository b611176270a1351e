import type { NumberLimit, QuotaLimit, TextLimit } from "./limits/limit";

/** Seconds between the response that a Route 53 health checker gets and its next request: 10 or 30. */
export const HEALTH_CHECK_INTERVALS = {
  seconds: [10, 30],
  default: 30,
  source: "Route 53 API, HealthCheckConfig, RequestInterval",
} as const;

/** Results in a row after which a health checker changes its verdict. */
export const HEALTH_CHECK_FAILURES = {
  min: 1,
  max: 10,
  default: 3,
  source: "Route 53 API, HealthCheckConfig, FailureThreshold",
} as const satisfies NumberLimit;

/** The host name that a health check resolves and sends in its request. */
export const HEALTH_CHECK_HOST = {
  minLength: 0,
  maxLength: 255,
  source: "Route 53 API, HealthCheckConfig, FullyQualifiedDomainName",
} as const satisfies TextLimit;

/** The path that a health check requests. */
export const HEALTH_CHECK_RESOURCE_PATH = {
  minLength: 0,
  maxLength: 255,
  source: "Route 53 API, HealthCheckConfig, ResourcePath",
} as const satisfies TextLimit;

/** Child health checks of a calculated health check. (AWS also accepts none.) */
export const HEALTH_CHECK_CHILDREN = {
  min: 1,
  max: 256,
  source: "Route 53 API, HealthCheckConfig, ChildHealthChecks",
} as const satisfies NumberLimit;

/** HTTP status codes that mean healthy. */
export const HEALTH_CHECKER_CODE = {
  min: 200,
  max: 399,
  source: "Route 53 developer guide, How Amazon Route 53 determines whether a health check is healthy",
} as const satisfies NumberLimit;

/**
 * Seconds that an HTTP or HTTPS health checker waits for a TCP connection, and then for a response over it. The
 * interval to its next request begins after that (Route 53 API, HealthCheckConfig, RequestInterval).
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

/** What the User-Agent of Route 53's health checkers begins with. A reference to the health check follows. */
export const HEALTH_CHECKER_AGENT = {
  name: "Amazon-Route53-Health-Check-Service",
  source: "Route 53 developer guide, troubleshooting unwanted health checks",
} as const;

/** Rules that the prefix list of Route 53's health checkers counts as in a security group. */
export const HEALTH_CHECKERS_WEIGHT = {
  rules: 25,
  source: "VPC user guide, AWS-managed prefix lists, weight of com.amazonaws.<region>.route53-healthchecks",
} as const;

/** Regions from which Route 53 can send health checks, and the fewest for one check. The default is all of them. */
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

/** Health checkers in each of these regions. Each sends its own requests. */
export const HEALTH_CHECKERS_PER_REGION = {
  count: 2,
  source: "AWS documents no number; its consoles have shown sixteen in eight regions",
} as const;

/** The one region in which CloudWatch has the metrics of health checks, and the seconds between two values. */
export const ROUTE53_METRICS = {
  region: "us-east-1",
  periodSeconds: 60,
  source: "Route 53 developer guide, Monitoring health checks using CloudWatch",
} as const;

/** Seconds a resolver caches an alias record of a load balancer. */
export const ALIAS_TTL = {
  seconds: 60,
  source: "Route 53 developer guide, Choosing between alias and non-alias records",
} as const;
