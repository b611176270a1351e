import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/** A request of either version of HTTP. */
export type Request = IncomingMessage | Http2ServerRequest;

/** The answer to it. */
export type Response = ServerResponse | Http2ServerResponse;

/** Most bytes of a body that are kept, to read the request of. */
const LARGEST_JSON = 4 * 2 ** 20;

/** The body as a JSON object; what is too long to keep is read and dropped. */
export function readBody(
  request: Request,
  done: (body: Readonly<Record<string, unknown>> | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= LARGEST_JSON) {
      chunks.push(chunk);
    }
  });
  request.on("end", () => {
    if (length > LARGEST_JSON) {
      done({});
      return;
    }
    try {
      const body = JSON.parse(Buffer.concat(chunks).toString() || "{}");
      done(typeof body === "object" && body !== null && !Array.isArray(body) ? body : undefined);
    } catch {
      done(undefined);
    }
  });
  request.on("error", () => undefined);
}

/** Sends an answer of JSON. */
export function sendJson(response: Response, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Source: OpenAI API reference, Error codes. */
export function sendError(response: Response, status: number, message: string): void {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  sendJson(response, status, { error: { message, type, param: null, code: null } });
}
