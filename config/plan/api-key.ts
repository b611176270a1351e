import { presetOf, type ServerName } from "../servers/presets";
import type { InstanceSettings } from "./overrides";

/** Variable of a server that takes its key as an argument: its command reads it from there. */
const KEY_OF_COMMAND = "SERVER_API_KEY";

/**
 * The variable from which a server, or its command, reads the API key that it asks of its callers. Undefined for one that
 * takes none.
 */
export function keyVariable(
  server: ServerName,
  { apiKey }: Pick<InstanceSettings, "apiKey">,
): string | undefined {
  const taken = presetOf(server)?.apiKey;
  if (taken?.by === "env") {
    return taken.name;
  }
  return taken?.by === "argument" && apiKey !== undefined ? KEY_OF_COMMAND : undefined;
}

/** The secrets of a variant's server, by the variable that gets each: those in the file, and its API key. */
export function serverSecrets(
  server: ServerName,
  settings: Pick<InstanceSettings, "secrets" | "apiKey">,
): Readonly<Record<string, string>> {
  const { secrets, apiKey } = settings;
  const variable = keyVariable(server, settings);
  return apiKey === undefined || variable === undefined ? secrets : { ...secrets, [variable]: apiKey };
}
