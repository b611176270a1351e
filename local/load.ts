import { Agent, request } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Random } from "../simulation/time/random";
import type { Driver } from "./driver";
import type { EventLog } from "./events";
import { newTrace } from "./load-balancer/headers";
import type { Traced } from "./trace";

/** What is asked again and again. */
export interface LoadTarget {
  readonly port: number;
  /** The certificate to trust; `undefined`: the port has no TLS. */
  readonly authority?: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly model: string;
  /** A token that each request has; absent: none. */
  readonly token?: string;
}

/** A request that a load sends, and when. */
export interface Arrival {
  /** Seconds of the deployment after the one before. */
  readonly after: number;
  readonly target: LoadTarget;
  readonly promptTokens: number;
  readonly answerTokens: number;
}

/** The requests of a load, one after the other; it may end. */
export type Arrivals = Iterator<Arrival, void>;

/** Tokens that each request of a steady load asks for. */
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
  readonly firstToken: readonly number[];
  readonly whole: readonly number[];
}

/** The same number of requests a second, over all targets. Arrivals do not know of one another: a Poisson process. */
export function* steady(
  targets: readonly LoadTarget[],
  rate: number,
  random: Random,
): Generator<Arrival, void> {
  for (let after = 0; ; after = -Math.log(1 - random()) / rate) {
    const target = targets[Math.floor(random() * targets.length)];
    if (target === undefined) {
      return;
    }
    yield { after, target, promptTokens: 1, answerTokens: TOKENS };
  }
}

/** The requests of a trace, which are in the order of their times. A path is asked where the first target is. */
export function* traced(
  requests: readonly Traced[],
  targets: readonly LoadTarget[],
): Generator<Arrival, void> {
  const [first] = targets;
  let before = 0;
  for (const { at, model, path, promptTokens, answerTokens } of requests) {
    const target =
      path === undefined ? targets.find((each) => each.model === model) : first && { ...first, path };
    if (target !== undefined) {
      yield { after: at - before, target, promptTokens, answerTokens };
      before = at;
    }
  }
}

/** Sends streamed requests, at times of their own, however long the answers take. */
export class Load {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #tlsAgent = new TlsAgent({ keepAlive: true });
  readonly #lost = new Map<string, number>();
  readonly #firstToken: number[] = [];
  readonly #whole: number[] = [];
  #sent = 0;
  #open = 0;
  #times = 1;
  #stopped = false;
  readonly #done: Promise<void>;
  #whenDone: () => void = () => undefined;

  constructor(
    private readonly arrivals: Arrivals,
    private readonly driver: Driver,
    private readonly events: EventLog,
  ) {
    this.#done = new Promise((resolve) => {
      this.#whenDone = resolve;
    });
  }

  /** @returns when all that was to be sent has ended */
  begin(): Promise<void> {
    const next = () => {
      const { value } = this.#stopped ? {} : this.arrivals.next();
      if (!value) {
        this.#stop();
        return;
      }
      this.driver.timeline.after(value.after / this.#times, () => {
        if (!this.#stopped) {
          this.#send(value);
          next();
        }
      });
    };
    this.driver.do(next);
    return this.#done;
  }

  /** So many times the rate. */
  burst(times: number): void {
    this.#times = times;
  }

  /** Sends nothing more, and waits for what runs. */
  async end(): Promise<Tally> {
    this.#stop();
    await this.#done;
    this.#agent.destroy();
    this.#tlsAgent.destroy();
    return this.tally();
  }

  tally(): Tally {
    return {
      sent: this.#sent,
      served: this.#whole.length,
      lost: this.#lost,
      firstToken: this.#firstToken,
      whole: this.#whole,
    };
  }

  #stop(): void {
    this.#stopped = true;
    if (this.#open === 0) {
      this.#whenDone();
    }
  }

  #send({ target, promptTokens, answerTokens }: Arrival): void {
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
          : { protocol: "https:", agent: this.#tlsAgent, ca: target.authority }),
        headers: {
          host: target.host,
          "content-type": "application/json",
          ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
          "x-amzn-trace-id": `Root=${trace}`,
        },
      },
      (response) => {
        const status = response.statusCode ?? 0;
        let first: number | undefined;
        let last = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          first ??= since();
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
        max_tokens: answerTokens,
        stream: true,
        messages: [{ role: "user", content: "word ".repeat(promptTokens) }],
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
      this.#firstToken.push(first);
      this.#whole.push(whole);
    } else {
      this.#lost.set(lost, (this.#lost.get(lost) ?? 0) + 1);
    }
    if (this.#open === 0 && this.#stopped) {
      this.#whenDone();
    }
  }
}

/** A tally for a terminal. */
export function tallyText({ sent, served, lost, firstToken, whole }: Tally): string {
  const lostCount = [...lost.values()].reduce((sum, count) => sum + count, 0);
  const causes = [...lost].map(([cause, count]) => `\n  ${String(count).padStart(6)}  ${cause}`).join("");
  return `sent ${sent}, served ${served}, lost ${lostCount}${causes}
first token  ${percentiles(firstToken)}
whole        ${percentiles(whole)}`;
}

function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return sorted.length === 0
    ? "none"
    : [50, 95, 99].map((each) => `p${each} ${at(each / 100).toFixed(2)} s`).join("  ");
}
