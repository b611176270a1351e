import { cidrsInclude, EVERY_ADDRESS, simplestCidr } from "./cidr";
import { simplestGlob, wildcardCount } from "./glob";
import { globsInclude } from "./glob-inclusion";
import { globOfQuery, halvesOfQuery, queryOfGlob } from "./query-glob";
import type { RouteConditions } from "./route";
import { matchesEverything } from "./universal-regex";

/** What one condition looks at; each header is a kind of its own. */
export type ConditionKind =
  | "path"
  | "pathRegex"
  | "host"
  | "hostRegex"
  | "method"
  | "query"
  | "sourceIp"
  | `header ${string}`;

/**
 * Conditions in the one form in which all decisions about them are made: kinds sorted, values sorted, each value in
 * its simplest spelling, and no value that another value of the same kind already covers. A kind that every request
 * satisfies (`path: /*`, `pathRegex: .*`) is left out unless it is the only one.
 */
export type ConditionTable = ReadonlyMap<ConditionKind, readonly string[]>;

/** Brings conditions into their one form. The same requests match; the order in which values were written is gone. */
export function tableOf(conditions: RouteConditions): ConditionTable {
  const kinds = kindsOf(conditions).sort(([a], [b]) => (a < b ? -1 : 1));
  const simplest = kinds.map(([kind, values]) => [kind, simplestValues(kind, values)] as const);
  const telling = simplest.filter(([kind, values]) => !isUniversal(kind, values));
  const alone = simplest.find(([kind]) => kind === "path") ?? simplest[0];
  return new Map(telling.length > 0 || alone === undefined ? telling : [alone]);
}

/** The same conditions as a listener rule has them. */
export function conditionsOf(table: ConditionTable): RouteConditions {
  const headers = [...table].flatMap(([kind, values]) =>
    kind.startsWith(HEADER) ? [[kind.slice(HEADER.length), values] as const] : [],
  );
  const query = table.get("query")?.map(queryOfGlob);
  const plain = PLAIN_KINDS.flatMap((kind) => {
    const values = table.get(kind);
    return values === undefined ? [] : [[kind, values] as const];
  });
  return {
    ...Object.fromEntries(plain),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    ...(query !== undefined && { query }),
  };
}

/** Sorted, deduplicated, in their simplest spelling: {@link conditionsOf} of {@link tableOf}. */
export function canonicalConditions(conditions: RouteConditions): RouteConditions {
  return conditionsOf(tableOf(conditions));
}

/** A text that is the same for conditions written in another order or another case; what priorities hash. */
export function contentKey(conditions: RouteConditions): string {
  return tableKey(tableOf(conditions));
}

/** {@link contentKey} for conditions already in their one form. */
export function tableKey(table: ConditionTable): string {
  return JSON.stringify([...table]);
}

/** Whether every value `special` allows is allowed by one of `generals`; both of the same kind. */
export function valuesInclude(kind: ConditionKind, generals: readonly string[], special: string): boolean {
  switch (kind) {
    case "path":
      return globsInclude(generals, special, "/");
    case "sourceIp":
      return cidrsInclude(generals, special);
    case "pathRegex":
    case "hostRegex":
      return generals.includes(special) || isUniversal(kind, generals);
    case "method":
      return generals.includes(special);
    default:
      return globsInclude(generals, special);
  }
}

/** Whether a condition holds for every request. A header or a parameter may be missing, so theirs never do. */
export function isUniversal(kind: ConditionKind, values: readonly string[]): boolean {
  switch (kind) {
    case "path":
    case "host":
      return valuesInclude(kind, values, "*");
    case "pathRegex":
      return values.some((regex) => matchesEverything(regex, "path"));
    case "hostRegex":
      return values.some((regex) => matchesEverything(regex, "host"));
    case "sourceIp":
      return EVERY_ADDRESS.every((block) => cidrsInclude(values, block));
    default:
      return false;
  }
}

/** How many wildcards AWS counts in a value; regular expressions, methods and blocks have none. */
export function wildcardsOf(kind: ConditionKind, value: string): number {
  if (kind === "query") {
    const [key = "", sought = ""] = halvesOfQuery(value);
    return wildcardCount(sought) + (key === "*" ? 0 : wildcardCount(key));
  }
  return isGlobKind(kind) ? wildcardCount(value) : 0;
}

/** Whether values of the kind are globs. */
export function isGlobKind(kind: ConditionKind): boolean {
  return kind === "path" || kind === "host" || kind === "query" || kind.startsWith(HEADER);
}

const HEADER = "header ";
const PLAIN_KINDS = ["host", "hostRegex", "method", "path", "pathRegex", "sourceIp"] as const;

function kindsOf(conditions: RouteConditions): [ConditionKind, readonly string[]][] {
  const plain = PLAIN_KINDS.map((kind) => [kind, conditions[kind]] as const);
  const headers = Object.entries(conditions.headers ?? {}).map(
    ([name, values]) => [`${HEADER}${name.toLowerCase()}`, values] as const,
  );
  return [...plain, ...headers, ["query", conditions.query?.map(globOfQuery)] as const].flatMap(
    ([kind, values]) => (values === undefined ? [] : [[kind as ConditionKind, values]]),
  );
}

function simplestValues(kind: ConditionKind, values: readonly string[]): readonly string[] {
  const distinct = [...new Set(values.map((value) => simplestValue(kind, value)))].sort();
  const covering = isGlobKind(kind) ? distinct.filter((value) => wildcardCount(value) > 0) : distinct;
  return distinct.filter(
    (value) =>
      !covering.some(
        (other) =>
          other !== value &&
          valuesInclude(kind, [other], value) &&
          (other < value || !valuesInclude(kind, [value], other)),
      ),
  );
}

/** Every path begins with `/`, so that is what a `?` in the first place stands for. */
function simplestValue(kind: ConditionKind, value: string): string {
  if (kind === "sourceIp") {
    return simplestCidr(value);
  }
  if (!isGlobKind(kind)) {
    return value;
  }
  return kind === "path" ? simplestGlob(value).replace(/^\?/, "/") : simplestGlob(value.toLowerCase());
}
