import type { ServerName } from "../servers/presets";
import { isCache } from "../servers/run/mounts";
import { WEIGHTS_DIRECTORY } from "./container-folders";
import type { InstanceSettings } from "./overrides";

/** The mounts of a variant's `run` line that keep the server's own caches. */
export function cachesLeftOut(server: ServerName, { run }: InstanceSettings): readonly string[] {
  return (run?.mounts ?? []).filter((target) => isCache(server, target));
}

/** The mounts of a variant's `run` line that an instance does not have. */
export function mountsLost(
  server: ServerName,
  { run, weights, mounts, files }: InstanceSettings,
): readonly string[] {
  const kept = [...Object.keys(mounts), ...Object.keys(files)];
  return (run?.mounts ?? []).filter(
    (target) =>
      !isCache(server, target) && !kept.includes(target) && !(weights !== undefined && isWeights(target)),
  );
}

function isWeights(target: string): boolean {
  return target.replace(/\/+$/, "") === WEIGHTS_DIRECTORY;
}
