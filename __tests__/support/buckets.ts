import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { handOn } from "../../local/instances/hand-on";
import { startMoto } from "../../local/instances/moto";
import { close, listen } from "./loopback";
import { preloaded } from "./preloaded";

/** S3: the emulator, and a front before it that has regions, and injects faults. */
export interface Buckets {
  readonly endpoint: string;
  /** What was written, as `PUT /bucket/key?partNumber=1`. */
  readonly writes: string[];
  /** How many of the next writes are answered with SlowDown. */
  throttled: number;
  /** How many writes are taken before all others are refused, as when credentials expire. */
  taken: number;
  stop(): Promise<void>;
}

/** @param home region of each bucket */
export async function startBuckets(home: Readonly<Record<string, string>>): Promise<Buckets> {
  const moto = await startMoto(preloaded("moto_server"));
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const url = new URL(request.url ?? "/", "http://s3");
    const [, bucket = ""] = url.pathname.split("/");
    const region = home[bucket];
    if (region !== undefined && region !== signedFor(request)) {
      response
        .writeHead(301, { "x-amz-bucket-region": region, "content-type": "application/xml" })
        .end(
          request.method === "HEAD"
            ? undefined
            : `<Error><Code>PermanentRedirect</Code><Message>another region</Message><Region>${region}</Region></Error>`,
        );
      return;
    }
    const isWrite =
      (request.method === "PUT" || request.method === "POST") && url.pathname.split("/").length > 2;
    if (isWrite && buckets.throttled > 0) {
      buckets.throttled -= 1;
      response
        .writeHead(503)
        .end("<Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>");
      return;
    }
    if (isWrite && buckets.taken <= 0) {
      response.writeHead(403).end("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
      return;
    }
    if (isWrite) {
      buckets.taken -= 1;
      url.searchParams.delete("x-id");
      url.searchParams.delete("uploadId");
      buckets.writes.push(`${request.method} ${decodeURIComponent(url.pathname)}${url.search}`);
    }
    delete request.headers.expect; // it is answered by this server
    const upstream = await handOn(moto.endpoint, request, body).catch(() => undefined);
    if (upstream === undefined) {
      // The caller tries again, as with AWS itself.
      response.writeHead(502).end();
      return;
    }
    response.writeHead(upstream.statusCode ?? 502, upstream.headers);
    upstream.pipe(response);
  });
  const buckets: Buckets = {
    ...{ endpoint: await listen(server), writes: [], throttled: 0, taken: Number.POSITIVE_INFINITY },
    stop: async () => {
      await close(server);
      await moto.stop();
    },
  };
  return buckets;
}

/** The region that a request is signed for. */
function signedFor({ headers }: IncomingMessage): string | undefined {
  return /Credential=[^/]+\/\d+\/([^/]+)\/s3\//.exec(headers.authorization ?? "")?.[1];
}
