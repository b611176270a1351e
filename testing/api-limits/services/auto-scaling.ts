import {
  AUTO_SCALING_GROUP_NAME,
  LIFECYCLE_HOOK_HEARTBEAT,
  MAX_HEALTHY_PERCENTAGE,
  MAX_INSTANCE_LIFETIME,
  MIN_HEALTHY_PERCENTAGE,
  type NumberLimit,
  ON_DEMAND_PERCENTAGE,
  RESOURCE_LABEL,
  SCALING_PROCESSES,
  SPOT_ALLOCATION_STRATEGIES,
  TERMINATION_POLICIES,
  type TextLimit,
} from "../../../aws/limits";
import { limited, none, oneOf, type Service } from "../table";

/** The model has texts where the reference lists words. */
const TRANSITIONS = oneOf(
  "Auto Scaling API, PutLifecycleHook",
  "autoscaling:EC2_INSTANCE_LAUNCHING",
  "autoscaling:EC2_INSTANCE_TERMINATING",
);
const RESULTS = oneOf("Auto Scaling API, PutLifecycleHook", "ABANDON", "CONTINUE");

/** How many instances a group has. */
const SIZE: NumberLimit = { min: 0, max: 2 ** 31 - 1, source: "Auto Scaling API, CreateAutoScalingGroup" };

const SCHEDULED_SIZE: NumberLimit = { ...SIZE, min: -1 };

const WEIGHT: NumberLimit = { min: 1, max: 999, source: "Auto Scaling API, LaunchTemplateOverrides" };

const GROUP_METRICS = oneOf(
  "Auto Scaling API, EnableMetricsCollection",
  ...(["GroupMinSize", "GroupMaxSize", "GroupAndWarmPoolDesiredCapacity"] as const),
  ...["GroupAndWarmPoolTotalCapacity", "WarmPoolMinSize", "WarmPoolWarmedCapacity"],
  ...["Desired", "InService", "Pending", "Standby", "Terminating", "Total"].map((of) => `Group${of}Capacity`),
  ...["InService", "Pending", "Standby", "Terminating", "Total"].map((of) => `Group${of}Instances`),
  ...["Desired", "Pending", "Terminating", "Total"].map((of) => `WarmPool${of}Capacity`),
);

const HEALTH_CHECKS: TextLimit = {
  minLength: 1,
  maxLength: 32,
  pattern: /^(EC2|EBS|ELB|VPC_LATTICE)(,(EC2|EBS|ELB|VPC_LATTICE))*$/,
  characters: "EC2, EBS, ELB, VPC_LATTICE, with commas between",
  source: "Auto Scaling API, CreateAutoScalingGroup",
};

/** What this project's groups do not use: they have launch templates, and no Lambda function. */
const OTHER_TERMINATION = [
  oneOf(TERMINATION_POLICIES.source, "OldestLaunchConfiguration"),
  {
    minLength: 1,
    maxLength: 1600,
    pattern: /^arn:[a-z-]+:lambda:/,
    characters: "the ARN of a Lambda function",
    source: TERMINATION_POLICIES.source,
  },
] as const;

const hook = (prefix: string) => ({
  [`${prefix}name`]: "LifecycleHookName",
  [`${prefix}default_result`]: limited("DefaultResult", RESULTS),
  [`${prefix}heartbeat_timeout`]: limited("HeartbeatTimeout", LIFECYCLE_HOOK_HEARTBEAT),
  [`${prefix}lifecycle_transition`]: limited("LifecycleTransition", TRANSITIONS),
});

