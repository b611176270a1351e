import { presetOf, type ServerName } from "./presets";
import { lineIndex, serverInLine } from "./run/shell-line";

/** The words at the beginning of others by which command lines start a server. */
export interface OwnCommand {
  /** As the preset has them; none when others begin the words. */
  readonly known: readonly string[];
  /** How many of the words they are, with options of Python between them, and the programs before them. */
  readonly length: number;
}

const NONE: OwnCommand = { known: [], length: 0 };

/** The words by which a command line starts a server, whatever its folder and whichever Python. */
export function ownCommand(server: ServerName, words: readonly string[]): OwnCommand {
  const [first = "", ...others] = words;
  const program = plainProgram(first);
  const options = program === "python3" ? others.findIndex((word) => !PYTHON_OPTION.test(word)) : 0;
  const skipped = Math.max(0, options);
  const plain = [program, ...others.slice(skipped)];
  // The longest first.
  const known =
    presetOf(server)?.commandLines.find(
      (start) =>
        start.every((word, index) => plain[index] === word) && !takesValue(start, plain[start.length]),
    ) ?? [];
  return { known, length: known.length === 0 ? 0 : known.length + skipped };
}

/**
 * As {@link ownCommand}, also behind programs that start another one, as `mpirun -n 1 tritonserver`, and in the line of a
 * shell that hands over the words after it, as {@link takenApart} writes it.
 */
export function startedCommand(server: ServerName, words: readonly string[]): OwnCommand {
  const own = ownCommand(server, words);
  if (own.length > 0) {
    return own;
  }
  const line = lineIndex(words);
  if (line !== undefined) {
    const found = serverInLine(words[line] ?? "", (others) => startedCommand(server, others));
    return found?.takesRest && found.after.length === 0 && words.length > line + 1
      ? { known: found.known, length: line + 2 }
      : NONE;
  }
  for (let before = 1; before < words.length; before += 1) {
    const { known, length } = ownCommand(server, words.slice(before));
    // Behind other words `serve` may be any program's.
    if (length > 0 && known[0] !== "serve") {
      return { known, length: before + length };
    }
  }
  return NONE;
}

/** A command in its two parts: what starts the server, and the server's arguments, each with its place in the command. */
export interface Apart {
  readonly start: readonly string[];
  readonly moved: readonly { readonly word: string; readonly index: number }[];
}

/**
 * Takes a command apart. The server's arguments in the last command of a shell's line become words after the line, which
 * hands them over by `"$@"`: the server gets the same, and what is derived for it. Undefined where nothing in the command
 * is known to start the server.
 */
export function takenApart(server: ServerName, command: readonly string[]): Apart | undefined {
  const line = lineIndex(command);
  if (line === undefined) {
    const { length } = startedCommand(server, command);
    const moved = command.map((word, index) => ({ word, index })).slice(length);
    return length === 0 ? undefined : { start: command.slice(0, length), moved };
  }
  const found = serverInLine(command[line] ?? "", (words) => startedCommand(server, words));
  if (found === undefined) {
    return undefined;
  }
  const [name = found.known[0] ?? "", ...others] = command.slice(line + 1);
  return {
    start: [...command.slice(0, line), `${found.before} "$@"`, name],
    moved: [
      ...found.after.map((word) => ({ word, index: line })),
      ...others.map((word, index) => ({ word, index: line + 2 + index })),
    ],
  };
}

/** Whether a short option is one of the server itself, with the value that follows: another option is no value. */
function takesValue([first = ""]: readonly string[], next = ""): boolean {
  return /^-\w$/.test(first) && !/^--?[a-z]/i.test(next);
}

/** Options of Python that change what it prints and keeps, and nothing of what runs. Source: Python docs, Command line. */
const PYTHON_OPTION = /^-[uBq]+$/;

/** A program without its folder, and without the version of Python. */
function plainProgram(program: string): string {
  return program.replace(/^\.?\/(?:.*\/)?/, "").replace(/^python(?:3(?:\.\d+)?)?$/, "python3");
}
