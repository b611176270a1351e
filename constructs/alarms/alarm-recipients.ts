import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { ALARM_ACTIONS } from "../../aws/limits";
import { requireWithin } from "../require-within";
import { AlarmTopic } from "./alarm-topic";

/** Whom alarms tell, as all constructs of alarms are told it. */
export interface AlarmRecipientsProps {
  /**
   * What the names of the alarms and of the topic begin with, unique in the account and region: letters, digits,
   * hyphens, underscores and dots. In the topic's a dot becomes an underscore, as topics have none; a hyphen would not
   * part: "chat.global-endpoint" and "chat-global-endpoint" would share a topic.
   */
  readonly namePrefix: string;

  /**
   * An address that is told by email, through an SNS topic made for it.
   *
   * @default none, and no such topic
   */
  readonly email?: string;

  /**
   * ARNs of SNS topics of the alarms' region that are told too, at most 5 together with that of the email. Their
   * policies, and those of their keys, must let CloudWatch publish.
   *
   * @default none
   */
  readonly topicArns?: readonly string[];

  /**
   * Tags of the alarms, the topic and its key.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };

  /**
   * Provider of the region in which the alarms are, where it is not the stack's.
   *
   * @default the stack's
   */
  readonly provider?: TerraformProvider;
}

/** Topics that alarms tell when they go off, and when all is well again. */
export interface AlarmRecipients {
  /** ARNs of the topics: that of the email, then the others. */
  readonly topicArns: readonly string[];

  /** The part of an alarm by which it tells them; empty, when there is nobody to tell. */
  readonly actions: { readonly alarmActions?: string[]; readonly okActions?: string[] };
}

/**
 * Makes the topic of the email, if there is one, as `topic` within the scope.
 *
 * @throws RangeError when there are over 5 topics
 */
export function alarmRecipients(scope: Construct, props: AlarmRecipientsProps): AlarmRecipients {
  const topicArns = [...ownTopicArns(scope, props), ...[...new Set(props.topicArns)].sort()];
  requireWithin("number of topics, with that of the email,", topicArns.length, {
    min: 0,
    ...ALARM_ACTIONS,
  });
  return {
    topicArns,
    actions: topicArns.length > 0 ? { alarmActions: [...topicArns], okActions: [...topicArns] } : {},
  };
}

function ownTopicArns(
  scope: Construct,
  { namePrefix, email, tags, provider }: AlarmRecipientsProps,
): readonly string[] {
  if (email === undefined) {
    return [];
  }
  const name = `${namePrefix.replaceAll(".", "_")}-alarms`;
  return [new AlarmTopic(scope, "topic", { name, email, tags, provider }).topicArn];
}
