import { createHash } from "node:crypto";
import type { Bucket, FinishedPart, Labels, UploadedPart } from "./bucket";
import { manifestEntries, manifestText } from "./manifest";
import { PART_BYTES, partsOf } from "./parts";
import { slots } from "./slots";
import { hashesOf, type Source, type SourceFile } from "./source";

/** The name of the file with the hashes of all others, as instances look for it. */
export const MANIFEST = "SHA256SUMS";

/** Parts and small files that are copied at once. Each is in memory meanwhile, with {@link PART_BYTES} or less. */
const AT_ONCE = 16;

/** How files are copied. */
export interface CopySettings {
  /** Called with the bytes that have come to S3, or were there. */
  readonly count: (bytes: number, how: "copied" | "there") => void;
  /** Default: {@link PART_BYTES}. */
  readonly partBytes?: number;
}

/** What a copy works on. */
interface Work {
  readonly source: Source;
  readonly bucket: Bucket;
  /** Bytes of what lay there before. */
  readonly there: ReadonlyMap<string, number>;
  /** Uploads that an earlier run has begun. */
  readonly uploads: ReadonlyMap<string, string>;
  readonly count: CopySettings["count"];
}

/**
 * Copies files to a folder in S3 without a disk between, checks each by what its source says of it, and puts a
 * `SHA256SUMS` beside them when all are there. What an earlier run has copied stays, whole files and parts of files. It
 * overwrites nothing.
 *
 * @returns the SHA-256 of the `SHA256SUMS`
 * @throws Error when files do not arrive as they should be, or the folder holds something else
 */
export async function copyAll(
  source: Source,
  files: readonly SourceFile[],
  bucket: Bucket,
  { count, partBytes = PART_BYTES }: CopySettings,
): Promise<{ readonly sha256: string }> {
  const there = await bucket.list();
  await requireFolder(source, files, bucket, there);
  const work: Work = { source, bucket, there, uploads: await bucket.uploads(), count };
  const hashes = new Map<string, string>();
  const { take } = slots(AT_ONCE);
  const tasks: Promise<unknown>[] = [];
  let failure: { readonly error: unknown } | undefined;
  const note = (error: unknown): void => {
    failure ??= { error };
  };
  /** Has a task run when there is room for it. What follows waits for that, and not for its end. */
  const start: Start = async (task) => {
    const release = await take();
    if (failure !== undefined) {
      release();
      throw failure.error;
    }
    const result = task().finally(release);
    tasks.push(result.catch(note));
    return { result };
  };
  try {
    for (const file of files) {
      if (file.size <= partBytes) {
        await start(async () => hashes.set(file.path, await putWhole(work, file)));
      } else {
        const { result } = await putInParts(work, file, partBytes, start);
        tasks.push(result.then((sha256) => hashes.set(file.path, sha256), note));
      }
    }
  } catch (error) {
    note(error);
  }
  await Promise.all(tasks);
  if (failure !== undefined) {
    throw failure.error;
  }
  const manifest = Buffer.from(manifestText(hashes));
  const sha256 = createHash("sha256").update(manifest).digest();
  const labels = { sha256: sha256.toString("hex"), gitBlob: undefined, revision: source.revision };
  await bucket.put(MANIFEST, manifest, labels, sha256);
  return { sha256: labels.sha256 };
}

type Start = <T>(task: () => Promise<T>) => Promise<{ readonly result: Promise<T> }>;

async function putWhole(work: Work, file: SourceFile): Promise<string> {
  const { source, bucket, count } = work;
  const before = await hashBefore(work, file);
  if (before !== undefined) {
    return before;
  }
  const bytes = await source.read(file, 0, file.size);
  const hashes = hashesOf(file);
  hashes.update(bytes);
  const sha256 = hashes.verified();
  await bucket.put(file.path, bytes, labelsOf(source, file, sha256), Buffer.from(sha256, "hex"));
  count(file.size, "copied");
  return sha256;
}

/**
 * Puts a file in parts, several at once, while its bytes are hashed in their order. Parts that an earlier run has put are
 * read again, for the hash, and not sent again. The object appears when the hash is right.
 *
 * @returns when all parts have been started; `result` when the object is there
 */
