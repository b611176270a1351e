import {
  FIXED_RESPONSE_BODY,
  RULES_PER_LOAD_BALANCER,
  TARGET_GROUPS_PER_ACTION,
  TARGET_GROUPS_PER_LOAD_BALANCER,
  TARGETS_PER_LOAD_BALANCER,
} from "../../aws/limits";
import {
  type Diagnostic,
  type ErrorCode,
  error,
  formatPath,
  keyError,
  type Path,
  warning,
} from "../diagnostics/diagnostic";
import { closest, didYouMean } from "../diagnostics/suggest";
import type { Region } from "../plan/deployment";
import { entrySetting, isServed, modelsIn, variantsOf } from "../plan/overrides";
import { conditionDiagnostics } from "../routes/condition-diagnostics";
import { type RouteDiagnosticKind, routeDiagnostics } from "../routes/route-diagnostics";
import { splitRoute } from "../routes/split";
import type { ServingFile } from "../schema/deployment";
import type { RouteFile } from "../schema/route";
import { type At, type Check, modelFiles, type Subject } from "./check";

/** How requests find their model: conditions AWS takes, an order that lets each route match, weights that add up. */
export const checkRouting: Check = (subject) => [
  ...modelFiles(subject).flatMap(({ name, model, at }) => [
    ...(model.routes ?? []).flatMap((route, index) => {
      const { priority: _priority, rewrite, prefix, ...written } = route;
      const where = at("routes", index);
      const rivals = prefixRivals(route).map((rival) =>
        error(
          "both-given",
          [...where, ...rival],
          "cannot stand beside prefix, which is a path and its rewrite; keep one of them",
        ),
      );
      const conditions =
        prefix === undefined || rivals.length > 0 ? written : { ...written, path: [`${prefix}/*`] };
      const diagnostics = conditionDiagnostics(conditions, dropsHeadersOf(subject, name)).map(
        ({ path, message }) => error(conditionCode(path), [...where, ...path], message),
      );
      const split = splitRoute(conditions);
      return [
        ...rivals,
        ...diagnostics,
        ...(split.ok || diagnostics.length > 0 ? [] : [error("route-not-placed", where, split.reason)]),
        ...rewriteDiagnostics(rewrite?.path?.regex, [...where, "rewrite", "path", "regex"]),
        ...rewriteDiagnostics(rewrite?.host?.regex, [...where, "rewrite", "host", "regex"]),
        ...(rewrite !== undefined && rewrite.path === undefined && rewrite.host === undefined
          ? [
              error(
                "field-without-effect",
                [...where, "rewrite"],
                "rewrites nothing; add path or host, or remove it",
              ),
            ]
          : []),
      ];
    }),
    ...variantDiagnostics(model, at),
  ]),
  ...overrideDiagnostics(subject.file),
  ...idleModels(subject.file),
  ...subject.deployment.regions.flatMap((region) => [
    ...ruleDiagnostics(subject.file, region),
    ...modelListDiagnostics(subject.file, region),
    ...gatewayDiagnostics(subject.file, region),
    ...quotaDiagnostics(region),
    ...weightDiagnostics(region),
  ]),
];

/** What a prefix stands for, and therefore excludes. */
function prefixRivals({ prefix, path, pathRegex, rewrite }: RouteFile): readonly Path[] {
  const rivals: readonly (readonly [unknown, Path])[] = [
    [path, ["path"]],
    [pathRegex, ["pathRegex"]],
    [rewrite?.path, ["rewrite", "path"]],
  ];
  return prefix === undefined ? [] : rivals.flatMap(([given, path]) => (given === undefined ? [] : [path]));
}

/** One condition too few or too many, or a value that AWS does not take. */
function conditionCode(path: Path): ErrorCode {
  if (path.length === 0) {
    return "route-without-condition";
  }
  return path.length === 1 ? "both-given" : "condition-refused";
}

/** Whether some load balancer before the model drops headers with unusual names. */
function dropsHeadersOf({ deployment }: Subject, name: string): boolean {
  return deployment.regions.some(
    ({ entry, models }) => entry.dropInvalidHeaders && models.some((model) => model.name === name),
  );
}

function rewriteDiagnostics(regex: string | undefined, path: Path): readonly Diagnostic[] {
  if (regex === undefined) {
    return [];
  }
  try {
    new RegExp(regex);
    return [];
  } catch {
    return [
      error(
        "malformed-regex",
        path,
        `"${regex}" is not a regular expression; close its brackets, or escape those that are literal`,
      ),
    ];
  }
}

function variantDiagnostics(model: Parameters<typeof variantsOf>[0], at: At): readonly Diagnostic[] {
  const count = Object.keys(variantsOf(model)).length;
  return count > TARGET_GROUPS_PER_ACTION.max
    ? [
        error(
          "too-many-variants",
          at("variants"),
          `${count} variants need ${count} target groups; a rule forwards to ${TARGET_GROUPS_PER_ACTION.max} at most: remove some, or make a model of them`,
        ),
      ]
    : [];
}

