import type { Server as Http1Server } from "node:http";
import type { Http2Server } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import type { NodePlace } from "../../simulation/targets/eligible";
import type { Listen } from "../listen";
import { tlsAcceptor } from "../tls/acceptor";
import type { Client } from "./client";
import { serve, type Way } from "./serve";
import { http1Server, http2Server } from "./servers";

/**
 * A port that clients connect to. A connection belongs to a node of the load balancer, as DNS would have led it; a way
 * that changes, as that of the global endpoint may, is looked up for each request.
 */
export class Front {
  readonly #http1: Http1Server;
  readonly #http2: Http2Server | undefined;
  readonly #acceptor: Server;
  readonly #sockets = new Set<Socket>();
  readonly #nodes = new WeakMap<object, NodePlace>();

  /**
   * @param way where a request goes; `undefined`: nobody answers to that name
   * @param tls with a certificate; `undefined`: without TLS, and so HTTP/1.1 alone
   */
  constructor(
    private readonly way: () => Way | undefined,
    tls: TlsOptions | undefined,
    private readonly listenAt: Listen,
  ) {
    this.#http1 = http1Server((client) => this.#handle(client));
    this.#http2 = tls && http2Server((client) => this.#handle(client));
    this.#acceptor = this.#http2 ? tlsAcceptor(tls ?? {}, this.#http1, this.#http2) : this.#http1;
    this.#acceptor.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return (this.#acceptor.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Listens at a port, or at the next that is free. */
  async listen(port: number): Promise<number> {
    for (let next = port; ; next += 1) {
      try {
        await this.listenAt(this.#acceptor, next);
        return next;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || next > port + 100) {
          throw error;
        }
      }
    }
  }

  /** @param milliseconds that an idle connection of a client stays open */
  keepAlive(milliseconds: number): void {
    this.#http1.keepAliveTimeout = milliseconds;
    this.#http2?.setTimeout(milliseconds);
  }

  close(): void {
    this.#acceptor.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #handle(client: Client): void {
    const way = this.way();
    if (way === undefined) {
      // In AWS the name would not resolve: there is no connection.
      client.hangUp();
      return;
    }
    way.around.driver.do(() => {
      const node = this.#nodeOf(client.connection, way);
      if (node === undefined || !way.around.network.isOpen(node.zone)) {
        // Nothing answers in a zone that is cut off. Another connection would be led elsewhere.
        client.hangUp();
        return;
      }
      serve(way, node, client);
    });
  }

  #nodeOf(connection: object, { loadBalancer, around }: Way): NodePlace | undefined {
    const known = this.#nodes.get(connection);
    if (known !== undefined && loadBalancer.nodes.includes(known)) {
      return known;
    }
    const nodes = loadBalancer.nodesInDns(({ zone }) => around.network.isOpen(zone));
    const node = nodes[Math.floor(around.random() * nodes.length)];
    if (node !== undefined) {
      this.#nodes.set(connection, node);
    }
    return node;
  }
}
