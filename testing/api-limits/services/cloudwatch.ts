import type { TextLimit } from "../../../aws/limits";
import { limited, oneOf, type Service } from "../table";

const QUERY_ID: TextLimit = {
  minLength: 1,
  maxLength: 255,
  pattern: /^[a-z][A-Za-z0-9_]*$/,
  characters: "letters, digits and underscores, with a lower-case letter first",
  source: "CloudWatch API, MetricDataQuery",
};

const STATISTIC: TextLimit = {
  minLength: 1,
  maxLength: 100,
  pattern:
    /^(SampleCount|Average|Sum|Minimum|Maximum|IQM|(p|tm|tc|ts|wm)(100|\d{1,2}(\.\d{1,10})?)|(TM|TC|TS|WM|PR)\(.+\))$/,
  characters: "the name of a statistic, with a percentile where it takes one",
  source: "CloudWatch user guide, CloudWatch statistics definitions",
};

const ACTION: TextLimit = {
  minLength: 1,
  maxLength: 1024,
  pattern: /^arn:/,
  characters: "ARNs",
  source: "CloudWatch API, PutMetricAlarm",
};

/** What the resources of CloudWatch become. */
export const cloudwatch: Service = {
  service: "cloudwatch",
  blocks: {
    aws_cloudwatch_metric_alarm: {
      request: "PutMetricAlarmInput",
      arguments: {
        alarm_actions: limited("AlarmActions", ACTION),
        insufficient_data_actions: limited("InsufficientDataActions", ACTION),
        ok_actions: limited("OKActions", ACTION),
        extended_statistic: limited("ExtendedStatistic", STATISTIC),
        dimensions: "Dimensions{}",
        treat_missing_data: limited(
          "TreatMissingData",
          oneOf(
            "CloudWatch API, PutMetricAlarm",
            ...(["breaching", "notBreaching", "ignore", "missing"] as const),
          ),
        ),
        metric_query: "Metrics",
        "metric_query.id": limited("Id", QUERY_ID),
        "metric_query.metric": "MetricStat",
        "metric_query.metric.dimensions": "Metric.Dimensions{}",
        "metric_query.metric.metric_name": "Metric.MetricName",
        "metric_query.metric.namespace": "Metric.Namespace",
        "metric_query.metric.stat": limited("Stat", STATISTIC),
      },
    },
  },
};
