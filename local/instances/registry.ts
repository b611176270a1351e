import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Image } from "./image";

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const TOKEN = "a-token-of-the-registry";

/**
 * Docker Hub with the image of the model server, under some names. Without a token of its own it answers nobody (Docker Registry HTTP API V2;
 * "Token authentication specification").
 */
export function registry(
  { folder }: Image,
  names: ReadonlySet<string>,
): (request: IncomingMessage, response: ServerResponse) => void {
  const layer = readFileSync(join(folder, "model-server.tar.gz"));
  const config = Buffer.from(
    JSON.stringify({
      architecture: { x64: "amd64" }[process.arch as string] ?? process.arch,
      os: "linux",
      config: { Entrypoint: ["/usr/bin/python3", "/srv/model-server.py"], Env: ["PATH=/usr/bin"] },
      rootfs: { type: "layers", diff_ids: [digest(readFileSync(join(folder, "model-server.tar")))] },
    }),
  );
  const blobs = new Map([layer, config].map((blob) => [digest(blob), blob]));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described("application/vnd.docker.container.image.v1+json", config),
      layers: [described("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)],
    }),
  );

  return ({ method, url = "", headers }, response) => {
    const send = (status: number, type: string, body: Buffer, more: Record<string, string> = {}) =>
      response
        .writeHead(status, { "content-type": type, "content-length": body.length, ...more })
        .end(method === "HEAD" ? undefined : body);
    const fail = (status: number, code: string, more?: Record<string, string>) =>
      send(
        status,
        "application/json",
        Buffer.from(JSON.stringify({ errors: [{ code, message: code }] })),
        more,
      );
    if (headers.host === "auth.docker.io") {
      return send(200, "application/json", Buffer.from(JSON.stringify({ token: TOKEN })));
    }
    if (headers.authorization !== `Bearer ${TOKEN}`) {
      const challenge = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"';
      return fail(401, "UNAUTHORIZED", { "www-authenticate": challenge });
    }
    const [, name, kind, reference = ""] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    const blob = blobs.get(reference);
    if (kind === "blobs" && blob !== undefined) {
      return send(200, "application/octet-stream", blob, { "docker-content-digest": reference });
    }
    if (kind === "manifests" && (names.has(`${name}:${reference}`) || reference === digest(manifest))) {
      return send(200, MANIFEST, manifest, { "docker-content-digest": digest(manifest) });
    }
    return fail(404, kind === "blobs" ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN");
  };
}

function described(mediaType: string, blob: Buffer) {
  return { mediaType, size: blob.length, digest: digest(blob) };
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
