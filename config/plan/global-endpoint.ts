import { ACCELERATOR_METRICS, TRAFFIC_DIAL } from "../../aws/global-accelerator";
import { ROUTE53_METRICS } from "../../aws/route53";
import type { ServingFile } from "../schema/deployment";
import { alarmsIn } from "./alarms";
import type {
  GlobalEndpoint,
  GlobalEndpointAlarms,
  GlobalEndpointModel,
  GlobalEndpointRegion,
  Region,
  RegionEntry,
  RegionGlobalEndpoint,
  Rule,
} from "./deployment";
import type { Derived } from "./derived";
import { hostedZoneOf, portsOf } from "./entry";
import { acceleratorTiming, type HealthFacts, healthFacts, recordTiming } from "./failover-times";
import { healthRules } from "./listener-rules";
import type { Model, Variant } from "./model";
import { healthCheckObstacle } from "./route53-requests";
import { modelUrls, urlOf } from "./urls";

const DEFAULT_WEIGHT = 100;

/** Whether the global endpoint has let go of a region. */
export function isRemoved({ regions }: ServingFile, region: string): boolean {
  return regions[region]?.traffic === "removed";
}

/** Regions that the global endpoint knows, by name. */
export function globalEndpointRegionNames(file: ServingFile): readonly string[] {
  return Object.keys(file.regions)
    .filter((name) => !isRemoved(file, name))
    .sort();
}

/** Those of the regions that the global endpoint knows. */
export function regionsInGlobalEndpoint(file: ServingFile, regions: readonly Region[]): readonly Region[] {
  return regions.filter(({ name }) => !isRemoved(file, name));
}

