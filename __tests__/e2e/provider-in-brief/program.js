/*
 * Stands before a provider: node program.js <provider> <file>. It is started in the provider's place when Terraform wants
 * nothing but schemas, and tells only those that are of use: the schemas of all types are most of what Terraform and the
 * provider have to do for a command. The first one of a run asks the provider, and keeps its answer in the file.
 */
const { spawn } = require("node:child_process");
const { existsSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const http2 = require("node:http2");
const net = require("node:net");
const path = require("node:path");
const { buffer } = require("node:stream/consumers");
const { inBrief } = require("./schemas");

const [, , provider, file] = process.argv;

/** Terraform's plugin protocol (its repository, docs/plugin-protocol), and go-plugin's below it. */
const GET_SCHEMA = "/tfplugin5.Provider/GetSchema";
const SHUTDOWN = "/plugin.GRPCController/Shutdown";
const HANDSHAKE = /^1\|5\|unix\|(.*?)\|grpc/;

/** What gRPC says of a call, in numbers (gRPC, Status codes). */
const OK = "0";
const UNIMPLEMENTED = "12";

/** All schemas of the provider, as it sends them. */
async function askProvider(question) {
  const child = spawn(provider, { stdio: ["ignore", "pipe", "inherit"] });
  const giveUp = () => process.exit(1);
  child.once("exit", giveUp);
  process.once("exit", () => child.kill("SIGKILL"));
  const said = await new Promise((resolve) => child.stdout.once("data", resolve));
  const [, socket] = HANDSHAKE.exec(said) ?? [];
  if (socket === undefined) {
    throw new Error(`${provider} begins with "${said}", which is no version 5 of the protocol without TLS`);
  }
  const session = http2.connect("http://provider", { createConnection: () => net.connect(socket) });
  const request = session.request({
    ":method": "POST",
    ":path": GET_SCHEMA,
    "content-type": "application/grpc",
    te: "trailers",
  });
  request.end(question);
  const answer = await buffer(request);
  child.off("exit", giveUp);
  child.kill("SIGKILL");
  session.destroy();
  return answer;
}

async function schemas(question) {
  if (!existsSync(file)) {
    const own = `${file}.${process.pid}`;
    writeFileSync(own, await askProvider(question));
    renameSync(own, file); // Another one may do the same at the same time.
  }
  return inBrief(readFileSync(file), process.cwd());
}

const server = http2.createServer();
server.on("stream", async (stream, { ":path": call }) => {
  if (call === SHUTDOWN) {
    process.exit();
  }
  const isKnown = call === GET_SCHEMA;
  const answer = isKnown ? await schemas(await buffer(stream)) : Buffer.alloc(0);
  stream.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": isKnown ? OK : UNIMPLEMENTED }));
  stream.end(answer);
});

const socket = path.join(path.dirname(file), `socket-${process.pid}`);
process.once("exit", () => rmSync(socket, { force: true }));
server.listen(socket, () => process.stdout.write(`1|5|unix|${socket}|grpc|\n`));
