import { type ChildProcess, spawn } from "node:child_process";
import { freePort } from "../free-port";
import type { AnyServer } from "./any-server";

/**
 * Runs a command in a process group of its own, which ends when this program does, in whatever way: a reader beside it
 * then sees the end of its input, and kills the group.
 */
const GUARDED = 'exec 3<&0 </dev/null; ( cat <&3 >/dev/null; kill -9 -$$ ) & exec 3<&-; eval "exec $0"';

/** A real model server, started by a command. */
export class ProcessServer implements AnyServer {
  readonly host = "127.0.0.1";
  readonly waiting = undefined;
  readonly loadsItself = true;
  readonly isResponsive = false;
  #port = 0;
  #child: ChildProcess | undefined;

  /** @param command with `{port}` where the port is to stand */
  constructor(
    private readonly command: string,
    private readonly told: (line: string) => void,
  ) {}

  get port(): number {
    return this.#child === undefined ? 0 : this.#port;
  }

  async listen(): Promise<void> {
    this.#port = await freePort();
    const command = this.command.replaceAll("{port}", String(this.#port));
    const child = spawn("sh", ["-c", GUARDED, command], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#child = child;
    child.on("error", ({ message }) => this.told(message));
    child.on("exit", (code, signal) => {
      this.told(`the server has ended: ${signal ?? `exit code ${code}`}`);
      this.kill();
    });
  }

  loaded(): void {}

  hang(): void {
    this.#signal("SIGSTOP");
  }

  slow(): boolean {
    return false;
  }

  stop(done: () => void): void {
    if (this.#child === undefined) {
      done();
      return;
    }
    this.#child.once("exit", done);
    // The reader beside it has to stay until the server has ended.
    this.#child.kill("SIGTERM");
  }

  kill(): void {
    this.#signal("SIGKILL");
    this.#child = undefined;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) {
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // The group has ended already.
    }
  }
}
