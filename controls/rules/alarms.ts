import type { Part } from "../part";
import type { Rule } from "../rule";

/** What an alarm has to say of its metric. */
interface Watched {
  readonly metric: string;
  /** What counts when there are no data points; absent: it has to be chosen. */
  readonly missing?: "breaching";
  /** Whether the slowest requests count, and not the average. */
  readonly isTail?: true;
}

const TARGETS: readonly Watched[] = [
  { metric: "HealthyHostCount", missing: "breaching" },
  ...["UnHealthyHostCount", "HTTPCode_Target_5XX_Count", "TargetConnectionErrorCount"].map((metric) => ({
    metric,
  })),
  { metric: "TargetResponseTime", isTail: true },
];
const LOAD_BALANCER: readonly Watched[] = [
  { metric: "HTTPCode_ELB_5XX_Count" },
  { metric: "RejectedConnectionCount" },
];

/** What a team has to hear of. Source: ELB user guide, CloudWatch metrics for your Application Load Balancer. */
const WATCHED: Readonly<Record<string, readonly Watched[]>> = {
  aws_lb_target_group: TARGETS,
  aws_alb_target_group: TARGETS,
  aws_lb: LOAD_BALANCER,
  aws_alb: LOAD_BALANCER,
  aws_autoscaling_group: [{ metric: "GroupInServiceInstances" }],
};

/** Whether an alarm watches a metric, tells somebody when it begins and when it ends, and says what no data mean. */
function watches(alarm: Part, { metric, missing, isTail }: Watched): boolean {
  const queries = alarm.blocks("metric_query");
  const names = [alarm.value("metric_name"), ...queries.map((query) => query.value("metric.metric_name"))];
  const statistics = [
    alarm.value("extended_statistic"),
    ...queries.map((query) => query.value("metric.stat")),
  ];
  const chosen = alarm.text("treat_missing_data");
  return (
    names.includes(metric) &&
    alarm.flag("actions_enabled", true) &&
    alarm.has("alarm_actions") &&
    alarm.has("ok_actions") &&
    (missing === undefined ? chosen !== undefined : chosen === missing) &&
    (isTail === undefined || statistics.some((each) => /^p9/.test(String(each))))
  );
}

export const alarms: readonly Rule[] = [
  {
    ids: ["REL06-BP01", "REL06-BP02", "REL06-BP03"],
    meaning:
      "Alarms watch the health, errors, latency and connections of each target group, the errors and connections of a load balancer and the instances of a group, and tell of begin and end",
    source: "Well-Architected, Reliability Pillar, REL06",
    types: Object.keys(WATCHED),
    closedBy: ["alarms.email", "alarms.topicArns"],
    holds: (part, world) => {
      const all = world.mentioning(part, "aws_cloudwatch_metric_alarm");
      const missing = (WATCHED[part.type] ?? []).filter((each) => !all.some((alarm) => watches(alarm, each)));
      return missing.length === 0 || `no such alarm on ${missing.map(({ metric }) => metric).join(", ")}`;
    },
  },
];
