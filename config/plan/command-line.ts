import { ownCommand, startedCommand } from "../servers/own-command";
import { presetOf, type ServerName } from "../servers/presets";
import type { InstanceSettings } from "./overrides";
import { writtenArgument } from "./written-argument";

type Words = Pick<InstanceSettings, "arguments" | "command">;

/** The words that a file writes, those of `command` before those of `arguments`, taken apart. */
export interface CommandLine {
  /** The words at their beginning by which command lines start the server, as they are written; none when nothing is known to. */
  readonly command: readonly string[];
  /** These words as the preset has them. */
  readonly known: readonly string[];
  /** The model after them, if the server takes it without a name, and its place among the arguments. */
  readonly model?: { readonly value: string; readonly index: number };
  /** What is left: arguments alone, unless `command` starts another program. */
  readonly rest: readonly string[];
}

/** Takes the written words apart: a published command line has the server's command, and perhaps its model, in front. */
export function commandLine(
  server: ServerName,
  { arguments: written, command: own = [] }: Words,
): CommandLine {
  const words = [...own, ...written];
  const { known, length: end } = own.length === 0 ? ownCommand(server, words) : startedCommand(server, words);
  const command = words.slice(0, end);
  const next = words[end];
  const takesModel = presetOf(server)?.model.positional !== undefined || known.join(" ") === "sglang serve";
  const isUnknown = own.length > 0 && end === 0;
  if (isUnknown || !takesModel || next === undefined || next.startsWith("-")) {
    return { command, known, rest: words.slice(end) };
  }
  return { command, known, model: { value: next, index: end - own.length }, rest: words.slice(end + 1) };
}

/** Whether a command of the team's own starts another program than the server: it may take anything. */
export function startsAnotherProgram(server: ServerName, settings: Words): boolean {
  return settings.command !== undefined && commandLine(server, settings).known.length === 0;
}

/** The words within a team's own command, those in the lines of a shell too. */
export function wordsWithin({ command = [] }: Pick<InstanceSettings, "command">): readonly string[] {
  return command.flatMap((word) => word.split(/[\s"']+/));
}

/** As {@link writtenArgument}, in a team's own command too. Of what is in there, long names count: a shell has a `-c` of its own. */
export function argumentAnywhere(
  server: ServerName,
  name: string,
  settings: Words,
): ReturnType<typeof writtenArgument> {
  const within = wordsWithin(settings).filter((word) => !/^-\w/.test(word));
  return writtenArgument(server, name, { arguments: [...settings.arguments, ...within] });
}
