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
  /** Per cent that stays in service, 0 to 100. With 100 a new instance is launched before the old one is terminated. */
  readonly min: number;

  /** Per cent that the group may grow to meanwhile, 100 to 200, at most 100 more than `min`. */
  readonly max: number;
}

/** Pauses of a refresh, for people to check before it continues. */
export interface Checkpoints {
  /** Per cent of replaced instances at which it pauses, in rising order. The last one is 100. */
  readonly percentages: readonly number[];

  /**
   * Seconds it pauses, 0 to 172800.
   *
   * @default 3600
   */
  readonly delay?: number;
}

/**
 * How a new version of the launch template reaches the instances.
 *
 * A refresh that fails, or that an alarm stops, leaves the group on the new version: the instances that are not replaced
 * yet keep serving, and every later launch is of the new version. To go back, apply the previous version.
 *
 * There is no automatic rollback. AWS rolls back to the settings that the group had when the refresh began, but the
 * Terraform provider sets the new version on the group just before that. So AWS would "roll back" to the new version, and
 * would meanwhile refuse every change of the version. Source: terraform-provider-aws, `resourceGroupUpdate`, and issue
 * 34189; Auto Scaling user guide, "How an instance refresh works", Update restriction.
 */
export interface InstanceRefreshSettings {
  /**
   * Whether to skip instances that already match the new version. AWS refuses that in a group whose instance types are
   * given by requirements.
   *
   * @default true; false with requirements
   */
  readonly skipMatching?: boolean;

  /**
   * Seconds between a new instance's entry into service and the replacement of the next one.
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
   * Names of CloudWatch alarms, 1 to 10. The refresh fails when one of them goes off. While one of them is in the state
   * ALARM or INSUFFICIENT_DATA, AWS refuses to start a refresh: the apply then ends with an error after it has set the new
   * version on the group. Source: Auto Scaling user guide, "Undo changes with a manual or auto rollback".
   *
   * @default none
   */
  readonly alarms?: readonly string[];
}

/**
 * The instance refresh of an Auto Scaling group.
 *
 * @param replaceProtected whether to replace instances protected from scale-in too. Set it when all are protected.
 * @param byRequirements whether the instance types of the group are given by requirements
 * @throws Error when the checkpoints do not end at 100, or matching instances are to be skipped by requirements
 * @throws RangeError when a number is out of range, the checkpoints do not rise, or there are no or too many alarms
 */
export function instanceRefresh(
  healthy: HealthyPercentages,
  settings: InstanceRefreshSettings,
  replaceProtected: boolean,
  byRequirements = false,
): AutoscalingGroupInstanceRefresh {
  const { skipMatching = !byRequirements, instanceWarmup, checkpoints, alarms } = settings;
  if (skipMatching && byRequirements) {
    throw new Error("skipMatching must be false with requirements: AWS refuses such a refresh");
  }
  requireWithin("instanceWarmup", instanceWarmup, { min: 0 });
  requireWithin("number of alarms", alarms?.length, REFRESH_ALARMS);
  return {
    strategy: "Rolling",
    preferences: {
      autoRollback: false,
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

/** @throws RangeError when a percentage is out of range, or `max` is over 100 more than `min` */
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
