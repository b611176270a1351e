import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { close, listen } from "./loopback";

/** A model as the hub has it: its commits, the latest last, each with its files. */
export interface HubModel {
  readonly commits: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
  /** Who may read it. Default: anybody. */
  readonly gated?: { readonly allowed: readonly string[] };
}

/** A stand-in for the hub, and for the network from which it sends large files. It takes no other requests than theirs. */
export interface StandInHub {
  readonly endpoint: string;
  readonly models: Record<string, HubModel>;
  /** Requests that the real ones would refuse. */
  readonly refused: readonly string[];
  /** Ranges that the network has sent, as `path start-end`. */
  readonly sent: string[];
  /** How many of the next answers are 429. They say to wait for 7 seconds. */
  throttled: number;
  /** How many of the next large answers end in their middle. */
  cut: number;
  /** How many answers a signed address gives before it has expired. */
  uses: number;
  /** Called after the files were listed. */
  afterListing: () => void;
  /** Changes the bytes of a large file on their way. */
  corrupted: string | undefined;
  stop(): Promise<void>;
}

/** The hub keeps files above this size, in bytes, apart from its repositories; here a smaller one than the real 10 MB. */
const LARGE = 1024;

/** Files of a page of a listing; here fewer than the real 1,000. */
const PAGE = 100;

