import type { Server as Http1Server } from "node:http";
import type { Http2Server } from "node:http2";
import type { Server } from "node:net";
import { createServer, type TlsOptions } from "node:tls";

/**
 * Accepts connections with TLS, and gives each to the server of the protocol that the client has chosen by ALPN. A client
 * that chooses none speaks HTTP/1.1.
 */
export function tlsAcceptor(options: TlsOptions, http1: Http1Server, http2: Http2Server): Server {
  const acceptor = createServer({ noDelay: true, ...options, ALPNProtocols: ["h2", "http/1.1"] }, (socket) =>
    (socket.alpnProtocol === "h2" ? http2 : http1).emit("connection", socket),
  );
  // A handshake that fails ends its connection.
  acceptor.on("tlsClientError", (_error, socket) => socket.destroy());
  return acceptor;
}
