import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { makeCgroups } from "./cgroups";
import type { Image } from "./image";

const NAMESPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** `/run` is of this run, so that no name of a namespace of the network stays behind in the machine's. */
const BEGIN = 'mount -t tmpfs tmpfs /run && ip link set lo up && "$@"; exit';

/**
 * Runs a command with a network, mounts and processes of its own, in which instances can be launched: whatever ends this
 * process ends them all, and the kernel then removes what they have made of those. Files and cgroups are removed, too.
 */
export function inNamespaces(
  { folder: image }: Image,
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly stdio: StdioOptions },
): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), "instances-"));
  const cgroups = makeCgroups(basename(folder));
  removeAtTheEnd(folder, cgroups);
  return spawn(
    "setpriv",
    ["--pdeathsig=KILL", "unshare", ...NAMESPACES, "bash", "-c", BEGIN, "bash", ...command],
    {
      ...options,
      env: {
        ...(options.env ?? process.env),
        TMPDIR: folder,
        INSTANCE_IMAGE: image,
        INSTANCE_CGROUPS: cgroups.join(" "),
      },
    },
  );
}

/** A process of its own waits for the end of this one, and then removes the files and the cgroups, as often as it takes. */
function removeAtTheEnd(folder: string, cgroups: readonly string[]): void {
  const remove = `read -r
    for _ in {1..50}; do
      rm -rf "$1"; find "\${@:2}" -depth -type d -exec rmdir {} +
      [[ -n $(ls -d "$@") ]] || break
      sleep 0.2
    done`;
  const remover = spawn("bash", ["-c", remove, "bash", folder, ...cgroups], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  remover.unref();
  (remover.stdin as unknown as { unref(): void }).unref();
}
