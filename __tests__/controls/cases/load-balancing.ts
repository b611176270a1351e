// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import type { Cases, Terraform } from "./case";

const lb = (body: object, more: Terraform = {}): Terraform => ({ aws_lb: { name: "x", ...body }, ...more });
const listener = (body: object, more: Terraform = {}): Terraform => ({
  aws_lb_listener: { load_balancer_arn: "${aws_lb.x.arn}", ...body },
  ...more,
});
const group = (body: object, more: Terraform = {}): Terraform => ({ aws_lb_target_group: body, ...more });
const REDIRECT = { default_action: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS" } }] };
const FORWARD = { default_action: [{ type: "forward", target_group_arn: "arn:aws:x" }] };
const ASSOCIATION = {
  aws_wafv2_web_acl_association: {
    resource_arn: "${aws_lb.x.arn}",
    web_acl_arn: "${aws_wafv2_web_acl.x.arn}",
  },
};
const managed = (...names: readonly string[]) =>
  names.map((name) => ({ name, statement: { managed_rule_group_statement: { name } } }));
const OPEN = {
  aws_security_group: { name: "x" },
  aws_vpc_security_group_ingress_rule: {
    security_group_id: "${aws_security_group.x.id}",
    cidr_ipv4: "0.0.0.0/0",
    from_port: 443,
    to_port: 443,
  },
};
const ATTACHED = { target_group_arns: ["${aws_lb_target_group.x.arn}"] };
const hook = (heartbeat_timeout: number) => ({
  lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
  heartbeat_timeout,
});
const alarm = (metric_name: string) => ({
  metric_name,
  alarm_actions: ["arn:aws:sns:x"],
  ok_actions: ["arn:aws:sns:x"],
  treat_missing_data: metric_name === "HealthyHostCount" ? "breaching" : "notBreaching",
  extended_statistic: "p99",
  dimensions: { TargetGroup: "${aws_lb_target_group.x.arn_suffix}" },
});
const answering = (fixed_response: object) =>
  listener({ default_action: [{ type: "fixed-response", fixed_response }] });
const WATCHED = [
  ...["HealthyHostCount", "UnHealthyHostCount", "HTTPCode_Target_5XX_Count"],
  ...["TargetResponseTime", "TargetConnectionErrorCount"],
];
const alarms = (names: readonly string[]) =>
  group(
    { name: "x" },
    { "aws_cloudwatch_metric_alarm[]": Object.fromEntries(names.map((name) => [name, alarm(name)])) },
  );

export const loadBalancing: Cases = {
  CKV_AWS_91: [
    lb({ access_logs: { bucket: "logs", enabled: true } }),
    lb({ access_logs: [{ bucket: "logs", enabled: false }] }),
  ],
  CKV_AWS_131: [lb({ drop_invalid_header_fields: "true" }), lb({})],
  CKV_AWS_150: [lb({ enable_deletion_protection: true }), lb({})],
  CKV_AWS_328: [lb({}), lb({ desync_mitigation_mode: "monitor" })],
  CKV_AWS_152: [
    lb({ load_balancer_type: "network", enable_cross_zone_load_balancing: true }),
    lb({ load_balancer_type: "network" }),
  ],
  CKV2_AWS_28: [lb({}, ASSOCIATION), lb({ internal: false })],
  "ELB.16": [lb({}, ASSOCIATION), lb({ internal: true })],
  CKV2_AWS_76: [
    lb(
      {},
      {
        ...ASSOCIATION,
        aws_wafv2_web_acl: {
          rule: managed("AWSManagedRulesAnonymousIpList", "AWSManagedRulesKnownBadInputsRuleSet"),
        },
      },
    ),
    lb({}, { ...ASSOCIATION, aws_wafv2_web_acl: { rule: managed("AWSManagedRulesAnonymousIpList") } }),
  ],
  CKV2_AWS_20: [
    lb({}, listener({ port: 80, protocol: "HTTP", ...REDIRECT })),
    lb({}, listener({ port: 80, protocol: "HTTP", ...FORWARD })),
  ],
  "ELB.1": [
    lb({}, listener({ port: 8080, protocol: "HTTP", ...REDIRECT })),
    lb({}, listener({ port: 8080, protocol: "HTTP", ...FORWARD })),
  ],
  "ELB.13": [lb({ subnets: ["subnet-1", "subnet-2"] }), lb({ subnets: ["subnet-1"] })],
  "AWS-0053": [lb({ internal: true }), lb({})],
  "REL11-ZonalShift": [lb({ enable_zonal_shift: true }), lb({})],
  "REL05-BP05": [lb({ idle_timeout: 120 }), lb({})],
  "MLSEC-12": [
    lb(
      { security_groups: ["${aws_security_group.x.id}"] },
      { ...OPEN, ...listener({ default_action: [{ type: "jwt-validation" }] }) },
    ),
    lb({ security_groups: ["${aws_security_group.x.id}"] }, { ...OPEN, ...listener(FORWARD) }),
  ],
  CKV_AWS_2: [listener({ protocol: "HTTP", ...REDIRECT }), listener({ protocol: "HTTP", ...FORWARD })],
  CKV_AWS_103: [
    listener({ protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
    listener({ protocol: "HTTPS" }),
  ],
  CKV2_AWS_74: [
    listener({ protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
    listener({ protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06" }),
  ],
  "ELB.17": [
    listener({ protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" }),
    listener({ protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
  ],
  elbv2_listener_pqc_tls_enabled: [
    listener({ protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" }),
    listener({ protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" }),
  ],
  "NIST-ELBv2ACMCertificateRequired": [
    listener({ protocol: "HTTPS", certificate_arn: "${aws_acm_certificate.x.arn}" }),
    listener({ protocol: "HTTPS", certificate_arn: "arn:aws:iam::123456789012:server-certificate/x" }),
  ],
  "REL05-BP01": [answering({ status_code: "404", content_type: "application/json" }), listener(FORWARD)],
  CKV_AWS_261: [
    group({ protocol: "HTTP", health_check: { path: "/health" } }),
    group({ protocol: "HTTP", health_check: {} }),
  ],
  CKV_AWS_378: [group({ protocol: "HTTPS" }), group({ protocol: "HTTP" })],
  "ELB.21": [group({ health_check: { protocol: "HTTPS" } }), group({ health_check: { path: "/" } })],
  "REL05-BP06": [group({}), group({ stickiness: { type: "lb_cookie" } })],
  "GENREL03-BP01": [group({ health_check: { path: "/health" } }), group({})],
  "REL10-BP03": [
    group({}, { aws_autoscaling_group: ATTACHED }),
    group({}, { "aws_autoscaling_group[]": { a: ATTACHED, b: ATTACHED } }),
  ],
  "REL06-BP01": [alarms(WATCHED), alarms(WATCHED.slice(1))],
  "FN-DRAIN": [
    group(
      { deregistration_delay: "600" },
      { aws_autoscaling_group: { ...ATTACHED, initial_lifecycle_hook: [hook(630)] } },
    ),
    group(
      { deregistration_delay: 600 },
      { aws_autoscaling_group: { ...ATTACHED, initial_lifecycle_hook: hook(300) } },
    ),
  ],
  "FN-NAMES": [
    group({ name: "x-0123456789", lifecycle: { create_before_destroy: true } }),
    group({ name: "x", lifecycle: { create_before_destroy: true } }),
  ],
};
