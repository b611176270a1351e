// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { judge, stateOf } from "../../controls/judge";
import { asInput } from "../../controls/read";
import type { Json } from "../../testing/terraform/json";

function stateIn(resource: Json, id: string, more: Json = {}): string | undefined {
  const { results } = judge(asInput({ stack: { resource, ...more } }));
  const result = results.find(({ rule }) => rule.ids.includes(id));
  return result && stateOf(result);
}

const one = (body: object) => ({ x: body });
const POLICY = (...Statement: readonly object[]) => JSON.stringify({ Statement });
const BUCKET = { aws_s3_bucket: one({ bucket_prefix: "x-" }) };
const OF_BUCKET = { bucket: "${aws_s3_bucket.x.id}" };
const VPC = { aws_vpc: one({ cidr_block: "10.0.0.0/16" }) };
const OF_VPC = { vpc_id: "${aws_vpc.x.id}" };
const ALL = "0.0.0.0/0";
const SUBNETS = { a: { availability_zone: "us-east-1a" }, b: { availability_zone: "us-east-1a" } };
const BOTH = ["${aws_subnet.a.id}", "${aws_subnet.b.id}"];
const TARGET = "${aws_lb_target_group.x.arn}";
const balanced = (zone: string) => ({
  aws_subnet: {
    a: { availability_zone: "us-east-1a" },
    b: { availability_zone: zone },
    c: { availability_zone: "us-east-1c" },
  },
  aws_autoscaling_group: one({ vpc_zone_identifier: BOTH, target_group_arns: [TARGET] }),
  aws_lb_target_group: one({ name: "x" }),
  aws_lb: one({ subnets: ["${aws_subnet.a.id}", "${aws_subnet.c.id}"] }),
  aws_lb_listener: one({
    load_balancer_arn: "${aws_lb.x.arn}",
    default_action: [{ target_group_arn: TARGET }],
  }),
});
const alarmed = (more: object, type = "aws_autoscaling_group", metric_name = "GroupInServiceInstances") => ({
  [type]: one({ name: "x" }),
  aws_cloudwatch_metric_alarm: one({
    metric_name,
    dimensions: { Name: `\${${type}.x.name}` },
    alarm_actions: ["arn:aws:sns:x"],
    ok_actions: ["arn:aws:sns:x"],
    treat_missing_data: "missing",
    ...more,
  }),
});
const acl = (group: object, override: object = { none: {} }) => ({
  aws_wafv2_web_acl: one({
    rule: [
      {
        override_action: override,
        statement: {
          managed_rule_group_statement: { name: "AWSManagedRulesKnownBadInputsRuleSet", ...group },
        },
      },
    ],
  }),
});
const listener = (port: number, redirect: object, protocol = "HTTP") => ({
  aws_lb: one({ name: "x" }),
  aws_lb_listener: one({
    load_balancer_arn: "${aws_lb.x.arn}",
    port,
    protocol,
    default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", ...redirect } }],
  }),
});
const allowing = (Action: string | readonly string[], Resource = "*") =>
  POLICY({ Effect: "Allow", Action, Resource });
const inline = (Action: string) => ({ aws_iam_role: one({ inline_policy: [{ policy: allowing(Action) }] }) });

