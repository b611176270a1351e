import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import { ALARM_ACTIONS } from "../../aws/limits";
import { requireArns, requireWithin } from "../require-within";
import { AlarmTopic } from "./alarm-topic";

/** Whom alarms notify: the props that all constructs of alarms share. */
export interface AlarmRecipientsProps {
  /**
   * The prefix of the names of the alarms and of the topic, unique in the account and region: letters, digits,
   * hyphens, underscores and dots. The name of a topic cannot hold dots, so they become underscores there. (With
   * hyphens, "chat.global-endpoint" and "chat-global-endpoint" would share a topic.)
   */
  readonly namePrefix: string;

  /**
   * An email address to notify. An SNS topic is created for it.
   *
   * @default none, and no such topic
   */
  readonly email?: string;

  /**
   * ARNs of more SNS topics to notify, in the region of the alarms; at most 5 together with the topic of the email. The
   * policies of the topics and of their keys must allow CloudWatch to publish.
   *
   * @default none
   */
  readonly topicArns?: readonly string[];

  /**
   * Whether the topics are notified of failed launches too, by EventBridge.
   *
   * @default false
   */
  readonly launchFailures?: boolean;

  /**
   * Whether Auto Scaling may encrypt what it sends to the topic of the email, as a notification of a group does.
   *
   * @default false
   */
  readonly scalingActivities?: boolean;

  /**
   * Tags of the alarms, the topic and its key.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };

  /**
   * Provider of the region of the alarms.
   *
   * @default the stack's
   */
  readonly provider?: TerraformProvider;
}

/** Topics that alarms notify, both when they go off and when they return to OK. */
export interface AlarmRecipients {
  /** ARNs of the topics: the topic of the email, then the others. */
  readonly topicArns: readonly string[];

  /** The actions of an alarm, to spread into its config; empty when there are no topics. */
  readonly actions: { readonly alarmActions?: string[]; readonly okActions?: string[] };
}

/**
 * Creates the topic of the email, if there is an email, as `topic` within the scope.
 *
 * @throws RangeError when there are over 5 topics
 */
export function alarmRecipients(scope: Construct, props: AlarmRecipientsProps): AlarmRecipients {
  requireArns("topicArns", props.topicArns, ARN_FORMS.topic);
  const topicArns = [...ownTopicArns(scope, props), ...[...new Set(props.topicArns)].sort()];
  requireWithin("number of topics, including the topic of the email,", topicArns.length, {
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
  { namePrefix, email, launchFailures, scalingActivities, tags, provider }: AlarmRecipientsProps,
): readonly string[] {
  if (email === undefined) {
    return [];
  }
  const name = `${namePrefix.replaceAll(".", "_")}-alarms`;
  const from = { fromEventBridge: launchFailures, fromAutoScaling: scalingActivities };
  return [new AlarmTopic(scope, "topic", { name, email, ...from, tags, provider }).topicArn];
}
