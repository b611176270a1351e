import type { AutoscalingGroupWarmPool } from "@cdktf/provider-aws/lib/autoscaling-group";
import { Token } from "cdktf";
import { requireWithin } from "../require-within";

/** Instances that were made ready once and wait, so that the group grows faster. On-demand groups only. */
export interface WarmPool {
  /**
   * How they wait. A stopped instance costs its volumes only, and what lay on its instance store is gone; a running one
   * costs as much as one in service. Hibernation is left out: no GPU instance type is known to support it.
   *
   * @default "Stopped"
   */
  readonly state?: "Stopped" | "Running";

  /**
   * Instances that always wait, from 0.
   *
   * @default 0
   */
  readonly minSize?: number;

  /**
   * Most instances, waiting and in service; at least `minSize`.
   *
   * @default the group's `maxSize`
   */
  readonly maxGroupPreparedCapacity?: number;

  /**
   * Whether instances go back to the pool when the group shrinks.
   *
   * @default false
   */
  readonly reuseOnScaleIn?: boolean;
}

/**
 * The warm pool of an Auto Scaling group with a launch hook, without which user data would be cut off.
 *
 * Source: Auto Scaling user guide, "Decrease latency for applications with long boot times using warm pools".
 *
 * @throws Error when the group may launch Spot instances
 * @throws RangeError when a number is out of range
 */
export function warmPool(pool: WarmPool, spot: boolean): AutoscalingGroupWarmPool {
  const { state = "Stopped", minSize = 0, maxGroupPreparedCapacity, reuseOnScaleIn = false } = pool;
  if (spot) {
    throw new Error(
      "warmPool needs a group of on-demand instances only: onDemandPercentageAboveBase must be 100",
    );
  }
  requireWithin("warmPool.minSize", minSize, { min: 0 });
  requireWithin("warmPool.maxGroupPreparedCapacity", maxGroupPreparedCapacity, {
    min: Token.isUnresolved(minSize) ? 0 : minSize,
  });
  return {
    poolState: state,
    minSize,
    maxGroupPreparedCapacity,
    instanceReusePolicy: { reuseOnScaleIn },
  };
}
