import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { type BoxFacts, renderUserData } from "../../boot/user-data";

/** Facts of a box on which nothing is unusual. */
export const plainFacts: BoxFacts = {
  image: "vllm/vllm-openai:v0.18.0",
  arguments: ["--model", "/models"],
  env: {},
  secrets: {},
  health: { protocol: "http", port: 8000, path: "/health" },
  region: "eu-west-1",
  autoScalingGroupName: "chat.llama.main",
  launchHookName: "model-ready",
  terminateHookName: "server-stopped",
  startTimeoutSeconds: 600,
  stopTimeoutSeconds: 120,
};

/** The cloud-config that cloud-init finds in user data. */
export const cloudConfigOf = (userData: Buffer) => gunzipSync(userData).toString();

/** The files cloud-init would write, by path. */
export function filesOf(userData: Buffer): Map<string, string> {
  const { write_files } = parse(cloudConfigOf(userData), { version: "1.1" });
  return new Map(write_files.map((file: { path: string; content: string }) => [file.path, file.content]));
}

/** The facts of a box as the scripts read them. */
export const factsFile = (facts: BoxFacts) =>
  filesOf(renderUserData(facts)).get("/etc/model-server/box.sh") ?? "";

const REAL_TOOLS = ["bash", "cat", "curl", "cut", "date", "env", "mv", "sleep", "tail", "timeout"];

const found = new Map<string, string>();

function whereIs(tool: string): string {
  const path = found.get(tool) ?? spawnSync("which", [tool], { encoding: "utf8" }).stdout.trim();
  found.set(tool, path);
  return path;
}

/** A stand-in for a box: a folder with its facts and, as the only programs there are, fakes and a few real tools. */
export class FakeBox {
  readonly #folder = mkdtempSync(join(tmpdir(), "box-"));
  readonly #calls = join(this.#folder, "calls");
  readonly #variables: Record<string, string> = {};

