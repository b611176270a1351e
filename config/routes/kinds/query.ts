import { simplestGlob, wildcardCount } from "../glob";
import { commonExample } from "../glob-example";
import { globsInclude } from "../glob-inclusion";
import { globOfQuery, halvesOfQuery, queryOfGlob, shownQuery } from "../query-glob";
import type { QueryCondition } from "../route";
import { type ConditionDiagnostic, type ConditionKind, LEAST_DEPTH } from "./kind";
import { listDiagnostics } from "./lists";
import { lengthDiagnostic, letterDiagnostic } from "./texts";

/** Parameters, each as one glob: see {@link globOfQuery}. */
export const query: ConditionKind<readonly QueryCondition[]> = {
  read: (given) => [{ values: given.map(globOfQuery) }],
  write: (conditions) => conditions.flatMap(({ values }) => values.map(queryOfGlob)),
  diagnostics: (given) => [
    ...listDiagnostics(given, () => undefined),
    ...given.flatMap(({ key, value }, index) => [
      ...(key === undefined ? [] : halfDiagnostics(key, [index, "key"])),
      ...halfDiagnostics(value, [index, "value"]),
    ]),
  ],
  simplest: simplestGlob,
  includes: globsInclude,
  isUniversal: () => false,
  isExact: (value) => wildcardCount(value) === 0,
  isRegex: false,
  depth: () => LEAST_DEPTH,
  wildcards: (value) => {
    const [key = "", sought = ""] = halvesOfQuery(value);
    return wildcardCount(sought) + (key === "*" ? 0 : wildcardCount(key));
  },
  example: commonQuery,
  shown: (value) => {
    const { key = "*", value: sought } = queryOfGlob(value);
    return `${key}=${sought}`;
  },
  label: "query",
  requestPart: "query",
  readableWithoutName: false,
  insteadOf: undefined,
  url: "more",
  toRule: (values) => [{ field: "query-string", values }],
};

function halfDiagnostics(text: string, path: readonly (string | number)[]): readonly ConditionDiagnostic[] {
  const message =
    lengthDiagnostic(text) ??
    letterDiagnostic(text, /[^\x21-\x7e]/, "visible ASCII characters; write others as %20 and so on");
  return message === undefined ? [] : [{ path, message }];
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
