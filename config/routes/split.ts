import {
  CONDITION_VALUES_PER_RULE,
  CONDITION_WILDCARDS_PER_RULE,
  RULES_PER_LOAD_BALANCER,
} from "../../aws/limits";
import {
  type Condition,
  type ConditionTable,
  conditionsIn,
  conditionsOf,
  tableKey,
  tableOf,
} from "./condition-table";
import { KINDS } from "./kinds";
import type { RouteConditions } from "./route";

/** The rules of a route, or why there are none. */
export type SplitRoute =
  | { readonly ok: true; readonly rules: readonly RouteConditions[] }
  | { readonly ok: false; readonly reason: string };

/**
 * The listener rules of a route, each with at most five values and five wildcards over all its conditions ("ALB quotas";
 * the "three match evaluations per condition" of "Condition types for listener rules" is not enforced: AWS refuses
 * the sixth path with "A rule can only have '5' condition values"). A request matches the route exactly when it
 * matches one of the rules, and it matches no two of them unless two values of one condition match it at once.
 *
 * Each condition's values are cut into groups, and every combination of groups is a rule; of all ways to share the
 * five values and five wildcards among the conditions, the one with the fewest rules is used. The result is sorted
 * and does not depend on the order in which values were written.
 */
export function splitRoute(conditions: RouteConditions): SplitRoute {
  const most = Math.max(...conditionsIn(conditions).map(({ values }) => values.length));
  if (most > CONDITION_VALUES_PER_RULE.max * RULES_PER_LOAD_BALANCER.max) {
    return { ok: false, reason: tooManyRules(Math.ceil(most / CONDITION_VALUES_PER_RULE.max)) };
  }
  const table = tableOf(conditions);
  const reason = splitObstacle(table);
  if (reason !== undefined) {
    return { ok: false, reason };
  }
  const all = [...table.values()];
  const widest = all.map(({ kind, values }) => Math.max(...values.map(KINDS[kind].wildcards)));
  let fewest: readonly (readonly (readonly string[])[])[] = [];
  let fewestRules = Number.POSITIVE_INFINITY;
  for (const sizes of shares(
    CONDITION_VALUES_PER_RULE.max,
    all.map(() => 1),
  )) {
    for (const wildcards of shares(CONDITION_WILDCARDS_PER_RULE.max, widest)) {
      const groups = all.map((condition, index) =>
        grouped(condition, sizes[index] ?? 0, wildcards[index] ?? 0),
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
  return { ok: true, rules: combined(table, fewest).map(conditionsOf) };
}

function tooManyRules(count: number): string {
  return `needs ${count} rules or more, and a load balancer takes ${RULES_PER_LOAD_BALANCER.max}; put fewer values into it`;
}

function splitObstacle(table: ConditionTable): string | undefined {
  const all = [...table.values()];
  const max = CONDITION_VALUES_PER_RULE.max;
  if (all.length === 0) {
    return 'no condition is given, and a rule needs one; path "/*" matches every request';
  }
  const empty = all.find(({ values }) => values.length === 0);
  if (empty !== undefined) {
    return `${placeOf(empty)} has no value, so nothing can match; leave it out or give it one`;
  }
  for (const { kind } of all) {
    const { insteadOf } = KINDS[kind];
    if (all.some((other) => other.kind === insteadOf)) {
      return `${insteadOf} and ${kind} exclude one another in a rule; keep one, or write two routes`;
    }
  }
  if (all.length > max) {
    return `${all.length} conditions must all match (${all.map(placeOf).join(", ")}), and a rule holds ${max} values; leave ${all.length - max} out`;
  }
  return tooManyWildcards(table);
}

/** Some rule has the values with the most wildcards of all conditions, so these must fit together. */
function tooManyWildcards(table: ConditionTable): string | undefined {
  const widest = [...table.values()].map((condition) => {
    const { wildcards, shown } = KINDS[condition.kind];
    const counted = condition.values.map((value) => ({
      named: `${placeOf(condition)} "${shown(value)}"`,
      wildcards: wildcards(value),
    }));
    return counted.reduce((most, next) => (next.wildcards > most.wildcards ? next : most));
  });
  const wild = widest.filter(({ wildcards }) => wildcards > 0);
  const total = wild.reduce((sum, { wildcards }) => sum + wildcards, 0);
  if (total <= CONDITION_WILDCARDS_PER_RULE.max) {
    return undefined;
  }
  return `${wild.map(({ named }) => named).join(" with ")} has ${total} wildcards, and a rule holds ${CONDITION_WILDCARDS_PER_RULE.max}; spell more of it out`;
}

/** Where a condition is written. */
function placeOf({ kind, name }: Condition): string {
  return name === undefined ? kind : `${kind}.${name}`;
}

/** Every way to share `total` among parts that each need at least `least`. */
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

/** Puts values into few groups within both limits: first fit, the values with the most wildcards first. */
function grouped(
  { kind, values }: Condition,
  maxValues: number,
  maxWildcards: number,
): readonly (readonly string[])[] {
  const groups: { values: string[]; wildcards: number }[] = [];
  const widestFirst = values
    .map((value) => ({ value, wildcards: KINDS[kind].wildcards(value) }))
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
  table: ConditionTable,
  groups: readonly (readonly (readonly string[])[])[],
): readonly ConditionTable[] {
  const combinations = groups.reduce<readonly (readonly (readonly string[])[])[]>(
    (soFar, choices) => soFar.flatMap((chosen) => choices.map((choice) => [...chosen, choice])),
    [[]],
  );
  const conditions = [...table];
  return combinations
    .map(
      (chosen) =>
        new Map(
          conditions.map(([key, condition], index) => [key, { ...condition, values: chosen[index] ?? [] }]),
        ),
    )
    .map((rule) => ({ rule, text: tableKey(rule) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ rule }) => rule);
}
