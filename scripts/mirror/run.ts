import { presetOf } from "../../config/servers/presets";
import { BYTES_PER_GIB, formatSize } from "../../config/units";
import { editAlone } from "../back/edit-alone";
import { openBucket } from "./bucket";
import { copyAll } from "./copy";
import { openFolder } from "./folder";
import { type Hub, openHub } from "./hub";
import { neededFiles, PROJECTOR } from "./needed";
import { ofService } from "./of-service";
import { editsFor, type WeightsPlace, weightsPlace } from "./places";
import { progressText } from "./progress";
import { type Good, requireGood } from "./require-good";
import type { Source } from "./source";

/** What the command line asks for. */
export interface Asked {
  readonly model: string;
  readonly region?: string;
  readonly variant?: string;
  /** Branch, tag or commit of the hub. Default: `revision` of the file, or main. */
  readonly revision?: string;
  /** A folder of this machine, instead of the hub. */
  readonly from?: string;
  /** Folder in S3. Default: `weights.uri` of the file. */
  readonly to?: string;
  readonly include?: readonly string[];
}

/** What a run needs of the world. */
export interface Surroundings {
  readonly hub: Hub;
  readonly show: (line: string) => void;
  /** Shows how far the copy has come. */
  readonly progress: (text: string) => void;
  /** Seconds, of a clock that only goes on. */
  readonly clock: () => number;
  readonly write: (text: string) => void;
  /** Default: 16 MiB. */
  readonly partBytes?: number;
}

/**
 * Copies a model to S3, and writes into the file where it lies.
 *
 * @throws Error that says what to do, when it cannot be copied
 */
export async function mirror(
  { file, text, loaded }: { readonly file: string; readonly text: string; readonly loaded: Good },
  asked: Asked,
  { hub, show, progress, clock, write, partBytes }: Surroundings,
): Promise<void> {
  const place = weightsPlace(loaded, asked);
  const to = asked.to ?? place.settings.weights?.uri;
  if (to === undefined) {
    throw new Error(
      `${asked.model} has no weights.uri yet: say where to copy it, such as --to s3://${loaded.deployment.name}-weights/${asked.model}/`,
    );
  }
  if (!/^s3:\/\/[^/]+/.test(to)) {
    throw new Error(`--to must be s3://bucket/prefix; got "${to}"`);
  }
  const source = await openSource(hub, place, asked);
  const files = neededFiles(
    source.files,
    {
      server: place.server,
      image: place.settings.image,
      arguments: place.settings.arguments,
      quantization: place.hub?.quantization,
    },
    asked.include,
  );
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const bucket = await openBucket(to, place.region);
  show(
    `${source.name}: ${files.length} of ${source.files.length} files, ${(total / 1e9).toFixed(1)} GB, to ${bucket.uri} in ${bucket.region}`,
  );
  const projector =
    presetOf(place.server)?.model.file && source.files.find(({ path }) => PROJECTOR.test(path));
  if (projector && !files.includes(projector)) {
    show(
      `${projector.path} is left out. To see pictures, copy it too, by --include '${projector.path}' beside that of the model, and write arguments: [--mmproj, /models/${projector.path}]`,
    );
  }
  const { uri } = bucket;
  const mirrored = (sha256: string) => ({
    ...{ uri, sha256, size: sizeText(total), revision: source.revision },
    files: files.map(({ path }) => path),
  });
  const edited = (sha256: string) => editAlone(text, file, editsFor(place, mirrored(sha256)));
  requireGood(file, edited(NO_SHA256), loaded);
  const begun = clock();
  const sums = { done: 0, copied: 0 };
  const { sha256 } = await copyAll(source, files, bucket, {
    partBytes,
    count(some, how) {
      sums.done += some;
      sums.copied += how === "copied" ? some : 0;
      progress(progressText({ ...sums, total, seconds: clock() - begun }));
    },
  }).catch((error) => Promise.reject(ofService("S3", error)));
  show(`All is in ${uri}; the SHA-256 of its SHA256SUMS is ${sha256}.`);
  if (edited(sha256) === text) {
    show(`${file} has it already.`);
  } else {
    write(edited(sha256));
    show(`${file} is changed. Look at it, and deploy it.`);
  }
}

/** Stands for the hash before it is known. */
const NO_SHA256 = "0".repeat(64);

async function openSource(
  hub: Hub,
  { hub: model, settings }: WeightsPlace,
  { model: name, from, revision }: Asked,
): Promise<Source> {
  if (from !== undefined) {
    return openFolder(from);
  }
  if (model === undefined) {
    throw new Error(
      `${name} names no model on the hub: write model: with its id, such as Qwen/Qwen3-8B, or copy a folder with --from ./folder`,
    );
  }
  return openHub(hub, model.id, revision ?? settings.revision ?? "main");
}

/** Rounded up to a tenth of a GiB, as the volume has to hold it. */
function sizeText(bytes: number): string {
  const gib = Math.ceil((bytes / BYTES_PER_GIB) * 10) / 10;
  return gib < 1 ? formatSize(Math.ceil((bytes / BYTES_PER_GIB) * 1024) / 1024) : `${gib}GiB`;
}
