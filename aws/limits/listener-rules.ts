import type { NumberLimit, QuotaLimit, TextLimit } from "./limit";

/** Rules of one load balancer, without the default rules. */
export const RULES_PER_LOAD_BALANCER = {
  max: 100,
  adjustable: true,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Priority of a rule. The load balancer evaluates the lowest number first. */
export const RULE_PRIORITY = {
  min: 1,
  max: 50_000,
  source: "ELBv2 API, CreateRule",
} as const satisfies NumberLimit;

/** Values in all conditions of a rule together: 3 paths and 3 hosts are 6. */
export const CONDITION_VALUES_PER_RULE = {
  max: 5,
  adjustable: false,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/**
 * Wildcards (`*`, `?`) in all conditions of a rule together. Two pages of AWS differ: "Condition types for listener
 * rules" says 5, "ALB quotas" 6. AWS explains both: 5 is the default, and accounts with the earlier default have 6.
 * Every account accepts 5.
 */
export const CONDITION_WILDCARDS_PER_RULE = {
  max: 5,
  adjustable: false,
  source:
    "Condition types for listener rules; ALB quotas; awsdocs/elb-application-load-balancers-user-guide, pull request 32",
} as const satisfies QuotaLimit;

/** A path, host, query string or header value, or a regular expression for one. */
export const CONDITION_VALUE = {
  minLength: 1,
  maxLength: 128,
  source: "ELBv2 API, PathPatternConditionConfig, HostHeaderConditionConfig",
} as const satisfies TextLimit;

/** The name of the header in a condition. */
export const CONDITION_HEADER_NAME = {
  minLength: 1,
  maxLength: 40,
  source: "ELBv2 API, HttpHeaderConditionConfig",
} as const satisfies TextLimit;

/** A request method: A-Z, `-` and `_`. */
export const CONDITION_METHOD = {
  minLength: 1,
  maxLength: 40,
  source: "ELBv2 API, HttpRequestMethodConditionConfig",
} as const satisfies TextLimit;

/** The body of a fixed response. */
export const FIXED_RESPONSE_BODY = {
  minLength: 0,
  maxLength: 1024,
  source: "ELBv2 API, FixedResponseActionConfig",
} as const satisfies TextLimit;

/** Target groups of one forward action. */
export const TARGET_GROUPS_PER_ACTION = {
  max: 5,
  adjustable: false,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Weight of a target group in a forward action. A target group of weight 0 gets no new requests. */
export const FORWARD_WEIGHT = {
  min: 0,
  max: 999,
  source: "ELBv2 API, TargetGroupTuple",
} as const satisfies NumberLimit;

/** The regular expression of a URL or host rewrite. Its replacement has the same maximum and may be empty. */
export const REWRITE = {
  minLength: 1,
  maxLength: 1024,
  source: "ELBv2 API, RewriteConfig",
} as const satisfies TextLimit;

/** Seconds that a client stays with its target group in a sticky forward action. */
export const FORWARD_STICKINESS_DURATION = {
  min: 1,
  max: 604_800,
  unit: "s",
  source: "ELBv2 API, TargetGroupStickinessConfig",
} as const satisfies NumberLimit;
