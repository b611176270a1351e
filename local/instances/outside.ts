import type { ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:net";
import { type Listen, listenHere, listening } from "../listen";

/** What a process inside of its namespaces asks for: a socket that listens at a port outside. */
interface Wish {
  readonly port: number;
}

/** The answer, with the socket unless there is an error. */
interface Answer extends Wish {
  readonly error?: { readonly code?: string | undefined; readonly message: string };
}

/** Gives a process inside of namespaces sockets that listen here. Connections to them go to it without a detour. */
export function giveSockets(inside: ChildProcess): void {
  inside.on("message", ({ port }: Wish) => {
    const server = createServer();
    listenHere(server, port).then(
      () => inside.send({ port } satisfies Answer, server, () => server.close()),
      ({ code, message }: NodeJS.ErrnoException) =>
        inside.send({ port, error: { code, message } } satisfies Answer),
    );
  });
}

/** Ends this process as one outside is told to end. */
export function endAsOutside(): void {
  process.on("message", ({ end }: { readonly end?: NodeJS.Signals }) => end && process.emit(end));
}

/** Listens outside of the namespaces of this process, as {@link giveSockets} lets it, and inside, too, for itself. */
export const listenOutside: Listen = (server, port) =>
  new Promise((resolve, reject) => {
    const take = (answer: Answer, handle: unknown) => {
      if (answer.port !== port) {
        return;
      }
      process.off("message", take);
      if (answer.error !== undefined) {
        reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
      } else {
        const inside = createServer((socket) => server.emit("connection", socket));
        server.once("close", () => inside.close());
        listening(server, () => server.listen(handle as Server))
          .then(() => listenHere(inside, port))
          .then(resolve, reject);
      }
    };
    process.on("message", take);
    process.send?.({ port } satisfies Wish);
  });
