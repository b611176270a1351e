import { HEALTHY_PERCENTAGE_SPREAD, MAX_HEALTHY_PERCENTAGE } from "../../aws/limits";
import { type Derived, orWritten } from "./derived";

/** What decides how many instances a variant has in a region. */
export interface CapacityFacts {
  /** Availability Zones the instances lie in. */
  readonly zones: number;
  /** Whether losing a zone at the peak must lose nothing. */
  readonly survivesZone: boolean;
  /** What the region has to serve once another is lost; absent when that need not be carried, or is not known. */
  readonly peakAfterRegionLoss?: Derived;
  /** Share of the peak this variant must carry, 0–1. */
  readonly share: number;
  readonly peakRequestsPerMinute?: number;
  readonly requestsPerMinutePerInstance?: number;
  /** Sizes the team wrote itself. */
  readonly min?: number;
  readonly max?: number;
  readonly spot?: { readonly share: number; readonly onDemandBase?: number };
  readonly rollout: { readonly minHealthy?: number; readonly maxHealthy?: number };
  readonly scaling: { readonly requestsPerMinutePerInstance?: number };
}

/** Sizes of a variant's Auto Scaling group. */
export interface Capacity {
  /** Instances that carry the peak; absent when no demand is stated. */
  readonly need?: Derived;
  /** Requests a minute once another region is lost; absent when that need not be carried. */
  readonly peakAfterRegionLoss?: Derived;
  /** Instances that carry them. */
  readonly needAfterRegionLoss?: Derived;
  readonly min: Derived;
  readonly max: Derived;
  /** Instances that are on-demand in any case. */
  readonly onDemandBase: Derived;
  /** Per cent of on-demand instances above the base. */
  readonly onDemandShare: Derived;
  readonly minHealthy: Derived;
  readonly maxHealthy: Derived;
  /** Requests a minute for each instance that the group is steered to; absent when the group does not scale. */
  readonly scalingTarget?: Derived;
  /** Fewer healthy instances than this is an alarm. */
  readonly leastHealthy: Derived;
}

const STATIC_STABILITY = "AWS whitepaper, Static stability using Availability Zones";
const REFRESH = "Auto Scaling user guide, Instance maintenance policies";

/** Instances left after the fullest of `zones` zones is lost; Auto Scaling keeps zones equal to within one. */
export function instancesAfterZoneLoss(instances: number, zones: number): number {
  return instances - Math.ceil(instances / zones);
}

/** Fewest instances of which `need` are left when a zone is lost; with a single zone there is no such number. */
export function instancesToSurviveZoneLoss(need: number, zones: number): number {
  return Math.ceil((need * zones) / (zones - 1));
}

/** All sizes of a variant that follow from its demand, or from the sizes the team wrote. */
export function variantCapacity(facts: CapacityFacts): Capacity {
  const need = needOf(facts);
  const needAfterRegionLoss = needAfterRegionLossOf(facts);
  const min = minOf(facts, need?.value ?? 1, needAfterRegionLoss?.value);
  const max = orWritten(
    {
      value: min.value + Math.max(1, Math.ceil(min.value / 2)),
      unit: "instances",
      rule: "half as many again as min, and at least one more: a new instance must fit in before an old one leaves",
      inputs: { min: min.value },
      source: REFRESH,
    },
    facts.max,
  );
  return {
    need,
    peakAfterRegionLoss: facts.peakAfterRegionLoss,
    needAfterRegionLoss,
    min,
    max,
    ...purchase(facts, min.value),
    ...refresh(facts, min.value),
    scalingTarget: target(facts),
    leastHealthy: leastHealthyOf(facts, need, min.value),
  };
}

/** 7 % of 100 requests are 7.000000000000001 in binary, and no reason for an eighth instance. */
const ROUNDING_ERROR = 1e-9;

function needOf({
  peakRequestsPerMinute,
  requestsPerMinutePerInstance,
  share,
}: CapacityFacts): Derived | undefined {
  if (peakRequestsPerMinute === undefined || requestsPerMinutePerInstance === undefined) {
    return undefined;
  }
  return {
    value: instancesFor(peakRequestsPerMinute * share, requestsPerMinutePerInstance),
    unit: "instances",
    rule: "peakRequestsPerMinute × share ÷ requestsPerMinutePerInstance, rounded up",
    inputs: { peakRequestsPerMinute, share, requestsPerMinutePerInstance },
    source: "the deployment's own measurements",
  };
}

function needAfterRegionLossOf({
  peakAfterRegionLoss,
  requestsPerMinutePerInstance,
  share,
}: CapacityFacts): Derived | undefined {
  if (peakAfterRegionLoss === undefined || requestsPerMinutePerInstance === undefined) {
    return undefined;
  }
  return {
    value: instancesFor(peakAfterRegionLoss.value * share, requestsPerMinutePerInstance),
    unit: "instances",
    rule: "peakAfterRegionLoss × share ÷ requestsPerMinutePerInstance, rounded up",
    inputs: { peakAfterRegionLoss: peakAfterRegionLoss.value, share, requestsPerMinutePerInstance },
    source: peakAfterRegionLoss.source,
  };
}

