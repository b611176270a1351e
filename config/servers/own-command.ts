import { presetOf, type ServerName } from "./presets";

/** The words at the beginning of others by which command lines start a server. */
export interface OwnCommand {
  /** As the preset has them; none when others begin the words. */
  readonly known: readonly string[];
  /** How many of the words they are, with options of Python between them. */
  readonly length: number;
}

/** The words by which a command line starts a server, whatever its folder and whichever Python. */
export function ownCommand(server: ServerName, words: readonly string[]): OwnCommand {
  const [first = "", ...others] = words;
  const program = plainProgram(first);
  const options = program === "python3" ? others.findIndex((word) => !PYTHON_OPTION.test(word)) : 0;
  const skipped = Math.max(0, options);
  const plain = [program, ...others.slice(skipped)];
  // The longest first.
  const known =
    presetOf(server)?.commandLines.find((start) => start.every((word, index) => plain[index] === word)) ?? [];
  return { known, length: known.length === 0 ? 0 : known.length + skipped };
}

/** Options of Python that change what it prints and keeps, and nothing of what runs. Source: Python docs, Command line. */
const PYTHON_OPTION = /^-[uBq]+$/;

/** A program without its folder, and without the version of Python. */
function plainProgram(program: string): string {
  return program.replace(/^\.?\/(?:.*\/)?/, "").replace(/^python(?:3(?:\.\d+)?)?$/, "python3");
}
