import { BUCKET_NAME, LIFECYCLE_DAYS, NONCURRENT_VERSIONS_KEPT, type TextLimit } from "../../../aws/limits";
import { type Block, limited, none, type Service } from "../table";

const RULE_ID: TextLimit = { minLength: 1, maxLength: 255, source: "S3 API, LifecycleRule" };

/** A resource that configures a bucket: the request names the bucket beside the structure. */
const ofBucket = (structure: string, request: string): Block => ({
  request: structure,
  arguments: { bucket: `${request}:Bucket` },
});

/** What the resources of S3 become. Its model has words, but no lengths and ranges; these are from its reference. */
export const s3: Service = {
  service: "s3",
  blocks: {
    aws_s3_bucket: {
      request: "CreateBucketRequest",
      arguments: {
        bucket: limited("Bucket", BUCKET_NAME),
        force_destroy: none("Terraform"),
        tags: "PutBucketTaggingRequest:Tagging.TagSet{}",
      },
      provided: ["Bucket"],
    },
    aws_s3_bucket_lifecycle_configuration: {
      request: "BucketLifecycleConfiguration",
      arguments: {
        bucket: "PutBucketLifecycleConfigurationRequest:Bucket",
        "rule.abort_incomplete_multipart_upload.days_after_initiation": limited(
          "DaysAfterInitiation",
          LIFECYCLE_DAYS,
        ),
        "rule.expiration.days": limited("Days", LIFECYCLE_DAYS),
        "rule.id": limited("ID", RULE_ID),
        "rule.noncurrent_version_expiration.newer_noncurrent_versions": limited(
          "NewerNoncurrentVersions",
          NONCURRENT_VERSIONS_KEPT,
        ),
        "rule.noncurrent_version_expiration.noncurrent_days": limited("NoncurrentDays", LIFECYCLE_DAYS),
      },
    },
    aws_s3_bucket_logging: {
      request: "LoggingEnabled",
      arguments: { bucket: "PutBucketLoggingRequest:Bucket" },
    },
    aws_s3_bucket_notification: {
      request: "NotificationConfiguration",
      arguments: {
        bucket: "PutBucketNotificationConfigurationRequest:Bucket",
        eventbridge: "EventBridgeConfiguration",
      },
    },
    aws_s3_bucket_ownership_controls: ofBucket("OwnershipControls", "PutBucketOwnershipControlsRequest"),
    aws_s3_bucket_policy: { request: "PutBucketPolicyRequest" },
    aws_s3_bucket_public_access_block: ofBucket(
      "PublicAccessBlockConfiguration",
      "PutPublicAccessBlockRequest",
    ),
    aws_s3_bucket_server_side_encryption_configuration: ofBucket(
      "ServerSideEncryptionConfiguration",
      "PutBucketEncryptionRequest",
    ),
    aws_s3_bucket_versioning: {
      request: "PutBucketVersioningRequest",
    },
  },
};
