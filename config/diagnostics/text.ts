/** Longest piece of the user's own text that a message repeats, in characters. */
const LONGEST_QUOTE = 60;

/** Longest list of alternatives that a message spells out. */
const LONGEST_LIST = 16;

/** Control, zero-width and bidirectional characters, and lone surrogates: what a terminal acts upon instead of showing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text on one line, with the characters that a terminal does not show written as `\u001b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === "\n" ? "\\n" : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

/** The user's own text in double quotes, cut short when it is long. */
export function quote(text: string): string {
  const characters = [...text];
  return JSON.stringify(
    characters.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE - 1).join("")}…` : text,
  );
}

/** `"a", "b", "c"`, in the order given, with `and 9 more` for what would not fit a line. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, LONGEST_LIST).join(", ");
  return words.length > LONGEST_LIST ? `${shown} and ${words.length - LONGEST_LIST} more` : shown;
}

/** `1 item`, `2 items`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  return joined(words, "or");
}

/** `a, b and c`. */
export function together(words: readonly string[]): string {
  return joined(words, "and");
}

function joined(words: readonly string[], conjunction: string): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/**
 * What was written, with its kind: `a number (3)`, `a string ("text")`, `a list`.
 *
 * @param text of a number or boolean, in the letters of the file
 */
export function received(value: unknown, text?: string): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty list" : "a list";
  }
  switch (typeof value) {
    case "string":
      return `a string (${quote(value)})`;
    case "number":
      return Number.isFinite(value) ? `a number (${text ?? value})` : (text ?? String(value));
    case "object":
      return value === null ? "nothing" : "a mapping";
    default:
      return value === undefined ? "nothing" : (text ?? String(value));
  }
}

/** What was written, without its kind where that is plain: `3`, `"text"`, `a list`. */
export function bare(value: unknown): string {
  return typeof value === "object" || value === undefined ? received(value) : written(value);
}

/** A text, number or boolean as it is written in YAML. */
export function written(value: unknown): string {
  return typeof value === "string" ? quote(value) : String(value);
}
