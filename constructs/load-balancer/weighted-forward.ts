import { Token } from "cdktf";
import { ARN_FORMS } from "../../aws/arn";
import { FORWARD_STICKINESS_DURATION, FORWARD_WEIGHT, TARGET_GROUPS_PER_ACTION } from "../../aws/limits";
import { requireArn, requireWithin } from "../require-within";

/** The duration that the console sets when stickiness is off: one is required even then. */
const DURATION_WHEN_OFF = 3_600;

/** A target group and its share of the requests. */
export interface WeightedTargetGroup {
  /** ARN of the target group. */
  readonly arn: string;

  /**
   * Its weight relative to the others, from 0 (no new requests) to 999.
   *
   * @default 1
   */
  readonly weight?: number;
}

/** Distribution of requests to target groups. */
export interface WeightedForward {
  /** 1 to 5 different target groups, not all of weight 0. Their order does not matter. */
  readonly targetGroups: readonly WeightedTargetGroup[];

  /**
   * Keeps a client that accepts cookies with its first target group for `duration` seconds (1 to 604800, a week). AWS
   * requires it when there are several target groups and one of them is itself sticky.
   *
   * @default each request is distributed by weight
   */
  readonly stickiness?: { readonly duration: number };
}

/** A forward action, for a rule and for the default action of a listener. */
export interface ForwardAction {
  readonly type: "forward";
  readonly forward: {
    readonly targetGroup: { readonly arn: string; readonly weight: number }[];
    readonly stickiness: { readonly enabled: boolean; readonly duration: number };
  };
}

/**
 * The action that forwards requests by weight.
 *
 * A single target group has the same form as several, so that a second one changes only the weights. Stickiness is
 * written out even when it is off: AWS keeps the last duration, and without the block every plan would show a change
 * (terraform-provider-aws, issue 15144).
 *
 * @throws RangeError when the number of target groups, a weight or the duration is out of range
 * @throws Error when a target group is listed twice or all weights are 0
 */
export function forwardAction(forward: WeightedForward): ForwardAction {
  const targetGroups = forward.targetGroups.map(({ arn, weight = 1 }) => ({ arn, weight }));
  requireWithin("the number of target groups in one action", targetGroups.length, {
    min: 1,
    ...TARGET_GROUPS_PER_ACTION,
  });
  for (const { arn, weight } of targetGroups) {
    requireArn("arn of a target group", arn, ARN_FORMS.targetGroup);
    requireWithin("the weight of a target group", weight, FORWARD_WEIGHT);
  }
  if (new Set(targetGroups.map(({ arn }) => arn)).size < targetGroups.length) {
    throw new Error("a target group is listed twice in one action; give it the sum of the weights");
  }
  if (targetGroups.every(({ weight }) => !Token.isUnresolved(weight) && weight === 0)) {
    throw new Error("the weights of the target groups sum to 0: none of them would get a request");
  }
  requireWithin("the stickiness duration", forward.stickiness?.duration, FORWARD_STICKINESS_DURATION);

  return {
    type: "forward",
    forward: {
      targetGroup: targetGroups,
      stickiness: {
        enabled: forward.stickiness !== undefined,
        duration: forward.stickiness?.duration ?? DURATION_WHEN_OFF,
      },
    },
  };
}
