import { type ChildProcess, spawn } from "node:child_process";

/** Runs a command, and a guard beside it, which ends all when the other end of descriptor 3 is closed. */
const GUARDED = '{ read -r; kill -KILL 0; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-';

/**
 * Starts a program in a group of its own, so that it and all that it starts can be ended by one id; and they end with
 * this process, however that ends.
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

/** Ends a program and all that it has started, at once and without asking. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}
