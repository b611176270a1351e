import { readFileSync } from "node:fs";
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type AwsRequest, awsRequest, denial } from "./calls";
import { handOn } from "./hand-on";
import { answerHook, type HookCall, hookCallOf } from "./hooks";
import type { Image } from "./image";
import type { MetadataService } from "./metadata-service";
import { startMoto } from "./moto";
import { AWS_ADDRESS, METADATA_ADDRESS } from "./network";
import { registry } from "./registry";
import type { Template } from "./template";

/** The access key of an instance's role. The front knows no other. */
export const ACCESS_KEY = "ASIAINSTANCEOFTHETESTS";

/** What answers an instance about its group. */
export interface Scaling {
  /** A call about a hook. @returns whether the hook waits */
  hook(call: HookCall): boolean;
  /** Answers another call, in XML. @returns `undefined`: the emulator answers it */
  answer(request: AwsRequest): string | undefined;
}

/** What AWS knows of an instance. */
export interface KnownInstance {
  readonly metadata: MetadataService;
  /** What it was launched from. */
  readonly template: Template;
  /** What Auto Scaling knows of it. */
  readonly scaling: Scaling;
  /** Is told each of its calls that its role does not allow, in words. */
  readonly denied: (call: string) => void;
  /** Whether no registry answers it. */
  withoutRegistry: boolean;
}

/** AWS by its real names, its metadata service and Docker Hub, for the instances in the network. */
export interface Aws {
  /** The emulator itself, for a story that prepares something in it. */
  readonly emulator: string;
  /** By address. */
  readonly instances: Map<string, KnownInstance>;
}

/**
 * Starts all of it. It ends with this process.
 *
 * @param images names of those that Docker Hub has
 * @param emulator as for {@link startMoto}
 */
export async function startAws(
  image: Image,
  images: ReadonlySet<string>,
  emulator?: Parameters<typeof startMoto>[0],
): Promise<Aws> {
  const moto = await startMoto(emulator);
  const instances = new Map<string, KnownInstance>();
  const askRegistry = registry(image, images);

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = await buffer(request);
    const known = instances.get(request.socket.remoteAddress ?? "");
    if (known === undefined) {
      return response.destroy();
    }
    const { host = "", authorization = "" } = request.headers;
    if (host.endsWith("docker.io")) {
      return known.withoutRegistry ? response.writeHead(503).end() : askRegistry(request, response);
    }
    if (!authorization.includes(`Credential=${ACCESS_KEY}/`)) {
      return response.writeHead(403).end("<Error><Code>InvalidClientTokenId</Code></Error>");
    }
    const denied = denial(request, body, known.template);
    if (denied !== undefined) {
      known.denied(denied);
      return response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
    }
    const call = hookCallOf(request, body);
    if (call !== undefined) {
      return answerHook(response, call, known.scaling.hook(call));
    }
    const text = known.scaling.answer(awsRequest(request, body));
    if (text !== undefined) {
      return response.writeHead(200, { "content-type": "text/xml" }).end(text);
    }
    const upstream = await handOn(moto.endpoint, request, body);
    response.writeHead(upstream.statusCode ?? 502, upstream.headers);
    return upstream.pipe(response);
  }

  const serve = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch(() => response.destroy());
  };
  const [key, cert] = ["aws.key", "aws.crt"].map((name) => readFileSync(join(image.folder, name)));
  await listening(createServer({ key, cert }, serve), 443, AWS_ADDRESS);
  const metadata = createPlainServer((request, response) => {
    const known = instances.get(request.socket.remoteAddress ?? "");
    return known === undefined ? response.writeHead(404).end() : known.metadata.answer(request, response);
  });
  await listening(metadata, 80, METADATA_ADDRESS);
  return { emulator: moto.endpoint, instances };
}

function listening(
  server: { listen(port: number, host: string, done: () => void): unknown; unref(): unknown },
  port: number,
  host: string,
) {
  return new Promise<void>((resolve) => server.listen(port, host, resolve)).then(() => server.unref());
}
