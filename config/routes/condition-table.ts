import { KIND_NAMES, KINDS, ofEachKind } from "./kinds";
import type { KindCondition, KindName } from "./kinds/kind";
import type { RouteConditions } from "./route";

/** One condition of a route; each header is a condition of its own. */
export interface Condition extends KindCondition {
  readonly kind: KindName;
}

/**
 * Conditions in canonical form, by {@link keyOf}: keys sorted, values sorted, each value in its simplest spelling, and no
 * value that another value of the same condition includes. All comparisons use this form. A condition that every request
 * meets (`path: /*`, `pathRegex: .*`) is left out unless it is the only one.
 */
export type ConditionTable = ReadonlyMap<string, Condition>;

/** Those of conditions that have been asked for: each route is compared with every other. */
const tables = new WeakMap<RouteConditions, ConditionTable>();

/** Brings conditions into canonical form. The same requests match. The written order of values is lost. */
export function tableOf(conditions: RouteConditions): ConditionTable {
  const table = tables.get(conditions) ?? canonicalTable(conditions);
  tables.set(conditions, table);
  return table;
}

function canonicalTable(conditions: RouteConditions): ConditionTable {
  const simplest = conditionsIn(conditions)
    .map((condition) => [keyOf(condition), simplestCondition(condition)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const restrictive = simplest.filter(([, condition]) => !isUniversal(condition));
  const alone = simplest.find(([, { kind }]) => KINDS[kind].readableWithoutName) ?? simplest[0];
  return new Map(restrictive.length > 0 || alone === undefined ? restrictive : [alone]);
}

/** The conditions as they are written, in the order of {@link KINDS}. */
export function conditionsIn(conditions: RouteConditions): readonly Condition[] {
  return ofEachKind(conditions, (kind, given, name) =>
    kind.read(given).map((condition) => ({ kind: name, ...condition })),
  );
}

/** The same conditions as a listener rule has them. */
export function conditionsOf(table: ConditionTable): RouteConditions {
  const conditions = [...table.values()];
  const given = KIND_NAMES.flatMap((name) => {
    const ofKind = conditions.filter(({ kind }) => kind === name);
    return ofKind.length === 0 ? [] : [[name, KINDS[name].write(ofKind)] as const];
  });
  return Object.fromEntries(given);
}

/** Sorted, deduplicated, in their simplest spelling: {@link conditionsOf} of {@link tableOf}. */
export function canonicalConditions(conditions: RouteConditions): RouteConditions {
  return conditionsOf(tableOf(conditions));
}

/** A text that is the same for conditions written in another order or case. Priorities are derived from its hash. */
export function contentKey(conditions: RouteConditions): string {
  return tableKey(tableOf(conditions));
}

/** {@link contentKey} for conditions in canonical form. */
export function tableKey(table: ConditionTable): string {
  return JSON.stringify([...table].map(([key, { values }]) => [key, values]));
}

/** Identifies a condition within its route: `path`, `header x-model`. */
export function keyOf({ kind, name }: Condition): string {
  return withName(KINDS[kind].label, name);
}

/** The part of a request that a condition compares: `path`, also for `pathRegex`. */
export function requestPart({ kind, name }: Condition): string {
  return withName(KINDS[kind].requestPart, name);
}

/** Whether every request meets a condition. */
export function isUniversal({ kind, values }: Condition): boolean {
  return KINDS[kind].isUniversal(values);
}

function withName(word: string, name: string | undefined): string {
  return name === undefined ? word : `${word} ${name}`;
}

function simplestCondition(condition: Condition): Condition {
  const { simplest, isExact, includes } = KINDS[condition.kind];
  const distinct = [...new Set(condition.values.map(simplest))].sort();
  const covering = distinct.filter((value) => !isExact(value));
  const values = distinct.filter(
    (value) =>
      !covering.some(
        (other) =>
          other !== value && includes([other], value) && (other < value || !includes([value], other)),
      ),
  );
  return { ...condition, values };
}
