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

/** A route of a model, and its place in the file. */
export interface ModelRoute {
  readonly model: string;
  readonly route: RouteFile;
  /** Where it is written. The default route of a model has the path of the model. */
  readonly path: Path;
}

/** A rule before it has its priority. */
export interface UnplacedRule extends ModelRoute {
  readonly id: string;
  readonly conditions: RouteConditions;
  readonly explicit?: number;
}

/**
 * The routes of all models, in the order of the models' names. A model without routes has the path `/<model>/*`. The
 * default model without routes has none: it gets all requests that match no rule.
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

/** The path `/<model>/*`. A rewrite removes the prefix before the request reaches the server. */
function ownNameRoute(model: string): RouteFile {
  return { path: [`/${model}/*`], rewrite: { path: { regex: `^/${model}/(.*)$`, replace: "/$1" } } };
}

/**
 * The listener rules of each route. When a route has a written priority, its first rule gets that number, and the
 * others get the numbers after it.
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
 * The route's part of the Terraform addresses of its rules: the written priority, or else the alphabetically first value
 * of each condition. Terraform therefore updates a rule in place when a later value is added, when the route moves to
 * another model, and on any edit of a route with a written priority. The same values in another order or case change
 * nothing. A new address would be a new rule: its priority may still be taken by the old one, and its requests may have
 * no rule meanwhile.
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

/** Most characters of a rule's conditions in its address. They make the address readable. */
const READABLE_LENGTH = 24;

/** The first value of each condition, by the condition's name, in the canonical form from which priorities are derived too. */
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

/** The listener's rules in the order in which the load balancer evaluates them. */
export function listenerRules(
  models: readonly (readonly [string, ModelFile])[],
  defaultModel: string | undefined,
): readonly Rule[] {
  const unplaced = unplacedRules(modelRoutes(models, defaultModel));
  const rules = [...new Map(unplaced.map((rule) => [rule.id, rule])).values()];
  // The checks refuse more rules than a load balancer takes.
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
 * Rules that forward Route 53's health checks to the health check path of each model's server. They get priorities that
 * the routes' rules leave free: a global endpoint does not change the priority of any route.
 *
 * @param rules of the routes
 * @param host name of the region's load balancer, in the requests of Route 53
 * @param models with the path that Route 53 requests, and the health check path of the server
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
  // The checks refuse more rules than a load balancer takes.
  const placeable = wanted.length > room ? [] : wanted;
  const priorities = assignPriorities([
    ...rules.map(({ id, conditions, priority }) => ({ key: `route ${id}`, conditions, explicit: priority })),
    ...placeable.map(({ id, conditions }) => ({ key: `health ${id}`, conditions })),
  ]);
  return wanted.map((rule) => ({ ...rule, priority: priorities.get(`health ${rule.id}`) ?? Number.NaN }));
}