/** What the resources of Amazon EC2 Auto Scaling become. */
export const autoScaling: Service = {
  service: "autoscaling",
  blocks: {
    aws_autoscaling_group: {
      request: "CreateAutoScalingGroupType",
      arguments: {
        name: limited("AutoScalingGroupName", AUTO_SCALING_GROUP_NAME),
        enabled_metrics: limited("EnableMetricsCollectionQuery:Metrics", GROUP_METRICS),
        min_size: limited("MinSize", SIZE),
        max_size: limited("MaxSize", SIZE),
        desired_capacity: limited("DesiredCapacity", SIZE),
        "mixed_instances_policy.launch_template.override.weighted_capacity": limited(
          "WeightedCapacity",
          WEIGHT,
        ),
        metrics_granularity: limited(
          "EnableMetricsCollectionQuery:Granularity",
          oneOf("Auto Scaling API, EnableMetricsCollection", "1Minute"),
        ),
        force_delete: "DeleteAutoScalingGroupType:ForceDelete",
        health_check_type: limited("HealthCheckType", HEALTH_CHECKS),
        initial_lifecycle_hook: "LifecycleHookSpecificationList",
        ...hook("initial_lifecycle_hook."),
        // The model also takes -1, which takes the setting back.
        "instance_maintenance_policy.max_healthy_percentage": limited(
          "MaxHealthyPercentage",
          MAX_HEALTHY_PERCENTAGE,
        ),
        "instance_maintenance_policy.min_healthy_percentage": limited(
          "MinHealthyPercentage",
          MIN_HEALTHY_PERCENTAGE,
        ),
        instance_refresh: "StartInstanceRefreshType:",
        "launch_template.id": "LaunchTemplateId",
        max_instance_lifetime: limited(
          "MaxInstanceLifetime",
          oneOf(MAX_INSTANCE_LIFETIME.source, "0"),
          MAX_INSTANCE_LIFETIME,
        ),
        "mixed_instances_policy.instances_distribution.on_demand_allocation_strategy": limited(
          "OnDemandAllocationStrategy",
          oneOf("Auto Scaling API, InstancesDistribution", "prioritized", "lowest-price"),
        ),
        "mixed_instances_policy.instances_distribution.on_demand_percentage_above_base_capacity": limited(
          "OnDemandPercentageAboveBaseCapacity",
          ON_DEMAND_PERCENTAGE,
        ),
        "mixed_instances_policy.instances_distribution.spot_allocation_strategy": limited(
          "SpotAllocationStrategy",
          SPOT_ALLOCATION_STRATEGIES,
        ),
        protect_from_scale_in: "NewInstancesProtectedFromScaleIn",
        suspended_processes: limited("ScalingProcessQuery:ScalingProcesses", SCALING_PROCESSES),
        termination_policies: limited("TerminationPolicies", TERMINATION_POLICIES, ...OTHER_TERMINATION),
        wait_for_capacity_timeout: none("wait"),
        warm_pool: "PutWarmPoolType:",
      },
      provided: ["AutoScalingGroupName"],
    },
    aws_autoscaling_lifecycle_hook: { request: "PutLifecycleHookType", arguments: hook("") },
    aws_autoscaling_notification: {
      request: "PutNotificationConfigurationType",
      arguments: {
        group_names: "AutoScalingGroupName",
        notifications: "NotificationTypes",
        topic_arn: "TopicARN",
      },
    },
    aws_autoscaling_schedule: {
      request: "PutScheduledUpdateGroupActionType",
      arguments: {
        // The provider leaves out a size that is -1.
        min_size: limited("MinSize", SCHEDULED_SIZE),
        max_size: limited("MaxSize", SCHEDULED_SIZE),
        desired_capacity: limited("DesiredCapacity", SCHEDULED_SIZE),
      },
    },
    aws_autoscaling_policy: {
      request: "PutScalingPolicyType",
      arguments: {
        name: "PolicyName",
        policy_type: limited(
          "PolicyType",
          oneOf(
            "Auto Scaling API, PutScalingPolicy",
            ...(["TargetTrackingScaling", "StepScaling", "SimpleScaling", "PredictiveScaling"] as const),
          ),
        ),
        "target_tracking_configuration.customized_metric_specification.metric_dimension": "Dimensions",
        "target_tracking_configuration.predefined_metric_specification.resource_label": limited(
          "ResourceLabel",
          RESOURCE_LABEL,
        ),
      },
    },
  },
};
