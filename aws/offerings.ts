import { familyOf } from "./instance-types";
import offerings from "./offerings.json";

const REGIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = offerings.regions;

const KNOWN: ReadonlySet<string> = new Set(Object.values(REGIONS).flatMap((region) => Object.keys(region)));

/** Where the offerings come from, and of when. */
export const gpuOfferingsSource: string = offerings.source;

/**
 * The zones of a region that have an instance type, each by the number in its zone id: `1` is `use1-az1` in us-east-1.
 * That a zone has a type says nothing of how many instances are free there.
 *
 * @returns `undefined` when it is not known: the type or the region is newer than the record
 */
export function zonesOffering(type: string, region: string): readonly string[] | undefined {
  const family = `${familyOf(type)}.*`;
  const offered = REGIONS[region];
  return offered !== undefined && (KNOWN.has(type) || KNOWN.has(family))
    ? [...(offered[type] ?? offered[family] ?? "")]
    : undefined;
}
