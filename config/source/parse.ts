import { type Document, LineCounter, parseDocument } from "yaml";
import {
  type Diagnostic,
  type ErrorCode,
  error,
  type Located,
  type Path,
  type Place,
} from "../diagnostics/diagnostic";
import { received } from "../diagnostics/text";
import { readText } from "./read-file";
import { syntaxDiagnostics } from "./syntax-errors";
import { buildTree, plainValue, type Tree } from "./tree";

const START: Place = { line: 1, column: 1 };

/** A file that was read. */
export interface Source extends Located {
  /**
   * The mapping in the file: plain objects, arrays, strings, numbers (also NaN and the infinities), booleans and nulls.
   * No object is in two places.
   */
  readonly value: unknown;
  /** The letters of a number or boolean at `path`, such as `007`. Undefined: what is there is something else. */
  readonly textAt?: (path: Path) => string | undefined;
  /** Names of the other files that it was read from, its base and the base of that. Absent: none. */
  readonly beside?: readonly string[];
}

/** A file that could not be read, and why. */
export interface UnreadableSource extends Located {
  /** As of {@link Source}; also those that should have been read. */
  readonly beside?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

type PlaceAt = (offset: number) => Place;

/**
 * Reads a YAML 1.2 file with one mapping in it, of at most 256 KiB, 100 levels and 100,000 values. Anchors,
 * aliases and merge keys (`<<`) are followed; tags, directives and keys that are no plain words are refused.
 * Never throws: a file that cannot be read has `diagnostics` instead of a `value`.
 *
 * @param file name of the file, shown as given
 */
export function readSource(file: string): Source | UnreadableSource {
  const read = readText(file);
  return "text" in read
    ? parseSource(file, read.text)
    : unreadable(file, [about(read.code, read.refusal, read.place)]);
}

/** {@link readSource} for a given text; `file` is only shown. */
export function parseSource(file: string, text: string): Source | UnreadableSource {
  const placeAt = placesIn(text);
  const loneReturn = text.search(/\r(?!\n)/);
  if (loneReturn !== -1) {
    const message = "a line ends with a carriage return alone; save the file with LF or CRLF line ends";
    return unreadable(file, [about("carriage-return-alone", message, placeAt(loneReturn))]);
  }
  const document = parseDocument(text, {
    schema: "core",
    stringKeys: true,
    prettyErrors: false,
    // The parser compares every key with all the others; the tree looks them up.
    uniqueKeys: false,
  });
  const broken = syntaxDiagnostics(document, text, placeAt);
  return broken.length > 0 ? unreadable(file, broken) : fromDocument(file, text, document, placeAt);
}

function fromDocument(
  file: string,
  text: string,
  document: Document.Parsed,
  placeAt: PlaceAt,
): Source | UnreadableSource {
  if (document.directives.yaml.explicit) {
    return unreadable(file, [
      about("yaml-directive", "directives (%YAML) are not supported; remove the line"),
    ]);
  }
  const { tree, faults } = buildTree(document.contents, (offset) => placeAt(offset).line);
  if (faults.length > 0) {
    const diagnostics = faults.map(({ code, path, offset, message }) => ({
      ...error(code, path, message),
      place: placeAt(offset),
    }));
    return unreadable(file, diagnostics);
  }
  if (tree.content === null) {
    const what = text.trim() === "" ? "is empty" : "holds no settings";
    return unreadable(file, [about("file-empty", `${what}; describe the deployment in it`)]);
  }
  if (tree.kind !== "mapping") {
    const message = `must hold "key: value" lines; got ${received(plainValue(tree))}`;
    return unreadable(file, [about("not-a-mapping", message, placeAt(tree.offset))]);
  }
  return {
    file,
    value: plainValue(tree),
    locate: (path, at) => placeAt(offsetOf(tree, path, at)),
    textAt: (path) => textOf(tree, path),
  };
}

function textOf(root: Tree, path: Path): string | undefined {
  return path.reduce<Tree | undefined>((tree, step) => tree?.children.get(String(step)), root)?.text;
}

function offsetOf(root: Tree, path: Path, at: "key" | "value" = "value"): number {
  let tree = root;
  for (const step of path) {
    const child = tree.children.get(String(step));
    if (!child) {
      return tree.keyOffset ?? tree.offset;
    }
    tree = child;
  }
  return at === "key" ? (tree.keyOffset ?? tree.offset) : tree.offset;
}

function about(code: ErrorCode, message: string, place: Place = START): Diagnostic {
  return { ...error(code, [], message), place };
}

function unreadable(file: string, diagnostics: readonly Diagnostic[]): UnreadableSource {
  return { file, diagnostics, locate: () => START };
}

/** Fills the line counter itself, because yaml 2.9.1 does not count lines in block text that it cannot place, such as that of `*a: |`. */
function placesIn(text: string): PlaceAt {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) {
    lines.addNewLine(index + 1);
  }
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}
