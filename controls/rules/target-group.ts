import type { Part } from "../part";
import type { Rule } from "../rule";
import type { World } from "../world";

const TYPES = ["aws_lb_target_group", "aws_alb_target_group"];
const SECURITY_HUB = "Security Hub user guide, Elastic Load Balancing controls";

/** The groups whose instances are registered with a target group. */
function groupsOf(part: Part, world: World): readonly Part[] {
  return world.pointing(part, "target_group_arns", "aws_autoscaling_group");
}

/** Seconds of the hook at the end of an instance of a group: of the group itself, or beside it. */
function drains(group: Part, world: World): readonly number[] {
  const own = group.blocks("initial_lifecycle_hook");
  const beside = world.pointing(group, "autoscaling_group_name", "aws_autoscaling_lifecycle_hook");
  return [...own, ...beside]
    .filter((hook) => hook.text("lifecycle_transition") === "autoscaling:EC2_INSTANCE_TERMINATING")
    .map((hook) => hook.number("heartbeat_timeout") ?? 3600);
}

/** What a team has to hear of. Source: ELB user guide, CloudWatch metrics for your Application Load Balancer. */
const WATCHED = [
  ...["HealthyHostCount", "UnHealthyHostCount", "HTTPCode_Target_5XX_Count"],
  ...["TargetResponseTime", "TargetConnectionErrorCount"],
];

export const targetGroup: readonly Rule[] = [
  {
    ids: ["CKV_AWS_261"],
    meaning: "A target group has a health check with a path",
    source: "Checkov, policy index of Terraform",
    types: TYPES,
    holds: (part) =>
      ["HTTP", "HTTPS"].includes(part.text("protocol") ?? "HTTP") ? part.has("health_check.path") : undefined,
  },
  {
    ids: ["CKV_AWS_378", "ELB.22"],
    meaning: "The load balancer encrypts what it sends to instances",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["models.*.targetTls"],
    holds: (part) =>
      part.has("protocol") ? ["HTTPS", "TLS", "QUIC"].includes(part.text("protocol") ?? "") : undefined,
  },
  {
    ids: ["ELB.21"],
    meaning: "Health checks are encrypted",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["models.*.targetTls"],
    holds: (part) => (part.text("health_check.protocol") ?? "HTTP") === "HTTPS",
  },
  {
    ids: ["REL05-BP06"],
    meaning: "Any instance may answer any request",
    source: "Well-Architected, Reliability Pillar, REL05-BP06",
    types: TYPES,
    closedBy: ["models.*.stickiness"],
    holds: (part) => !part.has("stickiness") || !part.flag("stickiness.enabled", true),
  },
  {
    ids: ["GENREL03-BP01"],
    meaning: "The health check asks the server for a path of its own, and not only whether a port is open",
    source: "Well-Architected, Generative AI Lens, GENREL03-BP01",
    types: TYPES,
    closedBy: ["models.*.health.path"],
    holds: (part) => part.has("health_check.path") && part.flag("health_check.enabled", true),
  },
  {
    ids: ["REL10-BP03"],
    meaning: "Each target group has instances of its own",
    source: "Well-Architected, Reliability Pillar, REL10-BP03",
    types: TYPES,
    holds: (part, world) => {
      const groups = groupsOf(part, world);
      return groups.length === 0
        ? undefined
        : groups.length === 1 && groups.every((group) => group.list("target_group_arns").length === 1);
    },
  },
  {
    ids: ["REL06-BP01", "REL06-BP02", "REL06-BP03"],
    meaning: "Alarms watch the health, the errors, the latency and the connections of every target group",
    source: "Well-Architected, Reliability Pillar, REL06",
    types: TYPES,
    holds: (part, world) => {
      const alarms = world.mentioning(part, "aws_cloudwatch_metric_alarm");
      const watched = alarms.flatMap((alarm) => [
        alarm.text("metric_name"),
        ...alarm.blocks("metric_query").map((query) => query.text("metric.metric_name")),
      ]);
      const missing = WATCHED.filter((metric) => !watched.includes(metric));
      return missing.length === 0 || `no alarm on ${missing.join(", ")}`;
    },
  },
  {
    ids: ["FN-DRAIN"],
    meaning: "An instance ends after its last request: its hook is at least as long as the drain",
    source: "Auto Scaling user guide, Lifecycle hooks",
    types: TYPES,
    closedBy: ["models.*.timing.terminateHook"],
    holds: (part, world) => {
      const hooks = groupsOf(part, world).map((group) => drains(group, world));
      const drain = part.number("deregistration_delay") ?? 300;
      return hooks.length === 0
        ? undefined
        : hooks.every((seconds) => seconds.length > 0 && seconds.every((each) => each >= drain));
    },
  },
  {
    ids: ["FN-NAMES"],
    meaning: "A target group that must be replaced is made before the old one goes, under another name",
    source: "Terraform documentation, create_before_destroy",
    types: TYPES,
    holds: (part) =>
      part.flag("lifecycle.create_before_destroy", false) && (part.text("name") ?? "").length <= 32,
  },
];
