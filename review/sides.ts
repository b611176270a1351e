import type { ActionModel, DeploymentModel, GroupModel, RegionModel } from "../simulation/model";
import { readDeployment } from "../simulation/terraform/read";
import type { StackChange } from "./deployment";

/** A deployment as the simulation reads it, before and after. */
export interface Sides {
  readonly before: DeploymentModel;
  readonly after: DeploymentModel;
}

/** What one side has in the region of a stack; nothing where it has no load balancer. */
export interface RegionSides {
  readonly before: RegionModel | undefined;
  readonly after: RegionModel | undefined;
}

/** Reads both sides of all stacks. */
export function sidesOf(stacks: readonly StackChange[]): Sides {
  const side = (which: "before" | "after") =>
    readDeployment(
      Object.fromEntries(
        stacks
          .filter((stack) => Object.keys(stack[which].resource ?? {}).length > 0)
          .map((stack) => [stack.name, stack[which]]),
      ),
    );
  return { before: side("before"), after: side("after") };
}

/** The region of a stack on both sides; nothing for a stack that has no load balancer, as the domain. */
export function regionSides(stack: StackChange, sides: Sides): RegionSides {
  const of = (which: "before" | "after") =>
    ["aws_lb", "aws_alb"].some((type) => Object.keys(stack[which].resource?.[type] ?? {}).length > 0)
      ? sides[which].regions.find(({ name }) => name === stack.region)
      : undefined;
  return { before: of("before"), after: of("after") };
}

/** What a group serves, as its tags say: `llama-3-8b stable`. Another project's group has its own name. */
export function servedBy({ instance, name }: GroupModel): string {
  const { model, variant } = instance.tags;
  return model === undefined ? name : variant === undefined ? model : `${model} ${variant}`;
}

/** The groups of a group's model; none for a group without tags. */
export function groupsOfModel(
  groups: readonly GroupModel[],
  { instance: { tags } }: GroupModel,
): readonly GroupModel[] {
  return groups.filter(({ instance }) => tags.model !== undefined && instance.tags.model === tags.model);
}

/** The groups that a target group gets its targets from. */
export function groupsOfTargets(region: RegionModel, targetGroup: string): readonly GroupModel[] {
  return region.groups.filter(({ targetGroups }) => targetGroups.includes(targetGroup));
}

/** The models of a target group, as the tags of its groups say; without tags, or groups, what is there has its own name. */
export function modelsOfTargets(region: RegionModel, targetGroup: string): readonly string[] {
  const groups = groupsOfTargets(region, targetGroup);
  return groups.length > 0 ? groups.map(({ instance, name }) => instance.tags.model ?? name) : [targetGroup];
}

/** What a target group serves: what the groups do that it gets its targets from. */
export function servedByTargets(region: RegionModel, targetGroup: string): string {
  const groups = groupsOfTargets(region, targetGroup);
  return groups.length > 0 ? groups.map(servedBy).join(", ") : targetGroup;
}

/** Instances that a group has: what the state says, else `min`. */
export function instancesOf(group: GroupModel): number {
  return Math.max(group.min, group.desired ?? group.min);
}

/** What all rules and default actions of a region's listeners do. */
export function actionsIn(region: RegionModel | undefined): readonly ActionModel[] {
  return (region?.loadBalancers ?? [])
    .flatMap(({ listeners }) => listeners)
    .flatMap(({ defaultAction, rules }) => [defaultAction, ...rules.map(({ action }) => action)]);
}

/** The target groups that an action sends requests to. */
export function targetsOf(action: ActionModel): readonly string[] {
  return action.type === "forward"
    ? action.targetGroups.filter(({ weight }) => weight > 0).map(({ targetGroup }) => targetGroup)
    : [];
}
