import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { ROUTE53_METRICS } from "../../aws/route53";
import { type AlarmRecipientsProps, alarmRecipients } from "./alarm-recipients";

/** A health check to watch. */
export interface WatchedHealthCheck {
  /** A name of `[a-z0-9-]` for what it checks, e.g. `us-east-1`; part of the address and of the alarm's name. */
  readonly id: string;

  /** Id of the Route 53 health check. */
  readonly healthCheckId: string;

  /** What it means when it is not healthy, and what to look at first. */
  readonly description: string;
}

/** Props of {@link HealthCheckAlarms}. */
export interface HealthCheckAlarmsProps extends Omit<AlarmRecipientsProps, "provider"> {
  /** The health checks. */
  readonly checks: readonly WatchedHealthCheck[];
}

/**
 * Notifies people when Route 53 health checks become unhealthy, and when they are healthy again. The alarms must be in
 * us-east-1, the only region in which CloudWatch has the metrics of Route 53.
 *
 * Source: Route 53 developer guide, "Monitoring health checks using CloudWatch".
 */
export class HealthCheckAlarms extends Construct {
  /** @throws RangeError when there are over 5 topics */
  constructor(scope: Construct, id: string, props: HealthCheckAlarmsProps) {
    super(scope, id);
    const { actions } = alarmRecipients(this, props);
    for (const check of props.checks) {
      new CloudwatchMetricAlarm(this, check.id, {
        alarmName: `${props.namePrefix}.${check.id}-out-of-service`,
        alarmDescription: check.description,
        namespace: "AWS/Route53",
        metricName: "HealthCheckStatus",
        dimensions: { HealthCheckId: check.healthCheckId },
        statistic: "Minimum",
        period: ROUTE53_METRICS.periodSeconds,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        treatMissingData: "missing",
        ...actions,
        tags: props.tags,
        lifecycle: { createBeforeDestroy: true },
      });
    }
  }
}
