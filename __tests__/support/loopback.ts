import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens on a free port of the loopback address. @returns where */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends a server, and the connections that it has. */
export function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

/** A free port of the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const endpoint = await listen(server);
  await close(server);
  return Number(new URL(endpoint).port);
}

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
