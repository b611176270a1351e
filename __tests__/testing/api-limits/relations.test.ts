import { relationFindings } from "../../../testing/api-limits/relations/check";
import { renderFinding } from "../../../testing/finding";

const found = (type: string, ...bodies: readonly object[]) => {
  const own = Object.fromEntries(bodies.map((body, index) => [`r${index}`, body]));
  const [kind, name] = type.startsWith("data.") ? ["data", type.slice("data.".length)] : ["resource", type];
  return relationFindings({ [kind]: { [name]: own } }).map((finding) =>
    renderFinding(finding)
      .replace(/^(data\.)?\w+\.r\d:? /, "")
      .replace(/ \([^()]*\)$/, ""),
  );
};

const forward = { type: "forward", target_group_arn: "t" };
const path = { path_pattern: { values: ["/a"] } };
const listener = { load_balancer_arn: "a", port: 80, protocol: "HTTP", default_action: forward };
const verifying = { ...listener, protocol: "HTTPS", certificate_arn: "a" };
const jwtValidation = (...additional_claim: readonly object[]) => ({
  type: "jwt-validation",
  jwt_validation: { additional_claim },
});
const rule = { listener_arn: "l", action: [forward], condition: [path] };
const group = { min_size: 1, max_size: 2, vpc_zone_identifier: ["s"], launch_template: { id: "lt" } };
const tracking = (configuration: object, more: object = {}) => ({
  name: "p",
  autoscaling_group_name: "g",
  policy_type: "TargetTrackingScaling",
  target_tracking_configuration: { target_value: 1, ...configuration },
  ...more,
});
const predefined = { predefined_metric_type: "ASGAverageCPUUtilization" };
const disk = (ebs: object) => ({ block_device_mappings: [{ ebs }] });
const ingress = {
  security_group_id: "g",
  ip_protocol: "tcp",
  from_port: 1,
  to_port: 1,
  cidr_ipv4: "0.0.0.0/0",
};
const route = { route_table_id: "t", destination_cidr_block: "0.0.0.0/0", gateway_id: "g" };
const alarm = {
  alarm_name: "a",
  metric_name: "m",
  namespace: "N",
  period: 60,
  statistic: "Sum",
  threshold: 1,
};
const record = { zone_id: "z", name: "n", type: "A", ttl: 60, records: ["192.0.2.1"] };
const weighted = { ...record, set_identifier: "a", weighted_routing_policy: { weight: 1 } };
const https = { type: "HTTPS", fqdn: "a.example" };
const sum = { type: "CALCULATED", child_healthchecks: ["a"], child_health_threshold: 1 };
const lifecycle = (more: object) => ({ bucket: "b", rule: [{ id: "a", status: "Enabled", ...more }] });
const mixed = (distribution: object, override: readonly object[] = []) => ({
  ...group,
  launch_template: undefined,
  mixed_instances_policy: [
    {
      instances_distribution: [distribution],
      launch_template: [{ launch_template_specification: {}, override }],
    },
  ],
});

