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

/** A port of the loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const endpoint = await listen(server);
  await close(server);
  return Number(new URL(endpoint).port);
}

/** Asks another server what this one was asked. @param body as it was read of the request, or is to be instead */
export function handOn(
  to: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const { "transfer-encoding": _, ...others } = headers;
  return new Promise((resolve, reject) => {
    // A connection of its own, for one that is kept may be closed by the other side at any moment.
    const sent = { method, headers: { ...others, "content-length": body.length }, agent: false };
    request(new URL(url ?? "/", to), sent, resolve)
      .once("error", reject)
      .end(body);
  });
}
