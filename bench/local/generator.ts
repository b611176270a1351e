import { connect, type Socket } from "node:net";

/** What a run of the generator saw. Times in milliseconds. */
export interface Seen {
  readonly "requests a second": number;
  /** Answers with another status than 200, and connections that broke. */
  readonly failed: number;
  readonly firstByte: { readonly p50: number; readonly p99: number };
}

const END = Buffer.from("\r\n\r\n");
const BODY = JSON.stringify({
  model: "m",
  max_tokens: 32,
  messages: [{ role: "user", content: "x".repeat(100) }],
});

/**
 * Sends requests over connections that stay open, the next one when the last one is answered. It parses no more of an
 * answer than its length, so that it is no bottleneck.
 */
async function main([port, path, connections, seconds]: readonly string[]): Promise<void> {
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer none\r\n` +
      `User-Agent: bench\r\nAccept: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  );
  const began = performance.now();
  const until = began + Number(seconds) * 1000;
  const firstBytes: number[] = [];
  let failed = 0;
  const opened = Array.from({ length: Number(connections) }, () => connect(Number(port), "127.0.0.1"));
  await Promise.all(opened.map((socket) => ask(socket, request, until, firstBytes, () => (failed += 1))));
  const took = (performance.now() - began) / 1000;
  const sorted = firstBytes.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
  const seen: Seen = {
    "requests a second": sorted.length / took,
    failed,
    firstByte: { p50: at(0.5), p99: at(0.99) },
  };
  process.stdout.write(JSON.stringify(seen));
}

function ask(
  socket: Socket,
  request: Buffer,
  until: number,
  firstBytes: number[],
  failed: () => void,
): Promise<void> {
  return new Promise((resolve) => {
    let sentAt = 0;
    /** Bytes of the answer that are still to come; -1: its head is not whole. */
    let left = -1;
    let head = Buffer.alloc(0);
    const send = () => {
      sentAt = performance.now();
      head = Buffer.alloc(0);
      left = -1;
      socket.write(request);
    };
    socket.setNoDelay(true);
    socket.once("connect", send);
    socket.on("error", failed);
    socket.on("close", () => resolve());
    socket.on("data", (chunk) => {
      if (left === -1) {
        if (head.length === 0) {
          firstBytes.push(performance.now() - sentAt);
        }
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const end = head.indexOf(END);
        if (end === -1) {
          return;
        }
        const text = head.toString("latin1", 0, end);
        if (!text.startsWith("HTTP/1.1 200")) {
          failed();
        }
        const [, length = "0"] = /\r\ncontent-length: *(\d+)/i.exec(text) ?? [];
        left = Number(length) - (head.length - end - END.length);
      } else {
        left -= chunk.length;
      }
      if (left === 0) {
        if (performance.now() < until) {
          send();
        } else {
          socket.destroy();
        }
      }
    });
  });
}

main(process.argv.slice(2));