/** Two servers, as the token of the one must not reach the other. */
export async function startHub(): Promise<StandInHub> {
  const refused: string[] = [];
  /** Answers that each signed address has given. */
  const signed = new Map<string, number>();
  const network = createServer((request, response) => answerFile(request, response));
  const server = createServer((request, response) => answer(request, response));
  const cdn = await listen(network);
  const endpoint = await listen(server);
  const hub: StandInHub = {
    ...{ endpoint, models: {}, refused, sent: [], throttled: 0, cut: 0, uses: Number.POSITIVE_INFINITY },
    afterListing: () => undefined,
    corrupted: undefined,
    stop: async () => {
      await close(server);
      await close(network);
    },
  };

  function refuse(response: ServerResponse, status: number, said: string, code?: string): void {
    response
      .writeHead(status, {
        "content-type": "application/json",
        ...(code === undefined ? {} : { "x-error-code": code }),
      })
      .end(JSON.stringify({ error: said }));
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "/", endpoint);
    if (hub.throttled > 0) {
      hub.throttled -= 1;
      response.writeHead(429, { "retry-after": "7" }).end("Too many requests");
      return;
    }
    const asked = routeOf(pathname);
    if (request.method !== "GET" || asked === undefined) {
      refused.push(`${request.method} ${request.url}`);
      refuse(response, 400, "Bad request");
      return;
    }
    const { kind, id, revision, path } = asked;
    const model = hub.models[id];
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (model === undefined) {
      // Whoever is not known is not told whether a private one is there.
      if (token === undefined) {
        refuse(response, 401, "Invalid username or password.", "RepoNotFound");
      } else {
        refuse(response, 404, "Repository not found", "RepoNotFound");
      }
      return;
    }
    const latest = Object.keys(model.commits).at(-1) ?? "";
    const commit = revision === "main" ? latest : decodeURIComponent(revision);
    const files = model.commits[commit];
    if (files === undefined) {
      refuse(response, 404, `Invalid rev id: ${revision}`, "RevisionNotFound");
      return;
    }
    if (kind === "revision") {
      if (!searchParams.getAll("expand").includes("sha")) {
        refused.push(`${request.url} does not ask for sha`);
      }
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ _id: "0", id, sha: commit, lastModified: "2026-10-01T00:00:00.000Z" }));
      return;
    }
    if (kind === "tree") {
      answerTree(response, files, searchParams, id, commit);
      return;
    }
    if (model.gated !== undefined && !model.gated.allowed.includes(token ?? "")) {
      refuse(response, token === undefined ? 401 : 403, `Access to model ${id} is restricted.`, "GatedRepo");
      return;
    }
    const name = decodeURIComponent(path);
    const bytes = files[name];
    if (bytes === undefined) {
      refuse(response, 404, "Entry not found", "EntryNotFound");
      return;
    }
    const shown = { "x-repo-commit": commit };
    if (bytes.length > LARGE) {
      const signature = String(signed.size);
      signed.set(signature, 0);
      response
        .writeHead(302, {
          ...shown,
          "x-linked-etag": `"${sha256(bytes)}"`,
          "x-linked-size": String(bytes.length),
          location: `${cdn}/${id}/${commit}/${path}?Expires=1&Signature=${signature}`,
        })
        .end();
    } else if (kind === "resolve-cache") {
      sendRange(request, response, name, bytes);
    } else {
      response
        .writeHead(307, { ...shown, location: `/api/resolve-cache/models/${id}/${commit}/${path}` })
        .end();
    }
  }

  function answerTree(
    response: ServerResponse,
    files: Readonly<Record<string, Buffer>>,
    query: URLSearchParams,
    id: string,
    commit: string,
  ): void {
    const from = Number(query.get("cursor") ?? 0);
    const entries = Object.entries(files).map(([path, bytes]) => ({
      ...{ type: "file", path, size: bytes.length, oid: gitBlob(bytes) },
      ...(bytes.length > LARGE
        ? { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 }, xetHash: "0" }
        : {}),
    }));
    const all = [{ type: "directory", path: "a", size: 0, oid: "0" }, ...entries];
    const more = from + PAGE < all.length;
    const next = `${endpoint}/api/models/${id}/tree/${commit}?recursive=true&expand=false&cursor=${from + PAGE}`;
    response
      .writeHead(200, {
        "content-type": "application/json",
        ...(more ? { link: `<${next}>; rel="next"` } : {}),
      })
      .end(JSON.stringify(all.slice(from, from + PAGE)));
    if (!more) {
      hub.afterListing();
    }
  }

  function answerFile(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "/", cdn);
    const [, owner, name, commit = "", ...path] = pathname.split("/");
    const bytes = hub.models[`${owner}/${name}`]?.commits[commit]?.[decodeURIComponent(path.join("/"))];
    const signature = searchParams.get("Signature") ?? "";
    const used = signed.get(signature);
    if (request.headers.authorization !== undefined || used === undefined || bytes === undefined) {
      refused.push(`${request.url} with ${request.headers.authorization}`);
      response.writeHead(400).end("Only one auth mechanism allowed");
    } else if (used >= hub.uses) {
      response
        .writeHead(403)
        .end("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>");
    } else {
      signed.set(signature, used + 1);
      sendRange(request, response, decodeURIComponent(path.join("/")), bytes);
    }
  }

  function sendRange(request: IncomingMessage, response: ServerResponse, path: string, whole: Buffer): void {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (
      from === undefined ||
      Number(to) >= whole.length ||
      request.headers["accept-encoding"] !== "identity"
    ) {
      refused.push(`${request.url} of ${request.headers.range} as ${request.headers["accept-encoding"]}`);
      response.writeHead(416).end();
      return;
    }
    const bytes = Buffer.from(whole.subarray(Number(from), Number(to) + 1));
    if (hub.corrupted === path) {
      bytes[0] = (bytes[0] ?? 0) ^ 1;
    }
    hub.sent.push(`${path} ${from}-${to}`);
    response.writeHead(206, {
      "content-length": bytes.length,
      "content-range": `bytes ${from}-${to}/${whole.length}`,
    });
    if (hub.cut > 0) {
      hub.cut -= 1;
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    } else {
      response.end(bytes);
    }
  }
  return hub;
}

/** The paths of the hub that are needed here. */
const ROUTES = [
  /^\/api\/models\/(?<id>[^/]+\/[^/]+)\/(?<kind>revision)\/(?<revision>[^/]+)$/,
  /^\/api\/models\/(?<id>[^/]+\/[^/]+)\/(?<kind>tree)\/(?<revision>[0-9a-f]{40})$/,
  /^\/(?<id>[^/]+\/[^/]+)\/(?<kind>resolve)\/(?<revision>[0-9a-f]{40})\/(?<path>.+)$/,
  /^\/api\/(?<kind>resolve-cache)\/models\/(?<id>[^/]+\/[^/]+)\/(?<revision>[0-9a-f]{40})\/(?<path>.+)$/,
];

function routeOf(pathname: string) {
  const groups = ROUTES.map((route) => route.exec(pathname)?.groups).find((each) => each !== undefined);
  return (
    groups && {
      kind: groups.kind,
      id: groups.id ?? "",
      revision: groups.revision ?? "",
      path: groups.path ?? "",
    }
  );
}

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function gitBlob(bytes: Buffer): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
