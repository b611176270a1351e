import { presetOf, type ServerName } from "../servers/presets";
import type { InstanceSettings } from "./overrides";

/** The arguments that a file writes, taken apart. */
export interface CommandLine {
  /** The words at their beginning by which command lines start the server; none when they begin with an argument. */
  readonly command: readonly string[];
  /** The model after these words, if the server takes it without a name, and its index. */
  readonly model?: { readonly value: string; readonly index: number };
  /** What is left: arguments alone. */
  readonly rest: readonly string[];
}

/** Takes the written arguments apart: a published command line has the server's command, and perhaps its model, in front. */
export function commandLine(
  server: ServerName,
  { arguments: written, command: own }: Pick<InstanceSettings, "arguments" | "command">,
): CommandLine {
  if (own !== undefined) {
    return { command: [], rest: written };
  }
  const preset = presetOf(server);
  // The longest first.
  const command =
    preset?.commandLines.find((words) => words.every((word, index) => written[index] === word)) ?? [];
  const next = written[command.length];
  const positional = preset?.model.positionalSince !== undefined || command.join(" ") === "sglang serve";
  return positional && next !== undefined && !next.startsWith("-")
    ? { command, model: { value: next, index: command.length }, rest: written.slice(command.length + 1) }
    : { command, rest: written.slice(command.length) };
}
