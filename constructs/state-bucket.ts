import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { requireWithin } from "./limits";

/** Days after which the pieces of an upload never finished are removed. */
const UNFINISHED_UPLOAD_DAYS = 7;

/** S3 takes any whole number of days that fits an Integer (S3 API reference, NoncurrentVersionExpiration). */
const MOST_DAYS = 2_147_483_647;

/** Props of {@link StateBucket}. */
export interface StateBucketProps {
  /**
   * Name of the bucket, free in the whole of AWS: 3 to 63 lower-case letters, digits and hyphens, with a letter
   * or digit at both ends. S3 would take dots too, but not over TLS with virtual-hosted addresses
   * (S3 user guide, "General purpose bucket naming rules").
   */
  readonly bucketName: string;
  /**
   * ARN of the KMS key to encrypt with. A bucket key then spares a call to KMS for every object.
   * @default none: encrypted with the key S3 manages (SSE-S3)
   */
  readonly kmsKeyArn?: string;
  /**
   * Days a state is kept after a newer one took its place, from 1.
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
   * Whether Terraform refuses any plan that would destroy the bucket. The bucket is the only memory of what
   * Terraform has built.
   * @default true
   */
  readonly preventDestroy?: boolean;
  /**
   * Tags of the bucket.
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * A bucket to keep Terraform state in: private, TLS only, encrypted, versioned, so that a state spoiled by a
 * failed apply can be fetched back.
 *
 * @example
 * new StateBucket(this, "state", { bucketName: "example-terraform-state" });
 */
export class StateBucket extends Construct {
  /** Name of the bucket, known to Terraform once the bucket stands. */
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
    requireBucketName(props.bucketName);
    requireWithin("noncurrentVersionDays", noncurrentVersionDays, 1, MOST_DAYS);
    requireWithin("noncurrentVersionsKept", noncurrentVersionsKept, 1, 100);

    this.bucket = new S3Bucket(this, "Resource", {
      bucket: props.bucketName,
      tags: props.tags,
      lifecycle: { preventDestroy },
    });
    this.bucketName = this.bucket.bucket;

    this.encrypt(props.kmsKeyArn);
    this.keepVersions(noncurrentVersionDays, noncurrentVersionsKept);
    this.keepPrivate();
  }

  private encrypt(kmsKeyArn: string | undefined): void {
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucketName,
      rule: [
        kmsKeyArn
          ? {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
              bucketKeyEnabled: true,
            }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ],
    });
  }

  private keepVersions(noncurrentDays: number, newerNoncurrentVersions: number): void {
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucketName,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "expiry", {
      bucket: this.bucketName,
      rule: [
        {
          id: "expire-replaced-states",
          status: "Enabled",
          filter: [{}],
          noncurrentVersionExpiration: [{ noncurrentDays, newerNoncurrentVersions }],
          // Each release of a lock deletes its object, which leaves a marker behind.
          expiration: [{ expiredObjectDeleteMarker: true }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
        },
      ],
      dependsOn: [versioning],
    });
  }

  private keepPrivate(): void {
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.bucketName,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const privacy = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: this.bucketName,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const partition = new DataAwsPartition(this, "partition");
    // From the name, which a plan knows, not from the bucket's ARN, which it does not: so a reviewer can read it.
    const bucketArn = `arn:${partition.partition}:s3:::${this.bucketName}`;
    new S3BucketPolicy(this, "policy", {
      bucket: this.bucketName,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [bucketArn, `${bucketArn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
      // S3 answers "conflicting conditional operation" to changes made to one bucket at the same time.
      dependsOn: [ownership, privacy],
    });
  }
}

function requireBucketName(name: string): void {
  if (!Token.isUnresolved(name) && !/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
    throw new Error(
      `bucketName "${name}" must be 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends`,
    );
  }
}
