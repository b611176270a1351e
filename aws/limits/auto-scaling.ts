import type { ChoiceLimit, NumberLimit, TextLimit } from "./limit";

/** Seconds a lifecycle hook waits for its completion or a heartbeat. */
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

/** Seconds an instance refresh pauses at a checkpoint. */
export const CHECKPOINT_DELAY = {
  min: 0,
  max: 172_800,
  default: 3600,
  unit: "s",
  source: "Auto Scaling API, RefreshPreferences",
} as const satisfies NumberLimit;

/** Seconds after which an instance is replaced. The default is 0, outside this range: no replacement by age. */
export const MAX_INSTANCE_LIFETIME = {
  min: 86_400,
  max: 31_536_000,
  unit: "s",
  source: "Auto Scaling API, CreateAutoScalingGroup; Terraform AWS provider, aws_autoscaling_group",
} as const satisfies NumberLimit;

/** Seconds between a Spot interruption notice and the interruption. */
export const SPOT_NOTICE = { seconds: 120, source: "Spot Instance interruptions, EC2 user guide" } as const;

/**
 * Seconds before the end of a Capacity Block from which on EC2 terminates the instances in it; longer for UltraServers, which
 * connect several instances.
 */
export const CAPACITY_BLOCK_END = {
  seconds: 1800,
  ultraServerSeconds: 3600,
  source:
    "EC2 user guide, Launch instances using Capacity Blocks; Auto Scaling user guide, Use Capacity Blocks",
} as const;

/** Seconds that a scheduled action may be late. */
export const SCHEDULED_ACTION_DELAY = {
  seconds: 120,
  source: "Auto Scaling user guide, Scheduled scaling, Considerations",
} as const;

/** Name of a scheduled action. */
export const SCHEDULED_ACTION_NAME = {
  minLength: 1,
  maxLength: 255,
  source: "Auto Scaling API, PutScheduledUpdateGroupAction",
} as const satisfies TextLimit;

/** Scheduled actions of a group. */
export const SCHEDULED_ACTIONS_PER_GROUP = {
  min: 1,
  max: 125,
  source: "Auto Scaling user guide, Scheduled scaling, Considerations",
} as const satisfies NumberLimit;

/** Name of an Auto Scaling group. */
export const AUTO_SCALING_GROUP_NAME = {
  minLength: 1,
  maxLength: 255,
  pattern: /^[\x21-\x39\x3b-\x7e]*$/,
  characters: "printable ASCII characters without space or colon",
  source: "Auto Scaling API, CreateAutoScalingGroup",
} as const satisfies TextLimit;

/** Name of a lifecycle hook. */
export const LIFECYCLE_HOOK_NAME = {
  minLength: 1,
  maxLength: 255,
  pattern: /^[A-Za-z0-9\-_/]*$/,
  characters: "letters, digits and -_/",
  source: "Auto Scaling API, LifecycleHookSpecification",
} as const satisfies TextLimit;

/** Name of a scaling policy. */
export const SCALING_POLICY_NAME = {
  minLength: 1,
  maxLength: 255,
  source: "Auto Scaling API, PutScalingPolicy",
} as const satisfies TextLimit;

/** The label of a target group and its load balancer in a scaling policy: the ends of both ARNs. */
export const RESOURCE_LABEL = {
  minLength: 1,
  maxLength: 1023,
  pattern: /^app\/[^/]+\/[^/]+\/targetgroup\/[^/]+\/[^/]+$/,
  characters: "characters as in app/<name>/<id>/targetgroup/<name>/<id>",
  source: "Auto Scaling API, PredefinedMetricSpecification",
} as const satisfies TextLimit;

/** Per cent of replaced instances at which an instance refresh pauses. */
export const CHECKPOINT_PERCENTAGE = {
  min: 1,
  max: 100,
  unit: "%",
  source: "Auto Scaling API, RefreshPreferences",
} as const satisfies NumberLimit;

/** Alarms that end an instance refresh. */
export const REFRESH_ALARMS = {
  min: 1,
  max: 10,
  source: "Auto Scaling API, AlarmSpecification",
} as const satisfies NumberLimit;

/** Per cent of the instances above the base that are on-demand. */
export const ON_DEMAND_PERCENTAGE = {
  min: 0,
  max: 100,
  default: 100,
  unit: "%",
  source: "Auto Scaling API, InstancesDistribution",
} as const satisfies NumberLimit;

/** Instance types in one mixed instances policy. */
export const INSTANCE_TYPES_PER_GROUP = {
  min: 1,
  max: 40,
  source: "Auto Scaling user guide, Quotas for Auto Scaling resources and groups",
} as const satisfies NumberLimit;

/** An instance type, or with `*` a pattern of some. */
export const INSTANCE_TYPE = {
  minLength: 1,
  maxLength: 30,
  pattern: /^[a-z0-9-]+\.[a-z0-9-]+$/,
  characters: "characters of an instance type, such as g6.xlarge",
  source: "EC2 API, InstanceType",
} as const satisfies TextLimit;

/** A pattern of instance types that requirements choose from. */
export const ALLOWED_INSTANCE_TYPE = {
  minLength: 1,
  maxLength: 30,
  pattern: /^[A-Za-z0-9.*-]*$/,
  characters: "letters, digits and .*-",
  source: "Auto Scaling API, InstanceRequirements",
} as const satisfies TextLimit;

/** Instance types, or patterns of them, that requirements choose from. */
export const ALLOWED_INSTANCE_TYPES = {
  min: 1,
  max: 400,
  source: "Auto Scaling API, InstanceRequirements",
} as const satisfies NumberLimit;

/** How Spot pools are chosen. The strategy that AWS recommends is first. */
export const SPOT_ALLOCATION_STRATEGIES = {
  values: [
    "price-capacity-optimized",
    "capacity-optimized",
    "capacity-optimized-prioritized",
    "lowest-price",
  ],
  source: "Auto Scaling API, InstancesDistribution",
} as const satisfies ChoiceLimit;

/** One of {@link SPOT_ALLOCATION_STRATEGIES}. */
export type SpotAllocationStrategy = (typeof SPOT_ALLOCATION_STRATEGIES.values)[number];

/** Processes of Auto Scaling that can be suspended. */
export const SCALING_PROCESSES = {
  values: [
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "Launch",
    "ReplaceUnhealthy",
    "ScheduledActions",
    "Terminate",
  ],
  source: "Auto Scaling API, SuspendProcesses",
} as const satisfies ChoiceLimit;

/** One of {@link SCALING_PROCESSES}. */
export type ScalingProcess = (typeof SCALING_PROCESSES.values)[number];

/** Which instance a shrinking group terminates first. These are the policies for groups with a launch template. */
export const TERMINATION_POLICIES = {
  values: [
    "AllocationStrategy",
    "ClosestToNextInstanceHour",
    "Default",
    "NewestInstance",
    "OldestInstance",
    "OldestLaunchTemplate",
  ],
  source: "Auto Scaling API, CreateAutoScalingGroup",
} as const satisfies ChoiceLimit;

/** One of {@link TERMINATION_POLICIES}. */
export type TerminationPolicy = (typeof TERMINATION_POLICIES.values)[number];