function instancesFor(requestsPerMinute: number, perInstance: number): number {
  return Math.max(1, Math.ceil(requestsPerMinute / perInstance - ROUNDING_ERROR));
}

/** A zone and a region are not reckoned to be lost at once: what survives the one helps to survive the other. */
function minOf({ zones, survivesZone, min }: CapacityFacts, need: number, afterLoss?: number): Derived {
  const survives = survivesZone && zones > 1;
  const forZone = survives ? instancesToSurviveZoneLoss(need, zones) : need;
  const zoneRule = "need × zones ÷ (zones − 1), rounded up";
  const rules = {
    nothing: "need: nothing is kept for the loss of a zone",
    zone: `${zoneRule}: a zone lost at the peak loses nothing, without launching anything`,
    region: `the larger of needAfterRegionLoss and ${survives ? zoneRule : "need"}: a region or a zone lost at the peak loses nothing, without launching anything`,
  };
  return orWritten(
    {
      value: Math.max(forZone, afterLoss ?? 0),
      unit: "instances",
      rule: rules[afterLoss !== undefined ? "region" : survives ? "zone" : "nothing"],
      inputs: { need, zones, ...(afterLoss !== undefined && { needAfterRegionLoss: afterLoss }) },
      source: STATIC_STABILITY,
    },
    min,
  );
}

function leastHealthyOf({ zones }: CapacityFacts, need: Derived | undefined, min: number): Derived {
  const wanted = need?.value ?? Math.max(1, instancesAfterZoneLoss(min, zones));
  return {
    value: Math.min(min, wanted),
    unit: "instances",
    rule: need
      ? "need, at most min: with fewer the peak is not carried"
      : "min less the fullest zone, at least 1: with fewer more than a zone is lost",
    inputs: need ? { need: need.value, min } : { min, zones },
    source: STATIC_STABILITY,
  };
}

function purchase(
  { spot, zones }: CapacityFacts,
  min: number,
): Pick<Capacity, "onDemandBase" | "onDemandShare"> {
  return {
    onDemandBase: orWritten(
      {
        value: spot ? instancesAfterZoneLoss(min, zones) : 0,
        unit: "instances",
        rule: spot
          ? "min less the fullest zone: what must not be reclaimed all at once"
          : "0: without Spot all instances are on-demand",
        inputs: spot ? { min, zones } : {},
        source:
          "Auto Scaling user guide, Auto Scaling groups with multiple instance types and purchase options",
      },
      spot?.onDemandBase,
    ),
    onDemandShare: {
      value: 100 - (spot?.share ?? 0),
      unit: "%",
      rule: "100 − spot.share",
      inputs: { "spot.share": spot?.share ?? 0 },
      source: "Auto Scaling API, InstancesDistribution",
    },
  };
}

function refresh({ rollout }: CapacityFacts, min: number): Pick<Capacity, "minHealthy" | "maxHealthy"> {
  const minHealthy = orWritten(
    {
      value: 100,
      unit: "%",
      rule: "100: the new instance stands before the old one leaves",
      inputs: {},
      source: REFRESH,
    },
    rollout.minHealthy,
  );
  const most = Math.min(MAX_HEALTHY_PERCENTAGE.max, minHealthy.value + HEALTHY_PERCENTAGE_SPREAD.max);
  return {
    minHealthy,
    maxHealthy: orWritten(
      {
        value: Math.min(most, Math.max(110, 100 + Math.ceil(100 / Math.max(1, min)))),
        unit: "%",
        rule: `room for one instance more than min, at least 110, at most ${MAX_HEALTHY_PERCENTAGE.max} and minHealthy + ${HEALTHY_PERCENTAGE_SPREAD.max}`,
        inputs: { min, minHealthy: minHealthy.value },
        source: REFRESH,
      },
      rollout.maxHealthy,
    ),
  };
}

/** A new instance takes its load time to arrive; what is left above the target carries the others meanwhile. */
const SCALING_HEADROOM = 0.8;

function target({ scaling, requestsPerMinutePerInstance }: CapacityFacts): Derived | undefined {
  const derived: Derived | undefined =
    requestsPerMinutePerInstance === undefined
      ? undefined
      : {
          value: requestsPerMinutePerInstance * SCALING_HEADROOM,
          unit: "requests/min",
          rule: "80 % of what one instance serves: a new instance can load before the others are full",
          inputs: { requestsPerMinutePerInstance },
          source: "Auto Scaling user guide, Target tracking scaling policies",
        };
  const written = scaling.requestsPerMinutePerInstance;
  if (derived === undefined) {
    return written === undefined
      ? undefined
      : { value: written, unit: "requests/min", rule: "as written", inputs: {}, source: "serving.yaml" };
  }
  return orWritten(derived, written);
}
