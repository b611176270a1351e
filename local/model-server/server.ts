import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Driver } from "../driver";
import { type Asked, asked, embeddings, streamEnd, streamEvent, wholeAnswer } from "./answers";
import type { AnyServer } from "./any-server";
import type { ServerFacts } from "./facts";

/** How fast a stand-in is. */
export interface Pace {
  /** Requests at a time; the others wait. */
  readonly slots: number;
  /** Seconds until the first token of a request that does not wait. */
  readonly firstToken: number;
  /** Of each request. */
  readonly tokensPerSecond: number;
}

/** Tokens are written no more often than this, in real milliseconds; several at once where they are faster. */
const FINEST = 20;

/** Most bytes of a body that are kept, to read the request of. */
const LARGEST_JSON = 4 * 2 ** 20;

interface Running {
  readonly response: ServerResponse;
  readonly asked: Asked;
  readonly id: string;
  written: number;
  begun: boolean;
}

/**
 * A stand-in for a model server. It speaks the API of OpenAI, the health check and the metrics of the server that it
 * stands for, loads, queues, streams, and leaves as that server does.
 */
export class ModelServer implements AnyServer {
  readonly loadsItself = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: Running[] = [];
  readonly #running = new Set<Running>();
  #port = 0;
  #state: "loading" | "ready" | "leaving" | "gone" = "loading";
  #hangs = false;
  #slowness = 1;
  #served = 0;
  #whenIdle: (() => void) | undefined;

