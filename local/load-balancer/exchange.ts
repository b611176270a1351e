import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Decision } from "../../simulation/load-balancer/load-balancer";
import { stickyCookies } from "../../simulation/load-balancer/stickiness";
import type { ListenerModel } from "../../simulation/model";
import type { NodePlace } from "../../simulation/targets/eligible";
import type { TargetGroup } from "../../simulation/targets/target-group";
import { sendOwnError } from "./errors";
import { headersToClient, headersToTarget } from "./headers";
import type { Outcome } from "./outcome";
import type { Watched } from "./silence";
import type { Passing, RegionSurroundings } from "./surroundings";

type Forward = Extract<Decision, { readonly kind: "forward" }>;

/** A request that is passed on, and its answer that is passed back. */
export class Exchange implements Passing, Watched {
  #upstream: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #heardAt = 0;
  #stalled = false;
  #over = false;

  constructor(
    private readonly around: RegionSurroundings,
    private readonly node: NodePlace,
    private readonly listener: ListenerModel,
    private readonly decision: Forward,
    private readonly client: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly trace: string,
  ) {}

  get instance(): string {
    return this.decision.target.instance;
  }

  get targetGroup(): TargetGroup {
    return this.decision.targetGroup;
  }

  get zones(): readonly [node: string, target: string] {
    return [this.node.zone, this.decision.target.zone];
  }

  /** The connection is not made in time, or nothing is heard for the idle timeout. */
  get deadline(): number {
    const { connectTimeout, loadBalancer } = this.around;
    return this.#heardAt + (this.#upstream === undefined ? connectTimeout : loadBalancer.idleTimeout);
  }

  silent(): void {
    if (this.#upstream === undefined) {
      this.#fail(504, `no connection to the target within ${this.around.connectTimeout} s`);
    } else if (!this.client.complete) {
      this.#fail(408, "the client sent nothing for the idle timeout");
    } else {
      this.#fail(504, "the target sent nothing for the idle timeout");
    }
  }

  begin(): void {
    const { decision, around } = this;
    decision.targetGroup.begin(decision.target);
    around.exchanges.add(this);
    this.response.on("close", () => {
      if (!this.response.writableFinished) {
        this.#end(460, "load balancer", "the client went first");
      }
    });
    const machine = around.machineOf(this.instance);
    if (machine === undefined || machine.silent || !around.network.reaches(...this.zones)) {
      this.#connectTimesOut();
    } else if (machine.server.port === 0) {
      this.#fail(502, "the connection was refused");
    } else {
      this.#send(machine.server.port);
    }
  }

  cut(): void {
    this.#fail(502, "the deregistration delay was over");
  }

  stall(stalled: boolean): void {
    this.#stalled = stalled;
    if (stalled) {
      this.#answer?.pause();
    } else {
      this.#answer?.resume();
    }
  }

  /** Source: ELB user guide, HTTP 504: no connection within 10 seconds. */
  #connectTimesOut(): void {
    this.client.resume();
    this.#heard();
    this.around.silence.add(this);
  }

  #send(port: number): void {
    const { around, decision, listener, client } = this;
    const upstream = request({
      host: "127.0.0.1",
      port,
      method: client.method ?? "GET",
      path: decision.url,
      agent: around.agentOf(this.instance),
      headers: headersToTarget(client, around.loadBalancer, {
        host: decision.host,
        protocol: listener.protocol,
        port: listener.port,
        trace: this.trace,
      }),
    });
    this.#upstream = upstream;
    upstream.on("response", (answer) => this.#pass(answer));
    upstream.on("error", ({ message }) => this.#fail(502, inWords(message)));
    client.on("data", () => this.#heard());
    client.pipe(upstream);
    this.#heard();
    around.silence.add(this);
  }

  /** The idle timeout begins anew with each byte, from either side. Source: ELB user guide, Connection idle timeout. */
  #heard(): void {
    this.#heardAt = this.around.driver.timeline.now;
  }

  #pass(answer: IncomingMessage): void {
    this.#answer = answer;
    const { decision, response, around } = this;
    const cookies = [answer.headers["set-cookie"] ?? []].flat();
    const given = new Set(cookies.map((cookie) => cookie.split("=")[0]?.trim() ?? ""));
    const sticky = stickyCookies(decision, around.driver.timeline.now, given);
    const headers = headersToClient(answer);
    if (sticky.length > 0) {
      headers["set-cookie"] = [...cookies, ...sticky];
    }
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
    // The head waits for a body that has come with it, and for nothing else: a first token may take long after it.
    setImmediate(() => this.#over || response.flushHeaders());
    answer.on("data", (chunk: Buffer) => {
      this.#heard();
      if (!response.write(chunk) && !this.#stalled) {
        answer.pause();
        response.once("drain", () => this.#stalled || answer.resume());
      }
    });
    answer.on("end", () => {
      response.end();
      this.#end(answer.statusCode ?? 0, "target", undefined);
    });
    answer.on("aborted", () => this.#fail(502, "the target closed the connection"));
    answer.on("error", () => this.#fail(502, "the target closed the connection"));
    if (this.#stalled) {
      answer.pause();
    }
  }

  /** Answers with an error of its own; where an answer has begun, it can only close the connection. */
  #fail(status: 408 | 502 | 504, why: string): void {
    if (this.#over) {
      return;
    }
    const begun = this.response.headersSent;
    this.#end(status, "load balancer", begun ? `${why}, in mid-answer` : why);
    if (begun) {
      this.response.destroy();
    } else {
      sendOwnError(this.response, status);
    }
  }

  #end(status: number, by: Outcome["by"], failure: string | undefined): void {
    if (this.#over) {
      return;
    }
    this.#over = true;
    const { around, decision, client } = this;
    around.silence.delete(this);
    around.exchanges.delete(this);
    this.#upstream?.destroy();
    around.driver.do(() => {
      decision.targetGroup.end(decision.target, by === "target" ? status : 0);
      if (by === "load balancer" && status !== 460 && !this.response.headersSent) {
        around.failed(status);
      }
      around.ended({
        trace: this.trace,
        method: client.method ?? "",
        path: client.url ?? "",
        status,
        by,
        rule: decision.rule,
        targetGroup: decision.targetGroup.model.name,
        instance: this.instance,
        failure,
      });
    });
  }
}

function inWords(message: string): string {
  if (message.includes("ECONNREFUSED")) {
    return "the connection was refused";
  }
  return /ECONNRESET|hang up|EPIPE/.test(message) ? "the target closed the connection" : message;
}
