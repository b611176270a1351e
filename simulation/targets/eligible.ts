import type { TargetGroupModel, ThresholdModel } from "../model";
import type { Target } from "./target";

/** A node of a load balancer, as far as targets depend on it. */
export interface NodePlace {
  readonly index: number;
  readonly zone: string;
}

/** Whether too few targets are healthy. Source: ELB user guide, "Target group health". */
export function isBreached({ count, percentage }: ThresholdModel, healthy: number, all: number): boolean {
  return healthy < count || (percentage > 0 && healthy * 100 < percentage * all);
}

/**
 * The targets that a node may send a new request to, put into an array that the caller keeps.
 *
 * - Without cross-zone load balancing, those of its own zone; a zone that is shifted away from gets nothing.
 * - Healthy ones. If fewer are healthy than the threshold wants, all that are not draining.
 * - None that is draining.
 *
 * Sources: ELB user guide, "Target group health", "Cross-zone load balancing for target groups", "Zonal shift for your
 * Application Load Balancer" (targets of the zone are left out, also where cross-zone load balancing is on).
 */
export function eligibleTargets(
  targets: readonly Target[],
  { crossZone, routingThreshold }: Pick<TargetGroupModel, "crossZone" | "routingThreshold">,
  node: NodePlace,
  shiftedZone: string | undefined,
  into: Target[],
): void {
  into.length = 0;
  let all = 0;
  for (const target of targets) {
    if (!target.draining && target.zone !== shiftedZone && (crossZone || target.zone === node.zone)) {
      all += 1;
      if (target.isHealthy(node.index)) {
        into.push(target);
      }
    }
  }
  if (!isBreached(routingThreshold, into.length, all)) {
    return;
  }
  into.length = 0;
  for (const target of targets) {
    if (!target.draining && target.zone !== shiftedZone && (crossZone || target.zone === node.zone)) {
      into.push(target);
    }
  }
}
