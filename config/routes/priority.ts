import { createHash } from "node:crypto";
import { type ConditionTable, tableKey, tableOf } from "./condition-table";
import { tableContains } from "./containment";
import { levelOf, type PriorityLevel } from "./level";
import type { RouteConditions } from "./route";

/** A rule that needs a priority. */
export interface RuleToPlace {
  /** Identifies the rule; unique. */
  readonly key: string;
  /** The conditions that its level and its home are derived from. */
  readonly conditions: RouteConditions;
  /**
   * The requests that it matches, when these are fewer than those of the conditions.
   *
   * @default those of the conditions
   */
  readonly requests?: RouteConditions;
  /** The written priority, which is kept. */
  readonly explicit?: number;
}

/**
 * A priority for each rule, by its key. AWS evaluates the lowest number first. A rule's number is derived from its
 * own conditions, so that adding, removing or reordering other rules does not change it.
 *
 * A rule's level is derived from how special it is ({@link levelOf}), its home number in the level from a hash of its
 * conditions. It gets another number only when
 * - a more general rule of the same level has a smaller number than its home: then its home is in the half of the
 *   level's numbers just below that rule's; or
 * - another rule or an explicit priority already has that number: then it gets the nearest free one. The rule that fewer
 *   others contain goes first, then the one whose conditions come first in the alphabet.
 *
 * Guaranteed for all rules: the result does not depend on their order. Explicit priorities are kept. Derived priorities
 * differ from one another and from explicit ones. Of two derived ones, the special rule's is below the general's.
 * Adding a rule moves no other, unless it contains another of its level or gets a number that another had. The same holds
 * for removing one. (One exception: all numbers of a level are assigned anew when none is left below the rules that
 * contain a rule. This needs six rules nested in one another, or a crowded level.)
 *
 * Probable: no two rules have the same home. A level of s numbers has h = 7s/8 homes. With n rules at home, the home of a
 * new one is taken with probability n/h, and it moves the other one in half of these cases. All n are at home with
 * probability (1 − 1/h)(1 − 2/h)…(1 − (n−1)/h) ≈ exp(−n(n−1)/2h). For 90 rules such as `/m-01/*`, s = 7500: n/h =
 * 1.4 %, so adding the 91st moves another with a probability of 0.7 %, and all are at home with one of 54 %.
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
  /** The rules of the level that match all requests of this one, and more. */
  readonly within: readonly Resident[];
}

function byLevel(rules: readonly RuleToPlace[]): ReadonlyMap<PriorityLevel, readonly Resident[]> {
  const levels = new Map<PriorityLevel, Resident[]>();
  for (const { key, conditions, requests } of rules) {
    const placing = tableOf(conditions);
    const level = levelOf(placing);
    const table = requests === undefined ? placing : tableOf(requests);
    levels.set(level, [...(levels.get(level) ?? []), { key, content: tableKey(placing), table }]);
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

/** A rule that contains another is itself contained in fewer, so sorting by that count puts the general before the special. */
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

/** The lowest eighth of a level has no homes. It is for rules that must be below a general one. */
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

/** The fallback when no number is left below a general rule: it spreads all rules of the level evenly, the special first. */
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
