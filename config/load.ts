import { allProblems } from "./checks/all";
import type { Deployment } from "./deployment";
import type { Located, Path, Problem } from "./problem";
import { resolve } from "./resolve";
import { type ServingFile, servingFileSchema } from "./schema/deployment";
import { problemsFromZod } from "./schema-problems";
import { readSource, type Source } from "./source";

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
    const shape = problemsFromZod(parsed.error.issues, source.value, servingFileSchema);
    return { ok: false, problems: [...shape, ...meaningOfTheRest(source.value, shape)], source };
  }
  const file = parsed.data;
  const deployment = resolve(file);
  const found = allProblems({ file, deployment });
  return found.some(({ severity }) => severity === "error")
    ? { ok: false, problems: found, source }
    : { ok: true, deployment, file, warnings: found, source };
}

/**
 * The errors in what is well-formed of a file that is not: what is malformed is taken out, and with it whatever
 * cannot be without it, until the rest is a deployment, or nothing is left.
 */
function meaningOfTheRest(value: unknown, shape: readonly Problem[]): readonly Problem[] {
  const rest: unknown = structuredClone(value);
  const removed: Path[] = [];
  for (let faults = shape.map(({ path }) => path); faults.length > 0; ) {
    for (const fault of faults) {
      const gone = remove(rest, fault);
      if (gone === undefined) {
        return [];
      }
      removed.push(gone);
    }
    const parsed = servingFileSchema.safeParse(rest);
    if (parsed.success) {
      const found = allProblems({ file: parsed.data, deployment: resolve(parsed.data) });
      return found.filter(
        ({ path, severity }) => severity === "error" && !removed.some((gone) => touches(path, gone)),
      );
    }
    faults = parsed.error.issues.map((issue) =>
      issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path,
    ) as Path[];
  }
  return [];
}

/**
 * Takes out what a path leads to; when that is not there, or is an item of a list, what holds it,
 * so that what is left keeps its place.
 *
 * @returns the path that was taken out, or nothing when that would be everything
 */
function remove(root: unknown, path: Path): Path | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = valueAt(root, path.slice(0, length - 1));
    const key = path[length - 1];
    if (key !== undefined && isMap(parent) && Object.hasOwn(parent, key)) {
      delete parent[key];
      return path.slice(0, length);
    }
  }
  return undefined;
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    root,
  );
}

function isMap(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether one of two places lies within the other. */
function touches(a: Path, b: Path): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.every((key, index) => key === long[index]);
}
