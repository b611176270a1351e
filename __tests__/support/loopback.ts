import { createServer, type Server } from "node:http";
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
