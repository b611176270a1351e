/**
 * Globs of listener rules: `*` matches any number of characters, also none, and also `/`. `?` matches exactly one
 * character. Every other character matches itself. {@link SEGMENT} is the one wildcard that no listener rule knows.
 */

/** A character that no wildcard matches. It separates the two halves of a pair in one glob. */
export const BOUNDARY = "\u0000";

/**
 * Matches any number of characters, also none, but no `/`: at most one segment of a path. Listener rules have it only as
 * the regular expression `[^/]*`.
 */
export const SEGMENT = "\uE002";

/** How many wildcards a glob has: AWS counts each `*` and each `?`. Each {@link SEGMENT} counts, too. */
export function wildcardCount(glob: string): number {
  return [...glob].filter((letter) => isWildcard(letter)).length;
}

/** Whether a character of a glob is a wildcard. */
export function isWildcard(letter: string | undefined): boolean {
  return letter === "*" || letter === "?" || letter === SEGMENT;
}

/**
 * The glob with the fewest wildcards that matches the same texts: in a run of wildcards the `?` come first and are
 * followed by at most one `*`. Two globs match the same texts exactly when their simplest forms are equal.
 */
export function simplestGlob(glob: string): string {
  return glob.replace(/[*?]+/g, (run) => run.replaceAll("*", "") + (run.includes("*") ? "*" : ""));
}

/**
 * Whether two globs may match a text in common, by what they spell out before their first and after their last
 * wildcards. `false` is never wrong.
 */
export function mayShareText(a: string, b: string): boolean {
  const [beginA, beginB] = [a, b].map((glob) => /^[^*?\uE002]*/.exec(glob)?.[0] ?? "") as [string, string];
  const [endA, endB] = [a, b].map((glob) => /[^*?\uE002]*$/.exec(glob)?.[0] ?? "") as [string, string];
  return (
    (beginA.startsWith(beginB) || beginB.startsWith(beginA)) && (endA.endsWith(endB) || endB.endsWith(endA))
  );
}

/** A position in a glob: everything before it has been read. */
export type Position = number;

/** The possible positions before the first letter. */
export function startOf(glob: string): readonly Position[] {
  return pastStars(glob, [0]);
}

/** The possible positions after one more letter. */
export function advance(glob: string, from: readonly Position[], letter: string): readonly Position[] {
  const wild = letter !== BOUNDARY;
  const reached = from.flatMap((position) => {
    const expected = glob[position];
    if ((expected === "*" && wild) || (expected === SEGMENT && wild && letter !== "/")) {
      return [position];
    }
    return expected === letter || (expected === "?" && wild) ? [position + 1] : [];
  });
  return pastStars(glob, reached);
}

/** Whether the glob may end at one of these positions. */
export function mayEnd(glob: string, at: readonly Position[]): boolean {
  return at.includes(glob.length);
}

/**
 * A star, or a segment, may match nothing, so the position after it is possible too. Whatever still matches from a position before a
 * star also matches from the star, so positions before the last star are dropped. This keeps the sets small.
 */
function pastStars(glob: string, positions: readonly Position[]): readonly Position[] {
  const reached = new Set(positions);
  for (const position of reached) {
    if (glob[position] === "*" || glob[position] === SEGMENT) {
      reached.add(position + 1);
    }
  }
  const lastStar = Math.max(-1, ...[...reached].filter((position) => glob[position] === "*"));
  return [...reached].filter((position) => position >= lastStar).sort((a, b) => a - b);
}