it.each<[string, object]>([
  ["aws_lb", { subnets: ["a", "b"] }],
  ["aws_lb", { subnets: `\${var.subnets}` }],
  ["aws_lb", { load_balancer_type: "network", subnets: ["a"] }],
  ["aws_lb", { dynamic: { subnet_mapping: { for_each: [], content: { subnet_id: "a" } } } }],
  ["aws_lb_listener", listener],
  ["aws_lb_listener", { ...listener, protocol: "HTTPS", certificate_arn: "a", ssl_policy: "b" }],
  ["aws_lb_listener", { ...listener, port: null, protocol: null }],
  ["aws_lb_listener", { ...listener, protocol: `\${var.protocol}`, ssl_policy: "b" }],
  ["aws_lb_listener_rule", rule],
  [
    "aws_lb_listener_rule",
    { ...rule, action: [{ type: "authenticate-oidc", authenticate_oidc: {} }, forward] },
  ],
  ["aws_lb_listener_rule", { ...rule, action: [jwtValidation({ name: "scope", values: ["a"] }), forward] }],
  ["aws_lb_listener", { ...verifying, mutual_authentication: { mode: "verify", trust_store_arn: "t" } }],
  ["aws_lb_listener", { ...verifying, mutual_authentication: { mode: "passthrough" } }],
  ["aws_lb_target_group", { health_check: { timeout: 5, interval: 30 }, slow_start: 0 }],
  ["aws_autoscaling_group", group],
  ["aws_autoscaling_group", mixed({ spot_allocation_strategy: "lowest-price", spot_instance_pools: 2 })],
  ["aws_autoscaling_policy", tracking({ predefined_metric_specification: predefined })],
  ["aws_launch_template", disk({ volume_type: "gp3", iops: 3000, throughput: 750 })],
  ["aws_vpc_security_group_ingress_rule", ingress],
  ["aws_vpc_security_group_ingress_rule", { ip_protocol: "-1", cidr_ipv6: "::/0" }],
  ["aws_route", route],
  ["aws_vpc", { cidr_block: "10.0.0.0/16" }],
  [
    "aws_subnet",
    { cidr_block: `\${cidrsubnet(aws_vpc.own.cidr_block, 4, 0)}`, ipv6_cidr_block: "2001:db8::/64" },
  ],
  ["aws_s3_bucket", { bucket: "acme.chat-logs" }],
  [
    "aws_autoscaling_group",
    { ...group, instance_refresh: { strategy: "Rolling", triggers: ["tag", "max_size"] } },
  ],
  ["aws_cloudwatch_metric_alarm", alarm],
  ["aws_cloudwatch_metric_alarm", { alarm_name: "a", metric_query: [{ id: "a" }], threshold_metric_id: "a" }],
  ["aws_route53_record", record],
  ["aws_route53_record", weighted],
  ["aws_route53_health_check", https],
  ["aws_route53_health_check", sum],
  ["data.aws_route53_zone", { name: "example.com" }],
  ["aws_s3_bucket_lifecycle_configuration", lifecycle({ filter: [{}], expiration: [{ days: 1 }] })],
  ["aws_sns_topic", { name: "a.fifo", fifo_topic: true }],
  ["aws_acm_certificate", { domain_name: "a.example", validation_method: "DNS" }],
])("%s takes %j", (type, body) => {
  expect(found(type, body)).toEqual([]);
});

