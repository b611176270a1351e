import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

/** The project as it is, or as it was, with its packages. */
export interface Revision {
  readonly folder: string;
  /** For its temporary files, caches among them. */
  readonly temporary: string;
  /** The scripts of package.json, and `app` of cdktf.json. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** @param temporary a folder that is made */
export function revisionIn(folder: string, temporary: string): Revision {
  mkdirSync(temporary, { recursive: true });
  const [{ scripts }, { app }] = ["package.json", "cdktf.json"].map((name) =>
    JSON.parse(readFileSync(path.join(folder, name), "utf8")),
  );
  return { folder, temporary, scripts: { ...scripts, app } };
}

/**
 * Makes a clone of the project at a revision, and installs its packages.
 *
 * @throws Error when git knows no such revision, or npm cannot install
 */
export function cloneAt(revision: string, root: string, folder: string): void {
  const run = (cwd: string, program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const commit = run(root, "git", "rev-parse", "--verify", `${revision}^{commit}`).trim();
  run(root, "git", "clone", "--quiet", "--shared", "--no-checkout", root, folder);
  run(folder, "git", "checkout", "--quiet", commit);
  run(folder, "npm", "ci", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund");
}

/** Does some work as in a new clone: without what earlier runs have kept. That is put back afterwards. */
export async function withoutCaches<T>({ folder, temporary }: Revision, work: () => Promise<T>): Promise<T> {
  const caches = [path.join(folder, "node_modules/.cache/run"), temporary].filter((cache) =>
    existsSync(cache),
  );
  for (const cache of caches) {
    renameSync(cache, `${cache}-aside`);
  }
  mkdirSync(temporary);
  try {
    return await work();
  } finally {
    for (const cache of caches) {
      rmSync(cache, { recursive: true, force: true });
      renameSync(`${cache}-aside`, cache);
    }
  }
}
