import type { ServingFile } from "../schema/deployment";
import { alarmsIn } from "./alarms";
import type {
  Door,
  DoorAlarms,
  DoorModel,
  DoorRegion,
  Model,
  Region,
  RegionDoor,
  RegionEntry,
  Rule,
  Variant,
} from "./deployment";
import type { Derived } from "./derived";
import { acceleratorTiming, type HealthFacts, healthFacts, recordTiming } from "./failover-times";
import { healthRules } from "./listener-rules";
import { whyNotAsked } from "./route53-requests";

const DEFAULT_WEIGHT = 100;
const WIDE_OPEN = 100;

/** Below which number of healthy boxes a zone leaves DNS, of a model that does not say it. */
const DNS_FAILOVER = { count: 1 } as const;

/** Whether the door has let go of a region. */
export function isRemoved({ regions }: ServingFile, region: string): boolean {
  return regions[region]?.traffic === "removed";
}

/** Regions that the door knows, by name. */
export function doorRegionNames(file: ServingFile): readonly string[] {
  return Object.keys(file.regions)
    .filter((name) => !isRemoved(file, name))
    .sort();
}

/** Those of the regions that the door knows. */
export function knownToDoor(file: ServingFile, regions: readonly Region[]): readonly Region[] {
  return regions.filter(({ name }) => !isRemoved(file, name));
}

/** The variants that carry a model: those with its highest weight. */
export function heaviestVariants<T extends { readonly weight: number }>(
  variants: readonly T[],
): readonly T[] {
  const highest = Math.max(...variants.map(({ weight }) => weight));
  return variants.filter(({ weight }) => weight === highest);
}

/** Share of the clients that Route 53 leads to one of several by its weight. With weights of 0 all are alike. */
export function shareByWeight(weight: number, all: readonly number[]): number {
  const sum = all.reduce((total, each) => total + each, 0);
  return sum === 0 ? 1 / all.length : weight / sum;
}

/** Under what name, left of the door's own, an order of regions stands, best first. It says all of the order. */
export function orderLabel(order: readonly string[]): string {
  return `${order.join(".")}._failover`;
}

/** Regions that the door sends new clients to, by name. */
export function servedRegionNames(file: ServingFile): readonly string[] {
  return doorRegionNames(file).filter((name) => file.regions[name]?.traffic !== "drained");
}

/** The share of the door's clients that a region gets, relative to the others', where they are led by weight. */
export function regionWeight({ regions }: ServingFile, region: string): number {
  return regions[region]?.weight ?? DEFAULT_WEIGHT;
}

/** Models that the door's clients count on, by name. */
export function doorModelNames({ door, models }: ServingFile): readonly string[] {
  return [...new Set(door?.models ?? Object.keys(models))].sort();
}

/** Below which number of healthy boxes a zone leaves DNS. Behind an accelerator AWS wants no such number. */
export function dnsFailoverOf(
  file: ServingFile,
  written: Model["dnsFailover"] | undefined,
): Model["dnsFailover"] {
  return written ?? (file.door?.routing === "accelerator" ? "off" : DNS_FAILOVER);
}

/** One name over the regions, as the file means it. */
export function resolveDoor(file: ServingFile, regions: readonly Region[]): Door | undefined {
  const { door, entry } = file;
  if (door === undefined) {
    return undefined;
  }
  const known = doorRegions(file, regions);
  const health = healthFacts(door.health ?? {});
  const [first] = known.map(({ name }) => regions.find((region) => region.name === name)?.entry);
  const { protocol, dualStack, redirectHttp } = first ?? entry;
  const byRecords = door.routing !== "accelerator";
  const models = knownToDoor(file, regions).flatMap((region) => region.models);
  const counted = models.filter(({ name }) => doorModelNames(file).includes(name));
  return {
    routing: door.routing,
    name: entry.domain ?? "",
    protocol,
    dualStack,
    ports: protocol === "https" ? [443, ...((redirectHttp ?? true) ? [80] : [])] : [80],
    hostedZone:
      entry.hostedZoneId === undefined
        ? { name: entry.hostedZone ?? entry.domain ?? "" }
        : { id: entry.hostedZoneId },
    models: doorModelNames(file),
    regions: known,
    certified: regions.some((region) => region.door?.certifiedName !== undefined),
    health: byRecords
      ? { ...health, minimumHealthyModels: door.minimumHealthyModels ?? doorModelNames(file).length }
      : undefined,
    accelerator: door.accelerator ?? {},
    timing: byRecords
      ? recordTiming({ ...health, asks: whereAsked(known), boxDetection: slowestBoxDetection(counted) })
      : acceleratorTiming(slowestBoxDetection(models)),
    alarms: doorAlarms(file, byRecords ? ROUTE53_METRICS_REGION : ACCELERATOR_METRICS_REGION),
  };
}

