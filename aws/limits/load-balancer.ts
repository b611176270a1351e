import type { ChoiceLimit, NumberLimit, QuotaLimit, TextLimit } from "./limit";

/** Name of a load balancer. */
export const LOAD_BALANCER_NAME = {
  minLength: 1,
  maxLength: 32,
  pattern: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  characters: 'letters, digits and inner hyphens, not beginning with "internal-"',
  source: "ELBv2 API, CreateLoadBalancer",
} as const satisfies TextLimit;

/** Seconds a connection may be idle before the load balancer closes it. */
export const IDLE_TIMEOUT = {
  min: 1,
  max: 4000,
  default: 60,
  unit: "s",
  source: "ELBv2 API, LoadBalancerAttribute",
} as const satisfies NumberLimit;

/** Seconds after which the load balancer closes a client's connection, busy or idle. */
export const CLIENT_KEEP_ALIVE = {
  min: 60,
  max: 604_800,
  default: 3600,
  unit: "s",
  source: "ELBv2 API, LoadBalancerAttribute",
} as const satisfies NumberLimit;

/**
 * Reserved capacity units. The maximum is the default quota of a load balancer, which AWS may raise. The quota of a
 * region is 0 until AWS raises it.
 */
export const LOAD_BALANCER_CAPACITY_UNITS = {
  min: 100,
  max: 15_000,
  source: "ALB quotas; Capacity reservations for your Application Load Balancer",
} as const satisfies NumberLimit;

/** Target groups of one load balancer. */
export const TARGET_GROUPS_PER_LOAD_BALANCER = {
  max: 100,
  adjustable: false,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Targets of one load balancer, in all its target groups together. */
export const TARGETS_PER_LOAD_BALANCER = {
  max: 1000,
  adjustable: true,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Port of a listener, a target or a security group rule. */
export const PORT = { min: 1, max: 65_535, source: "ELBv2 API, Port" } as const satisfies NumberLimit;

/** Zones of a load balancer, one subnet in each. us-east-1 has the most zones of all regions, six. */
export const LOAD_BALANCER_ZONES = {
  min: 2,
  max: 6,
  source: "ELBv2 API, CreateLoadBalancer, Subnets; AWS Global Infrastructure, Regions and Availability Zones",
} as const satisfies NumberLimit;

/** Prefix length of the smallest subnet of a load balancer. */
export const LOAD_BALANCER_SUBNET = {
  prefixMax: 27,
  source: "ELB user guide, Application Load Balancers, Subnets for your load balancer",
} as const;

/** How a load balancer handles requests that two servers could read differently. AWS's default is first. */
export const DESYNC_MITIGATIONS = {
  values: ["defensive", "strictest", "monitor"],
  source: "ELBv2 API, LoadBalancerAttribute",
} as const satisfies ChoiceLimit;

/** One of {@link DESYNC_MITIGATIONS}. */
export type DesyncMitigation = (typeof DESYNC_MITIGATIONS.values)[number];

/** The folder that a load balancer adds after the prefix of its logs. The prefix itself must not hold the word. */
export const LOG_FOLDER = {
  name: "AWSLogs",
  source: "ELB user guide, Enable access logs for your Application Load Balancer",
} as const;

/** Seconds between two values of a metric of a load balancer. */
export const LOAD_BALANCER_METRICS = {
  periodSeconds: 60,
  source: "ELB user guide, CloudWatch metrics for your Application Load Balancer",
} as const;
