import type { Server as Http1Server } from "node:http";
import type { Http2Server } from "node:http2";
import { createServer, type Server } from "node:net";
import type { TargetGroupModel } from "../../simulation/model";
import { tlsAcceptor } from "../tls/acceptor";
import { type Certificate, OWN_NAMES } from "../tls/authority";
import type { LateAuthority } from "../tls/late-authority";

/** What the port of a stand-in speaks: what its target group sends. */
export interface ServerPort {
  /** `undefined`: it has no TLS. */
  readonly certificate: (() => Promise<Certificate>) | undefined;
  /** Whether it speaks HTTP/2 beside HTTP/1.1. */
  readonly http2: boolean;
  /** The method of gRPC that its health check asks, and the status that the check wants. */
  readonly health: { readonly path: string; readonly status: number };
}

/** What the targets of a group speak; without one, HTTP/1.1 alone. */
export function portOf(targetGroup: TargetGroupModel | undefined, authority: LateAuthority): ServerPort {
  const { protocol, protocolVersion = "HTTP1", healthCheck } = targetGroup ?? {};
  return {
    certificate: protocol === "HTTPS" ? async () => (await authority.get()).issue(OWN_NAMES) : undefined,
    http2: protocolVersion !== "HTTP1",
    health: { path: healthCheck?.path ?? "", status: healthCheck?.statuses[0]?.[0] ?? 0 },
  };
}

/** Accepts the connections of a stand-in. */
export async function acceptorFor(
  { certificate, http2: speaksHttp2 }: ServerPort,
  http1: Http1Server,
  http2: Http2Server,
): Promise<Server> {
  if (certificate !== undefined) {
    return tlsAcceptor(await certificate(), http1, http2);
  }
  return speaksHttp2 ? acceptorOfBoth(http1, http2) : http1;
}

/** A client of HTTP/2 in the clear begins with `PRI`, which no method of HTTP/1.1 does. Source: RFC 9113, section 3.4. */
function acceptorOfBoth(http1: Http1Server, http2: Http2Server): Server {
  return createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.once("readable", () => {
      const first: Buffer | null = socket.read();
      if (first !== null) {
        socket.unshift(first);
        (first.toString("latin1").startsWith("PRI") ? http2 : http1).emit("connection", socket);
      }
    });
  });
}
