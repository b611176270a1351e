import type { TargetGroupModel } from "../model";
import type { Random } from "../time/random";
import type { Target } from "./target";

/**
 * Chooses one of the targets that may be chosen.
 *
 * - `round_robin`: the one that was chosen longest ago. A target in slow start is passed over, the less often the longer
 *   it is healthy: its share grows linearly.
 * - `least_outstanding_requests`: the one with the fewest running requests; of equals, the one chosen longest ago.
 * - `weighted_random`: any, all with the same weight.
 *
 * Source: ELB user guide, "Routing algorithms for target groups" and "Slow start mode". Which of equals comes first is not
 * documented.
 *
 * @param turn a number that rises with each choice of the group
 * @param shareOf of a target, its share of a full one, for the slow start
 */
export function chooseTarget(
  eligible: readonly Target[],
  algorithm: TargetGroupModel["algorithm"],
  turn: number,
  random: Random,
  shareOf: (target: Target) => number,
): Target | undefined {
  if (eligible.length === 0) {
    return undefined;
  }
  if (algorithm === "weighted_random") {
    return eligible[Math.floor(random() * eligible.length)];
  }
  const chosen =
    algorithm === "least_outstanding_requests" ? fewest(eligible) : nextOf(eligible, random, shareOf, turn);
  chosen.turn = turn;
  return chosen;
}

function fewest(eligible: readonly Target[]): Target {
  let best = eligible[0] as Target;
  for (const target of eligible) {
    if (
      target.outstanding < best.outstanding ||
      (target.outstanding === best.outstanding && target.turn < best.turn)
    ) {
      best = target;
    }
  }
  return best;
}

/** One that is passed over has had its turn, so that the others follow. */
function nextOf(
  eligible: readonly Target[],
  random: Random,
  shareOf: (target: Target) => number,
  turn: number,
): Target {
  let next = longestAgo(eligible);
  for (let tries = 1; tries < eligible.length && random() >= shareOf(next); tries += 1) {
    next.turn = turn;
    next = longestAgo(eligible);
  }
  return next;
}

function longestAgo(eligible: readonly Target[]): Target {
  let best = eligible[0] as Target;
  for (const target of eligible) {
    if (target.turn < best.turn) {
      best = target;
    }
  }
  return best;
}
