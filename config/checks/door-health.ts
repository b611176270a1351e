import { FORWARD_WEIGHT, RULES_PER_LOAD_BALANCER } from "../../aws/limits";
import { ACCELERATOR_REGIONS, HEALTH_CHECKER_TIMEOUTS, HEALTH_CHECKS_PER_ACCOUNT } from "../../aws/route53";
import { error, type Path, type Problem, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import type { Door, DoorModel, Model, Region, Variant } from "../plan/deployment";
import { healthFacts, healthRequests } from "../plan/failover-times";
import { heaviestVariants, knownToDoor, modelsThatMayBeOut } from "../plan/global-endpoint";
import { modelRoutes, unplacedRules } from "../plan/listener-rules";
import { variantWeightPath } from "../plan/overrides";
import { modelsIn } from "../plan/resolve";
import { whyNotAsked } from "../plan/route53-requests";
import { tableOf } from "../routes/condition-table";
import { contains } from "../routes/containment";
import { levelOf } from "../routes/level";
import type { ServingFile } from "../schema/deployment";
import { formatDuration } from "../units";
import type { Check, Subject } from "./check";

/** How the door finds out which regions work: a health that AWS can tell, and that costs what it should. */
export const checkDoorHealth: Check = (subject) => {
  const { door } = subject.deployment;
  if (door === undefined) {
    return [];
  }
  return door.routing === "accelerator" ? acceleratorProblems(subject) : healthProblems(subject, door);
};

/** What Global Accelerator does not go together with. */
function acceleratorProblems({ file, deployment }: Subject): readonly Problem[] {
  const regions = knownToDoor(file, deployment.regions);
  return [
    ...regions.flatMap(({ name, models }) => [
      ...unreachedProblems(name),
      ...models.flatMap((model) => [
        ...(model.dnsFailover === "off"
          ? []
          : [
              error(
                ["models", model.name, "healthyTargets", "dnsFailover"],
                "AWS wants no threshold for DNS behind an accelerator, whose clients ask no DNS; say dnsFailover: off, or leave it out",
              ),
            ]),
        ...model.variants
          .filter(mayBeIdle)
          .map((variant) =>
            keyError(
              ["models", model.name],
              `${variant.name} may have no boxes in ${name}, and a target group without any counts as unhealthy to an accelerator, and the whole region with it; use min 1 or more`,
            ),
          ),
      ]),
    ]),
    ...trialProblems(file, regions),
  ];
}

function mayBeIdle({ capacity }: Variant): boolean {
  return capacity.min.value === 0;
}

/**
 * Variants on trial that take their regions out when they fail, which records would not let them. Source: Global
 * Accelerator developer guide, Changing health check options: each target group of a load balancer has to be healthy.
 */
function trialProblems(file: ServingFile, regions: readonly Region[]): readonly Problem[] {
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
              ["models", model, "variants", variant],
              `while none of its boxes is healthy, an accelerator takes ${together(triedIn.map(({ name }) => name))} out, for clients of all models, though it has less than the highest weight; with routing: latency, failover or weighted only variants with the highest count`,
              "key",
            ),
          ];
    }),
  );
}

/** Variants that get fewer requests than others of their model, or none. */
function onTrial(variants: readonly Variant[]): readonly Variant[] {
  const heaviest = heaviestVariants(variants);
  return variants.filter((variant) => !heaviest.includes(variant));
}

/** A warning only, as the list is as old as this project. */
function unreachedProblems(region: string): readonly Problem[] {
  const known: readonly string[] = ACCELERATOR_REGIONS.names;
  return known.includes(region)
    ? []
    : [
        warning(
          ["regions", region],
          `${region} is not among the regions that AWS lists for Global Accelerator; look it up there, or use routing: latency`,
          "key",
        ),
      ];
}

function healthProblems(subject: Subject, door: Door): readonly Problem[] {
  const { file, deployment } = subject;
  return [
    ...countProblems(door),
    ...deployment.regions.flatMap((region) => [
      ...askingProblems(file, region),
      ...tieProblems(file, door, region),
      ...ruleProblems(file, region),
      ...requestProblems(file, region),
      ...slowAnswerProblems(region),
    ]),
  ];
}

/** More health checks than an account has, with what brings them down. */
function countProblems({ regions }: Door): readonly Problem[] {
  const { max } = HEALTH_CHECKS_PER_ACCOUNT;
  const taken = (models: (region: Door["regions"][number]) => readonly DoorModel[]) =>
    regions.reduce((sum, region) => sum + healthChecksOf(models(region)), 0);
  const count = taken(({ models }) => models);
  const counted = taken(({ models }) => models.map((model) => ({ ...model, asked: undefined })));
  const orAskNone =
    counted > max ? "" : `, or say health: { requests: false }, with which it takes ${counted}`;
  return count <= max
    ? []
    : [
        keyError(
          ["door"],
          `its health takes ${count} health checks, and an account has ${max}; name fewer door.models${orAskNone}`,
        ),
      ];
}

/** At most how many health checks a region takes: one for each question, each count, and each of the two sums. */
function healthChecksOf(models: readonly DoorModel[]): number {
  const asked = models.filter((model) => model.asked !== undefined).length;
  const counted = models.reduce((sum, { variants }) => sum + variants.length, 0);
  return counted + 1 + (asked > 0 ? asked + 1 : 0);
}