/** The variants that carry a model: those with its highest weight. */
export function highestWeightVariants<T extends { readonly weight: number }>(
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

/** Under what name, left of the global endpoint's own, an order of regions stands, best first. It says all of the order. */
export function orderLabel(order: readonly string[]): string {
  return `${order.join(".")}._failover`;
}

/** Regions that the global endpoint sends new clients to, by name. */
export function regionNamesWithTraffic(file: ServingFile): readonly string[] {
  return globalEndpointRegionNames(file).filter((name) => file.regions[name]?.traffic !== "drained");
}

/** The share of the global endpoint's clients that a region gets, relative to the others', where they are led by weight. */
export function regionWeight({ regions }: ServingFile, region: string): number {
  return regions[region]?.weight ?? DEFAULT_WEIGHT;
}

/** Models that the global endpoint's clients count on, by name. */
export function globalEndpointModelNames({ globalEndpoint, models }: ServingFile): readonly string[] {
  return [...new Set(globalEndpoint?.models ?? Object.keys(models))].sort();
}

/** One name over the regions, as the file means it. */
export function resolveGlobalEndpoint(
  file: ServingFile,
  regions: readonly Region[],
): GlobalEndpoint | undefined {
  const { globalEndpoint, entry } = file;
  if (globalEndpoint === undefined) {
    return undefined;
  }
  const endpointRegions = globalEndpointRegions(file, regions);
  const health = healthFacts(globalEndpoint.health ?? {});
  const names = globalEndpointModelNames(file);
  const [first] = endpointRegions.map(({ name }) => regions.find((region) => region.name === name));
  const { protocol, dualStack, ports } = first?.entry ?? { ...entry, ports: portsOf(entry) };
  const name = entry.domain ?? "";
  const url = urlOf(protocol, name);
  const byRecords = globalEndpoint.routing !== "accelerator";
  const models = regionsInGlobalEndpoint(file, regions).flatMap((region) => region.models);
  const counted = models.filter((model) => names.includes(model.name));
  return {
    routing: globalEndpoint.routing,
    name,
    url,
    modelUrls: modelUrls(
      first?.models.filter((model) => names.includes(model.name)) ?? [],
      first?.entry.default,
      { url, hostName: name },
    ),
    protocol,
    dualStack,
    ports,
    hostedZone: hostedZoneOf(entry) ?? { name },
    models: names,
    regions: endpointRegions,
    certified: regions.some((region) => region.globalEndpoint?.certifiedName !== undefined),
    health: byRecords
      ? {
          ...health,
          minimumHealthyModels: globalEndpoint.minimumHealthyModels ?? names.length,
        }
      : undefined,
    accelerator: { clientAffinity: "none", ...globalEndpoint.accelerator },
    timing: byRecords
      ? recordTiming({
          ...health,
          requestChecks: requestCheckCoverage(endpointRegions),
          instanceDetection: slowestInstanceDetection(counted),
        })
      : acceleratorTiming(slowestInstanceDetection(models)),
    alarms: globalEndpointAlarms(file, (byRecords ? ROUTE53_METRICS : ACCELERATOR_METRICS).region),
  };
}

function globalEndpointAlarms(file: ServingFile, region: string): GlobalEndpointAlarms {
  return { region, ...alarmsIn(file, region) };
}

function globalEndpointRegions(
  file: ServingFile,
  regions: readonly Region[],
): readonly GlobalEndpointRegion[] {
  const order = file.globalEndpoint?.routing === "failover" ? (file.globalEndpoint.order ?? []) : [];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return regionsInGlobalEndpoint(file, regions)
    .map(({ name, entry, globalEndpoint }) => {
      const drained = file.regions[name]?.traffic === "drained";
      return {
        name,
        drained,
        weight: regionWeight(file, name),
        dial: drained ? 0 : (file.regions[name]?.dial ?? TRAFFIC_DIAL.default),
        hostName: entry.hostName ?? "",
        models: globalEndpoint?.models ?? [],
      };
    })
    .sort((a, b) => place(a.name) - place(b.name));
}

/** The longest time until a load balancer has found the last instance of one of these models unhealthy. */
function slowestInstanceDetection(models: readonly Model[]): number {
  const times = models.map(({ timing }) => timing.healthInterval.value * timing.unhealthyThreshold.value);
  return Math.max(0, ...times);
}

function requestCheckCoverage(regions: readonly GlobalEndpointRegion[]): HealthFacts["requestChecks"] {
  const checked = regions.filter(({ models }) => models.some((model) => model.healthCheckPath !== undefined));
  return checked.length === 0
    ? "nowhere"
    : checked.length < regions.length
      ? "in some regions"
      : "in all regions";
}

/** What a region does for the global endpoint. The same whether it is drained or not: only the global endpoint itself changes then. */
export function regionGlobalEndpoint(
  file: ServingFile,
  entry: RegionEntry,
  models: readonly Model[],
  rules: readonly Rule[],
): RegionGlobalEndpoint | undefined {
  if (file.globalEndpoint === undefined) {
    return undefined;
  }
  const accelerated = file.globalEndpoint.routing === "accelerator";
  const names = accelerated ? [] : globalEndpointModelNames(file);
  const counted = models.filter(({ name }) => names.includes(name));
  const checked = healthCheckedModels(file, counted, entry);
  return {
    certifiedName: entry.certifiedName && file.entry.domain,
    models: counted.map((model) => globalEndpointModel(model, checked.includes(model))),
    rules: healthRules(
      rules,
      entry.hostName ?? "",
      checked.map(({ name, healthPath }) => ({ name, path: healthCheckPathOf(name), healthPath })),
    ),
    allowsHealthCheckers: checked.length > 0 && entry.allow !== "anyone-on-the-internet",
    accelerated,
  };
}

function globalEndpointModel(model: Model, checked: boolean): GlobalEndpointModel {
  return {
    name: model.name,
    healthCheckPath: checked ? healthCheckPathOf(model.name) : undefined,
    whenUnknown: checked ? "as before" : "out of service",
    variants: highestWeightVariants(model.variants).map((variant) => ({
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
export function allowedUnhealthyModels(counted: number, minimumHealthyModels = counted): number {
  return Math.max(0, counted - minimumHealthyModels);
}

/**
 * Those of the counted models that Route 53 asks. Where no more can be asked than may be out, it asks none: their
 * answers would decide nothing, and without them a silent CloudWatch has to.
 */
function healthCheckedModels(
  file: ServingFile,
  counted: readonly Model[],
  entry: RegionEntry,
): readonly Model[] {
  const allowedUnhealthy = allowedUnhealthyModels(counted.length, file.globalEndpoint?.minimumHealthyModels);
  const checkable = counted.filter((model) => healthCheckObstacle(file, model, entry) === undefined);
  return checkable.length > allowedUnhealthy ? checkable : [];
}

/** Where Route 53 asks for a model. */
function healthCheckPathOf(model: string): string {
  return `/.well-known/health/${model}`;
}

const RECORDS = "Route 53 developer guide, Creating Amazon Route 53 health checks";

/**
 * The fewest healthy instances of a variant with which its region is in service. Variants that get less than others do not
 * count: none of them may fail the region, a trial least of all.
 */
function leastHealthy({ survivesRegion, crossZone }: Model, { capacity: { need } }: Variant): Derived {
  const counted = crossZone !== false;
  const carried = survivesRegion && counted ? need?.value : undefined;
  return {
    value: carried ?? 1,
    unit: "instances",
    rule:
      carried !== undefined
        ? "need: with fewer the peak is not carried, and the other regions are sized to take it over"
        : survivesRegion
          ? "1: without cross-zone balancing a load balancer node counts the instances of its own zone only"
          : "1: the other regions are not sized to take over what still works",
    inputs: carried === undefined ? {} : { need: carried },
    source: RECORDS,
  };
}
