import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from "node:http2";

/** What came back on a stream of HTTP/2. */
export interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A client that speaks HTTP/2 with TLS to a port of this machine. */
export function http2Client(
  port: number,
  ca: string | undefined,
  certificate: object = {},
): ClientHttp2Session {
  const session = connect(`https://127.0.0.1:${port}`, { ca, ...certificate });
  session.on("error", () => undefined);
  return session;
}

/** Asks, and waits for the whole answer. */
export function askHttp2(
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string>>,
  body?: string | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    let [head, trailers]: IncomingHttpHeaders[] = [{}, {}];
    const chunks: Buffer[] = [];
    stream.on("response", (given, flags) => {
      head = given;
      if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
        trailers = given;
      }
    });
    stream.on("trailers", (given) => {
      trailers = given;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("close", () =>
      stream.rstCode === 0
        ? resolve({ headers: head ?? {}, trailers: trailers ?? {}, body: Buffer.concat(chunks) })
        : reject(new Error(`reset with ${stream.rstCode}`)),
    );
    if (body !== undefined) {
      stream.end(body);
    }
  });
}
