import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { loadDeployment } from "../../config/load";
import { deploymentCost } from "../../config/plan/costs";
import { readStacks } from "../../simulation/terraform/read";
import type { Stacks } from "../../simulation/terraform/resolve";
import { synthesize } from "../../stacks/deployment-stacks";
import { makeOutputFolder } from "../../stacks/output-folder";

/** What another revision of the project and of its file comes to. */
export interface Revision {
  readonly stacks: Stacks;
  /** The file as a value; `undefined` where that revision has none. */
  readonly file: unknown;
  /** Dollars an hour for the loss of a zone or a region; `undefined` where this code refuses the file. */
  readonly spare: number | undefined;
  /** What the reader has to know of it: whole sentences. */
  readonly notes: readonly string[];
}

/**
 * Synthesizes a revision of the repository: by its own code, where it has the same libraries, else its file by this code.
 *
 * @param file serving.yaml, from the root of the project
 * @param folder an empty one, for all of it
 * @throws Error for what is no revision, and for a file that neither code takes
 */
export function revisionOf(revision: string, file: string, folder: string): Revision {
  const tree = path.join(folder, "tree");
  checkOut(revision, tree, path.join(folder, "tree.tar"));
  if (!existsSync(path.join(tree, file))) {
    const notes = [`${revision} has no ${file}, so everything is new.`];
    return { stacks: {}, file: undefined, spare: undefined, notes };
  }
  const loaded = loadDeployment(path.join(tree, file));
  const spare = loaded.ok ? deploymentCost(loaded.deployment).ofSurvival : undefined;
  const outdir = path.join(folder, "before");
  const own = byItsOwnCode(tree, file, outdir);
  if (own === undefined) {
    const value = loaded.ok ? loaded.file : undefined;
    return { stacks: readStacks(outdir), file: value, spare, notes: [] };
  }
  if (!loaded.ok) {
    throw new Error(`${revision}: ${file} is refused by this code, and ${own}`);
  }
  makeOutputFolder(outdir);
  synthesize(loaded.deployment, outdir);
  const notes = [
    `Changes of code since ${revision} are not shown: ${own}. Its ${file} is synthesized by this code.`,
  ];
  return { stacks: readStacks(outdir), file: loaded.file, spare, notes };
}

/** The project as it is in a revision; nothing stays in the repository of it. */
function checkOut(revision: string, tree: string, archive: string): void {
  const git = (...args: readonly string[]) => spawnSync("git", args, { encoding: "utf8" });
  const found = git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
  if (found.error !== undefined) {
    throw new Error(`--against needs git: ${found.error.message}`);
  }
  const commit = found.stdout.trim();
  if (found.status !== 0 || commit === "") {
    throw new Error(`--against ${revision || "(nothing)"}: git knows no such revision here`);
  }
  mkdirSync(tree, { recursive: true });
  const written = git("archive", "--format=tar", "-o", archive, commit);
  const unpacked = spawnSync("tar", ["-xf", archive, "-C", tree], { encoding: "utf8" });
  if (written.status !== 0 || unpacked.status !== 0) {
    throw new Error(
      `--against ${revision}: ${(written.stderr || unpacked.stderr || "tar is missing").trim()}`,
    );
  }
}

/** @returns why not, as a part of a sentence; `undefined` when the stacks are written */
function byItsOwnCode(tree: string, file: string, outdir: string): string | undefined {
  const lock = "package-lock.json";
  const [mine, its] = [lock, path.join(tree, lock)].map((each) =>
    existsSync(each) ? readFileSync(each, "utf8") : undefined,
  );
  if (its === undefined || mine !== its) {
    return "it has other libraries";
  }
  if (!existsSync(path.join(tree, "run.cjs")) || !existsSync(path.join(tree, "main.ts"))) {
    return "it has no main.ts that this code can start";
  }
  const modules = path.join(tree, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync("node_modules").filter((each) => each !== ".cache")) {
    symlinkSync(path.resolve("node_modules", name), path.join(modules, name));
  }
  const { status, stderr } = spawnSync(process.execPath, ["run.cjs", "main.ts"], {
    cwd: tree,
    encoding: "utf8",
    env: { ...process.env, SERVING_CONFIG: file, CDKTF_OUTDIR: outdir },
  });
  return status === 0 ? undefined : `its own code stops with: ${stderr.trim().split("\n")[0]}`;
}
