import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { handOn } from "../../../local/instances/hand-on";
import { answerHook, type HookCall, hookCallOf } from "../../../local/instances/hooks";
import { startMoto } from "../../../local/instances/moto";
import { close, listen } from "../../support/loopback";
import { preloaded } from "../../support/preloaded";
import { plainFacts } from "../facts";

/** AWS for an instance: the emulator, and a front before it, which adds what moto lacks, and injects faults. */
export interface Aws {
  readonly endpoint: string;
  /** Instances of the group for which a hook waits for an answer, by its name. */
  readonly waiting: Map<string, string>;
  /** Calls for hooks that waited. */
  readonly accepted: readonly HookCall[];
  /** Calls for hooks that did not wait. */
  readonly refused: readonly HookCall[];
  /** Keys of objects that were read from S3, each as often as it was. */
  readonly reads: readonly string[];
  /** How many more reads S3 answers with SlowDown. */
  throttled: number;
  /** How many more times an object arrives corrupted, by its key. */
  readonly corrupted: Map<string, number>;
  /** Clears all of this for the next instance. */
  forget(): void;
  stop(): Promise<void>;
}

/** Starts moto, which lacks lifecycle actions, and a front before it, which has them. */
export async function startAws(): Promise<Aws> {
  const moto = await startMoto(preloaded("moto_server"));
  const state = { accepted: [] as HookCall[], refused: [] as HookCall[], reads: [] as string[] };

  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const call = hookCallOf(incoming, body);
    if (call !== undefined) {
      answerHook(response, call, accepts(call));
      return;
    }
    const key = objectKeyOf(incoming);
    if (key !== undefined && aws.throttled > 0) {
      aws.throttled -= 1;
      slowDown(response);
      return;
    }
    const upstream = await handOn(moto.endpoint, incoming, body).catch(() => undefined);
    if (upstream === undefined) {
      // The caller tries again, as with AWS itself.
      response.writeHead(502).end();
    } else if (key !== undefined && comesChanged(key)) {
      await answerChanged(response, upstream);
    } else {
      response.writeHead(upstream.statusCode ?? 502, upstream.headers);
      upstream.pipe(response);
    }
  });

  /** Records a call for a hook. @returns whether the hook waits */
  function accepts(call: HookCall): boolean {
    const waits =
      call.group === plainFacts.autoScalingGroupName && aws.waiting.get(call.hook) === call.instance;
    (waits ? state.accepted : state.refused).push(call);
    if (waits && call.action === "CompleteLifecycleAction") {
      aws.waiting.delete(call.hook);
    }
    return waits;
  }

  function comesChanged(key: string): boolean {
    state.reads.push(key);
    const times = aws.corrupted.get(key) ?? 0;
    aws.corrupted.set(key, Math.max(0, times - 1));
    return times > 0;
  }

  const aws: Aws = {
    endpoint: await listen(server),
    waiting: new Map(),
    ...state,
    throttled: 0,
    corrupted: new Map(),
    forget: () => {
      for (const list of Object.values(state)) {
        list.length = 0;
      }
      aws.waiting.clear();
      aws.corrupted.clear();
      aws.throttled = 0;
    },
    stop: async () => {
      await close(server);
      await moto.stop();
    },
  };
  return aws;
}

/** `GET /<bucket>/<key>`, which no other of AWS's interfaces that an instance calls looks like. */
function objectKeyOf({ method, url = "" }: IncomingMessage): string | undefined {
  const { pathname } = new URL(url, "http://aws");
  const key = /^\/[^/]+\/(.+)$/.exec(pathname)?.[1];
  return method === "GET" && key !== undefined ? decodeURIComponent(key) : undefined;
}

/** Source: S3 API, Error responses; "503 Slow Down". */
function slowDown(response: ServerResponse): void {
  const text = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
  response.writeHead(503, { "content-type": "application/xml" }).end(text);
}

/** As many bytes, and others; without the checksums by which the AWS CLI would find it out itself. */
async function answerChanged(response: ServerResponse, upstream: IncomingMessage): Promise<void> {
  const headers = Object.entries(upstream.headers).filter(
    ([name]) => !name.startsWith("x-amz-checksum") && name !== "etag",
  );
  const body = await buffer(upstream);
  response.writeHead(upstream.statusCode ?? 502, Object.fromEntries(headers)).end(body.fill("?"));
}
