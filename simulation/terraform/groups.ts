import { createHash } from "node:crypto";
import { type Json, listOf, typeAndName } from "../../testing/terraform/json";
import type { GroupModel, HealthyRange, HookModel, InstanceModel, RefreshModel, SpotModel } from "../model";
import { readAlarmedPolicies } from "./alarmed-policies";
import { readPolicies } from "./metrics";
import {
  addressIn,
  block,
  flag,
  isNameOf,
  namedTexts,
  number,
  type Reading,
  type Resource,
  text,
  texts,
  word,
} from "./reading";
import { resource as bodyOf } from "./resolve";
import { readSchedules } from "./schedules";
import type { Zones } from "./zones";

/** Processes whose suspension the simulation follows. */
const SUSPENDABLE = ["AZRebalance", "HealthCheck", "ReplaceUnhealthy"];

/** The Auto Scaling groups of a stack. Source of the defaults: the provider's documentation of aws_autoscaling_group. */
export function readGroups(reading: Reading, zones: Zones): readonly GroupModel[] {
  return reading.resources("aws_autoscaling_group").map((resource) => {
    const { address, body } = resource;
    noteWhatIsMissing(reading, resource);
    const distribution = block(body, "availability_zone_distribution");
    const warmUp = number(body.default_instance_warmup, 0);
    const maintenance = readRange(block(body, "instance_maintenance_policy"));
    const [name, instance] = [text(body.name, address), readInstance(reading, body)];
    return {
      address,
      name,
      min: number(body.min_size, 0),
      max: number(body.max_size, 0),
      desired: body.desired_capacity === undefined ? undefined : number(body.desired_capacity, 0),
      zones: zonesOf(body, zones),
      balancedOnly: distribution?.capacity_distribution_strategy === "balanced-only",
      targetGroups: targetGroupsOf(reading, resource),
      elbHealth: text(body.health_check_type, "EC2").split(",").includes("ELB"),
      gracePeriod: number(body.health_check_grace_period, 300),
      warmUp,
      launchHook: hookOf(reading, resource, "autoscaling:EC2_INSTANCE_LAUNCHING"),
      terminateHook: hookOf(reading, resource, "autoscaling:EC2_INSTANCE_TERMINATING"),
      maintenance,
      suspended: texts(body.suspended_processes),
      protectFromScaleIn: flag(body.protect_from_scale_in, false),
      terminationPolicies: texts(body.termination_policies ?? "Default"),
      warmPool: readWarmPool(resource),
      spot: readSpot(block(body, "mixed_instances_policy")),
      capacityRebalance: flag(body.capacity_rebalance, false),
      refresh: readRefresh(block(body, "instance_refresh"), maintenance, warmUp),
      instance,
      policies: readPolicies(reading, resource, reading.reported({ name, instance })),
      alarmedPolicies: readAlarmedPolicies(reading, resource),
      schedules: readSchedules(reading, resource),
      maxLifetime: number(body.max_instance_lifetime, 0),
    };
  });
}

function noteWhatIsMissing(reading: Reading, resource: Resource): void {
  const { body } = resource;
  for (const process of texts(body.suspended_processes)) {
    if (!SUSPENDABLE.includes(process)) {
      reading.note(resource, `suspends ${process}, which goes on here`);
    }
  }
}

function zonesOf(body: Json, zones: Zones): readonly string[] {
  const named = texts(body.availability_zones);
  return named.length > 0 ? named : zones.of(listOf(body.vpc_zone_identifier));
}

/** Those of the group itself, and those of attachments. */
function targetGroupsOf(reading: Reading, group: Resource): readonly string[] {
  const attached = reading
    .resources("aws_autoscaling_attachment")
    .filter(({ body }) => isNameOf(body.autoscaling_group_name, group))
    .map(({ body }) => body.lb_target_group_arn);
  return [...listOf(group.body.target_group_arns), ...attached].flatMap((arn) => addressIn(arn) ?? []);
}