/**
 * Models that Route 53 is told to ask and cannot. Of those is there at least one wherever it asks none because as many
 * may be out: one has to be healthy.
 */
function askingProblems(file: ServingFile, { entry, models, door }: Region): readonly Problem[] {
  if (file.door?.health?.requests !== true) {
    return [];
  }
  return models
    .filter(({ name }) => door?.models.some((counted) => counted.name === name))
    .flatMap((model) => whyNotAsked(file, model, entry) ?? [])
    .map((reason) =>
      error(
        ["door", "health", "requests"],
        `Route 53 cannot ask: ${reason}; leave requests out, and alarms tell where it cannot`,
      ),
    );
}

/**
 * Models that would count more than once towards those that may be out. A region's boxes are one sum over the variants
 * that carry its models, as Route 53 lets no sum watch another, so each of these must be one variant.
 */
function tieProblems(file: ServingFile, { health, regions }: Door, region: Region): readonly Problem[] {
  const counted = regions.find(({ name }) => name === region.name)?.models ?? [];
  const spare = modelsThatMayBeOut(counted.length, health?.minimumHealthyModels);
  return counted
    .filter(({ variants }) => spare > 0 && variants.length > 1)
    .flatMap(({ name }) => region.models.find((model) => model.name === name) ?? [])
    .filter(({ variants }) => variants.some(({ weight }) => weight > 0))
    .map((model) => tieProblem(file, region.name, model));
}

function tieProblem(file: ServingFile, region: string, { name, variants }: Model): Problem {
  const heaviest = heaviestVariants(variants);
  const tied = heaviest.map((variant) => variant.name);
  const isSaidHere = (variant: string) => variantWeightPath(file, region, name, variant)[0] === "regions";
  const first = tied.find(isSaidHere) ?? tied[0] ?? "";
  const others = tied.filter((variant) => variant !== first);
  const where = variants.some((variant) => isSaidHere(variant.name)) ? ` in ${region}` : "";
  return error(
    variantWeightPath(file, region, name, first),
    `${heaviest[0]?.weight} is the highest weight of ${name}${where}, and that of ${together(others)} too, each of which would count as a model towards minimumHealthyModels; use ${untied(variants, first)}`,
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
function ruleProblems(file: ServingFile, { name, entry, rules, door }: Region): readonly Problem[] {
  const health = door?.rules ?? [];
  const { max } = RULES_PER_LOAD_BALANCER;
  if (rules.length <= max && rules.length + health.length > max) {
    return [
      keyError(
        ["door"],
        `${health.length} rules for health beside the ${rules.length} of the routes in ${name} are more than the ${max} of a load balancer; name fewer door.models, or say health: { requests: false }`,
      ),
    ];
  }
  const routes = unplacedRules(modelRoutes(modelsIn(file, name), entry.default));
  return health.flatMap((rule) =>
    routes
      .filter(({ explicit }) => explicit !== undefined && explicit < rule.priority)
      .filter(({ conditions }) => contains(conditions, rule.conditions))
      .map(({ path, explicit }) =>
        error(
          [...path, "priority"],
          `priority ${explicit} takes the requests of Route 53 for ${rule.conditions.path?.join()} too; give it a number above ${levelOf(tableOf(rule.conditions)).last}, or none`,
        ),
      ),
  );
}

/** Models of a region that Route 53 asks. */
function askedModels({ models, door }: Region): readonly Model[] {
  return models.filter(({ name }) =>
    door?.models.some((counted) => counted.name === name && counted.asked !== undefined),
  );
}

/** Share of what the smallest group is steered to that Route 53 may take without a word. */
const MOST_ASKED = 0.5;

/** Groups that grow by the requests of Route 53 more than by those of clients. */
function requestProblems(file: ServingFile, region: Region): readonly Problem[] {
  const { name } = region;
  const { interval } = healthFacts(file.door?.health ?? {});
  const asked = healthRequests(interval).value;
  return askedModels(region).flatMap((model) => {
    const [steered = Number.POSITIVE_INFINITY] = heaviestVariants(model.variants).flatMap(
      ({ capacity: { scalingTarget, min } }) =>
        scalingTarget === undefined ? [] : scalingTarget.value * min.value,
    );
    return asked > steered * MOST_ASKED
      ? [
          warning(
            ["models", model.name],
            `Route 53 asks ${model.name} in ${name} about ${asked} times a minute, and its smallest group is steered to ${steered}; ${interval === 30 ? "" : "say door.health: { interval: 30s }, or "}leave requests to alarms with door.health: { requests: false }`,
            "key",
          ),
        ]
      : [];
  });
}

/** Health checks that may take longer than Route 53 waits, as they are written. */
function slowAnswerProblems(region: Region): readonly Problem[] {
  const { answer } = HEALTH_CHECKER_TIMEOUTS;
  return askedModels(region)
    .filter(({ file: { health } }) => (health.timeout ?? 0) > answer)
    .map(({ name, file: { health } }) =>
      warning(
        ["models", name, "health", "timeout"],
        `Route 53 waits ${formatDuration(answer)} for an answer, and takes a region that needs longer for lost, when the load balancer still waits ${formatDuration(health.timeout ?? 0)}; use a health.path that answers at once, or say door.health: { requests: false }`,
      ),
    );
}

function keyError(path: Path, message: string): Problem {
  return error(path, message, "key");
}
