import {
  ABSENT,
  atMost,
  atMostOneOf,
  distinct,
  exactlyOneOf,
  needs,
  type Relation,
  refuses,
  takes,
  within,
} from "./rule";

const PROVIDER = "Terraform AWS provider, internal/service/autoscaling";
const GROUP = "Auto Scaling API, CreateAutoScalingGroup";
const POLICY = "Auto Scaling API, PutScalingPolicy";
const STEPS = ["adjustment_type", "scaling_adjustment", "step_adjustment", "min_adjustment_magnitude"];
const POOLS = "spot_instance_pools";

/** What belongs together in the resources of Amazon EC2 Auto Scaling. */
export const autoScaling: Readonly<Record<string, readonly Relation[]>> = {
  aws_autoscaling_group: [
    {
      rules: [exactlyOneOf("launch_configuration", "launch_template", "mixed_instances_policy")],
      source: `${PROVIDER}, aws_autoscaling_group`,
    },
    { rules: [exactlyOneOf("availability_zones", "vpc_zone_identifier")], source: GROUP },
    {
      rules: [
        atMost("min_size", "max_size"),
        atMost("min_size", "desired_capacity"),
        atMost("desired_capacity", "max_size"),
        distinct("initial_lifecycle_hook", "name"),
        distinct("tag", "key"),
      ],
      source: GROUP,
    },
    {
      block: "launch_template",
      rules: [exactlyOneOf("id", "name")],
      source: "Auto Scaling API, LaunchTemplateSpecification",
    },
    {
      block: "instance_maintenance_policy",
      rules: [within("max_healthy_percentage", "min_healthy_percentage", 100)],
      source: "Auto Scaling API, InstanceMaintenancePolicy",
    },
    {
      block: "mixed_instances_policy.instances_distribution",
      when: {
        spot_allocation_strategy: [
          ...["price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized"],
        ],
      },
      rules: [takes(POOLS, /^0$/, "0 with another strategy than lowest-price")],
      source: "Auto Scaling API, InstancesDistribution",
    },
    {
      block: "mixed_instances_policy.launch_template",
      rules: [distinct("override", "instance_type")],
      source: "Auto Scaling API, LaunchTemplate, Overrides",
    },
    {
      block: "mixed_instances_policy.launch_template.override",
      rules: [atMostOneOf("instance_type", "instance_requirements")],
      source: "Auto Scaling API, LaunchTemplateOverrides",
    },
    {
      block: "instance_refresh",
      rules: [
        takes(
          "triggers",
          /^(?:tag|traffic_source|warm_pool|(?!launch_|mixed_)[a-z]+(?:_[a-z]+)+)$/,
          "arguments of the group; what it launches from always triggers a refresh",
        ),
      ],
      source: `${PROVIDER}, aws_autoscaling_group, validateGroupInstanceRefreshTriggerFields`,
    },
  ],
  aws_autoscaling_policy: [
    {
      when: { policy_type: ["TargetTrackingScaling"] },
      rules: [
        needs("target_tracking_configuration"),
        refuses(...STEPS, "cooldown", "predictive_scaling_configuration"),
      ],
      source: POLICY,
    },
    {
      when: { policy_type: ["StepScaling"] },
      rules: [
        needs("adjustment_type", "step_adjustment"),
        refuses("scaling_adjustment", "cooldown", "target_tracking_configuration"),
      ],
      source: POLICY,
    },
    {
      when: { policy_type: ["PredictiveScaling"] },
      rules: [needs("predictive_scaling_configuration"), refuses(...STEPS, "target_tracking_configuration")],
      source: POLICY,
    },
    {
      when: { policy_type: [ABSENT, "SimpleScaling"] },
      rules: [
        needs("adjustment_type", "scaling_adjustment"),
        refuses("step_adjustment", "target_tracking_configuration"),
      ],
      source: POLICY,
    },
    {
      block: "target_tracking_configuration",
      rules: [exactlyOneOf("predefined_metric_specification", "customized_metric_specification")],
      source: `${PROVIDER}, aws_autoscaling_policy`,
    },
    {
      block: "target_tracking_configuration.predefined_metric_specification",
      when: { predefined_metric_type: ["ALBRequestCountPerTarget"] },
      rules: [needs("resource_label")],
      source: "Auto Scaling API, PredefinedMetricSpecification",
    },
  ],
};
