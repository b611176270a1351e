import { HEALTHY_PERCENTAGE_SPREAD, MAX_HEALTHY_PERCENTAGE } from "../../aws/limits";
import { type Derived, orWritten } from "./derived";
import { type ReservedInstances, reservedInAll, reservedOf, spread } from "./reservations";

/** What decides how many instances a variant has in a region. */
export interface CapacityFacts {
  /** Number of Availability Zones that can have instances. */
  readonly zones: number;
  /** Whether the instances must serve the peak after the loss of a zone. */
  readonly survivesZone: boolean;
  /** What the region has to serve after the loss of another one; absent when this is not required, or cannot be computed. */
  readonly peakAfterRegionLoss?: Derived;
  /** Share of the peak that this variant must be able to serve, 0–1. */
  readonly share: number;
  readonly peakRequestsPerMinute?: number;
  /** Requests a minute that an instance serves, written or estimated. */
  readonly requestsServed?: Derived;
  /** Sizes written in `serving.yaml`. */
  readonly min?: number;
  readonly max?: number;
  readonly spot?: { readonly share: number; readonly onDemandBase?: number };
  /** A Capacity Block in which all instances run: it has as many as `max`, so none can start beside them. */
  readonly capacityBlock?: object;
  /** What listed reservations hold; absent: none are listed. */
  readonly reserved?: ReservedInstances;
  /** What is written of sizes at times that recur. */
  readonly schedules?: readonly WrittenSizes[];
  readonly rollout: { readonly minHealthy?: number; readonly maxHealthy?: number };
  readonly scaling: { readonly requestsPerMinutePerInstance?: number };
}

/** Sizes at times that recur, as far as they are written. */
export interface WrittenSizes {
  readonly min?: number;
  readonly max?: number;
  readonly peakRequestsPerMinute?: number;
}

/** Sizes at times that recur. */
export type ScheduledSizes = Pick<Capacity, "need" | "min" | "max">;

/** Sizes of a variant's Auto Scaling group. */
export interface Capacity {
  /** Requests a minute that an instance serves; absent when it is neither written nor estimated. */
  readonly requestsPerInstance?: Derived;
  /** Instances that serve the peak; absent when no demand is written. */
  readonly need?: Derived;
  /** Requests a minute after the loss of another region; absent when this is not required. */
  readonly peakAfterRegionLoss?: Derived;
  /** Instances that serve {@link peakAfterRegionLoss}. */
  readonly needAfterRegionLoss?: Derived;
  readonly min: Derived;
  readonly max: Derived;
  /** Instances of `min` that run in listed reservations; absent when none are listed. */
  readonly reserved?: Derived;
  /** On-demand instances that are launched before any Spot instance. */
  readonly onDemandBase: Derived;
  /** Percentage of on-demand instances among those beyond the base. */
  readonly onDemandShare: Derived;
  readonly minHealthy: Derived;
  readonly maxHealthy: Derived;
  /** Target value of the scaling policy, in requests a minute for each instance; absent when the group does not scale. */
  readonly scalingTarget?: Derived;
  /** Fewer healthy instances than this raise an alarm. */
  readonly leastHealthy: Derived;
}

const STATIC_STABILITY = "AWS whitepaper, Static stability using Availability Zones";
const BLOCKS = "Auto Scaling user guide, Use Capacity Blocks for machine learning workloads";
const REFRESH = "Auto Scaling user guide, Instance maintenance policies";

const RESERVATIONS =
  "Auto Scaling user guide, Use Capacity Reservations to reserve capacity in specific Availability Zones";

/**
 * Instances left after the loss of the zone with the most instances. Auto Scaling keeps the zones equal to within one
 * instance; those of reservations that instances are launched into only, as far as they have room.
 */
export function instancesAfterZoneLoss(
  instances: number,
  zones: number,
  reserved?: ReservedInstances,
): number {
  return reserved?.only
    ? instances - Math.max(...spread(instances, reserved.inZones))
    : instances - Math.ceil(instances / zones);
}

/**
 * Fewest instances of which `need` are left after the loss of a zone. There must be two zones at least. Where reservations
 * that instances are launched into only have no room for that, it is as many as it would take without them.
 */
export function instancesToSurviveZoneLoss(
  need: number,
  zones: number,
  reserved?: ReservedInstances,
): number {
  const least = Math.ceil((need * zones) / (zones - 1));
  const most = reserved?.only ? reservedInAll(reserved) : least;
  const sizes = Array.from({ length: Math.max(0, most - least + 1) }, (_, more) => least + more);
  return sizes.find((instances) => instancesAfterZoneLoss(instances, zones, reserved) >= need) ?? least;
}