/** Where CloudWatch has the metrics of Route 53 (Route 53 developer guide, Monitoring health checks using CloudWatch). */
export const ROUTE53_METRICS_REGION = "us-east-1";

/**
 * Where CloudWatch has the metrics of Global Accelerator (Global Accelerator developer guide, Using Amazon CloudWatch
 * with AWS Global Accelerator).
 */
export const ACCELERATOR_METRICS_REGION = "us-west-2";

function doorAlarms(file: ServingFile, region: string): DoorAlarms {
  return { region, ...alarmsIn(file, region) };
}

function doorRegions(file: ServingFile, regions: readonly Region[]): readonly DoorRegion[] {
  const order = file.door?.routing === "failover" ? (file.door.order ?? []) : [];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return knownToDoor(file, regions)
    .map(({ name, entry, door }) => {
      const written = file.regions[name];
      return {
        name,
        drained: written?.traffic === "drained",
        weight: regionWeight(file, name),
        dial: written?.dial ?? WIDE_OPEN,
        hostName: entry.hostName ?? "",
        models: door?.models ?? [],
      };
    })
    .sort((a, b) => place(a.name) - place(b.name));
}

/** The longest time until a load balancer has found the last box of one of these models unhealthy. */
function slowestBoxDetection(models: readonly Model[]): number {
  const times = models.map(({ timing }) => timing.healthInterval.value * timing.unhealthyThreshold.value);
  return Math.max(0, ...times);
}

function whereAsked(regions: readonly DoorRegion[]): HealthFacts["asks"] {
  const asked = regions.filter(({ models }) => models.some((model) => model.asked !== undefined));
  return asked.length === 0
    ? "nowhere"
    : asked.length < regions.length
      ? "in some regions"
      : "in all regions";
}

/** What a region does for the door. The same whether it is drained or not: only the door itself changes then. */
export function regionDoor(
  file: ServingFile,
  entry: RegionEntry,
  models: readonly Model[],
  rules: readonly Rule[],
): RegionDoor | undefined {
  if (file.door === undefined) {
    return undefined;
  }
  const accelerated = file.door.routing === "accelerator";
  const names = accelerated ? [] : doorModelNames(file);
  const counted = models.filter(({ name }) => names.includes(name));
  const asked = askedModels(file, counted, entry);
  return {
    certifiedName:
      entry.protocol === "https" && entry.certificateArn === undefined ? file.entry.domain : undefined,
    models: counted.map((model) => doorModel(model, asked.includes(model))),
    rules: healthRules(
      rules,
      entry.hostName ?? "",
      asked.map(({ name, healthPath }) => ({ name, path: askedPath(name), healthPath })),
    ),
    admitsCheckers: asked.length > 0 && entry.allow !== "anyone-on-the-internet",
    accelerated,
  };
}

function doorModel(model: Model, asked: boolean): DoorModel {
  return {
    name: model.name,
    asked: asked ? askedPath(model.name) : undefined,
    variants: heaviestVariants(model.variants).map((variant) => ({
      name: variant.name,
      leastHealthy: leastHealthy(model, variant),
    })),
  };
}

/**
 * How many of the models that a region is healthy by may be out.
 *
 * @param counted the number of those models in the region
 * @param minimumHealthyModels how many of them it has to serve; default: all
 */
export function modelsThatMayBeOut(counted: number, minimumHealthyModels = counted): number {
  return Math.max(0, counted - minimumHealthyModels);
}

/**
 * Those of the counted models that Route 53 asks. Where no more can be asked than may be out, it asks none: their
 * answers would decide nothing, and without them a silent CloudWatch has to.
 */
function askedModels(file: ServingFile, counted: readonly Model[], entry: RegionEntry): readonly Model[] {
  const spare = modelsThatMayBeOut(counted.length, file.door?.minimumHealthyModels);
  const askable = counted.filter((model) => whyNotAsked(file, model, entry) === undefined);
  return askable.length > spare ? askable : [];
}

/** Where Route 53 asks for a model. */
function askedPath(model: string): string {
  return `/.well-known/health/${model}`;
}

const RECORDS = "Route 53 developer guide, Creating Amazon Route 53 health checks";

/**
 * The fewest healthy boxes of a variant with which its region is in service. Variants that get less than others do not
 * count: none of them may fail the region, a trial least of all.
 */
function leastHealthy({ survivesRegion, file }: Model, { capacity: { need } }: Variant): Derived {
  const counted = file.crossZone !== false;
  const carried = survivesRegion && counted ? need?.value : undefined;
  return {
    value: carried ?? 1,
    unit: "boxes",
    rule:
      carried !== undefined
        ? "need: with fewer the peak is not carried, and the other regions are sized to take it over"
        : survivesRegion
          ? "1: without cross-zone balancing a load balancer node counts the boxes of its own zone only"
          : "1: the other regions are not sized to take over what still works",
    inputs: carried === undefined ? {} : { need: carried },
    source: RECORDS,
  };
}
