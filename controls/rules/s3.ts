import { unknownsIn } from "../../simulation/terraform/resolve";
import type { Part } from "../part";
import { includes, isForAnyone, type Statement, statementsOf } from "../policy";
import type { Rule } from "../rule";
import type { World } from "../world";

const BUCKET = "aws_s3_bucket";
const TYPES = [BUCKET];
const SECURITY_HUB = "Security Hub user guide, Amazon S3 controls";
const CHECKOV = "Checkov, policy index of Terraform";
const KEY = "rule.apply_server_side_encryption_by_default";

/** The settings of a bucket of one kind, `aws_s3_bucket_versioning`. */
function settings(bucket: Part, kind: string, world: World): readonly Part[] {
  return world.pointing(bucket, "bucket", `${BUCKET}_${kind}`);
}

function statements(bucket: Part, world: World): readonly Statement[] {
  return settings(bucket, "policy", world).flatMap((each) => statementsOf(each, "policy", world));
}

/** Whether some flag of the public access block of a bucket is on. */
function blocks(...flags: readonly string[]): Rule["holds"] {
  return (part, world) =>
    settings(part, "public_access_block", world).some((each) =>
      flags.every((name) => each.flag(name, false)),
    );
}

/** Whether nobody is granted something by a list of S3. */
function withoutAcl(isOpen: (acl: Part) => boolean): Rule["holds"] {
  return (part, world) => ![...(part.has("acl") ? [part] : []), ...settings(part, "acl", world)].some(isOpen);
}

function grants(acl: Part, group: string): boolean {
  return acl
    .blocks("access_control_policy.grant")
    .some((grant) => (grant.text("grantee.uri") ?? "").endsWith(group));
}

/** Whether a bucket is one that logs of other buckets, or of load balancers, are written to. */
export function takesLogs(bucket: Part, world: World): boolean {
  const writers = [
    "logging.s3.amazonaws.com",
    "logdelivery.elasticloadbalancing.amazonaws.com",
    "delivery.logs.amazonaws.com",
  ];
  return statements(bucket, world).some(
    ({ allows, actions, principals }) =>
      allows &&
      actions.some((action) => includes(action, "s3:PutObject")) &&
      (principals.Service ?? []).some((service) => writers.includes(service)),
  );
}

function encryption(bucket: Part, world: World): readonly Part[] {
  return settings(bucket, "server_side_encryption_configuration", world);
}

/** Whether requests without TLS are refused. */
function isTlsOnly({ allows, actions, conditions }: Statement): boolean {
  return !allows && actions.includes("s3:*") && (conditions["aws:SecureTransport"] ?? []).includes("false");
}

/** What another account must not do. Source: Security Hub user guide, S3.6. */
const RISKY = [
  "s3:DeleteBucketPolicy",
  "s3:PutBucketAcl",
  "s3:PutBucketPolicy",
  "s3:PutEncryptionConfiguration",
  "s3:PutObjectAcl",
];

