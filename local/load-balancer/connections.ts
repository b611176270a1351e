import { Agent } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import { Agent as TlsAgent } from "node:https";

/** The connections of a load balancer to an instance. */
export class TargetConnections {
  /** Those of HTTP/1.1. */
  readonly agent: Agent;
  readonly #sessions = new Set<ClientHttp2Session>();
  readonly #idle: ClientHttp2Session[] = [];

  /**
   * @param scheme with `https`, nobody checks the certificate. Source: ELB user guide, "Target groups", routing
   * configuration
   * @param idle milliseconds for which a connection stays open without a request
   */
  constructor(
    readonly scheme: "http" | "https",
    private readonly idle: number,
  ) {
    this.agent =
      scheme === "http"
        ? new Agent({ keepAlive: true, timeout: idle })
        : new TlsAgent({ keepAlive: true, timeout: idle, rejectUnauthorized: false });
  }

  /** A connection of HTTP/2 without a request: to targets there is one request at a time on each. Source: AWS, "gRPC and HTTP/2 support on ALB": multiplexing is not supported. */
  takeSession(host: string, port: number): ClientHttp2Session {
    const known = this.#idle.pop();
    if (known !== undefined) {
      return known;
    }
    const session = connect(`${this.scheme}://${host}:${port}`, {
      rejectUnauthorized: false,
      settings: { enablePush: false },
    });
    this.#sessions.add(session);
    // What breaks a connection also breaks the request on it.
    session.on("error", () => undefined);
    session.on("goaway", () => this.#forget(session));
    session.on("close", () => this.#forget(session));
    session.setTimeout(this.idle, () => session.close());
    return session;
  }

  giveBack(session: ClientHttp2Session): void {
    if (this.#sessions.has(session) && !session.closed && !session.destroyed) {
      this.#idle.push(session);
    } else {
      session.close();
    }
  }

  destroy(): void {
    this.agent.destroy();
    for (const session of this.#sessions) {
      session.destroy();
    }
  }

  #forget(session: ClientHttp2Session): void {
    const at = this.#idle.indexOf(session);
    if (at !== -1) {
      this.#idle.splice(at, 1);
      session.close();
    }
    if (session.destroyed || session.closed) {
      this.#sessions.delete(session);
    }
  }
}
