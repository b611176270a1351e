import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { TerraformStack, Testing } from "cdktf";
import { StateBucket, type StateBucketProps } from "../../../constructs/storage/state-bucket";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";
import { addressesIn } from "../../support/addresses";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const name = `\${aws_s3_bucket.state.bucket}`;
const logs = `\${aws_s3_bucket.state_logs.bucket}`;

const encryptionOf = (synthesized: string, id: string) =>
  JSON.parse(synthesized).resource.aws_s3_bucket_server_side_encryption_configuration[id].rule[0]
    .apply_server_side_encryption_by_default;

function synthesize(props: Partial<StateBucketProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "bootstrap");
  new StateBucket(stack, "state", { bucketName: "example-terraform-state", ...props });
  return Testing.synth(stack);
}

it.each<Partial<StateBucketProps>>([
  {},
  { kmsKeyArn },
  { noncurrentVersionDays: 365, noncurrentVersionsKept: 100 },
  { preventDestroy: false, tags: { team: "ml" } },
])("is a bucket, that of its logs, and its key where none is given, with %j", (props) => {
  expect(addressesIn(synthesize(props))).toEqual([
    ...(props.kmsKeyArn === undefined ? ["aws_kms_key.state_key"] : []),
    "aws_s3_bucket.state",
    "aws_s3_bucket.state_logs",
    "aws_s3_bucket_lifecycle_configuration.state_expiry",
    "aws_s3_bucket_lifecycle_configuration.state_logs_expiry",
    "aws_s3_bucket_logging.state_logs_logging",
    "aws_s3_bucket_notification.state_events",
    "aws_s3_bucket_notification.state_logs_events",
    "aws_s3_bucket_ownership_controls.state_logs_ownership",
    "aws_s3_bucket_ownership_controls.state_ownership",
    "aws_s3_bucket_policy.state_logs_policy",
    "aws_s3_bucket_policy.state_policy",
    "aws_s3_bucket_public_access_block.state_logs_public-access-block",
    "aws_s3_bucket_public_access_block.state_public-access-block",
    "aws_s3_bucket_server_side_encryption_configuration.state_encryption",
    "aws_s3_bucket_server_side_encryption_configuration.state_logs_encryption",
    "aws_s3_bucket_versioning.state_logs_versioning",
    "aws_s3_bucket_versioning.state_versioning",
  ]);
});

