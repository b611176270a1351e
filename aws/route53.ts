import type { NumberLimit, QuotaLimit } from "./limits";

/** Seconds from the answer that a Route 53 health checker gets to its next request: one of two. */
export const HEALTH_CHECK_INTERVALS = {
  seconds: [10, 30],
  source: "Route 53 API, HealthCheckConfig, RequestInterval",
} as const;

/** Answers in a row that change a health checker's mind. */
export const HEALTH_CHECK_FAILURES = {
  min: 1,
  max: 10,
  default: 3,
  source: "Route 53 API, HealthCheckConfig, FailureThreshold",
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

/** Per cent of the clients near a region that Global Accelerator sends there. */
export const TRAFFIC_DIAL = {
  min: 0,
  max: 100,
  unit: "%",
  source: "Global Accelerator API, CreateEndpointGroup, TrafficDialPercentage",
} as const satisfies NumberLimit;

/** Health checks of an account. */
export const HEALTH_CHECKS_PER_ACCOUNT = {
  max: 200,
  adjustable: true,
  source: "Route 53 developer guide, Quotas",
} as const satisfies QuotaLimit;

/** Inbound rules of a security group, those for IPv4 and for IPv6 each by themselves. */
export const RULES_PER_SECURITY_GROUP = {
  max: 60,
  adjustable: true,
  source: "VPC user guide, Amazon VPC quotas",
} as const satisfies QuotaLimit;

/** Entries of the prefix list of Route 53's health checkers, each of which counts as a rule. */
export const HEALTH_CHECKERS_WEIGHT = {
  rules: 25,
  source: "VPC user guide, AWS-managed prefix lists, weight of com.amazonaws.<region>.route53-healthchecks",
} as const;

/**
 * Places from which Route 53 asks. Three are the fewest it takes. All eight would ask as often again, and what they
 * ask counts as requests of the model, which its groups grow by.
 */
export const HEALTH_CHECKER_REGIONS = {
  names: ["ap-southeast-1", "eu-west-1", "us-east-1"],
  source: "Route 53 API, HealthCheckConfig, Regions",
} as const;

/**
 * Health checkers in each of these places. AWS does not say; this is what its consoles have shown: sixteen in eight
 * places, each of which asks by itself.
 */
export const HEALTH_CHECKERS_PER_REGION = 2;

/** Seconds a resolver keeps the answer of an alias record that leads to a load balancer. */
export const ALIAS_TTL = {
  seconds: 60,
  source: "Route 53 developer guide, Choosing between alias and non-alias records",
} as const;

/** Seconds in which Global Accelerator sends new connections elsewhere once a load balancer counts as unhealthy. */
export const ACCELERATOR_FAILOVER = {
  seconds: 30,
  source: "Global Accelerator developer guide, How failover works for unhealthy endpoints",
} as const;

/** Regions whose load balancers Global Accelerator leads to. Newer ones may have come since. */
export const ACCELERATOR_REGIONS = {
  names: [
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
  ],
  source: "Global Accelerator developer guide, AWS Region availability for AWS Global Accelerator",
} as const;