  constructor(
    private readonly facts: ServerFacts,
    private readonly pace: Pace,
    private readonly driver: Driver,
  ) {
    this.#server = createServer({ requestTimeout: 0 }, (request, response) =>
      this.#answer(request, response),
    );
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => undefined);
    });
    this.#server.keepAliveTimeout = Number.isFinite(facts.keepAlive) ? driver.real(facts.keepAlive) : 0;
  }

  /** 0: the server has no port, and a connection is refused. */
  get port(): number {
    return this.#state === "loading" && this.facts.whileLoading === 0 ? 0 : this.#port;
  }

  get isResponsive(): boolean {
    return !this.#hangs;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get running(): number {
    return this.#running.size;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  loaded(): void {
    if (this.#state === "loading") {
      this.#state = "ready";
    }
  }

  /** Answers nothing any more, and keeps its connections. */
  hang(): void {
    this.#hangs = true;
  }

  slow(times: number): boolean {
    this.#slowness = times;
    return true;
  }

  /** As after SIGTERM: it takes no new connection, and lets requests finish for as long as the server does. */
  stop(done: () => void): void {
    if (this.#state === "gone") {
      done();
      return;
    }
    this.#state = "leaving";
    this.#server.close();
    const end = () => {
      this.kill();
      done();
    };
    if (this.facts.drain === 0 || this.#running.size + this.#waiting.length === 0) {
      end();
      return;
    }
    this.#whenIdle = end;
    if (Number.isFinite(this.facts.drain)) {
      this.driver.timeline.after(this.facts.drain, () => this.#whenIdle === end && end());
    }
  }

  /** Ends at once: connections break. */
  kill(): void {
    this.#state = "gone";
    this.#whenIdle = undefined;
    this.#server.close();
    this.#running.clear();
    this.#waiting.length = 0;
    this.#port = 0;
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#hangs) {
      request.resume();
      return;
    }
    const url = (request.url ?? "/").split("?")[0] ?? "/";
    if (request.method === "POST") {
      readBody(request, (body) => this.driver.do(() => this.#post(url, body, response)));
      return;
    }
    request.resume();
    this.driver.do(() => this.#get(url, response));
  }

  #get(url: string, response: ServerResponse): void {
    const { metrics, model } = this.facts;
    if (url === metrics.path) {
      const label = `{model_name="${model}"}`;
      const lines = [
        `# TYPE ${metrics.waiting} gauge`,
        `${metrics.waiting}${label} ${this.#waiting.length}`,
        `# TYPE ${metrics.running} gauge`,
        `${metrics.running}${label} ${this.#running.size}`,
      ];
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(`${lines.join("\n")}\n`);
    } else if (url === "/v1/models") {
      const data = [{ id: model, object: "model", created: 0, owned_by: this.facts.server }];
      sendJson(response, 200, { object: "list", data });
    } else if (this.#state === "loading") {
      sendJson(response, 503, { error: { message: "Loading model", type: "unavailable_error", code: 503 } });
    } else {
      // Any other path may be that of the health check.
      response.writeHead(200).end();
    }
  }

  #post(url: string, body: Readonly<Record<string, unknown>> | undefined, response: ServerResponse): void {
    if (this.#state !== "ready") {
      sendError(response, 503, "The server takes no requests now");
      return;
    }
    if (body === undefined) {
      sendError(response, 400, "The body is no JSON object");
      return;
    }
    const model = String(body.model ?? this.facts.model);
    if (url.endsWith("/embeddings")) {
      sendJson(response, 200, embeddings(body.input, model, body.encoding_format));
      return;
    }
    const { probe } = this.facts;
    const kind = url.endsWith("/chat/completions") ? "chat" : "completion";
    if (kind === "completion" && !url.endsWith("/completions")) {
      if (url === probe?.path) {
        response.writeHead(200, { "content-type": "application/json" }).end(`[${probe.expect}]`);
        return;
      }
      sendError(response, 404, `The stand-in has no ${url}`);
      return;
    }
    this.#served += 1;
    const running: Running = {
      response,
      asked: asked(kind, body, model),
      id: `${kind === "chat" ? "chatcmpl" : "cmpl"}-${this.#port}-${this.#served}`,
      written: 0,
      begun: false,
    };
    response.on("close", () => this.driver.do(() => this.#ended(running)));
    this.#waiting.push(running);
    this.#next();
  }

  #next(): void {
    while (this.#running.size < this.pace.slots) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        return;
      }
      this.#running.add(next);
      this.driver.timeline.after(this.pace.firstToken * this.#slowness, () => this.#write(next));
    }
  }

  #write(running: Running): void {
    if (!this.#running.has(running) || this.#hangs) {
      return;
    }
    const { asked: request, response, id, written } = running;
    const perToken = this.#slowness / this.pace.tokensPerSecond;
    const atOnce = Math.max(1, Math.round((FINEST * this.driver.speed) / 1000 / perToken));
    const created = Math.floor(this.driver.timeline.now);
    running.written = Math.min(request.tokens, written + atOnce);
    if (request.stream) {
      if (!running.begun) {
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
        running.begun = true;
      }
      response.write(streamEvent(id, created, request, written, running.written));
    }
    if (running.written < request.tokens) {
      this.driver.timeline.after(perToken * (running.written - written), () => this.#write(running));
    } else if (request.stream) {
      response.end(streamEnd(id, created, request));
    } else {
      sendJson(response, 200, wholeAnswer(id, created, request));
    }
  }

  #ended(running: Running): void {
    this.#running.delete(running);
    const at = this.#waiting.indexOf(running);
    if (at !== -1) {
      this.#waiting.splice(at, 1);
    }
    this.#next();
    if (this.#running.size + this.#waiting.length === 0) {
      this.#whenIdle?.();
    }
  }
}

/** The body as a JSON object; what is too long to keep is read and dropped. */
function readBody(
  request: IncomingMessage,
  done: (body: Readonly<Record<string, unknown>> | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= LARGEST_JSON) {
      chunks.push(chunk);
    }
  });
  request.on("end", () => {
    if (length > LARGEST_JSON) {
      done({});
      return;
    }
    try {
      const body = JSON.parse(Buffer.concat(chunks).toString() || "{}");
      done(typeof body === "object" && body !== null && !Array.isArray(body) ? body : undefined);
    } catch {
      done(undefined);
    }
  });
  request.on("error", () => undefined);
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Source: OpenAI API reference, Error codes. */
function sendError(response: ServerResponse, status: number, message: string): void {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  sendJson(response, status, { error: { message, type, param: null, code: null } });
}
