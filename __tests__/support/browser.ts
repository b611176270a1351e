import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { killGroup } from "../../local/process-group";
import type { Json } from "../../testing/terraform/json";

/** How a page is looked at. */
export interface View {
  /** In CSS pixels. */
  readonly width: number;
  readonly scheme: "light" | "dark";
  /** Default: `screen`. */
  readonly media?: "screen" | "print";
}

const HEIGHT = 844;

/**
 * Debian's chromium without a window, asked over a pipe by the Chrome DevTools Protocol. It ends with this process, since
 * the pipe does, and reaches nothing: pages are files.
 */
export class Browser {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "browser-"));
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, (message: Json) => void>();
  private readonly listeners = new Set<(message: Json) => void>();
  private last = 0;
  private rest = "";

  constructor() {
    const flags = ["--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run"];
    // chromium refuses to run as root with its sandbox.
    const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    this.process = spawn("chromium", [...flags, ...asRoot, `--user-data-dir=${this.folder}`], {
      detached: true,
      env: { ...process.env, HOME: this.folder, TMPDIR: this.folder },
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    (this.process.stdio[4] as Readable).setEncoding("utf8").on("data", (text: string) => this.read(text));
  }

  /** Opens HTML, or SVG, as a file. Two pages at once have two names. */
  async open(name: string, text: string, { width, scheme, media = "screen" }: View): Promise<Page> {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    const { targetId } = await this.ask("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.ask("Target.attachToTarget", { targetId, flatten: true });
    const ask = (method: string, params: Json = {}) => this.ask(method, params, sessionId);
    const said: string[] = [];
    const loaded = new Promise<void>((resolve) => {
      this.listeners.add(({ method, params, sessionId: of }) => {
        if (of === sessionId && SAYINGS.includes(method)) {
          said.push(JSON.stringify(params));
        }
        if (of === sessionId && method === "Page.loadEventFired") {
          resolve();
        }
      });
    });
    for (const domain of ["Page", "Runtime", "Log"]) {
      await ask(`${domain}.enable`);
    }
    const metrics = { width, height: HEIGHT, deviceScaleFactor: 1, mobile: width < 600 };
    await ask("Emulation.setDeviceMetricsOverride", metrics);
    await ask("Emulation.setScrollbarsHidden", { hidden: true });
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await ask("Emulation.setEmulatedMedia", { media, features });
    await ask("Page.navigate", { url: pathToFileURL(file).href });
    await loaded;
    return {
      said,
      evaluate: async (expression) => {
        const { result, exceptionDetails } = await ask("Runtime.evaluate", {
          expression,
          returnByValue: true,
        });
        if (exceptionDetails !== undefined) {
          throw new Error(JSON.stringify(exceptionDetails));
        }
        return result.value;
      },
      picture: async () =>
        Buffer.from((await ask("Page.captureScreenshot", { format: "png" })).data, "base64"),
    };
  }

  /** Ends it, and removes all that it wrote. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("close", resolve));
    killGroup(this.process);
    await ended;
    rmSync(this.folder, { recursive: true, maxRetries: 5, retryDelay: 100 });
  }

  private ask(method: string, params: Json, sessionId?: string): Promise<Json> {
    this.last += 1;
    const id = this.last;
    const answered = new Promise<Json>((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
    });
    (this.process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answered;
  }

  private read(text: string): void {
    const messages = `${this.rest}${text}`.split("\0");
    this.rest = messages.pop() ?? "";
    for (const message of messages.map((each) => JSON.parse(each))) {
      this.waiting.get(message.id)?.(message);
      for (const listen of this.listeners) {
        listen(message);
      }
    }
  }
}

/** What a page has to say: errors, and whatever it logs. */
const SAYINGS = ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"];

/** A page that is open. */
export interface Page {
  /** What its console shows; nothing is best. */
  readonly said: readonly string[];
  /** The value of a JavaScript expression in the page. */
  evaluate(expression: string): Promise<Json>;
  /** What is seen of the page at first, as PNG. */
  picture(): Promise<Buffer>;
}
