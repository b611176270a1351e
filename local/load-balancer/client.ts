import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Duplex, Readable, Writable } from "node:stream";

/** A request of a client, and the way back to it, whichever version of HTTP it speaks. */
export interface Client {
  readonly version: "HTTP/1.1" | "HTTP/2";
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** The host that is asked for, with a port where there is one. */
  readonly host: string;
  /** By names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Names as the client wrote them and values, by turns. */
  readonly rawHeaders: readonly string[];
  /** The client's address. */
  readonly address: string;
  /** The connection: the same for all requests on it. */
  readonly connection: object;
  /** Where the client asks for a WebSocket: its end of the connection, and what came after the request. */
  readonly upgrading?: { readonly socket: Duplex; readonly head: Buffer };
  readonly body: Readable;
  /** Whether the body has come as a whole. */
  readonly isComplete: boolean;
  /** Whether there is a body of a length that its headers do not tell. */
  readonly isChunked: boolean;
  /** Whether the head of an answer is on its way. */
  readonly hasBegun: boolean;
  /** What an answer's body is written to. */
  readonly answer: Writable;
  /** Sends the head of an answer, whenever its body comes. Only HTTP/2 passes on trailers. */
  begin(
    status: number,
    reason: string | undefined,
    headers: OutgoingHttpHeaders,
    hasTrailers?: boolean,
  ): void;
  /** Ends an answer that has begun. */
  end(trailers?: OutgoingHttpHeaders): void;
  /** Sends an answer as a whole. */
  send(status: number, reason: string | undefined, headers: OutgoingHttpHeaders, body: string): void;
  /** Breaks the answer off. */
  cut(): void;
  /** Breaks the connection, with all that is on it. */
  hangUp(): void;
  /** Is told when the client is gone before its answer has ended. */
  whenGone(act: () => void): void;
}

/** A client that speaks HTTP/1.1. */
export function http1Client(request: IncomingMessage, response: ServerResponse): Client {
  const { socket, headers } = request;
  return {
    version: "HTTP/1.1",
    method: request.method ?? "GET",
    url: request.url ?? "/",
    host: headers.host ?? "",
    headers,
    rawHeaders: request.rawHeaders,
    address: addressOf(socket),
    connection: socket,
    body: request,
    get isComplete() {
      return request.complete;
    },
    isChunked: headers["transfer-encoding"] !== undefined,
    get hasBegun() {
      return response.headersSent;
    },
    answer: response,
    begin: (status, reason, given) => {
      response.writeHead(status, reason, given);
      // The head waits for a body that has come with it, and for nothing else: a first token may take long after it.
      setImmediate(() => response.writableEnded || response.destroyed || response.flushHeaders());
    },
    end: () => response.end(),
    send: (status, reason, given, body) => {
      response.writeHead(status, reason, given);
      response.end(body);
    },
    cut: () => response.destroy(),
    hangUp: () => socket.destroy(),
    whenGone: (act) => {
      response.on("close", () => {
        if (!response.writableFinished) {
          act();
        }
      });
    },
  };
}

/** The address at the other end of a connection; one of IPv4 as such. */
export function addressOf({ remoteAddress }: { readonly remoteAddress?: string | undefined }): string {
  return (remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, "");
}
