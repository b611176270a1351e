import { parse } from "shell-quote";

/** The words of a command line, or why it has none that are known before a shell runs it. */
export type ShellWords =
  | { readonly words: readonly string[]; readonly problem?: never }
  | { readonly problem: string };

/**
 * What matters before a line is split: a `\` before a line end, or before the space that YAML has folded it to; comments;
 * parts in quotes, and escaped characters, which stay as they are; and what only a shell can replace.
 */
const PART = new RegExp(
  [
    ...[/(?<joint>\\\r?\n)/, /(?<gap>\\[ \t]+(?:\r?\n|$)|\\$|(?<!\S)\\(?=[ \t])|(?<!\S)#[^\n]*)/],
    ...[/\$'(?:\\[\s\S]|[^\\'])*'/, /'[^']*'/, /(?<double>"(?:\\[\s\S]|[^"\\])*")/, /\\[\s\S]/],
    ...[/(?<hash>#)/, /(?<command>`|\$\()/, /(?<open>['"])/],
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** Stands around the name of a variable in a word: no text of a line has this character. */
const MARK = "\0";

/**
 * Splits a command line into words, as a POSIX shell does, without running anything: quotes, `\` at the end of a line,
 * and comments. A variable stays in its word as a mark, which {@link variablesIn} reads.
 */
export function shellWords(line: string): ShellWords {
  if (line.includes(MARK)) {
    return { problem: "holds a NUL character, which no command line can" };
  }
  const problems: string[] = [];
  const plain = line.replace(PART, (part, ...matched) => {
    const { joint, gap, double, hash, command, open } = matched.at(-1) as Record<string, string | undefined>;
    if (command !== undefined || (double !== undefined && /(?<!\\)(`|\$\()/.test(double))) {
      problems.push("has $(…) or backquotes, and no shell runs here; write what they print");
    } else if (open !== undefined) {
      problems.push(`has a ${open} that nothing closes`);
    }
    // The library takes any # for the beginning of a comment.
    const replacement = [joint && "", gap && " ", hash && "\\#", double?.replaceAll(/\\\r?\n/g, "")];
    return replacement.find((text) => text !== undefined) ?? part;
  });
  if (problems[0] !== undefined) {
    return { problem: problems[0] };
  }
  const words: string[] = [];
  for (const entry of parsed(plain)) {
    if (typeof entry === "string") {
      words.push(entry);
    } else if ("pattern" in entry) {
      words.push(entry.pattern);
    } else if ("op" in entry) {
      return {
        problem: `has ${entry.op} outside quotes, and no shell runs here; write one docker run alone`,
      };
    }
  }
  return { words };
}

function parsed(line: string) {
  try {
    return parse(line, (name) => `${MARK}${name}${MARK}`);
  } catch {
    return [{ op: "${" as const }];
  }
}

/** Names of the shell's variables in a word, in order. */
export function variablesIn(word: string): readonly string[] {
  return [...word.matchAll(/\0(\w*)[^\0]*\0/g)].map(([, name = ""]) => name);
}

/** A word as a shell reads it: as it is, or in single quotes. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
