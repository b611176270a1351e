import type { Code, ErrorCode, WarningCode } from "./findings";
import { count, visible } from "./text";

export type { Code, ErrorCode, WarningCode };

/** Where in the file: keys and list indices from the root. */
export type Path = readonly (string | number)[];

/** Line and column in a file, both from 1; columns count UTF-16 code units, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** The base of the file, when it is there. Default: the file itself. */
  readonly file?: string;
}

/** One thing that is wrong with what the user wrote. */
export interface Diagnostic {
  /** What is found, by its stable name in the catalogue: `docs/findings.md`. */
  readonly code: Code;
  /** What it is about; empty for the file as a whole. */
  readonly path: Path;
  /**
   * "what is wrong; what would be right": one sentence without a final full stop, which reads on from
   * the path, as in `models.llama.port` `must be 1–65535; got 0`.
   */
  readonly message: string;
  /** An error stops the run before anything is written; a warning does not. */
  readonly severity: "error" | "warning";
  /** Whether the key or its value is at fault. Default: the value. */
  readonly at?: "key" | "value";
  /** Two places of which only one can stay. They may be in two files, of which one is the base of the other. */
  readonly between?: readonly [Path, Path];
  /** Where that is, when it has no path (broken YAML). Default: the place of `path` and `at`. */
  readonly place?: Place;
}

/** A file in which paths have places. */
export interface Located {
  /** The file's name, as the user wrote it. */
  readonly file: string;
  /**
   * Place of the value (or key) at `path`. Where there is nothing at `path`, the key of the nearest
   * parent that is there; 1:1 where there is none.
   */
  locate(path: Path, at?: "key" | "value"): Place;
}

/** An error at `path`. */
export function error(
  code: ErrorCode,
  path: Path,
  message: string,
  at: "key" | "value" = "value",
): Diagnostic {
  return { code, path, message, severity: "error", at };
}

/** An error at the key of `path`. */
export function keyError(code: ErrorCode, path: Path, message: string): Diagnostic {
  return error(code, path, message, "key");
}

/**
 * The error that two things are given of which one can count.
 *
 * @param other the other one of the two
 * @param one the one, where `path` is something else
 */
export function bothGiven(path: Path, other: Path, message: string, one: Path = path): Diagnostic {
  return { ...error("both-given", path, message), between: [one, other] };
}

/** The finding, which also says which file has which, where the two places that it is between are in two files. */
export function withFiles(diagnostic: Diagnostic, source: Located): Diagnostic {
  const [one, other] = (diagnostic.between ?? []).map((path) => ({
    path,
    file: source.locate(path).file ?? source.file,
  }));
  if (one === undefined || other === undefined || one.file === other.file) {
    return diagnostic;
  }
  const where = `${formatPath(one.path)} is in ${one.file}, and ${formatPath(other.path)} in ${other.file}`;
  return {
    ...diagnostic,
    message: `${diagnostic.message}; ${where}: a file takes nothing out of its base, so take it out there, and write it in each file over the base that needs it`,
  };
}

/** A warning at `path`. */
export function warning(
  code: WarningCode,
  path: Path,
  message: string,
  at: "key" | "value" = "value",
): Diagnostic {
  return { code, path, message, severity: "warning", at };
}

/** Whether a path leads to a place or into it. */
export function startsWith(path: Path, place: Path): boolean {
  return place.every((step, index) => step === path[index]);
}

/**
 * A path as people write it: `models.llama-3-8b.routes[0].path[1]`.
 * Keys with other characters than letters, digits, `_` and `-` are quoted: `tags["cost center"]`.
 */
export function formatPath(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === "number") {
        return `[${step}]`;
      }
      return /^[A-Za-z0-9_-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join("")
    .replace(/^\./, "");
}

/** A diagnostic, and where it is. */
export interface PlacedDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly place: Place;
}

/** The diagnostics with their places, by file, line, column and message, each once. */
export function placed(diagnostics: readonly Diagnostic[], source: Located): readonly PlacedDiagnostic[] {
  const byLine = new Map<string, PlacedDiagnostic>();
  for (const diagnostic of diagnostics) {
    const place = diagnostic.place ?? source.locate(diagnostic.path, diagnostic.at);
    byLine.set(line({ diagnostic, place }, source.file), { diagnostic, place });
  }
  return [...byLine]
    .sort(([textA, a], [textB, b]) => byPlace(a, b) || compare(textA, textB))
    .map(([, each]) => each);
}

/**
 * The diagnostics as text: one line each, `file:line:column  severity  path  message  [code]`, by file, line, column
 * and message, each line once, and a closing line with their number. Empty when there are none.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], source: Located): string {
  const all = placed(diagnostics, source);
  return all.length === 0 ? "" : [...all.map((each) => line(each, source.file)), closing(all)].join("\n");
}

function line({ diagnostic, place }: PlacedDiagnostic, file: string): string {
  const { code, path, severity, message } = diagnostic;
  const where = `${place.file ?? file}:${place.line}:${place.column}`;
  const subject = path.length > 0 ? [formatPath(path)] : [];
  return [where, severity, ...subject, message, `[${code}]`].map(visible).join("  ");
}

function byPlace(a: PlacedDiagnostic, b: PlacedDiagnostic): number {
  return (
    compare(a.place.file ?? "", b.place.file ?? "") ||
    a.place.line - b.place.line ||
    a.place.column - b.place.column ||
    compare(a.diagnostic.message, b.diagnostic.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function closing(all: readonly PlacedDiagnostic[]): string {
  const errors = all.filter(({ diagnostic }) => diagnostic.severity === "error").length;
  const warnings = all.length - errors;
  const counted = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ].join(" and ");
  return errors > 0 ? `${counted}; nothing was written.` : `${counted}.`;
}
