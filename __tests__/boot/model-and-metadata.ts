import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type MetadataService, metadataService } from "../../local/instances/metadata-service";
import { close, listen } from "../support/loopback";

/** A request to the model server of an instance. */
export interface ModelRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The instance metadata service and the model server of an instance, with their present answers. */
export interface Loopback {
  /** Target lifecycle state of the instance; undefined outside a group. */
  target: string | undefined;
  /** Whether the model server is healthy. */
  modelAnswers: boolean;
  /** Status and text of the model server's answers, by path; `nothing` if it hangs. */
  readonly answers: Record<string, { readonly status: number; readonly text: string } | "nothing">;
  /** Requests to the model server, without its health checks. */
  readonly requests: ModelRequest[];
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
    loopback.requests.push({ method, path, headers, body: await text(request) });
    const given = loopback.answers[path];
    if (given !== undefined && given !== "nothing") {
      response.writeHead(given.status).end(given.text);
    }
  }
  const endpoint = await listen(server);
  const loopback: Loopback = {
    get target() {
      return metadata.values.get(TARGET);
    },
    set target(state) {
      if (state === undefined) {
        metadata.values.delete(TARGET);
      } else {
        metadata.values.set(TARGET, state);
      }
    },
    modelAnswers: false,
    answers: {},
    requests: [],
    metadata,
    port: Number(new URL(endpoint).port),
    close: () => close(server),
  };
  loopback.target = target;
  return loopback;
}
