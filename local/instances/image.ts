import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { regionCodes, regionPartition } from "../../aws/regions";

/** Regions whose names the certificate of AWS has: those of the partition `aws`. */
const REGIONS = regionCodes.filter((code) => regionPartition(code) === "aws");

const SCRIPT = join(__dirname, "machine-image.sh");
/** All that decides what is built. */
const RECIPE = [SCRIPT, join(__dirname, "model-server.py"), join(__dirname, "machine")];

/** Images of other recipes are kept for so long after their last use. */
const KEPT_MS = 7 * 86_400_000;

/** What instances are made of: a folder of this machine's cache, laid out as machine-image.sh says. */
export interface Image {
  readonly folder: string;
}

/**
 * The image of today's recipe, which is built when there is none: that takes two to three minutes and Debian's packages.
 *
 * @returns the last lines of the build when it fails
 */
export function findImage(): Image | { readonly failure: string } {
  const { XDG_CACHE_HOME: cache = join(homedir(), ".cache") } = process.env;
  const images = join(cache, "ha-model-serving", "instances");
  const folder = join(images, keyOf(RECIPE));
  mkdirSync(images, { recursive: true });
  removeOld(images);
  if (!existsSync(folder)) {
    const failure = build(folder);
    if (failure !== undefined) {
      return { failure };
    }
  }
  utimesSync(folder, new Date(), new Date());
  return { folder };
}

function keyOf(recipe: readonly string[]): string {
  const hash = createHash("sha256").update(process.arch).update(REGIONS.join());
  for (const file of recipe.flatMap(filesAt)) {
    const { mode } = statSync(file);
    hash.update(`${file.slice(__dirname.length)}\0${mode & 0o777}\0`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

function filesAt(place: string): readonly string[] {
  return statSync(place).isDirectory()
    ? readdirSync(place)
        .sort()
        .flatMap((name) => filesAt(join(place, name)))
    : [place];
}

/** Builds in mounts and processes of its own, which end with it. @returns why it failed */
function build(folder: string): string | undefined {
  process.stdout.write("builds the machine image, which takes some minutes\n");
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished);
  const { status, stdout, stderr } = spawnSync(
    "setpriv",
    [
      "--pdeathsig=KILL",
      "unshare",
      ...["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
      "bash",
      SCRIPT,
      ...REGIONS,
    ],
    { cwd: unfinished, encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  try {
    if (status !== 0) {
      return `${stdout}${stderr}`.trimEnd().split("\n").slice(-5).join(" / ");
    }
    renameSync(unfinished, folder);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(folder)) {
      throw error;
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return undefined;
}

/** Removes images that nobody has used for long, and what builds that were killed have left. */
function removeOld(images: string): void {
  for (const name of readdirSync(images)) {
    const [, builder] = name.split(".");
    const folder = join(images, name);
    const isOld =
      builder === undefined
        ? Date.now() - statSync(folder).mtimeMs > KEPT_MS
        : !existsSync(`/proc/${builder}`);
    if (isOld) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
