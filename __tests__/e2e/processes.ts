import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { killGroup } from "../../local/process-group";
import { descendantsOf, killProcess, type RunningProcess } from "./process-tree";

/** A process and all that it starts. */
export interface Running {
  /** Its output so far, of both channels. */
  output(): string;
  /** Waits for a text in its output; fails when it ends before. */
  saying(pattern: RegExp): Promise<void>;
  /** Ends it and all that it started, with SIGKILL. Returns the processes it had started that were running. */
  kill(): readonly RunningProcess[];
  /** How it ended: null when it was killed. */
  readonly ended: Promise<number | null>;
}

/** What a process is started with. */
export interface StartOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File for its output. */
  readonly log: string;
}

/** Folder of the whole run. */
export const runFolder = process.env.E2E_FOLDER ?? "";

/** Starts a process in a group of its own, so that all that comes of it can be ended by one id. */
export function start(command: string, args: readonly string[], { cwd, env, log }: StartOptions): Running {
  mkdirSync(path.dirname(log), { recursive: true });
  const file = createWriteStream(log, { flags: "a" });
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  remember(child);

  let output = "";
  const listeners = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    file.write(chunk);
    for (const listener of listeners) {
      listener();
    }
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      file.end();
      forget(child);
      resolve(code);
    });
  });
  return {
    output: () => output,
    ended,
    kill: () => killAll(child),
    saying: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(output)) {
            listeners.delete(look);
            resolve();
          }
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`ended without saying ${pattern}:\n${lastLines(output)}`)), reject);
      }),
  };
}

/**
 * Runs a process to its end.
 *
 * @returns its output
 * @throws Error with the end of its output, when it fails
 */
export async function run(command: string, args: readonly string[], options: StartOptions): Promise<string> {
  const running = start(command, args, options);
  const code = await running.ended;
  if (code !== 0) {
    const what = [path.basename(command), ...args].join(" ");
    throw new Error(
      `${what} ended with ${code}; all of it is in ${options.log}:\n${lastLines(running.output())}`,
    );
  }
  return running.output();
}

/** Ends every process that is still running. */
export function endAll(): void {
  for (const child of alive) {
    killAll(child);
  }
}

/** Those that it started first, so that none of them notices its end. */
function killAll(child: ChildProcess): readonly RunningProcess[] {
  const started = child.pid === undefined ? [] : descendantsOf(child.pid);
  for (const { id } of started) {
    killProcess(id);
  }
  killGroup(child);
  return started;
}

const alive = new Set<ChildProcess>();

function remember(child: ChildProcess): void {
  alive.add(child);
  mkdirSync(path.join(runFolder, "processes"), { recursive: true });
  writeFileSync(noteOf(child), "");
}

function forget(child: ChildProcess): void {
  alive.delete(child);
  rmSync(noteOf(child), { force: true });
}

/** The suite's reporter finds it when the run is interrupted. */
function noteOf({ pid }: ChildProcess): string {
  return path.join(runFolder, "processes", String(pid));
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-40).join("\n");
}
