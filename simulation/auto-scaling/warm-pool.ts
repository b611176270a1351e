import type { GroupModel } from "../model";

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
