import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Client, http1Client } from "./client";
import type { Upgraded } from "./upstream";

type Upgrading = NonNullable<Client["upgrading"]>;

/**
 * Takes requests that ask for an upgrade of their connection. A load balancer knows that to a WebSocket; a wish for any
 * other protocol, such as h2c, is passed over. Source: ELB user guide, "Listeners for your Application Load Balancers".
 */
export function takeUpgrades(server: Server, handle: (client: Client) => void): void {
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.method !== "GET" || request.headers.upgrade?.toLowerCase() !== "websocket") {
      socket.unshift(Buffer.concat([withoutUpgrade(request), head]));
      server.emit("connection", socket);
      return;
    }
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(request.socket);
    response.on("finish", () => socket.end());
    socket.on("error", () => undefined);
    handle(Object.assign(http1Client(request, response), { upgrading: { socket, head } }));
  });
}

/** The head of a request, to be read once more. */
function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
    if (/^connection$/i.test(name)) {
      const others = value.split(",").filter((each) => !/^\s*(?:upgrade|http2-settings)\s*$/i.test(each));
      lines.push(...(others.length > 0 ? [`${name}: ${others.join(",").trim()}`] : []));
    } else if (!/^(?:upgrade|http2-settings)$/i.test(name)) {
      lines.push(`${name}: ${value}`);
    }
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

/** A WebSocket that is passed through. */
export interface Tunnel {
  /** What comes from the target no longer reaches the client, or does again. */
  stall(stalled: boolean): void;
  destroy(): void;
}

/**
 * Passes everything through, in both directions, once a target has agreed to the upgrade.
 *
 * @param cookies of the load balancer, beside what the target sends
 */
export function tunnel(
  { socket, head }: Upgrading,
  { answer, socket: target, first }: Upgraded,
  cookies: readonly string[],
  { heard, ended }: { readonly heard: () => void; readonly ended: () => void },
): Tunnel {
  const destroy = () => {
    socket.destroy();
    target.destroy();
  };
  for (const end of [socket, target]) {
    end.on("data", heard);
    end.on("error", destroy);
    end.on("close", () => {
      destroy();
      ended();
    });
  }
  socket.write(switchingHead(answer, cookies));
  socket.write(first);
  target.write(head);
  socket.pipe(target);
  target.pipe(socket);
  return {
    stall: (stalled) => (stalled ? target.unpipe(socket).pause() : target.pipe(socket)),
    destroy,
  };
}

function switchingHead({ statusMessage, rawHeaders }: IncomingMessage, cookies: readonly string[]): string {
  const lines = [`HTTP/1.1 101 ${statusMessage}`, ...cookies.map((cookie) => `set-cookie: ${cookie}`)];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
