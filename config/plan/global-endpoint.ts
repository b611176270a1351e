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
import { openAiBaseUrls } from "./openai";
import { healthCheckObstacle } from "./route53-requests";
import { modelUrls, urlOf } from "./urls";

const DEFAULT_WEIGHT = 100;

/** Whether a region is removed from the global endpoint: `traffic: removed`. */
export function isRemoved({ regions }: ServingFile, region: string): boolean {
  return regions[region]?.traffic === "removed";
}

/** Names of the regions in the global endpoint, sorted: all but the removed ones. */
export function globalEndpointRegionNames(file: ServingFile): readonly string[] {
  return Object.keys(file.regions)
    .filter((name) => !isRemoved(file, name))
    .sort();
}

/** The regions that are not removed from the global endpoint. */
export function regionsInGlobalEndpoint(file: ServingFile, regions: readonly Region[]): readonly Region[] {
  return regions.filter(({ name }) => !isRemoved(file, name));
}

/** The variants with the highest weight of a model. */
export function highestWeightVariants<T extends { readonly weight: number }>(
  variants: readonly T[],
): readonly T[] {
  const highest = Math.max(...variants.map(({ weight }) => weight));
  return variants.filter(({ weight }) => weight === highest);
}

/** Share of the DNS answers that Route 53 gives to a weighted record, 0–1. When all weights are 0, the shares are equal. */
export function shareByWeight(weight: number, all: readonly number[]): number {
  const sum = all.reduce((total, each) => total + each, 0);
  return sum === 0 ? 1 / all.length : weight / sum;
}

/** Label of the record of a failover order, left of the global endpoint's name: the regions, best first. */
export function orderLabel(order: readonly string[]): string {
  return `${order.join(".")}._failover`;
}

/** Names of the regions that the global endpoint sends new clients to, sorted: neither removed nor drained. */
export function regionNamesWithTraffic(file: ServingFile): readonly string[] {
  return globalEndpointRegionNames(file).filter((name) => file.regions[name]?.traffic !== "drained");
}

/** Weight of a region, relative to the others'; used with the routing `weighted`. */
export function regionWeight({ regions }: ServingFile, region: string): number {
  return regions[region]?.weight ?? DEFAULT_WEIGHT;
}

/** Names of the models that the global endpoint's clients rely on, sorted. */
export function globalEndpointModelNames({ globalEndpoint, models }: ServingFile): readonly string[] {
  return [...new Set(globalEndpoint?.models ?? Object.keys(models))].sort();
}

/** The global endpoint, resolved from the file; undefined without one. */
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
  const shown = first?.models.filter((model) => names.includes(model.name)) ?? [];
  return {
    routing: globalEndpoint.routing,
    name,
    url,
    modelUrls: modelUrls(shown, first?.entry.default, { url, hostName: name }),
    openAiBaseUrls: openAiBaseUrls(shown, first?.entry.default, { url, hostName: name }),
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

/** The longest time until a load balancer finds the last instance of one of these models unhealthy, in seconds. */
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

/** What the stack of a region creates for the global endpoint. Draining a region changes the stack of the global endpoint alone. */
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
 * How many models may be unhealthy in a region that still counts as healthy.
 *
 * @param counted number of the global endpoint's models in the region
 * @param minimumHealthyModels how many of them must be healthy; default: all
 */
export function allowedUnhealthyModels(counted: number, minimumHealthyModels = counted): number {
  return Math.max(0, counted - minimumHealthyModels);
}

/**
 * The counted models that Route 53 health-checks through the load balancer. There are none when all that it could check
 * may be unhealthy: their answers would decide nothing. Missing data in CloudWatch then counts as out of service.
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

/** Path under which Route 53 requests the health of models. */
export const HEALTH_CHECKS_UNDER = "/.well-known/health/";

/** Path that Route 53 requests to health-check a model. */
function healthCheckPathOf(model: string): string {
  return `${HEALTH_CHECKS_UNDER}${model}`;
}

const RECORDS = "Route 53 developer guide, Creating Amazon Route 53 health checks";

/**
 * The fewest healthy instances of a variant with which its region is in service. It is computed for the variants with
 * the highest weight only: a variant on trial must not take its region out of service.
 */
function leastHealthy(
  { survivesRegion, crossZone }: Model,
  { capacity: { need }, schedules }: Variant,
): Derived {
  const counted = crossZone !== false;
  const required =
    survivesRegion && counted && need !== undefined
      ? Math.max(1, Math.min(need.value, ...schedules.map(({ min }) => min.value)))
      : undefined;
  return {
    value: required ?? 1,
    unit: "instances",
    rule:
      required !== undefined
        ? required === need?.value
          ? "need: fewer instances cannot serve the peak, and the other regions have the capacity to serve it"
          : "the least min of a schedule: there are as few at some hours"
        : survivesRegion
          ? "1: without cross-zone load balancing, a load balancer node counts the instances of its own zone only"
          : "1: the other regions are not sized to serve the clients of a region that still works",
    inputs: required === undefined ? {} : { need: required },
    source: RECORDS,
  };
}
