/**
 * What AWS allows, as named constants, each with the page it comes from.
 *
 * Terraform checks few of these before `apply` (see the provider's `validate`), so the schema and the models
 * check them first. Names of sources:
 * - "ELBv2 API", "Auto Scaling API", "EC2 API" …: the service's API reference (action or type named after it);
 * - "ALB quotas": "Quotas for your Application Load Balancers", Application Load Balancers user guide;
 * - other pages are named in full.
 */

/** A whole number AWS accepts: both ends count, `default` is what AWS takes when nothing is said. */
export interface NumberLimit {
  readonly min: number;
  readonly max: number;
  readonly default?: number;
  /** `s` seconds, `d` days, `%`, `GiB`, `MiB/s`, `IOPS`, `bytes`, or nothing for a bare number. */
  readonly unit?: "s" | "d" | "%" | "GiB" | "MiB/s" | "IOPS" | "bytes";
  /** The page the numbers come from. */
  readonly source: string;
}

/** The longest (and shortest) text AWS accepts, in characters. */
export interface LengthLimit {
  readonly minLength: number;
  readonly maxLength: number;
  readonly source: string;
}

/** How many of a thing AWS allows in another; `adjustable` through Service Quotas or not. */
export interface QuotaLimit {
  readonly max: number;
  readonly adjustable: boolean;
  readonly source: string;
}

// ---- Application Load Balancer -------------------------------------------------------------------------------

/** Name of a load balancer: letters, digits, hyphens; no hyphen at either end; must not begin with `internal-`. */
export const LOAD_BALANCER_NAME = {
  minLength: 1,
  maxLength: 32,
  source: "ELBv2 API, CreateLoadBalancer",
} as const satisfies LengthLimit;

/** Seconds a connection may be silent before the load balancer closes it. */
export const IDLE_TIMEOUT = {
  min: 1,
  max: 4000,
  default: 60,
  unit: "s",
  source: "ELBv2 API, LoadBalancerAttribute",
} as const satisfies NumberLimit;

/** Seconds the load balancer keeps a client's connection, busy or not. */
export const CLIENT_KEEP_ALIVE = {
  min: 60,
  max: 604_800,
  default: 3600,
  unit: "s",
  source: "ELBv2 API, LoadBalancerAttribute",
} as const satisfies NumberLimit;

/** Reserved capacity units; the quota per region is 0 until one asks for more. */
export const LOAD_BALANCER_CAPACITY_UNITS = {
  min: 100,
  max: 15_000,
  source: "ALB quotas; Capacity reservations for your Application Load Balancer",
} as const satisfies NumberLimit;

