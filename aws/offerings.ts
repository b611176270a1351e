import { familyOf } from "./instance-types";
import offerings from "./offerings.json";

const REGIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = offerings.regions;

const RECORDED: ReadonlySet<string> = new Set(
  Object.values(REGIONS).flatMap((region) => Object.keys(region)),
);

/** The source of the offerings, with its date. */
export const gpuOfferingsSource: string = offerings.source;

/** When the offerings were recorded, such as `August 2026`. */
export const gpuOfferingsDate: string = offerings.recorded;

const PREFIXES: Readonly<Record<string, string>> = offerings.zoneIdPrefix;
const ZONES: Readonly<Record<string, string>> = offerings.zones;

/** The zones of a region, each by the number in its zone id; `undefined` when the region is newer than the record. */
export function recordedZones(region: string): readonly string[] | undefined {
  const zones = ZONES[region];
  return zones === undefined ? undefined : [...zones];
}

/** The zone id of a zone of a recorded region, by its number: `use1-az4`. It is the same in all accounts. */
export function zoneId(region: string, number: string): string {
  return `${PREFIXES[region]}${number}`;
}

/**
 * The zones of a region that offer an instance type, each by the number in its zone id: `1` is `use1-az1` in us-east-1.
 * An offered type may still have no capacity there.
 *
 * @returns `undefined` when the type or the region is newer than the record
 */
export function zonesOffering(type: string, region: string): readonly string[] | undefined {
  const family = `${familyOf(type)}.*`;
  const offered = REGIONS[region];
  return offered !== undefined && (RECORDED.has(type) || RECORDED.has(family))
    ? [...(offered[type] ?? offered[family] ?? "")]
    : undefined;
}
