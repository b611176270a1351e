import type { Comparison } from "./kind";
import { LEAST_DEPTH } from "./kind";
import { lengthDiagnostic } from "./texts";

/**
 * Values that are regular expressions. One includes itself, and everything if it matches every request.
 *
 * @param matchesEverything whether every request matches an expression; `true` is never wrong
 */
export function regexes(matchesEverything: (regex: string) => boolean): Comparison {
  const isUniversal = (values: readonly string[]) => values.some(matchesEverything);
  return {
    simplest: (value) => value,
    includes: (generals, special) => generals.includes(special) || isUniversal(generals),
    isUniversal,
    isExact: () => false,
    isRegex: true,
    depth: () => LEAST_DEPTH,
    wildcards: () => 0,
    example: (a, b) => (a === b ? a : undefined),
    shown: (value) => value,
  };
}

/**
 * Whether one of some regular expressions matches the whole text, or every text. AWS does not document whether an
 * expression has to match the whole text, so here it has to.
 */
export function regexesMatch({ isUniversal }: Comparison, values: readonly string[], text: string): boolean {
  return isUniversal(values) || values.some((regex) => matchesAllOf(regex, text));
}

function matchesAllOf(regex: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${regex})$`).test(text);
  } catch {
    return false;
  }
}

/** What is wrong with a regular expression. */
export function regexDiagnostic(regex: string): string | undefined {
  const unsupported = UNSUPPORTED.find(([, pattern]) => pattern.test(regex));
  if (unsupported !== undefined) {
    return `"${regex}" has ${unsupported[0]}, which a load balancer does not know`;
  }
  try {
    new RegExp(regex);
  } catch {
    return `"${regex}" is no regular expression; check its brackets and repetitions`;
  }
  return lengthDiagnostic(regex);
}

/** "Listener rules for your Application Load Balancer", Rule basics. JavaScript refuses what else AWS does not support. */
const UNSUPPORTED: readonly (readonly [string, RegExp])[] = [
  ["a lookahead", /\(\?[=!]/],
  ["a lookbehind", /\(\?<[=!]/],
  ["a backreference", /(?<!\\)(?:\\\\)*\\(?:[1-9]|k<)/],
  ["a Unicode character class", /(?<!\\)(?:\\\\)*\\[pP]\{/],
];
