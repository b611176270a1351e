import { createHash } from "node:crypto";
import { type Patience, patiently } from "../patience";
import type { ImageReference } from "./reference";

/** Who signs in to a registry. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** A manifest as its registry sends it: the digest is of these bytes. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A repository to pull from. */
export interface ImageSource {
  /** @param reference a tag or a digest; of a digest the bytes are checked */
  manifest(reference: string): Promise<Manifest>;
  /** Bytes of a blob from `start` on, before `end`. */
  read(digest: string, start: number, end: number): Promise<Buffer>;
}

/** Source: OCI image specification, media types; Docker's image manifest, version 2, schema 2. */
export const INDEXES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
] as const;
export const MANIFESTS = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
] as const;

/**
 * A repository of a registry that speaks Docker's API, version 2, with its tokens (OCI distribution specification, Pull;
 * Docker, Token Authentication). Of the packages in npm that speak it none is kept up and reads parts of blobs.
 */
export function openImageSource(
  { endpoint, repository, registry }: ImageReference,
  login: Login | undefined,
  patience: Patience,
): ImageSource {
  let authorization: string | undefined;

  async function send(path: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    const ask = () =>
      // fetch takes Authorization away where a redirect leads to another origin, as to the network that has the blobs.
      fetch(`${endpoint}/v2/${repository}/${path}`, {
        headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      });
    const response = await ask();
    if (response.status !== 401) {
      return response;
    }
    // Without a token yet, or it has expired.
    await response.body?.cancel();
    authorization = await authorizationFor(response.headers.get("www-authenticate") ?? "");
    return ask();
  }

  async function authorizationFor(challenge: string): Promise<string> {
    const basic = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
    const [, scheme = "", text = ""] = /^(\w+)\s+(.*)$/.exec(challenge) ?? [];
    if (scheme.toLowerCase() === "basic" && basic !== undefined) {
      return basic;
    }
    const { realm, service, scope } = Object.fromEntries(
      [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
    );
    if (scheme.toLowerCase() !== "bearer" || realm === undefined) {
      throw refusal(401);
    }
    const url = new URL(realm);
    if (url.protocol !== new URL(endpoint).protocol) {
      throw new Error(`${registry} wants its password sent to ${url.origin}, without encryption`);
    }
    for (const [name, value] of Object.entries({
      service,
      scope: scope ?? `repository:${repository}:pull`,
    })) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    return patiently(
      () => fetch(url, { headers: basic === undefined ? {} : { authorization: basic } }),
      async (response) => {
        if (!response.ok) {
          await response.body?.cancel();
          throw refusal(response.status);
        }
        const { token, access_token: other } = (await response.json()) as Record<string, string | undefined>;
        return `Bearer ${token ?? other}`;
      },
      patience,
    );
  }

  function refusal(status: number): Error {
    if (status === 401 || status === 403 || (status === 404 && login === undefined)) {
      return new Error(
        login === undefined
          ? `${registry} has no ${repository} for those who do not sign in: set REGISTRY_PASSWORD, and REGISTRY_USER where the file has no registry.user`
          : `${registry} does not give ${repository} to the user ${login.user}: correct REGISTRY_USER and REGISTRY_PASSWORD`,
      );
    }
    return new Error(
      status === 404
        ? `${registry} has no ${repository} by this tag or digest`
        : `${registry} answers ${status}; try again later, what is copied stays`,
    );
  }

  return {
    manifest: (reference) =>
      patiently(
        () => send(`manifests/${reference}`, { accept: [...INDEXES, ...MANIFESTS].join(", ") }),
        async (response) => {
          if (!response.ok) {
            await response.body?.cancel();
            throw refusal(response.status);
          }
          const bytes = Buffer.from(await response.arrayBuffer());
          const digest = digestOf(bytes);
          if (reference.startsWith("sha256:") && digest !== reference) {
            throw new Error(
              `${registry} sent other bytes for ${repository}@${reference}: they are ${digest}`,
            );
          }
          const mediaType = (response.headers.get("content-type") ?? "").replace(/;.*/, "").trim();
          return { digest, mediaType, bytes };
        },
        patience,
      ),
    read: (digest, start, end) =>
      patiently(
        () => send(`blobs/${digest}`, { range: `bytes=${start}-${end - 1}` }),
        async (response) => {
          const isWhole = response.status === 200 && start === 0;
          if (response.status !== 206 && !isWhole) {
            await response.body?.cancel();
            throw response.ok
              ? new Error(`${registry} does not send parts of ${digest}`)
              : refusal(response.status);
          }
          const bytes = Buffer.from(await response.arrayBuffer());
          if (bytes.length !== end - start) {
            throw new Error(
              `${registry} sent ${bytes.length} bytes of ${digest}, and ${end - start} were asked for`,
            );
          }
          return bytes;
        },
        patience,
      ),
  };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
