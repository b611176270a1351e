import { createHash } from "node:crypto";
import { RULES_PER_LOAD_BALANCER } from "../../aws/limits";
import { conditionsIn, contentKey, tableOf } from "../routes/condition-table";
import { KINDS } from "../routes/kinds";
import { assignPriorities } from "../routes/priority";
import type { RouteConditions } from "../routes/route";
import { type SplitRoute, splitRoute } from "../routes/split";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import type { RouteFile } from "../schema/route";
import type { Rule } from "./deployment";
import type { ModelRoute, UnplacedRule } from "./model-route";
import { entrySetting, modelsIn } from "./overrides";
import { type KeyUse, keyUse, narrowedRules, type Openings, openingsOf } from "./public-paths";

/** The routes of a region's models; see {@link modelRoutes}. */
export function routesIn(file: ServingFile, region: string): readonly ModelRoute[] {
  const { value: defaultModel } = entrySetting(file, region, "default");
  return modelRoutes(modelsIn(file, region), defaultModel, (name) => keyUse(file, name));
}

/** The routes of one model of a region, without the one that the listener has for its default model. */
export function routesOf(file: ServingFile, region: string, name: string): readonly ModelRoute[] {
  const { value: defaultModel } = entrySetting(file, region, "default");
  const models = modelsIn(file, region).filter(([model]) => model === name);
  return modelRoutes(models, defaultModel, () => keyUse(file, name)).filter(
    ({ path: [root] }) => root === "models",
  );
}

/**
 * The routes of all models, in the order of the models' names. A model without routes has the prefix `/<model>`. The
 * default model has, after its own, a route for what matches no other one. It has none when all paths of its server are
 * open: the listener itself forwards the rest then.
 *
 * @param keyOf what the key of a model's server is for
 */
export function modelRoutes(
  models: readonly (readonly [string, ModelFile])[],
  defaultModel: string | undefined,
  keyOf: (model: string) => KeyUse = () => "no key",
): readonly ModelRoute[] {
  return models.flatMap(([model, file]): readonly ModelRoute[] => {
    const openings = openingsOf(file, keyOf(model));
    const usual = model === defaultModel ? [] : [{ route: { prefix: `/${model}` }, path: ["models", model] }];
    const written =
      file.routes?.map((route, index) => ({ route, path: ["models", model, "routes", index] })) ?? usual;
    const routes = written.map(({ route, path }) => ({ model, path, ...narrowed(route, openings) }));
    return model === defaultModel && openings !== "everything"
      ? [...routes, { model, path: ["entry", "default"], ...narrowed({ prefix: "" }, openings) }]
      : routes;
  });
}

/**
 * A route as AWS has it, with its prefix as a path, and what it opens. A route that has a path of its own opens what
 * it says.
 */
function narrowed({ prefix, ...route }: RouteFile, openings: Openings): Pick<ModelRoute, "route" | "opens"> {
  const opens = openings === "everything" ? undefined : { prefix: prefix ?? "", requests: openings };
  if (prefix === undefined) {
    const saysNoPath = route.path === undefined && route.pathRegex === undefined;
    return saysNoPath && conditionsIn(route).length > 0 ? { route, opens } : { route };
  }
  const path = [`${prefix}/*`];
  if (prefix === "") {
    return { route: { ...route, path }, opens };
  }
  const regex = `^${prefix.replaceAll(".", "\\.")}/(.*)$`;
  return {
    route: { ...route, path, rewrite: { ...route.rewrite, path: { regex, replace: "/$1" } } },
    opens,
  };
}

/**
 * The listener rules of each route. When a route has a written priority, its first rule gets that number, and the
 * others get the numbers after it.
 */
export function unplacedRules(routes: readonly ModelRoute[]): readonly UnplacedRule[] {
  const possible = routes.flatMap((modelRoute) => {
    const { priority, rewrite: _rewrite, ...conditions } = modelRoute.route;
    const split = rulesOfRoute(modelRoute);
    return split.ok ? [{ modelRoute, rules: split.rules, id: routeId(priority, conditions), priority }] : [];
  });
  const shared = repeated(possible.map(({ id }) => id));
  return possible.flatMap(({ modelRoute, rules, id, priority }) => {
    const isNarrowed = modelRoute.opens !== undefined;
    const ids = rules.map((rule, index) => {
      const own = shared.has(id) ? `${id}-${hash(contentKey(rule.placing))}` : id;
      return index === 0 || (shared.has(id) && !isNarrowed) ? own : `${own}-${index + 1}`;
    });
    return rules.map((rule, index) => ({
      ...modelRoute,
      ...rule,
      id: ids[index] ?? id,
      after: isNarrowed && index === 0 && ids.length > 1 ? ids.slice(1) : undefined,
      explicit: priority === undefined ? undefined : priority + index,
    }));
  });
}

/** The listener rules of a route, as few as possible, or why there are none. */
export function rulesOfRoute({ route, opens }: Pick<ModelRoute, "route" | "opens">):
  | {
      readonly ok: true;
      readonly rules: readonly Pick<UnplacedRule, "conditions" | "placing" | "requests">[];
    }
  | Extract<SplitRoute, { ok: false }> {
  const { priority: _priority, rewrite: _rewrite, prefix: _prefix, ...placing } = route;
  if (opens === undefined) {
    const split = splitRoute(placing);
    return split.ok
      ? {
          ok: true,
          rules: split.rules.map((conditions) => ({
            conditions,
            placing: conditions,
            requests: conditions,
          })),
        }
      : split;
  }
  const { path: _path, ...others } = placing;
  const split = narrowedRules(others, opens.prefix, opens.requests);
  return split.ok ? { ok: true, rules: split.rules.map((rule) => ({ ...rule, placing })) } : split;
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
export function listenerRules(unplaced: readonly UnplacedRule[]): readonly Rule[] {
  const rules = [...new Map(unplaced.map((rule) => [rule.id, rule])).values()];
  // The checks refuse more rules than a load balancer takes.
  const placeable = rules.length > RULES_PER_LOAD_BALANCER.max ? [] : rules;
  const priorities = assignPriorities(
    placeable.map(({ id, placing, requests, explicit }) => ({
      key: id,
      conditions: placing,
      requests,
      explicit,
    })),
  );
  return rules
    .map(({ id, model, conditions, route, after }) => ({
      id,
      model,
      conditions,
      priority: priorities.get(id) ?? Number.NaN,
      rewrite: route.rewrite,
      after,
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
