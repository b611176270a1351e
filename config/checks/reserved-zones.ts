import { recordedZones, zoneId } from "../../aws/offerings";
import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { alternatives } from "../diagnostics/text";
import type { RegionNetwork } from "../plan/deployment";
import { chosenZones, reservedPlaces } from "../plan/zones";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** What is reserved lies in zones of the region in which instances have subnets, as far as that is known before a plan. */
export const checkReservedZones: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [...zoneDiagnostics(each), ...mixedNames(each)]);

/** A name and an id may be those of one zone, and nothing but a plan knows that. */
function mixedNames({ variant, at }: VariantInRegion): readonly Diagnostic[] {
  const [first, ...others] = reservedPlaces(variant.settings);
  return others
    .filter(({ zone }) => isName(zone) !== isName(first?.zone ?? ""))
    .slice(0, 1)
    .map(({ zone, place: [field, ...rest] }) =>
      error(
        "reservation-zones-mixed",
        at(field, ...rest),
        `${zone} may be the same zone as ${first?.zone}: write the zones of all reservations by their ids, or all by their names`,
      ),
    );
}

function zoneDiagnostics({ region: { name, network }, variant, at }: VariantInRegion): readonly Diagnostic[] {
  return reservedPlaces(variant.settings).flatMap(({ zone, place: [field, ...rest] }) => {
    const path = at(field, ...rest);
    if (!isOfRegion(zone, name)) {
      return [
        error(
          "reserved-zone-elsewhere",
          path,
          `${zone} is no zone of ${name}; write it under regions.${name}.models for this region alone, with a zone that ${name} has`,
        ),
      ];
    }
    const zones = zonesOf(network);
    return zones === undefined || isName(zone) !== isName(zones[0] ?? "") || zones.includes(zone)
      ? []
      : [
          error(
            "reserved-zone-elsewhere",
            path,
            `the network of ${name} has no subnet in ${zone}, but in ${alternatives(zones)}; ${remedy(network, zone)}`,
          ),
        ];
  });
}

function isName(zone: string): boolean {
  return !zone.includes("-az");
}

/** Whether a zone is one of the region. An id of a region that is not recorded may be. */
function isOfRegion(zone: string, region: string): boolean {
  return isName(zone)
    ? zone.slice(0, -1) === region
    : (recordedZones(region)?.some((number) => zoneId(region, number) === zone) ?? true);
}

/** The zones of a network, by names or by ids; undefined when only a plan knows them. */
function zonesOf(network: RegionNetwork): readonly string[] | undefined {
  if (network.kind === "existing") {
    return undefined;
  }
  return typeof network.zones === "number" ? chosenZones(network) : network.zones;
}

function remedy(network: RegionNetwork, zone: string): string {
  if (network.kind === "created" && network.zoneChoice.excluded.includes(zone)) {
    return "AWS does not have there what the network needs, so use nat: none, or what is reserved elsewhere";
  }
  return "write more zones under network.create";
}
