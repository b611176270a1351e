import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { close, listen } from "../support/loopback";
import { type MetadataService, metadataService } from "./metadata-service";

/** A request to the model server of an instance. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the instance metadata service and the model server of an instance answer at the moment. */
export interface Loopback {
  /** Where Auto Scaling takes the instance; undefined where no group has it. */
  target: string | undefined;
  /** Whether the model server is well. */
  modelAnswers: boolean;
  /** Status and text that the model server answers with, by path; where it is to hang, nothing. */
  readonly answers: Record<string, { readonly status: number; readonly text: string } | "nothing">;
  /** What the model server was asked, but for its health. */
  readonly asked: Asked[];
  readonly metadata: MetadataService;
  readonly port: number;
  close(): Promise<void>;
}

const TARGET = "autoscaling/target-lifecycle-state";

/** An instance metadata service and a model server, on one port of the loopback address. */
export async function listenOnLoopback(target?: string): Promise<Loopback> {
  const metadata = metadataService();
  const server = createServer((request, response) => {
    if (request.url === "/health") {
      response.writeHead(loopback.modelAnswers ? 200 : 503).end();
    } else if (Object.hasOwn(loopback.answers, request.url ?? "")) {
      answerAsModel(request, response);
    } else {
      metadata.answer(request, response);
    }
  });
  async function answerAsModel(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = request;
    loopback.asked.push({ method, path, headers, body: await text(request) });
    const given = loopback.answers[path];
    if (given !== undefined && given !== "nothing") {
      response.writeHead(given.status).end(given.text);
    }
  }
  const endpoint = await listen(server);
  const loopback: Loopback = {
    get target() {
      return metadata.known.get(TARGET);
    },
    set target(state) {
      if (state === undefined) {
        metadata.known.delete(TARGET);
      } else {
        metadata.known.set(TARGET, state);
      }
    },
    modelAnswers: false,
    answers: {},
    asked: [],
    metadata,
    port: Number(new URL(endpoint).port),
    close: () => close(server),
  };
  loopback.target = target;
  return loopback;
}
