import { presetOf, type ServerName } from "../servers/presets";
import type { InstanceSettings } from "./overrides";

/** The written value of a server's argument, by any of its names; undefined when it is not written. */
export function writtenArgument(
  server: ServerName,
  name: string,
  settings: Pick<InstanceSettings, "arguments">,
): { readonly value: string; readonly index: number; readonly flag: string } | undefined {
  const preset = presetOf(server);
  const read = preset?.acceptsUnderscores ? settings.arguments.map(withHyphens) : settings.arguments;
  return [name, ...(preset?.aliases?.[name] ?? [])]
    .flatMap((flag) => {
      const found = valueOfFlag(flag, read);
      return found === undefined ? [] : [{ ...found, flag }];
    })
    .at(0);
}

/** Replaces `_` by `-` in the name of a flag that begins with `--`. */
function withHyphens(argument: string): string {
  return argument.replace(/^--[^=]*/, (flag) => flag.replaceAll("_", "-"));
}

/** The value of a flag, `--flag value` or `--flag=value`, and its index among the arguments. */
export function valueOfFlag(
  flag: string,
  written: readonly string[],
): { readonly value: string; readonly index: number } | undefined {
  const index = written.findIndex((argument) => argument === flag || argument.startsWith(`${flag}=`));
  const argument = written[index];
  if (argument === undefined) {
    return undefined;
  }
  return { value: argument === flag ? (written[index + 1] ?? "") : argument.slice(flag.length + 1), index };
}
