import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { LoadBalancer } from "../../simulation/load-balancer/load-balancer";
import type { ListenerModel } from "../../simulation/model";
import type { RequestFacts } from "../../simulation/requests/request";
import type { NodePlace } from "../../simulation/targets/eligible";
import { sendOwnError } from "./errors";
import { Exchange } from "./exchange";
import { clientOf, traceOf } from "./headers";
import type { RegionSurroundings } from "./surroundings";

/** Bytes of all headers of a request. Source: ELB quotas, HTTP headers: 64K. */
const LARGEST_HEADERS = 64 * 1024;

/** A client of HTTP/1.1 asks for a target group of HTTP/2 or gRPC. Source: ELB user guide, HTTP 464. */
const OTHER_PROTOCOL = 464;

/** The load balancer that a request is for, with its listener. */
export interface Way {
  readonly around: RegionSurroundings;
  readonly loadBalancer: LoadBalancer;
  readonly listener: ListenerModel;
  /** The name that a client asks for in AWS: a request for this machine counts as one for it. */
  readonly host: string;
}

/**
 * A port that clients connect to. A connection belongs to a node of the load balancer, as DNS would have led it; a way
 * that changes, as that of the global endpoint may, is looked up for each request.
 */
export class Front {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #nodes = new WeakMap<Socket, NodePlace>();

  /** @param way where a request goes; `undefined`: nobody answers to that name */
  constructor(private readonly way: () => Way | undefined) {
    this.#server = createServer(
      { requestTimeout: 0, headersTimeout: 0, maxHeaderSize: LARGEST_HEADERS },
      (request, response) => this.#handle(request, response),
    );
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    // What is no HTTP, or could be read in two ways. Source: ELB user guide, HTTP 400.
    this.#server.on("clientError", (_error, socket) => {
      if (socket.writable) {
        socket.end(
          "HTTP/1.1 400 Bad Request\r\nserver: awselb/2.0\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
        );
      }
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Listens at a port, or at the next that is free. */
  async listen(port: number): Promise<number> {
    for (let next = port; ; next += 1) {
      try {
        return await this.#listenAt(next);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || next > port + 100) {
          throw error;
        }
      }
    }
  }

  /** @param milliseconds that an idle connection of a client stays open */
  keepAlive(milliseconds: number): void {
    this.#server.keepAliveTimeout = milliseconds;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #listenAt(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", reject);
        resolve(this.port);
      });
    });
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const way = this.way();
    if (way === undefined) {
      // In AWS the name would not resolve: there is no connection.
      request.socket.destroy();
      return;
    }
    way.around.driver.do(() => this.#decide(way, request, response));
  }

  #decide(way: Way, request: IncomingMessage, response: ServerResponse): void {
    const { loadBalancer, listener, around } = way;
    const node = this.#nodeOf(request.socket, way);
    if (node === undefined || !around.network.isOpen(node.zone)) {
      // Nothing answers in a zone that is cut off. Another connection would be led elsewhere.
      request.socket.destroy();
      return;
    }
    const asked = factsOf(request, way.host);
    const decision = loadBalancer.decide(listener.port, node, asked);
    const trace = traceOf(request);
    if (decision.kind === "forward" && decision.targetGroup.model.protocolVersion === "HTTP1") {
      new Exchange(around, node, listener, decision, request, response, trace).begin();
      return;
    }
    request.resume();
    switch (decision.kind) {
      case "answer":
        response.writeHead(decision.status, {
          server: "awselb/2.0",
          "content-type": decision.contentType,
          "content-length": Buffer.byteLength(decision.body),
        });
        response.end(decision.body);
        break;
      case "redirect":
        response.writeHead(decision.status, {
          server: "awselb/2.0",
          "content-length": 0,
          location: decision.location,
        });
        response.end();
        break;
      case "refuse":
        sendOwnError(response, decision.status);
        break;
      case "forward":
        sendOwnError(response, OTHER_PROTOCOL);
        break;
    }
    around.ended({
      trace,
      method: request.method ?? "",
      path: request.url ?? "",
      status: decision.kind === "forward" ? OTHER_PROTOCOL : decision.status,
      by: "load balancer",
      rule: decision.rule,
      targetGroup: undefined,
      instance: undefined,
      failure:
        decision.kind === "refuse"
          ? decision.why
          : decision.kind === "forward"
            ? "the target group does not take HTTP/1.1"
            : undefined,
    });
  }

  #nodeOf(socket: Socket, { loadBalancer, around }: Way): NodePlace | undefined {
    const known = this.#nodes.get(socket);
    if (known !== undefined && loadBalancer.nodes.includes(known)) {
      return known;
    }
    const nodes = loadBalancer.nodesInDns(({ zone }) => around.network.isOpen(zone));
    const node = nodes[Math.floor(around.random() * nodes.length)];
    if (node !== undefined) {
      this.#nodes.set(socket, node);
    }
    return node;
  }
}

/** What of a request decides about it. */
function factsOf(request: IncomingMessage, host: string): RequestFacts {
  const url = request.url ?? "/";
  const at = url.indexOf("?");
  const headers: Record<string, string | undefined> = {};
  for (const name in request.headers) {
    const value = request.headers[name];
    headers[name] = typeof value === "object" ? value.join(", ") : value;
  }
  const asked = (headers.host ?? "").replace(/:\d+$/, "");
  return {
    method: request.method ?? "GET",
    host: /^(localhost|127\.0\.0\.1|\[::1\]|)$/.test(asked) ? host : asked,
    path: at === -1 ? url : url.slice(0, at),
    query: at === -1 ? "" : url.slice(at + 1),
    headers,
    source: clientOf(request),
  };
}
