import type { RecordedPrices, RegionPrices } from "../../aws/prices";

/** The file of the prices: a line for the services of a region, and one for each family of instance types. */
export function pricesText({
  notes,
  acceleratorHour,
  webAclMonth,
  monitoring,
  traffic,
  regions,
}: RecordedPrices): string {
  const places = sorted(regions).map(
    ([code, region]) => `    ${JSON.stringify(code)}: ${regionText(region)}`,
  );
  return `{
  "notes": ${JSON.stringify(notes)},
  "acceleratorHour": ${JSON.stringify(acceleratorHour)},
  "webAclMonth": ${JSON.stringify(webAclMonth)},
  "monitoring": ${JSON.stringify(monitoring)},
  "traffic": ${JSON.stringify(traffic)},
  "regions": {
${places.join(",\n")}
  }
}
`;
}

function regionText({ recorded, source, services, instances }: RegionPrices): string {
  const families = sorted(instances).map(
    ([family, sizes]) =>
      `        ${JSON.stringify(family)}: ${JSON.stringify(Object.fromEntries(sorted(sizes)))}`,
  );
  return `{
      "recorded": ${JSON.stringify(recorded)},
      "source": ${JSON.stringify(source)},${services === undefined ? "" : `\n      "services": ${JSON.stringify(services)},`}
      "instances": {${families.length === 0 ? "" : `\n${families.join(",\n")}\n      `}}
    }`;
}

function sorted<T>(entries: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}
