import type { ServingFile } from "../schema/deployment";
import type { Derived } from "./derived";
import { isRemoved, regionWeight } from "./global-endpoint";
import { instanceSetting, isServed } from "./overrides";

/** Demand of a region for a model while all regions work. */
export interface RegionalPeak {
  /** `peakRequestsPerMinute` of the region. */
  readonly peak: number;
  /** Weight of the region, relative to the others'; used with the routing `weighted` only. */
  readonly weight: number;
}

/** The peak of a region for a model, and those of the regions whose clients it may have to serve. */
export interface RegionalPeaks {
  readonly own: RegionalPeak;
  /** At least one. */
  readonly others: readonly RegionalPeak[];
  /**
   * The other regions that may be lost, at least one.
   * @default all
   */
  readonly lossCandidates?: readonly RegionalPeak[];
}

/**
 * How the clients of a lost region are shared among the others: in proportion to their own peaks, by their weights, or
 * all to the next region of a failover order. With `latency` and `accelerator` each client goes to its nearest region,
 * and the shares cannot be computed: `in proportion` is an assumption.
 */
export type Takeover = "in proportion" | "by weight" | "all to the next";

/** How the clients of a lost region of this deployment are shared. */
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
  ". This is an assumption when each client goes to its nearest region, because one region may then get all of it: write a higher peakRequestsPerMinute for that region";

/** What a region has to serve at the peak after the loss of the region that is worst for it, in requests a minute. */
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
    rule: "the largest peak of any region: the next region in the order serves all clients of the lost one",
    inputs: { peakRequestsPerMinute: peak, largestOtherPeak },
    source: SOURCE,
  };
}

/** With N regions of the same peak, each then serves N ÷ (N − 1) of its own peak: the peak of all ÷ (N − 1). */
function peakInProportion({ own: { peak }, others, lossCandidates = others }: RegionalPeaks): Derived {
  const largestOtherPeak = Math.max(...lossCandidates.map((other) => other.peak));
  const allPeaks = others.reduce((sum, other) => sum + other.peak, peak);
  return {
    value: (peak * allPeaks) / (allPeaks - largestOtherPeak),
    unit: UNIT,
    rule: `peakRequestsPerMinute × allPeaks ÷ (allPeaks − largestOtherPeak): the clients of a lost region go to the others in proportion to their peaks${others.length > 1 ? ASSUMED : ""}`,
    inputs: { peakRequestsPerMinute: peak, allPeaks, largestOtherPeak },
    source: SOURCE,
  };
}

/** The loss of the region with the largest weight is the worst: this region then gets the largest share. */
function peakByWeight({ own, others, lossCandidates = others }: RegionalPeaks): Derived {
  const allPeaks = peakOfAllByWeight([own, ...others]);
  const largestWeight = Math.max(...lossCandidates.map(({ weight }) => weight));
  const weightsLeft = others.reduce((sum, { weight }) => sum + weight, own.weight) - largestWeight;
  const alike = weightsLeft === 0;
  const served = alike ? allPeaks / others.length : (allPeaks * own.weight) / weightsLeft;
  const peakRequestsPerMinute = own.peak;
  return {
    value: Math.max(own.peak, served),
    unit: UNIT,
    rule: alike
      ? "allPeaks ÷ regionsLeft, at least peakRequestsPerMinute: after the loss of the only region with a weight, Route 53 sends equal shares to the regions with weight 0"
      : "allPeaks × weight ÷ weightsLeft, at least peakRequestsPerMinute: after the loss of the region with the largest weight, the others serve allPeaks by their weights; allPeaks leaves out the peaks of regions with weight 0",
    inputs: alike
      ? { peakRequestsPerMinute, allPeaks, regionsLeft: others.length }
      : { peakRequestsPerMinute, allPeaks, weight: own.weight, weightsLeft },
    source: WEIGHTS,
  };
}

/** The sum of the peaks. A region with weight 0 serves nothing while another one has a weight, so its peak does not count. */
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
 * Regions that serve a model and serve one another's clients after a loss, including the given one. A removed region
 * serves no clients of others, and has no clients that others would have to serve. A drained region counts: it may be
 * back at any time, and draining must not change the stack of any region.
 */
export function regionsTakingOver(file: ServingFile, region: string, model: string): readonly string[] {
  const serving = regionsServing(file, model);
  return isRemoved(file, region) ? serving : serving.filter((each) => !isRemoved(file, each));
}

/** The peak of a region for a model, as written for one of its variants; undefined when it is not written. */
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
 * The peaks of a model, as written for one of its variants, in a region and in the others that serve its clients after a
 * loss, with the weights of these regions. Undefined when the region is removed from the global endpoint, when there is
 * no other region, or when one of them has no written peak.
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
