import { monitoringPrices, trafficPrices } from "../aws/prices";
import { count, listed } from "../config/diagnostics/text";
import { formatDollars } from "../config/units";
import type { Cause } from "./causes";
import type { Consequence } from "./consequences";
import type { Exposure } from "./exposure";
import type { Kind } from "./kinds";
import type { Cost, Money } from "./money";
import type { Monthly, SurvivalCost } from "./more-money";
import type { Review } from "./review";
import type { TrafficCost } from "./traffic";

/** A part of the report: a title, and what stands under it. */
export interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

/** A sentence, with lines that tell more of it. */
export interface Item {
  readonly says: string;
  readonly lines: readonly string[];
  /** Addresses in Terraform, for whoever looks for them. */
  readonly addresses: readonly string[];
}

const TITLES: Readonly<Record<Kind, string>> = {
  interrupted: "Interrupted",
  rolled: "Rolled",
  replaced: "Replaced",
  rerouted: "Rerouted",
  resized: "Resized",
  "health and alarms": "Health and alarms",
  "cannot be undone": "Cannot be undone",
  "left running": "Left running",
  new: "New",
  removed: "Removed",
  other: "Other",
};

/** The whole report, in the order in which it is read. */
export function sectionsOf(review: Review): readonly Section[] {
  const { consequences, deployment, unchanged } = review;
  const kinds = Object.keys(TITLES) as readonly Kind[];
  const told = kinds.map((kind) => ({
    title: TITLES[kind],
    items: consequences
      .filter((each) => each.kind === kind)
      .map((each) => consequenceItem(each, review.causes.get(each) ?? [], deployment.stacks.length > 1)),
  }));
  const changed = consequences.reduce((sum, { addresses }) => sum + addresses.length, 0);
  const refused = deployment.stacks.flatMap(({ name, refusals }) =>
    refusals.map((says) => plain(`${name}: ${says}`)),
  );
  return [
    { title: "Refused", items: refused },
    { title: "AWS will refuse", items: review.awsRefusals.map(awsRefusalItem) },
    ...told,
    { title: "Order", items: review.order.map((says) => plain(says)) },
    { title: "Money", items: moneyItems(review) },
    { title: "What it survives", items: survivalItems(review) },
    { title: "Exposure", items: exposureItems(review.exposure) },
    {
      title: "Counted",
      items: [
        plain(
          `${count(changed, "resource")} of ${changed + unchanged} in ${listed(deployment.stacks.map(({ name }) => name))} change`,
        ),
        ...deployment.notes.map((note) => plain(note)),
      ],
    },
  ].filter(({ items }) => items.length > 0);
}

function plain(says: string, lines: readonly string[] = []): Item {
  return { says, lines, addresses: [] };
}

function awsRefusalItem({ stack, change, says, source, causes }: Review["awsRefusals"][number]): Item {
  const places = causes.map(({ field, file, line }) => `see ${field}, ${file}:${line}`);
  return { says: `${stack}: ${says}`, lines: [`by ${source}`, ...places], addresses: [change.address] };
}

/** @param isOfSeveral whether there are other stacks, so that the name of this one is wanted */
function consequenceItem(
  { says, details, addresses, kind, stack, subject }: Consequence,
  causes: readonly Cause[],
  isOfSeveral: boolean,
): Item {
  const because = causes
    .slice(0, MOST_CAUSES)
    .map(({ field, file, line }) => `because of ${field}, ${file}:${line}`);
  const more =
    causes.length > MOST_CAUSES ? [`and of ${count(causes.length - MOST_CAUSES, "more field")}`] : [];
  const steps = ["interrupted", "replaced", "removed"].includes(kind)
    ? [...new Set(causes.flatMap((cause) => cause.steps))].map((step) => `instead: ${step}`)
    : [];
  const place = isOfSeveral && subject.label !== undefined ? `${stack}, ` : "";
  return { says: `${place}${says}`, lines: [...details, ...because, ...more, ...steps], addresses };
}

const MOST_CAUSES = 4;

