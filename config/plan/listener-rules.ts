import { createHash } from "node:crypto";
import { RULES_PER_LOAD_BALANCER } from "../../aws/limits";
import type { Path } from "../diagnostics/diagnostic";
import { contentKey, tableOf } from "../routes/condition-table";
import { KINDS } from "../routes/kinds";
import { assignPriorities } from "../routes/priority";
import type { RouteConditions } from "../routes/route";
import { splitRoute } from "../routes/split";
import type { ModelFile } from "../schema/model";
import type { RouteFile } from "../schema/route";
import type { Rule } from "./deployment";

/** A route of a model with its place in the file. */
export interface ModelRoute {
  readonly model: string;
  readonly route: RouteFile;
  /** Where it is written; the model's own place for the route that it has by default. */
  readonly path: Path;
}

/** A rule before it has its priority. */
export interface UnplacedRule extends ModelRoute {
  readonly id: string;
  readonly conditions: RouteConditions;
  readonly explicit?: number;
}

/**
 * All routes that lead to models, in the order of the models' names.
 * A model without routes is reached under its own name, unless it is the default and gets all the rest anyway.
 */
export function modelRoutes(
  models: readonly (readonly [string, ModelFile])[],
  defaultModel: string | undefined,
): readonly ModelRoute[] {
  return models.flatMap(([model, { routes }]): readonly ModelRoute[] => {
    if (routes !== undefined) {
      return routes.map((route, index) => ({ model, route, path: ["models", model, "routes", index] }));
    }
    return model === defaultModel ? [] : [{ model, route: ownNameRoute(model), path: ["models", model] }];
  });
}

/** `/<model>/*`, with the prefix taken off: what follows is what the server sees. */
function ownNameRoute(model: string): RouteFile {
  return { path: [`/${model}/*`], rewrite: { path: { regex: `^/${model}/(.*)$`, replace: "/$1" } } };
}

/**
 * The rules that AWS takes for each route. Of a route with a written priority the first rule gets it,
 * and the others the numbers after it.
 */
export function unplacedRules(routes: readonly ModelRoute[]): readonly UnplacedRule[] {
  const possible = routes.flatMap((modelRoute) => {
    const { priority, rewrite: _rewrite, ...conditions } = modelRoute.route;
    const split = splitRoute(conditions);
    return split.ok ? [{ modelRoute, rules: split.rules, id: routeId(priority, conditions), priority }] : [];
  });
  const shared = repeated(possible.map(({ id }) => id));
  return possible.flatMap(({ modelRoute, rules, id, priority }) =>
    rules.map((conditions, index) => ({
      ...modelRoute,
      id: shared.has(id)
        ? `${id}-${hash(contentKey(conditions))}`
        : `${id}${index === 0 ? "" : `-${index + 1}`}`,
      conditions,
      explicit: priority === undefined ? undefined : priority + index,
    })),
  );
}

/**
 * What a route is known by, for the Terraform addresses of its rules: the priority written for it, or else the first
 * value of each of its conditions, in the alphabet. So a value added behind it, a route given to another model, and
 * any edit of one with a written priority change a rule in place, and the same values in another order or another case
 * change nothing. A new address could find the old rule's priority still taken, and leave requests without a rule
 * meanwhile.
 */
function routeId(priority: number | undefined, conditions: RouteConditions): string {
  if (priority !== undefined) {
    return `at-${priority}`;
  }
  const values = firstValues(conditions);
  const readable = values
    .map(([, value]) => value)
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, READABLE_LENGTH);
  return `${readable}-${hash(JSON.stringify(values))}`.replace(/^-|-(?=-)/g, "");
}

/** Letters of a rule's conditions in its address, for people to know it by. */
const READABLE_LENGTH = 24;

/** The first value of each condition, by the condition's name; in the one form that priorities hash too. */
function firstValues(conditions: RouteConditions): readonly (readonly [string, string])[] {
  return [...tableOf(conditions)].flatMap(
    ([
      key,
      {
        kind,
        values: [first],
      },
    ]) => (first === undefined ? [] : [[key, KINDS[kind].shown(first)] as const]),
  );
}

function repeated(ids: readonly string[]): ReadonlySet<string> {
  return new Set(ids.filter((id, index) => ids.indexOf(id) < index));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The listener's rules in the order in which the load balancer tries them. */
export function listenerRules(
  models: readonly (readonly [string, ModelFile])[],
  defaultModel: string | undefined,
): readonly Rule[] {
  const unplaced = unplacedRules(modelRoutes(models, defaultModel));
  const rules = [...new Map(unplaced.map((rule) => [rule.id, rule])).values()];
  // So many cannot all be placed, and are refused anyway.
  const placeable = rules.length > RULES_PER_LOAD_BALANCER.max ? [] : rules;
  const priorities = assignPriorities(
    placeable.map(({ id, conditions, explicit }) => ({ key: id, conditions, explicit })),
  );
  return rules
    .map(({ id, model, conditions, route }) => ({
      id,
      model,
      conditions,
      priority: priorities.get(id) ?? Number.NaN,
      rewrite: route.rewrite,
    }))
    .sort((a, b) => a.priority - b.priority);
}

/**
 * Rules that lead one request each to a model's health check, on the server itself. They take what numbers the routes'
 * rules leave: a global endpoint moves none of those.
 *
 * @param rules of the routes
 * @param host the name by which the load balancer is asked
 * @param models with the path that is asked for, and the one that their servers know
 */
export function healthRules(
  rules: readonly Rule[],
  host: string,
  models: readonly { readonly name: string; readonly path: string; readonly healthPath: string }[],
): readonly Rule[] {
  const wanted = models.map(({ name, path, healthPath }) => ({
    id: name,
    model: name,
    conditions: { host: [host], path: [path], method: ["GET"] },
    rewrite: { path: { regex: "^.*$", replace: healthPath } },
  }));
  const room = RULES_PER_LOAD_BALANCER.max - rules.length;
  // So many cannot all be placed, and are refused anyway.
  const placeable = wanted.length > room ? [] : wanted;
  const priorities = assignPriorities([
    ...rules.map(({ id, conditions, priority }) => ({ key: `route ${id}`, conditions, explicit: priority })),
    ...placeable.map(({ id, conditions }) => ({ key: `health ${id}`, conditions })),
  ]);
  return wanted.map((rule) => ({ ...rule, priority: priorities.get(`health ${rule.id}`) ?? Number.NaN }));
}
