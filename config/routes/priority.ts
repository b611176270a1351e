import { createHash } from "node:crypto";
import { type ConditionTable, tableKey, tableOf } from "./condition-table";
import { tableContains } from "./containment";
import { levelOf, type PriorityLevel } from "./level";
import type { RouteConditions } from "./route";

/** A rule that needs a priority. */
export interface RuleToPlace {
  /** What the rule is known by; no two alike. */
  readonly key: string;
  readonly conditions: RouteConditions;
  /** The priority the user wrote; kept as it is. */
  readonly explicit?: number;
}

/**
 * A priority for each rule, by its key. AWS tries the lowest number first, and a rule's number is derived from its
 * own conditions, so that adding, removing or reordering other rules leaves it where it is.
 *
 * A rule's level follows from how special it is ({@link levelOf}), its home in the level from a hash of its
 * conditions. It lives elsewhere only when
 * - a more general rule of the same level has a smaller number than its home: then its home is in the half of the
 *   level's numbers just below that rule's; or
 * - another rule or an explicit priority has its home already: then it takes the nearest free number. The rule within
 *   fewer others goes first, then the one whose conditions come first in the alphabet.
 *
 * Guaranteed, whatever the rules: the result does not depend on their order; explicit priorities are kept; no two
 * derived priorities are alike, none is an explicit one; of two derived ones the special rule's is below the
 * general's. Guaranteed too: adding a rule moves no other, unless it contains another of its level or takes a number
 * another had. Removing is the same, read backwards. (One exception: a level is dealt out afresh when no number is left
 * below a rule's containers, which takes six rules nested in one another, or a crowded level.)
 *
 * Probable: the numbers do not meet. A level of s numbers has h = 7s/8 homes. Among n rules at home a new one finds its
 * home taken with probability n/h, and it moves the other one in half of these cases. All n are at home with
 * probability (1 − 1/h)(1 − 2/h)…(1 − (n−1)/h) ≈ exp(−n(n−1)/2h). For 90 rules such as `/m-01/*`, s = 7500: n/h =
 * 1.4 %, so that adding the 91st moves another with 0.7 %; all are at home with 54 %.
 *
 * @throws Error when two rules have the same key; RangeError when a level has more rules than numbers (never with
 * fewer than 200 rules and explicit priorities together)
 */
export function assignPriorities(rules: readonly RuleToPlace[]): ReadonlyMap<string, number> {
  const twice = rules.find(({ key }, index) => rules.findIndex((other) => other.key === key) < index);
  if (twice !== undefined) {
    throw new Error(`two rules have the key ${twice.key}`);
  }
  const explicit = rules.flatMap(({ key, explicit }) =>
    explicit === undefined ? [] : [[key, explicit] as const],
  );
  const taken = new Set(explicit.map(([, number]) => number));
  const levels = byLevel(rules.filter((rule) => rule.explicit === undefined));
  const derived = [...levels].flatMap(([level, residents]) => [...placed(level, residents, taken)]);
  return new Map([...explicit, ...derived]);
}

interface Resident {
  readonly key: string;
  readonly content: string;
  readonly table: ConditionTable;
}

interface Placing {
  readonly resident: Resident;
  /** The rules of the level that match all this one matches, and more. */
  readonly within: readonly Resident[];
}

function byLevel(rules: readonly RuleToPlace[]): ReadonlyMap<PriorityLevel, readonly Resident[]> {
  const levels = new Map<PriorityLevel, Resident[]>();
  for (const { key, conditions } of rules) {
    const table = tableOf(conditions);
    const level = levelOf(table);
    levels.set(level, [...(levels.get(level) ?? []), { key, content: tableKey(table), table }]);
  }
  return levels;
}

function placed(
  level: PriorityLevel,
  residents: readonly Resident[],
  taken: ReadonlySet<number>,
): ReadonlyMap<string, number> {
  const order = generalFirst(residents);
  const priorities = new Map<string, number>();
  const occupied = new Set(taken);
  for (const { resident, within } of order) {
    const above = within.flatMap(({ key }) => priorities.get(key) ?? []);
    const ceiling = Math.min(level.last + 1, ...above);
    const priority = nearestFree(homeOf(resident.content, level, ceiling), level.first, ceiling, occupied);
    if (priority === undefined) {
      return dealtOut(level, order, taken);
    }
    priorities.set(resident.key, priority);
    occupied.add(priority);
  }
  return priorities;
}

/** What contains others is within fewer itself, so counting puts the general before the special. */
function generalFirst(residents: readonly Resident[]): readonly Placing[] {
  return residents
    .map((resident) => ({
      resident,
      within: residents.filter((other) => strictlyContains(other.table, resident.table)),
    }))
    .sort(
      (a, b) =>
        a.within.length - b.within.length ||
        compare(a.resident.content, b.resident.content) ||
        compare(a.resident.key, b.resident.key),
    );
}

function strictlyContains(general: ConditionTable, special: ConditionTable): boolean {
  return tableContains(general, special) && !tableContains(special, general);
}

/** The lowest eighth of a level has no homes: it is room for what must go below a general rule. */
function homeOf(content: string, level: PriorityLevel, ceiling: number): number {
  const lowestHome = level.first + Math.floor((level.last + 1 - level.first) / 8);
  const home = lowestHome + (hash("home", content) % (level.last + 1 - lowestHome));
  if (home < ceiling) {
    return home;
  }
  const middle = level.first + Math.floor((ceiling - level.first) / 2);
  return middle + (hash("below", content) % Math.max(1, ceiling - middle));
}

function hash(purpose: string, content: string): number {
  return createHash("sha256").update(`${purpose} ${content}`).digest().readUIntBE(0, 6);
}

function nearestFree(
  wanted: number,
  first: number,
  ceiling: number,
  occupied: ReadonlySet<number>,
): number | undefined {
  for (let distance = 0; distance < ceiling - first; distance++) {
    const free = [wanted - distance, wanted + distance].find(
      (number) => number >= first && number < ceiling && !occupied.has(number),
    );
    if (free !== undefined) {
      return free;
    }
  }
  return undefined;
}

/** The way out when rules are nested too deep for the numbers below: all of the level evenly, the special first. */
function dealtOut(
  level: PriorityLevel,
  order: readonly Placing[],
  taken: ReadonlySet<number>,
): ReadonlyMap<string, number> {
  const free = Array.from({ length: level.last - level.first + 1 }, (_, index) => level.first + index).filter(
    (number) => !taken.has(number),
  );
  if (free.length < order.length) {
    throw new RangeError(`${order.length} rules have only the priorities ${level.first} to ${level.last}`);
  }
  const specialFirst = [...order].reverse();
  return new Map(
    specialFirst.map(({ resident }, index) => [
      resident.key,
      free[Math.floor((index * free.length) / order.length)] ?? level.last,
    ]),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
