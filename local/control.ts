import { createServer, request, type Server } from "node:http";
import type { Listen } from "./listen";

/** The header that a command has. A page in a browser cannot send it to another origin without asking first. */
const HEADER = "x-local-command";

/** Answers commands from other terminals of this machine, at a port. */
export class Control {
  readonly #server: Server;

  constructor(answer: (words: readonly string[]) => Promise<string>) {
    this.#server = createServer((incoming, response) => {
      const words = incoming.headers[HEADER];
      incoming.resume();
      if (incoming.method !== "POST" || typeof words !== "string") {
        response.writeHead(403).end();
        return;
      }
      answer(JSON.parse(decodeURIComponent(words))).then(
        (text) => response.end(text),
        (error: Error) => response.writeHead(500).end(error.message),
      );
    });
  }

  /** @throws when the port is in use: a run of before may be there */
  listen(port: number, listenAt: Listen): Promise<void> {
    return listenAt(this.#server, port);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Sends a command to a run. @throws when nothing runs at the port */
export function send(port: number, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { [HEADER]: encodeURIComponent(JSON.stringify(words)) };
    const asked = request({ host: "127.0.0.1", port, method: "POST", headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    asked.on("error", reject);
    asked.end();
  });
}
