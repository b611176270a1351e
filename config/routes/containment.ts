import { type ConditionTable, isUniversal, tableOf } from "./condition-table";
import { KINDS } from "./kinds";
import type { RouteConditions } from "./route";

/**
 * Whether every request that matches `special` also matches `general`.
 *
 * Sound: `true` is never wrong. For globs, methods and address blocks it is also complete. A regular expression is
 * known to include only the very same expression, or everything where it plainly does, as `^/.*$` (and anything
 * includes it that includes every request).
 * A path is taken to begin with `/`, so `/*` includes every request; a request without the header a route asks for
 * is taken to be possible, so `x-model: *` does not.
 */
export function contains(general: RouteConditions, special: RouteConditions): boolean {
  return tableContains(tableOf(general), tableOf(special));
}

/** {@link contains} for conditions already in their one form. */
export function tableContains(general: ConditionTable, special: ConditionTable): boolean {
  return [...general].every(([key, condition]) => {
    const { includes } = KINDS[condition.kind];
    return (
      special.get(key)?.values.every((value) => includes(condition.values, value)) ?? isUniversal(condition)
    );
  });
}

/** Whether the same requests match both, as far as {@link contains} can tell. */
export function sameRequests(a: RouteConditions, b: RouteConditions): boolean {
  const [tableA, tableB] = [tableOf(a), tableOf(b)];
  return tableContains(tableA, tableB) && tableContains(tableB, tableA);
}
