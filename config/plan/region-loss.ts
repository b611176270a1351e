import type { ServingFile } from "../schema/deployment";
import type { Derived } from "./derived";
import { isRemoved, regionWeight } from "./global-endpoint";
import { instanceSetting, isServed } from "./overrides";

/** What a region that serves a model has to serve by itself. */
export interface RegionalPeak {
  /** As it is written for the region, in requests a minute. */
  readonly peak: number;
  /** Its share of the global endpoint's clients, relative to the others'; of use with `weighted` only. */
  readonly weight: number;
}

/** A region that serves a model, and those that it stands in for. */
export interface RegionalPeaks {
  readonly own: RegionalPeak;
  /** At least one. */
  readonly others: readonly RegionalPeak[];
  /**
   * Those of the others that may be lost, at least one.
   * @default all
   */
  readonly lossCandidates?: readonly RegionalPeak[];
}

/**
 * Who serves the clients of a lost region: the others, each in proportion to what it serves anyway; or each by its
 * weight; or the next region alone, all of them, as with an order of failover. Where the nearest region serves them,
 * nobody knows before which that is for how many: in proportion is what is assumed.
 */
export type Takeover = "in proportion" | "by weight" | "all to the next";

/** Who serves the clients of a lost region of this deployment. */
export function takeoverOf({ globalEndpoint }: ServingFile): Takeover {
  switch (globalEndpoint?.routing) {
    case "failover":
      return "all to the next";
    case "weighted":
      return "by weight";
    default:
      return "in proportion";
  }
}

const UNIT = "requests/min";
const SOURCE =
  "AWS Well-Architected, Reliability Pillar, REL11-BP05 Use static stability to prevent bimodal behavior";
const WEIGHTS = `${SOURCE}; Route 53 developer guide, Values specific for weighted records`;

const ASSUMED =
  "; an assumption where the nearest gets it, which may then be all of it: write a higher peakRequestsPerMinute there";

/** What a region has to serve at the peak once the one whose loss is the worst for it is gone, in requests a minute. */
export function peakAfterRegionLoss(peaks: RegionalPeaks, takeover: Takeover): Derived {
  const ways = {
    "in proportion": peakInProportion,
    "by weight": peakByWeight,
    "all to the next": peakOfTheNext,
  };
  return ways[takeover](peaks);
}

function peakOfTheNext({ own: { peak }, others, lossCandidates = others }: RegionalPeaks): Derived {
  const largestOtherPeak = Math.max(...lossCandidates.map((other) => other.peak));
  return {
    value: Math.max(peak, largestOtherPeak),
    unit: UNIT,
    rule: "the largest peak of any region: the next in order serves all that the lost one did",
    inputs: { peakRequestsPerMinute: peak, largestOtherPeak },
    source: SOURCE,
  };
}

/** Of N regions alike, each comes to serve N ÷ (N − 1) of its own peak, that is, the peak of all ÷ (N − 1). */
function peakInProportion({ own: { peak }, others, lossCandidates = others }: RegionalPeaks): Derived {
  const largestOtherPeak = Math.max(...lossCandidates.map((other) => other.peak));
  const allPeaks = others.reduce((sum, other) => sum + other.peak, peak);
  return {
    value: (peak * allPeaks) / (allPeaks - largestOtherPeak),
    unit: UNIT,
    rule: `peakRequestsPerMinute × allPeaks ÷ (allPeaks − largestOtherPeak): what a lost region served goes to the others, in proportion to what they serve${others.length > 1 ? ASSUMED : ""}`,
    inputs: { peakRequestsPerMinute: peak, allPeaks, largestOtherPeak },
    source: SOURCE,
  };
}

/** The worst loss is that of the largest weight, which leaves this region the largest share of all that is left. */
function peakByWeight({ own, others, lossCandidates = others }: RegionalPeaks): Derived {
  const allPeaks = peakOfAllByWeight([own, ...others]);
  const largestWeight = Math.max(...lossCandidates.map(({ weight }) => weight));
  const weightsLeft = others.reduce((sum, { weight }) => sum + weight, own.weight) - largestWeight;
  const alike = weightsLeft === 0;
  const carried = alike ? allPeaks / others.length : (allPeaks * own.weight) / weightsLeft;
  const peakRequestsPerMinute = own.peak;
  return {
    value: Math.max(own.peak, carried),
    unit: UNIT,
    rule: alike
      ? "allPeaks ÷ regionsLeft, at least peakRequestsPerMinute: without the one that has a weight, Route 53 takes those with 0 for all alike"
      : "allPeaks × weight ÷ weightsLeft, at least peakRequestsPerMinute: once the region with the largest weight is lost, the others serve allPeaks by theirs; those with 0 add nothing to it",
    inputs: alike
      ? { peakRequestsPerMinute, allPeaks, regionsLeft: others.length }
      : { peakRequestsPerMinute, allPeaks, weight: own.weight, weightsLeft },
    source: WEIGHTS,
  };
}

/** What all regions serve together. One with weight 0 serves nothing while another has a weight, whatever its peak. */
export function peakOfAllByWeight(regions: readonly RegionalPeak[]): number {
  const weighted = regions.filter(({ weight }) => weight > 0);
  return (weighted.length === 0 ? regions : weighted).reduce((sum, { peak }) => sum + peak, 0);
}

/** Regions that serve a model, in the order of their names. */
export function regionsServing(file: ServingFile, model: string): readonly string[] {
  return Object.keys(file.regions)
    .filter((region) => isServed(file, region, model))
    .sort();
}

/**
 * Regions that serve a model and stand in for one another, among them the one that asks. One that the global endpoint has let go
 * of takes nobody over, and has no clients of its own to take over.
 * One that is drained counts: it may be back at any time, and draining changes no region.
 */
export function regionsTakingOver(file: ServingFile, region: string, model: string): readonly string[] {
  const serving = regionsServing(file, model);
  return isRemoved(file, region) ? serving : serving.filter((each) => !isRemoved(file, each));
}

/** What a region serves of a model by itself, as it is written for one of its variants; nothing when it is not said. */
export function regionalPeak(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
): RegionalPeak | undefined {
  const peak = instanceSetting(file, region, model, variant, "capacity").value?.peakRequestsPerMinute;
  return peak === undefined ? undefined : { peak, weight: regionWeight(file, region) };
}

/**
 * The peaks of a model as they are written for one of its variants, in a region and in the others that stand in for
 * it, with the weights of these regions. Nothing, when the global endpoint has let go of the region, when there is no other, or one
 * does not say its peak.
 *
 * @param isLossCandidate whether another region may be lost; default: all of them
 */
export function regionalPeaks(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
  isLossCandidate: (region: string) => boolean = () => true,
): RegionalPeaks | undefined {
  const peakIn = (each: string) => regionalPeak(file, each, model, variant);
  const own = peakIn(region);
  const elsewhere = regionsTakingOver(file, region, model).filter((each) => each !== region);
  const others = elsewhere.flatMap((each) => peakIn(each) ?? []);
  return isRemoved(file, region) ||
    own === undefined ||
    others.length === 0 ||
    others.length < elsewhere.length
    ? undefined
    : {
        own,
        others,
        lossCandidates: elsewhere.filter(isLossCandidate).flatMap((each) => peakIn(each) ?? []),
      };
}
