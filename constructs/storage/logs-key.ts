import { Construct } from "constructs";
import { AccountKey } from "./account-key";

/** Props of {@link LogsKey}. */
export interface LogsKeyProps {
  /** What it encrypts, as the description of the key. */
  readonly description: string;
  /** Region of the log groups, and of the key. */
  readonly region: string;
  /**
   * Tags of the key.
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * A KMS key for log groups of the account in a region, which CloudWatch Logs may use for them and for nothing else. When it
 * is destroyed, logs that it encrypted can be read for another 30 days.
 *
 * Source: CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service".
 *
 * @example
 * new LogsKey(this, "logs", { description: "Encrypts the logs of chat.", region: "us-east-1" });
 */
export class LogsKey extends Construct {
  /** ARN of the key. */
  public readonly keyArn: string;

  constructor(scope: Construct, id: string, { description, region, tags }: LogsKeyProps) {
    super(scope, id);
    const key = new AccountKey(this, "key", {
      description,
      preventDestroy: false,
      tags,
      statements: ({ accountId, partition, dnsSuffix }) => [
        {
          Sid: "CloudWatchLogsUsesTheKey",
          Effect: "Allow",
          Principal: { Service: `logs.${region}.${dnsSuffix}` },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
          Resource: "*",
          Condition: {
            // AWS's page compares by ArnLike. The key is a text to IAM, which this compares to the same end.
            StringLike: {
              "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:log-group:*`,
            },
          },
        },
      ],
    });
    this.keyArn = key.keyArn;
  }
}
