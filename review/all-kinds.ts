import type { GroupModel, RegionModel } from "../simulation/model";
import { entriesOf, type Json, typeAndName } from "../testing/terraform/json";
import type { Difference, ResourceChange, StackChange } from "./deployment";
import { changes, type Kind, kindOf, SIZING, startsRefresh } from "./kinds";
import { losesWayOut } from "./reach";
import type { RegionSides } from "./sides";
import type { SubjectOf } from "./subject";

/** Arguments of a health check that instances which run may not answer. */
const ANSWERED = /^health_check\.(0\.)?(path|port|matcher|protocol)$/;

/** Whether instances that answer a health check may not answer it after a change of its argument. */
function isStricter({ path, before, after }: Difference): boolean {
  return ANSWERED.test(path) && !(path.endsWith("matcher") && includesAll(codesIn(after), codesIn(before)));
}

/** `200-299,404` as ranges; `undefined` for what is none. */
function codesIn(matcher: Json): readonly (readonly [number, number])[] | undefined {
  const parts = String(matcher)
    .split(",")
    .map((part) => /^(\d+)(?:-(\d+))?$/.exec(part.trim()));
  return parts.every((part) => part !== null)
    ? parts.map((part) => [Number(part?.[1]), Number(part?.[2] ?? part?.[1])])
    : undefined;
}

function includesAll(more: ReturnType<typeof codesIn>, fewer: ReturnType<typeof codesIn>): boolean {
  return (
    more !== undefined &&
    (fewer?.every(([from, to]) => more.some(([least, most]) => least <= from && to <= most)) ?? false)
  );
}

/** What each change of a stack comes to, with what only the other changes tell. */
export function allKinds(
  stack: StackChange,
  sides: RegionSides,
  subjectOf: SubjectOf,
): readonly (readonly [ResourceChange, Kind])[] {
  const rolled = rolledTemplates(stack, sides);
  const isNew = stack.changes.every(({ before }) => before === undefined);
  const stays = new Set(
    (sides.after?.groups ?? [])
      .filter(({ address }) => sides.before?.groups.some((group) => group.address === address))
      .map(({ address }) => subjectOf({ name: typeAndName(address)[1] }).label),
  );
  return stack.changes.flatMap((change): (readonly [ResourceChange, Kind])[] => {
    const kind = kindOf(change);
    if (kind === undefined) {
      return [];
    }
    if (rolled.has(change.address)) {
      return [[change, "rolled"]];
    }
    if (kind === "interrupted" && isForLogs(change, stack)) {
      return [[change, "replaced"]];
    }
    if (kind === "rerouted" && isNew) {
      return [[change, "new"]];
    }
    if (["new", "removed"].includes(kind) && SIZING.has(change.type) && stays.has(subjectOf(change).label)) {
      return [[change, "resized"]];
    }
    return [[change, interrupts(change, stays, subjectOf, stack, sides) ? "interrupted" : kind]];
  });
}

/** Whether requests may fail, although Terraform makes the new one first or changes it in place. */
function interrupts(
  change: ResourceChange,
  stays: ReadonlySet<string | undefined>,
  subjectOf: SubjectOf,
  stack: StackChange,
  { before, after }: RegionSides,
): boolean {
  switch (change.type) {
    case "aws_lb_target_group":
    case "aws_alb_target_group":
      return (
        stays.has(subjectOf(change).label) &&
        (change.action === "replace" || (change.action === "update" && change.differences.some(isStricter)))
      );
    case "aws_lb":
    case "aws_alb":
      return (
        (change.action === "replace" && before !== undefined) ||
        (change.action === "update" && !stack.isChecked && leavesZone(change.address, before, after))
      );
    case "aws_autoscaling_group":
      // Terraform ends the old one as soon as the new one is there, unless it waits until instances are healthy.
      return (
        change.action === "replace" &&
        (groupAt(before?.groups, change.address)?.targetGroups.length ?? 0) > 0 &&
        !waitsForHealthy(change.after)
      );
    case "aws_nat_gateway":
      return (
        change.action === "delete" && (after?.groups.length ?? 0) > 0 && losesWayOut(stack, change.address)
      );
    default:
      return false;
  }
}

/** Source: Terraform AWS provider, aws_autoscaling_group, "Waiting for Capacity". */
function waitsForHealthy(group: Json): boolean {
  const isSet = (value: Json) => Number(value ?? 0) > 0;
  return (
    (isSet(group?.min_elb_capacity) || isSet(group?.wait_for_elb_capacity)) &&
    !/^0[a-z]*$/.test(String(group?.wait_for_capacity_timeout ?? "10m"))
  );
}

/** Whether a role, or a policy of it, is there for the logs of a network alone: these pause while it is made anew. */
function isForLogs({ type, name }: ResourceChange, { before }: StackChange): boolean {
  if (!type.startsWith("aws_iam_role")) {
    return false;
  }
  const body = before.resource?.[type]?.[name];
  const role = type === "aws_iam_role" ? name : /\baws_iam_role\.([\w-]+)/.exec(String(body?.role))?.[1];
  const users = entriesOf(before.resource)
    .filter(([other]) => !other.startsWith("aws_iam_role"))
    .flatMap(([other, byName]) => entriesOf(byName).map(([, each]) => [other, JSON.stringify(each)] as const))
    .filter(([, text]) => text.includes(`\${aws_iam_role.${role}.`));
  return users.length > 0 && users.every(([other]) => other === "aws_flow_log");
}

/** Whether a load balancer is in fewer zones; as long as the plan is not made, nobody knows whether instances are there. */
function leavesZone(address: string, ...sides: readonly (RegionModel | undefined)[]): boolean {
  const [was, is] = sides.map((side) => side?.loadBalancers.find((each) => each.address === address)?.zones);
  return was?.some((zone) => !is?.includes(zone)) ?? false;
}

/** The groups that a refresh goes through, with the launch templates that change for it. */
function rolledTemplates(stack: StackChange, { before, after }: RegionSides): ReadonlySet<string> {
  const all = stack.changes.filter(startsRefresh).filter(({ address }) => {
    const groups = [before, after].map((side) => groupAt(side?.groups, address));
    return groups.every((group) => group !== undefined) && groups[1]?.refresh !== undefined;
  });
  const used = all.map(({ type, name }) =>
    JSON.stringify(
      ["before", "after"].map((side) => stack[side as "before" | "after"].resource?.[type]?.[name]),
    ),
  );
  const templates = stack.changes.filter(
    ({ type, address, action }) =>
      type === "aws_launch_template" &&
      action !== "unchanged" &&
      used.some((text) => text.includes(`\${${address}.`)),
  );
  return new Set([...all, ...templates].map(({ address }) => address));
}

/** The group of an address. */
export function groupAt(groups: readonly GroupModel[] | undefined, address: string): GroupModel | undefined {
  return groups?.find((group) => group.address === address);
}

/** Whether a change of a group has other sizes in it. */
export function isResized(change: ResourceChange): boolean {
  return change.type === "aws_autoscaling_group" && changes(change, "min_size", "max_size");
}
