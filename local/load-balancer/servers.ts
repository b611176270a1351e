import { createServer, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server } from "node:http2";
import { type Client, http1Client } from "./client";
import { http2Client } from "./http2-client";
import { takeUpgrades } from "./websocket";

/** Bytes of all headers of a request. Source: ELB quotas, HTTP headers: 64K. */
const LARGEST_HEADERS = 64 * 1024;

/** Headers of a request of HTTP/2. AWS names no number; Node's own limit is 128. */
const MOST_HEADERS = 1000;

/** Requests at a time on one connection. Source: ELB user guide, "Listeners for your Application Load Balancers". */
const MOST_STREAMS = 128;

const BAD_REQUEST =
  "HTTP/1.1 400 Bad Request\r\nserver: awselb/2.0\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/** Takes requests of HTTP/1.1. */
export function http1Server(handle: (client: Client) => void): Server {
  const server = createServer(
    { requestTimeout: 0, headersTimeout: 0, maxHeaderSize: LARGEST_HEADERS },
    (request, response) => handle(http1Client(request, response)),
  );
  takeUpgrades(server, handle);
  // What is no HTTP, or could be read in two ways. Source: ELB user guide, HTTP 400.
  server.on("clientError", (_error, socket) => {
    if (socket.writable) {
      socket.end(BAD_REQUEST);
    }
  });
  return server;
}

/** Takes requests of HTTP/2. */
export function http2Server(handle: (client: Client) => void): Http2Server {
  const server = createHttp2Server({
    settings: { maxConcurrentStreams: MOST_STREAMS, maxHeaderListSize: LARGEST_HEADERS },
    maxHeaderListPairs: MOST_HEADERS,
  });
  server.on("stream", (stream, headers) => handle(http2Client(stream, headers)));
  // What breaks a connection also closes it.
  server.on("sessionError", () => undefined);
  return server;
}
