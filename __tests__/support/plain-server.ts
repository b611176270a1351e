import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AnyServer } from "../../local/model-server/any-server";

/** A server that answers each request, with its body, as it is told. */
export class PlainServer implements AnyServer {
  readonly host = "127.0.0.1";
  readonly waiting = undefined;
  readonly loadsItself: boolean = false;
  readonly isResponsive: boolean = true;
  readonly #server: Server;

  constructor(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
    this.#server = createServer((request, response) => {
      let body = "";
      request.setEncoding("latin1");
      request.on("data", (part: string) => {
        body += part;
      });
      request.on("end", () => answer(request, response, body));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** @param port 0: any that is free */
  listen(port = 0): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  loaded(): void {}

  hang(): void {}

  slow(): boolean {
    return false;
  }

  stop(done: () => void): void {
    this.kill();
    done();
  }

  kill(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