/** A hook of a resource of its own takes the place of the one that the group was made with. */
function hookOf(reading: Reading, group: Resource, transition: string): HookModel | undefined {
  const own = reading
    .resources("aws_autoscaling_lifecycle_hook")
    .map(({ body }) => body)
    .filter(({ autoscaling_group_name }) => isNameOf(autoscaling_group_name, group));
  const hook = [...own, ...listOf(group.body.initial_lifecycle_hook)].find(
    ({ lifecycle_transition }) => lifecycle_transition === transition,
  );
  return (
    hook && {
      name: text(hook.name, transition),
      heartbeatTimeout: number(hook.heartbeat_timeout, 3600),
      defaultResult: word(hook.default_result, "ABANDON", "CONTINUE"),
    }
  );
}

function readRange(given: Json): HealthyRange | undefined {
  const min = number(given?.min_healthy_percentage, -1);
  return min < 0 ? undefined : { min, max: number(given?.max_healthy_percentage, 100) };
}

function readWarmPool({ body }: Resource): GroupModel["warmPool"] {
  const given = block(body, "warm_pool");
  if (given === undefined) {
    return undefined;
  }
  const prepared = number(given.max_group_prepared_capacity, -1);
  return {
    state: word(given.pool_state, "Stopped", "Running", "Hibernated"),
    min: number(given.min_size, 0),
    maxPrepared: prepared < 0 ? undefined : prepared,
    reuse: flag(block(given, "instance_reuse_policy")?.reuse_on_scale_in, false),
  };
}

/** `undefined`: everything is on demand. */
function readSpot(policy: Json): SpotModel | undefined {
  const distribution = block(policy, "instances_distribution");
  const percentage = number(distribution?.on_demand_percentage_above_base_capacity, 100);
  return policy === undefined || percentage >= 100
    ? undefined
    : {
        onDemandBase: number(distribution?.on_demand_base_capacity, 0),
        onDemandPercentageAboveBase: percentage,
      };
}

/** Where the refresh says nothing, the maintenance policy holds. Source: Auto Scaling API, RefreshPreferences. */
function readRefresh(
  given: Json,
  maintenance: HealthyRange | undefined,
  warmUp: number,
): RefreshModel | undefined {
  if (given === undefined) {
    return undefined;
  }
  const preferences = block(given, "preferences");
  const checkpoints = texts(preferences?.checkpoint_percentages).map(Number);
  return {
    range: readRange(preferences) ?? maintenance ?? { min: 90, max: 100 },
    warmUp: number(preferences?.instance_warmup, warmUp),
    skipMatching: flag(preferences?.skip_matching, false),
    checkpoints,
    checkpointDelay: number(preferences?.checkpoint_delay, 3600),
    alarms: texts(block(preferences, "alarm_specification")?.alarms),
    rollBack: flag(preferences?.auto_rollback, false),
  };
}

function readInstance(reading: Reading, body: Json): InstanceModel {
  const mixed = block(block(body, "mixed_instances_policy"), "launch_template");
  const used = block(body, "launch_template") ?? block(mixed, "launch_template_specification");
  const address = addressIn(used?.id ?? used?.launch_template_id ?? used?.name ?? used?.launch_template_name);
  const [type, name] = typeAndName(address ?? "");
  const { "//": _comment, ...template } = bodyOf(reading.stacks[reading.stack], type, name) ?? {};
  const types = listOf(mixed?.override).flatMap((override) => texts(override.instance_type));
  const tags = listOf(template.tag_specifications).find(({ resource_type }) => resource_type === "instance");
  const version = createHash("sha256")
    .update(JSON.stringify([template, types]))
    .digest("hex")
    .slice(0, 8);
  return {
    version,
    types: types.length > 0 ? types : texts(template.instance_type ?? "any type"),
    tags: namedTexts(reading.resolver.resolve(tags?.tags, reading.stack)),
    userData: text(reading.resolver.resolve(template.user_data, reading.stack), ""),
  };
}