describe("a state bucket", () => {
  const synthesized = synthesize();

  it("has the name it is given, and cannot be destroyed by a plan", () => {
    expect(synthesized).toHaveResourceWithProperties(S3Bucket, {
      bucket: "example-terraform-state",
      lifecycle: { prevent_destroy: true },
    });
  });

  it("keeps every version", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketVersioningA, {
      bucket: name,
      versioning_configuration: { status: "Enabled" },
    });
  });

  it("is encrypted with a key that is made for it, renewed each year, and kept for 30 days after a deletion", () => {
    expect(encryptionOf(synthesized, "state_encryption")).toEqual({
      sse_algorithm: "aws:kms",
      kms_master_key_id: `\${aws_kms_key.state_key.arn}`,
    });
    expect(synthesized).toHaveResourceWithProperties(KmsKey, {
      description: "Encrypts the Terraform states in the S3 bucket example-terraform-state.",
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("leaves it to the account's IAM policies who may use the key", () => {
    const { policy } = JSON.parse(synthesized).resource.aws_kms_key.state_key;
    const of = "data.aws_caller_identity.state_key_account.account_id";
    expect(JSON.parse(policy).Statement).toEqual([
      {
        Sid: "AccountDecidesByIam",
        Effect: "Allow",
        Principal: { AWS: `arn:\${data.aws_partition.state_key_partition.partition}:iam::\${${of}}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ]);
  });

  it("has its requests logged to a bucket that S3 may write to, for this bucket of this account only", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketLoggingA, {
      bucket: name,
      target_bucket: logs,
      target_prefix: "access/",
      depends_on: ["aws_s3_bucket_policy.state_logs_policy"],
    });
    const { policy } = JSON.parse(synthesized).resource.aws_s3_bucket_policy.state_logs_policy;
    expect(JSON.parse(policy).Statement).toContainEqual({
      Sid: "S3LogDelivery",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `arn:\${data.aws_partition.state_logs_partition.partition}:s3:::${logs}/access/*`,
      Condition: {
        ArnLike: { "aws:SourceArn": `\${aws_s3_bucket.state.arn}` },
        StringEquals: {
          "aws:SourceAccount": `\${data.aws_caller_identity.state_logs_account.account_id}`,
        },
      },
    });
  });

  it("keeps the logs for a year, encrypted with SSE-S3, in a bucket named by its own", () => {
    const { aws_s3_bucket, aws_s3_bucket_lifecycle_configuration } = JSON.parse(synthesized).resource;
    expect(aws_s3_bucket.state_logs).toMatchObject({
      bucket_prefix: "example-terraform-state-logs-",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(encryptionOf(synthesized, "state_logs_encryption")).toEqual({ sse_algorithm: "AES256" });
    const [rule] = aws_s3_bucket_lifecycle_configuration.state_logs_expiry.rule;
    expect(rule.expiration).toEqual([{ days: 365 }]);
  });

  it("names the bucket of its logs by what fits of a long name", () => {
    const bucketName = `example-${"x".repeat(55)}`;
    expect(JSON.parse(synthesize({ bucketName })).resource.aws_s3_bucket.state_logs.bucket_prefix).toBe(
      `example-${"x".repeat(23)}-logs-`,
    );
  });

  it("is closed to the public in all four ways", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketPublicAccessBlock, {
      bucket: name,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("has ACLs disabled", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketOwnershipControls, {
      bucket: name,
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
  });

  it("denies everything that does not come over TLS", () => {
    const { policy } = JSON.parse(synthesized).resource.aws_s3_bucket_policy.state_policy;
    const bucketArn = `arn:\${data.aws_partition.state_partition.partition}:s3:::${name}`;
    expect(synthesized).toHaveResourceWithProperties(S3BucketPolicy, { bucket: name });
    expect(JSON.parse(policy).Statement).toEqual([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("gets its policy after its other access settings, since S3 refuses changes at the same time", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketPolicy, {
      depends_on: [
        "aws_s3_bucket_ownership_controls.state_ownership",
        "aws_s3_bucket_public_access_block.state_public-access-block",
      ],
    });
  });

  it("lets replaced states go after 90 days, but for the ten newest", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketLifecycleConfiguration, {
      bucket: name,
      rule: [
        expect.objectContaining({
          status: "Enabled",
          filter: [{}],
          noncurrent_version_expiration: [{ noncurrent_days: 90, newer_noncurrent_versions: 10 }],
        }),
      ],
      depends_on: ["aws_s3_bucket_versioning.state_versioning"],
    });
  });

  it("sweeps up the markers of released locks and unfinished uploads", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketLifecycleConfiguration, {
      rule: [
        expect.objectContaining({
          expiration: [{ expired_object_delete_marker: true }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
        }),
      ],
    });
  });
});

describe("a state bucket with other settings", () => {
  it("is encrypted with the KMS key it is given, through a bucket key", () => {
    expect(synthesize({ kmsKeyArn })).toHaveResourceWithProperties(
      S3BucketServerSideEncryptionConfigurationA,
      {
        rule: [
          {
            apply_server_side_encryption_by_default: {
              sse_algorithm: "aws:kms",
              kms_master_key_id: kmsKeyArn,
            },
            bucket_key_enabled: true,
          },
        ],
      },
    );
  });

  it("keeps replaced states for the given days, and the given number of them", () => {
    const synthesized = synthesize({ noncurrentVersionDays: 365, noncurrentVersionsKept: 100 });
    expect(synthesized).toHaveResourceWithProperties(S3BucketLifecycleConfiguration, {
      rule: [
        expect.objectContaining({
          noncurrent_version_expiration: [{ noncurrent_days: 365, newer_noncurrent_versions: 100 }],
        }),
      ],
    });
  });

  it("can be destroyed when configured, with its key and the logs", () => {
    const { aws_kms_key, aws_s3_bucket } = JSON.parse(synthesize({ preventDestroy: false })).resource;
    expect([aws_kms_key.state_key, aws_s3_bucket.state, aws_s3_bucket.state_logs]).toMatchObject([
      { lifecycle: { prevent_destroy: false } },
      { lifecycle: { prevent_destroy: false } },
      { lifecycle: { prevent_destroy: false }, force_destroy: true },
    ]);
  });

  it("carries the tags it is given, as do its key and the bucket of its logs", () => {
    const tags = { team: "ml" };
    const { aws_kms_key, aws_s3_bucket } = JSON.parse(synthesize({ tags })).resource;
    expect([aws_kms_key.state_key, aws_s3_bucket.state, aws_s3_bucket.state_logs]).toMatchObject([
      { tags },
      { tags },
      { tags },
    ]);
  });
});

describe("a state bucket is refused", () => {
  it.each(["Example-State", "example.state", "example_state", "-example", "example-"])(
    "with the name %j",
    (bucketName) => {
      expect(() => synthesize({ bucketName })).toThrow(
        `bucketName must have 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends; got "${bucketName}"`,
      );
    },
  );
});

it("takes a name that is a token", () => {
  const stack = new TerraformStack(Testing.app(), "bootstrap");
  expect(() => {
    new StateBucket(stack, "later", {
      bucketName: `${new StateBucket(stack, "x", { bucketName: "xyz" }).bucketName}-2`,
    });
  }).not.toThrow();
});