export const s3: readonly Rule[] = [
  {
    ids: ["CKV_AWS_18", "AWS-0089", "S3.9", "AwsSolutions-S1", "NIST-S3BucketLoggingEnabled"],
    meaning: "Requests to a bucket are logged",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) => part.has("logging") || settings(part, "logging", world).length > 0,
  },
  {
    ids: ["CKV_AWS_19", "AWS-0088", "S3.4", "NIST-S3BucketServerSideEncryptionEnabled"],
    meaning: "A bucket is encrypted",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) =>
      encryption(part, world).every((each) =>
        ["aws:kms", "AES256"].includes(each.text(`${KEY}.sse_algorithm`) ?? ""),
      ),
  },
  {
    ids: ["CKV_AWS_145", "AWS-0132", "S3.17", "NIST-S3DefaultEncryptionKMS"],
    meaning: "A bucket is encrypted with a key of one's own",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["state.kmsKeyArn"],
    price: { usdAMonth: 1, per: "KMS key" },
    holds: (part, world) =>
      encryption(part, world).some(
        (each) => each.text(`${KEY}.sse_algorithm`) === "aws:kms" && each.has(`${KEY}.kms_master_key_id`),
      ),
  },
  {
    ids: ["CKV_AWS_20"],
    meaning: "No list of S3 lets everyone read a bucket",
    source: CHECKOV,
    types: TYPES,
    holds: withoutAcl((acl) => /^(public-read|website|authenticated-read)/.test(acl.text("acl") ?? "")),
  },
  {
    ids: ["CKV_AWS_57", "CKV_AWS_379"],
    meaning: "No list of S3 lets everyone write to a bucket",
    source: CHECKOV,
    types: TYPES,
    holds: withoutAcl((acl) => acl.text("acl") === "public-read-write"),
  },
  {
    ids: ["CKV_AWS_375"],
    meaning: "No list of S3 names everyone",
    source: CHECKOV,
    types: TYPES,
    holds: withoutAcl((acl) => grants(acl, "/AllUsers")),
  },
  {
    ids: ["CKV2_AWS_43"],
    meaning: "No list of S3 names every account of AWS",
    source: CHECKOV,
    types: TYPES,
    holds: withoutAcl((acl) => grants(acl, "/AuthenticatedUsers")),
  },
  {
    ids: ["CKV_AWS_21", "AWS-0090", "S3.14", "NIST-S3BucketVersioningEnabled"],
    meaning: "A bucket keeps what is overwritten or deleted",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) =>
      settings(part, "versioning", world).some(
        (each) => each.text("versioning_configuration.status") === "Enabled",
      ),
  },
  {
    ids: ["AWS-0170", "S3.20"],
    meaning: "A version of an object is deleted only with a second factor",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) =>
      settings(part, "versioning", world).some(
        (each) => each.text("versioning_configuration.mfa_delete") === "Enabled",
      ),
  },
  {
    ids: ["CKV_AWS_53", "AWS-0086"],
    meaning: "A bucket takes no public lists",
    source: SECURITY_HUB,
    types: TYPES,
    holds: blocks("block_public_acls"),
  },
  {
    ids: ["CKV_AWS_54", "AWS-0087"],
    meaning: "A bucket takes no public policy",
    source: SECURITY_HUB,
    types: TYPES,
    holds: blocks("block_public_policy"),
  },
  {
    ids: ["CKV_AWS_55", "AWS-0091"],
    meaning: "A bucket ignores public lists",
    source: SECURITY_HUB,
    types: TYPES,
    holds: blocks("ignore_public_acls"),
  },
  {
    ids: ["CKV_AWS_56", "AWS-0093"],
    meaning: "A public policy lets nobody but the account in",
    source: SECURITY_HUB,
    types: TYPES,
    holds: blocks("restrict_public_buckets"),
  },
  {
    ids: ["CKV2_AWS_6", "AWS-0094"],
    meaning: "A bucket has a public access block",
    source: CHECKOV,
    types: TYPES,
    holds: blocks("block_public_acls", "block_public_policy"),
  },
  {
    ids: ["S3.1", "S3.8", "NIST-S3BucketLevelPublicAccessProhibited"],
    meaning: "A bucket blocks all public access",
    source: SECURITY_HUB,
    types: TYPES,
    holds: blocks(
      "block_public_acls",
      "block_public_policy",
      "ignore_public_acls",
      "restrict_public_buckets",
    ),
  },
  {
    ids: ["S3.2", "S3.3", "AwsSolutions-S2", "CKV_AWS_70"],
    meaning: "No policy lets everyone into a bucket",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) => !statements(part, world).some(isForAnyone),
  },
  {
    ids: ["CKV_AWS_93"],
    meaning: "No policy locks everyone out of a bucket",
    source: CHECKOV,
    types: TYPES,
    holds: (part, world) =>
      !statements(part, world).some(
        ({ allows, actions, principals, conditions }) =>
          !allows &&
          Object.values(principals).flat().includes("*") &&
          Object.keys(conditions).length === 0 &&
          actions.some((each) => ["*", "s3:*", "s3:Put*", "s3:PutBucketPolicy"].includes(each)),
      ),
  },
  {
    ids: ["CKV_AWS_143"],
    meaning: "A lock of objects that is asked for is on",
    source: CHECKOV,
    types: TYPES,
    holds: (part) =>
      part.has("object_lock_configuration")
        ? part.text("object_lock_configuration.object_lock_enabled") === "Enabled"
        : undefined,
  },
  {
    ids: ["CKV_AWS_144", "S3.7", "NIST-S3BucketReplicationEnabled"],
    meaning: "A bucket has a copy in another region",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) =>
      settings(part, "replication_configuration", world).some((each) =>
        each.blocks("rule").some((rule) => rule.text("status") === "Enabled"),
      ),
  },
  {
    ids: ["CKV2_AWS_61", "S3.13"],
    meaning: "A bucket has rules for what is old",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) => settings(part, "lifecycle_configuration", world).length > 0,
  },
  {
    ids: ["S3.10"],
    meaning: "A bucket with versions removes old ones",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) =>
      settings(part, "versioning", world).length === 0
        ? undefined
        : settings(part, "lifecycle_configuration", world).some((each) =>
            each.blocks("rule").some((rule) => rule.has("noncurrent_version_expiration")),
          ),
  },
  {
    ids: ["CKV_AWS_300"],
    meaning: "What is left of an upload that failed is removed",
    source: CHECKOV,
    types: ["aws_s3_bucket_lifecycle_configuration"],
    holds: (part) =>
      part.blocks("rule").some((rule) => {
        const isForAll = !["prefix", "tag", "and", "object_size_greater_than"].some(
          (name) => rule.has("filter") && rule.has(`filter.${name}`),
        );
        return rule.text("status") === "Enabled" && rule.has("abort_incomplete_multipart_upload") && isForAll;
      }),
  },
  {
    ids: ["CKV2_AWS_62", "S3.11"],
    meaning: "A bucket tells what happens to its objects",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) => settings(part, "notification", world).length > 0,
  },
  {
    ids: ["CKV2_AWS_65", "S3.12"],
    meaning: "A bucket has no lists of S3",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) =>
      settings(part, "ownership_controls", world).some(
        (each) => each.text("rule.object_ownership") === "BucketOwnerEnforced",
      ),
  },
  {
    ids: ["AWS-0320"],
    meaning: "The name of a bucket has no dot, so that TLS takes it",
    source: "S3 user guide, General purpose bucket naming rules",
    types: TYPES,
    closedBy: ["state.bucket"],
    holds: (part) =>
      ![part.value("bucket"), part.value("bucket_prefix")].some((each) => /\./.test(plain(each))),
  },
  {
    ids: ["S3.5", "AwsSolutions-S10", "NIST-S3BucketSSLRequestsOnly"],
    meaning: "A bucket refuses requests without TLS",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) => statements(part, world).some(isTlsOnly),
  },
  {
    ids: ["S3.6"],
    meaning: "No other account may change who may use a bucket",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) =>
      !statements(part, world).some(
        ({ allows, actions, principals }) =>
          allows &&
          (principals.AWS ?? []).length > 0 &&
          actions.some((each) => RISKY.includes(each) || each === "s3:*"),
      ),
  },
  {
    ids: ["FN-ALB-LOGS"],
    meaning: "A load balancer may write its logs: a policy lets it, and the bucket has the key of S3",
    source: "ELB user guide, Enable access logs for your Application Load Balancer",
    types: ["aws_lb", "aws_alb"],
    holds: (part, world) => {
      const buckets = world
        .beside(part, BUCKET)
        .filter((bucket) => part.refersTo("access_logs.bucket", bucket));
      return buckets.length === 0
        ? undefined
        : buckets.every(
            (bucket) =>
              takesLogs(bucket, world) &&
              encryption(bucket, world).every((each) => each.text(`${KEY}.sse_algorithm`) === "AES256"),
          );
    },
  },
];

/** What a text says by itself, without what only AWS knows. */
function plain(value: unknown): string {
  return typeof value === "string" && unknownsIn(value).length === 0 ? value : "";
}
