import "../../../testing/matchers";
import { apiReport } from "../../../testing/api-limits/check";
import { renderFinding } from "../../../testing/finding";
import type { Json } from "../../../testing/terraform/json";

/** A stack with one resource or data source, `own`. */
function stackOf(type: string, body: object): Json {
  const [kind, name] = type.startsWith("data.") ? ["data", type.slice(5)] : ["resource", type];
  return { [kind]: { [name]: { own: body } } };
}

const findingsIn = (stack: Json) => apiReport(stack).findings.map(renderFinding);

const findings = (type: string, body: object) => findingsIn(stackOf(type, body));

const model = (place: string, service: string) => `(${place} of ${service} in botocore 1.43.11)`;

const targetGroup = { name: "llama", port: 8000, protocol: "HTTP", vpc_id: "vpc-1" };
const alarm = { alarm_name: "a", comparison_operator: "GreaterThanThreshold", evaluation_periods: 1 };
const group = { name: "chat", min_size: 1, max_size: 2 };

describe("a wrong value", () => {
  it("among the codes of healthy targets is found", () => {
    const matcher = (codes: string) =>
      findings("aws_lb_target_group", { ...targetGroup, protocol: "TCP", health_check: { matcher: codes } });
    expect([matcher("200-599"), matcher("200,302"), matcher("0-99")]).toEqual([[], [], []]);
    expect(matcher("200-600")).toHaveLength(1);
  });

  it("out of the model's range is found", () => {
    expect(findings("aws_lb_target_group", { ...targetGroup, health_check: { interval: 3 } })).toEqual([
      `aws_lb_target_group.own: health_check.interval is 3; AWS takes 5 to 300 ${model("CreateTargetGroupInput.HealthCheckIntervalSeconds", "elbv2 2015-12-01")}`,
    ]);
    expect(findings("aws_lb_target_group", { ...targetGroup, port: 65_536 })).toHaveLength(1);
  });

  it("out of the documented range is found, where the model has no limit", () => {
    expect(findings("aws_lb", { name: "chat", idle_timeout: 5000 })).toEqual([
      "aws_lb.own: idle_timeout is 5000; AWS takes 1 to 4000 (ELBv2 API, LoadBalancerAttribute)",
    ]);
    expect(findings("aws_kms_key", { deletion_window_in_days: 3 })).toEqual([
      "aws_kms_key.own: deletion_window_in_days is 3; AWS takes 7 to 30 (KMS API, ScheduleKeyDeletion)",
    ]);
  });

  it("that is no word of the API is found", () => {
    expect(findings("aws_cloudwatch_metric_alarm", { ...alarm, comparison_operator: "MoreThan" })).toEqual([
      `aws_cloudwatch_metric_alarm.own: comparison_operator is "MoreThan"; AWS takes GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold, LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, GreaterThanUpperThreshold ${model("PutMetricAlarmInput.ComparisonOperator", "cloudwatch 2010-08-01")}`,
    ]);
  });

  it("that is no documented word is found, where the model takes any text", () => {
    const mixed_instances_policy = { instances_distribution: { spot_allocation_strategy: "cheapest" } };
    expect(findings("aws_autoscaling_group", { ...group, mixed_instances_policy })).toEqual([
      'aws_autoscaling_group.own: mixed_instances_policy.instances_distribution.spot_allocation_strategy is "cheapest"; AWS takes price-capacity-optimized, capacity-optimized, capacity-optimized-prioritized, lowest-price (Auto Scaling API, InstancesDistribution)',
    ]);
    expect(findings("aws_autoscaling_group", { ...group, health_check_type: "EBS,ELB,BOGUS" })).toHaveLength(
      1,
    );
    expect(findings("aws_autoscaling_group", { ...group, health_check_type: "EBS,ELB" })).toEqual([]);
  });

  it("that is too long is found, with what the provider appends", () => {
    expect(findings("aws_lb", { name: "a".repeat(33) })).toEqual([
      "aws_lb.own: name has 33 characters; AWS takes 1 to 32 (ELBv2 API, CreateLoadBalancer)",
    ]);
    const role = (name_prefix: string) =>
      findings("aws_iam_role", { name_prefix, assume_role_policy: "{}" }).map((each) => each.split(" (")[0]);
    expect(role("a".repeat(38))).toEqual([]);
    expect(role("a".repeat(39))).toContain(
      "aws_iam_role.own: name_prefix has 65 characters; AWS takes 1 to 64",
    );
  });

  it("that does not match the pattern is found", () => {
    expect(findings("aws_cloudwatch_log_group", { name: "/chat/llama 3" })).toEqual([
      `aws_cloudwatch_log_group.own: name is "/chat/llama 3"; AWS takes texts like [\\.\\-_/#A-Za-z0-9]+ ${model("CreateLogGroupRequest.logGroupName", "logs 2014-03-28")}`,
    ]);
    expect(findings("aws_security_group", { name: "chat", description: "what’s served" })).toEqual([
      'aws_security_group.own: description is "what’s served"; AWS takes letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* (EC2 API, CreateSecurityGroup, IpRange)',
    ]);
  });

  it("that has no form that AWS documents is found", () => {
    const range = "AWS takes a range of IPv4 addresses (EC2 API, IpRange)";
    expect(findings("aws_route", { route_table_id: "r", destination_cidr_block: "10.0.0.0/33" })).toEqual([
      `aws_route.own: destination_cidr_block is "10.0.0.0/33"; ${range}`,
    ]);
    for (const type of ["aws_vpc", "aws_subnet"]) {
      const cidr = (cidr_block: string) => findings(type, { vpc_id: "v", cidr_block });
      expect([cidr("10.0.0.0/16"), cidr("10.0.0.0/28")]).toEqual([[], []]);
      for (const wrong of ["10.0.0.0/8", "10.0.0.0/29", "10.0.0.0/33"]) {
        expect(cidr(wrong)).toEqual([
          `${type}.own: cidr_block is "${wrong}"; AWS takes a range of IPv4 addresses of /16 to /28 (VPC user guide, VPC CIDR blocks, Subnet CIDR blocks)`,
        ]);
      }
    }
    expect(findings("aws_vpc", { cidr_block: "10.0.0.256/24" })).toHaveLength(1);
    const rule = { ip_protocol: "tcp", from_port: 443, to_port: 443, security_group_id: "sg-1" };
    expect(findings("aws_vpc_security_group_egress_rule", { ...rule, cidr_ipv6: "::" })).toEqual([
      expect.stringContaining("cidr_ipv6 has 2 characters"),
    ]);
    for (const ranges of [
      { cidr_ipv4: "0.0.0.0/0" },
      { cidr_ipv6: "2001:db8::/32" },
      { cidr_ipv6: "::/0" },
    ]) {
      expect(findings("aws_vpc_security_group_egress_rule", { ...rule, ...ranges })).toEqual([]);
    }
    const query = (stat: string) =>
      findings("aws_cloudwatch_metric_alarm", {
        ...alarm,
        metric_query: [{ id: "a", metric: { metric_name: "m", namespace: "n", period: 60, stat } }],
      });
    expect([query("Sum"), query("p99.9"), query("TM(10%:90%)")]).toEqual([[], [], []]);
    expect(query("Total")).toEqual([expect.stringContaining('metric_query.metric.stat is "Total"')]);
    const listener = (ssl_policy: string) =>
      findings("aws_lb_listener", {
        load_balancer_arn: "a",
        default_action: { type: "forward" },
        ssl_policy,
      });
    expect(listener("ELBSecurityPolicy-TLS13-1-2-2021-06")).toEqual([]);
    expect(listener("ELBSecurityPolicy-TLS13-1-2-RFC9151-2025-09")).toEqual([]);
    expect(listener("ELBSecurityPolicy-TLS13-1-2-2021-60")).toHaveLength(1);
  });

  it("of the wrong kind is found", () => {
    expect(findings("aws_lb_target_group", { ...targetGroup, port: "http" })).toEqual([
      expect.stringContaining('port is "http"; AWS takes a whole number'),
    ]);
    expect(findings("aws_vpc", { enable_dns_support: "yes" })).toEqual([
      expect.stringContaining('enable_dns_support is "yes"; AWS takes true or false'),
    ]);
    expect(findings("aws_globalaccelerator_endpoint_group", endpointGroup("half"))).toEqual([
      expect.stringContaining('traffic_dial_percentage is "half"; AWS takes a number'),
    ]);
    expect(findings("aws_globalaccelerator_endpoint_group", endpointGroup(12.5))).toEqual([]);
  });

  it("among the items of a list is found, and the list that is too long", () => {
    const regions = ["eu-west-1", "us-east-1", "mars-north-1"];
    expect(findings("aws_route53_health_check", { type: "HTTPS", regions })).toEqual([
      expect.stringContaining('regions is "mars-north-1"; AWS takes us-east-1, us-west-1, us-west-2'),
    ]);
    expect(findings("aws_route53_health_check", { type: "HTTPS", regions: regions.slice(0, 2) })).toEqual([
      expect.stringContaining("regions has 2 items; AWS takes 3 to 64"),
    ]);
    expect(findings("aws_cloudwatch_metric_alarm", { ...alarm, ok_actions: Array(6).fill("arn:a") })).toEqual(
      [expect.stringContaining("ok_actions has 6 items; AWS takes at most 5")],
    );
  });

  it("among tags is found by its key, also among those that the provider gives to all", () => {
    const tags = { team: "a<b", ["k".repeat(129)]: "" };
    expect(findings("aws_acm_certificate", { domain_name: "example.com", tags })).toEqual([
      expect.stringContaining('tags.team is "a<b"; AWS takes texts like'),
      expect.stringContaining("tags has 129 characters; AWS takes 1 to 128"),
    ]);
    expect(findingsIn({ provider: { aws: [{ region: "eu-west-1", default_tags: [{ tags }] }] } })).toEqual([
      expect.stringMatching(/^provider\.aws: default_tags\.tags\.team is "a<b"/),
      expect.stringMatching(/^provider\.aws: default_tags\.tags has 129 characters/),
    ]);
    expect(findings("aws_cloudwatch_log_group", { name: "a", tags: { team: "a<b" } })).toHaveLength(1);
    expect(findings("aws_vpc", { tags: { team: "a<b" } })).toEqual([]);
  });

  it("in a block of a request of its own is found", () => {
    expect(findings("aws_autoscaling_group", { ...group, warm_pool: { pool_state: "Warm" } })).toEqual([
      expect.stringContaining('warm_pool.pool_state is "Warm"; AWS takes Stopped, Running, Hibernated'),
    ]);
  });

  it("in a dynamic block is found", () => {
    const dynamic = {
      initial_lifecycle_hook: { for_each: [1], content: { ...hook, heartbeat_timeout: 10 } },
    };
    expect(findings("aws_autoscaling_group", { ...group, dynamic })).toEqual([
      expect.stringContaining("initial_lifecycle_hook.heartbeat_timeout is 10; AWS takes 30 to 7200"),
    ]);
  });

  it("of a data source is found", () => {
    expect(findings("data.aws_vpc_endpoint_service", { service: "s3", service_type: "Gate" })).toEqual([
      expect.stringMatching(/^data\.aws_vpc_endpoint_service\.own: service_type is "Gate"/),
    ]);
  });

  it("fits none of several limits: all are named", () => {
    const unhealthy = { unhealthy_state_routing: { minimum_healthy_targets_percentage: "101" } };
    expect(findings("aws_lb_target_group", { ...targetGroup, target_group_health: unhealthy })).toEqual([
      expect.stringContaining('minimum_healthy_targets_percentage is "101"; AWS takes off, or 1 to 100'),
    ]);
    for (const slow_start of [0, 30]) {
      expect(findings("aws_lb_target_group", { ...targetGroup, slow_start })).toEqual([]);
    }
  });
});

