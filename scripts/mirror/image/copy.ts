import { createHash } from "node:crypto";
import { slots } from "../slots";
import type { EcrRepository } from "./ecr";
import { type ImageSource, INDEXES, MANIFESTS, type Manifest } from "./source";

/** Blobs that are copied at once. Of each one part is in memory. */
const AT_ONCE = 6;

/** Part of an image: its configuration, or a layer. */
interface Blob {
  readonly digest: string;
  readonly size: number;
  /** Addresses beside the registry, of layers that it does not have itself. */
  readonly urls?: readonly string[];
}

/** An image for one platform. */
export interface PlatformImage {
  readonly manifest: Manifest;
  readonly blobs: readonly Blob[];
}

/**
 * The image for Linux on an architecture: of an index that one of its manifests.
 *
 * @throws Error when there is none for it
 */
export async function platformImage(
  source: ImageSource,
  reference: string,
  architecture: "amd64" | "arm64",
): Promise<PlatformImage> {
  const first = await source.manifest(reference);
  const manifest = includes(INDEXES, first.mediaType)
    ? await source.manifest(platformDigest(first, architecture))
    : first;
  if (!includes(MANIFESTS, manifest.mediaType)) {
    throw new Error(
      `${reference} is no image, or one of a form that nobody makes any more (${manifest.mediaType})`,
    );
  }
  const { config, layers } = JSON.parse(manifest.bytes.toString()) as {
    readonly config: Blob;
    readonly layers: readonly Blob[];
  };
  const blobs = [...new Map([config, ...layers].map((blob) => [blob.digest, blob])).values()];
  const foreign = blobs.find(({ urls = [] }) => urls.length > 0);
  if (foreign !== undefined) {
    throw new Error(`${reference} has a layer that lies outside its registry: ${foreign.urls?.[0]}`);
  }
  if (first === manifest) {
    await requireArchitecture(source, config, reference, architecture);
  }
  return { manifest, blobs };
}

function platformDigest({ bytes }: Manifest, architecture: string): string {
  const { manifests = [] } = JSON.parse(bytes.toString()) as {
    readonly manifests?: readonly {
      readonly digest: string;
      readonly platform?: { readonly os?: string; readonly architecture?: string };
    }[];
  };
  const found = manifests.find(
    ({ platform }) => platform?.os === "linux" && platform.architecture === architecture,
  );
  if (found === undefined) {
    const has = manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`).join(", ");
    throw new Error(`the image is not made for linux/${architecture}; it has ${has}`);
  }
  return found.digest;
}

/** An image without an index says in its configuration what it is made for. */
async function requireArchitecture(
  source: ImageSource,
  { digest, size }: Blob,
  reference: string,
  wanted: string,
): Promise<void> {
  const { architecture } = JSON.parse((await source.read(digest, 0, size)).toString()) as {
    readonly architecture?: string;
  };
  if (architecture !== undefined && architecture !== wanted) {
    throw new Error(`${reference} is made for ${architecture}, and its instances are ${wanted}`);
  }
}

function includes(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

/**
 * Copies an image without a disk between. Each blob is checked by its digest before ECR has it, and those that are there are
 * not sent. The manifest comes last.
 *
 * @param count called with the bytes that have come, or were there
 */
export async function copyImage(
  source: ImageSource,
  { manifest, blobs }: PlatformImage,
  target: EcrRepository,
  tag: string | undefined,
  count: (bytes: number, how: "copied" | "there") => void,
): Promise<void> {
  const there = await target.blobs(blobs.map(({ digest }) => digest));
  const { take } = slots(AT_ONCE);
  let failed = false;
  const results = await Promise.allSettled(
    blobs.map(async (blob) => {
      if (there.has(blob.digest)) {
        count(blob.size, "there");
        return;
      }
      const release = await take();
      try {
        if (!failed) {
          await copyBlob(source, blob, target, (bytes) => count(bytes, "copied"));
        }
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        release();
      }
    }),
  );
  const refused = results.find((result) => result.status === "rejected");
  if (refused !== undefined) {
    throw refused.reason;
  }
  await target.putManifest(manifest, tag);
}

async function copyBlob(
  source: ImageSource,
  { digest, size }: Blob,
  target: EcrRepository,
  count: (bytes: number) => void,
): Promise<void> {
  const upload = await target.begin();
  const hash = createHash("sha256");
  for (let start = 0; start < size; start += upload.partBytes) {
    const bytes = await source.read(digest, start, Math.min(start + upload.partBytes, size));
    hash.update(bytes);
    await target.putPart(upload, start, bytes);
    count(bytes.length);
  }
  const came = `sha256:${hash.digest("hex")}`;
  if (came !== digest) {
    throw new Error(`a layer came as ${came}, and is to be ${digest}; it is not kept. Try again`);
  }
  await target.complete(upload, digest);
}
