// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import type { Cases, Terraform } from "./case";

const BUCKET = { bucket: "${aws_s3_bucket.x.id}" };
const bucket = (more: Terraform = {}, body: object = {}): Terraform => ({
  aws_s3_bucket: { bucket_prefix: "x-", ...body },
  ...more,
});
const set = (kind: string, body: object): Terraform =>
  bucket({ [`aws_s3_bucket_${kind}`]: { ...BUCKET, ...body } });
const encrypted = (sse_algorithm: string, more: object = {}) =>
  set("server_side_encryption_configuration", {
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm, ...more } }],
  });
const blocked = (...flags: readonly string[]) =>
  set("public_access_block", Object.fromEntries(flags.map((flag) => [flag, true])));
const text = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const policy = (...statements: readonly object[]) => set("policy", { policy: text(...statements) });
const TLS = { Bool: { "aws:SecureTransport": "false" } };
const TLS_ONLY = { Effect: "Deny", Principal: "*", Action: "s3:*", Condition: TLS };
const OTHER = { AWS: "arn:aws:iam::123456789012:root" };
const acl = (body: object) => set("acl", body);
const granting = (group: string) =>
  acl({
    access_control_policy: {
      grant: [{ grantee: { uri: `http://acs.amazonaws.com/groups/global/${group}` } }],
    },
  });
const expiring = (rule: object) => set("lifecycle_configuration", { rule: [{ status: "Enabled", ...rule }] });
const VERSIONS = { versioning_configuration: { status: "Enabled" } };
const DELIVERY = {
  Effect: "Allow",
  Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: "arn:aws:s3:::x/AWSLogs/123456789012/*",
};
const loadBalancer = (...depends_on: readonly string[]) => ({
  aws_lb: { access_logs: { bucket: "${aws_s3_bucket.x.id}", enabled: true }, depends_on },
});
const key = (body: object, more: Terraform = {}): Terraform => ({ aws_kms_key: body, ...more });
const keyPolicy = (Principal: object | string, ...Action: readonly string[]) =>
  key({ policy: text({ Effect: "Allow", Principal, Action, Resource: "*" }) });
