import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";

/** Props of {@link LogGroups}. */
export interface LogGroupsProps {
  /** Names of the groups, unique in the account and region, by a word of `[a-z0-9-]` for what is in each. */
  readonly names: { readonly [what: string]: string };

  /**
   * Days an event is kept: one of the numbers CloudWatch Logs knows (CloudWatch Logs API, PutRetentionPolicy),
   * which Terraform checks.
   */
  readonly retentionDays: number;

  /**
   * ARN of the KMS key that encrypts the events. Its policy must let CloudWatch Logs use it (CloudWatch Logs user
   * guide, "Encrypt log data in CloudWatch Logs using AWS KMS").
   *
   * @default a key that CloudWatch Logs manages
   */
  readonly kmsKeyArn?: string;

  /**
   * Tags of the groups.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * Log groups that forget in time. Made before who writes to them, who then needs no right to make any; a group that
 * a writer makes keeps its events for ever.
 *
 * @example
 * const logs = new LogGroups(this, "logs", {
 *   names: { boot: "/chat/llama-3/main/boot", server: "/chat/llama-3/main/server" },
 *   retentionDays: 30,
 * });
 */
export class LogGroups extends Construct {
  /** The groups, by the same words. */
  public readonly groups: { readonly [what: string]: CloudwatchLogGroup };

  constructor(scope: Construct, id: string, props: LogGroupsProps) {
    super(scope, id);
    const words = Object.keys(props.names).sort();
    this.groups = Object.fromEntries(
      words.map((word) => [
        word,
        new CloudwatchLogGroup(this, word, {
          name: props.names[word],
          retentionInDays: props.retentionDays,
          kmsKeyId: props.kmsKeyArn,
          tags: props.tags,
        }),
      ]),
    );
  }
}
