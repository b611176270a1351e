import {
  CONDITION_VALUES_PER_RULE,
  CONDITION_WILDCARDS_PER_RULE,
  RULES_PER_LOAD_BALANCER,
} from "../../aws/limits";
import {
  type ConditionKind,
  type ConditionTable,
  conditionsOf,
  tableOf,
  wildcardsOf,
} from "./condition-table";
import { halvesOfQuery } from "./query-glob";
import type { RouteConditions } from "./route";

/** The rules of a route, or why there are none. */
export type SplitRoute =
  | { readonly ok: true; readonly rules: readonly RouteConditions[] }
  | { readonly ok: false; readonly reason: string };

/**
 * The rules a route becomes: each with at most five values and five wildcards over all its conditions ("ALB quotas";
 * the "three match evaluations per condition" of "Condition types for listener rules" is not enforced: AWS refuses
 * the sixth path with "A rule can only have '5' condition values"). A request matches the route exactly when it
 * matches one of the rules, and it matches no two of them unless two values of one condition match it at once.
 *
 * Each condition's values are cut into groups, and every combination of groups is a rule; of all ways to share the
 * five values and five wildcards among the conditions the one with the fewest rules is taken. The result is sorted
 * and does not depend on the order in which values were written.
 */
export function splitRoute(conditions: RouteConditions): SplitRoute {
  const most = Math.max(...valueLists(conditions).map(({ length }) => length));
  if (most > CONDITION_VALUES_PER_RULE.max * RULES_PER_LOAD_BALANCER.max) {
    return { ok: false, reason: tooManyRules(Math.ceil(most / CONDITION_VALUES_PER_RULE.max)) };
  }
  const table = tableOf(conditions);
  const reason = whyNotSplit(table);
  if (reason !== undefined) {
    return { ok: false, reason };
  }
  const kinds = [...table];
  const widest = kinds.map(([kind, values]) => Math.max(...values.map((value) => wildcardsOf(kind, value))));
  let fewest: readonly (readonly (readonly string[])[])[] = [];
  let fewestRules = Number.POSITIVE_INFINITY;
  for (const sizes of shares(
    CONDITION_VALUES_PER_RULE.max,
    kinds.map(() => 1),
  )) {
    for (const wildcards of shares(CONDITION_WILDCARDS_PER_RULE.max, widest)) {
      const groups = kinds.map(([kind, values], index) =>
        grouped(kind, values, sizes[index] ?? 0, wildcards[index] ?? 0),
      );
      const count = groups.reduce((product, { length }) => product * length, 1);
      if (count < fewestRules) {
        fewest = groups;
        fewestRules = count;
      }
    }
  }
  if (fewestRules > RULES_PER_LOAD_BALANCER.max) {
    return { ok: false, reason: tooManyRules(fewestRules) };
  }
  const rules = combined(
    kinds.map(([kind]) => kind),
    fewest,
  );
  return { ok: true, rules: rules.map(conditionsOf) };
}

function valueLists({ headers = {}, ...others }: RouteConditions): readonly (readonly unknown[])[] {
  return [...Object.values(headers), ...Object.values(others)].filter((values) => values !== undefined);
}

function tooManyRules(count: number): string {
  return `needs ${count} rules or more, and a load balancer takes ${RULES_PER_LOAD_BALANCER.max}; put fewer values into it`;
}

function whyNotSplit(table: ConditionTable): string | undefined {
  const kinds = [...table.keys()];
  const max = CONDITION_VALUES_PER_RULE.max;
  if (kinds.length === 0) {
    return 'no condition is given, and a rule needs one; path "/*" matches every request';
  }
  const empty = [...table].find(([, values]) => values.length === 0);
  if (empty !== undefined) {
    return `${spoken(empty[0])} has no value, so nothing can match; leave it out or give it one`;
  }
  for (const [glob, regex] of EITHER_OR) {
    if (table.has(glob) && table.has(regex)) {
      return `${glob} and ${regex} exclude one another in a rule; keep one, or write two routes`;
    }
  }
  if (kinds.length > max) {
    return `${kinds.length} conditions must all match (${kinds.map(spoken).join(", ")}), and a rule holds ${max} values; leave ${kinds.length - max} out`;
  }
  return tooManyWildcards(table);
}

/** Each condition needs room for its widest value, since that value meets the widest of every other condition. */
function tooManyWildcards(table: ConditionTable): string | undefined {
  const widest = [...table].map(([kind, values]) => {
    const counted = values.map((value) => ({ kind, value, wildcards: wildcardsOf(kind, value) }));
    return counted.reduce((most, next) => (next.wildcards > most.wildcards ? next : most));
  });
  const wild = widest.filter(({ wildcards }) => wildcards > 0);
  const total = wild.reduce((sum, { wildcards }) => sum + wildcards, 0);
  if (total <= CONDITION_WILDCARDS_PER_RULE.max) {
    return undefined;
  }
  const named = wild.map(({ kind, value }) => `${spoken(kind)} "${halvesOfQuery(value).join("=")}"`);
  return `${named.join(" with ")} has ${total} wildcards, and a rule holds ${CONDITION_WILDCARDS_PER_RULE.max}; spell more of it out`;
}

const EITHER_OR = [
  ["path", "pathRegex"],
  ["host", "hostRegex"],
] as const;

function spoken(kind: ConditionKind): string {
  return kind.replace(/^header /, "headers.");
}

/** Every way to share `total` among parts that each need at least so much. */
function shares(total: number, least: readonly number[]): readonly (readonly number[])[] {
  const [first, ...rest] = least;
  if (first === undefined) {
    return [[]];
  }
  const needed = rest.reduce((sum, part) => sum + part, 0);
  const most = rest.length === 0 ? [total] : range(first, total - needed);
  return most.flatMap((share) => shares(total - share, rest).map((others) => [share, ...others]));
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** First fit, the widest values first and else in their order: few groups, each within so many values and wildcards. */
function grouped(
  kind: ConditionKind,
  values: readonly string[],
  maxValues: number,
  maxWildcards: number,
): readonly (readonly string[])[] {
  const groups: { values: string[]; wildcards: number }[] = [];
  const widestFirst = values
    .map((value) => ({ value, wildcards: wildcardsOf(kind, value) }))
    .sort((a, b) => b.wildcards - a.wildcards);
  for (const { value, wildcards } of widestFirst) {
    const fitting = groups.find(
      (group) => group.values.length < maxValues && group.wildcards + wildcards <= maxWildcards,
    );
    if (fitting === undefined) {
      groups.push({ values: [value], wildcards });
    } else {
      fitting.values.push(value);
      fitting.wildcards += wildcards;
    }
  }
  return groups.map((group) => group.values.sort());
}

function combined(
  kinds: readonly ConditionKind[],
  groups: readonly (readonly (readonly string[])[])[],
): readonly ConditionTable[] {
  const combinations = groups.reduce<readonly (readonly (readonly string[])[])[]>(
    (soFar, choices) => soFar.flatMap((chosen) => choices.map((choice) => [...chosen, choice])),
    [[]],
  );
  return combinations
    .map((chosen) => kinds.map((kind, index) => [kind, chosen[index] ?? []] as const))
    .map((entries) => ({ entries, text: JSON.stringify(entries) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ entries }) => new Map(entries));
}
