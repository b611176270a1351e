// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import type { Cases, Terraform } from "./case";

const policyText = (...statements: readonly object[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({ Effect: "Allow", ...each })),
  });
const policy = (Action: string | readonly string[], Resource = "*", more: object = {}): Terraform => ({
  aws_iam_policy: { policy: policyText({ Action, Resource, ...more }) },
});
const role = (Principal: object | string, more: object = {}): Terraform => ({
  aws_iam_role: { assume_role_policy: policyText({ Action: "sts:AssumeRole", Principal, ...more }) },
});
const EC2 = { Service: "ec2.amazonaws.com" };
const OBJECTS = "arn:aws:s3:::example-weights/*";
const attached = (name: string): Terraform => ({
  aws_iam_role_policy_attachment: { role: "x", policy_arn: `arn:aws:iam::${name}` },
});
const GITHUB = { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" };
const fromGithub = (sub: string) =>
  role(GITHUB, { Condition: { StringLike: { "token.actions.githubusercontent.com:sub": sub } } });
const accelerated = (groups: number): Terraform => ({
  aws_globalaccelerator_listener: { port_range: [{ from_port: 443, to_port: 443 }] },
  "aws_globalaccelerator_endpoint_group[]": Object.fromEntries(
    Array.from({ length: groups }, (_, at) => [
      `g${at}`,
      {
        listener_arn: "${aws_globalaccelerator_listener.x.id}",
        endpoint_configuration: [{ endpoint_id: "arn:aws:x" }],
      },
    ]),
  ),
});
const anyone = (more: object): Terraform => ({
  "data.aws_iam_policy_document": {
    statement: [{ principals: [{ type: "AWS", identifiers: ["*"] }], ...more }],
  },
});

export const identity: Cases = {
  CKV_AWS_62: [policy("s3:GetObject"), policy("*")],
  CKV_AWS_63: [policy("s3:GetObject"), policy(["*"], OBJECTS)],
  CKV2_AWS_40: [policy("iam:GetRole"), policy("iam:*", "arn:aws:iam::123456789012:role/x")],
  "IAM.21": [policy("s3:Get*"), policy("s3:*", OBJECTS)],
  "AWS-0345": [policy("s3:Get*"), policy("s3:*", OBJECTS)],
  "AwsSolutions-IAM5": [
    policy("s3:GetObject", "arn:aws:s3:::b/key"),
    policy("s3:Get*", "arn:aws:s3:::b/key"),
  ],
  CKV_AWS_286: [policy("iam:PassRole", "arn:aws:iam::123456789012:role/x"), policy("iam:PassRole")],
  CKV_AWS_287: [policy("sts:AssumeRole", "arn:aws:iam::123456789012:role/x"), policy("sts:*")],
  CKV_AWS_288: [policy("s3:GetObject", OBJECTS), policy("s3:Get*")],
  CKV_AWS_289: [
    policy("kms:CreateGrant", "*", { Condition: { Bool: { x: "true" } } }),
    policy("kms:CreateGrant"),
  ],
  CKV_AWS_290: [policy("ec2:DescribeInstances"), policy("s3:PutObject")],
  CKV_AWS_355: [
    policy(["cloudwatch:PutMetricData", "ecr:GetAuthorizationToken"]),
    policy("dynamodb:GetItem"),
  ],
  "KMS.1": [policy("kms:Decrypt", "arn:aws:kms:us-east-1:123456789012:key/x"), policy("kms:*")],
  "AWS-0342": [policy("iam:GetRole"), policy("iam:PassRole", "arn:aws:iam::123456789012:role/x")],
  "AWS-0346": [policy("s3:Get*"), policy(["s3:Get*", "s3:Put*"])],
  CKV_AWS_283: [anyone({ condition: [{ test: "Bool", variable: "x", values: ["true"] }] }), anyone({})],
  CKV_AWS_60: [role(EC2), role("*")],
  CKV_AWS_61: [role(EC2), role({ AWS: "arn:aws:iam::123456789012:root" })],
  CKV_AWS_393: [fromGithub("repo:example/chat:ref:refs/heads/main"), fromGithub("repo:example/*")],
  CKV_AWS_274: [attached("123456789012:policy/x"), attached("aws:policy/AdministratorAccess")],
  CKV2_AWS_56: [attached("123456789012:policy/x"), attached("aws:policy/IAMFullAccess")],
  "AwsSolutions-IAM4": [attached("123456789012:policy/x"), attached("aws:policy/ReadOnlyAccess")],
  CKV_AWS_40: [
    { aws_iam_policy_attachment: { roles: ["x"] } },
    { aws_iam_policy_attachment: { users: ["someone"] } },
  ],
  "NIST-IAMNoInlinePolicy": [role(EC2), { aws_iam_role_policy: { role: "x", policy: policyText() } }],
  aws_iam_role_deprecated_policy_attributes: [
    role(EC2),
    { aws_iam_role: { managed_policy_arns: ["arn:aws:x"] } },
  ],
  aws_iam_policy_too_long_policy: [
    policy("s3:GetObject", OBJECTS),
    policy(Array.from({ length: 400 }, (_, at) => `s3:GetObject${at}`)),
  ],
  CKV_AWS_41: [
    { "provider.aws": { region: "us-east-1" } },
    { "provider.aws": { access_key: ["AKIA", "IOSFODNN7", "EXAMPLE"].join("") } },
  ],
  aws_provider_missing_default_tags: [
    { "provider.aws": { default_tags: [{ tags: { team: "x" } }] } },
    { "provider.aws": { region: "us-east-1" } },
  ],
  CKV2_AWS_23: [
    { aws_route53_record: { type: "A", alias: { name: "${aws_lb.x.dns_name}" } } },
    { aws_route53_record: { type: "A", records: ["192.0.2.1"] } },
  ],
  "REL11-BP02": [
    { aws_route53_record: { weighted_routing_policy: { weight: 1 }, health_check_id: "x" } },
    { aws_route53_record: { weighted_routing_policy: { weight: 1 } } },
  ],
  "GENREL05-BP01": [accelerated(2), accelerated(1)],
  CKV2_AWS_39: [
    {
      aws_route53_zone: { name: "example.com" },
      aws_route53_query_log: { zone_id: "${aws_route53_zone.x.zone_id}" },
    },
    { aws_route53_zone: { name: "example.com" } },
  ],
  CKV2_AWS_38: [
    { aws_route53_zone: { name: "example.com", vpc: { vpc_id: "vpc-1" } } },
    { aws_route53_zone: { name: "example.com" } },
  ],
  CKV_AWS_75: [
    { aws_globalaccelerator_accelerator: { attributes: { flow_logs_enabled: true } } },
    { aws_globalaccelerator_accelerator: {} },
  ],
  CKV_AWS_233: [
    { aws_acm_certificate: { lifecycle: { create_before_destroy: true } } },
    { aws_acm_certificate: { domain_name: "example.com" } },
  ],
  CKV_AWS_234: [
    { aws_acm_certificate: {} },
    { aws_acm_certificate: { options: { certificate_transparency_logging_preference: "DISABLED" } } },
  ],
  CKV2_AWS_71: [
    { aws_acm_certificate: { domain_name: "models.example.com" } },
    { aws_acm_certificate: { domain_name: "example.com", subject_alternative_names: ["*.example.com"] } },
  ],
  "ACM.2": [{ aws_acm_certificate: {} }, { aws_acm_certificate: { key_algorithm: "RSA_1024" } }],
};
