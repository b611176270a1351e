import { valuesOf } from "../cloudwatch/metric-math";
import type { GroupAtWork } from "./group-at-work";
import type { TrackingModel } from "./policies";
import type { Wish } from "./wish";

/**
 * The capacity that the target tracking policies of a group want. Each looks at its metric once a minute. Any adds
 * instances when some periods in a row are above its target; all have to agree to take instances away, which happens
 * in small steps, and not while instances warm up.
 * Source: Auto Scaling user guide, "Target tracking scaling policies".
 *
 * @param end the minute after the last one whose metrics can be read
 * @returns `undefined`: they want what there is
 */
export function wishOfTargets(group: GroupAtWork, end: number): Wish | undefined {
  const { policies } = group.model;
  const { assumed } = group.around;
  const warm = (policy: TrackingModel) => {
    let count = 0;
    for (const instance of group.all) {
      count += group.isWarm(instance, policy.warmUp ?? group.model.warmUp) ? 1 : 0;
    }
    return count;
  };
  let out = group.desired;
  let lower = 0;
  let agreed = policies.length > 0;
  let because = "";
  for (const policy of policies) {
    const values = valuesOf(policy.metric, group.around.metrics, end, assumed.scaleInPeriods);
    const last = values.slice(-assumed.scaleOutPeriods);
    const latest = last.at(-1);
    const count = warm(policy);
    if (latest !== undefined && last.every((value) => value !== undefined && value > policy.target)) {
      const wanted = Math.ceil((count * latest) / policy.target);
      because = wanted > out ? `${policy.name} at ${latest.toFixed(1)}, target ${policy.target}` : because;
      out = Math.max(out, wanted);
    }
    const low = policy.target * assumed.scaleInBelow;
    const below = values.every((value) => value !== undefined && value < low);
    agreed &&= policy.scaleIn && below && count === group.desired;
    lower = Math.max(lower, Math.ceil((count * (latest ?? 0)) / policy.target));
  }
  if (out > group.desired) {
    return { capacity: out, why: because };
  }
  if (agreed && lower < group.desired) {
    const step = Math.max(1, Math.floor(group.desired * assumed.scaleInStep));
    const why = "all policies are below their targets";
    return { capacity: Math.max(lower, group.desired - step), why };
  }
  return undefined;
}
