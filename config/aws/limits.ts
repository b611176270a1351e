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

/** An Application Load Balancer needs subnets in at least this many zones. */
export const LOAD_BALANCER_ZONES_MIN = 2;

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

/** Listeners of one load balancer. */
export const LISTENERS_PER_LOAD_BALANCER = {
  max: 50,
  adjustable: true,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Certificates beside the default one. */
export const CERTIFICATES_PER_LOAD_BALANCER = {
  max: 25,
  adjustable: true,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

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
 * `*` and `?` over all conditions of a rule together. The quotas page says six, "Condition types for listener rules"
 * still says five; the quotas page is the one AWS keeps current.
 */
export const CONDITION_WILDCARDS_PER_RULE = {
  max: 6,
  adjustable: false,
  source: "ALB quotas",
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

/** The body of a fixed response. */
export const FIXED_RESPONSE_BODY = {
  minLength: 0,
  maxLength: 1024,
  source: "ELBv2 API, FixedResponseActionConfig",
} as const satisfies LengthLimit;

/** The issuer and the JWKS endpoint of a JWT validation action. */
export const JWT_URL = {
  minLength: 1,
  maxLength: 256,
  source: "ELBv2 API, JwtValidationActionConfig",
} as const satisfies LengthLimit;

/** Claims a JWT validation action checks beside exp, iss, nbf and iat. */
export const JWT_ADDITIONAL_CLAIMS = {
  max: 10,
  adjustable: false,
  source: "ELBv2 API, JwtValidationActionConfig",
} as const satisfies QuotaLimit;

/** Values of one such claim. */
export const JWT_CLAIM_VALUES = {
  max: 10,
  adjustable: false,
  source: "ELBv2 API, JwtValidationActionAdditionalClaim",
} as const satisfies QuotaLimit;

// ---- Target groups -------------------------------------------------------------------------------------------

/** Name of a target group: letters, digits, hyphens; no hyphen at either end. */
export const TARGET_GROUP_NAME = {
  minLength: 1,
  maxLength: 32,
  source: "ELBv2 API, CreateTargetGroup",
} as const satisfies LengthLimit;

/** `name_prefix`: the provider adds 26 characters of its own. */
export const TARGET_GROUP_NAME_PREFIX = {
  minLength: 1,
  maxLength: 6,
  source: "Terraform AWS provider, aws_lb_target_group",
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

/** Percentage of targets that must be healthy, for DNS failover and for routing to all. */
export const MINIMUM_HEALTHY_TARGETS_PERCENTAGE = {
  min: 1,
  max: 100,
  unit: "%",
  source: "ELBv2 API, TargetGroupAttribute",
} as const satisfies NumberLimit;

/** Requests Target Optimizer's agent lets one target work on at once; 0 stops them. */
export const TARGET_CONTROL_MAX_CONCURRENCY = {
  min: 0,
  max: 1000,
  default: 1,
  source: "Target optimizer, Application Load Balancers user guide",
} as const satisfies NumberLimit;

/** Targets that must be healthy for anomaly mitigation to act. */
export const ANOMALY_MITIGATION_TARGETS_MIN = 3;

// ---- Auto Scaling --------------------------------------------------------------------------------------------

/** Name of an Auto Scaling group. */
export const AUTO_SCALING_GROUP_NAME = {
  minLength: 1,
  maxLength: 255,
  source: "Auto Scaling API, CreateAutoScalingGroup",
} as const satisfies LengthLimit;

/** Boxes in one group: Auto Scaling sets no limit of its own, but one target group holds no more targets. */
export const GROUP_SIZE = {
  min: 0,
  max: TARGETS_PER_TARGET_GROUP.max,
  source: "ALB quotas, targets per target group",
} as const satisfies NumberLimit;

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

/** On-demand share of the capacity above the on-demand base; the rest is Spot. */
export const ON_DEMAND_PERCENTAGE = {
  min: 0,
  max: 100,
  default: 100,
  unit: "%",
  source: "Auto Scaling API, InstancesDistribution",
} as const satisfies NumberLimit;

/** Seconds of a target-tracking metric's period. */
export const TARGET_TRACKING_PERIODS = {
  values: [10, 30, 60],
  default: 60,
  unit: "s",
  source: "Auto Scaling API, TargetTrackingMetricStat",
} as const;

/** Seconds predictive scaling launches ahead of the forecast hour. */
export const SCHEDULING_BUFFER = {
  min: 0,
  max: 3599,
  default: 300,
  unit: "s",
  source: "Auto Scaling API, PredictiveScalingConfiguration",
} as const satisfies NumberLimit;

/** Seconds between a Spot interruption notice and the interruption. */
export const SPOT_NOTICE = { seconds: 120, source: "Spot Instance interruptions, EC2 user guide" } as const;

// ---- Launch template and volumes -----------------------------------------------------------------------------

/** Name of a launch template. */
export const LAUNCH_TEMPLATE_NAME = {
  minLength: 3,
  maxLength: 128,
  source: "EC2 API, CreateLaunchTemplate",
} as const satisfies LengthLimit;

/** User data before it is base64 encoded. */
export const USER_DATA = {
  min: 0,
  max: 16_384,
  unit: "bytes",
  source: "Run commands when you launch an EC2 instance with user data input, EC2 user guide",
} as const satisfies NumberLimit;

/** Network hops an answer of the instance metadata service may take. */
export const METADATA_HOP_LIMIT = {
  min: 1,
  max: 64,
  default: 1,
  source: "EC2 API, LaunchTemplateInstanceMetadataOptionsRequest",
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

/** Rate at which a volume is filled from its snapshot. */
export const VOLUME_INITIALIZATION_RATE = {
  min: 100,
  max: 300,
  unit: "MiB/s",
  source: "EC2 API, LaunchTemplateEbsBlockDeviceRequest",
} as const satisfies NumberLimit;

/** A root volume cannot be smaller than its snapshot; this is the Deep Learning Base AMI's. */
export const DEEP_LEARNING_AMI_ROOT_SNAPSHOT = {
  gib: 75,
  source: "AWS Deep Learning Base AMI (Amazon Linux 2023), DescribeImages",
} as const;

// ---- Global front door ---------------------------------------------------------------------------------------

/** Weight of a weighted Route 53 record. */
export const RECORD_WEIGHT = {
  min: 0,
  max: 255,
  source: "Route 53 API, ResourceRecordSet",
} as const satisfies NumberLimit;

/** Seconds between two checks of a Route 53 health checker. */
export const ROUTE53_HEALTH_CHECK_INTERVALS = {
  values: [10, 30],
  default: 30,
  unit: "s",
  source: "Route 53 API, HealthCheckConfig",
} as const;

/** Checks in a row that change a Route 53 health check's mind. */
export const ROUTE53_FAILURE_THRESHOLD = {
  min: 1,
  max: 10,
  default: 3,
  source: "Route 53 API, HealthCheckConfig",
} as const satisfies NumberLimit;

/** Share of a region's traffic Global Accelerator sends there. */
export const TRAFFIC_DIAL = {
  min: 0,
  max: 100,
  default: 100,
  unit: "%",
  source: "Global Accelerator API, CreateEndpointGroup",
} as const satisfies NumberLimit;

/** Endpoints of a Global Accelerator endpoint group. */
export const ENDPOINTS_PER_ENDPOINT_GROUP = {
  max: 10,
  adjustable: true,
  source: "Quotas for AWS Global Accelerator",
} as const satisfies QuotaLimit;

// ---- WAF, keys, alarms, roles --------------------------------------------------------------------------------

/** Requests a WAF rate-based rule allows per window. */
export const WAF_RATE_LIMIT = {
  min: 10,
  max: 2_000_000_000,
  source: "WAF API, RateBasedStatement",
} as const satisfies NumberLimit;

/** Seconds a WAF rate-based rule counts over. */
export const WAF_RATE_WINDOWS = {
  values: [60, 120, 300, 600],
  default: 300,
  unit: "s",
  source: "WAF API, RateBasedStatement",
} as const;

/** Days a KMS key waits for its deletion. */
export const KMS_DELETION_WINDOW = {
  min: 7,
  max: 30,
  default: 30,
  unit: "d",
  source: "KMS API, ScheduleKeyDeletion",
} as const satisfies NumberLimit;

/** Name of a CloudWatch alarm. */
export const ALARM_NAME = {
  minLength: 1,
  maxLength: 255,
  source: "CloudWatch API, PutMetricAlarm",
} as const satisfies LengthLimit;

/** Name of an IAM role. */
export const ROLE_NAME = {
  minLength: 1,
  maxLength: 64,
  source: "IAM API, CreateRole",
} as const satisfies LengthLimit;

/** `name_prefix` of an IAM role: the provider adds 26 characters of its own. */
export const ROLE_NAME_PREFIX = {
  minLength: 1,
  maxLength: 38,
  source: "Terraform AWS provider, aws_iam_role",
} as const satisfies LengthLimit;

/** Name of an S3 bucket: lower-case letters, digits, hyphens, dots. */
export const BUCKET_NAME = {
  minLength: 3,
  maxLength: 63,
  source: "General purpose bucket naming rules, S3 user guide",
} as const satisfies LengthLimit;

/** The key of a tag; must not begin with `aws:`. */
export const TAG_KEY = {
  minLength: 1,
  maxLength: 128,
  source: "Tag your AWS resources, Tagging AWS Resources user guide",
} as const satisfies LengthLimit;

/** The value of a tag. */
export const TAG_VALUE = {
  minLength: 0,
  maxLength: 256,
  source: "Tag your AWS resources, Tagging AWS Resources user guide",
} as const satisfies LengthLimit;
