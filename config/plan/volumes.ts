import type { InstanceVolume } from "../../boot/user-data";
import { CACHE_DIRECTORY } from "../servers/caches";
import { presetOf, type ServerName } from "../servers/presets";
import { ADAPTERS_DIRECTORY, WEIGHTS_DIRECTORY } from "./container-folders";
import { sortedEntries } from "./order";
import type { InstanceSettings } from "./overrides";

/**
 * Folders of the instance that a variant's container sees: weights, adapters, the caches of its server, then the mounts of
 * the file. A mount at the place of the caches is used for them.
 */
export function volumesOf(settings: InstanceSettings, server: ServerName): readonly InstanceVolume[] {
  const { weights, adapters, mounts } = settings;
  const { caches, writesWeights } = presetOf(server) ?? {};
  const cache = caches && (caches.directory ?? CACHE_DIRECTORY);
  return [
    ...(weights ? [{ folder: "models", path: WEIGHTS_DIRECTORY, readOnly: writesWeights !== true }] : []),
    ...(Object.keys(adapters).length > 0
      ? [{ folder: "adapters", path: ADAPTERS_DIRECTORY, readOnly: true }]
      : []),
    ...(cache !== undefined && mounts[cache] === undefined ? [{ folder: "cache", path: cache }] : []),
    ...sortedEntries(mounts).map(([path]) => ({ folder: `mounts${path}`, path })),
  ];
}

/** The texts of the files that a variant's container sees, by their paths in it. */
export function fileTexts({ files }: InstanceSettings): Readonly<Record<string, string>> {
  // What is still a path could not be read: that is an error of its own.
  return Object.fromEntries(
    sortedEntries(files).map(([path, file]) => [path, typeof file === "string" ? "" : file.text]),
  );
}
