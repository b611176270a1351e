import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { ALARM_SPAN, HEALTHY_TARGETS_COUNT, LOAD_BALANCER_METRICS } from "../../aws/limits";
import { requireWithin } from "../require-within";

const { periodSeconds: PERIOD } = LOAD_BALANCER_METRICS;

/** Minutes that an alarm can look at. */
const MINUTES = { min: 1, max: ALARM_SPAN.seconds / PERIOD } as const;

/** Props of {@link OutOfServiceAlarm}. */
export interface OutOfServiceAlarmProps {
  /** Name, unique in the account and region: CloudWatch overwrites an alarm that has the same name. */
  readonly name: string;

  /** The load balancer, by the end of its ARN: `app/<name>/<id>`. */
  readonly loadBalancerArnSuffix: string;

  /** The target group, by the end of its ARN: `targetgroup/<name>/<id>`. */
  readonly targetGroupArnSuffix: string;

  /** Fewest healthy targets with which it is in service, 1 to 1000. */
  readonly leastHealthy: number;

  /**
   * Minutes in a row that must fall short, 1 to 1440.
   *
   * @default 3
   */
  readonly minutes?: number;

  /** What an empty target group, of which CloudWatch hears nothing, counts as. */
  readonly whenUnknown: "out of service" | "as before";

  /**
   * Tags of the alarm.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * Goes off when a target group is out of service, for a Route 53 health check to look at: one metric, without math,
 * N of N periods. It counts what the load balancer node that sees most sees: a zone that is lost, whose node sees
 * nothing, does not take the region out of service.
 *
 * Source: Route 53 API, AlarmIdentifier; ELB user guide, "CloudWatch metrics for your Application Load Balancer".
 */
export class OutOfServiceAlarm extends Construct {
  /** Name of the alarm, known once it is there. */
  public readonly alarmName: string;
  /** What it watches, in words that change with it. */
  public readonly watches: string;

  /** @throws RangeError when a number is out of its range */
  constructor(scope: Construct, id: string, props: OutOfServiceAlarmProps) {
    super(scope, id);
    const { leastHealthy, minutes = 3 } = props;
    requireWithin("leastHealthy", leastHealthy, HEALTHY_TARGETS_COUNT);
    requireWithin("minutes", minutes, MINUTES);
    const alarm = new CloudwatchMetricAlarm(this, "Resource", {
      alarmName: props.name,
      alarmDescription: `Fewer than ${leastHealthy} healthy instances: Route 53 takes this model for out of service in this region. It tells nobody; the alarms beside it do.`,
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
