import { TerraformOutput, Testing } from "cdktf";
import { LogBucket, type LogBucketProps } from "../../constructs/log-bucket";
import { ServingStack } from "../../stacks/serving-stack";

function synthesize(props: LogBucketProps = { bucketName: "example-logs" }) {
  const stack = new ServingStack(Testing.app(), "region");
  const logs = new LogBucket(stack, "logs", props);
  new TerraformOutput(stack, "name", { value: logs.bucketName, staticId: true });
  new TerraformOutput(stack, "policy", { value: logs.policy.id, staticId: true });
  return JSON.parse(Testing.synth(stack));
}

const bucket = `\${aws_s3_bucket.logs.bucket}`;
const bucketArn = `arn:\${data.aws_partition.logs_partition.partition}:s3:::${bucket}`;
const account = `\${data.aws_caller_identity.logs_account.account_id}`;

const statements = (synthesized: ReturnType<typeof synthesize>) =>
  JSON.parse(synthesized.resource.aws_s3_bucket_policy.logs_policy.policy).Statement;

const deliveryResources = (synthesized: ReturnType<typeof synthesize>) =>
  statements(synthesized).find(({ Effect }: { Effect: string }) => Effect === "Allow").Resource;

describe("a log bucket", () => {
  const synthesized = synthesize();
  const { resource } = synthesized;

  it("is encrypted with SSE-S3, the only encryption log delivery knows", () => {
    expect(resource.aws_s3_bucket_server_side_encryption_configuration.logs_encryption).toMatchObject({
      bucket,
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
  });

  it("is closed to the public in all four ways", () => {
    expect(resource.aws_s3_bucket_public_access_block["logs_public-access-block"]).toMatchObject({
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("knows no ACLs", () => {
    expect(resource.aws_s3_bucket_ownership_controls.logs_ownership).toMatchObject({
      bucket,
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
  });

  it("keeps deleted and overwritten logs a while", () => {
    expect(resource.aws_s3_bucket_versioning.logs_versioning).toMatchObject({
      bucket,
      versioning_configuration: { status: "Enabled" },
    });
  });

  it("empties itself: logs after 90 days, what was deleted or never finished after 7", () => {
    expect(resource.aws_s3_bucket_lifecycle_configuration.logs_expiry).toMatchObject({
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
    expect(JSON.parse(resource.aws_s3_bucket_policy.logs_policy.policy).Version).toBe("2012-10-17");
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
    expect(resource.aws_s3_bucket_policy.logs_policy).toMatchObject({
      bucket,
      depends_on: [
        "aws_s3_bucket_ownership_controls.logs_ownership",
        "aws_s3_bucket_public_access_block.logs_public-access-block",
      ],
    });
  });

  it("is not destroyed with logs in it, and stands before the one it replaces goes", () => {
    expect(resource.aws_s3_bucket.logs).toMatchObject({
      force_destroy: false,
      lifecycle: { create_before_destroy: true },
    });
  });

  it("tells its name and its policy to those that deliver logs", () => {
    expect(synthesized.output).toMatchObject({
      name: { value: bucket },
      policy: { value: `\${aws_s3_bucket_policy.logs_policy.id}` },
    });
  });
});

describe("what a log bucket may be told", () => {
  it("a whole name", () => {
    const { logs } = synthesize({ bucketName: "example-logs" }).resource.aws_s3_bucket;
    expect(logs.bucket).toBe("example-logs");
    expect(logs.bucket_prefix).toBeUndefined();
  });

  it("the beginning of a name", () => {
    const { logs } = synthesize({ bucketPrefix: "example-" }).resource.aws_s3_bucket;
    expect(logs.bucket_prefix).toBe("example-");
    expect(logs.bucket).toBeUndefined();
  });

  it("the folders that may be written, in any order", () => {
    const folders = [
      `${bucketArn}/access/AWSLogs/${account}/*`,
      `${bucketArn}/connection/AWSLogs/${account}/*`,
    ];
    expect(deliveryResources(synthesize({ bucketName: "b", prefixes: ["connection", "access"] }))).toEqual(
      folders,
    );
    expect(
      deliveryResources(synthesize({ bucketName: "b", prefixes: ["access", "connection", "access"] })),
    ).toEqual(folders);
  });

  it("how long logs are kept", () => {
    const { resource } = synthesize({ bucketName: "example-logs", retentionDays: 365 });
    expect(resource.aws_s3_bucket_lifecycle_configuration.logs_expiry.rule[0].expiration).toEqual([
      { days: 365 },
    ]);
  });

  it("that it may be destroyed with the logs in it", () => {
    const { resource } = synthesize({ bucketName: "example-logs", forceDestroy: true });
    expect(resource.aws_s3_bucket.logs.force_destroy).toBe(true);
  });

  it("its tags", () => {
    const { resource } = synthesize({ bucketName: "example-logs", tags: { Team: "ml" } });
    expect(resource.aws_s3_bucket.logs.tags).toEqual({ Team: "ml" });
  });
});

describe("what a log bucket refuses", () => {
  it("a folder the load balancer would not write to", () => {
    expect(() => synthesize({ bucketName: "example-logs", prefixes: ["alb/AWSLogs"] })).toThrow("AWSLogs");
  });

  it("to keep logs for no day", () => {
    expect(() => synthesize({ bucketName: "example-logs", retentionDays: 0 })).toThrow("retentionDays");
  });
});