/** Overrides of what is not there, and regions that serve nothing. */
function overrideDiagnostics(file: ServingFile): readonly Diagnostic[] {
  const models = Object.keys(file.models);
  return Object.entries(file.regions).flatMap(([region, { models: overrides = {} }]) => {
    const path = ["regions", region, "models"];
    const unknown = Object.entries(overrides).flatMap(([name, override]) => {
      const model = file.models[name];
      if (model === undefined) {
        return [
          keyError(
            "unknown-model",
            [...path, name],
            `model "${name}" is not defined${didYouMean(closest(name, models))}`,
          ),
        ];
      }
      const variants = Object.keys(variantsOf(model));
      return Object.keys(override === false ? {} : (override.variants ?? {}))
        .filter((variant) => !variants.includes(variant))
        .map((variant) =>
          keyError(
            "unknown-variant",
            [...path, name, "variants", variant],
            `variant "${variant}" of ${name} is not defined${didYouMean(closest(variant, variants))}`,
          ),
        );
    });
    return modelsIn(file, region).length === 0
      ? [
          ...unknown,
          error(
            "no-model-in-region",
            path,
            `leaves every model out of ${region}; serve one, or remove the region`,
          ),
        ]
      : unknown;
  });
}

/** Models that are written and served nowhere. Errors in them would go unnoticed. */
function idleModels(file: ServingFile): readonly Diagnostic[] {
  const regions = Object.keys(file.regions);
  return Object.keys(file.models)
    .filter((model) => !regions.some((region) => isServed(file, region, model)))
    .map((model) =>
      keyError(
        "model-served-nowhere",
        ["models", model],
        `${model} is left out of every region; serve it in one, or remove it`,
      ),
    );
}

function ruleDiagnostics(file: ServingFile, region: Region): readonly Diagnostic[] {
  const rules = region.routeRules.map((rule) => ({
    ...rule,
    conditions: rule.placing,
    key: rule.id,
    label: formatPath(rule.path),
  }));
  const { modelList } = region;
  const { path: ofList } = entrySetting(file, region.name, "modelList");
  const list = modelList && {
    key: "model list",
    label: formatPath(ofList),
    model: "the list of models",
    path: ofList,
    conditions: modelList.conditions,
    explicit: modelList.priority,
  };
  return routeDiagnostics(list === undefined ? rules : [...rules, list]).map(
    ({ kind, message, rules: [first] }) => {
      const path =
        first === undefined
          ? ["models"]
          : [...first.path, ...(kind.startsWith("priority") ? ["priority"] : [])];
      return kind === "overlap"
        ? warning("routes-overlap", path, message)
        : error(ROUTE_ERRORS[kind], path, message);
    },
  );
}

const ROUTE_ERRORS: Readonly<Record<Exclude<RouteDiagnosticKind, "overlap">, ErrorCode>> = {
  "priority-range": "out-of-range",
  "priority-taken": "priority-taken",
  "same-requests": "routes-alike",
  "never-matches": "route-never-matches",
  "too-many-rules": "too-many-rules",
};

/** A list of models in place of the one of a gateway, which may know others. */
function gatewayDiagnostics(
  file: ServingFile,
  { name, entry, models, modelList }: Region,
): readonly Diagnostic[] {
  const gateway = models.find((model) => model.name === entry.default);
  const { value: wanted } = entrySetting(file, name, "modelList");
  return modelList !== undefined && wanted === undefined && gateway?.server === "custom"
    ? [
        warning(
          "model-list-of-others",
          entrySetting(file, name, "default").path,
          `the load balancer in ${name} answers GET /v1/models with the other models, and ${gateway.name}, which answers all other requests, may have other names for them; write modelList: false, and ${gateway.name} answers by itself, or modelList: true if these names are meant`,
        ),
      ]
    : [];
}

/** A list of models that does not fit: refused where it is asked for, otherwise left out. */
function modelListDiagnostics(
  file: ServingFile,
  { name, rules, modelList, modelListLeftOut }: Region,
): readonly Diagnostic[] {
  const { maxLength } = FIXED_RESPONSE_BODY;
  if (modelListLeftOut !== undefined && rules.length <= RULES_PER_LOAD_BALANCER.max) {
    return [
      warning(
        "model-list-left-out",
        entrySetting(file, name, "modelList").path,
        `the load balancer in ${name} does not answer GET /v1/models with the list of models: ${modelListLeftOut}; write modelList: false, or put a gateway in front that lists them: docs/one-endpoint.md`,
      ),
    ];
  }
  return modelList !== undefined && modelList.body.length > maxLength
    ? [
        error(
          "model-list-too-long",
          entrySetting(file, name, "modelList").path,
          `the list of models at /v1/models takes ${modelList.body.length} characters in ${name}, and an answer of the load balancer ${maxLength}; write modelList: false, or put a gateway in front that lists them: docs/one-endpoint.md`,
        ),
      ]
    : [];
}

function quotaDiagnostics({ name, models }: Region): readonly Diagnostic[] {
  const variants = models.flatMap((model) => model.variants);
  const instances = variants.reduce((sum, { capacity }) => sum + capacity.max.value, 0);
  const needed: readonly (readonly [number, number, string])[] = [
    [variants.length, TARGET_GROUPS_PER_LOAD_BALANCER.max, "target groups"],
    [instances, TARGETS_PER_LOAD_BALANCER.max, "instances"],
  ];
  return needed
    .filter(([count, max]) => count > max)
    .map(([count, max, what]) =>
      error(
        "load-balancer-full",
        ["models"],
        `${count} ${what} in ${name} are more than the ${max} of one load balancer; make a second deployment of some of the models`,
      ),
    );
}

function weightDiagnostics({ name, models }: Region): readonly Diagnostic[] {
  return models
    .filter(({ variants }) => variants.every(({ weight }) => weight === 0))
    .map((model) =>
      error(
        "every-variant-at-zero",
        ["models", model.name, "variants"],
        `weights sum to 0 in ${name}: no variant of ${model.name} would get a request; give one a weight`,
      ),
    );
}
