/** A difference between the configuration and the emulator's answer. */
export interface Forgotten {
  readonly type: string;
  /** Attribute, as {@link Difference.path} writes it. */
  readonly path: string;
  /** The emulator's answer. */
  readonly actual: unknown;
  /** The configured value: one of these, or a text of this form. */
  readonly wanted: readonly unknown[] | RegExp;
}

const NO_PREDICTION = {
  max_capacity_breach_behavior: "",
  max_capacity_buffer: "",
  metric_specification: [],
  mode: "",
  scheduling_buffer_time: "",
};

/**
 * All that moto 5.2 forgets or makes up, so that every plan wants it changed. Whatever else a second plan wants
 * changed is a fault of ours. What is not wanted of these deployments is not in the list, so that no plan can
 * change it unseen.
 */
export const FORGOTTEN: readonly Forgotten[] = [
  // Of what is deployed for these stories, and of the minimal example.
  { type: "aws_autoscaling_group", path: "default_instance_warmup", actual: 0, wanted: [80, 120] },
  {
    type: "aws_autoscaling_group",
    path: "instance_maintenance_policy",
    actual: [],
    wanted: [
      [{ min_healthy_percentage: 100, max_healthy_percentage: 134 }],
      [{ min_healthy_percentage: 100, max_healthy_percentage: 150 }],
    ],
  },
  {
    type: "aws_autoscaling_group",
    path: "availability_zone_distribution.0.capacity_distribution_strategy",
    actual: null,
    wanted: ["balanced-best-effort"],
  },
  {
    type: "aws_autoscaling_group",
    path: "capacity_reservation_specification.0.capacity_reservation_preference",
    actual: null,
    wanted: ["default"],
  },
  {
    type: "aws_autoscaling_lifecycle_hook",
    path: "notification_target_arn",
    actual: "arn:aws:sqs:us-east-1:123456789012:my-queue",
    wanted: [null],
  },
  {
    type: "aws_autoscaling_lifecycle_hook",
    path: "role_arn",
    actual: "arn:aws:iam::1234567890:role/my-auto-scaling-role",
    wanted: [null],
  },
  { type: "aws_autoscaling_policy", path: "enabled", actual: false, wanted: [true] },
  {
    type: "aws_autoscaling_policy",
    path: "predictive_scaling_configuration",
    actual: [NO_PREDICTION],
    wanted: [[]],
  },
  // Of rules that name a security group or a list of addresses; those that name a range of addresses keep theirs.
  {
    type: "aws_vpc_security_group_egress_rule",
    path: "description",
    actual: null,
    wanted: /^to [a-z]+--[a-z]+-\d+$/,
  },
  {
    type: "aws_vpc_security_group_ingress_rule",
    path: "description",
    actual: null,
    wanted: /^(Port \d+ from the load balancer|https from route53-healthchecks)$/,
  },
];
