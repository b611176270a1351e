import { allProblems } from "./checks/all";
import type { Located, Path, Problem } from "./diagnostics/diagnostic";
import type { Deployment } from "./plan/deployment";
import { resolve } from "./plan/resolve";
import { type ServingFile, servingFileSchema } from "./schema/deployment";
import { problemsFromZod } from "./schema/errors/from-zod";
import { choicesFor, type Mended, mend } from "./schema/repair/repair";
import { valueAt } from "./schema/walk";
import { readSource, type Source } from "./source/parse";

/** What became of a file: a deployment, with what is unwise about it; or what is wrong, and nothing to build. */
export type Loaded =
  | {
      readonly ok: true;
      readonly deployment: Deployment;
      readonly file: ServingFile;
      readonly warnings: readonly Problem[];
      readonly source: Located;
    }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly source: Located };

/**
 * Reads `serving.yaml` and says all that is wrong with it at once. Writes nothing and never throws
 * for what stands in the file.
 *
 * @param path of the file, as the user wrote it
 */
export function loadDeployment(path: string): Loaded {
  const source = readSource(path);
  return "problems" in source ? { ok: false, problems: source.problems, source } : load(source);
}

/** As {@link loadDeployment}, from a file that has been read. */
export function load(source: Source): Loaded {
  const parsed = servingFileSchema.safeParse(source.value);
  if (!parsed.success) {
    const faults = problemsFromZod(parsed.error.issues, source.value, servingFileSchema);
    return { ok: false, problems: [...faults, ...errorsBeside(faults, source.value)], source };
  }
  const file = parsed.data;
  const deployment = resolve(file);
  const found = allProblems({ file, deployment }).map((problem) => asWritten(problem, source.value));
  return found.some(({ severity }) => severity === "error")
    ? { ok: false, problems: found, source }
    : { ok: true, deployment, file, warnings: found, source };
}

/**
 * The errors in what is well-formed of a malformed file. The file is judged with several stand-ins for what is
 * malformed: an error that goes away with one of them is only its consequence, and is not told.
 */
function errorsBeside(faults: readonly Problem[], value: unknown): readonly Problem[] {
  let told: readonly Problem[] | undefined;
  for (let choice = 0; choice < choicesFor(value, faults) && told?.length !== 0; choice += 1) {
    const mended = mend(value, choice);
    if (mended !== undefined) {
      const found = errorsOf(mended).map((problem) => asWritten(problem, value));
      const keys = new Set(found.map((problem) => JSON.stringify(problem)));
      told = (told ?? found).filter(
        (problem) =>
          keys.has(JSON.stringify(problem)) || mended.gone.some((entry) => isWithin(problem.path, entry)),
      );
    }
  }
  return told ?? [];
}

function errorsOf({ value, places, names }: Mended): readonly Problem[] {
  const file = servingFileSchema.parse(value);
  return allProblems({ file, deployment: resolve(file) })
    .filter(({ severity }) => severity === "error")
    .filter(({ path }) => !places.some((place) => isWithin(path, place) || isOverrideOf(path, place)))
    .filter(({ message }) => ![...names.keys()].some((name) => message.includes(name)))
    .map((problem) => ({ ...problem, path: problem.path.map((step) => names.get(String(step)) ?? step) }));
}

/** Whether a path leads to what a region says of a model of which nothing is known. */
function isOverrideOf([regions, , ...rest]: Path, place: Path): boolean {
  return regions === "regions" && place[0] === "models" && place.length <= 2 && isWithin(rest, place);
}

function isWithin(path: Path, place: Path): boolean {
  return place.every((step, index) => step === path[index]);
}

/** One value may stand for a list of one: then there is no index in the path to it. */
function asWritten(problem: Problem, value: unknown): Problem {
  const path = problem.path.filter(
    (step, index) => typeof step !== "number" || Array.isArray(valueAt(value, problem.path.slice(0, index))),
  );
  return { ...problem, path };
}
