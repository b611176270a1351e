import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { KEY_DELETION_WINDOW } from "../../aws/limits";

/** Props of {@link StateKey}. */
export interface StateKeyProps {
  /** What it encrypts, as the description of the key. */
  readonly description: string;
  /**
   * Whether Terraform refuses any plan that would destroy the key. Without it nobody can read what it encrypted.
   * @default true
   */
  readonly preventDestroy?: boolean;
  /**
   * Tags of the key.
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * A KMS key that the account's IAM policies give out. KMS renews it each year, and keeps it for 30 days after somebody
 * deletes it.
 *
 * @example
 * new StateKey(this, "key", { description: "Encrypts the states of chat." });
 */
export class StateKey extends Construct {
  /** ARN of the key. */
  public readonly keyArn: string;

  constructor(scope: Construct, id: string, props: StateKeyProps) {
    super(scope, id);
    const { preventDestroy = true } = props;
    const account = new DataAwsCallerIdentity(this, "account").accountId;
    const partition = new DataAwsPartition(this, "partition").partition;
    const key = new KmsKey(this, "Resource", {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_WINDOW.max,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AccountDecidesByIam",
            Effect: "Allow",
            Principal: { AWS: `arn:${partition}:iam::${account}:root` },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      }),
      tags: props.tags,
      lifecycle: { preventDestroy },
    });
    this.keyArn = key.arn;
  }
}
