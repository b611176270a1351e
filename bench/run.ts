import { type ChildProcess, exec } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Usage } from "./figures";

/** A program as it is started. */
export interface Command {
  /** As a shell takes it. */
  readonly line: string;
  readonly folder: string;
  /** For temporary files, caches among them. */
  readonly temporary: string;
  /** Beside the environment of the bench. */
  readonly environment: Readonly<Record<string, string>>;
  /** The exit code that it ends with. Default: 0. */
  readonly code?: number;
}

/**
 * Runs a program to its end.
 *
 * @throws Error with what it printed on stderr, when it ends with another exit code
 */
export async function usageOf(command: Command): Promise<Usage> {
  const { running, file } = start(command);
  const begun = performance.now();
  const failure = await running.then(
    () => undefined,
    (error) => error,
  );
  const wall = (performance.now() - begun) / 1000;
  if ((failure?.code ?? 0) !== (command.code ?? 0)) {
    throw failure ?? new Error(`${command.line} should have ended with ${command.code}`);
  }
  const processes = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line): Required<Usage> => JSON.parse(line));
  return {
    "CPU s": processes.reduce((sum, each) => sum + each["CPU s"], 0),
    "wall s": wall,
    MB: Math.max(...processes.map(({ MB }) => MB)),
  };
}

/**
 * Runs a program that watches a file: the seconds from a save of the file until its findings are printed.
 *
 * @param texts of the file: one that is valid, and the one that is saved
 */
export async function answerToSave(
  command: Command,
  file: string,
  texts: Readonly<Record<"valid" | "saved", string>>,
): Promise<Usage> {
  writeFileSync(file, texts.valid);
  const { running } = start(command);
  const ended = running.catch(() => {});
  try {
    await printed(running.child, "watching ");
    const begun = performance.now();
    writeFileSync(file, texts.saved);
    await printed(running.child, "nothing was written.");
    return { "wall s": (performance.now() - begun) / 1000 };
  } finally {
    running.child.kill("SIGINT");
    await ended;
  }
}

/** Starts a program whose Node processes add what they use to a file. */
function start({ line, folder, temporary, environment }: Command) {
  const file = path.join(temporary, "usage");
  rmSync(file, { force: true });
  const running = promisify(exec)(`exec ${line}`, {
    cwd: folder,
    maxBuffer: Number.POSITIVE_INFINITY,
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TMPDIR: temporary,
      ...environment,
      BENCH_USAGE: file,
      NODE_OPTIONS: `--require ${JSON.stringify(path.join(__dirname, "usage.cjs"))}`,
    },
  });
  return { running, file };
}

/** Waits until a program prints a text. Throws when it ends before. */
function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
        if (output.includes(text)) {
          resolve();
        }
      });
    }
    child.on("close", () => reject(new Error(`it ended before it printed "${text}"`)));
  });
}
