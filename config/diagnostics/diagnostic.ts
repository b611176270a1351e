import { count, visible } from "./text";

/** Where in the file: keys and list indices from the root. */
export type Path = readonly (string | number)[];

/** Line and column in a file, both from 1; columns count UTF-16 code units, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with what the user wrote. */
export interface Diagnostic {
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
  /** Where that is, when no path leads there (broken YAML). Default: what `path` and `at` say. */
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
export function error(path: Path, message: string, at: "key" | "value" = "value"): Diagnostic {
  return { path, message, severity: "error", at };
}

/** An error at the key of `path`. */
export function keyError(path: Path, message: string): Diagnostic {
  return error(path, message, "key");
}

/** A warning at `path`. */
export function warning(path: Path, message: string, at: "key" | "value" = "value"): Diagnostic {
  return { path, message, severity: "warning", at };
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

/**
 * The diagnostics as text: one line each, `file:line:column  severity  path  message`, by line, column and
 * message, each line once, and a closing line with their number. Empty when there are none.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], source: Located): string {
  const lines = new Map<string, PlacedDiagnostic>();
  for (const diagnostic of diagnostics) {
    const place = diagnostic.place ?? source.locate(diagnostic.path, diagnostic.at);
    lines.set(line(diagnostic, place, source.file), { diagnostic, place });
  }
  if (lines.size === 0) {
    return "";
  }
  const sorted = [...lines].sort(([textA, a], [textB, b]) => byPlace(a, b) || compare(textA, textB));
  return [...sorted.map(([text]) => text), closing([...lines.values()])].join("\n");
}

interface PlacedDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly place: Place;
}

function line({ path, severity, message }: Diagnostic, place: Place, file: string): string {
  const where = `${file}:${place.line}:${place.column}`;
  const columns = path.length > 0 ? [where, severity, formatPath(path), message] : [where, severity, message];
  return columns.map(visible).join("  ");
}

function byPlace(a: PlacedDiagnostic, b: PlacedDiagnostic): number {
  return (
    a.place.line - b.place.line ||
    a.place.column - b.place.column ||
    compare(a.diagnostic.message, b.diagnostic.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function closing(placed: readonly PlacedDiagnostic[]): string {
  const errors = placed.filter(({ diagnostic }) => diagnostic.severity === "error").length;
  const warnings = placed.length - errors;
  const counted = [
    ...(errors > 0 ? [count(errors, "problem")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ].join(" and ");
  return errors > 0 ? `${counted}; nothing was written.` : `${counted}.`;
}
