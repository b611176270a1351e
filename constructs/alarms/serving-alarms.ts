import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { HEALTHY_TARGETS_COUNT, LOAD_BALANCER_METRICS } from "../../aws/limits";
import { requireWithin } from "../require-within";
import { type AlarmRecipients, alarmRecipients } from "./alarm-recipients";

const NAMESPACE = "AWS/ApplicationELB";

const { periodSeconds: PERIOD } = LOAD_BALANCER_METRICS;

/**
 * Per cent of the requests that may fail. Our choice: with fewer than 20 instances that share the requests equally, the
 * alarm notices one instance that fails all of its requests, and ignores a request that fails now and then.
 */
const MOST_FAILED = 5;

/** Per cent of a disk that may be used. Our choice: weights and images fill less, and there is still time to act. */
const FULLEST_DISK = 90;

/** The instances behind one target group. */
export interface ServedGroup {
  /** A name of `[a-z0-9-]` for what they serve, e.g. `llama-3-8b-canary`; part of addresses and alarm names. */
  readonly id: string;

  /** The end of the target group's ARN: `targetgroup/<name>/<id>`. */
  readonly targetGroupArnSuffix: string;

  /** The Auto Scaling group of the instances, for the descriptions of the alarms. */
  readonly autoScalingGroupName: string;

  /** Fewest instances that must be healthy, 0 to 1000. With 0 there is no alarm for them. */
  readonly leastHealthy: number;