it.each<[string, object, string]>([
  ["aws_lb", {}, "must have one of subnets, subnet_mapping, and has none"],
  ["aws_vpc", { cidr_block: "10.0.0.1/16" }, 'has cidr_block "10.0.0.1/16", which AWS writes 10.0.0.0/16'],
  [
    "aws_vpc_security_group_ingress_rule",
    { ...ingress, cidr_ipv4: "203.0.113.9/24" },
    'has cidr_ipv4 "203.0.113.9/24", which AWS writes 203.0.113.0/24',
  ],
  [
    "aws_subnet",
    { ipv6_cidr_block: "2001:db8::1/64" },
    'has ipv6_cidr_block "2001:db8::1/64", which AWS writes 2001:db8::/64',
  ],
  ...["a..b", "a.-b", "a-.b", "192.0.2.1", "xn--a", "a-s3alias"].map((bucket): [string, object, string] => [
    "aws_s3_bucket",
    { bucket },
    `has bucket "${bucket}", and takes no name with .. or - beside ., of an IPv4 address, or with a beginning or end that S3 keeps for itself`,
  ]),
  [
    "aws_autoscaling_group",
    { ...group, instance_refresh: { strategy: "Rolling", triggers: ["launch_template"] } },
    'instance_refresh has triggers "launch_template", and takes arguments of the group; what it launches from always triggers a refresh',
  ],
  [
    "aws_lb",
    { subnets: ["a", "b"], subnet_mapping: [{}] },
    "must have one of subnets, subnet_mapping, and has subnets and subnet_mapping",
  ],
  ["aws_lb", { subnets: ["a"] }, "has subnets 1 times, and takes 2 or more"],
  [
    "aws_lb",
    { subnets: ["a", "b"], name: "a", name_prefix: "b" },
    "has name and name_prefix, and may have only one of them",
  ],
  ["aws_lb_listener", { ...listener, protocol: "HTTPS" }, "must have certificate_arn"],
  ["aws_lb_listener", { ...listener, ssl_policy: "a" }, "may not have ssl_policy"],
  ["aws_lb_listener", { ...listener, port: null }, "must have port with protocol"],
  [
    "aws_lb_listener",
    { ...listener, mutual_authentication: { mode: "passthrough" } },
    "may not have mutual_authentication",
  ],
  [
    "aws_lb_listener",
    { ...verifying, mutual_authentication: { mode: "verify" } },
    "mutual_authentication must have trust_store_arn",
  ],
  [
    "aws_lb_listener",
    { ...listener, default_action: [jwtValidation(), forward] },
    'has default_action.type "jwt-validation", and takes no authentication without HTTPS',
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, action: [{ type: "jwt-validation" }, forward] },
    "action[0] must have jwt_validation",
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, action: [jwtValidation({ name: "exp", values: ["a"] }), forward] },
    'action[0].jwt_validation has additional_claim.name "exp", and takes none of exp, iat, iss, nbf',
  ],
  [
    "aws_lb_listener_rule",
    {
      ...rule,
      action: [jwtValidation(...["a", "a"].map((name) => ({ name, values: ["b"] }))), forward],
    },
    'action[0].jwt_validation has several additional_claim with name "a"',
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, action: [jwtValidation({ name: "a", values: Array(11).fill("b") }), forward] },
    "action[0].jwt_validation.additional_claim has values 11 times, and takes 1 to 10",
  ],
  [
    "aws_lb_listener",
    { ...listener, default_action: { type: "forward" } },
    "default_action must have one of target_group_arn, forward, and has none",
  ],
  [
    "aws_lb_listener",
    { ...listener, default_action: { type: "redirect" } },
    "default_action must have redirect",
  ],
  [
    "aws_lb_listener",
    { ...listener, default_action: { ...forward, redirect: {} } },
    "default_action may not have redirect",
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, action: [forward, forward] },
    "must have one action with type forward, redirect, fixed-response, and has 2",
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, action: { type: "forward", forward: { target_group: Array(6).fill({ arn: "a" }) } } },
    "action.forward has target_group 6 times, and takes 1 to 5",
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, condition: [{}] },
    "condition must have one of host_header, http_header, http_request_method, path_pattern, query_string, source_ip, and has none",
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, condition: [{ ...path, source_ip: { values: ["192.0.2.0/24"] } }] },
    "condition must have one of host_header, http_header, http_request_method, path_pattern, query_string, source_ip, and has path_pattern and source_ip",
  ],
  ["aws_lb_listener_rule", { ...rule, condition: [path, path] }, "has several condition with path_pattern"],
  [
    "aws_lb_listener_rule",
    { ...rule, condition: [{ path_pattern: { values: ["1", "2", "3"] } }, { query_string: [{}, {}, {}] }] },
    "has values 6 times, and takes 0 to 5",
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, transform: [{ type: "url-rewrite" }] },
    "transform must have url_rewrite_config",
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, transform: [{ type: "host-header-rewrite" }] },
    "transform must have host_header_rewrite_config",
  ],
  [
    "aws_lb_listener_rule",
    { ...rule, transform: Array(2).fill({ type: "url-rewrite", url_rewrite_config: {} }) },
    'has several transform with type "url-rewrite"',
  ],
  [
    "aws_lb_target_group",
    { health_check: { timeout: "30", interval: 30 } },
    "has health_check.timeout 30 and health_check.interval 30, and health_check.timeout must be less than health_check.interval",
  ],
  [
    "aws_lb_target_group",
    { slow_start: 30, load_balancing_algorithm_type: "least_outstanding_requests" },
    "has slow_start 30, and takes 0 with another algorithm than round_robin",
  ],
  [
    "aws_lb_target_group",
    { load_balancing_anomaly_mitigation: "on" },
    'has load_balancing_anomaly_mitigation "on", and takes off with another algorithm than weighted_random',
  ],
  [
    "aws_lb_target_group",
    { protocol: "HTTP", health_check: { matcher: "200-599" } },
    'has health_check.matcher "200-599", and takes codes from 200 to 499',
  ],
  [
    "aws_autoscaling_group",
    { ...group, min_size: 3 },
    "has min_size 3 and max_size 2, and min_size must be at most max_size",
  ],
  [
    "aws_autoscaling_group",
    { ...group, desired_capacity: 0 },
    "has min_size 1 and desired_capacity 0, and min_size must be at most desired_capacity",
  ],
  [
    "aws_autoscaling_group",
    { ...group, desired_capacity: 3 },
    "has desired_capacity 3 and max_size 2, and desired_capacity must be at most max_size",
  ],
  [
    "aws_autoscaling_group",
    { ...group, launch_template: [] },
    "must have one of launch_configuration, launch_template, mixed_instances_policy, and has none",
  ],
  [
    "aws_autoscaling_group",
    { ...group, launch_template: {} },
    "launch_template must have one of id, name, and has none",
  ],
  [
    "aws_autoscaling_group",
    { ...group, availability_zones: ["a"] },
    "must have one of availability_zones, vpc_zone_identifier, and has availability_zones and vpc_zone_identifier",
  ],
  [
    "aws_autoscaling_group",
    { ...group, instance_maintenance_policy: { min_healthy_percentage: 90, max_healthy_percentage: 200 } },
    "instance_maintenance_policy has max_healthy_percentage 200 and min_healthy_percentage 90, which are more than 100 apart",
  ],
  [
    "aws_autoscaling_group",
    { ...group, initial_lifecycle_hook: [{ name: "a" }, { name: "a" }] },
    'has several initial_lifecycle_hook with name "a"',
  ],
  ["aws_autoscaling_group", { ...group, tag: [{ key: "a" }, { key: "a" }] }, 'has several tag with key "a"'],
  [
    "aws_autoscaling_group",
    mixed({ spot_allocation_strategy: "capacity-optimized", spot_instance_pools: 2 }),
    "mixed_instances_policy.instances_distribution has spot_instance_pools 2, and takes 0 with another strategy than lowest-price",
  ],
  [
    "aws_autoscaling_group",
    mixed({}, [{ instance_type: "g6.xlarge" }, { instance_type: "g6.xlarge" }]),
    'mixed_instances_policy.launch_template has several override with instance_type "g6.xlarge"',
  ],
  [
    "aws_autoscaling_group",
    mixed({}, [{}, { instance_type: "a", instance_requirements: {} }]),
    "mixed_instances_policy.launch_template.override[1] has instance_type and instance_requirements, and may have only one of them",
  ],
  [
    "aws_autoscaling_policy",
    { policy_type: "TargetTrackingScaling", name: "p", autoscaling_group_name: "g" },
    "must have target_tracking_configuration",
  ],
  [
    "aws_autoscaling_policy",
    tracking({ predefined_metric_specification: predefined }, { adjustment_type: "ExactCapacity" }),
    "may not have adjustment_type",
  ],
  [
    "aws_autoscaling_policy",
    tracking({}),
    "target_tracking_configuration must have one of predefined_metric_specification, customized_metric_specification, and has none",
  ],
  [
    "aws_autoscaling_policy",
    tracking({ predefined_metric_specification: { predefined_metric_type: "ALBRequestCountPerTarget" } }),
    "target_tracking_configuration.predefined_metric_specification must have resource_label",
  ],
  [
    "aws_autoscaling_policy",
    { policy_type: "StepScaling", adjustment_type: "a" },
    "must have step_adjustment",
  ],
  ["aws_autoscaling_policy", { adjustment_type: "a" }, "must have scaling_adjustment"],
  [
    "aws_autoscaling_policy",
    { policy_type: "PredictiveScaling" },
    "must have predictive_scaling_configuration",
  ],
  [
    "aws_launch_template",
    disk({ volume_type: "gp3", iops: 90000 }),
    "block_device_mappings.ebs has iops 90000, and takes 3000 to 80000 for gp3",
  ],
  [
    "aws_launch_template",
    disk({ volume_type: "gp3", iops: 3000, throughput: 751 }),
    "block_device_mappings.ebs has throughput 751 and iops 3000, and throughput must be at most 0.25 × iops",
  ],
  [
    "aws_launch_template",
    disk({ volume_type: "gp2", throughput: 125 }),
    "block_device_mappings.ebs may not have throughput",
  ],
  ["aws_launch_template", disk({ volume_type: "io2" }), "block_device_mappings.ebs must have iops"],
  [
    "aws_launch_template",
    { iam_instance_profile: { arn: "a", name: "b" } },
    "iam_instance_profile has arn and name, and may have only one of them",
  ],
  [
    "aws_launch_template",
    { vpc_security_group_ids: ["a"], network_interfaces: [{}] },
    "has vpc_security_group_ids and network_interfaces, and may have only one of them",
  ],
  [
    "aws_vpc_security_group_ingress_rule",
    { ...ingress, cidr_ipv6: "::/0" },
    "must have one of cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id, and has cidr_ipv4 and cidr_ipv6",
  ],
  [
    "aws_vpc_security_group_egress_rule",
    { ...ingress, cidr_ipv4: null },
    "must have one of cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id, and has none",
  ],
  [
    "aws_vpc_security_group_ingress_rule",
    { ...ingress, from_port: 2 },
    "has from_port 2 and to_port 1, and from_port must be at most to_port",
  ],
  ["aws_vpc_security_group_ingress_rule", { ...ingress, to_port: null }, "must have to_port"],
  [
    "aws_vpc_security_group_ingress_rule",
    { ...ingress, ip_protocol: "-1", to_port: null },
    "may not have from_port",
  ],
  [
    "aws_route",
    { ...route, nat_gateway_id: "n" },
    expect.stringContaining("and has gateway_id and nat_gateway_id"),
  ],
  ["aws_route", { ...route, gateway_id: null }, expect.stringContaining("and has none")],
  [
    "aws_route",
    { ...route, destination_cidr_block: null },
    "must have one of destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id, and has none",
  ],
  ["aws_route_table_association", {}, "must have one of subnet_id, gateway_id, and has none"],
  ["aws_nat_gateway", { subnet_id: "s" }, "must have allocation_id"],
  [
    "aws_nat_gateway",
    { subnet_id: "s", allocation_id: "a", connectivity_type: "private" },
    "may not have allocation_id",
  ],
  [
    "aws_vpc_endpoint",
    { vpc_id: "v" },
    "must have one of service_name, resource_configuration_arn, service_network_arn, and has none",
  ],
  [
    "aws_vpc_endpoint",
    { service_name: "s", private_dns_enabled: true },
    "has private_dns_enabled true, and takes false for a gateway endpoint",
  ],
  ["aws_flow_log", { vpc_id: "v" }, "must have iam_role_arn"],
  [
    "aws_flow_log",
    { vpc_id: "v", iam_role_arn: "r", log_destination_type: "s3" },
    "may not have iam_role_arn",
  ],
  [
    "aws_flow_log",
    { vpc_id: "v", subnet_id: "s", iam_role_arn: "r" },
    expect.stringContaining("and has subnet_id and vpc_id"),
  ],
  [
    "aws_vpc",
    { cidr_block: "a", ipv4_netmask_length: 16 },
    expect.stringContaining("may have only one of them"),
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { ...alarm, extended_statistic: "p99" },
    "must have one of statistic, extended_statistic, and has statistic and extended_statistic",
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { ...alarm, statistic: null },
    "must have one of statistic, extended_statistic, and has none",
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { ...alarm, threshold: null },
    "must have one of threshold, threshold_metric_id, and has none",
  ],
  ["aws_cloudwatch_metric_alarm", { ...alarm, namespace: null }, "must have namespace with metric_name"],
  [
    "aws_cloudwatch_metric_alarm",
    { ...alarm, metric_query: [{}] },
    "must have one of metric_name, metric_query, and has metric_name and metric_query",
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { ...alarm, namespace: "AWS/EC2", period: 10 },
    "has period 10, which no metric of AWS/EC2 has",
  ],
  ["aws_route53_record", { ...weighted, set_identifier: null }, "must have set_identifier"],
  ["aws_route53_record", { ...record, set_identifier: "a" }, expect.stringContaining("and has none")],
  [
    "aws_route53_record",
    { ...weighted, latency_routing_policy: {} },
    "has latency_routing_policy and weighted_routing_policy, and may have only one of them",
  ],
  ["aws_route53_health_check", { type: "HTTPS" }, "must have one of fqdn, ip_address, and has none"],
  ["aws_route53_health_check", { ...https, type: "HTTPS_STR_MATCH" }, "must have search_string"],
  ["aws_route53_health_check", { ...https, search_string: "a" }, "may not have search_string"],
  [
    "aws_route53_health_check",
    { ...sum, child_health_threshold: 99 },
    "has child_health_threshold 99, and 1 child_healthchecks",
  ],
  ["aws_route53_health_check", { ...sum, fqdn: "a" }, "may not have fqdn"],
  [
    "aws_route53_health_check",
    { type: "CLOUDWATCH_METRIC", cloudwatch_alarm_name: "a" },
    "must have cloudwatch_alarm_region",
  ],
  [
    "data.aws_route53_zone",
    { name: "a", zone_id: "b" },
    "has name and zone_id, and may have only one of them",
  ],
  ["data.aws_route53_zone", {}, expect.stringContaining("and has none")],
  [
    "aws_s3_bucket_server_side_encryption_configuration",
    {
      rule: { apply_server_side_encryption_by_default: { sse_algorithm: "AES256", kms_master_key_id: "k" } },
    },
    "rule.apply_server_side_encryption_by_default may not have kms_master_key_id",
  ],
  [
    "aws_s3_bucket_lifecycle_configuration",
    lifecycle({}),
    expect.stringMatching(/^rule must have one of .* has none$/),
  ],
  [
    "aws_s3_bucket_lifecycle_configuration",
    lifecycle({ expiration: [{ days: 1 }], filter: [{}], prefix: "a" }),
    "rule has filter and prefix, and may have only one of them",
  ],
  [
    "aws_s3_bucket_lifecycle_configuration",
    lifecycle({ expiration: [{ days: 1, date: "2026-01-01" }] }),
    "rule.expiration has date and days, and may have only one of them",
  ],
  [
    "aws_s3_bucket_lifecycle_configuration",
    lifecycle({ transition: [{ days: 1, date: "2026-01-01", storage_class: "GLACIER" }] }),
    "rule.transition has date and days, and may have only one of them",
  ],
  [
    "aws_s3_bucket_lifecycle_configuration",
    lifecycle({ transition: [{ days: 5, storage_class: "STANDARD_IA" }] }),
    "rule.transition has days 5, and takes 30 or more with this storage class",
  ],
  [
    "aws_sns_topic",
    { name: "a.fifo" },
    'has name "a.fifo", and takes no name that ends in .fifo, without fifo_topic',
  ],
  [
    "aws_sns_topic",
    { name: "a", fifo_topic: true },
    'has name "a", and takes names that end in .fifo, for fifo_topic',
  ],
  [
    "aws_sns_topic_subscription",
    { protocol: "email", endpoint: "foo" },
    'has endpoint "foo", and takes an e-mail address',
  ],
  [
    "aws_acm_certificate",
    { domain_name: "a" },
    "must have one of validation_method, certificate_authority_arn, private_key, and has none",
  ],
])("%s does not take %j", (type, body, sentence) => {
  expect(found(type, body)).toEqual([sentence]);
});

