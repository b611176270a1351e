import { formatPath } from "../../../config/diagnostics/diagnostic";
import { editAlone } from "../../back/edit-alone";
import type { Edit } from "../../back/edit-yaml";
import { ofService } from "../of-service";
import type { Patience } from "../patience";
import { progressText } from "../progress";
import { type Good, requireGood } from "../require-good";
import { copyImage, type PlatformImage, platformImage } from "./copy";
import { type EcrRepository, openEcr } from "./ecr";
import { type ImagePlace, imagePlaces } from "./places";
import { parseImage } from "./reference";
import { type ImageSource, openImageSource } from "./source";

/** What the command line asks for. */
export interface AskedImage {
  readonly model: string;
  /** Default: every region that serves the model, each with its own copy. */
  readonly region?: string;
  readonly variant?: string;
  /** Name of the repository. Default: the deployment's name, and that of the image. */
  readonly to?: string;
}

/** What a run needs of the world. */
export interface ImageSurroundings extends Patience {
  /** REGISTRY_USER of the environment. */
  readonly user: string | undefined;
  /** REGISTRY_PASSWORD of the environment. */
  readonly password: string | undefined;
  readonly show: (line: string) => void;
  readonly progress: (text: string) => void;
  /** Seconds, of a clock that only goes on. */
  readonly clock: () => number;
  readonly write: (text: string) => void;
  /** Address of a registry in place of its own. */
  readonly endpoint?: string;
}

/**
 * Copies the image of a model to Amazon ECR, in each of its regions, and writes the name of the copy into the file.
 *
 * @throws Error that says what to do, when it cannot be copied
 */
export async function mirrorImage(
  { file, text, loaded }: { readonly file: string; readonly text: string; readonly loaded: Good },
  asked: AskedImage,
  around: ImageSurroundings,
): Promise<void> {
  const jobs: Job[] = [];
  for (const place of imagePlaces(loaded, asked)) {
    jobs.push(await prepared(place, asked.to, loaded.deployment.name, around));
  }
  const edited = editAlone(text, file, editsFor(jobs));
  // What the file would be refused for is said before gigabytes are copied.
  requireGood(file, edited, loaded);
  for (const job of jobs) {
    await run(job, around);
  }
  around.write(edited);
  around.show(`${file} is changed. Look at it, and deploy it.`);
}

/** A copy that is ready to begin. */
interface Job {
  readonly place: ImagePlace;
  readonly source: ImageSource;
  readonly image: PlatformImage;
  readonly target: EcrRepository;
  readonly tag: string | undefined;
}

async function prepared(
  place: ImagePlace,
  to: string | undefined,
  deployment: string,
  around: ImageSurroundings,
): Promise<Job> {
  const reference = parseImage(place.image);
  const { repository, tag, digest, endpoint } = reference;
  const { password } = around;
  const user = around.user ?? place.user;
  const login = password === undefined || user === undefined ? undefined : { user, password };
  const source = openImageSource({ ...reference, endpoint: around.endpoint ?? endpoint }, login, around);
  const image = await platformImage(source, digest ?? tag ?? "", place.architecture);
  const target = await openEcr(to ?? `${deployment}/${repository}`, place.region);
  return { place, source, image, target, tag };
}

/** With its tag, which says the version of the server, and the digest, by which it is pulled. */
function nameOf({ target, tag, image }: Job): string {
  return `${target.uri}${tag === undefined ? "" : `:${tag}`}@${image.manifest.digest}`;
}

function editsFor(jobs: readonly Job[]): readonly Edit[] {
  const logins = new Map(
    jobs.flatMap(({ place: { unneeded } }) =>
      unneeded === undefined ? [] : [[formatPath(unneeded), { path: unneeded, value: undefined }] as const],
    ),
  );
  return [...jobs.map((job) => ({ path: job.place.path, value: nameOf(job) })), ...logins.values()];
}

async function run(job: Job, { show, progress, clock }: ImageSurroundings): Promise<void> {
  const { place, source, image, target, tag } = job;
  const total = image.blobs.reduce((sum, { size }) => sum + size, 0);
  show(
    `${place.image} for linux/${place.architecture}: ${image.blobs.length} blobs, ${(total / 1e9).toFixed(1)} GB, to ${target.uri}`,
  );
  const sums = { done: 0, copied: 0 };
  const begun = clock();
  await copyImage(source, image, target, tag, (bytes, how) => {
    sums.done += bytes;
    sums.copied += how === "copied" ? bytes : 0;
    progress(progressText({ ...sums, total, seconds: clock() - begun }));
  }).catch((error) => Promise.reject(ofService("Amazon ECR", error)));
  show(`It is there as ${nameOf(job)}.`);
}
