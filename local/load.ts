import { Agent, request } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Random } from "../simulation/time/random";
import type { Driver } from "./driver";
import type { EventLog } from "./events";
import { newTrace } from "./load-balancer/headers";

/** What is asked again and again. */
export interface LoadTarget {
  readonly port: number;
  /** The certificate to trust; `undefined`: the port has no TLS. */
  readonly authority?: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly model: string;
}

/** Tokens that each request asks for. */
const TOKENS = 32;

/** How long a client waits for the end of an answer, in seconds of the deployment. Source: the OpenAI clients' default. */
const CLIENT_TIMEOUT = 600;

/** How the requests of a load ended. */
export interface Tally {
  readonly sent: number;
  readonly served: number;
  /** By cause, in words. */
  readonly lost: ReadonlyMap<string, number>;
  /** Seconds of the deployment, of each that was served. */
  readonly firstByte: readonly number[];
  readonly whole: readonly number[];
}

/** Sends streamed requests, at times of their own, however long the answers take. */
export class Load {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #tlsAgent: TlsAgent;
  readonly #lost = new Map<string, number>();
  readonly #firstByte: number[] = [];
  readonly #whole: number[] = [];
  #sent = 0;
  #open = 0;
  #times = 1;
  #stopped = false;
  #whenDone: (() => void) | undefined;

  /** @param rate requests a second of the deployment, over all targets */
  constructor(
    private readonly targets: readonly LoadTarget[],
    private readonly rate: number,
    private readonly driver: Driver,
    private readonly events: EventLog,
    private readonly random: Random,
  ) {
    const ca = targets.flatMap(({ authority }) => authority ?? []);
    this.#tlsAgent = new TlsAgent({ keepAlive: true, ca: [...new Set(ca)] });
  }

  begin(): void {
    const next = () => {
      if (this.#stopped) {
        return;
      }
      this.#send();
      // Arrivals that do not know of one another: a Poisson process.
      this.driver.timeline.after(-Math.log(1 - this.random()) / (this.rate * this.#times), next);
    };
    this.driver.do(next);
  }

  /** So many times the rate. */
  burst(times: number): void {
    this.#times = times;
  }

  /** Sends nothing more, and waits for what runs. */
  async end(): Promise<Tally> {
    this.#stopped = true;
    if (this.#open > 0) {
      await new Promise<void>((resolve) => {
        this.#whenDone = resolve;
      });
    }
    this.#agent.destroy();
    this.#tlsAgent.destroy();
    return this.tally();
  }

  tally(): Tally {
    return {
      sent: this.#sent,
      served: this.#whole.length,
      lost: this.#lost,
      firstByte: this.#firstByte,
      whole: this.#whole,
    };
  }

  #send(): void {
    const target = this.targets[Math.floor(this.random() * this.targets.length)];
    if (target === undefined) {
      return;
    }
    this.#sent += 1;
    this.#open += 1;
    const trace = newTrace();
    const began = this.driver.timeline.now;
    const since = () => this.driver.do(() => this.driver.timeline.now - began);
    let over = false;
    const end = (lost: string | undefined, first = 0) => {
      if (over) {
        return;
      }
      over = true;
      this.driver.timeline.cancel(patience);
      this.#ended(lost && this.#cause(trace, lost), first, since());
    };
    const asked = request(
      {
        host: "127.0.0.1",
        port: target.port,
        path: target.path,
        method: "POST",
        ...(target.authority === undefined
          ? { agent: this.#agent }
          : { protocol: "https:", agent: this.#tlsAgent }),
        headers: {
          host: target.host,
          "content-type": "application/json",
          "x-amzn-trace-id": `Root=${trace}`,
        },
      },
      (response) => {
        const status = response.statusCode ?? 0;
        const first = since();
        let last = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          last = (last + text).slice(-16);
        });
        response.on("end", () => {
          const isWhole = last.includes("[DONE]");
          end(
            status === 200 && isWhole
              ? undefined
              : status === 200
                ? "the stream ended early"
                : String(status),
            first,
          );
        });
        response.on("error", () => end("the stream was cut"));
        response.on("aborted", () => end("the stream was cut"));
      },
    );
    const patience = this.driver.timeline.after(CLIENT_TIMEOUT, () => {
      end(`the client waited for ${CLIENT_TIMEOUT} s`);
      asked.destroy();
    });
    asked.on("error", ({ message }) => end(message));
    asked.end(
      JSON.stringify({
        model: target.model,
        max_tokens: TOKENS,
        stream: true,
        messages: [{ role: "user", content: "Hello" }],
      }),
    );
  }

  /** The load balancer knows more than the client. */
  #cause(trace: string, seen: string): string {
    const { status, failure } = this.events.outcome(trace) ?? {};
    return failure === undefined ? seen : `${status}: ${failure}`;
  }

  #ended(lost: string | undefined, first: number, whole: number): void {
    this.#open -= 1;
    if (lost === undefined) {
      this.#firstByte.push(first);
      this.#whole.push(whole);
    } else {
      this.#lost.set(lost, (this.#lost.get(lost) ?? 0) + 1);
    }
    if (this.#open === 0 && this.#stopped) {
      this.#whenDone?.();
    }
  }
}

/** A tally for a terminal. */
export function tallyText({ sent, served, lost, firstByte, whole }: Tally): string {
  const lostCount = [...lost.values()].reduce((sum, count) => sum + count, 0);
  const causes = [...lost].map(([cause, count]) => `\n  ${String(count).padStart(6)}  ${cause}`).join("");
  return `sent ${sent}, served ${served}, lost ${lostCount}${causes}
first byte  ${percentiles(firstByte)}
whole       ${percentiles(whole)}`;
}

function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return sorted.length === 0
    ? "none"
    : [50, 95, 99].map((each) => `p${each} ${at(each / 100).toFixed(2)} s`).join("  ");
}
