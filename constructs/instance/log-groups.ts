import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import { LOG_GROUP_NAME } from "../../aws/limits";
import { requireArn, requireText } from "../require-within";

/** Props of {@link LogGroups}. */
export interface LogGroupsProps {
  /** Names of the groups, unique in the account and region, each by a key of `[a-z0-9-]` for what it holds. */
  readonly names: { readonly [what: string]: string };

  /**
   * Days an event is kept: one of the numbers CloudWatch Logs accepts (CloudWatch Logs API, PutRetentionPolicy).
   * Terraform checks it.
   */
  readonly retentionDays: number;

  /**
   * ARN of the KMS key that encrypts the events. Its policy must allow CloudWatch Logs to use it (CloudWatch Logs user
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
 * Log groups with a retention time. Terraform creates them before their writers, which then need no permission to
 * create groups. A group that a writer creates would keep its events for ever.
 *
 * @example
 * const logs = new LogGroups(this, "logs", {
 *   names: { boot: "/chat/llama-3/main/boot", server: "/chat/llama-3/main/server" },
 *   retentionDays: 30,
 * });
 */
export class LogGroups extends Construct {
  /** The groups, by the same keys. */
  public readonly groups: { readonly [what: string]: CloudwatchLogGroup };

  /** @throws Error when CloudWatch Logs would refuse a name or the key */
  constructor(scope: Construct, id: string, props: LogGroupsProps) {
    super(scope, id);
    requireArn("kmsKeyArn", props.kmsKeyArn, ARN_FORMS.keyOrAlias);
    for (const [what, name] of Object.entries(props.names)) {
      requireText(`names.${what}`, name, LOG_GROUP_NAME);
    }
    const keys = Object.keys(props.names).sort();
    this.groups = Object.fromEntries(
      keys.map((key) => [
        key,
        new CloudwatchLogGroup(this, key, {
          name: props.names[key],
          retentionInDays: props.retentionDays,
          kmsKeyId: props.kmsKeyArn,
          tags: props.tags,
        }),
      ]),
    );
  }
}
