import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { TerraformOutput, Testing } from "cdktf";
import { LogBucket, type LogBucketProps } from "../../../constructs/storage/log-bucket";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";
import { addressesIn } from "../../support/addresses";

function synthesize(props: LogBucketProps = { bucketName: "example-logs" }): string {
  const stack = new ServingStack(Testing.app(), "region");
  const logs = new LogBucket(stack, "logs", props);
  new TerraformOutput(stack, "name", { value: logs.bucketName, staticId: true });
  new TerraformOutput(stack, "policy", { value: logs.policy.id, staticId: true });
  return Testing.synth(stack);
}

const bucket = `\${aws_s3_bucket.logs.bucket}`;
const bucketArn = `arn:\${data.aws_partition.logs_partition.partition}:s3:::${bucket}`;
const account = `\${data.aws_caller_identity.logs_account.account_id}`;

const policyOf = (synthesized: string) =>
  JSON.parse(JSON.parse(synthesized).resource.aws_s3_bucket_policy.logs_policy.policy);

const statements = (synthesized: string) => policyOf(synthesized).Statement;

const deliveryResources = (synthesized: string) =>
  statements(synthesized).find(({ Effect }: { Effect: string }) => Effect === "Allow").Resource;

describe("a log bucket", () => {
  const synthesized = synthesize();

  it("has addresses that say what each part is", () => {
    expect(addressesIn(synthesized)).toEqual([
      "aws_s3_bucket.logs",
      "aws_s3_bucket_lifecycle_configuration.logs_expiry",
      "aws_s3_bucket_notification.logs_events",
      "aws_s3_bucket_ownership_controls.logs_ownership",
      "aws_s3_bucket_policy.logs_policy",
      "aws_s3_bucket_public_access_block.logs_public-access-block",
      "aws_s3_bucket_server_side_encryption_configuration.logs_encryption",
      "aws_s3_bucket_versioning.logs_versioning",
    ]);
  });

  it("is encrypted with SSE-S3, the only encryption that log delivery supports", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketServerSideEncryptionConfigurationA, {
      bucket,
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
  });

  it("tells the default event bus what happens to its objects", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketNotification, { bucket, eventbridge: true });
  });

  it("is closed to the public in all four ways", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketPublicAccessBlock, {
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("has ACLs disabled", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketOwnershipControls, {
      bucket,
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
  });

  it("keeps deleted and overwritten logs a while", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketVersioningA, {
      bucket,
      versioning_configuration: { status: "Enabled" },
    });
  });

  it("empties itself: logs after 90 days, what was deleted or never finished after 7", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketLifecycleConfiguration, {
      bucket,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{}],
          expiration: [{ days: 90 }],
          noncurrent_version_expiration: [{ noncurrent_days: 7 }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
        },
      ],
      depends_on: ["aws_s3_bucket_versioning.logs_versioning"],
    });
  });

  it("has a policy in the language of today", () => {
    expect(policyOf(synthesized).Version).toBe("2012-10-17");
  });

  it("answers over TLS only", () => {
    expect(statements(synthesized)).toContainEqual({
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("lets load balancers write the logs of this account, and nothing else", () => {
    expect(statements(synthesized)).toContainEqual({
      Sid: "LoadBalancerLogDelivery",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: [`${bucketArn}/AWSLogs/${account}/*`],
    });
    expect(statements(synthesized)).toHaveLength(2);
  });

  it("gets its policy after what S3 would find in conflict with it", () => {
    expect(synthesized).toHaveResourceWithProperties(S3BucketPolicy, {
      bucket,
      depends_on: [
        "aws_s3_bucket_ownership_controls.logs_ownership",
        "aws_s3_bucket_public_access_block.logs_public-access-block",
      ],
    });
  });

  it("is not destroyed with logs in it, and is created before the one it replaces is deleted", () => {
    expect(synthesized).toHaveResourceWithProperties(S3Bucket, {
      force_destroy: false,
      lifecycle: { create_before_destroy: true },
    });
  });

  it("outputs its name and its policy", () => {
    expect(JSON.parse(synthesized).output).toMatchObject({
      name: { value: bucket },
      policy: { value: `\${aws_s3_bucket_policy.logs_policy.id}` },
    });
  });
});

describe("settings of a log bucket", () => {
  it("a whole name", () => {
    const synthesized = synthesize({ bucketName: "example-logs" });
    expect(synthesized).toHaveResourceWithProperties(S3Bucket, { bucket: "example-logs" });
    expect(JSON.parse(synthesized).resource.aws_s3_bucket.logs).not.toHaveProperty("bucket_prefix");
  });

  it("the beginning of a name", () => {
    const synthesized = synthesize({ bucketPrefix: "example-" });
    expect(synthesized).toHaveResourceWithProperties(S3Bucket, { bucket_prefix: "example-" });
    expect(JSON.parse(synthesized).resource.aws_s3_bucket.logs).not.toHaveProperty("bucket");
  });

  it("the folders that may be written, in any order", () => {
    const folders = [
      `${bucketArn}/access/AWSLogs/${account}/*`,
      `${bucketArn}/connection/AWSLogs/${account}/*`,
    ];
    expect(
      deliveryResources(synthesize({ bucketName: "example-logs", prefixes: ["connection", "access"] })),
    ).toEqual(folders);
    expect(
      deliveryResources(
        synthesize({ bucketName: "example-logs", prefixes: ["access", "connection", "access"] }),
      ),
    ).toEqual(folders);
  });

  it("how long logs are kept", () => {
    const synthesized = synthesize({ bucketName: "example-logs", retentionDays: 365 });
    expect(synthesized).toHaveResourceWithProperties(S3BucketLifecycleConfiguration, {
      rule: [expect.objectContaining({ expiration: [{ days: 365 }] })],
    });
  });

  it("that it may be destroyed with the logs in it", () => {
    const synthesized = synthesize({ bucketName: "example-logs", forceDestroy: true });
    expect(synthesized).toHaveResourceWithProperties(S3Bucket, { force_destroy: true });
  });

  it("its tags", () => {
    const synthesized = synthesize({ bucketName: "example-logs", tags: { Team: "ml" } });
    expect(synthesized).toHaveResourceWithProperties(S3Bucket, { tags: { Team: "ml" } });
  });
});

describe("what a log bucket refuses", () => {
  it("a folder the load balancer would not write to", () => {
    expect(() => synthesize({ bucketName: "example-logs", prefixes: ["alb/AWSLogs"] })).toThrow("AWSLogs");
  });
});
