import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const FOLDER = join(__dirname, "preloaded");

/**
 * A command that is a Python program of PATH, but starts in a fraction of the time: its process is forked from one that
 * has loaded the program, once for all tests of a run. Arguments, variables, folder, umask, streams, exit code and signals
 * are as with the program itself, which the command is where this cannot be done, as outside of Linux.
 */
export function preloaded(program: "aws" | "moto_server"): readonly [string, ...string[]] {
  const run = process.env.TEST_RUN ?? String(process.pid);
  const command = join(tmpdir(), `${program}-${run}.json`);
  if (!existsSync(command)) {
    const preload = [join(FOLDER, "server.py"), run, command, join(FOLDER, `${program}.py`)];
    const folders = [FOLDER, ...(process.env.PYTHONPATH ?? "").split(delimiter)].join(delimiter);
    const env = { ...process.env, PYTHONPATH: folders, PRELOAD: JSON.stringify(preload) };
    spawnSync(program, ["--version"], { env, stdio: "ignore" });
  }
  return existsSync(command) ? JSON.parse(readFileSync(command, "utf8")) : [program];
}
