/** A difference between what was asked for and what the emulator says there is. */
export interface Forgotten {
  readonly type: string;
  /** Attribute, as {@link Difference.path} writes it. */
  readonly path: string;
  /** What the emulator says instead. */
  readonly says: unknown;
  /** What was asked for: one of these, or a text of this form. */
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
  { type: "aws_autoscaling_group", path: "default_instance_warmup", says: 0, wanted: [80, 120] },
  {
    type: "aws_autoscaling_group",
    path: "instance_maintenance_policy",
    says: [],
    wanted: [
      [{ min_healthy_percentage: 100, max_healthy_percentage: 134 }],
      [{ min_healthy_percentage: 100, max_healthy_percentage: 150 }],
    ],
  },
  {
    type: "aws_autoscaling_group",
    path: "availability_zone_distribution.0.capacity_distribution_strategy",
    says: null,
    wanted: ["balanced-best-effort"],
  },
  // Nobody asked for it: moto answers with an empty block, whose fields the provider then reads as not there.
  {
    type: "aws_autoscaling_group",
    path: "capacity_reservation_specification.0.capacity_reservation_preference",
    says: null,
    wanted: [""],
  },
  {
    type: "aws_autoscaling_lifecycle_hook",
    path: "notification_target_arn",
    says: "arn:aws:sqs:us-east-1:123456789012:my-queue",
    wanted: [null],
  },
  {
    type: "aws_autoscaling_lifecycle_hook",
    path: "role_arn",
    says: "arn:aws:iam::1234567890:role/my-auto-scaling-role",
    wanted: [null],
  },
  { type: "aws_autoscaling_policy", path: "enabled", says: false, wanted: [true] },
  {
    type: "aws_autoscaling_policy",
    path: "predictive_scaling_configuration",
    says: [NO_PREDICTION],
    wanted: [[]],
  },
  // Of rules that name a security group or a list of addresses; those that name a range of addresses keep theirs.
  {
    type: "aws_vpc_security_group_egress_rule",
    path: "description",
    says: null,
    wanted: /^to [a-z]+--[a-z]+-\d+$/,
  },
  {
    type: "aws_vpc_security_group_ingress_rule",
    path: "description",
    says: null,
    wanted: /^(Port \d+ from the load balancer|https from route53-healthchecks)$/,
  },
];
