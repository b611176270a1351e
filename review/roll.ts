import { assume } from "../simulation/assumptions";
import { loadTimeOf } from "../simulation/auto-scaling/load-time";
import { paceOf } from "../simulation/auto-scaling/replacement";
import type { GroupModel } from "../simulation/model";
import { instancesOf } from "./sides";

/** An instance refresh that a change starts. */
export interface Roll {
  /** Instances that are replaced. */
  readonly instances: number;
  /** Instances that are replaced together. */
  readonly atOnce: number;
  /** Seconds from the first launch until the last old instance is gone, if nothing fails and EC2 has room. */
  readonly seconds: number;
  /** Of these, seconds of one instance: until its model answers, and until an old one has drained. */
  readonly load: number;
  readonly drain: number;
  /** Instances in service in the meantime, at the least and at the most. */
  readonly fewest: number;
  readonly most: number;
}

/**
 * How long a refresh takes at its pace. Each step launches some instances, waits until their model answers and for the
 * warm-up, and drains the old ones; a pause at each checkpoint comes on top. The load time is half of what the launch
 * hook leaves room for, as this project writes it. Source: Auto Scaling user guide, "How an instance refresh works".
 *
 * @returns `undefined` where the group has no instance refresh: then only what is launched later is new
 */
export function rollOf(before: GroupModel, after: GroupModel): Roll | undefined {
  const { refresh } = after;
  const instances = Math.min(instancesOf(before), after.max);
  if (refresh === undefined || instances === 0) {
    return undefined;
  }
  const { launchFirst, atOnce } = paceOf(refresh.range, instances);
  const assumed = assume();
  const load = loadTimeOf(after, assumed);
  // The hook changes in place, before the first instance leaves.
  const drain = after.terminateHook?.heartbeatTimeout ?? 0;
  const steps = Math.ceil(instances / atOnce);
  const pauses =
    refresh.checkpoints.filter((percentage) => percentage < 100).length * refresh.checkpointDelay;
  const together = Math.min(atOnce, instances);
  return {
    instances,
    atOnce: together,
    seconds: steps * (assumed.launch + load + refresh.warmUp + drain) + pauses,
    load,
    drain,
    fewest: launchFirst ? instances : instances - together,
    most: launchFirst ? instances + together : instances,
  };
}
