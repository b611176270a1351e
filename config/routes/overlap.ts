import { commonAddress } from "./cidr";
import { type ConditionKind, type ConditionTable, tableOf } from "./condition-table";
import { commonExample } from "./glob-example";
import { halvesOfQuery, shownQuery } from "./query-glob";
import type { RouteConditions } from "./route";

/**
 * Whether some request may match both, as far as can be told.
 *
 * Meant for warnings, so what cannot be known counts as no overlap: two regular expressions, or one and a glob over
 * the same thing, unless the expressions are equal. A request is taken to have each header and each named query
 * parameter at most once, so that `model=a` and `model=b` are apart.
 */
export function overlaps(a: RouteConditions, b: RouteConditions): boolean {
  return overlapExample(a, b) !== undefined;
}

/**
 * A request that matches both, in words: `/v1/llama-x`, or `host llama.example.com, path /v1/chat`. `undefined`
 * when none is known. A regular expression stands for itself, as in `path like ^/v[12]/`.
 */
export function overlapExample(a: RouteConditions, b: RouteConditions): string | undefined {
  const [tableA, tableB] = [tableOf(a), tableOf(b)];
  if (clashes("path", tableA, tableB) || clashes("host", tableA, tableB)) {
    return undefined;
  }
  const kinds = [...new Set([...tableA.keys(), ...tableB.keys()])].sort();
  const parts: string[] = [];
  for (const kind of kinds) {
    const example = commonOfKind(kind, tableA.get(kind), tableB.get(kind));
    if (example === undefined) {
      return undefined;
    }
    parts.push(kinds.length === 1 && kind === "path" ? example : `${nameOf(kind)} ${example}`);
  }
  return parts.join(", ");
}

/** A regular expression on one side and a glob on the other: nobody can tell. */
function clashes(what: "path" | "host", a: ConditionTable, b: ConditionTable): boolean {
  return [
    [a, b],
    [b, a],
  ].some(([one, other]) => one?.has(`${what}Regex`) && other?.has(what));
}

function commonOfKind(
  kind: ConditionKind,
  ofA: readonly string[] | undefined,
  ofB: readonly string[] | undefined,
): string | undefined {
  for (const a of ofA ?? ofB ?? []) {
    for (const b of ofB ?? [a]) {
      const example = commonOfValues(kind, a, b);
      if (example !== undefined) {
        return example;
      }
    }
  }
  return undefined;
}

function commonOfValues(kind: ConditionKind, a: string, b: string): string | undefined {
  switch (kind) {
    case "method":
    case "pathRegex":
    case "hostRegex":
      return a === b ? a : undefined;
    case "sourceIp":
      return commonAddress(a, b);
    case "query":
      return commonQuery(a, b);
    case "path":
      return readableExample(a, b, "/");
    default:
      return readableExample(a, b);
  }
}

/** Where it can be, a star is at least one letter: `/v1/x` tells more than `/v1/`. */
function readableExample(a: string, b: string, firstLetter?: string): string | undefined {
  const [longerA, longerB] = [a, b].map((glob) => glob.replaceAll("*", "?*"));
  return commonExample(longerA ?? a, longerB ?? b, firstLetter) ?? commonExample(a, b, firstLetter);
}

/** One parameter that satisfies both, or two parameters of which each satisfies one. */
function commonQuery(a: string, b: string): string | undefined {
  const [keyA = "", valueA = ""] = halvesOfQuery(a);
  const [keyB = "", valueB = ""] = halvesOfQuery(b);
  const key = commonExample(keyA, keyB);
  const value = commonExample(valueA, valueB);
  if (key !== undefined && value !== undefined) {
    return shownQuery(`${key || "x"}=${value}`);
  }
  const [nameA, nameB] = [anyText(keyA) || "x", anyText(keyB) || "y"];
  return nameA === nameB ? undefined : shownQuery(`${nameA}=${anyText(valueA)}&${nameB}=${anyText(valueB)}`);
}

function anyText(glob: string): string {
  return commonExample(glob, "*") ?? "";
}

function nameOf(kind: ConditionKind): string {
  return kind === "sourceIp" ? "caller" : kind.replace("Regex", " like");
}
