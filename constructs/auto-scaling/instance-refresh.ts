import type { AutoscalingGroupInstanceRefresh } from "@cdktf/provider-aws/lib/autoscaling-group";
import {
  CHECKPOINT_DELAY,
  CHECKPOINT_PERCENTAGE,
  HEALTHY_PERCENTAGE_SPREAD,
  MAX_HEALTHY_PERCENTAGE,
  MIN_HEALTHY_PERCENTAGE,
  REFRESH_ALARMS,
} from "../../aws/limits";
import { requireWithin } from "../require-within";

/** How much of the group is healthy while instances are replaced, in per cent of its desired capacity. */
export interface HealthyPercentages {
  /** Per cent that stays in service, 0 to 100. 100: the new instance is launched before the old one goes. */
  readonly min: number;

  /** Per cent the group may grow to meanwhile, 100 to 200, at most 100 more than `min`. */
  readonly max: number;
}

/** Pauses of a refresh, to look before it goes on. */
export interface Checkpoints {
  /** Per cent of replaced instances at which it pauses: rising, the last one 100. */
  readonly percentages: readonly number[];

  /**
   * Seconds it pauses, 0 to 172800.
   *
   * @default 3600
   */
  readonly delay?: number;
}

/** How a new version of the launch template reaches the instances. */
export interface InstanceRefreshSettings {
  /**
   * Whether a refresh that fails ends with a rollback. Auto Scaling rolls back to what the group was set to when
   * the refresh began, and the Terraform provider sets the new version on the group just before that
   * (terraform-provider-aws issue 34189, open when this was written). So count on this: the refresh stops, and
   * what is not replaced yet keeps serving. Going back is another apply, of the version before.
   *
   * @default true
   */
  readonly autoRollback?: boolean;

  /**
   * Whether instances that are already as wanted are left alone.
   *
   * @default true
   */
  readonly skipMatching?: boolean;

  /**
   * Seconds a new instance is given after it came into service before the next one is replaced.
   *
   * @default the group's `defaultInstanceWarmup`
   */
  readonly instanceWarmup?: number;

  /**
   * Where the refresh pauses.
   *
   * @default nowhere
   */
  readonly checkpoints?: Checkpoints;

  /**
   * Names of CloudWatch alarms, 1 to 10: one that goes off ends the refresh.
   *
   * @default none
   */
  readonly alarms?: readonly string[];
}

/**
 * The instance refresh of an Auto Scaling group.
 *
 * @param replaceProtected whether instances protected from scale-in are replaced too, as they must be where all are
 * @throws Error when the checkpoints do not end at 100
 * @throws RangeError when a number is out of range, the checkpoints do not rise, or there are no or too many alarms
 */
export function instanceRefresh(
  healthy: HealthyPercentages,
  settings: InstanceRefreshSettings,
  replaceProtected: boolean,
): AutoscalingGroupInstanceRefresh {
  const { autoRollback = true, skipMatching = true, instanceWarmup, checkpoints, alarms } = settings;
  requireWithin("instanceWarmup", instanceWarmup, { min: 0 });
  requireWithin("number of alarms", alarms?.length, REFRESH_ALARMS);
  return {
    strategy: "Rolling",
    preferences: {
      autoRollback,
      skipMatching,
      minHealthyPercentage: healthy.min,
      maxHealthyPercentage: healthy.max,
      instanceWarmup: instanceWarmup?.toString(),
      ...(checkpoints && pauses(checkpoints)),
      alarmSpecification: alarms && { alarms: [...alarms] },
      scaleInProtectedInstances: replaceProtected ? "Refresh" : undefined,
    },
  };
}

/** @throws RangeError when a percentage is out of range or they lie more than 100 apart */
export function requireHealthyPercentages({ min, max }: HealthyPercentages): void {
  requireWithin("healthyPercentages.min", min, MIN_HEALTHY_PERCENTAGE);
  requireWithin("healthyPercentages.max", max, {
    ...MAX_HEALTHY_PERCENTAGE,
    max: Math.min(MAX_HEALTHY_PERCENTAGE.max, min + HEALTHY_PERCENTAGE_SPREAD.max),
  });
}

function pauses({ percentages, delay }: Checkpoints) {
  requireWithin("checkpoints.delay", delay, CHECKPOINT_DELAY);
  percentages.forEach((percentage, index) => {
    requireWithin("checkpoints.percentages", percentage, {
      ...CHECKPOINT_PERCENTAGE,
      min: index === 0 ? CHECKPOINT_PERCENTAGE.min : (percentages[index - 1] ?? 0) + 1,
    });
  });
  if (percentages.at(-1) !== CHECKPOINT_PERCENTAGE.max) {
    throw new Error(`checkpoints.percentages must end at 100; got ${percentages.join(", ")}`);
  }
  return { checkpointPercentages: [...percentages], checkpointDelay: delay?.toString() };
}
