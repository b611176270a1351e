import { unknownsIn } from "../../simulation/terraform/resolve";
import type { Part } from "../part";
import type { Rule } from "../rule";
import { BUCKET, lifecycleRules, ofSettings, settings } from "./s3-bucket";

const TYPES = [BUCKET];
const SECURITY_HUB = "Security Hub user guide, Amazon S3 controls";
const CHECKOV = "Checkov, policy index of Terraform";
const KEY = "rule.apply_server_side_encryption_by_default";

/** Whether versions are kept; a block of the bucket has a flag for it. */
const keepsVersions = (each: Part) =>
  each.text("versioning_configuration.status") === "Enabled" || each.flag("enabled", false);

/** What a bucket keeps, how long, and who is told. */
export const s3: readonly Rule[] = [
  {
    ids: ["CKV_AWS_18", "AWS-0089", "S3.9", "AwsSolutions-S1", "NIST-S3BucketLoggingEnabled"],
    meaning: "Requests to a bucket are logged",
    source: SECURITY_HUB,
    ...ofSettings("logging", (found) => found.some((each) => each.has("target_bucket"))),
  },
  {
    ids: ["CKV_AWS_19", "AWS-0088", "S3.4", "NIST-S3BucketServerSideEncryptionEnabled"],
    meaning: "A bucket is encrypted",
    source: SECURITY_HUB,
    ...ofSettings("server_side_encryption_configuration", (found) =>
      found.every((each) => ["aws:kms", "AES256"].includes(each.text(`${KEY}.sse_algorithm`) ?? "")),
    ),
  },
  {
    ids: ["CKV_AWS_145", "AWS-0132", "S3.17", "NIST-S3DefaultEncryptionKMS"],
    meaning: "A bucket is encrypted with a key of one's own",
    source: SECURITY_HUB,
    closedBy: ["state.kmsKeyArn"],
    price: { usdAMonth: 1, per: "KMS key" },
    ...ofSettings("server_side_encryption_configuration", (found) =>
      found.some(
        (each) =>
          each.text(`${KEY}.sse_algorithm`) === "aws:kms" &&
          each.has(`${KEY}.kms_master_key_id`) &&
          each.value(`${KEY}.kms_master_key_id`) !== "alias/aws/s3",
      ),
    ),
  },
  {
    ids: ["CKV_AWS_21", "AWS-0090", "S3.14", "NIST-S3BucketVersioningEnabled"],
    meaning: "A bucket keeps what is overwritten or deleted",
    source: SECURITY_HUB,
    ...ofSettings("versioning", (found) => found.some(keepsVersions)),
  },
  {
    ids: ["AWS-0170", "S3.20"],
    meaning: "A version of an object is deleted only with a second factor",
    source: SECURITY_HUB,
    ...ofSettings("versioning", (found) =>
      found.some(
        (each) =>
          each.text("versioning_configuration.mfa_delete") === "Enabled" || each.flag("mfa_delete", false),
      ),
    ),
  },
  {
    ids: ["S3.15", "NIST-S3BucketDefaultLockEnabled"],
    meaning: "Nobody can delete an object of a bucket before its time (Object Lock)",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part) =>
      part.flag("object_lock_enabled", false) ||
      part.text("object_lock_configuration.object_lock_enabled") === "Enabled",
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
    ...ofSettings("replication_configuration", (found) =>
      found.some((each) =>
        [...each.blocks("rule"), ...each.blocks("rules")].some((rule) => rule.text("status") === "Enabled"),
      ),
    ),
  },
  {
    ids: ["CKV2_AWS_61", "S3.13"],
    meaning: "A bucket has rules for what is old, and they are on",
    source: SECURITY_HUB,
    ...ofSettings("lifecycle_configuration", (found) => lifecycleRules(found).length > 0),
  },
  {
    ids: ["S3.10"],
    meaning: "A bucket with versions removes old ones",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) =>
      settings(part, "versioning", world).some(keepsVersions)
        ? lifecycleRules(settings(part, "lifecycle_configuration", world)).some((rule) =>
            rule.has("noncurrent_version_expiration"),
          )
        : undefined,
  },
  {
    ids: ["CKV_AWS_300"],
    meaning: "What is left of an upload that failed is removed, wherever in the bucket it lies",
    source: CHECKOV,
    types: [`${BUCKET}_lifecycle_configuration`],
    holds: (part) =>
      lifecycleRules([part]).some((rule) => rule.has("abort_incomplete_multipart_upload") && isForAll(rule)),
  },
  {
    ids: ["CKV2_AWS_62", "S3.11"],
    meaning: "A bucket tells what happens to its objects",
    source: SECURITY_HUB,
    ...ofSettings("notification", (found) => found.some(tellsSomebody)),
  },
  {
    ids: ["CKV2_AWS_65", "S3.12"],
    meaning: "A bucket has no lists of S3",
    source: SECURITY_HUB,
    ...ofSettings("ownership_controls", (found) =>
      found.some((each) => each.text("rule.object_ownership") === "BucketOwnerEnforced"),
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
];

/** Whether a rule about what is old is for every object. */
function isForAll(rule: Part): boolean {
  const limits = ["prefix", "tag", "and", "object_size_greater_than", "object_size_less_than"];
  return !rule.has("prefix") && !limits.some((name) => rule.has("filter") && rule.has(`filter.${name}`));
}

function tellsSomebody(notification: Part): boolean {
  return (
    notification.flag("eventbridge", false) ||
    ["topic", "queue", "lambda_function"].some((kind) => notification.has(kind))
  );
}

/** What a text says by itself, without what only AWS knows. */
function plain(value: unknown): string {
  return typeof value === "string" && unknownsIn(value).length === 0 ? value : "";
}
