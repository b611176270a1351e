/** Most suggestions made for one word. */
const MOST = 3;

/**
 * The candidates that the word may be a misspelling of: the nearest ones, at most 3, in alphabetical
 * order, and only where no more than 2 edits (a third of the letters, in short words) lie between.
 * Case does not count. An edit is a letter too many, too few, another, or two in the wrong order.
 */
export function closest(word: string, candidates: readonly string[]): string[] {
  const near = [...new Set(candidates)]
    .filter((candidate) => Math.abs(candidate.length - word.length) <= allowedEdits(word, candidate))
    .map((candidate) => ({
      candidate,
      edits: editsBetween(word.toLowerCase(), candidate.toLowerCase(), allowedEdits(word, candidate)),
    }))
    .filter(({ edits }) => Number.isFinite(edits));
  const fewest = Math.min(...near.map(({ edits }) => edits));
  return near
    .filter(({ edits }) => edits === fewest)
    .map(({ candidate }) => candidate)
    .sort()
    .slice(0, MOST);
}

/** `; did you mean "image"?`, to go after a message; empty without suggestions. */
export function didYouMean(suggestions: readonly string[]): string {
  return suggestions.length === 0
    ? ""
    : `; did you mean ${suggestions.map((suggestion) => JSON.stringify(suggestion)).join(" or ")}?`;
}

function allowedEdits(word: string, candidate: string): number {
  return Math.min(2, Math.floor(Math.max(word.length, candidate.length) / 3));
}

/**
 * Optimal string alignment distance: Levenshtein's, with the swap of two neighbours as one edit.
 *
 * @returns infinity where it is over `most`
 */
function editsBetween(a: string, b: string, most: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    // What follows is at least as far as the nearer of two rows, since a swap looks back over one.
    if (Math.min(...row) > most && Math.min(...last) > most) {
      return Number.POSITIVE_INFINITY;
    }
    beforeLast = last;
    last = row;
  }
  const edits = at(last, b.length);
  return edits <= most ? edits : Number.POSITIVE_INFINITY;
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
