/**
 * Arguments whose change makes Terraform replace the resource: those that "force new" in the documentation of the
 * provider hashicorp/aws 6, of the resources of this project. A plan says it itself; synthesized JSON does not.
 */
const FORCES_NEW: Readonly<Record<string, readonly string[]>> = {
  aws_acm_certificate: ["domain_name", "subject_alternative_names", "validation_method", "key_algorithm"],
  aws_autoscaling_group: ["name", "name_prefix"],
  aws_autoscaling_lifecycle_hook: ["name", "autoscaling_group_name"],
  aws_autoscaling_policy: ["name", "autoscaling_group_name"],
  aws_autoscaling_schedule: ["scheduled_action_name", "autoscaling_group_name"],
  aws_cloudwatch_event_rule: ["name", "event_bus_name"],
  aws_cloudwatch_event_target: ["rule", "target_id"],
  aws_cloudwatch_log_group: ["name", "log_group_class"],
  aws_cloudwatch_metric_alarm: ["alarm_name"],
  aws_flow_log: [
    ...["vpc_id", "log_destination", "log_destination_type", "log_format", "iam_role_arn", "traffic_type"],
    ...["max_aggregation_interval", "deliver_cross_account_role", "destination_options"],
  ],
  aws_globalaccelerator_endpoint_group: ["listener_arn", "endpoint_group_region"],
  aws_globalaccelerator_listener: ["accelerator_arn"],
  aws_iam_instance_profile: ["name", "name_prefix", "path"],
  aws_iam_policy: ["name", "name_prefix", "path", "description"],
  aws_iam_role: ["name", "name_prefix", "path"],
  aws_iam_role_policy: ["name", "name_prefix", "role"],
  aws_iam_role_policy_attachment: ["role", "policy_arn"],
  aws_launch_template: ["name", "name_prefix"],
  aws_lb: ["name", "name_prefix", "internal", "load_balancer_type"],
  aws_lb_listener: ["load_balancer_arn"],
  aws_lb_listener_certificate: ["listener_arn", "certificate_arn"],
  aws_lb_listener_rule: ["listener_arn"],
  aws_lb_target_group: [
    ...["name", "name_prefix", "port", "protocol", "protocol_version", "target_type", "vpc_id"],
    ...["ip_address_type", "target_control_port"],
  ],
  aws_nat_gateway: ["allocation_id", "subnet_id", "connectivity_type"],
  aws_placement_group: ["name", "strategy"],
  aws_resourcegroups_group: ["name"],
  aws_route: ["route_table_id", "destination_cidr_block", "destination_ipv6_cidr_block"],
  aws_route53_health_check: ["type", "request_interval", "reference_name", "measure_latency"],
  aws_route53_record: ["name", "zone_id"],
  aws_route_table: ["vpc_id"],
  aws_route_table_association: ["subnet_id", "gateway_id"],
  aws_s3_bucket: ["bucket", "bucket_prefix", "object_lock_enabled"],
  aws_security_group: ["name", "name_prefix", "description", "vpc_id"],
  aws_sns_topic: ["name", "name_prefix", "fifo_topic"],
  aws_sns_topic_subscription: ["topic_arn", "protocol", "endpoint"],
  aws_subnet: ["vpc_id", "cidr_block", "availability_zone", "availability_zone_id"],
  aws_vpc: ["cidr_block", "instance_tenancy"],
  aws_vpc_endpoint: ["vpc_id", "service_name", "vpc_endpoint_type"],
  aws_vpc_endpoint_route_table_association: ["route_table_id", "vpc_endpoint_id"],
  aws_vpc_security_group_egress_rule: ["security_group_id"],
  aws_vpc_security_group_ingress_rule: ["security_group_id"],
  aws_wafv2_web_acl_association: ["resource_arn", "web_acl_arn"],
  terraform_data: ["triggers_replace"],
};

/** Whether a change of an argument replaces a resource. */
export function forcesNew(type: string, argument: string): boolean {
  return FORCES_NEW[type]?.includes(argument) ?? false;
}
