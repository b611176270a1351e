import { type ConditionTable, isUniversal, tableOf } from "./condition-table";
import { KINDS } from "./kinds";
import type { RouteConditions } from "./route";

/**
 * Whether every request that matches `special` also matches `general`.
 *
 * Sound: `true` is never wrong. For globs, methods and address blocks it is also complete. A regular expression includes
 * the same expression, and everything when it plainly matches every request, as `^/.*$` does. What includes every request
 * includes any regular expression.
 * Every path begins with `/`, so `/*` includes every request. A request may lack a header, so `x-model: *` does not.
 */
export function contains(general: RouteConditions, special: RouteConditions): boolean {
  return tableContains(tableOf(general), tableOf(special));
}

/** {@link contains} for conditions in canonical form. */
export function tableContains(general: ConditionTable, special: ConditionTable): boolean {
  return [...general].every(([key, condition]) => {
    const { includes } = KINDS[condition.kind];
    return (
      special.get(key)?.values.every((value) => includes(condition.values, value)) ?? isUniversal(condition)
    );
  });
}

/** Whether the same requests match both, by {@link contains}: `true` is never wrong. */
export function sameRequests(a: RouteConditions, b: RouteConditions): boolean {
  const [tableA, tableB] = [tableOf(a), tableOf(b)];
  return tableContains(tableA, tableB) && tableContains(tableB, tableA);
}
