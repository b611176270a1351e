import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import type { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { Construct } from "constructs";
import { BUCKET_NAME, LIFECYCLE_DAYS, LOG_FOLDER } from "../../aws/limits";
import { prefixOf } from "../name-prefix";
import { requireText, requireWithin } from "../require-within";
import { requireBucketName } from "./bucket-name";
import { requireLogPrefix } from "./log-destination";
import { makePrivate } from "./private-bucket";

/** Its end may be a hyphen or a dot: Terraform adds a unique ending. */
const BUCKET_PREFIX = {
  ...prefixOf(BUCKET_NAME),
  minLength: 1,
  pattern: /^[a-z0-9][a-z0-9.-]*$/,
  characters: "lower-case letters, digits, dots and hyphens, with a letter or digit at the beginning",
} as const;

/** Days until deleted or overwritten logs, and the parts of unfinished uploads, are removed. */
const CLEAN_UP_DAYS = 7;

/**
 * The name of the bucket. Bucket names are global. So give either a prefix (at most 37 characters), to which Terraform
 * adds a unique ending, or a whole name that is free.
 */
export type LogBucketNaming =
  | { readonly bucketPrefix: string; readonly bucketName?: never }
  | { readonly bucketName: string; readonly bucketPrefix?: never };

/** Settings of a {@link LogBucket} besides its name. */
export interface LogBucketSettings {
  /**
   * Folders that the load balancer may write to: those of its access, connection and health-check logs.
   *
   * @default the root of the bucket
   */
  readonly prefixes?: readonly string[];

  /**
   * Days a log is kept, from 1. The bucket is versioned, so the data is removed 7 days after that.
   *
   * @default 90
   */
  readonly retentionDays?: number;

  /**
   * Whether destroying the bucket also destroys the logs in it.
   *
   * @default false
   */
  readonly forceDestroy?: boolean;

  /**
   * Tags of the bucket.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/** Props of {@link LogBucket}. */
export type LogBucketProps = LogBucketSettings & LogBucketNaming;

/** Every resource of a {@link LogBucket}: its Terraform type, and the id of its construct in the bucket's, if it has one. */
export const LOG_BUCKET_RESOURCES: Readonly<Record<string, string>> = {
  aws_s3_bucket: "",
  aws_s3_bucket_lifecycle_configuration: "expiry",
  aws_s3_bucket_notification: "events",
  aws_s3_bucket_ownership_controls: "ownership",
  aws_s3_bucket_policy: "policy",
  aws_s3_bucket_public_access_block: "public-access-block",
  aws_s3_bucket_server_side_encryption_configuration: "encryption",
  aws_s3_bucket_versioning: "versioning",
};

/**
 * A bucket for the logs of an Application Load Balancer: private, TLS only, versioned, with a retention time. It is
 * encrypted with SSE-S3, because log delivery to a bucket with a KMS key fails.
 *
 * It must be in the region of the load balancer. The load balancer must not enable its logs before
 * {@link LogBucket.policy} exists: pass that as its `dependsOn`.
 *
 * Source: ELB user guide, "Enable access logs for your Application Load Balancer".
 *
 * @example
 * const logs = new LogBucket(this, "logs", { bucketPrefix: "chat-logs-", prefixes: ["access"] });
 * new ApplicationLoadBalancer(this, "alb", {
 *   accessLogs: { bucket: logs.bucketName, prefix: "access" },
 *   dependsOn: [logs.policy],
 *   …
 * });
 */
export class LogBucket extends Construct {
  /** Name of the bucket. */
  public readonly bucketName: string;
  /** The bucket. */
  public readonly bucket: S3Bucket;
  /** The policy that allows the load balancer to write. Let the load balancer depend on it. */
  public readonly policy: S3BucketPolicy;

  /**
   * @throws Error when the load balancer cannot deliver to a prefix
   * @throws RangeError when `retentionDays` is not a whole number from 1
   */
  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    const { retentionDays = 90, forceDestroy = false } = props;
    requireWithin("retentionDays", retentionDays, LIFECYCLE_DAYS);
    props.prefixes?.forEach(requireLogPrefix);
    if (props.bucketName !== undefined) {
      requireBucketName("bucketName", props.bucketName);
    }
    if (props.bucketPrefix !== undefined) {
      requireText("bucketPrefix", props.bucketPrefix, BUCKET_PREFIX);
    }

    this.bucket = new S3Bucket(this, "Resource", {
      bucket: props.bucketName,
      bucketPrefix: props.bucketPrefix,
      forceDestroy,
      tags: props.tags,
      lifecycle: { createBeforeDestroy: true },
    });
    this.bucketName = this.bucket.bucket;

    this.policy = makePrivate(this, this.bucket, {
      lifecycleRule: {
        id: "expire",
        status: "Enabled",
        filter: [{}],
        expiration: [{ days: retentionDays }],
        noncurrentVersionExpiration: [{ noncurrentDays: CLEAN_UP_DAYS }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: CLEAN_UP_DAYS }],
      },
      statements: (bucketArn) => [this.logDelivery(bucketArn, props.prefixes ?? [])],
    });
  }

  private logDelivery(bucketArn: string, prefixes: readonly string[]): object {
    const account = new DataAwsCallerIdentity(this, "account");
    const folders = prefixes.length > 0 ? [...new Set(prefixes)].sort().map((prefix) => `${prefix}/`) : [""];
    return {
      Sid: "LoadBalancerLogDelivery",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: folders.map((folder) => `${bucketArn}/${folder}${LOG_FOLDER.name}/${account.accountId}/*`),
    };
  }
}
