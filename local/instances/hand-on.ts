import { type IncomingMessage, request } from "node:http";

/** Forwards a request to another server. @param body of the request, or another one instead */
export function handOn(
  to: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const { "transfer-encoding": _, ...others } = headers;
  return new Promise((resolve, reject) => {
    // A new connection each time: the other side may close an idle one at any moment.
    const sent = { method, headers: { ...others, "content-length": body.length }, agent: false };
    request(new URL(url ?? "/", to), sent, resolve)
      .once("error", reject)
      .end(body);
  });
}