/** Target groups of one load balancer: this one cannot be raised. */
export const TARGET_GROUPS_PER_LOAD_BALANCER = {
  max: 100,
  adjustable: false,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Targets of one load balancer, over all its target groups. */
export const TARGETS_PER_LOAD_BALANCER = {
  max: 1000,
  adjustable: true,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Port of a listener, a target or a security group rule. */
export const PORT = { min: 1, max: 65_535, source: "ELBv2 API, Port" } as const satisfies NumberLimit;

// ---- Listener rules ------------------------------------------------------------------------------------------

/** Rules of one load balancer, default rules not counted. */
export const RULES_PER_LOAD_BALANCER = {
  max: 100,
  adjustable: true,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Priority of a rule; the lowest number is tried first. */
export const RULE_PRIORITY = {
  min: 1,
  max: 50_000,
  source: "ELBv2 API, CreateRule",
} as const satisfies NumberLimit;

/** Values over all conditions of a rule together: 3 paths and 3 hosts are 6. */
export const CONDITION_VALUES_PER_RULE = {
  max: 5,
  adjustable: false,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/**
 * Wildcards (`*`, `?`) over all conditions of a rule together. Two pages of AWS differ: "Condition types for listener
 * rules" says 5, "ALB quotas" 6. AWS explains both: 5 is the default, and accounts with the earlier default have 6. So
 * every account takes 5.
 */
export const CONDITION_WILDCARDS_PER_RULE = {
  max: 5,
  adjustable: false,
  source:
    "Condition types for listener rules; ALB quotas; awsdocs/elb-application-load-balancers-user-guide, pull request 32",
} as const satisfies QuotaLimit;

/** A path, host, query string, header value or their regular expression. */
export const CONDITION_VALUE = {
  minLength: 1,
  maxLength: 128,
  source: "ELBv2 API, PathPatternConditionConfig, HostHeaderConditionConfig",
} as const satisfies LengthLimit;

/** The name of a header a condition looks at. */
export const CONDITION_HEADER_NAME = {
  minLength: 1,
  maxLength: 40,
  source: "ELBv2 API, HttpHeaderConditionConfig",
} as const satisfies LengthLimit;

/** A request method: A-Z, `-` and `_`. */
export const CONDITION_METHOD = {
  minLength: 1,
  maxLength: 40,
  source: "ELBv2 API, HttpRequestMethodConditionConfig",
} as const satisfies LengthLimit;

/** Target groups a forward action may weigh against one another. */
export const TARGET_GROUPS_PER_ACTION = {
  max: 5,
  adjustable: false,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Weight of a target group in a forward action; 0 sends nothing. */
export const FORWARD_WEIGHT = {
  min: 0,
  max: 999,
  source: "ELBv2 API, TargetGroupTuple",
} as const satisfies NumberLimit;

/** Seconds a client stays with its target, or with its target group. */
export const STICKINESS_DURATION = {
  min: 1,
  max: 604_800,
  default: 86_400,
  unit: "s",
  source: "ELBv2 API, TargetGroupAttribute, TargetGroupStickinessConfig",
} as const satisfies NumberLimit;

/** The regular expression, and the replacement, of a URL or host rewrite. */
export const REWRITE = {
  minLength: 1,
  maxLength: 1024,
  source: "ELBv2 API, RewriteConfig",
} as const satisfies LengthLimit;

// ---- Target groups -------------------------------------------------------------------------------------------

/** Name of a target group: letters, digits, hyphens; no hyphen at either end. */
export const TARGET_GROUP_NAME = {
  minLength: 1,
  maxLength: 32,
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies LengthLimit;

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

/** Seconds between two health checks of one target. */
export const HEALTH_CHECK_INTERVAL = {
  min: 5,
  max: 300,
  default: 30,
  unit: "s",
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies NumberLimit;

/** Seconds without an answer that fail a health check; must be less than the interval. */
export const HEALTH_CHECK_TIMEOUT = {
  min: 2,
  max: 120,
  default: 6,
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

/** Path of a health check; begins with `/`. */
export const HEALTH_CHECK_PATH = {
  minLength: 1,
  maxLength: 1024,
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies LengthLimit;

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

/** Targets that must be healthy for anomaly mitigation to act. */
export const ANOMALY_MITIGATION_TARGETS_MIN = 3;

// ---- Auto Scaling --------------------------------------------------------------------------------------------

/** Seconds a lifecycle hook waits for an answer or a heartbeat. */
export const LIFECYCLE_HOOK_HEARTBEAT = {
  min: 30,
  max: 7200,
  default: 3600,
  unit: "s",
  source: "Auto Scaling API, PutLifecycleHook",
} as const satisfies NumberLimit;

/** Least percentage of the group in service while instances are replaced. */
export const MIN_HEALTHY_PERCENTAGE = {
  min: 0,
  max: 100,
  default: 90,
  unit: "%",
  source: "Auto Scaling API, RefreshPreferences, InstanceMaintenancePolicy",
} as const satisfies NumberLimit;

/** Greatest percentage of the group in service or pending while instances are replaced. */
export const MAX_HEALTHY_PERCENTAGE = {
  min: 100,
  max: 200,
  default: 100,
  unit: "%",
  source: "Auto Scaling API, RefreshPreferences, InstanceMaintenancePolicy",
} as const satisfies NumberLimit;

/** `max healthy − min healthy` may be at most this. */
export const HEALTHY_PERCENTAGE_SPREAD = {
  min: 0,
  max: 100,
  unit: "%",
  source: "Auto Scaling API, RefreshPreferences, InstanceMaintenancePolicy",
} as const satisfies NumberLimit;

/** Seconds an instance refresh rests at a checkpoint. */
export const CHECKPOINT_DELAY = {
  min: 0,
  max: 172_800,
  default: 3600,
  unit: "s",
  source: "Auto Scaling API, RefreshPreferences",
} as const satisfies NumberLimit;

/** Seconds after which an instance is replaced; 0 (not in the range) turns it off, which is the default. */
export const MAX_INSTANCE_LIFETIME = {
  min: 86_400,
  max: 31_536_000,
  unit: "s",
  source: "Auto Scaling API, CreateAutoScalingGroup; Terraform AWS provider, aws_autoscaling_group",
} as const satisfies NumberLimit;

/** Seconds between a Spot interruption notice and the interruption. */
export const SPOT_NOTICE = { seconds: 120, source: "Spot Instance interruptions, EC2 user guide" } as const;

/** Requests that Target Optimizer lets to a target at a time; AWS takes 0 too, which is none. */
export const TARGET_OPTIMIZER_CONCURRENCY = {
  min: 1,
  max: 1000,
  source:
    "ELB user guide, Register targets with your Application Load Balancer target group, Target Optimizer",
} as const;

// ---- Launch template and volumes -----------------------------------------------------------------------------

/** User data before it is base64 encoded. */
export const USER_DATA = {
  min: 0,
  max: 16_384,
  unit: "bytes",
  source: "Run commands when you launch an EC2 instance with user data input, EC2 user guide",
} as const satisfies NumberLimit;

/** Size of a gp3 volume. */
export const GP3_SIZE = {
  min: 1,
  max: 65_536,
  unit: "GiB",
  source: "EC2 API, LaunchTemplateEbsBlockDeviceRequest",
} as const satisfies NumberLimit;

/** IOPS of a gp3 volume; 3000 are included. */
export const GP3_IOPS = {
  min: 3000,
  max: 80_000,
  default: 3000,
  unit: "IOPS",
  source: "EC2 API, LaunchTemplateEbsBlockDeviceRequest",
} as const satisfies NumberLimit;

/** IOPS a gp3 volume may have per GiB of its size. */
export const GP3_IOPS_PER_GIB_MAX = 500;

/** Throughput of a gp3 volume; 125 MiB/s are included. Older Terraform AWS provider releases stop at 1000. */
export const GP3_THROUGHPUT = {
  min: 125,
  max: 2000,
  default: 125,
  unit: "MiB/s",
  source: "EC2 API, LaunchTemplateEbsBlockDeviceRequest",
} as const satisfies NumberLimit;

/** MiB/s a gp3 volume may have per provisioned IOPS. */
export const GP3_THROUGHPUT_PER_IOPS_MAX = 0.25;

/** A root volume cannot be smaller than its snapshot; this is the Deep Learning Base AMI's. */
export const DEEP_LEARNING_AMI_ROOT_SNAPSHOT = {
  gib: 75,
  source: "AWS Deep Learning Base AMI (Amazon Linux 2023), DescribeImages",
} as const;

// ---- Names and tags ------------------------------------------------------------------------------------------

/** Name of an S3 bucket: lower-case letters, digits, hyphens, dots. */
export const BUCKET_NAME = {
  minLength: 3,
  maxLength: 63,
  source: "General purpose bucket naming rules, S3 user guide",
} as const satisfies LengthLimit;

/** The value of a tag. */
export const TAG_VALUE = {
  minLength: 0,
  maxLength: 256,
  source: "Tag your AWS resources, Tagging AWS Resources user guide",
} as const satisfies LengthLimit;
