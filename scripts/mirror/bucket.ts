import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  type ListPartsCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

/** What an object says of itself. This command writes it, and by it knows what an earlier run has copied. */
export interface Labels {
  readonly sha256: string | undefined;
  /** Git's hash, of files that the hub knows by it. */
  readonly gitBlob: string | undefined;
  /** Commit of the hub. */
  readonly revision: string | undefined;
}

/** An uploaded part of an upload that is not complete. */
export interface UploadedPart {
  readonly size: number;
  readonly etag: string;
  /** In base64. */
  readonly sha256: string | undefined;
}

/** A folder in S3. Paths are relative to it. */
export interface Bucket {
  /** With a slash at its end. */
  readonly uri: string;
  /** Region of the bucket. */
  readonly region: string;
  /** Bytes of each object in it. */
  list(): Promise<ReadonlyMap<string, number>>;
  labels(path: string): Promise<Labels>;
  text(path: string): Promise<string>;
  /** SHA-256 of an object, which is read for it. */
  sha256(path: string): Promise<string>;
  put(path: string, bytes: Uint8Array, labels: Labels, sha256: Buffer): Promise<void>;
  /** The latest upload of each path that is not complete. */
  uploads(): Promise<ReadonlyMap<string, string>>;
  begin(path: string, labels: Labels): Promise<string>;
  parts(path: string, upload: string): Promise<ReadonlyMap<number, UploadedPart>>;
  /** @returns ETag of the part */
  putPart(path: string, upload: string, part: number, bytes: Uint8Array, sha256: Buffer): Promise<string>;
  complete(path: string, upload: string, parts: readonly FinishedPart[]): Promise<void>;
  abort(path: string, upload: string): Promise<void>;
}

export interface FinishedPart {
  readonly number: number;
  readonly etag: string;
  readonly sha256: Buffer;
}

/**
 * How a client of S3 waits and tries again: it slows down after SlowDown. It sends parts at once, and does not ask S3 before
 * whether it takes them.
 */
const PATIENCE = { retryMode: "adaptive", maxAttempts: 10, expectContinueHeader: false } as const;

/**
 * The folder of a URI, with the credentials and the endpoint of the environment.
 *
 * @param region to ask first, where the environment names none; the bucket may be in any
 * @throws Error when there is no such bucket, or it is not open to the credentials
 */
