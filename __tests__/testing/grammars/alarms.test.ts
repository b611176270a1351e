import { renderFinding } from "../../../testing/finding";
import { alarmFindings } from "../../../testing/grammars/alarms";

const QUERY = "(CloudWatch API, MetricDataQuery)";
const ALARM = "(CloudWatch API, PutMetricAlarm)";

const found = (alarm: object) =>
  alarmFindings({
    resource: { aws_cloudwatch_metric_alarm: { own: { evaluation_periods: 3, ...alarm } } },
  }).map((finding) => renderFinding(finding).replace("aws_cloudwatch_metric_alarm.own: ", ""));

const metric = (id: string, period = 60) => ({ id, metric: { metric_name: "Errors", period, stat: "Sum" } });
const share = { id: "share", expression: "100 * failed / requests", return_data: true };
const queries = [share, metric("failed"), metric("requests")];

it("finds nothing in an alarm as it should be", () => {
  expect(found({ metric_query: queries })).toEqual([]);
  expect(found({ metric_name: "Errors", period: 300, datapoints_to_alarm: 3 })).toEqual([]);
});

it("names address, argument and source of broken math", () => {
  const broken = [{ ...share, expression: "100 * failed / (requests" }, ...queries.slice(1)];
  const alarms = { own: { evaluation_periods: 1, metric_query: broken } };
  expect(alarmFindings({ resource: { aws_cloudwatch_metric_alarm: alarms } }).map(renderFinding)).toEqual([
    'aws_cloudwatch_metric_alarm.own: metric_query "share" expression has its end where ) should be (CloudWatch user guide, Metric math syntax and functions, read by testing/grammars/metric-math.ts)',
  ]);
});

describe("the queries of an alarm", () => {
  it.each<[readonly object[], string]>([
    [
      [{ ...share, id: "Share" }, ...queries.slice(1)],
      `metric_query "Share" has an id that is not a small letter, followed by letters, digits and _ ${QUERY}`,
    ],
    [[...queries, metric("failed")], `metric_query "failed" has the id of another query ${QUERY}`],
    [
      [{ ...share, metric: { period: 60 } }, ...queries.slice(1)],
      `metric_query "share" must have either an expression or a metric ${QUERY}`,
    ],
    [[...queries, { id: "none" }], `metric_query "none" must have either an expression or a metric ${QUERY}`],
    [
      [{ ...share, return_data: false }, ...queries.slice(1)],
      `metric_query has return_data 0 times, and an alarm watches one query ${QUERY}`,
    ],
    [
      [...queries, { ...metric("other"), return_data: true }],
      `metric_query has return_data 2 times, and an alarm watches one query ${QUERY}`,
    ],
    [
      [...queries, ...Array.from({ length: 9 }, (_, index) => metric(`m${index}`))],
      `metric_query has metric 11 times, and may have it 10 times ${QUERY}`,
    ],
    [
      [{ ...share, expression: "AVG(failed)" }, ...queries.slice(1)],
      `metric_query "share" expression gives a number, and an alarm watches one series ${QUERY}`,
    ],
    [
      [{ ...share, expression: "METRICS()" }, ...queries.slice(1)],
      `metric_query "share" expression gives several series, and an alarm watches one series ${QUERY}`,
    ],
    [
      [{ ...share, expression: "SUM(SEARCH('x', 'Sum', 60))" }, ...queries.slice(1)],
      `metric_query "share" expression calls SEARCH, which no alarm may ${QUERY}`,
    ],
  ])("%j are found", (metric_query, sentence) => {
    expect(found({ metric_query })).toEqual([sentence]);
  });

  it("may use each other, but not in a circle", () => {
    const double = { id: "double", expression: "2 * share" };
    expect(
      found({
        metric_query: [
          { id: "end", expression: "double", return_data: true },
          double,
          { ...share, return_data: false },
          ...queries.slice(1),
        ],
      }),
    ).toEqual([]);
    expect(found({ metric_query: [{ ...share, expression: "double" }, double] })).toEqual([
      expect.stringContaining('"share" expression needs itself, by share → double → share'),
      expect.stringContaining('"double" expression needs itself, by double → share → double'),
    ]);
  });

  it("stand beside no metric of the alarm itself", () => {
    expect(found({ metric_query: queries, metric_name: "Errors", period: 60 })).toEqual([
      `metric_name is given beside metric_query, and only one of them may be ${ALARM}`,
      `period is given beside metric_query, and only one of them may be ${ALARM}`,
    ]);
  });

  it("may have texts for numbers and bools, null for nothing, and references", () => {
    const metric_query = [{ ...share, return_data: "true", metric: null }, ...queries.slice(1)];
    expect(found({ metric_query, period: null, evaluation_periods: "10", datapoints_to_alarm: "9" })).toEqual(
      [],
    );
    expect(found({ metric_query, evaluation_periods: "9", datapoints_to_alarm: "10" })).toEqual([
      `datapoints_to_alarm is 10, more than the 9 evaluation_periods ${ALARM}`,
    ]);
    expect(
      found({ metric_query: [{ ...share, return_data: `\${var.returned}` }, ...queries.slice(1)] }),
    ).toEqual([]);
    const dynamic = { metric_query: { for_each: [], content: {} } };
    expect(found({ dynamic })).toEqual([]);
    expect(found({ dynamic, metric_query: [share] })).toEqual([]);
  });

  it("may be a band about one that is returned", () => {
    const band = { id: "band", expression: "ANOMALY_DETECTION_BAND(requests, 2)", return_data: true };
    const watched = { ...metric("requests"), return_data: "true" };
    const alarm = { metric_query: [band, watched], threshold_metric_id: "band" };
    expect(found(alarm)).toEqual([]);
    expect(found({ ...alarm, threshold_metric_id: "requests" })).toContain(
      `threshold_metric_id is requests, the id of no query with ANOMALY_DETECTION_BAND ${QUERY}`,
    );
    expect(found({ ...alarm, metric_query: [band, metric("requests")] })).toEqual([
      `metric_query has return_data 0 times, and an alarm watches one query ${QUERY}`,
    ]);
  });

  it("may be one of Metrics Insights", () => {
    expect(found({ metric_query: [{ ...share, expression: 'SELECT AVG(x) FROM "AWS/EC2"' }] })).toEqual([]);
  });
});

