import { type Json, listOf } from "../../testing/terraform/json";
import type { TrackingModel } from "../auto-scaling/policies";
import { unknownMath } from "../cloudwatch/metric-math";
import type { AlarmActions, AlarmModel, MetricMathModel, MetricModel, QueryModel } from "../cloudwatch/model";
import type { GroupModel } from "../model";
import { policiesOf } from "./alarmed-policies";
import {
  addressIn,
  block,
  flag,
  namedTexts,
  number,
  type Reading,
  type Resource,
  text,
  texts,
  word,
} from "./reading";
import { unknownsIn } from "./resolve";

/** Names of metrics that the servers of a group report. */
type ReportedBy = (group: string) => readonly string[];

/** Metrics of AWS that the simulation has, by namespace, with the dimensions that they have here. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "AWS/ApplicationELB": {
    RequestCount: ["LoadBalancer", "LoadBalancer,TargetGroup"],
    HTTPCode_Target_5XX_Count: ["LoadBalancer,TargetGroup"],
    HealthyHostCount: ["LoadBalancer,TargetGroup"],
    RequestCountPerTarget: ["TargetGroup", "LoadBalancer,TargetGroup"],
    HTTPCode_ELB_5XX_Count: ["LoadBalancer"],
    HTTPCode_ELB_500_Count: ["LoadBalancer"],
    HTTPCode_ELB_502_Count: ["LoadBalancer"],
    HTTPCode_ELB_503_Count: ["LoadBalancer"],
    HTTPCode_ELB_504_Count: ["LoadBalancer"],
  },
  "AWS/AutoScaling": Object.fromEntries(
    [
      ...["GroupInServiceInstances", "GroupPendingInstances", "GroupTerminatingInstances"],
      ...["GroupTotalInstances", "GroupDesiredCapacity", "GroupMinSize", "GroupMaxSize"],
    ].map((name) => [name, ["AutoScalingGroupName"]]),
  ),
};

/**
 * The alarms of a stack that watch what the simulation has.
 *
 * @param groups of the stack, whose servers may report metrics
 */
export function readAlarms(
  reading: Reading,
  groups: readonly Pick<GroupModel, "name" | "instance">[],
): readonly AlarmModel[] {
  const reportedBy: ReportedBy = (name) =>
    groups.filter((group) => group.name === name).flatMap(reading.reported);
  return reading.resources("aws_cloudwatch_metric_alarm").flatMap((resource) => {
    const { address, body } = resource;
    const metric = readMath(reading, resource, alarmQueries(body), reportedBy);
    return metric === undefined
      ? []
      : [
          {
            address,
            name: text(body.alarm_name, address),
            metric,
            comparison: word(
              body.comparison_operator,
              "GreaterThanThreshold",
              "GreaterThanOrEqualToThreshold",
              "LessThanThreshold",
              "LessThanOrEqualToThreshold",
            ),
            threshold: number(body.threshold, 0),
            periods: number(body.evaluation_periods, 1),
            datapoints: number(body.datapoints_to_alarm, number(body.evaluation_periods, 1)),
            missing: word(body.treat_missing_data, "missing", "breaching", "notBreaching", "ignore"),
            actions: readActions(body),
          },
        ];
  });
}

/** What an alarm does. Source of the default: the provider's documentation of aws_cloudwatch_metric_alarm. */
export function readActions(body: Json): AlarmActions {
  const actions = (name: string) =>
    flag(body.actions_enabled, true) ? texts(body[name]).map((action) => addressIn(action) ?? action) : [];
  return {
    ALARM: actions("alarm_actions"),
    OK: actions("ok_actions"),
    INSUFFICIENT_DATA: actions("insufficient_data_actions"),
  };
}

/** An alarm has one metric, or several queries of which one is returned. */
function alarmQueries(body: Json): readonly Json[] {
  return body.metric_query === undefined
    ? [{ id: "m", return_data: true, metric: { ...body, stat: body.statistic } }]
    : listOf(body.metric_query);
}

/**
 * The target tracking policies of a group.
 *
 * @param reported metrics that the servers of its instances report
 */
export function readPolicies(
  reading: Reading,
  group: Resource,
  reported: readonly string[],
): readonly TrackingModel[] {
  return policiesOf(reading, group).flatMap((policy) => {
    const { body } = policy;
    const tracking = block(body, "target_tracking_configuration");
    if (tracking === undefined) {
      return [];
    }
    const metric = readMath(reading, policy, trackingQueries(tracking), () => reported);
    return metric === undefined
      ? []
      : [
          {
            name: text(body.name, policy.address),
            target: number(tracking.target_value, 1),
            scaleIn: !flag(tracking.disable_scale_in, false),
            warmUp:
              body.estimated_instance_warmup === undefined
                ? undefined
                : number(body.estimated_instance_warmup, 0),
            metric,
          },
        ];
  });
}