const TOPIC = { aws_sns_topic: { kms_master_key_id: "${aws_kms_key.x.arn}" } };
const VOLUMES = {
  aws_launch_template: { block_device_mappings: [{ ebs: { kms_key_id: "${aws_kms_key.x.arn}" } }] },
};
const LOGS = { aws_cloudwatch_log_group: { kms_key_id: "${aws_kms_key.x.arn}" } };
const SCALING = {
  AWS: "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
};
const FOR_AWS = { Bool: { "kms:GrantIsForAWSResource": true } };
const launching = (more: object) => [
  { Effect: "Allow", Principal: SCALING, Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" },
  { Effect: "Allow", Principal: SCALING, Action: "kms:CreateGrant", Resource: "*", ...more },
];
const topicPolicy = (...statements: readonly object[]): Terraform => ({
  aws_sns_topic_policy: { policy: text(...statements) },
});
const logs = (body: object): Terraform => ({ aws_cloudwatch_log_group: body });
const alarm = (body: object): Terraform => ({ aws_cloudwatch_metric_alarm: body });
const table = (body: object): Terraform => ({ aws_dynamodb_table: body });
const repository = (body: object, more: Terraform = {}): Terraform => ({
  aws_ecr_repository: { name: "x", ...body },
  ...more,
});
const rotation = (rotation_rules: object): Terraform => ({
  aws_secretsmanager_secret_rotation: { rotation_rules },
});
const secret = (body: object, more: Terraform = {}): Terraform => ({
  aws_secretsmanager_secret: body,
  ...more,
});

export const storage: Cases = {
  CKV_AWS_18: [set("logging", { target_bucket: "logs" }), bucket()],
  CKV_AWS_19: [encrypted("AES256"), encrypted("aws:kms:dsse")],
  CKV_AWS_145: [encrypted("aws:kms", { kms_master_key_id: "arn:aws:kms:x" }), encrypted("AES256")],
  CKV_AWS_20: [bucket(), acl({ acl: "public-read" })],
  CKV_AWS_57: [acl({ acl: "private" }), acl({ acl: "public-read-write" })],
  CKV_AWS_375: [acl({ acl: "private" }), granting("AllUsers")],
  CKV2_AWS_43: [granting("Others"), granting("AuthenticatedUsers")],
  CKV_AWS_21: [
    set("versioning", VERSIONS),
    set("versioning", { versioning_configuration: { status: "Suspended" } }),
  ],
  "AWS-0170": [
    set("versioning", { versioning_configuration: { status: "Enabled", mfa_delete: "Enabled" } }),
    set("versioning", VERSIONS),
  ],
  CKV_AWS_53: [blocked("block_public_acls"), bucket()],
  CKV_AWS_54: [blocked("block_public_policy"), blocked("block_public_acls")],
  CKV_AWS_55: [blocked("ignore_public_acls"), blocked("block_public_acls")],
  CKV_AWS_56: [blocked("restrict_public_buckets"), blocked("block_public_acls")],
  CKV2_AWS_6: [blocked("block_public_acls", "block_public_policy"), blocked("block_public_acls")],
  "S3.1": [
    blocked("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"),
    blocked("block_public_acls", "block_public_policy", "ignore_public_acls"),
  ],
  "S3.2": [
    policy({ Effect: "Allow", Principal: OTHER, Action: "s3:GetObject" }),
    policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }),
  ],
  CKV_AWS_93: [
    policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Condition: TLS }),
    policy({ Effect: "Deny", Principal: "*", Action: "s3:*" }),
  ],
  CKV_AWS_143: [
    bucket({}, { object_lock_configuration: { object_lock_enabled: "Enabled" } }),
    bucket({}, { object_lock_configuration: { rule: [] } }),
  ],
  CKV_AWS_144: [set("replication_configuration", { rule: [{ status: "Enabled" }] }), bucket()],
  CKV2_AWS_61: [expiring({ id: "x" }), bucket()],
  "S3.10": [
    {
      ...set("versioning", VERSIONS),
      ...expiring({ noncurrent_version_expiration: { noncurrent_days: 7 } }),
    },
    { ...set("versioning", VERSIONS), ...expiring({ expiration: { days: 7 } }) },
  ],
  CKV_AWS_300: [
    expiring({ filter: {}, abort_incomplete_multipart_upload: { days_after_initiation: 7 } }),
    expiring({ filter: { prefix: "x/" }, abort_incomplete_multipart_upload: { days_after_initiation: 7 } }),
  ],
  CKV2_AWS_62: [set("notification", { eventbridge: true }), bucket()],
  CKV2_AWS_65: [
    set("ownership_controls", { rule: { object_ownership: "BucketOwnerEnforced" } }),
    set("ownership_controls", { rule: { object_ownership: "ObjectWriter" } }),
  ],
  "AWS-0320": [bucket({}, { bucket: "example-state" }), bucket({}, { bucket: "state.example.com" })],
  "S3.5": [
    policy({ ...TLS_ONLY, Resource: ["arn:aws:s3:::x", "arn:aws:s3:::x/*"] }),
    policy({ ...TLS_ONLY, Resource: "arn:aws:s3:::x/*" }),
  ],
  "S3.15": [bucket({}, { object_lock_enabled: true }), bucket()],
  "NIST-S3BucketPublicReadProhibited": [blocked("block_public_policy"), blocked("block_public_acls")],
  "S3.6": [
    policy({ Effect: "Allow", Principal: OTHER, Action: "s3:GetObject" }),
    policy({ Effect: "Allow", Principal: OTHER, Action: "s3:PutBucketPolicy" }),
  ],
  "FN-ALB-LOGS": [
    { ...policy(DELIVERY), ...loadBalancer("aws_s3_bucket_policy.x") },
    { ...policy(DELIVERY), ...loadBalancer() },
  ],
  CKV_AWS_7: [key({ enable_key_rotation: true }), key({})],
  CKV_AWS_227: [key({}), key({ is_enabled: false })],
  "KMS.3": [
    key({ deletion_window_in_days: 30, lifecycle: { prevent_destroy: true } }),
    key({ deletion_window_in_days: 30 }),
  ],
  CKV2_AWS_64: [key({}, { aws_kms_key_policy: { key_id: "${aws_kms_key.x.id}" } }), key({})],
  CKV_AWS_33: [keyPolicy(OTHER, "kms:*"), keyPolicy("*", "kms:Decrypt")],
  "FN-KMS-SNS": [
    {
      ...keyPolicy({ Service: "cloudwatch.amazonaws.com" }, "kms:Decrypt", "kms:GenerateDataKey*"),
      ...TOPIC,
    },
    { ...keyPolicy(OTHER, "kms:*"), ...TOPIC },
  ],
  "FN-KMS-ASG": [
    { ...key({ policy: text(...launching({ Condition: FOR_AWS })) }), ...VOLUMES },
    { ...key({ policy: text(...launching({})) }), ...VOLUMES },
  ],
  "FN-KMS-LOGS": [
    {
      ...keyPolicy({ Service: "logs.us-east-1.amazonaws.com" }, "kms:Encrypt*", "kms:GenerateDataKey*"),
      ...LOGS,
    },
    { ...keyPolicy(OTHER, "kms:*"), ...LOGS },
  ],
  CKV_AWS_66: [logs({ retention_in_days: 7 }), logs({ name: "x" })],
  CKV_AWS_338: [logs({ retention_in_days: 365 }), logs({ retention_in_days: 90 })],
  CKV_AWS_158: [logs({ kms_key_id: "${aws_kms_key.logs.arn}" }), logs({ name: "x" })],
  CKV_AWS_319: [alarm({}), alarm({ actions_enabled: false })],
  "CloudWatch.15": [alarm({ alarm_actions: ["arn:aws:sns:x"] }), alarm({ ok_actions: ["arn:aws:sns:x"] })],
  "NIST-CloudWatchAlarmAction": [alarm({ ok_actions: ["arn:aws:sns:x"] }), alarm({ alarm_actions: [] })],
  CKV_AWS_26: [{ aws_sns_topic: { kms_master_key_id: "alias/aws/sns" } }, { aws_sns_topic: { name: "x" } }],
  "AWS-0136": [
    { aws_sns_topic: { kms_master_key_id: "alias/alarms" } },
    { aws_sns_topic: { kms_master_key_id: "alias/aws/sns" } },
  ],
  CKV_AWS_169: [
    topicPolicy({
      Effect: "Allow",
      Principal: "*",
      Action: "sns:Publish",
      Condition: { StringEquals: { a: "b" } },
    }),
    topicPolicy({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sns:Publish" }),
  ],
  CKV_AWS_385: [topicPolicy(), topicPolicy({ Effect: "Allow", Principal: OTHER, Action: "sns:Publish" })],
  "AwsSolutions-SNS3": [
    topicPolicy({ Effect: "Deny", Principal: "*", Action: "sns:Publish", Condition: TLS }),
    topicPolicy(),
  ],
  sns_subscription_not_using_http_endpoints: [
    { aws_sns_topic_subscription: { protocol: "email" } },
    { aws_sns_topic_subscription: { protocol: "http" } },
  ],
  CKV_AWS_51: [repository({ image_tag_mutability: "IMMUTABLE" }), repository({})],
  CKV_AWS_163: [repository({ image_scanning_configuration: { scan_on_push: true } }), repository({})],
  "ECR.3": [
    repository({}, { aws_ecr_lifecycle_policy: { repository: "${aws_ecr_repository.x.name}" } }),
    repository({}),
  ],
  CKV_AWS_136: [
    repository({ encryption_configuration: { kms_key: "arn:aws:kms:x" } }),
    repository({ encryption_configuration: { encryption_type: "AES256" } }),
  ],
  CKV_AWS_32: [
    { aws_ecr_repository_policy: { policy: text({ Effect: "Allow", Principal: OTHER, Action: "ecr:*" }) } },
    { aws_ecr_repository_policy: { policy: text({ Effect: "Allow", Principal: "*", Action: "ecr:*" }) } },
  ],
  CKV_AWS_149: [secret({ kms_key_id: "alias/own" }), secret({ kms_key_id: "alias/aws/secretsmanager" })],
  CKV2_AWS_57: [
    secret({}, { aws_secretsmanager_secret_rotation: { secret_id: "${aws_secretsmanager_secret.x.id}" } }),
    secret({}),
  ],
  CKV2_AWS_34: [{ aws_ssm_parameter: { type: "SecureString" } }, { aws_ssm_parameter: { type: "String" } }],
  CKV_AWS_337: [
    { aws_ssm_parameter: { type: "SecureString", key_id: "alias/own" } },
    { aws_ssm_parameter: { type: "SecureString" } },
  ],
  CKV_AWS_186: [{ aws_s3_object: { kms_key_id: "arn:aws:kms:x" } }, { aws_s3_object: { key: "x" } }],
  CKV2_AWS_16: [table({ billing_mode: "PAY_PER_REQUEST" }), table({})],
  CKV_AWS_28: [table({ point_in_time_recovery: { enabled: true } }), table({})],
  CKV_AWS_304: [rotation({ automatically_after_days: 90 }), rotation({ automatically_after_days: 365 })],
  CKV_AWS_119: [
    table({ server_side_encryption: { enabled: true, kms_key_arn: "arn:aws:kms:x" } }),
    table({ server_side_encryption: { enabled: true } }),
  ],
  "DynamoDB.6": [table({ deletion_protection_enabled: true }), table({})],
};
