import { simplestGlob, wildcardCount } from "../glob";
import { commonExample } from "../glob-example";
import { globsInclude } from "../glob-inclusion";
import type { Comparison } from "./kind";

/** The texts that some globs are compared with. */
export interface GlobsOver {
  readonly caseMatters: boolean;
  /** The letter with which every text begins; absent when they may begin with any. */
  readonly firstLetter?: string;
  /** Whether a request may lack such a text. Then none of the globs matches every request. */
  readonly mayBeMissing: boolean;
  /** See {@link Comparison.depth}. */
  readonly depth: (glob: string) => number;
}

/** Values that are globs. */
export function globs({ caseMatters, firstLetter, mayBeMissing, depth }: GlobsOver): Comparison {
  const includes = (generals: readonly string[], special: string) =>
    globsInclude(generals, special, firstLetter);
  return {
    simplest: (value) => {
      const simplest = simplestGlob(caseMatters ? value : value.toLowerCase());
      return firstLetter === undefined ? simplest : simplest.replace(/^\?/, firstLetter);
    },
    includes,
    isUniversal: (values) => !mayBeMissing && includes(values, "*"),
    isExact: (value) => wildcardCount(value) === 0,
    isRegex: false,
    depth,
    wildcards: wildcardCount,
    example: (a, b) => readableExample(a, b, firstLetter),
    shown: (value) => value,
  };
}

/** If possible, a star becomes at least one letter: `/v1/x` is a clearer example than `/v1/`. */
function readableExample(a: string, b: string, firstLetter?: string): string | undefined {
  const [longerA, longerB] = [a, b].map((glob) => glob.replaceAll("*", "?*"));
  return commonExample(longerA ?? a, longerB ?? b, firstLetter) ?? commonExample(a, b, firstLetter);
}
