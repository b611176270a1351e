import { simplestGlob, wildcardCount } from "../glob";
import { commonExample } from "../glob-example";
import { globsInclude } from "../glob-inclusion";
import type { Comparison } from "./kind";

/** What texts some globs stand for. */
export interface GlobsOver {
  readonly caseMatters: boolean;
  /** The letter with which every text begins; absent, if they may begin with any. */
  readonly firstLetter?: string;
  /** Whether a request may come without such a text: then none of the globs is universal. */
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

/** Where it can be, a star is at least one letter: `/v1/x` tells more than `/v1/`. */
function readableExample(a: string, b: string, firstLetter?: string): string | undefined {
  const [longerA, longerB] = [a, b].map((glob) => glob.replaceAll("*", "?*"));
  return commonExample(longerA ?? a, longerB ?? b, firstLetter) ?? commonExample(a, b, firstLetter);
}
