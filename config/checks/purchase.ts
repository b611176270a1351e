import { SPOT_NOTICE } from "../aws/limits";
import { error, type Problem, warning } from "../problem";
import { SHUTDOWN_MARGIN } from "../timing";
import { formatDuration } from "../units";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Spot instances, reservations and warm pools: what AWS does not combine, and what Spot can take away. */
export const checkPurchase: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...spotProblems(each),
    ...reservationProblems(each),
    ...warmPoolProblems(each),
  ]);

function spotProblems({ model, variant, region, at }: VariantInRegion): readonly Problem[] {
  const { spot, instanceRequirements } = variant.settings;
  if (spot === undefined) {
    return [];
  }
  const problems: Problem[] = [];
  const base = variant.capacity.onDemandBase.value;
  if (base > variant.capacity.max.value) {
    problems.push(
      error(
        at("spot", "onDemandBase"),
        `${base} on-demand boxes are more than max ${variant.capacity.max.value}; use fewer, or leave spot out`,
      ),
    );
  }
  if (base === 0) {
    problems.push(
      warning(
        at("spot", "onDemandBase"),
        `all boxes of ${model.name} in ${region.name} may be reclaimed at once; set spot.onDemandBase to 1 or more`,
      ),
    );
  }
  if (spot.strategy === "capacity-optimized-prioritized" && instanceRequirements !== undefined) {
    problems.push(
      error(
        at("spot", "strategy"),
        "capacity-optimized-prioritized goes by the order of the types, which instanceRequirements gives up; use price-capacity-optimized",
      ),
    );
  }
  const leave = model.file.longestRequest + SHUTDOWN_MARGIN;
  if (leave > SPOT_NOTICE.seconds && !spot.acceptCutRequests) {
    problems.push(
      warning(
        at("spot"),
        `${model.name} needs ${formatDuration(leave)} to leave, and a Spot notice gives ${formatDuration(SPOT_NOTICE.seconds)}: longer requests will be cut; leave spot out, or say spot.acceptCutRequests: true`,
      ),
    );
  }
  return problems;
}

function reservationProblems({ variant, at }: VariantInRegion): readonly Problem[] {
  const { capacityReservation: reservation, spot } = variant.settings;
  if (reservation === undefined) {
    return [];
  }
  const problems: Problem[] = [];
  if (reservation.id !== undefined && reservation.resourceGroupArn !== undefined) {
    problems.push(
      error(at("capacityReservation", "resourceGroupArn"), "set either id or resourceGroupArn, not both"),
    );
  }
  if (reservation.preference === "none" && (reservation.id ?? reservation.resourceGroupArn) !== undefined) {
    problems.push(
      error(
        at("capacityReservation", "preference"),
        '"none" uses no reservation; use capacity-reservations-first, or remove the rest',
      ),
    );
  }
  if (reservation.preference === "capacity-reservations-only" && spot !== undefined) {
    problems.push(
      error(
        at("capacityReservation", "preference"),
        "Spot instances cannot be reserved; use capacity-reservations-first, or remove spot",
      ),
    );
  }
  return problems;
}

function warmPoolProblems({ variant, at }: VariantInRegion): readonly Problem[] {
  const { warmPool, spot, instanceRequirements } = variant.settings;
  if (warmPool === undefined) {
    return [];
  }
  const problems: Problem[] = [];
  if (spot !== undefined) {
    problems.push(
      error(at("warmPool"), "AWS keeps no warm pool of groups with Spot instances; remove one of the two"),
    );
  }
  if (instanceRequirements !== undefined) {
    problems.push(
      error(
        at("warmPool"),
        "AWS keeps no warm pool of groups with instanceRequirements; name the types instead",
      ),
    );
  }
  if (warmPool.maxPrepared !== undefined && warmPool.maxPrepared < warmPool.min) {
    problems.push(
      error(
        at("warmPool", "maxPrepared"),
        `maxPrepared ${warmPool.maxPrepared} < min ${warmPool.min}; swap them, or raise maxPrepared`,
      ),
    );
  }
  return problems;
}
