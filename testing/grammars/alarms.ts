import type { Finding } from "../finding";
import { repeated } from "../repeated";
import { entriesOf, type Json, listOf } from "../terraform/json";
import type { MathType } from "./metric-functions";
import { described, MathError, readMath } from "./metric-math";

type Report = (argument: string, message: string, source: string) => void;

const QUERY = "CloudWatch API, MetricDataQuery";
const ALARM = "CloudWatch API, PutMetricAlarm";
const MATH =
  "CloudWatch user guide, Metric math syntax and functions, read by testing/grammars/metric-math.ts";

/** Maximum number of metrics, and of expressions, in one alarm. Source: CloudWatch API, MetricDataQuery. */
const MOST_QUERIES = 10;

/** Arguments that say of one metric what `metric_query` says of several. */
const OF_ONE_METRIC = [
  ...["metric_name", "namespace", "dimensions", "period"],
  ...["statistic", "extended_statistic", "unit"],
];

const DAY = 86_400;

/**
 * What is wrong with the alarms of a stack: with their metric math, and with their periods.
 *
 * @param stack Terraform JSON, parsed
 */
export function alarmFindings({ resource = {} }: Json): readonly Finding[] {
  return entriesOf(resource.aws_cloudwatch_metric_alarm).flatMap(([id, alarm]) => {
    const findings: Finding[] = [];
    const address = `aws_cloudwatch_metric_alarm.${id}`;
    reportAlarm(alarm, (argument, message, source) => findings.push({ address, argument, message, source }));
    return findings;
  });
}

function reportAlarm(alarm: Json, report: Report): void {
  const queries = listOf(alarm.metric_query);
  const { evaluation_periods: evaluations, datapoints_to_alarm: datapoints } = alarm;
  if (queries.length === 0) {
    reportPeriod("period", alarm.period, evaluations, report);
  }
  for (const { id, metric } of queries) {
    for (const { period } of listOf(metric)) {
      reportPeriod(`metric_query "${id}" metric.period`, period, evaluations, report);
    }
  }
  if (datapoints > evaluations) {
    report("datapoints_to_alarm", `is ${datapoints}, more than the ${evaluations} evaluation_periods`, ALARM);
  }
  if (queries.length > 0) {
    reportQueries(queries, report);
    reportMath(queries, report);
    for (const argument of OF_ONE_METRIC.filter((each) => alarm[each] !== undefined)) {
      report(argument, "is given beside metric_query, and only one of them may be", ALARM);
    }
  }
}

function reportPeriod(argument: string, period: Json, evaluations: Json, report: Report): void {
  if (typeof period === "string" || typeof evaluations === "string") {
    return; // References: only an apply shows the numbers.
  }
  const most = period < 3600 ? DAY : 7 * DAY;
  if (!([10, 20, 30].includes(period) || (period > 0 && period % 60 === 0))) {
    report(argument, `is ${period}, and must be 10, 20, 30 or a multiple of 60`, ALARM);
  } else if (period * evaluations > most) {
    report(
      argument,
      `is ${period}, and ${evaluations} of them are more than ${most / DAY} day${most > DAY ? "s" : ""}`,
      ALARM,
    );
  }
}

function reportQueries(queries: readonly Json[], report: Report): void {
  const ids = queries.map(({ id }) => id);
  for (const { id, expression, metric } of queries) {
    const about = `metric_query "${id}"`;
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(id)) {
      report(about, "has an id that is not a small letter, followed by letters, digits and _", QUERY);
    }
    if ((expression === undefined) === (listOf(metric).length === 0)) {
      report(about, "must have either an expression or a metric", QUERY);
    }
  }
  for (const id of repeated(ids)) {
    report(`metric_query "${id}"`, "has the id of another query", QUERY);
  }
  const returned = queries.filter(({ return_data: isReturned }) => isReturned === true).length;
  if (returned !== 1) {
    report("metric_query", `has return_data ${returned} times, and an alarm watches one query`, QUERY);
  }
  for (const kind of ["expression", "metric"]) {
    const count = queries.filter((query) => query[kind] !== undefined).length;
    if (count > MOST_QUERIES) {
      report("metric_query", `has ${kind} ${count} times, and may have it ${MOST_QUERIES} times`, QUERY);
    }
  }
}

function reportMath(queries: readonly Json[], report: Report): void {
  for (const { id, expression, return_data: isReturned } of queries) {
    if (expression === undefined) {
      continue;
    }
    const about = `metric_query "${id}" expression`;
    try {
      const type = typeOf(id, queries, []);
      if (/\bSEARCH\s*\(/.test(expression)) {
        report(about, "calls SEARCH, which no alarm may", QUERY);
      } else if (isReturned === true && type !== "series" && type !== "anything") {
        report(about, `gives ${described(type ?? "text")}, and an alarm watches one series`, QUERY);
      }
    } catch (error) {
      if (!(error instanceof MathError)) {
        throw error;
      }
      report(about, error.message, MATH);
    }
  }
}

/**
 * What a query gives; `undefined` for no query. A query of Metrics Insights is no math, and may give anything.
 *
 * @param within the expressions that are being read
 */
function typeOf(id: string, queries: readonly Json[], within: readonly string[]): MathType | undefined {
  const query = queries.find((each) => each.id === id);
  if (query?.expression === undefined) {
    return query && "series";
  }
  if (within.includes(id)) {
    throw new MathError(`needs itself, by ${[...within, id].join(" → ")}`);
  }
  return /^\s*SELECT\b/i.test(query.expression)
    ? "anything"
    : readMath(query.expression, (other) => typeOf(other, queries, [...within, id]));
}
