/** Arguments by which AWS tells resources of a type apart: no two may have the same values. */
interface Unique {
  readonly type: string;
  readonly by: readonly string[];
  readonly source: string;
}

const RULE = ["security_group_id", "ip_protocol", "from_port", "to_port"];
const SOURCES = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];

/** Types of which AWS refuses the second, or takes it for the first. */
export const UNIQUE: readonly Unique[] = [
  { type: "aws_autoscaling_group", by: ["name"], source: "Auto Scaling API, CreateAutoScalingGroup" },
  {
    type: "aws_autoscaling_policy",
    by: ["name", "autoscaling_group_name"],
    source: "Auto Scaling API, PutScalingPolicy",
  },
  { type: "aws_cloudwatch_log_group", by: ["name"], source: "CloudWatch Logs API, CreateLogGroup" },
  { type: "aws_cloudwatch_metric_alarm", by: ["alarm_name"], source: "CloudWatch API, PutMetricAlarm" },
  { type: "aws_launch_template", by: ["name"], source: "EC2 API, CreateLaunchTemplate" },
  { type: "aws_lb", by: ["name"], source: "ELBv2 API, CreateLoadBalancer" },
  { type: "aws_lb_listener", by: ["load_balancer_arn", "port"], source: "ELBv2 API, CreateListener" },
  { type: "aws_lb_listener_rule", by: ["listener_arn", "priority"], source: "ELBv2 API, CreateRule" },
  { type: "aws_lb_target_group", by: ["name"], source: "ELBv2 API, CreateTargetGroup" },
  {
    type: "aws_route53_record",
    by: ["zone_id", "name", "type", "set_identifier"],
    source: "Route 53 API, ChangeResourceRecordSets",
  },
  ...["ingress", "egress"].map((direction) => ({
    type: `aws_vpc_security_group_${direction}_rule`,
    by: [...RULE, ...SOURCES],
    source: "EC2 API, AuthorizeSecurityGroupIngress",
  })),
];
