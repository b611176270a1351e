import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { Construct } from "constructs";

/** The settings that differ between private buckets. */
export interface PrivateBucketSettings {
  /** When old objects and versions are removed. */
  readonly lifecycleRule: S3BucketLifecycleConfigurationRule;

  /**
   * ARN of the KMS key that encrypts the bucket.
   *
   * @default SSE-S3, the key S3 manages
   */
  readonly kmsKeyArn?: string;

  /**
   * More statements of the bucket's policy, which denies all requests without TLS.
   *
   * @param bucketArn built from the name of the bucket. A plan shows the name, but not the ARN of a new bucket; so a
   *   reviewer can read the policy before it is applied
   * @default none
   */
  readonly statements?: (bucketArn: string) => readonly object[];
}

/**
 * Makes a bucket private, TLS only, encrypted and versioned. What happens to its objects goes to the account's default event
 * bus, where a rule of the team can look for what is deleted; EventBridge takes $1 for a million of these events, and no rule
 * needs to be there.
 *
 * Source: S3 user guide, "Using EventBridge"; EventBridge pricing, opt-in AWS service events.
 *
 * @param scope the construct of the bucket, in which the parts are created
 * @returns the bucket's policy, for resources that must depend on it
 */
export function makePrivate(
  scope: Construct,
  bucket: S3Bucket,
  settings: PrivateBucketSettings,
): S3BucketPolicy {
  const bucketName = bucket.bucket;
  new S3BucketServerSideEncryptionConfigurationA(scope, "encryption", {
    bucket: bucketName,
    rule: [encryption(settings.kmsKeyArn)],
  });
  const versioning = new S3BucketVersioningA(scope, "versioning", {
    bucket: bucketName,
    versioningConfiguration: { status: "Enabled" },
  });
  new S3BucketLifecycleConfiguration(scope, "expiry", {
    bucket: bucketName,
    rule: [settings.lifecycleRule],
    dependsOn: [versioning],
  });
  const ownership = new S3BucketOwnershipControls(scope, "ownership", {
    bucket: bucketName,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  const privacy = new S3BucketPublicAccessBlock(scope, "public-access-block", {
    bucket: bucketName,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  const partition = new DataAwsPartition(scope, "partition");
  const bucketArn = `arn:${partition.partition}:s3:::${bucketName}`;
  const policy = new S3BucketPolicy(scope, "policy", {
    bucket: bucketName,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [tlsOnly(bucketArn), ...(settings.statements?.(bucketArn) ?? [])],
    }),
    // S3 refuses concurrent changes of one bucket with "conflicting conditional operation".
    dependsOn: [ownership, privacy],
  });
  new S3BucketNotification(scope, "events", { bucket: bucketName, eventbridge: true, dependsOn: [policy] });
  return policy;
}

function encryption(kmsKeyArn: string | undefined) {
  return kmsKeyArn
    ? {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      }
    : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
}

function tlsOnly(bucketArn: string) {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
