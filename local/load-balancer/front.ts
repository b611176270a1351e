import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { NodePlace } from "../../simulation/targets/eligible";
import { type Client, http1Client } from "./client";
import { serve, type Way } from "./serve";

/** Bytes of all headers of a request. Source: ELB quotas, HTTP headers: 64K. */
const LARGEST_HEADERS = 64 * 1024;

/**
 * A port that clients connect to. A connection belongs to a node of the load balancer, as DNS would have led it; a way
 * that changes, as that of the global endpoint may, is looked up for each request.
 */
export class Front {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #nodes = new WeakMap<object, NodePlace>();

  /** @param way where a request goes; `undefined`: nobody answers to that name */
  constructor(private readonly way: () => Way | undefined) {
    this.#server = createServer(
      { requestTimeout: 0, headersTimeout: 0, maxHeaderSize: LARGEST_HEADERS },
      (request, response) => this.#handle(http1Client(request, response)),
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
    const node = nodes[Math.floor(Math.random() * nodes.length)];
    if (node !== undefined) {
      this.#nodes.set(connection, node);
    }
    return node;
  }
}
