import type { Invocation } from "../cloudwatch/alarms";
import { wishOfPolicy } from "./alarmed-policies";
import type { AutoScalingGroup } from "./group";
import { wishOfTargets } from "./target-tracking";
import type { Wish } from "./wish";

/**
 * Has the policies of a group scale it, once a minute. Of several that want something at once, the largest capacity is
 * taken, also when they take instances away.
 * Source: Auto Scaling user guide, "Dynamic scaling", Multiple dynamic scaling policies.
 *
 * @param end the minute after the last one whose metrics can be read
 * @param invocations what alarms have policies do now
 */
export function scale(group: AutoScalingGroup, end: number, invocations: readonly Invocation[]): void {
  const { min, max, alarmedPolicies } = group.model;
  const wishes = [
    wishOfTargets(group, end),
    ...alarmedPolicies.flatMap((policy) =>
      invocations
        .filter(({ action }) => action === policy.address)
        .map((invocation) => wishOfPolicy(group, policy, invocation)),
    ),
  ];
  let largest: Wish | undefined;
  for (const wish of wishes) {
    if (wish !== undefined && wish.capacity > (largest?.capacity ?? Number.NEGATIVE_INFINITY)) {
      largest = wish;
    }
  }
  if (largest === undefined || Math.max(min, Math.min(max, largest.capacity)) === group.desired) {
    return;
  }
  if (largest.pauses) {
    group.scaledSimplyAt = group.around.clock.now;
  }
  group.setDesired(largest.capacity, largest.why);
}
