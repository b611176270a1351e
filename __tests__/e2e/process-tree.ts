import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that runs. */
export interface RunningProcess {
  readonly id: number;
  readonly parent: number;
  /** With its arguments. */
  readonly command: string;
}

/**
 * All that came of a process and runs, each before what it started. A group does not tell: under a terminal of its own,
 * as the CLI gives Terraform one, a process is in another.
 */
export function descendantsOf(id: number): readonly RunningProcess[] {
  const running = runningProcesses();
  const below = (parent: number): readonly RunningProcess[] =>
    running.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.id)]);
  return below(id);
}

/** Those that were killed and, contrary to all expectation, still run after some seconds. */
export async function stillRunning(killed: readonly RunningProcess[]): Promise<readonly RunningProcess[]> {
  for (let looks = 0; ; looks += 1) {
    const left = runningProcesses().filter(({ id, command }) =>
      killed.some((each) => each.id === id && each.command === command),
    );
    if (left.length === 0 || looks === 20) {
      return left;
    }
    await sleep(250);
  }
}

/** Kills a process, if it runs. */
export function killProcess(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Those that have ended and were not asked how are not among them. */
function runningProcesses(): readonly RunningProcess[] {
  return existsSync("/proc/self/stat") ? processesOfLinux() : processesByPs();
}

/** Small images of Linux have no `ps`. */
function processesOfLinux(): readonly RunningProcess[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      const status = readFileSync(`/proc/${id}/stat`, "utf8");
      const [state = "", parent] = status.slice(status.lastIndexOf(")") + 2).split(" ");
      const command = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0").join(" ").trim();
      return hasEnded(state) ? [] : [{ id: Number(id), parent: Number(parent), command }];
    } catch {
      return []; // It has ended meanwhile.
    }
  });
}

function processesByPs(): readonly RunningProcess[] {
  const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return listed.split("\n").flatMap((line) => {
    const [, id, parent, state = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined || hasEnded(state) ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
}

function hasEnded(state: string): boolean {
  return state.startsWith("Z");
}
