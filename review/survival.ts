import { count } from "../config/diagnostics/text";
import type { DeploymentModel, GroupModel } from "../simulation/model";
import type { Json } from "../testing/terraform/json";
import type { StackChange } from "./deployment";
import { regionsLedTo } from "./global-regions";
import { type Sides, servedBy } from "./sides";

/** What a group of instances survives. */
export interface GroupSurvival {
  readonly region: string;
  readonly of: string;
  readonly zones: number;
  /** Types that AWS may launch: with another one, a shortage of one is survived. */
  readonly types: number;
  /** Instances of `min`, and how many of them the loss of the fullest zone leaves. */
  readonly instances: number;
  readonly leftWithoutZone: number;
  /** Instances that schedules leave at some time. */
  readonly fewest: number;
  /** Per cent of the instances beyond the base that are Spot. */
  readonly spot: number;
}

/** What a deployment survives, and what it survived and does not any more. */
export interface Survival {
  readonly groups: readonly GroupSurvival[];
  /** Regions that the global endpoint leads to, before and after; 0: there is none in these stacks. */
  readonly regions: { readonly before: number; readonly after: number };
  /** What fell, a sentence each. */
  readonly fell: readonly string[];
  /** What rose, a sentence each. */
  readonly rose: readonly string[];
}

/** Compares what stands before and after. A group that is new or gone neither rises nor falls. */
export function survivalOf({ before, after }: Sides, stacks: readonly StackChange[]): Survival {
  const [old, now] = [groupsOf(before), groupsOf(after)];
  const [fell, rose]: [string[], string[]] = [[], []];
  for (const group of now) {
    const was = old.find(({ region, of }) => region === group.region && of === group.of);
    if (was !== undefined) {
      compare(was, group, fell, rose);
    }
  }
  for (const stack of stacks.filter(({ isLeft }) => !isLeft)) {
    const [had, has] = [reservationsIn(stack.before), reservationsIn(stack.after)];
    fell.push(
      ...had
        .filter((id) => !has.includes(id))
        .map((id) => `${stack.name}: nothing is launched into the reservation ${id}`),
    );
    rose.push(
      ...has
        .filter((id) => !had.includes(id))
        .map((id) => `${stack.name}: instances are launched into the reservation ${id}`),
    );
  }
  const [led, leads] = [regionsLedTo(before), regionsLedTo(after)];
  const regions = { before: led?.size ?? 0, after: leads?.size ?? 0 };
  if (led !== undefined && leads !== undefined) {
    const say = (all: string[], of: readonly string[], text: string) =>
      all.push(...of.map((region) => `the global endpoint ${text} ${region}`));
    say(fell, [...led].filter((region) => !leads.has(region)).sort(), "leads no clients any longer to");
    say(rose, [...leads].filter((region) => !led.has(region)).sort(), "leads clients to");
  }
  return { groups: now, regions, fell, rose };
}

/** Where instances find room that EC2 keeps for them: Capacity Reservations and Capacity Blocks that are listed. */
const RESERVING = [
  "aws_autoscaling_group",
  "aws_ec2_capacity_reservation",
  "aws_launch_template",
  "aws_resourcegroups_resource",
];

function reservationsIn(stack: Json): readonly string[] {
  const text = JSON.stringify(RESERVING.map((type) => stack.resource?.[type]));
  return [...new Set(text.match(/\bcr-[0-9a-f]{17}\b/g) ?? [])].sort();
}

function groupsOf({ regions }: DeploymentModel): readonly GroupSurvival[] {
  return regions.flatMap(({ name, groups }) => groups.map((group) => survives(name, group)));
}

function survives(region: string, group: GroupModel): GroupSurvival {
  const zones = Math.max(1, group.zones.length);
  const { min } = group;
  return {
    region,
    of: servedBy(group),
    zones,
    types: new Set(group.instance.types).size,
    instances: min,
    leftWithoutZone: min - Math.ceil(min / zones),
    fewest: Math.min(min, ...group.schedules.map((each) => Math.min(each.min ?? min, each.max ?? min))),
    spot: group.spot === undefined ? 0 : 100 - group.spot.onDemandPercentageAboveBase,
  };
}

function compare(was: GroupSurvival, is: GroupSurvival, fell: string[], rose: string[]): void {
  const say = (before: number, after: number, text: string) => {
    if (before !== after) {
      (after < before ? fell : rose).push(`${is.region} ${is.of}: ${text}`);
    }
  };
  say(was.zones, is.zones, `${count(is.zones, "zone")}, and had ${was.zones}`);
  say(was.types, is.types, `${count(is.types, "instance type")}, and had ${was.types}`);
  say(
    was.leftWithoutZone,
    is.leftWithoutZone,
    `the loss of a zone leaves ${is.leftWithoutZone} of ${is.instances} instances, and left ${was.leftWithoutZone} of ${was.instances}`,
  );
  if (was.fewest < was.instances || is.fewest < is.instances) {
    say(was.fewest, is.fewest, `schedules leave ${count(is.fewest, "instance")}, and left ${was.fewest}`);
  }
  say(-was.spot, -is.spot, `${is.spot} % Spot, and had ${was.spot} %`);
}
