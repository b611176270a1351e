import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { ALARM_SPAN, HEALTHY_TARGETS_COUNT, LOAD_BALANCER_METRICS } from "../../aws/limits";
import { requireWithin } from "../require-within";

const { periodSeconds: PERIOD } = LOAD_BALANCER_METRICS;

/** Minutes that an alarm can evaluate. */
const MINUTES = { min: 1, max: ALARM_SPAN.seconds / PERIOD } as const;

/** Props of {@link OutOfServiceAlarm}. */
export interface OutOfServiceAlarmProps {
  /** Name, unique in the account and region: CloudWatch overwrites an alarm that has the same name. */
  readonly name: string;

  /** The load balancer, by the end of its ARN: `app/<name>/<id>`. */
  readonly loadBalancerArnSuffix: string;

  /** The target group, by the end of its ARN: `targetgroup/<name>/<id>`. */
  readonly targetGroupArnSuffix: string;

  /** Fewest healthy targets with which the target group is in service, 1 to 1000. */
  readonly leastHealthy: number;

  /**
   * Minutes in a row with fewer healthy targets before the alarm goes off, 1 to 1440.
   *
   * @default 3
   */
  readonly minutes?: number;

  /** What an empty target group counts as: CloudWatch has no data for it. */
  readonly whenUnknown: "out of service" | "as before";

  /**
   * Tags of the alarm.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * Goes off when a target group is out of service. A Route 53 health check can follow it: it has one metric, no metric
 * math, and N of N periods. It takes the highest count of healthy targets that any load balancer node sees. So the loss
 * of a zone, whose node sees none, does not take the region out of service.
 *
 * Source: Route 53 API, AlarmIdentifier; ELB user guide, "CloudWatch metrics for your Application Load Balancer".
 */
export class OutOfServiceAlarm extends Construct {
  /** Name of the alarm, as a reference: what uses it is created after the alarm. */
  public readonly alarmName: string;
  /** A text of all settings, which changes when one of them does; see `AlarmHealthCheckProps.watches`. */
  public readonly watches: string;

  /** @throws RangeError when a number is out of its range */
  constructor(scope: Construct, id: string, props: OutOfServiceAlarmProps) {
    super(scope, id);
    const { leastHealthy, minutes = 3 } = props;
    requireWithin("leastHealthy", leastHealthy, HEALTHY_TARGETS_COUNT);
    requireWithin("minutes", minutes, MINUTES);
    const alarm = new CloudwatchMetricAlarm(this, "Resource", {
      alarmName: props.name,
      alarmDescription: `Fewer than ${leastHealthy} healthy instances: Route 53 considers this model out of service in this region. This alarm notifies nobody; the other alarms of this region do.`,
      namespace: "AWS/ApplicationELB",
      metricName: "HealthyHostCount",
      dimensions: { LoadBalancer: props.loadBalancerArnSuffix, TargetGroup: props.targetGroupArnSuffix },
      statistic: "Maximum",
      period: PERIOD,
      comparisonOperator: "LessThanThreshold",
      threshold: leastHealthy,
      evaluationPeriods: minutes,
      datapointsToAlarm: minutes,
      treatMissingData: props.whenUnknown === "as before" ? "missing" : "breaching",
      tags: props.tags,
      lifecycle: { createBeforeDestroy: true },
    });
    this.alarmName = alarm.alarmName;
    this.watches = `${props.targetGroupArnSuffix} of ${props.loadBalancerArnSuffix}, ${minutes} min below ${leastHealthy}, ${props.whenUnknown}`;
  }
}