  /** @param facts what is unusual about the box, perhaps by its folder */
  constructor(facts: Partial<BoxFacts> | ((folder: string) => Partial<BoxFacts>) = {}) {
    const unusual = typeof facts === "function" ? facts(this.#folder) : facts;
    writeFileSync(join(this.#folder, "box.sh"), factsFile({ ...plainFacts, ...unusual }));
    this.real(...REAL_TOOLS);
  }

  /** Puts programs on the box as this machine has them. */
  real(...tools: readonly string[]): this {
    for (const tool of tools) {
      symlinkSync(whereIs(tool), join(this.#folder, tool));
    }
    return this;
  }

  /** Puts a program on the box that notes how it was called and then does `script`, in bash. */
  fake(name: string, script = ""): this {
    const program = join(this.#folder, name);
    // What stands there may lead to a program of this machine, which must not be written to.
    rmSync(program, { force: true });
    // By one write: programs in a pipe run at the same time.
    const note = `printf -v call '%s\\037' ${name} "$@"; printf '%s\\036' "$call" >>'${this.#calls}'`;
    writeFileSync(program, `#!${join(this.#folder, "bash")}\n${note}\n${script}\n`);
    chmodSync(program, 0o755);
    return this;
  }

  /** Sets a variable of every script. */
  set(variable: string, value: string): this {
    this.#variables[variable] = value;
    return this;
  }

  /** Takes a program off the box; it is kept as `hidden-<name>`. */
  hide(name: string): this {
    renameSync(this.path(name), this.path(`hidden-${name}`));
    return this;
  }

  /** Puts a file on the box. */
  file(name: string, content: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** What a program on the box wrote to a file. */
  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  /** How the fakes were called, in order. */
  calls(program?: string): string[][] {
    const calls = existsSync(this.#calls) ? readFileSync(this.#calls, "utf8") : "";
    return calls
      .split("\x1e")
      .slice(0, -1)
      .map((call) => call.split("\x1f").slice(0, -1))
      .filter(([name]) => program === undefined || name === program);
  }

  /** Runs a script of the project on the box. */
  run(script: string, ...args: string[]) {
    return spawnSync(this.path("bash"), [scriptOf(script), ...args], { env: this.#env(), encoding: "utf8" });
  }

  /** Runs lines of bash on the box, beside the loopback server; gives what they print. */
  async bash(lines: string): Promise<string> {
    const child = spawn(this.path("bash"), ["-c", lines], { env: this.#env() });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const [printed, said] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (said !== "") {
      throw new Error(said);
    }
    return printed;
  }

  /** Runs a script of the project on the box until `done`; gives what it said. @throws Error after 15 seconds */
  async runUntil(done: () => boolean, script: string, env: Record<string, string>): Promise<string> {
    const { said } = await this.#follow(script, env, () => done());
    return said;
  }

  /** Runs a script of the project on the box until it ends by itself. @throws Error after 15 seconds */
  runToEnd(
    script: string,
    env: Record<string, string>,
    meanwhile: () => void = () => {},
  ): Promise<{ readonly status: number | null; readonly said: string }> {
    return this.#follow(script, env, (status) => {
      meanwhile();
      return status !== null;
    });
  }

  async #follow(script: string, env: Record<string, string>, done: (status: number | null) => boolean) {
    // A process group of its own, so that nothing the script has started outlives it.
    const child = spawn(this.path("bash"), [scriptOf(script)], {
      env: { ...this.#env(), ...env },
      detached: true,
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const deadline = Date.now() + 15_000;
    let isDone = done(child.exitCode);
    while (!isDone && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      isDone = done(child.exitCode);
    }
    const status = child.exitCode;
    killGroup(child.pid);
    await ended;
    if (!isDone) {
      throw new Error(
        `${script} did not get there; it called ${JSON.stringify(this.calls())} and said ${said}`,
      );
    }
    return { status, said };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #env(): Record<string, string> {
    return {
      PATH: this.#folder,
      BOX_FACTS: this.path("box.sh"),
      HOME: this.#folder,
      LAST_PHASE: this.path("last-phase"),
      PHASE_LOG: this.path("phases.log"),
      ...this.#variables,
    };
  }
}

/** Ends a script and all that it has started. */
function killGroup(pid: number | undefined): void {
  try {
    process.kill(-(pid ?? Number.NaN), "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}

/** Where a script of the project lies. */
export const scriptOf = (name: string) => join(__dirname, "..", "..", "boot", name);

/** A request to the model server of a box. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the instance metadata service and the model server of a {@link FakeBox} answer at the moment. */
export interface Loopback {
  target: string | undefined;
  modelAnswers: boolean;
  /** Status and text that the model server answers with, by path; where it is to hang, nothing. */
  readonly answers: Record<string, { readonly status: number; readonly text: string } | "nothing">;
  /** What the model server was asked, but for its health. */
  readonly asked: Asked[];
  /** Whether the metadata service answers at all. */
  metadataAnswers: boolean;
  /** More of what it knows, by path, e.g. `spot/instance-action`. */
  readonly metadata: Record<string, string>;
  readonly port: number;
  close(): Promise<void>;
}

/** An instance metadata service, which wants a token, and a model server, on one port of the loopback address. */
export async function listenOnLoopback(target?: string): Promise<Loopback> {
  const server = createServer((request, response) => {
    const answer = (status: number, body = "") => response.writeHead(status).end(body);
    if (request.url === "/health") {
      return answer(state.modelAnswers ? 200 : 503);
    }
    if (request.url !== undefined && Object.hasOwn(state.answers, request.url)) {
      return answerAsModel(request, answer);
    }
    if (!state.metadataAnswers) {
      return answer(503);
    }
    if (request.url === "/latest/api/token") {
      return request.method === "PUT" ? answer(200, "a-token") : answer(405);
    }
    if (request.headers["x-aws-ec2-metadata-token"] !== "a-token") {
      return answer(401);
    }
    const path = request.url?.replace("/latest/meta-data/", "") ?? "";
    const known = { "autoscaling/target-lifecycle-state": state.target, ...state.metadata }[path];
    return known === undefined ? answer(404) : answer(200, known);
  });
  async function answerAsModel(request: IncomingMessage, answer: (status: number, body: string) => void) {
    const { method = "", url: path = "", headers } = request;
    const body = await text(request);
    state.asked.push({ method, path, headers, body });
    const given = state.answers[path];
    if (given !== undefined && given !== "nothing") {
      answer(given.status, given.text);
    }
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const state: Loopback = {
    target,
    modelAnswers: false,
    answers: {},
    asked: [],
    metadataAnswers: true,
    metadata: { "instance-id": "i-0123456789abcdef0" },
    port: (server.address() as AddressInfo).port,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  return state;
}
