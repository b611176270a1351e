import type { Decision } from "../../simulation/load-balancer/load-balancer";
import { stickyCookies } from "../../simulation/load-balancer/stickiness";
import type { ListenerModel } from "../../simulation/model";
import type { NodePlace } from "../../simulation/targets/eligible";
import type { TargetGroup } from "../../simulation/targets/target-group";
import type { ServerSeen } from "../model-server/any-server";
import type { Client } from "./client";
import { sendOwnError } from "./errors";
import { headersToTarget } from "./headers";
import type { Outcome } from "./outcome";
import type { Watched } from "./silence";
import type { Passing, RegionSurroundings } from "./surroundings";
import { askByHttp1, askByHttp2, type TargetAnswer, type Upgraded, type Upstream } from "./upstream";
import { type Tunnel, tunnel } from "./websocket";

type Forward = Extract<Decision, { readonly kind: "forward" }>;

/** A request that is passed on, and its answer that is passed back. */
export class Exchange implements Passing, Watched {
  #upstream: Upstream | undefined;
  #answer: TargetAnswer | undefined;
  #tunnel: Tunnel | undefined;
  #heardAt = 0;
  #stalled = false;
  #over = false;

  constructor(
    private readonly around: RegionSurroundings,
    private readonly node: NodePlace,
    private readonly listener: ListenerModel,
    private readonly decision: Forward,
    private readonly client: Client,
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
    if (this.#tunnel !== undefined) {
      this.#fail(504, "nothing was sent for the idle timeout");
    } else if (this.#upstream === undefined) {
      this.#fail(504, `no connection to the target within ${this.around.connectTimeout} s`);
    } else if (!this.client.isComplete) {
      this.#fail(408, "the client sent nothing for the idle timeout");
    } else {
      this.#fail(504, "the target sent nothing for the idle timeout");
    }
  }

  begin(): void {
    const { decision, around } = this;
    decision.targetGroup.begin(decision.target);
    around.exchanges.add(this);
    this.client.whenGone(() =>
      this.#tunnel === undefined
        ? this.#end(460, "load balancer", "the client went first")
        : this.#end(101, "target", undefined),
    );
    const machine = around.machineOf(this.instance);
    if (machine === undefined || machine.silent || !around.network.reaches(...this.zones)) {
      this.#connectTimesOut();
    } else if (machine.server.port === 0) {
      this.#fail(502, "the connection was refused");
    } else {
      this.#send(machine.server);
    }
  }

  cut(): void {
    this.#fail(502, "the deregistration delay was over");
  }

  stall(stalled: boolean): void {
    this.#stalled = stalled;
    this.#tunnel?.stall(stalled);
    if (stalled) {
      this.#answer?.body.pause();
    } else {
      this.#answer?.body.resume();
    }
  }

  /** Source: ELB user guide, HTTP 504: no connection within 10 seconds. */
  #connectTimesOut(): void {
    this.client.body.resume();
    this.#heard();
    this.around.silence.add(this);
  }

  #send({ host, port }: ServerSeen): void {
    const { around, decision, listener, client } = this;
    const { protocolVersion } = decision.targetGroup.model;
    const ask = protocolVersion === "HTTP1" ? askByHttp1 : askByHttp2;
    const headers = headersToTarget(client, around.loadBalancer, {
      host: decision.host,
      protocol: listener.protocol,
      port: listener.port,
      trace: this.trace,
    });
    // A server of gRPC asks for it. Source: gRPC over HTTP2, Requests.
    const te = protocolVersion !== "HTTP1" && client.headers.te !== undefined ? { te: "trailers" } : {};
    const upgrade = client.upgrading === undefined ? {} : { connection: "Upgrade", upgrade: "websocket" };
    const upstream = ask(
      around.connectionsTo(decision.target.instance, decision.targetGroup.model),
      {
        ...{
          host,
          port,
          method: client.method,
          url: decision.url,
          headers: { ...headers, ...te, ...upgrade },
        },
        hasBody: !client.isComplete,
      },
      {
        answered: (answer) => this.#pass(answer),
        failed: (message) => this.#fail(502, inWords(message)),
        upgraded: (upgraded) => this.#switch(upgraded),
      },
    );
    this.#upstream = upstream;
    client.body.on("data", () => this.#heard());
    client.body.pipe(upstream.body);
    this.#heard();
    around.silence.add(this);
  }

  /** The idle timeout begins anew with each byte, from either side. Source: ELB user guide, Connection idle timeout. */
  #heard(): void {
    this.#heardAt = this.around.driver.timeline.now;
  }

  /** The connection is a WebSocket from now on, and the request lasts as long. */
  #switch(upgraded: Upgraded): void {
    const { client, decision, around } = this;
    if (client.upgrading === undefined || this.#over) {
      upgraded.socket.destroy();
      return;
    }
    const cookies = stickyCookies(decision, around.driver.timeline.now, new Set());
    this.#tunnel = tunnel(client.upgrading, upgraded, cookies, {
      heard: () => this.#heard(),
      ended: () => this.#end(101, "target", undefined),
    });
    if (this.#stalled) {
      this.#tunnel.stall(true);
    }
  }

  #pass(answer: TargetAnswer): void {
    this.#answer = answer;
    const { decision, client, around } = this;
    const { status, reason, cookies, body } = answer;
    const given = new Set(cookies.map((cookie) => cookie.split("=")[0]?.trim() ?? ""));
    const sticky = stickyCookies(decision, around.driver.timeline.now, given);
    const headers =
      sticky.length > 0 ? { ...answer.headers, "set-cookie": [...cookies, ...sticky] } : answer.headers;
    if (answer.isHeadAlone) {
      client.send(status, reason, headers, "");
      this.#end(status, "target", undefined);
      return;
    }
    client.begin(status, reason, headers, answer.trailers !== undefined);
    body.on("data", (chunk: Buffer) => {
      this.#heard();
      if (!client.answer.write(chunk) && !this.#stalled) {
        body.pause();
        client.answer.once("drain", () => this.#stalled || body.resume());
      }
    });
    body.on("end", () => {
      client.end(answer.trailers?.());
      this.#end(status, "target", undefined);
    });
    body.on("aborted", () => this.#fail(502, "the target closed the connection"));
    body.on("error", () => this.#fail(502, "the target closed the connection"));
    if (this.#stalled) {
      body.pause();
    }
  }

  /** Answers with an error of its own; where an answer has begun, it can only close the connection. */
  #fail(status: 408 | 502 | 504, why: string): void {
    if (this.#over) {
      return;
    }
    if (this.#tunnel !== undefined) {
      this.#end(101, "load balancer", why);
      return;
    }
    const begun = this.client.hasBegun;
    this.#end(status, "load balancer", begun ? `${why}, in mid-answer` : why);
    if (begun) {
      this.client.cut();
    } else {
      sendOwnError(this.client, status);
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
    this.#tunnel?.destroy();
    // What the client still sends is for nobody.
    client.body.unpipe();
    client.body.resume();
    around.driver.do(() => {
      decision.targetGroup.end(decision.target, by === "target" ? status : 0);
      if (by === "load balancer" && status !== 460 && !client.hasBegun) {
        around.failed(status);
      }
      around.ended({
        trace: this.trace,
        method: client.method,
        path: client.url,
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
  if (/EPROTO|SSL|TLS/.test(message)) {
    return "the TLS handshake with the target failed";
  }
  return /ECONNRESET|hang up|EPIPE|stream|session/i.test(message)
    ? "the target closed the connection"
    : message;
}
