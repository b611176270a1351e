import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { KEY_DELETION_WINDOW } from "../../aws/limits";

/** Where a key is, for the statements of its policy. */
export interface KeyAccount {
  readonly accountId: string;
  readonly partition: string;
  /** What the names of services end in: `amazonaws.com`. */
  readonly dnsSuffix: string;
}

/** Props of {@link AccountKey}. */
export interface AccountKeyProps {
  /** What it encrypts, as the description of the key. */
  readonly description: string;
  /**
   * Whether Terraform refuses any plan that would destroy the key. Without it nobody can read what it encrypted.
   * @default true
   */
  readonly preventDestroy?: boolean;
  /**
   * More statements of its policy, for services that use it.
   * @default none
   */
  readonly statements?: (account: KeyAccount) => readonly object[];
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
 * new AccountKey(this, "key", { description: "Encrypts the states of chat." });
 */
export class AccountKey extends Construct {
  /** ARN of the key. */
  public readonly keyArn: string;

  constructor(scope: Construct, id: string, props: AccountKeyProps) {
    super(scope, id);
    const { preventDestroy = true, statements } = props;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { partition, dnsSuffix } = new DataAwsPartition(this, "partition");
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
            Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
            Action: "kms:*",
            Resource: "*",
          },
          ...(statements?.({ accountId, partition, dnsSuffix }) ?? []),
        ],
      }),
      tags: props.tags,
      lifecycle: { preventDestroy },
    });
    this.keyArn = key.arn;
  }
}
