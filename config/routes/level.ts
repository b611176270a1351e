import { type Condition, type ConditionTable, isUniversal } from "./condition-table";
import { KINDS } from "./kinds";

/** A range of priority numbers, both ends included. */
export interface PriorityLevel {
  readonly first: number;
  readonly last: number;
}

/**
 * The level of a rule's derived priority. It depends on the rule's own conditions only. More special rules get lower
 * numbers.
 *
 * | numbers      | conditions | spelled out         |
 * | ------------ | ---------- | ------------------- |
 * | 1–999        | any        | free for explicit priorities |
 * | 1000–4999    | 3 or more  | see below           |
 * | 5000–18999   | 2          | see below           |
 * | 19000–48999  | 1          | see below           |
 * | 49000–50000  | none       | a catch-all: `path: /*`, `pathRegex: .*` |
 *
 * Within each of the three: every condition exact (of three or more: three of them), then with a regular expression,
 * then by the depth of the path, from 7 and more down to 1 (`pathDepth`; a path without wildcards is in 7+, no
 * path in 1). The most common ones get the most numbers:
 *
 * | conditions | exact | regex | 7+   | 6    | 5    | 4    | 3    | 2    | 1    |
 * | ---------- | ----- | ----- | ---- | ---- | ---- | ---- | ---- | ---- | ---- |
 * | 3 or more  | 800   | 400   | 400  | 400  | 600  | 400  | 600  | 200  | 200  |
 * | 2          | 2500  | 500   | 1000 | 1000 | 3000 | 1500 | 3000 | 500  | 1000 |
 * | 1          | 4000  | 1000  | 2000 | 1500 | 7500 | 4000 | 7500 | 1500 | 1000 |
 *
 * If A matches only requests that B matches, A's level is not after B's. Proof: A has every condition of B (none of which
 * is universal), so A has at least as many. Where B is exact, A is exact too. Where B has a regular expression, A has the
 * same one. A's path is at least as deep (see `pathDepth`). None of the four measures is smaller for A than for B, so
 * neither is the list of them, compared from the first to the last.
 */
export function levelOf(table: ConditionTable): PriorityLevel {
  const restrictive = [...table.values()].filter((condition) => !isUniversal(condition));
  if (restrictive.length === 0) {
    return CATCH_ALL;
  }
  const conditions = Math.min(restrictive.length, SIZES.length);
  const exact = restrictive.filter(({ kind, values }) => values.every(KINDS[kind].isExact)).length;
  const column = columnOf(exact >= conditions, restrictive);
  return LEVELS[SIZES.length - conditions]?.[column] ?? CATCH_ALL;
}

/** How many numbers each level has; see {@link levelOf}. Rows: three or more conditions, two, one. */
const SIZES = [
  [800, 400, 400, 400, 600, 400, 600, 200, 200],
  [2500, 500, 1000, 1000, 3000, 1500, 3000, 500, 1000],
  [4000, 1000, 2000, 1500, 7500, 4000, 7500, 1500, 1000],
] as const;
const EXACT = 0;
const REGEX = 1;
const DEEPEST = 7;

const CATCH_ALL: PriorityLevel = { first: 49_000, last: 50_000 };
const LEVELS = laidOut(1000);

function columnOf(exact: boolean, conditions: readonly Condition[]): number {
  if (exact) {
    return EXACT;
  }
  if (conditions.some(({ kind }) => KINDS[kind].isRegex)) {
    return REGEX;
  }
  const depths = conditions.map(({ kind, values }) => Math.min(...values.map(KINDS[kind].depth)));
  const depth = Math.max(...depths);
  return REGEX + 1 + DEEPEST - Math.min(depth, DEEPEST);
}

function laidOut(first: number): readonly (readonly PriorityLevel[])[] {
  let next = first;
  return SIZES.map((row) =>
    row.map((size) => {
      next += size;
      return { first: next - size, last: next - 1 };
    }),
  );
}
