import { familyOf } from "./instance-types";
import offerings from "./offerings.json";

const REGIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = offerings.regions;

const RECORDED: ReadonlySet<string> = new Set(
  Object.values(REGIONS).flatMap((region) => Object.keys(region)),
);

/** The source of the offerings, with its date. */
export const gpuOfferingsSource: string = offerings.source;

/** When the offerings were recorded, such as `May 2026`. */
export const gpuOfferingsDate: string = offerings.recorded;

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
