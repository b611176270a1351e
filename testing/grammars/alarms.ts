import type { Finding } from "../finding";
import { type Json, listOf, numberOf, resourcesOf } from "../terraform/json";
import { type QueryReader, type Report, reportQueries, within } from "./metric-queries";

const ALARM = "CloudWatch API, PutMetricAlarm";

/** How alarms read queries. Maximum number of metrics, and of expressions, in one alarm: CloudWatch API, MetricDataQuery. */
const OF_ALARMS: QueryReader = {
  argument: "metric_query",
  name: "an alarm",
  metric: "metric",
  returnedByDefault: false,
  most: 10,
  source: "CloudWatch API, MetricDataQuery",
};

/** How scaling policies read them: the blocks of which names hold queries, and what says what they are. */
const OF_POLICIES = { metrics: "TargetTrackingMetricDataQuery", metric_data_queries: "MetricDataQuery" };

/** Arguments that say of one metric what `metric_query` says of several. */
const OF_ONE_METRIC = [
  ...["metric_name", "namespace", "dimensions", "period"],
  ...["statistic", "extended_statistic", "unit"],
];

const DAY = 86_400;

/**
 * What is wrong with the alarms and the scaling policies of a stack: with their metric math, and with their periods.
 *
 * @param stack Terraform JSON, parsed
 */
export function alarmFindings(stack: Json): readonly Finding[] {
  return [
    ...findingsOf(stack, "aws_cloudwatch_metric_alarm", reportAlarm),
    ...findingsOf(stack, "aws_autoscaling_policy", reportPolicy),
  ];
}

function findingsOf(
  stack: Json,
  type: string,
  reportOne: (body: Json, report: Report) => void,
): readonly Finding[] {
  return resourcesOf(stack, type).flatMap(([id, body]) => {
    const findings: Finding[] = [];
    const address = `${type}.${id}`;
    reportOne(body, (argument, message, source) => findings.push({ address, argument, message, source }));
    return findings;
  });
}

function reportPolicy(policy: Json, report: Report): void {
  for (const [block, structure] of Object.entries(OF_POLICIES)) {
    for (const [argument, queries] of within(policy, block)) {
      const source = `Auto Scaling API, ${structure}`;
      const reader = {
        argument,
        name: "a scaling policy",
        metric: "metric_stat",
        returnedByDefault: true,
        source,
      };
      reportQueries(queries, reader, report);
    }
  }
}

function reportAlarm(alarm: Json, report: Report): void {
  const queries = listOf(alarm.metric_query);
  const evaluations = numberOf(alarm.evaluation_periods);
  const datapoints = numberOf(alarm.datapoints_to_alarm);
  if (queries.length === 0 && alarm.dynamic === undefined) {
    reportPeriod("period", alarm.period, evaluations, report);
  }
  for (const { id, metric } of queries) {
    // The schema of the provider says of a metric without a period that it is missing.
    for (const { period } of listOf(metric).filter((each) => each.period !== undefined)) {
      reportPeriod(`metric_query "${id}" metric.period`, period, evaluations, report);
    }
  }
  if (datapoints !== undefined && evaluations !== undefined && datapoints > evaluations) {
    report("datapoints_to_alarm", `is ${datapoints}, more than the ${evaluations} evaluation_periods`, ALARM);
  }
  if (queries.length > 0 && alarm.dynamic === undefined) {
    reportQueries(queries, { ...OF_ALARMS, band: alarm.threshold_metric_id }, report);
    for (const argument of OF_ONE_METRIC.filter((each) => alarm[each] !== undefined)) {
      report(argument, "is given beside metric_query, and only one of them may be", ALARM);
    }
  }
}

function reportPeriod(
  argument: string,
  written: Json,
  evaluations: number | undefined,
  report: Report,
): void {
  const period = numberOf(written);
  if (written === undefined) {
    report(argument, "is missing, and must be 10, 20, 30 or a multiple of 60", ALARM);
  }
  if (period === undefined) {
    return; // A reference: only an apply shows the number.
  }
  const most = period < 3600 ? DAY : 7 * DAY;
  if (!([10, 20, 30].includes(period) || (period > 0 && period % 60 === 0))) {
    report(argument, `is ${period}, and must be 10, 20, 30 or a multiple of 60`, ALARM);
  } else if (evaluations !== undefined && period * evaluations > most) {
    report(
      argument,
      `is ${period}, and ${evaluations} of them are more than ${most / DAY} day${most > DAY ? "s" : ""}`,
      ALARM,
    );
  }
}
