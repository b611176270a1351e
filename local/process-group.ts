import { type ChildProcess, spawn } from "node:child_process";

/** Runs a command, and a guard beside it, which kills the group when the other end of descriptor 3 is closed. */
const GUARDED = '{ read -r; kill -KILL 0; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-';

/**
 * Starts a program in a process group of its own, so that one id ends it and all that it starts. The group also ends with
 * this process, in whatever way that ends.
 */
export function startGroup(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  return spawn("bash", ["-c", GUARDED, "bash", command, ...args], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
}

/** Kills a program and all that it has started. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended already.
  }
}
