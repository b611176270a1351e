import { BOUNDARY } from "./glob";
import type { QueryCondition } from "./route";

/**
 * A query condition as one glob: key, boundary, value. No key is the same as the key `*`. In what AWS takes, `\*` and
 * `\?` mean the letters themselves; inside the glob two letters of no alphabet stand for them.
 */
export function globOfQuery({ key = "*", value }: QueryCondition): string {
  return [key, value].map(escaped).join(BOUNDARY).toLowerCase();
}

/** The query condition a glob of {@link globOfQuery} stands for. */
export function queryOfGlob(glob: string): QueryCondition {
  const [key = "", value = ""] = halvesOfQuery(glob);
  return key === "*" ? { value: unescaped(value) } : { key: unescaped(key), value: unescaped(value) };
}

/** Key and value of a glob of {@link globOfQuery}, each a glob. */
export function halvesOfQuery(glob: string): readonly string[] {
  return glob.split(BOUNDARY);
}

/** A text such a glob matches, as one would read it in an address. */
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
