import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A command that runs another one with a disk of half a megabyte at `folder`. The disk is in a mount namespace of that
 * command's: nobody else sees it, and it goes with it, however it ends. One who is not root is root in a namespace of
 * users.
 */
const onSmallDisk = (namespaces: readonly string[], folder: string): readonly string[] => [
  ...["/usr/bin/env", `PATH=${process.env.PATH}`, "unshare", ...namespaces, "bash", "-c"],
  ...['mount -t tmpfs -o size=512k tmpfs "$0" && export PATH="$1" && shift && exec "$@"', folder],
];

/** Makes such commands, given the folder and the PATH of what they run; undefined where the kernel lets nobody. */
export function smallDisks(): ((folder: string, path: string) => readonly string[]) | undefined {
  const folder = mkdtempSync(join(tmpdir(), "disk-"));
  const namespaces = [["--mount"], ["--user", "--map-root-user", "--mount"]].find((each) => {
    const [command = "", ...args] = onSmallDisk(each, folder);
    return spawnSync(command, [...args, process.env.PATH ?? "", "true"]).status === 0;
  });
  return namespaces && ((at, path) => [...onSmallDisk(namespaces, at), path]);
}
