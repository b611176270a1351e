import {
  advance,
  BOUNDARY,
  isWildcard,
  mayEnd,
  mayShareText,
  type Position,
  SEGMENT,
  startOf,
  wildcardCount,
} from "./glob";
import { remembered } from "./remembered";

/** Represents every letter that is in none of the compared globs. */
const ANY_OTHER_LETTER = "\uFFFF";

/** Enough for all globs within AWS's limits. Beyond it, the answer is that `special` is not included. */
const MOST_STATES = 50_000;

/**
 * Whether every text that matches `special` matches one of `candidates`.
 *
 * It reads both sides letter by letter. The general side keeps every position that is possible; the special side tries
 * every letter that can make a difference. The answer is exact, except for globs with so many `?` after a `*` that more
 * than 50,000 states are needed. It is `false` then. No rule that AWS accepts needs as many.
 *
 * @param firstLetter when given, only texts that begin with this letter count
 */
export function globsInclude(candidates: readonly string[], special: string, firstLetter?: string): boolean {
  return candidates.includes(special) || search(candidates, special, firstLetter);
}

const search = remembered((candidates: readonly string[], special: string, firstLetter?: string): boolean => {
  const generals = candidates.filter((candidate) => mayShareText(candidate, special));
  if (generals.length === 0 && mayBegin(special, firstLetter)) {
    return false;
  }
  if (wildcardCount(special) === 0 && mayBegin(special, firstLetter)) {
    return generals.some((general) => matches(general, special));
  }
  const letters = lettersOf([...generals, special]);
  const seen = new Set<string>();
  const open: State[] = [];
  const reach = (specialAt: readonly Position[], generalsAt: Places) => {
    for (const position of specialAt) {
      const name = `${position} ${generalsAt.map((places) => places.join()).join(" ")}`;
      if (!seen.has(name)) {
        seen.add(name);
        open.push({ position, generalsAt });
      }
    }
  };
  const step = (specialAt: readonly Position[], generalsAt: Places, letter: string) =>
    reach(
      advance(special, specialAt, letter),
      generalsAt.map((places, index) => advance(generals[index] ?? "", places, letter)),
    );

  const generalStarts = generals.map(startOf);
  if (firstLetter === undefined) {
    reach(startOf(special), generalStarts);
  } else {
    step(startOf(special), generalStarts, firstLetter);
  }
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const { position, generalsAt } = state;
    const specialEnds = position === special.length;
    if (generalsAt.every((places) => places.length === 0) || seen.size > MOST_STATES) {
      return false;
    }
    if (specialEnds && !generals.some((general, index) => mayEnd(general, generalsAt[index] ?? []))) {
      return false;
    }
    for (const letter of lettersAt(special, position, letters)) {
      step([position], generalsAt, letter);
    }
  }
  return true;
});

function matches(glob: string, text: string): boolean {
  let at = startOf(glob);
  for (const letter of text) {
    at = advance(glob, at, letter);
  }
  return mayEnd(glob, at);
}

/** Whether some text that begins with the letter matches the glob. */
function mayBegin(glob: string, firstLetter: string | undefined): boolean {
  return firstLetter === undefined || glob.startsWith(firstLetter) || isWildcard(glob[0]);
}

type Places = readonly (readonly Position[])[];

interface State {
  readonly position: Position;
  readonly generalsAt: Places;
}

function lettersOf(globs: readonly string[]): readonly string[] {
  const spelled = new Set(globs.join("").split(""));
  for (const symbol of ["*", "?", SEGMENT, BOUNDARY]) {
    spelled.delete(symbol);
  }
  return [...spelled, ANY_OTHER_LETTER];
}

function lettersAt(glob: string, position: Position, letters: readonly string[]): readonly string[] {
  const expected = glob[position];
  if (expected === undefined) {
    return [];
  }
  return isWildcard(expected) ? letters : [expected];
}
