import { type Part, written } from "../part";
import type { Rule } from "../rule";
import type { World } from "../world";
import { countZones, subnetsOf } from "../zones";
import { loadBalancersOf } from "./target-group";

const TYPES = ["aws_autoscaling_group"];
const SECURITY_HUB = "Security Hub user guide, Auto Scaling controls";
const TEMPLATE = "mixed_instances_policy.launch_template.launch_template_specification";

const EVENTS = [
  ...["autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_LAUNCH_ERROR"],
  ...["autoscaling:EC2_INSTANCE_TERMINATE", "autoscaling:EC2_INSTANCE_TERMINATE_ERROR"],
];

/** How many zones a group is in. */
function zones(part: Part, world: World): number {
  return part.has("vpc_zone_identifier")
    ? countZones(subnetsOf(part, "vpc_zone_identifier", world))
    : new Set(part.list("availability_zones").map(String)).size;
}

const ATTACHMENTS = ["aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment"];

/** The target groups that a group, or what attaches it, names. */
function targetGroups(part: Part, world: World): readonly Part[] {
  const attachments = world.pointing(part, "autoscaling_group_name", ...ATTACHMENTS);
  return world
    .beside(part, "aws_lb_target_group", "aws_alb_target_group")
    .filter(
      (target) =>
        part.refersTo("target_group_arns", target) || attachments.some((each) => each.mentions(target)),
    );
}

/** Whether a policy changes a group by its CPU: itself, or by the alarm that calls it. */
function isByCpu(policy: Part, world: World): boolean {
  const tracking = "target_tracking_configuration";
  const alarms = world.mentioning(policy, "aws_cloudwatch_metric_alarm");
  return [
    policy.value(`${tracking}.predefined_metric_specification.predefined_metric_type`),
    policy.value(`${tracking}.customized_metric_specification.metric_name`),
    ...alarms.map((alarm) => alarm.value("metric_name")),
  ].some((name) => /cpu/i.test(String(name ?? "")));
}

function policies(part: Part, world: World): readonly Part[] {
  return world.pointing(part, "autoscaling_group_name", "aws_autoscaling_policy");
}

