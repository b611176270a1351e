import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { BUCKET_NAME } from "../../aws/limits";
import { prefixOf } from "../name-prefix";
import { makePrivate } from "./private-bucket";

/** Days a log is kept: a year, as an audit asks for. */
const RETENTION_DAYS = 365;

/** Days until deleted or overwritten logs, and the parts of unfinished uploads, are removed. */
const CLEAN_UP_DAYS = 7;

const ENDING = "-logs-";

/** The folder of the logs in the bucket. */
const PREFIX = "access/";

/** Props of {@link AccessLogBucket}. */
export interface AccessLogBucketProps {
  /** The bucket whose requests are logged. */
  readonly of: S3Bucket;
  /** Its name, by which this one is named: at most 31 characters of it, `-logs-` and a unique ending. */
  readonly ofName: string;
  /**
   * Whether Terraform refuses any plan that would destroy the bucket. Otherwise destroying it also destroys the logs.
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
 * A bucket for the requests to another bucket, of the same account and region: private, TLS only, versioned. Each log is
 * kept for a year. It is encrypted with SSE-S3, as S3 delivers no logs to a bucket with a KMS key.
 *
 * Source: S3 user guide, "Logging requests with server access logging" and "Enabling Amazon S3 server access logging".
 *
 * @example
 * new AccessLogBucket(this, "logs", { of: bucket, ofName: "example-terraform-state" });
 */
export class AccessLogBucket extends Construct {
  /** The bucket. */
  public readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    const { of, ofName, preventDestroy = true } = props;
    this.bucket = new S3Bucket(this, "Resource", {
      bucketPrefix: bucketPrefix(ofName),
      forceDestroy: !preventDestroy,
      tags: props.tags,
      lifecycle: { preventDestroy },
    });
    const account = new DataAwsCallerIdentity(this, "account").accountId;
    const policy = makePrivate(this, this.bucket, {
      lifecycleRule: {
        id: "expire",
        status: "Enabled",
        filter: [{}],
        expiration: [{ days: RETENTION_DAYS }],
        noncurrentVersionExpiration: [{ noncurrentDays: CLEAN_UP_DAYS }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: CLEAN_UP_DAYS }],
      },
      statements: (bucketArn) => [
        {
          Sid: "S3LogDelivery",
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `${bucketArn}/${PREFIX}*`,
          Condition: {
            ArnLike: { "aws:SourceArn": of.arn },
            StringEquals: { "aws:SourceAccount": account },
          },
        },
      ],
    });
    new S3BucketLoggingA(this, "logging", {
      bucket: of.bucket,
      targetBucket: this.bucket.bucket,
      targetPrefix: PREFIX,
      dependsOn: [policy],
    });
  }
}

/** A prefix to which Terraform adds a unique ending. A name that is known only later is no part of it. */
function bucketPrefix(name: string): string {
  const { maxLength } = prefixOf(BUCKET_NAME, ENDING.length);
  return Token.isUnresolved(name) ? ENDING.slice(1) : `${name.slice(0, maxLength)}${ENDING}`;
}
