import { SEGMENT, wildcardCount } from "../glob";
import { matchesEverything } from "../universal-regex";
import { globs } from "./globs";
import type { ConditionKind } from "./kind";
import { listOf } from "./lists";
import { regexDiagnostic, regexes, regexesMatch } from "./regexes";
import { lengthDiagnostic, letterDiagnostic } from "./texts";

/** Globs over the path. Every path begins with `/`, so a `?` in the first place means `/`. */
const PATHS = globs({ caseMatters: true, firstLetter: "/", mayBeMissing: false, depth: pathDepth });

export const path: ConditionKind<readonly string[]> = {
  ...listOf(pathDiagnostic),
  ...PATHS,
  shown: (value) => value.replaceAll(SEGMENT, "{id}"),
  label: "path",
  requestPart: "path",
  readableWithoutName: true,
  insteadOf: undefined,
  url: {
    part: "path",
    candidates: (values) => values.map((glob) => glob.replace(/[*?\uE002].*$/, "")),
    matches: PATHS.includes,
  },
  toRule: (values) => [{ field: "path-pattern", values }],
};

const PATH_REGEXES = regexes((regex) => matchesEverything(regex, "path"));

export const pathRegex: ConditionKind<readonly string[]> = {
  ...listOf(regexDiagnostic),
  ...PATH_REGEXES,
  label: "pathRegex",
  requestPart: "path",
  readableWithoutName: false,
  insteadOf: "path",
  url: {
    part: "path",
    candidates: () => [],
    matches: (values, text) => regexesMatch(PATH_REGEXES, values, text),
  },
  toRule: (regexValues) => [{ field: "path-pattern", regexValues }],
};

/**
 * How specific a path is: the number of its slashes, and of the segments whose first character is given. `/a*` is 2 deep,
 * `/a/*` 3, `/a/b*` 4, `/a/b/*` 5. A path without wildcards is the deepest of all.
 *
 * Of several paths the least deep counts. A path that others include is never less deep than they are. Proof: replace its
 * wildcards by letters that are in none of the others. The result matches one of the others, which has wildcards. Each
 * slash and segment start of that one falls on a slash or segment start of the first. (A leading `*` may match nothing
 * when there is another wildcard; otherwise it begins the path. Hence the two cases.)
 */
export function pathDepth(glob: string): number {
  if (wildcardCount(glob) === 0) {
    return Number.POSITIVE_INFINITY;
  }
  const rooted = /^\*\/.*[*?\uE002]/.test(glob) ? glob.slice(1) : glob.replace(/^\*/, "/*");
  return [...rooted.matchAll(/\/[^/*?\uE002]?/g)].reduce((depth, [step]) => depth + step.length, 0);
}

function pathDiagnostic(value: string): string | undefined {
  if (!/^[/*]/.test(value)) {
    return `"${value}" must start with "/" (or "*"), as every path does`;
  }
  return lengthDiagnostic(value) ?? letterDiagnostic(value, /[^A-Za-z0-9_.$/~"'@:+&*?-]/, PATH_LETTERS);
}

const PATH_LETTERS =
  "letters, digits, _ - . $ / ~ \" ' @ : + & and the wildcards * and ?; parameters go into query";
