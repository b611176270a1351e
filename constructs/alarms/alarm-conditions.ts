import type {
  CloudwatchMetricAlarmConfig,
  CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LOAD_BALANCER_METRICS } from "../../aws/limits";

const NAMESPACE = "AWS/ApplicationELB";

const AUTO_SCALING = "AWS/AutoScaling";

const { periodSeconds: PERIOD } = LOAD_BALANCER_METRICS;

/**
 * Per cent of the requests that may fail. Our choice: with fewer than 20 instances that share the requests equally, the
 * alarm notices one instance that fails all of its requests, and ignores a request that fails now and then.
 */
export const MOST_FAILED = 5;

/** Per cent of a disk that may be used. Our choice: weights and images fill less, and there is still time to act. */
export const FULLEST_DISK = 90;

/** Dimensions of a metric, by name. */
export type Dimensions = Readonly<Record<string, string>>;

/** When an alarm goes off: all of its arguments but its name. */
export type Condition = Omit<CloudwatchMetricAlarmConfig, "alarmName">;

/** For 15 minutes a disk of the group was over {@link FULLEST_DISK} per cent full. */
export function tooFull(namespace: string, dimensions: Dimensions): Condition {
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

/** For 3 minutes a load balancer node saw fewer healthy targets than wanted. */
export function tooFewHealthy(leastHealthy: number, dimensions: Dimensions): Condition {
  return {
    namespace: NAMESPACE,
    metricName: "HealthyHostCount",
    dimensions,
    // Each node of the load balancer checks every target and counts for itself. Minimum is the count of the node that
    // sees the fewest. So the alarm goes off when the instances are few, and when a zone is cut off: its node sees none
    // but its own. A node that is gone with its zone counts nothing, and the others decide. `OutOfServiceAlarm` takes
    // the Maximum, because one zone that is cut off must not take a region out of service. Source: ELB user guide,
    // CloudWatch metrics for your Application Load Balancer, Statistics for Application Load Balancer metrics.
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

/** For 15 minutes the load balancer found an instance unhealthy: longer than it takes to begin with its replacement. */
export function staysUnhealthy(dimensions: Dimensions): Condition {
  return {
    namespace: NAMESPACE,
    metricName: "UnHealthyHostCount",
    dimensions,
    statistic: "Maximum",
    period: 5 * PERIOD,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    // The metric is not reported while the target group is empty: tooFewHealthy is about that.
    treatMissingData: "notBreaching",
  };
}

/**
 * In 3 of 5 minutes one request in a hundred waited longer than some seconds for the headers of its answer.
 *
 * Source: ELB user guide, CloudWatch metrics for your Application Load Balancer, TargetResponseTime.
 */
export function tooSlow(seconds: number, dimensions: Dimensions): Condition {
  return {
    namespace: NAMESPACE,
    metricName: "TargetResponseTime",
    dimensions,
    extendedStatistic: "p99",
    period: PERIOD,
    comparisonOperator: "GreaterThanThreshold",
    threshold: seconds,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
  };
}

/** In 3 of 5 minutes the load balancer could not connect to an instance. */
export function unreachable(dimensions: Dimensions): Condition {
  return {
    namespace: NAMESPACE,
    metricName: "TargetConnectionErrorCount",
    dimensions,
    statistic: "Sum",
    period: PERIOD,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    // One instance that ends refuses a connection now and then. Three such minutes are no accident.
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    // CloudWatch has the metric only when it is not zero.
    treatMissingData: "notBreaching",
  };
}

/** In 3 of 5 minutes more than {@link MOST_FAILED} per cent of the requests failed. */
export function tooManyFailed(failures: string, dimensions: Dimensions): Condition {
  return {
    metricQuery: [
      {
        id: "share",
        label: "failed requests in per cent",
        // RequestCount leaves out the requests that reached no instance. When no target is registered it is missing: an
        // expression has no value where one of its metrics has none, and the alarm would stay OK in the worst case.
        // `failed` stays as it is: it is missing when nothing failed. Source: CloudWatch user guide, Using math
        // expressions with CloudWatch metrics; ELB user guide, CloudWatch metrics for your Application Load Balancer.
        expression: "100 * failed / MAX([failed, FILL(requests, 0)])",
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

/** The load balancer rejected a connection. */
export function anyRejected(dimensions: Dimensions): Condition {
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

/** Seconds of a period of {@link belowMin} and {@link atMax}: long, as these alarms are slow. */
const SLOW_PERIOD = 5 * PERIOD;

/** As few periods as are longer than some seconds. */
function longerThan(seconds: number): Pick<Condition, "evaluationPeriods" | "datapointsToAlarm"> {
  const periods = Math.floor(seconds / SLOW_PERIOD) + 1;
  return { evaluationPeriods: periods, datapointsToAlarm: periods };
}

/**
 * For longer than some seconds, fewer instances were in service than the group's minimum. Auto Scaling publishes the
 * number each minute; `Maximum` is the best minute of a period, so a dip that was made good in time does not count.
 *
 * Source: Auto Scaling user guide, Amazon CloudWatch metrics for Amazon EC2 Auto Scaling.
 */
export function belowMin(min: number, seconds: number, dimensions: Dimensions): Condition {
  return {
    namespace: AUTO_SCALING,
    metricName: "GroupInServiceInstances",
    dimensions,
    statistic: "Maximum",
    period: SLOW_PERIOD,
    comparisonOperator: "LessThanThreshold",
    threshold: min,
    ...longerThan(seconds),
    // The group publishes the metric as long as it exists.
    treatMissingData: "breaching",
  };
}

/**
 * For longer than some seconds the group wanted as many instances as its maximum allows. A maximum that is the minimum too,
 * as a schedule may set it, leaves nothing to want.
 *
 * Source: Auto Scaling user guide, Amazon CloudWatch metrics for Amazon EC2 Auto Scaling; CloudWatch user guide, Using math
 * expressions with CloudWatch metrics.
 */
export function atMax(seconds: number, dimensions: Dimensions): Condition {
  const sizeOf = (id: string, metricName: string, stat: string): CloudwatchMetricAlarmMetricQuery => ({
    id,
    metric: { namespace: AUTO_SCALING, metricName, dimensions, period: SLOW_PERIOD, stat },
  });
  return {
    metricQuery: [
      {
        id: "full",
        label: "1: the group wants as many instances as its maximum allows",
        expression: "(desired >= most) AND (most > least)",
        returnData: true,
      },
      sizeOf("desired", "GroupDesiredCapacity", "Minimum"),
      sizeOf("most", "GroupMaxSize", "Maximum"),
      sizeOf("least", "GroupMinSize", "Maximum"),
    ],
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    ...longerThan(seconds),
    // A group that publishes nothing is gone: belowMin is about that.
    treatMissingData: "notBreaching",
  };
}
