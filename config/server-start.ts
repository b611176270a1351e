import { type ServerName, type ServerPreset, serverPresets } from "./servers";
import type { BoxSettings } from "./settings";

/** Where weights from S3 lie on the box, and in the container. */
export const WEIGHTS_DIRECTORY = "/models";

/** How a variant's container is started. */
export interface ServerStart {
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What is known of a server by its name; nothing of a `custom` one. */
export function presetOf(server: ServerName): ServerPreset | undefined {
  return server === "custom" ? undefined : serverPresets[server];
}

/**
 * The container's arguments and environment: what the server needs, what follows from the file and the derived
 * times, then the team's own words. An argument or variable that the team wrote is not given twice.
 *
 * @param model its name in the file
 * @param times seconds
 */
export function serverStart(
  model: string,
  server: ServerName,
  settings: BoxSettings,
  port: number,
  times: { readonly serverDrain: number; readonly serverKeepAlive: number },
): ServerStart {
  const preset = presetOf(server);
  if (preset === undefined) {
    return { arguments: settings.arguments, env: settings.env };
  }
  const flags: readonly (readonly [string | undefined, number | string | undefined])[] = [
    [preset.takes.port, port === preset.port ? undefined : port],
    [preset.takes.weights, settings.weights && WEIGHTS_DIRECTORY],
    [preset.takes.servedName, settings.weights && model],
    [preset.takes.tensorParallel, settings.memory?.tensorParallel],
    [preset.takes.contextLength, settings.memory?.contextLength],
    [preset.takes.utilization, settings.memory?.utilization],
    [preset.drain.by === "argument" ? preset.drain.name : undefined, times.serverDrain],
  ];
  const given = flags.flatMap(([flag, value]) =>
    flag === undefined || value === undefined || isWritten(flag, settings.arguments)
      ? []
      : [flag, String(value)],
  );
  const env: Record<string, string> = {};
  if (preset.drain.by === "env") {
    env[preset.drain.name] = String(times.serverDrain);
  }
  if (preset.keepAlive.by === "env") {
    env[preset.keepAlive.name] = String(times.serverKeepAlive);
  }
  return {
    arguments: [...preset.command, ...preset.arguments, ...given, ...settings.arguments],
    env: { ...env, ...settings.env },
  };
}

function isWritten(flag: string, written: readonly string[]): boolean {
  return written.some((argument) => argument === flag || argument.startsWith(`${flag}=`));
}
