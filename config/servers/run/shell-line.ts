import { shellWords, variablesIn } from "./shell-words";

/** Whether a program is a shell. */
export function isShell(program: string): boolean {
  return /(^|\/)(ba|da|z|a|k)?sh$/.test(program);
}

/** Words that only a shell knows, in front of a command. Source: Bash reference manual, Shell Builtin Commands. */
export const SHELL_WORDS: readonly string[] = [
  ...[".", "cd", "command", "eval", "exec", "export", "set", "source", "ulimit", "umask"],
];

/** Place of the line that a shell runs, `bash -c LINE`, among the words of a command; undefined for another command. */
export function lineIndex(words: readonly string[]): number | undefined {
  const option = isShell(words[0] ?? "") ? words.findIndex((word) => /^-\w*c$/.test(word)) : -1;
  return option === -1 || words[option + 1] === undefined ? undefined : option + 1;
}

/** A server as the last command of a shell's line. */
export interface ServerInLine {
  /** The line up to the words that start the server, as it is written. */
  readonly before: string;
  /** These words as the preset has them. */
  readonly known: readonly string[];
  /** Its arguments in the line. */
  readonly after: readonly string[];
  /** Whether `"$@"` follows them, and so what follows the line. */
  readonly takesRest: boolean;
}

/** What parts the commands of a line, and what may hold such signs without parting anything. */
const PARTS = /'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|(?<end>&&|\|\||[;&|\n])/g;

/** `"$@"` among words of a shell: it stands for all words that follow the line. */
const REST = "\0@\0";

/**
 * The server that the last command of a shell's line starts; undefined where another command is the last one, or an
 * argument is known to the shell alone.
 *
 * @param find the words at the beginning of others that start it
 */
export function serverInLine(
  line: string,
  find: (words: readonly string[]) => { readonly known: readonly string[]; readonly length: number },
): ServerInLine | undefined {
  const text = line.replace(/[\s;]+$/, "");
  const ends = [...text.matchAll(PARTS)].filter(({ groups }) => groups?.end !== undefined);
  const last = ends.at(-1);
  const begin = last === undefined ? 0 : last.index + last[0].length;
  const own = text.slice(begin);
  const words = wordsIn(own) ?? [];
  const { known, length } = find(words);
  const takesRest = words.at(-1) === REST && words.length > length;
  const after = words.slice(length, takesRest ? -1 : undefined);
  if (length === 0 || after.some((word) => variablesIn(word).length > 0)) {
    return undefined;
  }
  const gap = [...own.matchAll(/\s+/g), { index: own.length }].find(
    ({ index }) => wordsIn(own.slice(0, index))?.length === length,
  );
  return { before: text.slice(0, begin + (gap?.index ?? own.length)), known, after, takesRest };
}

function wordsIn(text: string): readonly string[] | undefined {
  const split = shellWords(text);
  return split.problem === undefined ? split.words : undefined;
}
