import type { OutgoingHttpHeaders } from "node:http";
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { addressOf, type Client } from "./client";

/** A client that speaks HTTP/2. */
export function http2Client(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Client {
  const { session } = stream;
  let isComplete = stream.endAfterHeaders;
  let hasEnded = false;
  let trailers: OutgoingHttpHeaders = {};
  stream.on("end", () => {
    isComplete = true;
  });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  const isOpen = () => !stream.destroyed && !stream.closed;
  // Whatever breaks a stream also closes it.
  stream.on("error", () => undefined);
  if (headers.expect === "100-continue") {
    stream.additionalHeaders({ ":status": 100 });
  }
  return {
    version: "HTTP/2",
    method: headers[":method"] ?? "GET",
    url: headers[":path"] ?? "/",
    host: headers[":authority"] ?? headers.host ?? "",
    headers,
    rawHeaders: namesAndValues(headers),
    address: addressOf(session?.socket ?? {}),
    connection: session ?? stream,
    body: stream,
    get isComplete() {
      return isComplete;
    },
    isChunked: !stream.endAfterHeaders && headers["content-length"] === undefined,
    get hasBegun() {
      return stream.headersSent;
    },
    answer: stream,
    begin: (status, _reason, given, hasTrailers = false) => {
      if (isOpen()) {
        stream.respond({ ":status": status, ...given }, { waitForTrailers: hasTrailers });
      }
    },
    end: (given = {}) => {
      trailers = given;
      hasEnded = true;
      stream.end();
    },
    send: (status, _reason, given, body) => {
      hasEnded = true;
      if (isOpen()) {
        stream.respond({ ":status": status, ...given }, { endStream: body === "" });
      }
      // An answer to HEAD has ended with its head.
      if (!stream.writableEnded) {
        stream.end(body);
      }
    },
    cut: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    hangUp: () => session?.destroy(),
    whenGone: (act) => {
      stream.on("close", () => {
        if (!hasEnded || !stream.writableFinished) {
          act();
        }
      });
    },
  };
}

/** By turns, without what begins with a colon: that is no header, but the first line of HTTP/1.1. */
function namesAndValues(headers: IncomingHttpHeaders): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(":") ? [] : [value ?? []].flat().flatMap((each) => [name, each]),
  );
}
