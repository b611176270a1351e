import type { AutoscalingGroupWarmPool } from "@cdktf/provider-aws/lib/autoscaling-group";
import { Token } from "cdktf";
import { requireWithin } from "../require-within";

/** Initialized instances that wait, so that the group grows faster. Only for groups of on-demand instances. */
export interface WarmPool {
  /**
   * Their state. A stopped instance costs its volumes only, and loses the data on its instance store. A running one
   * costs as much as one in service. Hibernation is left out: no GPU instance type is documented to support it.
   *
   * @default "Stopped"
   */
  readonly state?: "Stopped" | "Running";

  /**
   * Minimum number of waiting instances, from 0.
   *
   * @default 0
   */
  readonly minSize?: number;

  /**
   * Maximum number of instances, waiting and in service together; at least `minSize`.
   *
   * @default the group's `maxSize`
   */
  readonly maxGroupPreparedCapacity?: number;

  /**
   * Whether instances return to the pool when the group shrinks.
   *
   * @default false
   */
  readonly reuseOnScaleIn?: boolean;
}

/**
 * The warm pool of an Auto Scaling group. The group needs a launch hook: without one, Auto Scaling would stop an
 * instance before its user data has finished.
 *
 * Source: Auto Scaling user guide, "Decrease latency for applications with long boot times using warm pools", whose
 * limitations name Spot instances and no longer types by requirements.
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
