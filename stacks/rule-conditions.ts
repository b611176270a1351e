import type { RouteConditions } from "../config/routes/route";
import type { RuleCondition } from "../aws/rule-condition";

/** A route's conditions as a listener rule takes them, in an order that does not depend on how they were written. */
export function ruleConditionsOf(conditions: RouteConditions): readonly RuleCondition[] {
  const { path, pathRegex, host, hostRegex, headers, method, query, sourceIp } = conditions;
  const found: readonly (RuleCondition | undefined)[] = [
    host && { field: "host-header", values: host },
    hostRegex && { field: "host-header", regexValues: hostRegex },
    path && { field: "path-pattern", values: path },
    pathRegex && { field: "path-pattern", regexValues: pathRegex },
    ...Object.entries(headers ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, values]): RuleCondition => ({ field: "http-header", name, values })),
    method && { field: "http-request-method", values: method },
    query && { field: "query-string", values: query },
    sourceIp && { field: "source-ip", values: sourceIp },
  ];
  return found.filter((condition) => condition !== undefined);
}
