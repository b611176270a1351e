import { createHash } from "node:crypto";
import { RULES_PER_LOAD_BALANCER } from "./aws/limits";
import type { Rule } from "./deployment";
import type { Path } from "./problem";
import { contentKey } from "./routes/condition-table";
import { assignPriorities } from "./routes/priority";
import type { RouteConditions } from "./routes/route";
import { splitRoute } from "./routes/split";
import type { ModelFile } from "./schema/model";
import type { RouteFile } from "./schema/route";

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
  return routes.flatMap((modelRoute) => {
    const { priority, rewrite: _rewrite, ...conditions } = modelRoute.route;
    const split = splitRoute(conditions);
    return split.ok
      ? split.rules.map((part, index) => ({
          ...modelRoute,
          id: `${modelRoute.model}-${contentHash(part)}`,
          conditions: part,
          explicit: priority === undefined ? undefined : priority + index,
        }))
      : [];
  });
}

function contentHash(conditions: RouteConditions): string {
  return createHash("sha256").update(contentKey(conditions)).digest("hex").slice(0, 8);
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