async function putInParts(
  work: Work,
  file: SourceFile,
  partBytes: number,
  start: Start,
): Promise<{ readonly result: Promise<string> }> {
  const { source, bucket, uploads, count } = work;
  const before = await hashBefore(work, file);
  if (before !== undefined) {
    return { result: Promise.resolve(before) };
  }
  const { path } = file;
  const wanted = labelsOf(source, file, file.known.sha256 ?? (await sha256Of(source, file, partBytes)));
  const begun = uploads.get(path);
  const upload = begun ?? (await bucket.begin(path, wanted));
  const uploaded = begun === undefined ? new Map<number, UploadedPart>() : await bucket.parts(path, begun);
  const hashes = hashesOf(file);
  const sent: Promise<FinishedPart>[] = [];
  let hashed = Promise.resolve();
  for (const { number, start: from, end } of partsOf(file.size, partBytes)) {
    const { result } = await start(async () => {
      const read = source.read(file, from, end);
      const inOrder = Promise.all([read, hashed]).then(([bytes]) => hashes.update(bytes));
      hashed = inOrder;
      inOrder.catch(() => undefined);
      const bytes = await read;
      const sha256 = createHash("sha256").update(bytes).digest();
      const etag =
        sameEtag(uploaded.get(number), bytes, sha256) ??
        (await bucket.putPart(path, upload, number, bytes, sha256));
      await inOrder;
      count(bytes.length, "copied");
      return { number, etag, sha256 };
    });
    sent.push(result);
  }
  const finish = async () => {
    const parts = await Promise.all(sent);
    let sha256: string;
    try {
      sha256 = hashes.verified();
    } catch (error) {
      await bucket.abort(path, upload);
      throw error;
    }
    await bucket.complete(path, upload, parts);
    if (begun !== undefined) {
      requireSame(work, file, await bucket.labels(path), sha256);
    }
    return sha256;
  };
  return { result: finish() };
}

/** The ETag of an uploaded part with these bytes. S3 says its SHA-256, or without that has its MD5 as ETag. */
function sameEtag(part: UploadedPart | undefined, bytes: Uint8Array, sha256: Buffer): string | undefined {
  const isSame =
    part?.size === bytes.length &&
    (part.sha256 === sha256.toString("base64") ||
      part.etag.replaceAll('"', "") === createHash("md5").update(bytes).digest("hex"));
  return isSame ? part.etag : undefined;
}

/** The SHA-256 of a file that an earlier run has copied. @throws Error when another one is there */
async function hashBefore(work: Work, file: SourceFile): Promise<string | undefined> {
  const { source, bucket, there, count } = work;
  const size = there.get(file.path);
  if (size === undefined) {
    return undefined;
  }
  const written = await bucket.labels(file.path);
  // Another tool has put it there, without a label.
  const isBare = written.sha256 === undefined && size === file.size;
  const labels = isBare ? { ...written, sha256: await bucket.sha256(file.path) } : written;
  const { sha256, gitBlob } = file.known;
  const wanted =
    sha256 ?? (gitBlob === undefined || isBare ? await sha256Of(source, file, PART_BYTES) : undefined);
  requireSame(work, file, size === file.size ? labels : { ...labels, sha256: undefined }, wanted);
  count(file.size, "there");
  return labels.sha256;
}

/** @param sha256 undefined: Git's hash is compared */
function requireSame(
  { source, bucket }: Work,
  { path, known }: SourceFile,
  labels: Labels,
  sha256: string | undefined,
): void {
  const isSame =
    labels.sha256 !== undefined &&
    (sha256 === undefined ? labels.gitBlob === known.gitBlob : labels.sha256 === sha256);
  if (isSame) {
    return;
  }
  const { revision } = labels;
  throw new Error(
    revision !== undefined && revision !== source.revision
      ? `${bucket.uri}${path} is of revision ${revision}, and ${source.name} is wanted: finish that copy with --revision ${revision}, or ${elsewhere(source, bucket)}`
      : `${bucket.uri}${path} is there, and is another file; ${elsewhere(source, bucket)}`,
  );
}

/** The folder may hold a part of these files, and nothing else: all of it would come to the instances. */
async function requireFolder(
  source: Source,
  files: readonly SourceFile[],
  bucket: Bucket,
  there: ReadonlyMap<string, number>,
): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path));
  const strange = [...there.keys()].filter((path) => path !== MANIFEST && !wanted.has(path));
  if (strange.length > 0) {
    throw new Error(
      `${bucket.uri} holds files that are not of ${source.name}, such as ${strange[0]}; ${elsewhere(source, bucket)}`,
    );
  }
  if (there.has(MANIFEST)) {
    const listed = manifestEntries(await bucket.text(MANIFEST));
    const missing = [...wanted].find((path) => !listed.has(path));
    const more = [...listed.keys()].find((path) => !wanted.has(path));
    if (missing !== undefined || more !== undefined) {
      throw new Error(
        `${bucket.uri} is complete with other files: its ${MANIFEST} ${missing === undefined ? `has ${more}` : `lacks ${missing}`}; ${elsewhere(source, bucket)}`,
      );
    }
  }
}

function elsewhere({ revision }: Source, { uri }: Bucket): string {
  return `nothing is overwritten, as instances may run on what is there: name another place, such as --to ${uri}${revision?.slice(0, 8) ?? "v2"}/`;
}

function labelsOf({ revision }: Source, { known: { gitBlob } }: SourceFile, sha256: string): Labels {
  return { sha256, gitBlob, revision };
}

/** SHA-256 of a file whose source does not say it. */
async function sha256Of(source: Source, file: SourceFile, partBytes: number): Promise<string> {
  const hash = createHash("sha256");
  for (const { start, end } of partsOf(file.size, partBytes)) {
    hash.update(await source.read(file, start, end));
  }
  return hash.digest("hex");
}
