import type { Part } from "../part";
import type { Rule } from "../rule";
import type { World } from "../world";

const TYPES = ["aws_autoscaling_group"];
const SECURITY_HUB = "Security Hub user guide, Auto Scaling controls";
const TEMPLATE = "mixed_instances_policy.launch_template.launch_template_specification";

const EVENTS = [
  ...["autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_LAUNCH_ERROR"],
  ...["autoscaling:EC2_INSTANCE_TERMINATE", "autoscaling:EC2_INSTANCE_TERMINATE_ERROR"],
];

/** How many zones a group is in, as far as each has one subnet. */
function zones(part: Part): number {
  return part.list(part.has("vpc_zone_identifier") ? "vpc_zone_identifier" : "availability_zones").length;
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
    meaning: "A group behind a load balancer replaces the instances that the load balancer finds unhealthy",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part, world) => {
      const attached =
        world.pointing(part, "autoscaling_group_name", "aws_autoscaling_attachment").length > 0;
      return part.has("target_group_arns") || attached
        ? (part.text("health_check_type") ?? "EC2").split(",").includes("ELB") &&
            part.has("health_check_grace_period")
        : undefined;
    },
  },
  {
    ids: ["AutoScaling.2", "REL10-BP01", "GENREL05-BP01"],
    meaning: "A group is in two zones or more",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["regions.*.network.create.zones"],
    holds: (part) => zones(part) >= 2,
  },
  {
    ids: ["AutoScaling.6"],
    meaning: "A group has several instance types in several zones",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["models.*.instanceTypes"],
    holds: (part) => {
      const overrides = part.blocks("mixed_instances_policy.launch_template.override");
      const types = new Set(overrides.map((each) => each.text("instance_type")));
      const isByAttributes = overrides.some((each) => each.has("instance_requirements"));
      return (types.size >= 2 || isByAttributes) && zones(part) >= 2;
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
      const byCpu = "target_tracking_configuration.predefined_metric_specification.predefined_metric_type";
      const following = policies(part, world).filter(
        (each) => each.value(byCpu) !== "ASGAverageCPUUtilization",
      );
      return isFixed ? undefined : following.length > 0;
    },
  },
  {
    ids: ["REL11-BP05"],
    meaning: "A group keeps two instances or more, so that one is left when a zone is lost",
    source: "Well-Architected, Reliability Pillar, REL11-BP05",
    types: TYPES,
    closedBy: ["models.*.capacity.min"],
    holds: (part) => (part.number("min_size") ?? 0) >= 2,
  },
  {
    ids: ["REL01-BP01", "REL01-BP04"],
    meaning: "A plan asks AWS whether the quotas have room for the groups at their largest",
    source: "Well-Architected, Reliability Pillar, REL01",
    types: TYPES,
    closedBy: ["regions.*.vcpuQuotas"],
    holds: (part, world) => world.beside(part, "data.aws_servicequotas_service_quota").length > 0,
  },
  {
    ids: ["FN-GRACE"],
    meaning: "A group waits for a model to load: a grace period, a warmup and a hook at launch",
    source: "Auto Scaling user guide, Set the health check grace period",
    types: TYPES,
    closedBy: ["models.*.loadTime"],
    holds: (part, world) => {
      const hooks = [
        ...part.blocks("initial_lifecycle_hook"),
        ...world.pointing(part, "autoscaling_group_name", "aws_autoscaling_lifecycle_hook"),
      ].map((hook) => hook.text("lifecycle_transition"));
      return (
        part.has("health_check_grace_period") &&
        part.has("default_instance_warmup") &&
        hooks.includes("autoscaling:EC2_INSTANCE_LAUNCHING")
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