function moneyItems(review: Review): readonly Item[] {
  const { spare, idle, survivalCost, traffic } = review;
  const { total, parts, unpriced, standIns, dates } = review.money;
  if (parts.length === 0) {
    return [
      ...trafficItems(traffic),
      ...unpriced.map((types) => plain(`${types}: no price is recorded, and it is not counted`)),
    ];
  }
  const changed = parts.filter((part) => !isSame(part.before, part.after));
  return [
    plain(
      isSame(total.before, total.after)
        ? `${range(total.after)} an hour, as before`
        : `${range(total.before)} → ${range(total.after)} an hour`,
      [
        ...changed.map((part) => `${part.stack} ${part.of}: ${range(part.before)} → ${range(part.after)}`),
        ...parts
          .filter((part) => !changed.includes(part))
          .map((part) => `${part.stack} ${part.of}: ${range(part.after)}, as before`),
      ],
    ),
    ...(spare === undefined
      ? lossItems(survivalCost)
      : [
          plain(
            `of it ${formatDollars(spare.after)} at min is there for the loss of a zone or a region${spare.before === spare.after ? "" : `, and was ${formatDollars(spare.before)}`}`,
          ),
        ]),
    ...idle.map(({ region, of }) =>
      plain(`${region} ${of} idles: it runs, and no rule sends it requests${costText(parts, region, of)}`),
    ),
    ...monthlyItems(review.monthly),
    ...trafficItems(traffic),
    plain(
      `on demand, at min and at max, by AWS's price lists of ${dates.join(" and ")}, without ${traffic.length === 0 ? "traffic, logs, " : ""}metrics and discounts`,
    ),
    ...Object.entries(standIns).map(([region, other]) =>
      plain(`services of ${region} at the prices of ${other}`),
    ),
    ...unpriced.map((types) => plain(`${types}: no price is recorded, and it is not counted`)),
  ];
}

/** What surviving costs, where only the stacks are known. */
function lossItems({ zone, region }: SurvivalCost): readonly Item[] {
  const ofRegion =
    region === undefined
      ? ""
      : `, and surviving a region up to ${formatDollars(region)}: all of the one that costs most`;
  return [
    plain(
      `surviving a zone costs up to ${formatDollars(zone)} of it at min: the instances of one zone of each group, and the network of all zones but one${ofRegion}`,
    ),
  ];
}

function costText(parts: Money["parts"], region: string, of: string): string {
  const found = parts.find((part) => part.isGroup && part.stack === region && part.of === of);
  return found === undefined ? "" : `, for ${range(found.after)} an hour`;
}

/** What stated traffic costs by the month. */
function trafficItems(traffic: readonly TrafficCost[]): readonly Item[] {
  const texts = traffic.map(
    ({ of, gb, before, after }) =>
      `${gb.toLocaleString("en")} GB ${of} ${before === after ? formatDollars(after) : `${formatDollars(before)} → ${formatDollars(after)}`}`,
  );
  return texts.length === 0
    ? []
    : [
        plain(
          `for the stated traffic, a month: ${texts.join(", ")}, at the prices of us-east-1 of ${trafficPrices.recorded}`,
        ),
      ];
}

/** What is paid by the month; nothing where there is nothing of it. */
function monthlyItems({ alarms, healthChecks }: Monthly): readonly Item[] {
  const texts = Object.entries({ alarms, "health checks": healthChecks }).flatMap(
    ([of, { before, after }]) =>
      before + after === 0
        ? []
        : [
            `${of} ${before === after ? formatDollars(after) : `${formatDollars(before)} → ${formatDollars(after)}`}`,
          ],
  );
  return texts.length === 0
    ? []
    : [
        plain(
          `besides, a month: ${texts.join(", ")}, at the prices of us-east-1 of ${monitoringPrices.recorded}`,
        ),
      ];
}

function isSame(a: Cost, b: Cost): boolean {
  return (
    formatDollars(a.atMin) === formatDollars(b.atMin) && formatDollars(a.atMax) === formatDollars(b.atMax)
  );
}

function range({ atMin, atMax }: Cost): string {
  return atMin === atMax ? formatDollars(atMin) : `${formatDollars(atMin)} to ${formatDollars(atMax)}`;
}

function survivalItems({ survival }: Review): readonly Item[] {
  const { groups, fell, rose, regions } = survival;
  const endangered = groups.filter(({ leftWithoutZone }) => leftWithoutZone === 0);
  return groups.length === 0
    ? []
    : [
        ...fell.map((says) => plain(`less than before: ${says}`)),
        ...rose.map((says) => plain(`more than before: ${says}`)),
        plain(
          endangered.length === 0
            ? `every model keeps instances when a zone is lost${regions.after > 1 ? `, and ${regions.after - 1} of ${regions.after} regions stay when one is` : ""}`
            : `no instance is left when a zone is lost of ${listed(endangered.map(({ region, of }) => `${region} ${of}`))}`,
          groups.map(
            ({ region, of, zones, types, instances, leftWithoutZone, spot }) =>
              `${region} ${of}: ${leftWithoutZone} of ${count(instances, "instance")} left without a zone of ${zones}, ${count(types, "type")}${spot > 0 ? `, ${spot} % Spot` : ""}`,
          ),
        ),
      ];
}

function exposureItems(exposure: readonly Exposure[]): readonly Item[] {
  return exposure.map(({ stack, address, says }) => ({
    says: `${stack}: ${says}`,
    lines: [],
    addresses: [address],
  }));
}
