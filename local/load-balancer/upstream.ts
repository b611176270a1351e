import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { constants } from "node:http2";
import type { Duplex, Readable, Writable } from "node:stream";
import type { TargetConnections } from "./connections";
import { headersToClient } from "./headers";

/** What is asked of a target, with headers as HTTP/1.1 has them. */
export interface TargetRequest {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: OutgoingHttpHeaders;
  readonly hasBody: boolean;
}

/** The answer of a target. */
export interface TargetAnswer {
  readonly status: number;
  readonly reason: string | undefined;
  /** As the client gets them. */
  readonly headers: OutgoingHttpHeaders;
  readonly cookies: readonly string[];
  readonly body: Readable;
  /** Whether it ended with its head, as an error of gRPC does. */
  readonly isHeadAlone: boolean;
  /** What came after the body; `undefined`: HTTP/1.1, whose trailers are not passed on. */
  readonly trailers: (() => OutgoingHttpHeaders) | undefined;
}

/** A target has agreed to an upgrade. */
export interface Upgraded {
  readonly answer: IncomingMessage;
  readonly socket: Duplex;
  /** What came after its answer. */
  readonly first: Buffer;
}

/** What becomes of a request to a target. */
export interface TargetEvents {
  readonly answered: (answer: TargetAnswer) => void;
  readonly failed: (message: string) => void;
  readonly upgraded: (upgraded: Upgraded) => void;
}

/** A request on its way to a target. */
export interface Upstream {
  readonly body: Writable;
  destroy(): void;
}

/** Asks a target by HTTP/1.1. */
export function askByHttp1(
  { agent, scheme }: TargetConnections,
  { host, port, method, url, headers }: TargetRequest,
  { answered, failed, upgraded }: TargetEvents,
): Upstream {
  const upstream = request({
    ...{ protocol: `${scheme}:`, host, port, method, path: url, agent, headers },
  });
  upstream.on("response", (answer) => answered(http1Answer(answer)));
  upstream.on("upgrade", (answer, socket, first) => upgraded({ answer, socket, first }));
  upstream.on("error", ({ message }) => failed(message));
  return { body: upstream, destroy: () => upstream.destroy() };
}

function http1Answer(answer: IncomingMessage): TargetAnswer {
  return {
    status: answer.statusCode ?? 502,
    reason: answer.statusMessage,
    headers: headersToClient(answer.headers),
    cookies: answer.headers["set-cookie"] ?? [],
    body: answer,
    isHeadAlone: false,
    trailers: undefined,
  };
}

/** Asks a target by HTTP/2, on a connection that has no other request meanwhile. */
export function askByHttp2(
  connections: TargetConnections,
  { host: address, port, method, url, headers, hasBody }: TargetRequest,
  { answered, failed }: TargetEvents,
): Upstream {
  const session = connections.takeSession(address, port);
  const { host, "transfer-encoding": _chunked, ...others } = headers;
  const stream = session.request(
    {
      ...{ ":method": method, ":path": url, ":authority": String(host), ":scheme": connections.scheme },
      ...others,
    },
    { endStream: !hasBody },
  );
  let trailers: OutgoingHttpHeaders = {};
  stream.on("trailers", (given) => {
    trailers = headersToClient(given);
  });
  stream.on("response", (given, flags) => {
    const { ":status": status = 502, ...rest } = given;
    answered({
      status,
      reason: undefined,
      headers: headersToClient(rest),
      cookies: given["set-cookie"] ?? [],
      body: stream,
      isHeadAlone: (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0,
      trailers: () => trailers,
    });
  });
  stream.on("error", ({ message }) => failed(message));
  stream.on("close", () => {
    failed("the stream was closed");
    connections.giveBack(session);
  });
  return { body: stream, destroy: () => stream.close(constants.NGHTTP2_CANCEL) };
}