describe("a rule asks for all that its source asks for", () => {
  test.each<[string, string, Json]>([
    [
      "REL11-BP05",
      "two instances in three zones",
      { aws_autoscaling_group: one({ min_size: 2, availability_zones: ["a", "b", "c"] }) },
    ],
    [
      "AutoScaling.2",
      "two subnets of one zone",
      { aws_subnet: SUBNETS, aws_autoscaling_group: one({ vpc_zone_identifier: BOTH }) },
    ],
    ["ELB.13", "two subnets of one zone", { aws_subnet: SUBNETS, aws_lb: one({ subnets: BOTH }) }],
    [
      "vpc_endpoint_multi_az_enabled",
      "two subnets of one zone",
      { aws_subnet: SUBNETS, aws_vpc_endpoint: one({ vpc_endpoint_type: "Interface", subnet_ids: BOTH }) },
    ],
    ["REL10-BP01", "a zone without the load balancer", balanced("us-east-1b")],
    ["REL06-BP01", "an alarm that tells nobody when it ends", alarmed({ ok_actions: [] })],
    ["REL06-BP02", "an alarm that says nothing of missing data", alarmed({ treat_missing_data: undefined })],
    ["REL06-BP03", "an alarm that is off", alarmed({ actions_enabled: false })],
    ["REL06-BP01", "a load balancer without alarms", { aws_lb: one({ name: "x" }) }],
    ["KMS.3", "a key that a plan may destroy", { aws_kms_key: one({ deletion_window_in_days: 30 }) }],
    [
      "KMS.1",
      "all keys of an account",
      { aws_iam_policy: one({ policy: allowing("kms:Decrypt", "arn:aws:kms:*:123456789012:key/*") }) },
    ],
    ["CKV_AWS_192", "a rule that is left out", acl({ excluded_rule: [{ name: "Log4JRCE" }] })],
    ["CKV_AWS_192", "a group that says nothing of its actions", acl({}, {})],
    ["CKV2_AWS_20", "HTTP at another port", listener(8080, { port: "443" })],
    ["CKV2_AWS_20", "a redirect to another port", listener(80, { port: "8443" })],
    ["CKV2_AWS_20", "HTTPS at port 80", listener(80, { port: "443" }, "HTTPS")],
    [
      "REL05-BP01",
      "an answer that says that all is well",
      {
        aws_lb_listener: one({
          default_action: [
            {
              type: "fixed-response",
              fixed_response: { status_code: "200", content_type: "application/json" },
            },
          ],
        }),
      },
    ],
    [
      "CKV2_AWS_15",
      "a target group without a health check",
      {
        aws_lb_target_group: one({ name: "x" }),
        aws_autoscaling_group: one({ name: "x", health_check_type: "ELB", health_check_grace_period: 60 }),
        aws_autoscaling_attachment: one({
          autoscaling_group_name: "${aws_autoscaling_group.x.name}",
          lb_target_group_arn: TARGET,
        }),
      },
    ],
    [
      "MLREL-12",
      "a metric of its own that is the CPU",
      {
        aws_autoscaling_group: one({ name: "x", min_size: 2, max_size: 4 }),
        aws_autoscaling_policy: one({
          autoscaling_group_name: "${aws_autoscaling_group.x.name}",
          target_tracking_configuration: {
            customized_metric_specification: { metric_name: "CPUUtilization" },
          },
        }),
      },
    ],
    [
      "FN-GRACE",
      "a hook that lets an instance in when its model does not load",
      {
        aws_autoscaling_group: one({
          health_check_grace_period: 60,
          default_instance_warmup: 60,
          initial_lifecycle_hook: [
            { lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING", default_result: "CONTINUE" },
          ],
        }),
      },
    ],
    [
      "REL10-BP03",
      "a group in two target groups",
      { aws_autoscaling_group: one({ target_group_arns: ["arn:aws:a", "arn:aws:b"] }) },
    ],
    [
      "FN-NAMES",
      "a load balancer that is replaced under its name",
      { aws_lb: one({ name: "x", lifecycle: { create_before_destroy: true } }) },
    ],
    [
      "EC2.19",
      "a port between two that attackers look for",
      {
        aws_security_group: one({
          ingress: [{ cidr_blocks: [ALL], from_port: 9250, to_port: 9250, protocol: "tcp" }],
        }),
      },
    ],
    [
      "CKV2_AWS_11",
      "a flow log of what is let through",
      { ...VPC, aws_flow_log: one({ ...OF_VPC, traffic_type: "ACCEPT" }) },
    ],
    [
      "CKV2_AWS_12",
      "a rule beside the default security group",
      {
        ...VPC,
        aws_default_security_group: one(OF_VPC),
        aws_vpc_security_group_ingress_rule: one({
          security_group_id: "${aws_default_security_group.x.id}",
          cidr_ipv4: ALL,
        }),
      },
    ],
    [
      "CKV2_AWS_12",
      "a rule of the default security group by its VPC",
      {
        ...VPC,
        aws_default_security_group: one(OF_VPC),
        aws_security_group_rule: one({
          security_group_id: "${aws_vpc.x.default_security_group_id}",
          type: "ingress",
        }),
      },
    ],
    [
      "CKV2_AWS_23",
      "an alias that is written out",
      { aws_route53_record: one({ type: "A", alias: { name: "x.example.com" } }) },
    ],
    [
      "REL11-BP02",
      "an accelerator with one region",
      {
        aws_globalaccelerator_endpoint_group: one({
          listener_arn: "arn:aws:x",
          endpoint_configuration: [{ endpoint_id: "arn:aws:y" }],
        }),
      },
    ],
    ["CKV_AWS_158", "a key by its alias", { aws_cloudwatch_log_group: one({ kms_key_id: "alias/logs" }) }],
    [
      "CKV_AWS_385",
      "another account by its number",
      {
        aws_sns_topic_policy: one({
          policy: POLICY({ Effect: "Allow", Principal: { AWS: "123456789012" }, Action: "sns:Publish" }),
        }),
      },
    ],
    [
      "AwsSolutions-SNS3",
      "a refusal for one account",
      {
        aws_sns_topic_policy: one({
          policy: POLICY({
            Effect: "Deny",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "sns:Publish",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
        }),
      },
    ],
    [
      "CKV_AWS_379",
      "a bucket that everyone reads",
      { ...BUCKET, aws_s3_bucket_acl: one({ ...OF_BUCKET, acl: "public-read" }) },
    ],
    [
      "CKV_AWS_93",
      "a pattern that takes in the policy",
      {
        ...BUCKET,
        aws_s3_bucket_policy: one({
          ...OF_BUCKET,
          policy: POLICY({ Effect: "Deny", Principal: "*", Action: "s3:PutBucket*" }),
        }),
      },
    ],
    [
      "S3.6",
      "a pattern that takes in the policy",
      {
        ...BUCKET,
        aws_s3_bucket_policy: one({
          ...OF_BUCKET,
          policy: POLICY({
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "s3:PutBucket*",
          }),
        }),
      },
    ],
    [
      "S3.13",
      "rules that are off",
      {
        ...BUCKET,
        aws_s3_bucket_lifecycle_configuration: one({ ...OF_BUCKET, rule: [{ status: "Disabled" }] }),
      },
    ],
    [
      "CKV_AWS_300",
      "large objects alone",
      {
        ...BUCKET,
        aws_s3_bucket_lifecycle_configuration: one({
          ...OF_BUCKET,
          rule: [
            {
              status: "Enabled",
              filter: { object_size_less_than: 5 },
              abort_incomplete_multipart_upload: { days_after_initiation: 1 },
            },
          ],
        }),
      },
    ],
    [
      "CKV2_AWS_62",
      "a notification for nobody",
      { ...BUCKET, aws_s3_bucket_notification: one({ ...OF_BUCKET, eventbridge: false }) },
    ],
    [
      "S3.17",
      "the key of AWS",
      {
        ...BUCKET,
        aws_s3_bucket_server_side_encryption_configuration: one({
          ...OF_BUCKET,
          rule: [
            {
              apply_server_side_encryption_by_default: {
                sse_algorithm: "aws:kms",
                kms_master_key_id: "alias/aws/s3",
              },
            },
          ],
        }),
      },
    ],
    [
      "FN-ALB-LOGS",
      "another folder",
      {
        ...BUCKET,
        aws_s3_bucket_policy: one({
          ...OF_BUCKET,
          policy: POLICY({
            Effect: "Allow",
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: "arn:aws:s3:::x/AWSLogs/1/*",
          }),
        }),
        aws_lb: one({
          access_logs: { ...OF_BUCKET, prefix: "chat" },
          depends_on: ["aws_s3_bucket_policy.x"],
        }),
      },
    ],
  ])("%s: %s", (id, _what, resource) => {
    expect(stateIn(resource, id)).toBe("failed");
  });

  test("REL10-BP01: the zones of a group are those of its load balancer", () => {
    expect(stateIn(balanced("us-east-1c"), "REL10-BP01")).toBe("passed");
  });

  test("CKV2_AWS_76: a web ACL that lies elsewhere does not say what it has", () => {
    const association = { resource_arn: "${aws_lb.x.arn}", web_acl_arn: "arn:aws:wafv2:x" };
    const resource = { aws_lb: one({ name: "x" }), aws_wafv2_web_acl_association: one(association) };
    expect(stateIn(resource, "CKV2_AWS_76")).toBe("not known");
  });

  test.each<[string, string, Json]>([
    [
      "CKV_AWS_63",
      "actions",
      { policy: POLICY({ Effect: "Allow", Action: "${var.actions}", Resource: "*" }) },
    ],
    ["CKV_AWS_62", "statements", { policy: "${jsonencode({Statement = [for each in var.x : each]})}" }],
  ])("%s: %s that a variable gives cannot be judged", (id, _what, body) => {
    expect(stateIn({ aws_iam_policy: one(body) }, id)).toBe("not known");
  });

  test("NIST-VPCNoUnrestrictedRouteToIGW: where a route leads a variable may say", () => {
    const route = { destination_cidr_block: "${var.range}", gateway_id: "igw-1" };
    expect(stateIn({ aws_route: one(route) }, "NIST-VPCNoUnrestrictedRouteToIGW")).toBe("not known");
  });

  test("CKV2_AWS_28: a web ACL of AWS WAF Classic counts", () => {
    const association = one({ resource_arn: "${aws_lb.x.arn}" });
    const resource = { aws_lb: one({ name: "x" }), aws_wafregional_web_acl_association: association };
    expect(stateIn(resource, "CKV2_AWS_28")).toBe("passed");
  });

  test("tags of the provider count", () => {
    const provider = { aws: { default_tags: { tags: { team: "x" } } } };
    expect(stateIn(VPC, "EC2.46", { provider })).toBe("passed");
  });
});

describe("a rule looks at every type that it concerns", () => {
  const tls = { Effect: "Allow", Principal: "*", Action: "s3:GetObject" };
  const policy = POLICY(tls, { Effect: "Deny", Principal: "*", Action: "s3:*" });
  const elsewhere = { bucket: "another-stack" };

  test.each<[string, string, Json]>([
    ["CKV_AWS_93", "a policy", { aws_s3_bucket_policy: one({ ...elsewhere, policy }) }],
    ["S3.2", "a policy", { aws_s3_bucket_policy: one({ ...elsewhere, policy }) }],
    ["S3.5", "a policy", { aws_s3_bucket_policy: one({ ...elsewhere, policy }) }],
    ["CKV_AWS_56", "a public access block", { aws_s3_bucket_public_access_block: one(elsewhere) }],
    ["CKV_AWS_20", "a list", { aws_s3_bucket_acl: one({ ...elsewhere, acl: "public-read" }) }],
    [
      "CKV_AWS_21",
      "versions",
      { aws_s3_bucket_versioning: one({ ...elsewhere, versioning_configuration: { status: "Suspended" } }) },
    ],
    [
      "CKV_AWS_19",
      "encryption",
      {
        aws_s3_bucket_server_side_encryption_configuration: one({
          ...elsewhere,
          rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms:dsse" } }],
        }),
      },
    ],
    [
      "CKV2_AWS_65",
      "ownership",
      { aws_s3_bucket_ownership_controls: one({ ...elsewhere, rule: { object_ownership: "ObjectWriter" } }) },
    ],
    [
      "CKV2_AWS_20",
      "a listener",
      {
        aws_lb_listener: one({
          load_balancer_arn: "arn:aws:x",
          port: 80,
          protocol: "HTTP",
          default_action: [{ type: "forward" }],
        }),
      },
    ],
    [
      "AWS-0173",
      "a default security group",
      { aws_default_security_group: one({ vpc_id: "vpc-1", ingress: [{ self: true }] }) },
    ],
    ["AWS-0345", "a line in a role", inline("s3:*")],
    ["IAM.1", "a line in a role", inline("*")],
    ["AwsSolutions-IAM5", "a line in a role", inline("s3:Get*")],
    ["EC2.3", "a volume", { aws_ebs_volume: one({ availability_zone: "us-east-1a" }) }],
    [
      "KMS.5",
      "the policy of a key",
      {
        aws_kms_key_policy: one({
          key_id: "x",
          policy: POLICY({ Effect: "Allow", Principal: "*", Action: "kms:Decrypt" }),
        }),
      },
    ],
  ])("%s: %s whose owner lies elsewhere", (id, _what, resource) => {
    expect(stateIn(resource, id)).toBe("failed");
  });

  test.each<[string, object]>([
    ["CKV_AWS_18", { logging: { target_bucket: "logs" } }],
    ["CKV_AWS_21", { versioning: { enabled: true } }],
    ["CKV_AWS_144", { replication_configuration: { rules: [{ status: "Enabled" }] } }],
    ["CKV2_AWS_61", { lifecycle_rule: [{ enabled: true }] }],
    [
      "S3.5",
      {
        policy: POLICY({
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      },
    ],
  ])("%s: a block of the bucket itself keeps it", (id, body) => {
    expect(stateIn({ aws_s3_bucket: one(body) }, id)).toBe("passed");
  });

  test.each<[string, object]>([
    ["CKV_AWS_375", { grant: [{ uri: "http://acs.amazonaws.com/groups/global/AllUsers" }] }],
    ["CKV_AWS_20", { acl: "public-read" }],
    ["CKV2_AWS_61", { lifecycle_rule: [{ enabled: false }] }],
  ])("%s: a block of the bucket itself fails it", (id, body) => {
    expect(stateIn({ aws_s3_bucket: one(body) }, id)).toBe("failed");
  });

  test("a setting of a bucket that is here is judged there", () => {
    const { results } = judge(
      asInput({ stack: { resource: { ...BUCKET, aws_s3_bucket_versioning: one(OF_BUCKET) } } }),
    );
    const result = results.find(({ rule }) => rule.ids.includes("CKV_AWS_21"));
    expect(result?.failed.map(({ part }) => part.address)).toEqual(["aws_s3_bucket.x"]);
  });
});