  /**
   * CloudWatch namespace in which the instances publish the use of their disks, as the CloudWatch agent does: the
   * metric `disk_used_percent` with the dimension `AutoScalingGroupName`.
   *
   * @default none, and no alarm for full disks
   */
  readonly metricsNamespace?: string;
}

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
   * the topics and of their keys must allow CloudWatch to publish.
   *
   * @default none
   */
  readonly topicArns?: readonly string[];

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
 * | `<prefix>.<group>.disk-nearly-full` | for 15 minutes a disk of an instance was over 90 % full |
 * | `<prefix>.load-balancer-errors` | in 3 of 5 minutes the load balancer itself failed over 5 % of all requests |
 * | `<prefix>.rejected-connections` | the load balancer rejected connections |
 *
 * Without anybody to notify, the alarms still show in the console and can end an instance refresh. A new group is in
 * alarm until its first instances are ready. gRPC errors do not count: their responses have status 200. There is no
 * alarm for latency, because no number is right for every model.
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
  readonly #actions: AlarmRecipients["actions"];
  readonly #tags: ServingAlarmsProps["tags"];

  /**
   * @throws RangeError when a `leastHealthy` is not a whole number from 0 to 1000, or there are over 5 topics
   * @throws Error when two groups have the same id
   */
  constructor(scope: Construct, id: string, props: ServingAlarmsProps) {
    super(scope, id);
    this.#tags = props.tags;
    const { topicArns, actions } = alarmRecipients(this, props);
    this.topicArns = topicArns;
    this.#actions = actions;
    this.alarms = [...this.loadBalancerAlarms(props), ...this.groupsAlarms(props)];
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

  private groupsAlarms(props: ServingAlarmsProps): readonly CloudwatchMetricAlarm[] {
    const scope = new Construct(this, "group");
    return props.groups.flatMap((group) => this.groupAlarms(new Construct(scope, group.id), group, props));
  }

  private groupAlarms(
    scope: Construct,
    group: ServedGroup,
    { namePrefix, loadBalancer }: ServingAlarmsProps,
  ): readonly CloudwatchMetricAlarm[] {
    const { id, leastHealthy, autoScalingGroupName } = group;
    requireWithin(`leastHealthy of ${id}`, leastHealthy, { ...HEALTHY_TARGETS_COUNT, min: 0 });
    const dimensions = { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: group.targetGroupArnSuffix };

    const errors = this.alarm(scope, "errors", {
      alarmName: `${namePrefix}.${id}.instance-errors`,
      alarmDescription: `The instances of ${id} answered more than ${MOST_FAILED} % of their requests with 5xx: look first at the log of the model server on the instances of Auto Scaling group ${autoScalingGroupName}.`,
      ...tooManyFailed("HTTPCode_Target_5XX_Count", dimensions),
    });
    const disk = this.diskAlarms(scope, group, namePrefix);
    if (leastHealthy === 0) {
      return [errors, ...disk];
    }
    const tooFew = this.alarm(scope, "too-few-healthy", {
      alarmName: `${namePrefix}.${id}.too-few-healthy`,
      alarmDescription: `Fewer than ${leastHealthy} instances of ${id} are healthy: look first at the activity history of Auto Scaling group ${autoScalingGroupName}, which shows whether AWS had no such GPUs or instances launched and failed.`,
      ...tooFewHealthy(leastHealthy, dimensions),
    });
    return [tooFew, errors, ...disk];
  }

  private diskAlarms(
    scope: Construct,
    { id, autoScalingGroupName, metricsNamespace }: ServedGroup,
    namePrefix: string,
  ): readonly CloudwatchMetricAlarm[] {
    if (metricsNamespace === undefined) {
      return [];
    }
    return [
      this.alarm(scope, "disk", {
        alarmName: `${namePrefix}.${id}.disk-nearly-full`,
        alarmDescription: `A disk of an instance of ${id} is more than ${FULLEST_DISK} % full. The server fails when it is full. Look first at metric disk_used_percent, which shows which instance of Auto Scaling group ${autoScalingGroupName} it is, and at what grows there. A replacement instance starts with an empty disk.`,
        ...tooFull(metricsNamespace, { AutoScalingGroupName: autoScalingGroupName }),
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

function tooFull(namespace: string, dimensions: Dimensions): Condition {
  return {
    namespace,
    metricName: "disk_used_percent",
    dimensions,
    statistic: "Maximum",
    period: 5 * PERIOD,
    comparisonOperator: "GreaterThanThreshold",
    threshold: FULLEST_DISK,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    // An instance without the agent still serves.
    treatMissingData: "notBreaching",
  };
}

type Dimensions = Readonly<Record<string, string>>;
type Condition = Omit<CloudwatchMetricAlarmConfig, "alarmName">;

function tooFewHealthy(leastHealthy: number, dimensions: Dimensions): Condition {
  return {
    namespace: NAMESPACE,
    metricName: "HealthyHostCount",
    dimensions,
    // The count of the node that sees the fewest, so that the alarm notices a zone cut off from the instances.
    statistic: "Minimum",
    period: PERIOD,
    comparisonOperator: "LessThanThreshold",
    threshold: leastHealthy,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    // The metric is not reported while the target group is empty.
    treatMissingData: "breaching",
  };
}

function tooManyFailed(failures: string, dimensions: Dimensions): Condition {
  return {
    metricQuery: [
      {
        id: "share",
        label: "failed requests in per cent",
        // RequestCount leaves out the requests that reached no instance. If none did, it is missing or zero, and a
        // plain quotient would have no value: the alarm would stay OK in the worst case.
        expression: "100 * failed / IF(failed > requests, failed, requests)",
        returnData: true,
      },
      sumOf("failed", failures, dimensions),
      sumOf("requests", "RequestCount", dimensions),
    ],
    comparisonOperator: "GreaterThanThreshold",
    threshold: MOST_FAILED,
    // One failure is a large share of a minute with few requests. Three such minutes are no accident.
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
  };
}

function sumOf(id: string, metricName: string, dimensions: Dimensions): CloudwatchMetricAlarmMetricQuery {
  return {
    id,
    metric: { namespace: NAMESPACE, metricName, dimensions, period: PERIOD, stat: "Sum" },
  };
}

function anyRejected(dimensions: Dimensions): Condition {
  return {
    namespace: NAMESPACE,
    metricName: "RejectedConnectionCount",
    dimensions,
    statistic: "Sum",
    period: PERIOD,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    // CloudWatch has the metric only when it is not zero.
    treatMissingData: "notBreaching",
  };
}
