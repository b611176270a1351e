import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import { BUCKET_NAME, LIFECYCLE_DAYS, NONCURRENT_VERSIONS_KEPT } from "../../aws/limits";
import { requireArn, requireWithin } from "../require-within";
import { AccessLogBucket } from "./access-log-bucket";
import { AccountKey } from "./account-key";
import { requireBucketName } from "./bucket-name";
import { makePrivate } from "./private-bucket";

/** Days until the parts of an unfinished upload are removed. */
const UNFINISHED_UPLOAD_DAYS = 7;

/** Without dots: TLS does not work with virtual-hosted addresses that hold dots. */
const NAME = {
  ...BUCKET_NAME,
  pattern: /^[a-z0-9][a-z0-9-]+[a-z0-9]$/,
  characters: "lower-case letters, digits and hyphens, with a letter or digit at both ends",
} as const;

/** Props of {@link StateBucket}. */
export interface StateBucketProps {
  /**
   * Name of the bucket, unique in all of AWS: 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at
   * both ends. S3 allows dots too, but TLS does not work with virtual-hosted addresses that hold them (S3 user guide,
   * "General purpose bucket naming rules").
   */
  readonly bucketName: string;
  /**
   * ARN of the KMS key to encrypt with. A bucket key saves a call to KMS for every object.
   * @default one is made
   */
  readonly kmsKeyArn?: string;
  /**
   * Days a state is kept after a newer one replaced it, from 1.
   * @default 90
   */
  readonly noncurrentVersionDays?: number;
  /**
   * How many of the newest replaced states are kept whatever their age, 1–100
   * (S3 API reference, NoncurrentVersionExpiration).
   * @default 10
   */
  readonly noncurrentVersionsKept?: number;
  /**
   * Whether Terraform refuses any plan that would destroy the bucket, its key or its logs. The bucket holds the only
   * record of what Terraform has created, and without the key nobody can read it.
   * @default true
   */
  readonly preventDestroy?: boolean;
  /**
   * Tags of the bucket, its key and the bucket of its logs.
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * A bucket for Terraform state: private, TLS only, encrypted with a KMS key, and versioned, so that a state damaged by a
 * failed apply can be restored. Requests to it are logged, in a bucket of their own.
 *
 * @example
 * new StateBucket(this, "state", { bucketName: "example-terraform-state" });
 */
export class StateBucket extends Construct {
  /** Name of the bucket, as a reference: what uses it is created after the bucket. */
  public readonly bucketName: string;
  /** The bucket. */
  public readonly bucket: S3Bucket;

  /**
   * @throws Error when S3 would refuse the name
   * @throws RangeError when `noncurrentVersionDays` or `noncurrentVersionsKept` is out of range
   */
  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const { noncurrentVersionDays = 90, noncurrentVersionsKept = 10, preventDestroy = true } = props;
    requireBucketName("bucketName", props.bucketName, NAME);
    requireArn("kmsKeyArn", props.kmsKeyArn, ARN_FORMS.keyOrAlias);
    requireWithin("noncurrentVersionDays", noncurrentVersionDays, LIFECYCLE_DAYS);
    requireWithin("noncurrentVersionsKept", noncurrentVersionsKept, NONCURRENT_VERSIONS_KEPT);

    this.bucket = new S3Bucket(this, "Resource", {
      bucket: props.bucketName,
      tags: props.tags,
      lifecycle: { preventDestroy },
    });
    this.bucketName = this.bucket.bucket;

    const kmsKeyArn =
      props.kmsKeyArn ??
      new AccountKey(this, "key", {
        description: `Encrypts the Terraform states in the S3 bucket ${props.bucketName}.`,
        preventDestroy,
        tags: props.tags,
      }).keyArn;
    makePrivate(this, this.bucket, {
      kmsKeyArn,
      lifecycleRule: {
        id: "expire-replaced-states",
        status: "Enabled",
        filter: [{}],
        noncurrentVersionExpiration: [
          { noncurrentDays: noncurrentVersionDays, newerNoncurrentVersions: noncurrentVersionsKept },
        ],
        // Each release of a lock deletes its object and leaves a delete marker.
        expiration: [{ expiredObjectDeleteMarker: true }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
      },
    });
    new AccessLogBucket(this, "logs", {
      of: this.bucket,
      ofName: props.bucketName,
      preventDestroy,
      tags: props.tags,
    });
  }
}
