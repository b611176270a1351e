import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { close, listen } from "./loopback";

/** An image of the stand-in: what its manifests and blobs are, by digest, and what its tags name. */
export interface RegistryContent {
  readonly tags: Record<string, string>;
  readonly manifests: Record<string, { readonly mediaType: string; readonly bytes: Buffer }>;
  readonly blobs: Record<string, Buffer>;
}

/** A stand-in for a registry with tokens, and for the network to which it sends those who ask for blobs. */
export interface StandInRegistry {
  readonly endpoint: string;
  /** By repository. */
  readonly repositories: Record<string, RegistryContent>;
  /** `user:password` that a repository asks for, by repository. */
  readonly logins: Record<string, string>;
  /** Requests that a real one would refuse. */
  readonly refused: string[];
  /** Ranges that were sent, as `digest start-end`. */
  readonly sent: string[];
  /** How many of the next answers are 429. They say to wait for 7 seconds. */
  throttled: number;
  /** How many of the next blobs end in their middle. */
  cut: number;
  /** How many requests a token is good for. */
  uses: number;
  /** The digest of a blob or a manifest that is changed on its way. */
  corrupted: string | undefined;
  stop(): Promise<void>;
}

export const digestOf = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

export async function startRegistry(): Promise<StandInRegistry> {
  const tokens = new Map<string, { readonly repository: string; left: number }>();
  const signed = new Map<string, Buffer>();
  const network = createServer((request, response) => sendBlob(request, response));
  const server = createServer((request, response) => answer(request, response));
  const cdn = await listen(network);
  const endpoint = await listen(server);
  const registry: StandInRegistry = {
    ...{ endpoint, repositories: {}, logins: {}, refused: [], sent: [] },
    ...{ throttled: 0, cut: 0, uses: Number.POSITIVE_INFINITY, corrupted: undefined },
    async stop() {
      await close(server);
      await close(network);
    },
  };
  const bytesOf = (digest: string, bytes: Buffer) =>
    registry.corrupted === digest ? Buffer.concat([bytes.subarray(1), Buffer.from("x")]) : bytes;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", endpoint);
    if (registry.throttled > 0) {
      registry.throttled -= 1;
      response.writeHead(429, { "retry-after": "7" }).end("toomanyrequests");
      return;
    }
    if (url.pathname === "/token") {
      giveToken(url, request, response);
      return;
    }
    const [, repository = "", kind, reference = ""] =
      /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (kind === undefined || request.method !== "GET") {
      registry.refused.push(`${request.method} ${request.url}`);
      response.writeHead(400).end();
      return;
    }
    const token = tokens.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
    if (token?.repository !== repository || token.left <= 0) {
      const scope = `repository:${repository}:pull`;
      const challenge = `Bearer realm="${endpoint}/token",service="stand-in",scope="${scope}"`;
      response.writeHead(401, { "www-authenticate": challenge }).end("{}");
      return;
    }
    token.left -= 1;
    const content = registry.repositories[repository];
    if (kind === "manifests") {
      sendManifest(content, reference, request, response);
      return;
    }
    const blob = content?.blobs[reference];
    if (blob === undefined) {
      response.writeHead(404).end();
      return;
    }
    const name = `/${signed.size}/${reference}`;
    signed.set(name, blob);
    response.writeHead(307, { location: cdn + name }).end();
  }

  function giveToken({ searchParams }: URL, request: IncomingMessage, response: ServerResponse): void {
    const repository = /^repository:(.+):pull$/.exec(searchParams.get("scope") ?? "")?.[1] ?? "";
    const login = Buffer.from(
      /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "",
      "base64",
    ).toString();
    const wanted = registry.logins[repository];
    if (searchParams.get("service") !== "stand-in" || (wanted !== undefined && login !== wanted)) {
      response.writeHead(401).end("{}");
      return;
    }
    const token = `token-${tokens.size}`;
    tokens.set(token, { repository, left: registry.uses });
    response.end(JSON.stringify({ token }));
  }

  function sendManifest(
    content: RegistryContent | undefined,
    reference: string,
    { headers }: IncomingMessage,
    response: ServerResponse,
  ): void {
    const digest = content?.tags[reference] ?? reference;
    const manifest = content?.manifests[digest];
    if (manifest === undefined || !headers.accept?.includes(manifest.mediaType)) {
      response.writeHead(404).end("{}");
      return;
    }
    response.writeHead(200, { "content-type": manifest.mediaType }).end(bytesOf(digest, manifest.bytes));
  }

  /** As S3 does, it refuses a request with two ways to be let in. */
  function sendBlob(request: IncomingMessage, response: ServerResponse): void {
    const blob = signed.get(request.url ?? "");
    const digest = (request.url ?? "").replace(/^.*\//, "");
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (blob === undefined || request.headers.authorization !== undefined || first === undefined) {
      registry.refused.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.writeHead(400).end();
      return;
    }
    const bytes = bytesOf(digest, blob).subarray(Number(first), Number(last) + 1);
    registry.sent.push(`${digest} ${first}-${last}`);
    response.writeHead(206, { "content-length": bytes.length });
    if (registry.cut > 0) {
      registry.cut -= 1;
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
      return;
    }
    response.end(bytes);
  }
  return registry;
}
