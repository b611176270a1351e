import type { Invocation } from "../cloudwatch/alarms";
import type { AutoScalingGroup } from "./group";
import type { AlarmedPolicyModel, SimpleScalingModel, StepModel, StepScalingModel } from "./policies";
import type { Wish } from "./wish";

/**
 * What a policy wants when an alarm has it act; `undefined`: what there is.
 * Source: Auto Scaling user guide, "Step and simple scaling policies".
 */
export function wishOfPolicy(
  group: AutoScalingGroup,
  policy: AlarmedPolicyModel,
  invocation: Invocation,
): Wish | undefined {
  return policy.kind.type === "step"
    ? wishOfSteps(group, policy, policy.kind, invocation)
    : wishOfSimple(group, policy, policy.kind, invocation);
}

/**
 * The step is the one whose interval has the metric. A new instance counts as current capacity when it is warm, so that
 * the same step adds instances once; one that leaves still counts, so that it takes them away once. While instances are
 * added, none is taken away.
 * Source: Auto Scaling user guide, "Step and simple scaling policies", Step adjustments and Instance warmup.
 */
function wishOfSteps(
  group: AutoScalingGroup,
  policy: AlarmedPolicyModel,
  { aggregation, steps, warmUp }: StepScalingModel,
  { alarm, threshold, values }: Invocation,
): Wish | undefined {
  if (values.length === 0) {
    // The alarm goes off without data, which are in no interval.
    return undefined;
  }
  const value = AGGREGATED[aggregation](values);
  const step = steps.find((each) => holds(each, value - threshold));
  if (step === undefined) {
    return undefined;
  }
  const why = `${policy.name}: ${alarm} at ${value.toFixed(1)}, threshold ${threshold}`;
  let [warm, growing, leaving] = [0, 0, 0];
  for (const instance of group.all) {
    if (group.isWarm(instance, warmUp)) {
      warm += 1;
    } else if (instance.counts) {
      growing += 1;
    } else if (instance.leaves) {
      leaving += 1;
    }
  }
  const adds = policy.adjustment === "ExactCapacity" ? step.by > group.desired : step.by > 0;
  const capacity = adjusted(policy, step.by, adds ? warm : warm + leaving);
  if (adds) {
    return capacity > group.desired ? { capacity, why } : undefined;
  }
  return growing === 0 && capacity < group.desired ? { capacity, why } : undefined;
}

/**
 * The same change each time. Nothing is changed while instances come and go, nor for the cooldown afterwards.
 * Source: Auto Scaling user guide, "Scaling cooldowns for Amazon EC2 Auto Scaling".
 */
function wishOfSimple(
  group: AutoScalingGroup,
  policy: AlarmedPolicyModel,
  { by, cooldown }: SimpleScalingModel,
  { alarm }: Invocation,
): Wish | undefined {
  const { scaledSimplyAt, changedAt, desired, around } = group;
  for (const instance of group.all) {
    if (instance.state.startsWith("Pending") || instance.leaves) {
      return undefined;
    }
  }
  if (scaledSimplyAt !== undefined && around.clock.now < Math.max(scaledSimplyAt, changedAt) + cooldown) {
    return undefined;
  }
  const capacity = adjusted(policy, by, desired);
  return capacity === desired ? undefined : { capacity, why: `${policy.name}: ${alarm}`, pauses: true };
}

const AGGREGATED: Readonly<Record<StepScalingModel["aggregation"], (values: readonly number[]) => number>> = {
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
};

/**
 * Beyond the threshold the lower bound belongs to the interval, below it the upper one.
 * Source: Auto Scaling API, StepAdjustment.
 */
function holds(
  { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY }: StepModel,
  beyond: number,
) {
  return beyond >= 0 ? beyond >= lower && beyond < upper : beyond > lower && beyond <= upper;
}

/** Source: Auto Scaling user guide, "Step and simple scaling policies", Scaling adjustment types. */
function adjusted({ adjustment, leastChange }: AlarmedPolicyModel, by: number, capacity: number): number {
  switch (adjustment) {
    case "ChangeInCapacity":
      return capacity + by;
    case "ExactCapacity":
      return by;
    case "PercentChangeInCapacity": {
      const exact = (capacity * by) / 100;
      // Less than an instance is one; of more, the fraction is dropped.
      const whole = Math.abs(exact) < 1 ? Math.ceil(Math.abs(exact)) : Math.floor(Math.abs(exact));
      return capacity + Math.sign(by) * Math.max(whole, leastChange);
    }
  }
}
