import { createServer, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server, Http2ServerResponse } from "node:http2";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import type { Writable } from "node:stream";
import { isGrpc } from "../../simulation/requests/protocols";
import type { Driver } from "../driver";
import type { AnyServer } from "./any-server";
import type { Generation } from "./apis/api";
import { answerToGet, answerToPost } from "./apis/by-server";
import { type Request, type Response, readBody, sendError, sendJson } from "./bodies";
import type { ServerFacts } from "./facts";
import { answerGrpc } from "./grpc";
import { acceptorFor, type ServerPort } from "./port";

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

const HTTP1_ALONE: ServerPort = { certificate: undefined, http2: false, health: { path: "", status: 0 } };

interface Running {
  readonly response: Response;
  readonly generation: Generation;
  /** Seconds of the timeline. */
  readonly since: number;
  written: number;
  begun: boolean;
}

/**
 * A stand-in for a model server. It speaks the API of OpenAI, what else the server that it stands for has to generate
 * text or to embed it, that server's health check and metrics; it loads, queues, streams, and leaves as that server does.
 */
export class ModelServer implements AnyServer {
  readonly host = "127.0.0.1";
  readonly loadsItself = false;
  readonly #http1: Server;
  readonly #http2: Http2Server;
  #acceptor: NetServer | undefined;
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
    private readonly speaks: ServerPort = HTTP1_ALONE,
  ) {
    const answer = (request: Request, response: Response) => this.#answer(request, response);
    this.#http1 = createServer({ requestTimeout: 0 }, answer);
    this.#http2 = createHttp2Server(answer);
    this.#http2.on("sessionError", () => undefined);
    this.#http1.keepAliveTimeout = Number.isFinite(facts.keepAlive) ? driver.real(facts.keepAlive) : 0;
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

  async listen(): Promise<void> {
    const acceptor = await acceptorFor(this.speaks, this.#http1, this.#http2);
    this.#acceptor = acceptor;
    acceptor.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => undefined);
    });
    if (this.#state === "gone") {
      return;
    }
    await new Promise<void>((resolve, reject) => {
      acceptor.once("error", reject);
      acceptor.listen(0, "127.0.0.1", resolve);
    });
    this.#port = (acceptor.address() as AddressInfo | null)?.port ?? 0;
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
    this.#acceptor?.close();
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
    this.#acceptor?.close();
    this.#running.clear();
    this.#waiting.length = 0;
    this.#port = 0;
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #answer(request: Request, response: Response): void {
    if (this.#hangs) {
      request.resume();
      return;
    }
    const url = (request.url ?? "/").split("?")[0] ?? "/";
    if (
      response instanceof Http2ServerResponse &&
      isGrpc({
        version: "HTTP/2",
        method: request.method ?? "",
        contentType: request.headers["content-type"],
      })
    ) {
      request.resume();
      this.driver.do(() => answerGrpc(response, url, this.#state === "ready", this.speaks));
      return;
    }
    if (request.method === "POST") {
      readBody(request, (body) => this.driver.do(() => this.#post(url, body, response)));
      return;
    }
    request.resume();
    this.driver.do(() => this.#get(url, response));
  }

  #get(url: string, response: Response): void {
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
      const own = answerToGet(url, this.facts);
      // Any other path may be that of the health check.
      own === undefined ? response.writeHead(200).end() : sendJson(response, 200, own);
    }
  }

  #post(url: string, body: Readonly<Record<string, unknown>> | undefined, response: Response): void {
    if (this.#state !== "ready") {
      sendError(response, 503, "The server takes no requests now");
      return;
    }
    if (body === undefined) {
      sendError(response, 400, "The body is no JSON object");
      return;
    }
    const { now } = this.driver.timeline;
    this.#served += 1;
    const id = `${this.#port}-${this.#served}`;
    const answer = answerToPost(url, this.facts, { body, id, created: Math.floor(now) });
    const { probe } = this.facts;
    if (answer === undefined && url === probe?.path) {
      response.writeHead(200, { "content-type": "application/json" }).end(`[${probe.expect}]`);
    } else if (answer === undefined) {
      sendError(response, 404, `The stand-in has no ${url}`);
    } else if ("json" in answer) {
      sendJson(response, 200, answer.json);
    } else {
      this.#enqueue({ response, generation: answer.generation, since: now, written: 0, begun: false });
    }
  }

  #enqueue(running: Running): void {
    running.response.on("close", () => this.driver.do(() => this.#ended(running)));
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
    const { generation, response, written } = running;
    const perToken = this.#slowness / this.pace.tokensPerSecond;
    const atOnce = Math.max(1, Math.round((FINEST * this.driver.speed) / 1000 / perToken));
    const took = this.driver.timeline.now - running.since;
    running.written = Math.min(generation.tokens, written + atOnce);
    if (generation.stream) {
      if (!running.begun) {
        response.writeHead(200, { "content-type": generation.contentType, "cache-control": "no-cache" });
        running.begun = true;
      }
      const stream: Writable = response;
      stream.write(generation.event(written, running.written));
    }
    if (running.written < generation.tokens) {
      this.driver.timeline.after(perToken * (running.written - written), () => this.#write(running));
    } else if (generation.stream) {
      response.end(generation.end(took));
    } else {
      sendJson(response, 200, generation.whole(took));
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