export async function openBucket(uri: string, region: string): Promise<Bucket> {
  const [, name = "", key = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  const prefix = key === "" || key.endsWith("/") ? key : `${key}/`;
  const home = await regionOf(name, process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || region);
  const s3 = new S3Client({ ...PATIENCE, region: home });
  const at = (path: string) => ({ Bucket: name, Key: prefix + path });
  const within = { Bucket: name, Prefix: prefix };
  return {
    uri: `s3://${name}/${prefix}`,
    region: home,
    async list() {
      const sizes = new Map<string, number>();
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, within)) {
        for (const { Key = "", Size = 0 } of Contents) {
          sizes.set(Key.slice(prefix.length), Size);
        }
      }
      // An object with the name of the folder, as consoles make it.
      sizes.delete("");
      return sizes;
    },
    async labels(path) {
      const { Metadata: { sha256, "git-blob": gitBlob, revision } = {} } = await s3.send(
        new HeadObjectCommand(at(path)),
      );
      return { sha256, gitBlob, revision };
    },
    async text(path) {
      const { Body } = await s3.send(new GetObjectCommand(at(path)));
      return (await Body?.transformToString()) ?? "";
    },
    async sha256(path) {
      const { Body } = await s3.send(new GetObjectCommand(at(path)));
      const hash = createHash("sha256");
      for await (const bytes of (Body ?? []) as AsyncIterable<Uint8Array>) {
        hash.update(bytes);
      }
      return hash.digest("hex");
    },
    async put(path, bytes, labels, sha256) {
      const body = { Body: bytes, ContentLength: bytes.length, ChecksumSHA256: sha256.toString("base64") };
      await s3.send(new PutObjectCommand({ ...at(path), ...body, Metadata: metadataOf(labels) }));
    },
    async uploads() {
      const latest = new Map<string, { readonly id: string; readonly begun: number }>();
      let next: { readonly KeyMarker?: string; readonly UploadIdMarker?: string } | undefined = {};
      while (next !== undefined) {
        const page: ListMultipartUploadsCommandOutput = await s3.send(
          new ListMultipartUploadsCommand({ ...within, ...next }),
        );
        for (const { Key = "", UploadId = "", Initiated } of page.Uploads ?? []) {
          const path = Key.slice(prefix.length);
          const begun = Initiated?.getTime() ?? 0;
          if (begun >= (latest.get(path)?.begun ?? 0)) {
            latest.set(path, { id: UploadId, begun });
          }
        }
        next = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
          : undefined;
      }
      return new Map([...latest].map(([path, { id }]) => [path, id]));
    },
    async begin(path, labels) {
      const settings = { Metadata: metadataOf(labels), ChecksumAlgorithm: "SHA256" } as const;
      const { UploadId = "" } = await s3.send(new CreateMultipartUploadCommand({ ...at(path), ...settings }));
      return UploadId;
    },
    async parts(path, upload) {
      const found = new Map<number, UploadedPart>();
      let marker: string | undefined;
      do {
        const page: ListPartsCommandOutput = await s3.send(
          new ListPartsCommand({ ...at(path), UploadId: upload, PartNumberMarker: marker }),
        );
        for (const { PartNumber = 0, Size = 0, ETag = "", ChecksumSHA256: sha256 } of page.Parts ?? []) {
          found.set(PartNumber, { size: Size, etag: ETag, sha256 });
        }
        marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
      } while (marker !== undefined);
      return found;
    },
    async putPart(path, upload, part, bytes, sha256) {
      const { ETag = "" } = await s3.send(
        new UploadPartCommand({
          ...at(path),
          ...{ UploadId: upload, PartNumber: part, Body: bytes, ContentLength: bytes.length },
          ChecksumSHA256: sha256.toString("base64"),
        }),
      );
      return ETag;
    },
    async complete(path, upload, parts) {
      const all = parts.map(({ number, etag, sha256 }) => ({
        ...{ PartNumber: number, ETag: etag, ChecksumSHA256: sha256.toString("base64") },
      }));
      await s3.send(
        new CompleteMultipartUploadCommand({
          ...{ ...at(path), UploadId: upload, MultipartUpload: { Parts: all } },
        }),
      );
    },
    async abort(path, upload) {
      await s3.send(new AbortMultipartUploadCommand({ ...at(path), UploadId: upload }));
    },
  };
}

/** Where a bucket is. S3 says it in any region, also with an error. */
async function regionOf(bucket: string, asked: string): Promise<string> {
  const s3 = new S3Client({ ...PATIENCE, region: asked, followRegionRedirects: true });
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return BucketRegion ?? asked;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { readonly httpStatusCode?: number } };
    switch ($metadata?.httpStatusCode) {
      case 404:
        throw new Error(`there is no bucket ${bucket}; make it, or name another one with --to`);
      case 403:
        throw new Error(
          `the credentials may not read the bucket ${bucket}, or it is another account's; they need s3:ListBucket, s3:GetObject, s3:PutObject, s3:ListBucketMultipartUploads, s3:ListMultipartUploadParts and s3:AbortMultipartUpload`,
        );
      default:
        throw name === "CredentialsProviderError"
          ? new Error("there are no AWS credentials; sign in, such as by aws sso login")
          : error;
    }
  } finally {
    s3.destroy();
  }
}

function metadataOf({ sha256, gitBlob, revision }: Labels): Record<string, string> {
  const all = { sha256, "git-blob": gitBlob, revision };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]));
}
