/*
 * A model server in small: it listens at once, is well when it has loaded, generates, hangs or dies, and on SIGTERM
 * finishes what it has; the second time it does not. What it does is said by files in a folder:
 *   node model-server.js <port> <folder>
 *   <folder>/certificates  names the folder of its certificate and key: it speaks TLS
 *   <folder>/loaded     its model is there
 *   <folder>/hangs      requests are not answered, though it is well
 *   <folder>/dies       it ends, with the file's text as its last words
 *   <folder>/generated  generations have come to their end, however long they were
 */
const { existsSync, readFileSync } = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const { join } = require("node:path");

const [port, folder] = process.argv.slice(2);
const is = (what) => existsSync(join(folder, what));

function answerRequest(request, response) {
  const answer = (status, body) => response.writeHead(status).end(JSON.stringify(body));
  if (request.url === "/health") {
    return answer(is("loaded") ? 200 : 503, {});
  }
  if (is("hangs")) {
    return undefined;
  }
  if (request.url === "/v1/models") {
    return answer(200, { object: "list", data: [{ id: "llama" }] });
  }
  if (request.url === "/v1/completions") {
    console.error("generates");
    return answer(is("loaded") ? 200 : 503, { choices: [{ text: "!" }] });
  }
  if (request.url === "/stream") {
    return stream(response);
  }
  return answer(404, { error: "no such route" });
}

function makeServer() {
  if (!is("certificates")) {
    return http.createServer(answerRequest);
  }
  const certificates = readFileSync(join(folder, "certificates"), "utf8").trim();
  const read = (name) => readFileSync(join(certificates, name));
  return https.createServer({ cert: read("certificate.pem"), key: read("key.pem") }, answerRequest);
}

function stream(response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const timer = setInterval(() => {
    response.write("data: token\n\n");
    if (is("generated")) {
      clearInterval(timer);
      response.end("data: [DONE]\n\n");
    }
  }, 50);
  response.once("close", () => clearInterval(timer));
}

const server = makeServer();
server.listen(Number(port), "127.0.0.1");
const deaths = setInterval(() => {
  if (is("dies")) {
    console.error(readFileSync(join(folder, "dies"), "utf8"));
    process.exit(1);
  }
}, 50);

process.once("SIGTERM", () => {
  clearInterval(deaths);
  console.error("finishes what it has");
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
