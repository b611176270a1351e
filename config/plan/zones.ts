import { ACCELERATOR_EXCLUDED_ZONES } from "../../aws/global-accelerator";
import { CONSTRAINED_ZONES } from "../../aws/limits";
import { recordedZones, zoneId, zonesOffering } from "../../aws/offerings";
import type { Path } from "../diagnostics/diagnostic";
import type { ServingFile } from "../schema/deployment";
import { candidateInstances, candidatesOf } from "./candidate-instances";
import type { RegionNetwork, ZoneChoice } from "./deployment";
import type { Derived } from "./derived";
import { type InstanceSettings, instanceSettings, modelsIn, variantsOf } from "./overrides";
import { reservationsOf, reservedByZone } from "./reservations";

/**
 * The zones to build in. Those come first in which instances are reserved, by their ids; then those in which AWS is recorded to
 * offer instance types for the most variants of the region. Zones that AWS does not extend come last, and never with NAT
 * gateways.
 */
export function zoneChoice(file: ServingFile, region: string, nat: "per-zone" | "none"): ZoneChoice {
  const excluded = [...excludedZones(file, nat)];
  const settings = modelsIn(file, region).flatMap(([model, modelFile]) =>
    Object.keys(variantsOf(modelFile)).map((variant) => instanceSettings(file, region, model, variant)),
  );
  const offered = settings.map((each) => zonesOfTypes(each, region));
  const reserved = settings.flatMap(reservedPlaces);
  const rank = (id: string) =>
    reserved.filter(({ zone }) => zone === id).length * 2 * (offered.length + 1) +
    offered.filter((zones) => zones === undefined || zones.includes(id)).length -
    (isConstrained(id) ? offered.length + 1 : 0);
  const ids = (recordedZones(region) ?? []).map((number) => zoneId(region, number));
  return {
    preferred: ids
      .filter((id) => !excluded.includes(id))
      .sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1)),
    excluded,
  };
}

/** Zones in which AWS does not have what a network of the deployment needs. */
export function excludedZones(file: ServingFile, nat: "per-zone" | "none"): readonly string[] {
  const zones = [
    ...(nat === "per-zone" ? CONSTRAINED_ZONES.ids : []),
    ...(file.globalEndpoint?.routing === "accelerator" ? ACCELERATOR_EXCLUDED_ZONES.ids : []),
  ];
  return [...new Set<string>(zones)].sort();
}

function isConstrained(id: string): boolean {
  return CONSTRAINED_ZONES.ids.some((each) => each === id);
}

/**
 * The zones, by their ids, in which AWS is recorded to offer one of the types at least.
 *
 * @returns `undefined` when a type or the region is newer than the record: it may be anywhere
 */
export function zonesOfTypes(settings: InstanceSettings, region: string): readonly string[] | undefined {
  const { instanceTypes, instanceRequirements } = settings;
  if (instanceTypes.some((type) => candidatesOf(type, instanceRequirements).length === 0)) {
    return undefined;
  }
  const zones = candidateInstances(settings).map(({ type }) => zonesOffering(type, region));
  return zones.includes(undefined)
    ? undefined
    : [...new Set(zones.flatMap((each) => each ?? []))].sort().map((number) => zoneId(region, number));
}

/**
 * The types to ask AWS about: those that may be launched, and what is listed and not known.
 */
export function typesToAskFor(settings: InstanceSettings): readonly string[] {
  const { instanceTypes, instanceRequirements } = settings;
  const types = instanceTypes.flatMap((type) => {
    const known = candidatesOf(type, instanceRequirements);
    return known.length === 0 ? [type] : known.map((each) => each.type);
  });
  return [...new Set(types)].sort();
}

/**
 * In how many zones the reservations lie, or the Capacity Block, that all instances are launched into.
 *
 * @returns `undefined` when instances may be launched elsewhere, or nothing says where the reservations are
 */
export function reservedZoneCount(settings: InstanceSettings): number | undefined {
  const { capacityReservation: reservation, capacityBlock } = settings;
  if (capacityBlock !== undefined) {
    return 1;
  }
  if (reservation?.preference !== "capacity-reservations-only") {
    return undefined;
  }
  const listed = reservedByZone(settings).size;
  return listed > 0 ? listed : reservation.id === undefined ? undefined : 1;
}

/** A zone, by its name or id, in which something is reserved, and where the file says so. */
export interface ReservedPlace {
  readonly zone: string;
  readonly place: readonly [keyof InstanceSettings, ...Path];
}

/** The zones in which a variant has to have subnets: those of its reservations. */
export function reservedPlaces(settings: InstanceSettings): readonly ReservedPlace[] {
  const { capacityBlock } = settings;
  return capacityBlock === undefined
    ? reservationsOf(settings).map(({ zone }, index) => ({
        zone,
        place: ["capacityReservation", "reservations", index, "zone"],
      }))
    : [{ zone: capacityBlock.zone, place: ["capacityBlock", "zone"] }];
}

/** How many zones of the network can have instances of a variant. Its sizes count no others. */
export function zonesWithInstances(
  settings: InstanceSettings,
  region: string,
  network: RegionNetwork,
): Derived {
  const { zoneCount } = network;
  const offered = zonesOfTypes(settings, region);
  const inputs = { zones: zoneCount, ...(offered !== undefined && { offering: offered.length }) };
  const derived = (value: number, rule: string, source: string): Derived => ({
    // A type that no zone offers is an error of its own.
    value: Math.max(1, value),
    unit: "zones",
    rule,
    inputs,
    source,
  });
  const reserved = reservedZoneCount(settings);
  if (reserved !== undefined) {
    return derived(
      reserved,
      reserved === 1
        ? "1: a capacity reservation is in one zone, and the instances are launched into it only"
        : "zones of the reservations, which the instances are launched into only",
      settings.capacityBlock === undefined
        ? "EC2 user guide, Reserve compute capacity with EC2 On-Demand Capacity Reservations"
        : "EC2 user guide, Capacity Blocks for ML",
    );
  }
  const chosen = network.kind === "created" ? chosenZones(network) : undefined;
  const value =
    offered === undefined
      ? zoneCount
      : chosen === undefined
        ? Math.min(zoneCount, offered.length)
        : chosen.filter((id) => offered.includes(id)).length;
  return derived(
    value,
    "zones of the network that are recorded to offer one of the instance types; Terraform asks AWS when it plans",
    "EC2 API, DescribeInstanceTypeOfferings",
  );
}

/** The ids of the zones of a network to make, if the file gives their number and they are recorded. */
export function chosenZones({ zones, zoneChoice }: Extract<RegionNetwork, { kind: "created" }>) {
  return typeof zones === "number" && zoneChoice.preferred.length >= zones
    ? zoneChoice.preferred.slice(0, zones)
    : undefined;
}
