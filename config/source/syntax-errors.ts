import { type Document, type Scalar, visit, type YAMLError } from "yaml";
import { type Diagnostic, type ErrorCode, error as errorOf, type Place } from "../diagnostics/diagnostic";
import { DEEPEST, NO_TAGS } from "./tree";

/** Most errors reported for one file. Later ones are usually consequences of the first. */
const MOST_ERRORS = 20;

/**
 * Patterns for the code and message of the parser, and the sentence reported instead. The first pattern that matches
 * counts.
 */
const sentences: readonly (readonly [RegExp, string, ErrorCode?])[] = [
  [/^MULTIPLE_DOCS/, "a second document starts here; keep one, with nothing after it", "several-documents"],
  [/^RESOURCE_EXHAUSTION/, `nests more than ${DEEPEST} levels deep; write it flatter`, "nested-too-deep"],
  [
    /^NON_STRING_KEY/,
    "a key must be a plain word; lists, mappings and aliases cannot be keys",
    "key-refused",
  ],
  [/^BAD_DIRECTIVE/, "directives (%) are not supported; remove the line", "yaml-directive"],
  [/Missing closing ["']quote/, "a quote opens here and is not closed; close it"],
  [/^M.* Implicit (map )?keys need/, 'this is not "key: value"; write a colon and a space after the key'],
  [
    /items must start at the same column/,
    "this line is not aligned with those it belongs to; indent it as they are",
  ],
  [
    /block sequence may not be used/,
    "this line is not aligned with those it belongs to; indent it as they are",
  ],
  [/^BAD_INDENT Flow sequence/, "a list opened with [ is not closed before this; close it with ]"],
  [/^BAD_INDENT Flow map/, "a mapping opened with { is not closed before this; close it with }"],
  [/Unexpected flow-(map|seq)-end/, "this bracket closes nothing; remove it, or open it before"],
  [/Unexpected block-seq-ind on same line/, "a list cannot start beside its key; put it on lines of its own"],
  [/^MISSING_CHAR Missing , /, "a comma is missing between two items; write it"],
  [/Nested mappings/, 'a value cannot hold ": "; put it in quotes, or the mapping on lines of its own'],
  [/^BAD_DQ_ESCAPE/, "this is not an escape sequence in double quotes; write the text in single quotes"],
  [/^BAD_ALIAS Alias cannot/, "a * at the start makes this an alias; put the value in quotes"],
  [/^BAD_ALIAS Anchor cannot/, "a & at the start makes this an anchor; put the value in quotes"],
  [/^BAD_SCALAR_START/, "a plain value cannot start with this character; put the value in quotes"],
  [/Block scalar header/, "text follows the | or > on its line; put it on the lines below, further in"],
  [/^(TAG_RESOLVE_FAILED|MULTIPLE_TAGS)/, NO_TAGS, "yaml-tag"],
  [/Not a YAML token/, "this does not belong here; remove it, or put the whole value in quotes"],
  [/^BLOCK_IN_FLOW/, "a comma is missing between items in brackets; write it"],
  [/ at node end$/, "there is something after the end of the value; remove it, or put all of it in quotes"],
];

/**
 * The syntax errors of the text, in plain sentences: the first one of each line, at most 20.
 *
 * @param placeAt place of an offset in the text
 */
export function syntaxDiagnostics(
  document: Document.Parsed,
  text: string,
  placeAt: (offset: number) => Place,
): readonly Diagnostic[] {
  const lines = text.split("\n");
  const byLine = new Map<number, Diagnostic>();
  for (const error of relevant(document)) {
    const place = placeAt(startOf(error, document));
    if (!byLine.has(place.line)) {
      byLine.set(place.line, { ...diagnosticOf(error, lines[place.line - 1] ?? ""), place });
    }
    if (byLine.size === MOST_ERRORS) {
      break;
    }
  }
  return [...byLine.values()];
}

/** Leaves out warnings about tags, because the tree reports tags with their places. */
function relevant({ errors, warnings }: Document.Parsed): readonly YAMLError[] {
  const tooDeep = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (tooDeep) {
    return [tooDeep];
  }
  const reported = warnings.filter(
    ({ code }) => code !== "TAG_RESOLVE_FAILED" && code !== "BAD_COLLECTION_TYPE",
  );
  return [...errors, ...reported].sort((a, b) => a.pos[0] - b.pos[0]);
}

/**
 * The offset to report. The parser finds an unclosed quote at the end of the file; the opening quote is reported instead.
 * How deep it gets before it gives up depends on the free stack, so the start of the file is reported then.
 */
function startOf({ code, message, pos: [offset] }: YAMLError, document: Document.Parsed): number {
  if (code === "RESOURCE_EXHAUSTION") {
    return 0;
  }
  if (!message.startsWith("Missing closing")) {
    return offset;
  }
  let opening: Scalar | undefined;
  visit(document, {
    Scalar(_, node) {
      if (node.range && node.range[0] < offset) {
        opening = node;
      }
    },
  });
  return opening?.range?.[0] ?? offset;
}

function diagnosticOf({ code, message }: YAMLError, line: string): Diagnostic {
  if (/^ *\t/.test(line)) {
    return errorOf("yaml-syntax", [], "a tab indents this line; use spaces");
  }
  const text = message
    .split("\n", 1)
    .join()
    .replace(/[\s.]+$/, "");
  const [, sentence, finding = "yaml-syntax"] =
    sentences.find(([pattern]) => pattern.test(`${code} ${text}`)) ?? [];
  const ownMessage = `this is not valid YAML: ${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
  return errorOf(finding, [], sentence ?? ownMessage);
}
