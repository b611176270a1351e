import type { Derived } from "./derived";
import type { ServingFile } from "./schema/deployment";
import { boxSettings } from "./settings";

/** What each region that serves a model has to serve at its own peak, in requests a minute. */
export interface RegionalPeaks {
  /** Of the region itself. */
  readonly own: number;
  /** Of the others; at least one. */
  readonly others: readonly number[];
}

/**
 * Who serves the clients of a lost region: the others, each in proportion to what it serves anyway, as with weights and
 * equal shares; or the next region alone, all of them, as with an order of failover. Where the nearest region serves
 * them, nobody knows before which that is for how many: in proportion is what is assumed.
 */
export type Takeover = "in proportion" | "all to the next";

const SOURCE =
  "AWS Well-Architected, Reliability Pillar, REL11-BP05 Use static stability to prevent bimodal behavior";

const ASSUMED =
  "; an assumption where the nearest gets it, which may then be all of it: write a higher peakRequestsPerMinute there";

/**
 * What a region has to serve at the peak once the one whose loss is the worst for it is gone, in requests a minute. Of
 * N regions alike, each comes to serve N ÷ (N − 1) of its own peak, that is, the peak of all ÷ (N − 1).
 */
export function peakAfterRegionLoss({ own, others }: RegionalPeaks, takeover: Takeover): Derived {
  const unit = "requests/min";
  const largestOtherPeak = Math.max(...others);
  if (takeover === "all to the next") {
    return {
      value: Math.max(own, largestOtherPeak),
      unit,
      rule: "the largest peak of any region: the next in order serves all that the lost one did",
      inputs: { peakRequestsPerMinute: own, largestOtherPeak },
      source: SOURCE,
    };
  }
  const allPeaks = others.reduce((sum, peak) => sum + peak, own);
  return {
    value: (own * allPeaks) / (allPeaks - largestOtherPeak),
    unit,
    rule: `peakRequestsPerMinute × allPeaks ÷ (allPeaks − largestOtherPeak): what a lost region served goes to the others, in proportion to what they serve${others.length > 1 ? ASSUMED : ""}`,
    inputs: { peakRequestsPerMinute: own, allPeaks, largestOtherPeak },
    source: SOURCE,
  };
}

/** Regions that serve a model, in the order of their names. */
export function regionsServing(file: ServingFile, model: string): readonly string[] {
  return Object.keys(file.regions)
    .filter((region) => file.regions[region]?.models?.[model] !== false)
    .sort();
}

/**
 * Regions that serve a model and stand in for one another, among them the one that asks. One that the door has let go
 * of takes nobody over, and has no clients of its own to take over; it stays as large as it was until it is destroyed.
 * One that is drained counts: it may be back at any time, and draining changes no region.
 */
export function regionsStandingIn(file: ServingFile, region: string, model: string): readonly string[] {
  const serving = regionsServing(file, model);
  const isRemoved = (each: string) => file.regions[each]?.traffic === "removed";
  return isRemoved(region) ? serving : serving.filter((each) => !isRemoved(each));
}

/**
 * The peaks of a model as they are written for one of its variants, in a region and in the others that stand in for
 * it. Nothing, when there is no other or one does not say its peak.
 */
export function regionalPeaks(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
): RegionalPeaks | undefined {
  const peakIn = (each: string) => boxSettings(file, each, model, variant).capacity?.peakRequestsPerMinute;
  const own = peakIn(region);
  const elsewhere = regionsStandingIn(file, region, model).filter((each) => each !== region);
  const others = elsewhere.flatMap((each) => peakIn(each) ?? []);
  return own === undefined || others.length === 0 || others.length < elsewhere.length
    ? undefined
    : { own, others };
}
