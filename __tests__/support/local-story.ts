import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { command } from "../../local/commands";
import { Load, steady, type Tally } from "../../local/load";
import { DEFAULT_OPTIONS, type Options } from "../../local/options";
import { type Instead, LocalRun } from "../../local/run";
import type { DeploymentModel } from "../../simulation/model";
import { randomFrom } from "../../simulation/time/random";

/** Ports of the workers of jest do not meet. */
const FIRST_PORT = 21_000 + 500 * Number(process.env.JEST_WORKER_ID ?? 1);

/** Seconds of the deployment in a second of a story. */
const SPEED = 40;

/** An answer, as a client sees it. */
export interface Seen {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What a client asks. */
export interface Asking {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly port?: number;
}

/** A deployment that runs for one test. Whatever the test makes of it, it ends with {@link Story.end}. */
export class Story {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #tlsAgent: TlsAgent;

  private constructor(readonly run: LocalRun) {
    this.#tlsAgent = new TlsAgent({ keepAlive: true, ca: this.authority });
  }

  /** @param told what differs from a usual run, 40 times as fast as AWS */
  static async begin(
    model: DeploymentModel,
    told: Partial<Options> = {},
    otherServer?: Instead["server"],
  ): Promise<Story> {
    const run = new LocalRun(
      model,
      { ...DEFAULT_OPTIONS, port: FIRST_PORT, speed: SPEED, ...told },
      otherServer && { server: otherServer },
    );
    await run.start();
    return new Story(run);
  }

  get port(): number {
    return this.run.endpoints[0]?.port ?? 0;
  }

  /** The certificate that clients of a port with TLS trust. */
  get authority(): string | undefined {
    return this.run.authority.made?.certificate;
  }

  get group() {
    for (const region of this.run.deployment.regions.values()) {
      for (const group of region.groups.values()) {
        return group;
      }
    }
    throw new Error("there is no group");
  }

  ids(): readonly string[] {
    return [...this.group.instances.keys()];
  }

  do(...words: readonly string[]): Promise<string> {
    return command(this.run, words, { deploy: async () => "", burst: undefined });
  }

  /** Waits until something is so, however long the machine takes for it. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits for seconds of the deployment. */
  async pass(seconds: number): Promise<void> {
    const end = this.run.driver.timeline.now + seconds;
    await this.until(() => this.run.driver.timeline.now >= end);
  }

  /** When something was first told of, in words. */
  when(what: RegExp, subject?: string): number | undefined {
    return this.run.events.events.find(
      (event) => what.test(event.what) && (subject ?? event.subject) === event.subject,
    )?.at;
  }

  ask({ method = "GET", path = "/", headers = {}, body, port = this.port }: Asking = {}): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: "127.0.0.1", port, method, path, headers, ...this.#wayTo(port) },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            text += part;
          });
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          );
          response.on("error", reject);
        },
      );
      asked.on("error", reject);
      asked.end(body);
    });
  }

  #wayTo(port: number) {
    const endpoint = this.run.endpoints.find((each) => each.port === port);
    return endpoint?.tls
      ? { protocol: "https:", agent: this.#tlsAgent, servername: "localhost" }
      : { agent: this.#agent };
  }

  /** A completion of so many tokens. */
  complete(tokens: number, stream = true): Promise<Seen> {
    return this.ask({
      method: "POST",
      path: "/v1/completions",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ prompt: "Hello", max_tokens: tokens, stream }),
    });
  }

  /** Sends requests while something happens, and until it is over. */
  async under(rate: number, happens: () => Promise<void>): Promise<Tally> {
    const target = {
      ...{ port: this.port, host: "localhost", path: "/v1/chat/completions", model: "m" },
      authority: this.run.endpoints[0]?.tls && this.authority,
    };
    const load = new Load(steady([target], rate, randomFrom(1)), this.run.driver, this.run.events);
    void load.begin();
    await happens();
    return load.end();
  }

  end(): void {
    this.#agent.destroy();
    this.#tlsAgent.destroy();
    this.run.close();
  }
}