function trackingQueries(tracking: Json): readonly Json[] {
  const predefined = block(tracking, "predefined_metric_specification");
  const customized = block(tracking, "customized_metric_specification");
  if (predefined?.predefined_metric_type === "ALBRequestCountPerTarget") {
    return requestsPerTarget(predefined.resource_label);
  }
  if (predefined !== undefined) {
    return [{ id: "m", return_data: true, metric: { metric_name: predefined.predefined_metric_type } }];
  }
  const queries = listOf(customized?.metrics).map((each: Json) => {
    const stat = block(each, "metric_stat");
    const metric = block(stat, "metric");
    const dimensions = dimensionsOf(metric?.dimensions);
    return stat === undefined
      ? each
      : { ...each, metric: { ...metric, dimensions, stat: stat.stat, period: stat.period ?? 60 } };
  });
  const single = customized && {
    metric_name: customized.metric_name,
    namespace: customized.namespace,
    dimensions: dimensionsOf(customized.metric_dimension),
    stat: customized.statistic,
    period: 60,
  };
  return queries.length > 0 ? queries : [{ id: "m", return_data: true, metric: single }];
}

function dimensionsOf(blocks: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(listOf(blocks).map(({ name, value }) => [name, value]));
}

/** Requests of a minute by the number of healthy targets. Source: ELB user guide, RequestCountPerTarget. */
function requestsPerTarget(label: Json): readonly Json[] {
  const [LoadBalancer, TargetGroup] = unknownsIn(label).map(
    ({ stack, address, attribute }) => `⟨${stack}|${address}|${attribute}⟩`,
  );
  const metric = { namespace: "AWS/ApplicationELB", period: 60, dimensions: { LoadBalancer, TargetGroup } };
  return [
    { id: "perTarget", return_data: true, expression: "FILL(requests, 0) / healthy" },
    { id: "requests", metric: { ...metric, metric_name: "RequestCount", stat: "Sum" } },
    { id: "healthy", metric: { ...metric, metric_name: "HealthyHostCount", stat: "Average" } },
  ];
}

function readMath(
  reading: Reading,
  of: Resource,
  given: readonly Json[],
  reportedBy: ReportedBy,
): MetricMathModel | undefined {
  const queries: QueryModel[] = [];
  let period = 60;
  for (const query of given) {
    const metric = block(query, "metric");
    if (metric === undefined) {
      queries.push({ id: query.id, expression: text(query.expression, "") });
      continue;
    }
    period = Math.max(period, number(metric.period, 60));
    const model = readMetric(metric);
    const unknown = unknownMetric(metric, model, reportedBy);
    if (unknown !== undefined) {
      reading.note(of, `watches ${unknown}, which has no values here`);
      return undefined;
    }
    const statistic = word(metric.stat, "Average", "Sum", "Minimum", "Maximum", "SampleCount");
    queries.push({ id: query.id, metric: model, statistic });
  }
  const unknown = unknownMath(queries);
  if (unknown !== undefined) {
    reading.note(of, `reckons what is not simulated: ${unknown}`);
    return undefined;
  }
  const returned = given.find(({ return_data }) => flag(return_data, given.length === 1));
  return { queries, returns: text(returned?.id, queries[0]?.id ?? ""), period };
}

/** Dimensions that refer to a resource have its address. */
function readMetric(metric: Json): MetricModel {
  const dimensions = Object.entries(namedTexts(metric.dimensions)).map(([name, value]) => [
    name,
    addressIn(value) ?? value,
  ]);
  return { name: text(metric.metric_name, ""), dimensions: Object.fromEntries(dimensions) };
}

/** The name of a metric that the simulation does not have: those of what runs on instances, for one. */
function unknownMetric(
  metric: Json,
  { name, dimensions }: MetricModel,
  reportedBy: ReportedBy,
): string | undefined {
  const namespace = text(metric.namespace, "");
  const names = Object.keys(dimensions).sort().join();
  const isReported = names === "AutoScalingGroupName" && reportedBy(dimensions[names] ?? "").includes(name);
  return isReported || KNOWN[namespace]?.[name]?.includes(names)
    ? undefined
    : `${name} of ${namespace === "" ? "AWS" : namespace}${names && ` by ${names}`}`;
}