describe("the periods of an alarm", () => {
  it.each([
    [{ period: 45 }, `period is 45, and must be 10, 20, 30 or a multiple of 60 ${ALARM}`],
    [{ period: 0 }, `period is 0, and must be 10, 20, 30 or a multiple of 60 ${ALARM}`],
    [{}, `period is missing, and must be 10, 20, 30 or a multiple of 60 ${ALARM}`],
    [{ period: 300, evaluation_periods: 289 }, `period is 300, and 289 of them are more than 1 day ${ALARM}`],
    [
      { period: 3600, evaluation_periods: 169 },
      `period is 3600, and 169 of them are more than 7 days ${ALARM}`,
    ],
    [
      { period: 60, evaluation_periods: 3, datapoints_to_alarm: 4 },
      `datapoints_to_alarm is 4, more than the 3 evaluation_periods ${ALARM}`,
    ],
  ])("%j are found", (alarm, sentence) => {
    expect(found(alarm)).toEqual([sentence]);
  });

  it("of a query are found too", () => {
    expect(found({ metric_query: [share, metric("failed", 90), metric("requests")] })).toEqual([
      `metric_query "failed" metric.period is 90, and must be 10, 20, 30 or a multiple of 60 ${ALARM}`,
    ]);
  });

  it("are left to an apply where they are references", () => {
    expect(found({ period: `\${var.period}` })).toEqual([]);
  });
});

describe("the queries of a scaling policy", () => {
  const inPolicy = (configuration: object) =>
    alarmFindings({ resource: { aws_autoscaling_policy: { own: configuration } } }).map(renderFinding);
  const stat = (id: string, more: object = {}) => ({ id, metric_stat: [{ stat: "Sum" }], ...more });
  const tracking = (...metrics: readonly object[]) =>
    inPolicy({ target_tracking_configuration: [{ customized_metric_specification: [{ metrics }] }] });
  const SOURCE = "(Auto Scaling API, TargetTrackingMetricDataQuery)";

  it("are read as those of alarms, but returned by default", () => {
    const busy = { id: "busy", expression: "running / 4" };
    expect(tracking(busy, stat("running", { return_data: false }))).toEqual([]);
    expect(tracking(busy, stat("running"))).toEqual([
      `aws_autoscaling_policy.own: target_tracking_configuration.customized_metric_specification.metrics has return_data 2 times, and a scaling policy watches one query ${SOURCE}`,
    ]);
    expect(tracking({ ...busy, expression: "runing / 4" }, stat("running", { return_data: false }))).toEqual([
      expect.stringContaining('metrics "busy" expression uses runing, the id of no query'),
    ]);
  });

  it("of a forecast too", () => {
    const metric_data_queries = [{ id: "load", expression: "SUM(" }];
    const predefined = { customized_load_metric_specification: { metric_data_queries } };
    expect(inPolicy({ predictive_scaling_configuration: { metric_specification: predefined } })).toEqual([
      expect.stringContaining('metric_data_queries "load" expression ends where a value should be'),
    ]);
  });
});
