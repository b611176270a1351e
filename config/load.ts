import { type Accepted, judge } from "./checks/accept";
import { allDiagnostics } from "./checks/all";
import { type Diagnostic, type Located, type Path, startsWith, withFiles } from "./diagnostics/diagnostic";
import type { Deployment } from "./plan/deployment";
import { resolve } from "./plan/resolve";
import { type ServingFile, servingFileSchema } from "./schema/deployment";
import { diagnosticsFromZod } from "./schema/errors/from-zod";
import { instanceFieldNames } from "./schema/instance";
import { choicesFor, type Repaired, repair } from "./schema/repair/repair";
import { usualName } from "./schema/usual-names";
import { valueAt } from "./schema/walk";
import { withTexts } from "./source/files-beside";
import { overBase } from "./source/over-base";
import { readSource, type Source } from "./source/parse";

/** The result of loading a file: a deployment with its warnings, or the errors and no deployment. */
export type Loaded = {
  /** Names of the other files that it was read from, or should have been. Absent: none. */
  readonly beside?: readonly string[];
} & (
  | {
      readonly ok: true;
      readonly deployment: Deployment;
      readonly file: ServingFile;
      readonly warnings: readonly Diagnostic[];
      /** Warnings that the file accepts. */
      readonly accepted: readonly Accepted[];
      readonly source: Located;
    }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      readonly source: Located;
      /** What the file means apart from its errors, for commands that mend them. Absent where it is malformed. */
      readonly draft?: {
        readonly deployment: Deployment;
        readonly file: ServingFile;
        readonly accepted: readonly Accepted[];
      };
    }
);

/**
 * Reads `serving.yaml` and reports everything that is wrong with it at once. Writes nothing, and never
 * throws because of what is in the file.
 *
 * @param path of the file, as the user wrote it
 */
export function loadDeployment(path: string): Loaded {
  const source = readSource(path);
  return "diagnostics" in source ? { ok: false, diagnostics: source.diagnostics, source } : load(source);
}

/** As {@link loadDeployment}, from a file that has been read. Its base and the files beside it are read here. */
export function load(written: Source): Loaded {
  const source = overBase(written);
  if ("diagnostics" in source) {
    return { ok: false, diagnostics: source.diagnostics, source, beside: source.beside };
  }
  const parsed = servingFileSchema.safeParse(source.value);
  if (!parsed.success) {
    const faults = diagnosticsFromZod(parsed.error.issues, source.value, servingFileSchema, source.textAt);
    const { beside } = source;
    const others = errorsBeside(faults, source.value).map((diagnostic) => withFiles(diagnostic, source));
    return { ok: false, diagnostics: [...faults, ...others], source, beside };
  }
  const { file, beside: texts, diagnostics: unread } = withTexts(parsed.data, source);
  const beside = [...(source.beside ?? []), ...texts];
  const deployment = resolve(file);
  const { open, accepted } = judge(file, allDiagnostics({ file, deployment }));
  const found = [...unread, ...open].map((diagnostic) =>
    withFiles(asWritten(diagnostic, source.value), source),
  );
  return found.some(({ severity }) => severity === "error")
    ? { ok: false, diagnostics: found, source, beside, draft: { deployment, file, accepted } }
    : { ok: true, deployment, file, warnings: found, accepted, source, beside };
}

/**
 * The errors in the well-formed parts of a malformed file. The file is checked with several sample values in place of
 * what is malformed. An error that goes away with one of them only follows from what is malformed; one whose message
 * changes is about the sample value. Neither is reported.
 */
function errorsBeside(faults: readonly Diagnostic[], value: unknown): readonly Diagnostic[] {
  let kept: readonly Diagnostic[] | undefined;
  for (let choice = 0; choice < choicesFor(value, faults) && kept?.length !== 0; choice += 1) {
    const repaired = repair(value, choice);
    if (repaired !== undefined) {
      const found = errorsOf(repaired)
        .filter((diagnostic) => !follows(diagnostic, faults))
        .map((diagnostic) => asWritten(diagnostic, value));
      kept = (kept ?? found).filter(
        (diagnostic) =>
          found.some((other) => isSame(diagnostic, other)) ||
          repaired.gone.some((entry) => startsWith(diagnostic.path, entry)),
      );
    }
  }
  return kept ?? [];
}

