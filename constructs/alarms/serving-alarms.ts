import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { anyRejected, MOST_FAILED, tooManyFailed } from "./alarm-conditions";
import { type AlarmRecipients, alarmRecipients } from "./alarm-recipients";
import { capacityBlockNotice } from "./capacity-block-notice";
import { groupAlarms, type ServedGroup } from "./group-alarms";
import { launchFailureRule } from "./launch-failure-rule";

export type { ServedGroup };

/** Props of {@link ServingAlarms}. */
export interface ServingAlarmsProps {
  /**
   * The prefix of the names of the alarms and of the topic: letters, digits, hyphens and underscores. It must be unique
   * in the account and region: CloudWatch overwrites an alarm that has the same name.
   */
  readonly namePrefix: string;

  /**
   * An email address to notify. An SNS topic is created for it.
   *
   * @default none, and no such topic
   */
  readonly email?: string;

  /**
   * ARNs of more SNS topics to notify, in this region; at most 5 together with the topic of the email. The policies of
   * the topics and of their keys must allow CloudWatch and EventBridge to publish, the latter without a condition.
   *
   * @default none
   */
  readonly topicArns?: readonly string[];

  /**
   * Whether Auto Scaling may encrypt what it sends to the topic of the email, for notifications of the groups.
   *
   * @default false
   */
  readonly scalingActivities?: boolean;

  /** The load balancer, by the end of its ARN: `app/<name>/<id>`. */
  readonly loadBalancer: { readonly arnSuffix: string };

  /** The groups of instances behind the load balancer. */
  readonly groups: readonly ServedGroup[];

  /**
   * Tags of the alarms, the topic and its key.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * Notifies people when a region serves badly, and when it serves well again.
 *
 * | alarm | when |
 * |---|---|
 * | `<prefix>.<group>.too-few-healthy` | for 3 minutes a load balancer node saw fewer healthy instances than wanted |
 * | `<prefix>.<group>.instance-errors` | in 3 of 5 minutes instances answered over 5 % of the group's requests with 5xx |
 * | `<prefix>.<group>.below-min` | for longer than a launch may take, fewer instances were in service than the minimum |
 * | `<prefix>.<group>.at-max` | for longer than a launch may take, a group that follows its load was at its maximum |
 * | `<prefix>.<group>.disk-nearly-full` | for 15 minutes a disk of an instance was over 90 % full |
 * | `<prefix>.<group>.instance-unhealthy` | for 15 minutes an instance was unhealthy |
 * | `<prefix>.<group>.connection-errors` | in 3 of 5 minutes the load balancer could not connect to an instance |
 * | `<prefix>.<group>.slow-answers` | in 3 of 5 minutes 1 % of the requests waited longer than `longestSilence` |
 * | `<prefix>.load-balancer-errors` | in 3 of 5 minutes the load balancer itself failed over 5 % of all requests |
 * | `<prefix>.rejected-connections` | the load balancer rejected connections |
 *
 * Beside the alarms, an EventBridge rule for each group sends every launch that failed to the topics, with AWS's reason, and
 * another one tells them before a Capacity Block ends.
 *
 * Without anybody to notify, the alarms still show in the console and can end an instance refresh. A new group is in
 * alarm until its first instances are ready. gRPC errors do not count: their responses have status 200.
 *
 * Source: ELB user guide, "CloudWatch metrics for your Application Load Balancer".
 *
 * @example
 * new ServingAlarms(this, "alarms", {
 *   namePrefix: "chat",
 *   email: "on-call@example.com",
 *   loadBalancer: alb,
 *   groups: [
 *     {
 *       id: "llama-3-8b-main",
 *       targetGroupArnSuffix: targetGroup.arnSuffix,
 *       autoScalingGroupName: group.autoScalingGroupName,
 *       leastHealthy: 2,
 *     },
 *   ],
 * });
 */
export class ServingAlarms extends Construct {
  /** ARNs of all topics that are notified. */
  public readonly topicArns: readonly string[];
  /** The alarms: those of the load balancer, then those of each group. */
  public readonly alarms: readonly CloudwatchMetricAlarm[];
  readonly #stopRefresh: ReadonlyMap<string, readonly string[]>;
  readonly #actions: AlarmRecipients["actions"];
  readonly #tags: ServingAlarmsProps["tags"];

  /**
   * @throws RangeError when a `leastHealthy` is not a whole number from 0 to 1000, a size is no whole number from 0, or
   *   there are over 5 topics
   * @throws Error when two groups have the same id
   */
  constructor(scope: Construct, id: string, props: ServingAlarmsProps) {
    super(scope, id);
    this.#tags = props.tags;
    const { topicArns, actions } = alarmRecipients(this, { ...props, launchFailures: true });
    this.topicArns = topicArns;
    this.#actions = actions;
    const ofLoadBalancer = this.loadBalancerAlarms(props);
    const within = new Construct(this, "group");
    const ofGroups = props.groups.map((group) => {
      const ofGroup = new Construct(within, group.id);
      if (topicArns.length > 0) {
        launchFailureRule(ofGroup, group, props, topicArns);
        if (group.capacityBlock !== undefined) {
          const namePrefix = `${props.namePrefix}.${group.id}`;
          capacityBlockNotice(ofGroup, group.capacityBlock, { ...props, namePrefix }, topicArns);
        }
      }
      return { id: group.id, ...this.groupAlarms(ofGroup, group, props) };
    });
    this.alarms = [...ofLoadBalancer, ...ofGroups.flatMap(({ all }) => all)];
    this.#stopRefresh = new Map(ofGroups.map(({ id: group, stopRefresh }) => [group, stopRefresh]));
  }

  /**
   * Names of the alarms of a group that stop its instance refreshes, as references: the group is created, and changed,
   * after them.
   */
  public stopRefresh(groupId: string): readonly string[] {
    return this.#stopRefresh.get(groupId) ?? [];
  }

  private groupAlarms(
    scope: Construct,
    group: ServedGroup,
    { namePrefix, loadBalancer }: ServingAlarmsProps,
  ) {
    return groupAlarms(scope, group, loadBalancer, (within, id, { name, description, condition }) =>
      this.alarm(within, id, {
        alarmName: `${namePrefix}.${name}`,
        alarmDescription: description,
        ...condition,
      }),
    );
  }

  private loadBalancerAlarms(props: ServingAlarmsProps): readonly CloudwatchMetricAlarm[] {
    const { namePrefix, loadBalancer } = props;
    const dimensions = { LoadBalancer: loadBalancer.arnSuffix };
    const scope = new Construct(this, "load-balancer");
    return [
      this.alarm(scope, "errors", {
        alarmName: `${namePrefix}.load-balancer-errors`,
        alarmDescription: `The load balancer itself failed more than ${MOST_FAILED} % of the requests: look first at which of its metrics rises: HTTPCode_ELB_502_Count (an instance closed the connection), HTTPCode_ELB_503_Count (there was no instance to send to) or HTTPCode_ELB_504_Count (an instance did not answer in time).`,
        ...tooManyFailed("HTTPCode_ELB_5XX_Count", dimensions),
      }),
      this.alarm(scope, "rejected-connections", {
        alarmName: `${namePrefix}.rejected-connections`,
        alarmDescription:
          "The load balancer has as many connections as it can hold and rejected others: look first at ActiveConnectionCount for a flood of clients. If the load is legitimate, reserve capacity.",
        ...anyRejected(dimensions),
      }),
    ];
  }

  private alarm(scope: Construct, id: string, config: CloudwatchMetricAlarmConfig): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(scope, id, {
      ...config,
      ...this.#actions,
      tags: this.#tags,
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
