import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { Construct } from "constructs";

/** What differs from one private bucket to another. */
export interface PrivateBucketSettings {
  /** What becomes of old objects and versions. */
  readonly lifecycleRule: S3BucketLifecycleConfigurationRule;

  /**
   * ARN of the KMS key that encrypts it.
   *
   * @default SSE-S3, the key S3 manages
   */
  readonly kmsKeyArn?: string;

  /**
   * Further statements of the bucket's policy, which denies everything that does not come over TLS.
   *
   * @param bucketArn put together from the name, which a plan knows, not taken from the bucket, whose ARN it does
   *   not: so a reviewer can read the policy before it is applied
   * @default none
   */
  readonly statements?: (bucketArn: string) => readonly object[];
}

/**
 * Makes a bucket private, TLS only, encrypted and versioned.
 *
 * @param scope the construct that the bucket is about; the parts are named in it
 * @returns the bucket's policy, for what must not begin before it stands
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
  return new S3BucketPolicy(scope, "policy", {
    bucket: bucketName,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [tlsOnly(bucketArn), ...(settings.statements?.(bucketArn) ?? [])],
    }),
    // S3 answers "conflicting conditional operation" to changes made to one bucket at the same time.
    dependsOn: [ownership, privacy],
  });
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