/** Fields of instances that say what a container runs; what is in a malformed one may be the very thing that is missed. */
const SAID_BY: Readonly<Record<string, readonly string[]>> = {
  "no-model-named": ["run", "image", "command", "arguments", "env", "files", "model", "weights"],
  "model-does-not-fit": ["run", "command", "arguments"],
  "protocol-not-enabled": ["run", "command", "arguments"],
  "unknown-bearer": ["run", "env", "secrets"],
  "model-without-api-key": ["run", "command", "arguments", "env", "secrets", "apiKey", "callers"],
  "token-meets-api-key": ["callers"],
  "callers-of-grpc": ["callers"],
  "path-without-key": ["callers"],
  "missing-field": ["run", "image"],
};

/** Whether an error misses what a malformed field of the same model may say, or one by another tool's name. */
function follows({ code, path }: Diagnostic, faults: readonly Diagnostic[]): boolean {
  const fields = SAID_BY[code] ?? [];
  const model = modelIn(path);
  return faults.some((fault) => {
    const within = modelIn(fault.path);
    return (
      model !== undefined &&
      within?.name === model.name &&
      within.fields.some(
        (step) => fields.includes(step) || fields.includes(usualName(step, INSTANCE_FIELDS)?.field ?? ""),
      )
    );
  });
}

const INSTANCE_FIELDS: readonly string[] = instanceFieldNames;

/** The model in which a place of the file is, and the fields that lead there. */
function modelIn(path: Path): { readonly name: string; readonly fields: readonly string[] } | undefined {
  const own = path[0] === "regions" ? path.slice(2) : path;
  const [models, name, ...fields] = own.map(String);
  return models === "models" && name !== undefined ? { name, fields } : undefined;
}

/** Whether two diagnostics find the same at the same place. */
function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return (
    a.code === b.code &&
    a.path.length === b.path.length &&
    startsWith(a.path, b.path) &&
    a.message === b.message
  );
}

function errorsOf({ value, places, names }: Repaired): readonly Diagnostic[] {
  const file = servingFileSchema.parse(value);
  return allDiagnostics({ file, deployment: resolve(file) })
    .filter(({ severity }) => severity === "error")
    .filter(({ path }) => !places.some((place) => startsWith(path, place) || isOverrideOf(path, place)))
    .filter(({ code }) => !places.some(([part, ...rest]) => rest.length === 0 && part === NAMED_BY[code]))
    .map((diagnostic) => {
      const asNamed = (path: Path) => path.map((step) => names.get(String(step)) ?? step);
      const [one, other] = diagnostic.between ?? [];
      return {
        ...diagnostic,
        path: asNamed(diagnostic.path),
        ...(one !== undefined && other !== undefined && { between: [asNamed(one), asNamed(other)] as const }),
      };
    });
}

/** Errors of a name that is not among the entries of a part of the file: they follow where that whole part is malformed. */
const NAMED_BY: Readonly<Record<string, string>> = {
  "undeclared-region": "regions",
  "reserved-zone-elsewhere": "regions",
  "unknown-model": "models",
};

/** Whether a path leads into a region's override of a malformed model. */
function isOverrideOf([regions, , ...rest]: Path, place: Path): boolean {
  return regions === "regions" && place[0] === "models" && place.length <= 2 && startsWith(rest, place);
}

/** A single value may be written for a list of one: then the path to it has no index. */
function asWritten(diagnostic: Diagnostic, value: unknown): Diagnostic {
  const path = diagnostic.path.filter(
    (step, index) =>
      typeof step !== "number" || Array.isArray(valueAt(value, diagnostic.path.slice(0, index))),
  );
  return { ...diagnostic, path };
}
