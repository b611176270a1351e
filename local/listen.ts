import type { Server } from "node:net";

/** Has a server listen at a port of the loopback address. @throws Error with the code `EADDRINUSE` when it is in use */
export type Listen = (server: Server, port: number) => Promise<void>;

/** Of this process's own network. */
export const listenHere: Listen = (server, port) => listening(server, () => server.listen(port, "127.0.0.1"));

/** Waits until a server listens, or fails to. */
export function listening(server: Server, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    begin();
  });
}