/** All sizes of a variant: derived from its demand, or as written. */
export function variantCapacity(facts: CapacityFacts): Capacity {
  const need = needOf(facts);
  const needAfterRegionLoss = needAfterRegionLossOf(facts);
  const min = minOf(facts, need?.value ?? 1, needAfterRegionLoss?.value);
  const max = maxOf(facts, min.value);
  const fewest = Math.min(
    min.value,
    ...(facts.schedules ?? []).map((written) => scheduledSizes(facts, written).min.value),
  );
  return {
    requestsPerInstance: facts.requestsServed,
    need,
    peakAfterRegionLoss: facts.peakAfterRegionLoss,
    needAfterRegionLoss,
    min,
    max,
    reserved: reservedOfMin(facts, min.value),
    ...purchase(facts, min.value),
    ...refresh(facts, min.value, Math.max(fewest, Math.min(1, min.value))),
    scalingTarget: target(facts),
    leastHealthy: leastHealthyOf(facts, { need, min, max }, fewest),
  };
}

/** Sizes at times that recur: those of the capacity, but what is written. */
export function scheduledSizes(facts: CapacityFacts, written: WrittenSizes): ScheduledSizes {
  const { peakRequestsPerMinute } = written;
  const whole = variantCapacity({ ...facts, schedules: [] });
  const need = peakRequestsPerMinute === undefined ? undefined : needOf({ ...facts, peakRequestsPerMinute });
  const min =
    need === undefined
      ? orWritten(asInCapacity("min", whole.min), written.min)
      : minOf({ ...facts, min: written.min }, need.value, whole.needAfterRegionLoss?.value);
  const max =
    min.value === 0
      ? {
          ...asInCapacity("max", whole.max),
          value: 0,
          rule: "0: an empty group counts no requests, so it would not grow",
        }
      : asInCapacity("max", whole.max);
  return { need, min, max: orWritten(max, written.max) };
}

function asInCapacity(size: "min" | "max", { value }: Derived): Derived {
  return {
    value,
    unit: "instances",
    rule: `${size} of capacity`,
    inputs: { [size]: value },
    source: "Auto Scaling API, PutScheduledUpdateGroupAction",
  };
}

/** How many instances there can be at most, because they run in what is reserved only; for a Capacity Block the file says so. */
function mostReserved({ reserved }: CapacityFacts): number {
  return reserved?.only ? reservedInAll(reserved) : Number.POSITIVE_INFINITY;
}

function reservedOfMin({ reserved, zones }: CapacityFacts, min: number): Derived | undefined {
  return (
    reserved && {
      value: reservedOf(min, zones, reserved),
      unit: "instances",
      rule: reserved.only
        ? "instances of min that are reserved: all are launched into the reservations"
        : "instances of min that are reserved, at best: Auto Scaling keeps the zones equal, whatever is reserved in each",
      inputs: { min, zones, reserved: reservedInAll(reserved) },
      source: RESERVATIONS,
    }
  );
}

function maxOf(facts: CapacityFacts, min: number): Derived {
  const { max, capacityBlock } = facts;
  const most = mostReserved(facts);
  const grown = min + Math.max(1, Math.ceil(min / 2));
  return orWritten(
    capacityBlock === undefined
      ? {
          value: Math.max(min, Math.min(grown, most)),
          unit: "instances",
          rule:
            grown <= most
              ? "min × 1.5, rounded up, and at least min + 1: a new instance must start before an old one leaves"
              : "what is reserved: instances are launched into the reservations only",
          inputs: { min, ...(grown > most && { reserved: most }) },
          source: grown <= most ? REFRESH : RESERVATIONS,
        }
      : {
          value: min,
          unit: "instances",
          rule: "min: the Capacity Block is paid for, and has no more instances than the file says",
          inputs: { min },
          source: BLOCKS,
        },
    max,
  );
}

/** In binary, 7 % of 100 requests are 7.000000000000001. That must not become an eighth instance. */
const ROUNDING_ERROR = 1e-9;

