import { createServer } from "node:net";

/** What every request is answered with: as long as a short answer of a model. */
const BODY = JSON.stringify({
  object: "chat.completion",
  choices: [{ message: { content: "x".repeat(150) } }],
});
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
);
const END = Buffer.from("\r\n\r\n");

/** Answers requests with a Content-Length at the port of the first argument, as cheaply as Node can. */
function main([port]: readonly string[]): void {
  createServer({ noDelay: true }, (socket) => {
    let kept = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      for (let end = kept.indexOf(END); end !== -1; end = kept.indexOf(END)) {
        const [, length = "0"] = /\r\ncontent-length: *(\d+)/i.exec(kept.toString("latin1", 0, end)) ?? [];
        const next = end + END.length + Number(length);
        if (kept.length < next) {
          return;
        }
        kept = kept.subarray(next);
        socket.write(ANSWER);
      }
    });
  }).listen(Number(port), "127.0.0.1");
}

main(process.argv.slice(2));
