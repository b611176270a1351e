import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { InstanceFacts } from "../../boot/user-data";
import { killGroup, startGroup } from "../../local/process-group";
import { factsFile, plainFacts } from "./facts";

/** How long a script may take on a machine that has other work. */
const PATIENCE_MS = 60_000;

const REAL_TOOLS = ["bash", "cat", "curl", "cut", "date", "env", "mv", "sleep", "tail", "timeout"];

/** A script that has been started on an instance. */
export interface Running {
  /** All that it has logged so far. */
  log(): string;
  /** Its exit code; null while it runs, or when it was killed. */
  status(): number | null;
  /** Ends it, and all that it has started, at once. */
  end(): Promise<void>;
}

const found = new Map<string, string>();

function whereIs(tool: string): string {
  const path = found.get(tool) ?? pathOf(tool);
  if (path === "") {
    throw new Error(`an instance of the tests needs ${tool}, which is not on PATH`);
  }
  found.set(tool, path);
  return path;
}

/** Where a tool is. A Python may be started by a script that needs more than the instance has. */
function pathOf(tool: string): string {
  const { stdout } =
    tool === "python3"
      ? spawnSync(tool, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" })
      : spawnSync("which", [tool], { encoding: "utf8" });
  return (stdout ?? "").trim();
}

/** A fake instance: a folder with its facts and its only programs, which are fakes and a few real tools. */
export class FakeInstance {
  readonly #folder = mkdtempSync(join(tmpdir(), "instance-"));
  readonly #calls = join(this.#folder, "calls");
  readonly #variables: Record<string, string> = {};
  #files = 0;

  /** @param facts the unusual facts of the instance, or a function of its folder */
  constructor(facts: Partial<InstanceFacts> | ((folder: string) => Partial<InstanceFacts>) = {}) {
    const unusual = typeof facts === "function" ? facts(this.#folder) : facts;
    this.file("instance.sh", factsFile({ ...plainFacts, ...unusual }));
    this.real(...REAL_TOOLS);
  }

  /** Puts programs of this machine on the instance. */
  real(...tools: readonly string[]): this {
    for (const tool of tools) {
      rmSync(this.path(tool), { force: true });
      symlinkSync(whereIs(tool), this.path(tool));
    }
    return this;
  }

  /** Puts a program on the instance that records its calls and then runs `script`, in bash. */
  fake(name: string, script = ""): this {
    // By one write: programs in a pipe run at the same time.
    const note = `printf -v call '%s\\037' ${name} "$@"; printf '%s\\036' "$call" >>'${this.#calls}'`;
    this.file(name, `#!${this.path("bash")}\n${note}\n${script}\n`, 0o755);
    return this;
  }

  /** Sets a variable of every script. */
  set(variable: string, value: string): this {
    this.#variables[variable] = value;
    return this;
  }

  /** Shortens the pauses of every script to a twentieth of a second. In its own SECONDS they count in full. */
  shortenPauses(): this {
    return this.set("BASH_ENV", join(__dirname, "short-pauses.sh")).set("PAUSES", this.path("pauses"));
  }

  /** Seconds that scripts have paused, or would have if pauses were not shortened. */
  paused(): number {
    const pauses = existsSync(this.path("pauses")) ? this.read("pauses") : "";
    return pauses.split("\n").reduce((sum, pause) => sum + Number(pause), 0);
  }

  /** Takes a program off the instance; it is kept as `hidden-<name>`. */
  hide(name: string): this {
    renameSync(this.path(name), this.path(`hidden-${name}`));
    return this;
  }

  /**
   * Puts a file on the instance, or replaces it: never through a link, which may point to a program of this machine, and
   * atomically, for programs that read it repeatedly.
   */
  file(name: string, content: string, mode = 0o644): string {
    const path = this.path(name);
    const whole = this.path(`new-${this.#files++}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(whole, content, { flag: "wx", mode });
    renameSync(whole, path);
    return path;
  }

  /** The content of a file on the instance. */
  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** Whether there is a file on the instance. */
  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  /** The calls of the fakes, in order. */
  calls(program?: string): string[][] {
    const calls = existsSync(this.#calls) ? readFileSync(this.#calls, "utf8") : "";
    return calls
      .split("\x1e")
      .slice(0, -1)
      .map((call) => call.split("\x1f").slice(0, -1))
      .filter(([name]) => program === undefined || name === program);
  }

  /** Runs a script of the project on the instance. */
  run(script: string, ...args: string[]) {
    return spawnSync(this.path("bash"), [scriptOf(script), ...args], { env: this.#env(), encoding: "utf8" });
  }

  /** Runs lines of bash on the instance, beside the loopback server. @returns what they print */
  async bash(lines: string): Promise<string> {
    const child = spawn(this.path("bash"), ["-c", lines], { env: this.#env() });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const [printed, log] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (log !== "") {
      throw new Error(log);
    }
    return printed;
  }

  /** Runs a script of the project on the instance until `done`, by its log so far. @returns its log @throws Error after a minute */
  async runUntil(
    done: (log: string) => boolean,
    script: string,
    env: Record<string, string>,
  ): Promise<string> {
    const { log } = await this.#follow(script, env, (_status, soFar) => done(soFar));
    return log;
  }

  /** Runs a script of the project on the instance until it ends by itself. @throws Error after a minute */
  runToEnd(
    script: string,
    env: Record<string, string>,
    meanwhile: () => void = () => {},
  ): Promise<{ readonly status: number | null; readonly log: string }> {
    return this.#follow(script, env, (status) => {
      meanwhile();
      return status !== null;
    });
  }

  async #follow(
    script: string,
    env: Record<string, string>,
    done: (status: number | null, log: string) => boolean,
  ) {
    const running = this.start(script, [], env);
    const deadline = Date.now() + PATIENCE_MS;
    let isDone = false;
    let status: number | null = null;
    try {
      isDone = done(running.status(), running.log());
      while (!isDone && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        isDone = done(running.status(), running.log());
      }
      status = running.status();
    } finally {
      await running.end();
    }
    const log = running.log();
    if (!isDone) {
      throw new Error(
        `${script} did not get there; it called ${JSON.stringify(this.calls())} and logged ${log}`,
      );
    }
    return { status, log };
  }

  /**
   * Starts a script of the project on the instance, which goes on until it ends or is ended.
   *
   * @param within a command of this machine that runs the script, if any
   */
  start(
    script: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
    within: readonly string[] = [],
  ): Running {
    const command = [...within, this.path("bash"), scriptOf(script), ...args];
    const child = startGroup(command[0] ?? "", command.slice(1), { ...this.#env(), ...env });
    const closed = new Promise((resolve) => child.once("close", resolve));
    let log = "";
    child.stderr?.on("data", (chunk) => {
      log += chunk;
    });
    return {
      log: () => log,
      status: () => child.exitCode,
      end: async () => {
        killGroup(child);
        await closed;
      },
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #env(): Record<string, string> {
    return {
      PATH: this.#folder,
      INSTANCE_FACTS: this.path("instance.sh"),
      HOME: this.#folder,
      LAST_PHASE: this.path("last-phase"),
      PHASE_LOG: this.path("phases.log"),
      ...this.#variables,
    };
  }
}

/** Where a script of the project lies. */
export const scriptOf = (name: string) => join(__dirname, "..", "..", "boot", name);