function needOf({ peakRequestsPerMinute, requestsServed, share }: CapacityFacts): Derived | undefined {
  const requestsPerMinutePerInstance = requestsServed?.value;
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
  requestsServed,
  share,
}: CapacityFacts): Derived | undefined {
  const requestsPerMinutePerInstance = requestsServed?.value;
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

/** A zone and a region are not assumed to fail at the same time, so the larger of the two needs is enough. */
function minOf(
  { zones, survivesZone, reserved, min }: CapacityFacts,
  need: number,
  afterLoss?: number,
): Derived {
  const survives = survivesZone && zones > 1;
  const forZone = survives ? instancesToSurviveZoneLoss(need, zones, reserved) : need;
  const uneven = survives && forZone > instancesToSurviveZoneLoss(need, zones);
  const zoneRule = `need × zones ÷ (zones − 1), rounded up${uneven ? ", and more, as the reservations of the zones differ" : ""}`;
  const rules = {
    nothing: "need: there is no extra capacity for the loss of a zone",
    zone: `${zoneRule}: after the loss of a zone at the peak, the other instances still serve it, without launching any`,
    region: `the larger of needAfterRegionLoss and ${survives ? zoneRule : "need"}: after the loss of a region or of a zone at the peak, the other instances still serve it, without launching any`,
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

/** How many instances of `min` carry the load: `need`, or what a lost zone leaves. The others are there for such a loss. */
export function instancesInUse(
  { need, min }: ScheduledSizes,
  { zones, reserved }: Pick<CapacityFacts, "zones" | "reserved">,
): number {
  return Math.min(min.value, need?.value ?? Math.max(1, instancesAfterZoneLoss(min.value, zones, reserved)));
}

function leastHealthyOf(facts: CapacityFacts, sizes: ScheduledSizes, fewest: number): Derived {
  const { need, min } = sizes;
  const used = instancesInUse(sizes, facts);
  const scheduled = fewest < used;
  return {
    value: Math.min(fewest, used),
    unit: "instances",
    rule: scheduled
      ? "the least min of a schedule: an alarm has one number for all hours"
      : need
        ? "need, at most min: fewer instances cannot serve the peak"
        : "min − the instances of the fullest zone, at least 1: fewer means that more than one zone is lost",
    inputs: {
      ...(need ? { need: need.value, min: min.value } : { min: min.value, zones: facts.zones }),
      ...(scheduled && { least: fewest }),
    },
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
          ? "min − the instances of the fullest zone: AWS may reclaim all Spot instances at the same time"
          : "0: without spot, all instances are on-demand",
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

/** @param fewest the least `min` of a schedule with instances, or `min`: percentages have to leave room at all hours */
function refresh(
  facts: CapacityFacts,
  min: number,
  fewest: number,
): Pick<Capacity, "minHealthy" | "maxHealthy"> {
  const { rollout, capacityBlock } = facts;
  const isFull = capacityBlock !== undefined || min >= mostReserved(facts);
  return isFull ? refreshInPlace(rollout, fewest) : refreshBeside(rollout, fewest);
}

/** An instance of a full Capacity Block, or of full reservations, leaves before its successor starts. */
function refreshInPlace(
  rollout: CapacityFacts["rollout"],
  min: number,
): Pick<Capacity, "minHealthy" | "maxHealthy"> {
  return {
    minHealthy: orWritten(
      {
        value: Math.floor((100 * Math.max(0, min - 1)) / Math.max(1, min)),
        unit: "%",
        rule: "min − 1 of min: what is reserved is full, with no room for a new instance beside the old ones, so one leaves first",
        inputs: { min },
        source: REFRESH,
      },
      rollout.minHealthy,
    ),
    maxHealthy: orWritten(
      {
        value: 100,
        unit: "%",
        rule: "100: what is reserved is full, with no room for more",
        inputs: {},
        source: REFRESH,
      },
      rollout.maxHealthy,
    ),
  };
}

function refreshBeside(
  rollout: CapacityFacts["rollout"],
  min: number,
): Pick<Capacity, "minHealthy" | "maxHealthy"> {
  const minHealthy = orWritten(
    {
      value: 100,
      unit: "%",
      rule: "100: a new instance is in service before an old one leaves",
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
        rule: `room for min + 1 instances, at least 110, at most ${MAX_HEALTHY_PERCENTAGE.max} and minHealthy + ${HEALTHY_PERCENTAGE_SPREAD.max}`,
        inputs: { min, minHealthy: minHealthy.value },
        source: REFRESH,
      },
      rollout.maxHealthy,
    ),
  };
}

/** The group launches an instance when the others are at this share of their capacity. The rest serves growth while the new one loads. */
const SCALING_HEADROOM = 0.8;

function target({ scaling, requestsServed }: CapacityFacts): Derived | undefined {
  const requestsPerMinutePerInstance = requestsServed?.value;
  const derived: Derived | undefined =
    requestsPerMinutePerInstance === undefined
      ? undefined
      : {
          value: requestsPerMinutePerInstance * SCALING_HEADROOM,
          unit: "requests/min",
          rule: "80 % of requestsPerMinutePerInstance: a new instance can load before the others are full",
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
