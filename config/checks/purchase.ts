import { SPOT_NOTICE } from "../../aws/limits";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { SHUTDOWN_MARGIN } from "../plan/timing";
import { formatDuration } from "../units";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Spot instances and warm pools: what AWS does not combine, and what Spot can take away. */
export const checkPurchase: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [...spotDiagnostics(each), ...warmPoolDiagnostics(each)]);

/** A variant is a target group: what goes to the others does not meet a Spot instance. */
const APART =
  "put Spot instances into a variant of their own, such as variants: { steady: { weight: 80 }, spot: { weight: 20, spot: { share: 100 }, accept: { spot-cuts-requests: clients try again } } }, so that only its share is at risk";

function spotDiagnostics({ model, variant, region, at }: VariantInRegion): readonly Diagnostic[] {
  const { spot, instanceRequirements } = variant.settings;
  if (spot === undefined) {
    return [];
  }
  const diagnostics: Diagnostic[] = [];
  const base = variant.capacity.onDemandBase.value;
  if (base > variant.capacity.max.value) {
    diagnostics.push(
      error(
        "on-demand-base-above-max",
        at("spot", "onDemandBase"),
        `${base} on-demand instances are more than max ${variant.capacity.max.value}; use fewer, or leave spot out`,
      ),
    );
  }
  if (base === 0) {
    diagnostics.push(
      warning(
        "all-instances-spot",
        at("spot", "onDemandBase"),
        `all instances of ${model.name} in ${region.name} may be reclaimed at once; set spot.onDemandBase to 1 or more`,
      ),
    );
  }
  if (spot.strategy === "capacity-optimized-prioritized" && instanceRequirements !== undefined) {
    diagnostics.push(
      error(
        "spot-strategy-refused",
        at("spot", "strategy"),
        "capacity-optimized-prioritized needs an order of types, and instanceRequirements has none; use price-capacity-optimized",
      ),
    );
  }
  const longest = SPOT_NOTICE.seconds - SHUTDOWN_MARGIN;
  if (model.longestRequest > longest) {
    const apart = model.variants.some((other) => other.settings.spot === undefined);
    diagnostics.push(
      warning(
        "spot-cuts-requests",
        at("spot"),
        `EC2 takes a Spot instance back ${formatDuration(SPOT_NOTICE.seconds)} after its notice, whatever the drain: requests over ${formatDuration(longest)} are cut then, and those of ${model.name} take up to ${formatDuration(model.longestRequest)}; ${apart ? "" : `${APART}, `}leave spot out, or accept this if clients try again`,
      ),
    );
  }
  return diagnostics;
}

function warmPoolDiagnostics({ variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { warmPool, spot } = variant.settings;
  if (warmPool === undefined) {
    return [];
  }
  const diagnostics: Diagnostic[] = [];
  if (spot !== undefined) {
    diagnostics.push(
      error(
        "warm-pool-refused",
        at("warmPool"),
        "AWS keeps no warm pool of groups with Spot instances; remove one of the two",
      ),
    );
  }
  if (warmPool.maxPrepared !== undefined && warmPool.maxPrepared < warmPool.min) {
    diagnostics.push(
      error(
        "min-above-max",
        at("warmPool", "maxPrepared"),
        `maxPrepared ${warmPool.maxPrepared} < min ${warmPool.min}; swap them, or raise maxPrepared`,
      ),
    );
  }
  return diagnostics;
}