it("names address, block and source", () => {
  const own = { ...listener, default_action: { type: "redirect" } };
  expect(relationFindings({ resource: { aws_lb_listener: { own } } }).map(renderFinding)).toEqual([
    "aws_lb_listener.own: default_action must have redirect (Terraform AWS provider, internal/service/elbv2)",
  ]);
});

describe("two resources", () => {
  it.each<[string, object, string]>([
    ["aws_cloudwatch_log_group", { name: "/a" }, "name"],
    ["aws_cloudwatch_metric_alarm", alarm, "alarm_name"],
    ["aws_lb_listener_rule", { ...rule, priority: 1 }, "listener_arn, priority"],
    ["aws_route53_record", record, "zone_id, name, type, set_identifier"],
    ["aws_route53_record", weighted, "zone_id, name, type, set_identifier"],
    [
      "aws_vpc_security_group_ingress_rule",
      ingress,
      "security_group_id, ip_protocol, from_port, to_port, cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id",
    ],
  ])("of %s are not the same", (type, body, by) => {
    expect(found(type, body, body)).toEqual([`has the same ${by} as ${type}.r0`]);
  });

  it("may be alike in another region, without a name, or one for each of several", () => {
    expect(found("aws_cloudwatch_log_group", { name: "/a" }, { name: "/a", provider: "aws.b" })).toEqual([]);
    expect(found("aws_cloudwatch_log_group", { name: "/a" }, { name: "/a", region: "eu-west-1" })).toEqual(
      [],
    );
    expect(found("aws_cloudwatch_log_group", { name_prefix: "a" }, { name_prefix: "a" })).toEqual([]);
    const each = { for_each: { a: 1 }, name: `\${each.key}` };
    expect(found("aws_cloudwatch_log_group", each, { ...each, for_each: { b: 1 } })).toEqual([]);
  });
});