export const autoScaling: readonly Rule[] = [
  {
    ids: ["CKV_AWS_315", "AutoScaling.9"],
    meaning: "A group launches from a launch template",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part) => part.has("launch_template") || part.has("mixed_instances_policy.launch_template"),
  },
  {
    ids: ["CKV2_AWS_15", "AutoScaling.1", "AwsSolutions-AS2", "NIST-AutoScalingGroupELBHealthCheckRequired"],
    meaning: "A group behind a load balancer replaces the instances that its health check finds unhealthy",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) => {
      const isAttached =
        ["target_group_arns", "load_balancers", "traffic_source"].some((name) => part.has(name)) ||
        world.pointing(part, "autoscaling_group_name", ...ATTACHMENTS).length > 0;
      return isAttached
        ? (part.text("health_check_type") ?? "EC2").split(",").includes("ELB") &&
            part.has("health_check_grace_period") &&
            targetGroups(part, world).every((each) => each.has("health_check"))
        : undefined;
    },
  },
  {
    ids: ["AutoScaling.2"],
    meaning: "A group is in two zones or more",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["regions.*.network.create.zones"],
    holds: (part, world) => zones(part, world) >= 2,
  },
  {
    ids: ["REL10-BP01"],
    meaning: "A group is in two zones or more, each of them one of its load balancer",
    source: "Well-Architected, Reliability Pillar, REL10-BP01",
    types: TYPES,
    closedBy: ["regions.*.network.create.zones"],
    holds: (part, world) => {
      const own = part.has("vpc_zone_identifier") ? subnetsOf(part, "vpc_zone_identifier", world) : [];
      const theirs = loadBalancersOf(targetGroups(part, world), world).map(
        (each) => new Set(subnetsOf(each, "subnets", world).map(({ named, zone }) => zone ?? named)),
      );
      // A subnet that lies elsewhere does not say its zone.
      const without = own.filter(
        ({ zone }) => zone !== undefined && theirs.some((zones) => zones.size > 0 && !zones.has(zone)),
      );
      return without.length === 0
        ? zones(part, world) >= 2
        : `no load balancer in ${[...new Set(without.map(({ zone }) => written(zone)))].join(", ")}`;
    },
  },
  {
    ids: ["AutoScaling.6"],
    meaning: "A group has several instance types in several zones",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["models.*.instanceTypes"],
    holds: (part, world) => {
      const overrides = part.blocks("mixed_instances_policy.launch_template.override");
      const types = new Set(overrides.map((each) => each.text("instance_type")));
      const isByAttributes = overrides.some((each) => each.has("instance_requirements"));
      return (types.size >= 2 || isByAttributes) && zones(part, world) >= 2;
    },
  },
  {
    ids: ["CKV_AWS_153", "AutoScaling.10"],
    meaning: "A group has tags",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part) => part.has("tag"),
  },
  {
    ids: ["AwsSolutions-AS1"],
    meaning: "A group waits between two changes of its size, or for instances to warm up",
    source: "cdk-nag, AWS Solutions",
    types: TYPES,
    holds: (part) => part.has("default_cooldown") || part.has("default_instance_warmup"),
  },
  {
    ids: ["AwsSolutions-AS3"],
    meaning: "A group notifies of every launch and every end of an instance",
    source: "cdk-nag, AWS Solutions",
    types: TYPES,
    closedBy: ["alarms.scalingActivities"],
    holds: (part, world) => {
      const notified = world
        .pointing(part, "group_names", "aws_autoscaling_notification")
        .flatMap((each) => each.list("notifications"));
      return EVENTS.every((event) => notified.includes(event));
    },
  },
  {
    ids: ["REL07-BP01", "MLREL-12", "GENREL01-BP01"],
    meaning: "A group that may grow does so by the requests, and not by the CPU",
    source: "Well-Architected, Machine Learning Lens, MLREL-12",
    types: TYPES,
    closedBy: ["models.*.scaling"],
    holds: (part, world) => {
      const isFixed = part.number("min_size") === part.number("max_size");
      const following = policies(part, world).filter((each) => !isByCpu(each, world));
      return isFixed ? undefined : following.length > 0;
    },
  },
  {
    ids: ["REL11-BP05"],
    meaning:
      "A group keeps an instance in each zone, and two or more, so that some are left when a zone is lost",
    source: "Well-Architected, Reliability Pillar, REL11-BP05",
    types: TYPES,
    closedBy: ["models.*.capacity.min"],
    holds: (part, world) => {
      const least = Math.max(2, zones(part, world));
      const min = part.number("min_size") ?? 0;
      return min >= least || `${min} of ${least}`;
    },
  },
  {
    ids: ["REL01-BP01", "REL01-BP04"],
    meaning: "A plan asks AWS whether the quotas have room for the groups at their largest",
    source: "Well-Architected, Reliability Pillar, REL01",
    types: TYPES,
    closedBy: ["regions.*.vcpuQuotas"],
    holds: (part, world) =>
      world
        .beside(part, "data.aws_servicequotas_service_quota")
        .some((quota) => quota.has("lifecycle.postcondition")) ||
      part
        .blocks("lifecycle.precondition")
        .some((each) => String(each.value("condition")).includes("aws_servicequotas_service_quota")),
  },
  {
    ids: ["FN-GRACE"],
    meaning:
      "A group waits for a model to load: a grace period, a warmup, and a hook at launch that ends an instance whose model does not load",
    source: "Auto Scaling user guide, Set the health check grace period",
    types: TYPES,
    closedBy: ["models.*.loadTime"],
    holds: (part, world) => {
      const hooks = [
        ...part.blocks("initial_lifecycle_hook"),
        ...world.pointing(part, "autoscaling_group_name", "aws_autoscaling_lifecycle_hook"),
      ].filter((hook) => hook.text("lifecycle_transition") === "autoscaling:EC2_INSTANCE_LAUNCHING");
      return (
        (part.number("health_check_grace_period") ?? 0) > 0 &&
        part.has("default_instance_warmup") &&
        hooks.length > 0 &&
        hooks.every((hook) => (hook.text("default_result") ?? "ABANDON") === "ABANDON")
      );
    },
  },
  {
    ids: ["FN-DESIRED"],
    meaning: "A deploy does not undo what scaling did",
    source: "Terraform documentation, aws_autoscaling_group, desired_capacity",
    types: TYPES,
    holds: (part) => {
      const ignored = part.list("lifecycle.ignore_changes");
      return !part.has("desired_capacity") || ignored.includes("desired_capacity") || ignored.includes("all");
    },
  },
  {
    ids: ["FN-LT-VERSION"],
    meaning: "A group names a version of its launch template, so that a new one is rolled out",
    source: "Auto Scaling user guide, Instance refresh",
    types: TYPES,
    holds: (part) => {
      const versions = ["launch_template.version", `${TEMPLATE}.version`].map((path) => part.value(path));
      const given = versions.filter((version) => version !== undefined);
      return given.length > 0 && !given.some((version) => ["$Latest", "$Default"].includes(String(version)));
    },
  },
];