const hook = { name: "ready", lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING" };

const endpointGroup = (traffic_dial_percentage: unknown) => ({
  listener_arn: "arn:listener",
  traffic_dial_percentage,
});

describe("a missing member that AWS requires", () => {
  it("is found, with the block that lacks it", () => {
    const default_action = { type: "fixed-response", fixed_response: { content_type: "text/plain" } };
    expect(findings("aws_lb_listener", { load_balancer_arn: "arn:lb", default_action })).toEqual([
      `aws_lb_listener.own: default_action.fixed_response has no StatusCode, which AWS requires ${model("FixedResponseActionConfig.StatusCode", "elbv2 2015-12-01")}`,
    ]);
  });

  it("is found in the resource itself", () => {
    expect(findings("aws_subnet", { cidr_block: "10.0.0.0/24" })).toEqual([
      `aws_subnet.own has no VpcId, which AWS requires ${model("CreateSubnetRequest.VpcId", "ec2 2016-11-15")}`,
    ]);
  });

  it("is found in a structure that several arguments make", () => {
    expect(
      findings("aws_route53_health_check", { type: "CLOUDWATCH_METRIC", cloudwatch_alarm_name: "a" }),
    ).toEqual([
      `aws_route53_health_check.own has no Region, which AWS requires ${model("AlarmIdentifier.Region", "route53 2013-04-01")}`,
    ]);
  });

  it("is found in the second of two blocks", () => {
    const override = [1, undefined].map((min) => ({
      instance_requirements: { vcpu_count: { min: 8 }, memory_mib: { min } },
    }));
    const policy = { launch_template: { launch_template_specification: {}, override } };
    expect(findings("aws_autoscaling_group", { ...group, mixed_instances_policy: policy })).toEqual([
      expect.stringContaining("override.instance_requirements.memory_mib has no Min, which AWS requires"),
    ]);
  });

  it("is not missed where the provider gives it", () => {
    expect(findings("aws_lb_target_group", { port: 80 })).toEqual([]);
    expect(findings("aws_autoscaling_group", { ...group, warm_pool: {} })).toEqual([]);
  });
});

describe("a value that Terraform resolves later", () => {
  it("is not compared, nor a text with one in it", () => {
    for (const name of [`\${var.name}`, `${"a".repeat(40)}-\${var.name}`, `%{ if var.long }a%{ endif }`]) {
      expect(findings("aws_lb", { name })).toEqual([]);
    }
    expect(findings("aws_route53_health_check", { type: "HTTPS", regions: `\${var.regions}` })).toEqual([]);
    expect(findings("aws_acm_certificate", { domain_name: "example.com", tags: `\${var.tags}` })).toEqual([]);
    expect(findings("aws_autoscaling_group", { ...group, vpc_zone_identifier: `\${var.subnets}` })).toEqual(
      [],
    );
  });

  it("counts as given", () => {
    expect(findings("aws_subnet", { vpc_id: `\${aws_vpc.own.id}` })).toEqual([]);
  });

  it("is not what an escaped text is", () => {
    expect(findings("aws_lb", { name: `$\${var.name}` })).toEqual([
      expect.stringContaining(`name is "\${var.name}"; AWS takes letters, digits and inner hyphens`),
    ]);
  });
});

it("joins the items of a list with commas where the API takes one text", () => {
  const vpc_zone_identifier = Array.from({ length: 300 }, (_, index) => `subnet-${index}0123456789abc`);
  expect(findings("aws_autoscaling_group", { ...group, vpc_zone_identifier })).toEqual([
    expect.stringMatching(/vpc_zone_identifier has \d+ characters; AWS takes 1 to 5000/),
  ]);
});

describe("an argument", () => {
  const unknownIn = (stack: Json) => apiReport(stack).unknown;

  it("that no table knows is named, in a known resource and in an unknown one", () => {
    expect(
      unknownIn(stackOf("aws_lb", { name: "a", customer_owned_ipv4_pool: "p", dns_record_policy: "x" })),
    ).toEqual(["aws_lb.dns_record_policy"]);
    expect(unknownIn(stackOf("aws_sqs_queue", { name: "a", lifecycle: {} }))).toEqual(["aws_sqs_queue.name"]);
    expect(unknownIn(stackOf("data.aws_sqs_queue", { name: "a" }))).toEqual(["data.aws_sqs_queue.name"]);
    expect(unknownIn(stackOf("aws_lb_target_group", { health_check: { pulse: 1 } }))).toEqual([
      "aws_lb_target_group.health_check.pulse",
    ]);
  });

  it("of Terraform itself, or of another provider, needs no table", () => {
    const own = {
      depends_on: ["a.b"],
      lifecycle: { create_before_destroy: true },
      provider: "aws.dns",
      count: 1,
    };
    expect(unknownIn(stackOf("aws_vpc", { ...own, region: "eu-west-1", timeouts: {} }))).toEqual([]);
    expect(unknownIn(stackOf("terraform_data", { input: 1 }))).toEqual([]);
  });

  it("that has no value is none", () => {
    expect(apiReport(stackOf("aws_vpc", { cidr_block: null, made_up: undefined }))).toEqual({
      findings: [],
      unknown: [],
    });
  });
});

test("the matcher prints each finding on a line", () => {
  expect(() => expect(stackOf("aws_lb", { name: "a_b", subnets: ["a", "b"] })).toFitTheApi()).toThrow(
    /^expected the stack to fit AWS's API\n\n {2}aws_lb\.own: name is "a_b"; AWS takes .* \(ELBv2 API, CreateLoadBalancer\)$/,
  );
  expect(() => expect(stackOf("aws_lb", { name: "a", subnets: ["a", "b"] })).not.toFitTheApi()).toThrow(
    "expected the stack not to fit AWS's API",
  );
});

describe("words and forms that only AWS's documentation has", () => {
  const rule = (condition: object) => ({
    listener_arn: "l",
    priority: 1,
    action: { type: "forward" },
    condition: [condition],
  });
  const template = (more: object) => ({ name: "llama", ...more });

  it.each<[string, (value: Json) => object, readonly Json[], readonly Json[]]>([
    [
      "aws_lb_listener_rule",
      (values) => rule({ host_header: { values: [values] } }),
      ["a.example.com", "*.example.com"],
      ["a b!", "localhost", "a.example.c0m"],
    ],
    [
      "aws_lb_listener_rule",
      (values) => rule({ http_request_method: { values: [values] } }),
      ["GET", "M-SEARCH"],
      ["get"],
    ],
    [
      "aws_lb_listener_rule",
      (values) => rule({ source_ip: { values: [values] } }),
      ["192.0.2.0/24", "2001:db8::/32"],
      ["192.0.2.1"],
    ],
    [
      "aws_autoscaling_group",
      (each) => ({ ...group, enabled_metrics: [each] }),
      ["GroupMinSize", "GroupTotalInstances", "WarmPoolTotalCapacity"],
      ["GroupSize"],
    ],
    ["aws_autoscaling_group", (min_size) => ({ ...group, min_size }), [0], [-1]],
    [
      "aws_autoscaling_group",
      (weighted_capacity) => ({
        ...group,
        mixed_instances_policy: { launch_template: { override: [{ weighted_capacity }] } },
      }),
      ["999"],
      ["1000"],
    ],
    [
      "aws_launch_template",
      (image_id) => template({ image_id }),
      ["ami-0123456789abcdef0", "resolve:ssm:/a/b", `\${var.ami}`],
      ["ami-1", "image"],
    ],
    ["aws_eip", (domain) => ({ domain }), ["vpc"], ["standard"]],
    [
      "aws_flow_log",
      (max_aggregation_interval) => ({ vpc_id: "v", max_aggregation_interval }),
      [60, 600],
      [120],
    ],
    ["data.aws_availability_zones", (state) => ({ state }), ["available"], ["ready"]],
    [
      "aws_cloudwatch_metric_alarm",
      (action) => ({ ...alarm, alarm_actions: [action] }),
      ["arn:aws:sns:eu-west-1:123456789012:a", `\${aws_sns_topic.a.arn}`],
      ["topic"],
    ],
    [
      "aws_cloudwatch_metric_alarm",
      (extended_statistic) => ({ ...alarm, extended_statistic }),
      ["p99.9", "p100", "tm99"],
      ["p101", "p100.5"],
    ],
    [
      "aws_vpc",
      (key) => ({ cidr_block: "10.0.0.0/16", tags: { [key]: "a" } }),
      ["Name"],
      ["aws:name", "a".repeat(129)],
    ],
    ["aws_vpc", (value) => ({ tags: { a: value } }), ["", "a".repeat(256)], ["a".repeat(257)]],
    [
      "aws_launch_template",
      (key) => template({ tag_specifications: [{ resource_type: "instance", tags: { [key]: "a" } }] }),
      ["Name"],
      ["aws:a"],
    ],
  ])("%s: %#", (type, body, right, wrong) => {
    for (const value of right) {
      expect(findings(type, body(value))).toEqual([]);
    }
    for (const value of wrong) {
      expect(findings(type, body(value))).not.toEqual([]);
    }
  });
});

describe("what no table compares", () => {
  const lb = { name: "a", subnets: ["a", "b"], enable_cross_zone_load_balancing: true };
  const stack = {
    resource: { aws_lb: { own: lb }, aws_sqs_queue: { own: { name: "q", fifo_queue: true } } },
  };

  it("does not look as if it fitted", () => {
    const where =
      "\\(testing/api-limits/services; name it in toFitTheApi\\(\\[…\\]\\) if you looked at it yourself\\)";
    expect(() => expect(stack).toFitTheApi()).toThrow(
      new RegExp(
        `\n\n {2}aws_lb: enable_cross_zone_load_balancing is compared with nothing, so nothing shows that AWS takes it ${where}\n {2}aws_sqs_queue is a type that is compared with nothing, so nothing shows that AWS takes what it says ${where}$`,
      ),
    );
  });

  it("may be named", () => {
    expect(stack).toFitTheApi(["aws_lb.enable_cross_zone_load_balancing", "aws_sqs_queue"]);
    expect(stack).not.toFitTheApi(["aws_lb.enable_cross", "aws_sqs_queue"]);
  });
});
