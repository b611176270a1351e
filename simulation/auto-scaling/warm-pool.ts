import type { GroupModel, WarmPoolModel } from "../model";
import type { GroupAtWork } from "./group-at-work";
import type { Instance } from "./instance";

/**
 * How many instances wait beside the group: as many as its maximum allows, or what `max_group_prepared_capacity` leaves,
 * and at least the pool's minimum. Source: Auto Scaling user guide, "Warm pools for applications with long boot times".
 */
export function wantedInPool(
  { warmPool, max }: Pick<GroupModel, "warmPool" | "max">,
  desired: number,
): number {
  return warmPool === undefined ? 0 : Math.max(warmPool.min, (warmPool.maxPrepared ?? max) - desired);
}

/** The state of an instance that waits in a pool. Source: Auto Scaling user guide, "Use lifecycle hooks with a warm pool". */
export function waitingState({ state }: WarmPoolModel): `Warmed:${WarmPoolModel["state"]}` {
  return `Warmed:${state}`;
}

/**
 * Whether an instance that the group gives up goes to the pool: the pool takes some back, wants one more, and the instance
 * is well and of the current version. Source: Auto Scaling API, InstanceReusePolicy.
 */
export function returnsToPool({ model, desired, all }: GroupAtWork, instance: Instance): boolean {
  if (
    !model.warmPool?.reuse ||
    instance.state !== "InService" ||
    instance.unhealthy !== undefined ||
    instance.version !== model.instance.version
  ) {
    return false;
  }
  let there = 0;
  for (const { inPool, version } of all) {
    there += inPool && version === model.instance.version ? 1 : 0;
  }
  return there < wantedInPool(model, desired);
}

/**
 * Fills the pool. Instances of an old version leave it, and so do those that are too many; one that is on its way back
 * arrives first.
 *
 * @param launch launches one for the pool; false where there is none to be had
 */
export function keepPool(group: GroupAtWork, launch: () => boolean): void {
  const { model, desired } = group;
  const pool = [...group.all].filter(({ inPool }) => inPool);
  const wanted = wantedInPool(model, desired);
  const good = pool.filter(({ version }) => version === model.instance.version);
  for (const instance of pool) {
    if (!instance.returns && (!good.includes(instance) || good.indexOf(instance) >= wanted)) {
      group.terminate(instance, "the warm pool does not want it");
    }
  }
  for (let more = wanted - good.length; more > 0 && launch(); more -= 1) {}
}
