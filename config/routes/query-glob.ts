import { BOUNDARY } from "./glob";
import type { QueryCondition } from "./route";

/**
 * A query condition as one glob: key, boundary, value. No key is the same as the key `*`. In a query condition of AWS,
 * `\*` and `\?` mean the characters themselves. The glob has two private-use characters in their place.
 */
export function globOfQuery({ key = "*", value }: QueryCondition): string {
  return [key, value].map(escaped).join(BOUNDARY).toLowerCase();
}

/** The query condition of a glob: the reverse of {@link globOfQuery}. */
export function queryOfGlob(glob: string): QueryCondition {
  const [key = "", value = ""] = halvesOfQuery(glob);
  return key === "*" ? { value: unescaped(value) } : { key: unescaped(key), value: unescaped(value) };
}

/** Key and value of a glob of {@link globOfQuery}, each a glob. */
export function halvesOfQuery(glob: string): readonly string[] {
  return glob.split(BOUNDARY);
}

/** A text that such a glob matches, as it would be in a URL. */
export function shownQuery(text: string): string {
  return ESCAPES.reduce((shown, [, letter, plain]) => shown.replaceAll(letter, plain), text);
}

const ESCAPES = [
  ["\\*", "\uE000", "*"],
  ["\\?", "\uE001", "?"],
] as const;

function escaped(text: string): string {
  return ESCAPES.reduce((glob, [written, letter]) => glob.replaceAll(written, letter), text);
}

function unescaped(glob: string): string {
  return ESCAPES.reduce((text, [written, letter]) => text.replaceAll(letter, written), glob);
}
