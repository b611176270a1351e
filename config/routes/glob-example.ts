import { advance, isWildcard, mayEnd, mayShareText, type Position, startOf } from "./glob";

/** The letter for a wildcard when neither glob gives another. */
const ANY_LETTER = "x";

/**
 * One of the shortest texts that both globs match, or `undefined` when there is none.
 *
 * @param firstLetter when given, the text begins with this letter
 */
export function commonExample(a: string, b: string, firstLetter?: string): string | undefined {
  if (!mayShareText(a, b)) {
    return undefined;
  }
  const seen = new Set<string>();
  let level: Reading[] = [];
  const reach = (next: Reading[], text: string, inA: readonly Position[], inB: readonly Position[]) => {
    for (const atA of inA) {
      for (const atB of inB) {
        if (!seen.has(`${atA} ${atB}`)) {
          seen.add(`${atA} ${atB}`);
          next.push({ text, atA, atB });
        }
      }
    }
  };
  if (firstLetter === undefined) {
    reach(level, "", startOf(a), startOf(b));
  } else {
    reach(level, firstLetter, advance(a, startOf(a), firstLetter), advance(b, startOf(b), firstLetter));
  }
  while (level.length > 0) {
    const longer: Reading[] = [];
    for (const { text, atA, atB } of level) {
      if (mayEnd(a, [atA]) && mayEnd(b, [atB])) {
        return text;
      }
      for (const letter of lettersToTry(a[atA], b[atB])) {
        reach(longer, text + letter, advance(a, [atA], letter), advance(b, [atB], letter));
      }
    }
    level = longer;
  }
  return undefined;
}

interface Reading {
  readonly text: string;
  readonly atA: Position;
  readonly atB: Position;
}

function lettersToTry(inA: string | undefined, inB: string | undefined): readonly string[] {
  const spelled = [inA, inB].filter((letter) => letter !== undefined && !isWildcard(letter));
  return spelled.length > 0 ? (spelled as string[]) : [ANY_LETTER];
}
