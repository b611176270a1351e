import { ACCELERATOR_REGIONS } from "../../aws/global-accelerator";
import { FORWARD_WEIGHT, RULES_PER_LOAD_BALANCER } from "../../aws/limits";
import { HEALTH_CHECKER_TIMEOUTS, HEALTH_CHECKS_PER_ACCOUNT } from "../../aws/route53";
import { type Diagnostic, error, keyError, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import type { GlobalEndpoint, GlobalEndpointModel, Region } from "../plan/deployment";
import { isWritten } from "../plan/derived";
import { healthFacts, healthRequests } from "../plan/failover-times";
import {
  allowedUnhealthyModels,
  highestWeightVariants,
  regionsInGlobalEndpoint,
} from "../plan/global-endpoint";
import type { Model, Variant } from "../plan/model";
import { isOfOneRegion, variantWeight } from "../plan/overrides";
import { healthCheckObstacle } from "../plan/route53-requests";
import { fewestInstances } from "../plan/schedules";
import { tableOf } from "../routes/condition-table";
import { contains } from "../routes/containment";
import { levelOf } from "../routes/level";
import type { ServingFile } from "../schema/deployment";
import { formatDuration } from "../units";
import type { Check, Subject } from "./check";

/** How the global endpoint finds out which regions work: health checks that AWS can make, within its limits. */
export const checkGlobalEndpointHealth: Check = (subject) => {
  const { globalEndpoint } = subject.deployment;
  if (globalEndpoint === undefined) {
    return [];
  }
  return globalEndpoint.routing === "accelerator"
    ? acceleratorDiagnostics(subject)
    : healthDiagnostics(subject, globalEndpoint);
};

/** Settings that do not work behind Global Accelerator. */
function acceleratorDiagnostics({ file, deployment }: Subject): readonly Diagnostic[] {
  const regions = regionsInGlobalEndpoint(file, deployment.regions);
  return [
    ...regions.flatMap(({ name, models }) => [
      ...unreachedDiagnostics(name),
      ...models.flatMap((model) => [
        ...(model.dnsFailover === "off"
          ? []
          : [
              error(
                "dns-failover-behind-accelerator",
                ["models", model.name, "healthyTargets", "dnsFailover"],
                "AWS wants no DNS threshold behind an accelerator, because its clients do not query DNS; write dnsFailover: off, or leave it out",
              ),
            ]),
        ...model.variants
          .filter(mayBeIdle)
          .map((variant) =>
            keyError(
              "idle-variant-behind-accelerator",
              ["models", model.name],
              `${variant.name} may have no instances in ${name}, and an accelerator treats the whole region of an empty target group as unhealthy; use min 1 or more`,
            ),
          ),
      ]),
    ]),
    ...trialDiagnostics(file, regions),
  ];
}

function mayBeIdle(variant: Variant): boolean {
  return fewestInstances(variant) === 0;
}

/**
 * Variants on trial that take their regions out when they fail. With records they would not. Source: Global
 * Accelerator developer guide, Changing health check options: each target group of a load balancer has to be healthy.
 */
function trialDiagnostics(file: ServingFile, regions: readonly Region[]): readonly Diagnostic[] {
  return Object.keys(file.models).flatMap((model) =>
    Object.keys(file.models[model]?.variants ?? {}).flatMap((variant) => {
      const triedIn = regions.filter(({ models }) =>
        models.some(
          ({ name, variants }) =>
            name === model && onTrial(variants).some((each) => each.name === variant && !mayBeIdle(each)),
        ),
      );
      return triedIn.length === 0
        ? []
        : [
            warning(
              "trial-behind-accelerator",
              ["models", model, "variants", variant],
              `when none of its instances is healthy, an accelerator takes ${together(triedIn.map(({ name }) => name))} out for clients of all models, although the variant does not have the highest weight; use routing: latency, failover or weighted, which count only the variants with the highest weight`,
              "key",
            ),
          ];
    }),
  );
}

/** Variants that get fewer requests than others of their model, or none. */
function onTrial(variants: readonly Variant[]): readonly Variant[] {
  const heaviest = highestWeightVariants(variants);
  return variants.filter((variant) => !heaviest.includes(variant));
}

/** Only a warning: the list is as old as this project. */
function unreachedDiagnostics(region: string): readonly Diagnostic[] {
  const known: readonly string[] = ACCELERATOR_REGIONS.names;
  return known.includes(region)
    ? []
    : [
        warning(
          "region-not-listed",
          ["regions", region],
          `${region} is not among the regions that AWS lists for Global Accelerator; look it up there, or use routing: latency`,
          "key",
        ),
      ];
}

function healthDiagnostics(subject: Subject, globalEndpoint: GlobalEndpoint): readonly Diagnostic[] {
  const { file, deployment } = subject;
  return [
    ...countDiagnostics(globalEndpoint),
    ...deployment.regions.flatMap((region) => [
      ...impossibleRequestDiagnostics(file, region),
      ...tieDiagnostics(file, globalEndpoint, region),
      ...ruleDiagnostics(region),
      ...requestDiagnostics(file, region),
      ...slowAnswerDiagnostics(region),
    ]),
  ];
}

/** More health checks than an account has, with what brings them down. */
function countDiagnostics({ regions }: GlobalEndpoint): readonly Diagnostic[] {
  const { max } = HEALTH_CHECKS_PER_ACCOUNT;
  const taken = (models: (region: GlobalEndpoint["regions"][number]) => readonly GlobalEndpointModel[]) =>
    regions.reduce((sum, region) => sum + healthChecksOf(models(region)), 0);
  const count = taken(({ models }) => models);
  const counted = taken(({ models }) => models.map((model) => ({ ...model, healthCheckPath: undefined })));
  const orNoRequests =
    counted > max ? "" : `, or write health: { requests: false }, with which it takes ${counted}`;
  return count <= max
    ? []
    : [
        keyError(
          "too-many-health-checks",
          ["globalEndpoint"],
          `its health takes ${count} health checks, and an account has ${max}; name fewer globalEndpoint.models${orNoRequests}`,
        ),
      ];
}

/** The most health checks that a region takes: one for each request, each count, and each of the two sums. */
function healthChecksOf(models: readonly GlobalEndpointModel[]): number {
  const requests = models.filter((model) => model.healthCheckPath !== undefined).length;
  const counted = models.reduce((sum, { variants }) => sum + variants.length, 0);
  return counted + 1 + (requests > 0 ? requests + 1 : 0);
}

/**
 * Models whose health Route 53 is to request and cannot. Where it requests none because as many models may be out, there
 * is at least one of these: one model has to be healthy.
 */
function impossibleRequestDiagnostics(
  file: ServingFile,
  { entry, models, globalEndpoint }: Region,
): readonly Diagnostic[] {
  if (file.globalEndpoint?.health?.requests !== true) {
    return [];
  }
  return models
    .filter(({ name }) => globalEndpoint?.models.some((counted) => counted.name === name))
    .flatMap((model) => healthCheckObstacle(file, model, entry) ?? [])
    .map((reason) =>
      error(
        "health-requests-impossible",
        ["globalEndpoint", "health", "requests"],
        `Route 53 cannot send health requests: ${reason}; leave requests out, and alarms decide instead`,
      ),
    );
}

/**
 * Models that would count more than once towards those that may be out. A region's instances are one sum over the variants
 * that carry its models, as Route 53 lets no sum watch another, so each of these must be one variant.
 */
function tieDiagnostics(
  file: ServingFile,
  { health, regions }: GlobalEndpoint,
  region: Region,
): readonly Diagnostic[] {
  const counted = regions.find(({ name }) => name === region.name)?.models ?? [];
  const spare = allowedUnhealthyModels(counted.length, health?.minimumHealthyModels);
  return counted
    .filter(({ variants }) => spare > 0 && variants.length > 1)
    .flatMap(({ name }) => region.models.find((model) => model.name === name) ?? [])
    .filter(({ variants }) => variants.some(({ weight }) => weight > 0))
    .map((model) => tieDiagnostic(file, region.name, model));
}

function tieDiagnostic(file: ServingFile, region: string, { name, variants }: Model): Diagnostic {
  const heaviest = highestWeightVariants(variants);
  const tied = heaviest.map((variant) => variant.name);
  const pathOf = (variant: string) => variantWeight(file, region, name, variant).path;
  const isWrittenHere = (variant: string) => isOfOneRegion(pathOf(variant));
  const first = tied.find(isWrittenHere) ?? tied[0] ?? "";
  const others = tied.filter((variant) => variant !== first);
  const where = variants.some((variant) => isWrittenHere(variant.name)) ? ` in ${region}` : "";
  return error(
    "tied-variant-weights",
    pathOf(first),
    `${heaviest[0]?.weight} is the highest weight of ${name}${where} and also that of ${together(others)}, so each would count as a model towards minimumHealthyModels; use ${untied(variants, first)}`,
  );
}

/** Nearly the same weights, of which that of one variant is the highest. */
function untied(variants: Model["variants"], first: string): string {
  const highest = Math.max(...variants.map(({ weight }) => weight));
  const factor = Math.ceil(50 / highest);
  return together(
    variants.map(({ name, weight }) => {
      const others = weight === highest ? highest * factor - 1 : weight * factor;
      const own = Math.min(highest * factor + 1, FORWARD_WEIGHT.max);
      return `${name === first ? own : others} for ${name}`;
    }),
  );
}

/** Rules for health beside those of the routes: too many, or behind one that takes their requests. */
function ruleDiagnostics({
  name,
  routeRules,
  rules,
  modelList,
  globalEndpoint,
}: Region): readonly Diagnostic[] {
  const health = globalEndpoint?.rules ?? [];
  const { max } = RULES_PER_LOAD_BALANCER;
  const others = rules.length + (modelList === undefined ? 0 : 1);
  if (others <= max && others + health.length > max) {
    return [
      keyError(
        "too-many-health-rules",
        ["globalEndpoint"],
        `${health.length} rules for health and ${others} for routes in ${name} are more than the ${max} of a load balancer; name fewer globalEndpoint.models, or write health: { requests: false }`,
      ),
    ];
  }
  return health.flatMap((rule) =>
    routeRules
      .filter(({ explicit }) => explicit !== undefined && explicit < rule.priority)
      .filter(({ requests }) => contains(requests, rule.conditions))
      .map(({ path, explicit }) =>
        error(
          "route-takes-health-requests",
          [...path, "priority"],
          `priority ${explicit} also takes Route 53's requests for ${rule.conditions.path?.join()}; use a number above ${levelOf(tableOf(rule.conditions)).last}, or leave priority out`,
        ),
      ),
  );
}

/** Models of a region whose health Route 53 requests. */
function requestCheckedModels({ models, globalEndpoint }: Region): readonly Model[] {
  return models.filter(({ name }) =>
    globalEndpoint?.models.some((counted) => counted.name === name && counted.healthCheckPath !== undefined),
  );
}

/** Share of the smallest group's scaling target that Route 53 may take without a warning. */
const MOST_HEALTH_REQUESTS = 0.5;

/** Groups that grow by the requests of Route 53 more than by those of clients. */
function requestDiagnostics(file: ServingFile, region: Region): readonly Diagnostic[] {
  const { name } = region;
  const { interval } = healthFacts(file.globalEndpoint?.health ?? {});
  const requests = healthRequests(interval).value;
  return requestCheckedModels(region).flatMap((model) => {
    const [target = Number.POSITIVE_INFINITY] = highestWeightVariants(model.variants).flatMap(
      ({ capacity: { scalingTarget, min } }) =>
        scalingTarget === undefined ? [] : scalingTarget.value * min.value,
    );
    return requests > target * MOST_HEALTH_REQUESTS
      ? [
          warning(
            "health-requests-drive-scaling",
            ["models", model.name],
            `Route 53 sends ${model.name} in ${name} about ${requests} requests a minute, and the scaling target of its smallest group is ${target}; ${interval === 30 ? "" : "write globalEndpoint.health: { interval: 30s }, or "}use alarms instead with globalEndpoint.health: { requests: false }`,
            "key",
          ),
        ]
      : [];
  });
}

/** Health checks whose written timeout is longer than Route 53 waits. */
function slowAnswerDiagnostics(region: Region): readonly Diagnostic[] {
  const { answer } = HEALTH_CHECKER_TIMEOUTS;
  return requestCheckedModels(region)
    .filter(({ timing: { healthTimeout } }) => isWritten(healthTimeout) && healthTimeout.value > answer)
    .map(({ name, timing: { healthTimeout } }) =>
      warning(
        "health-answer-too-slow",
        ["models", name, "health", "timeout"],
        `Route 53 waits ${formatDuration(answer)} for an answer and then counts the region as lost, while the load balancer waits ${formatDuration(healthTimeout.value)}; use a health.path that answers at once, or write globalEndpoint.health: { requests: false }`,
      ),
    );
}
