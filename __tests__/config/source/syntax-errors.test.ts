import { parseSource } from "../../../config/source/parse";

/** The diagnostics of a text as "line:column message". */
function diagnosticsOf(text: string): readonly string[] {
  const source = parseSource("serving.yaml", text);
  const diagnostics = "diagnostics" in source ? source.diagnostics : [];
  return diagnostics.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);
}

const tab = "a tab indents this line; use spaces";
const noPair = 'this is not "key: value"; write a colon and a space after the key';
const misaligned = "this line is not aligned with those it belongs to; indent it as they are";
const colon = 'a value cannot hold ": "; put it in quotes, or the mapping on lines of its own';
const openQuote = "a quote opens here and is not closed; close it";
const badKey = "a key must be a plain word; lists, mappings and aliases cannot be keys";
const directive = "directives (%) are not supported; remove the line";
const after = "there is something after the end of the value; remove it, or put all of it in quotes";
const start = "a plain value cannot start with this character; put the value in quotes";

test.each([
  ["a tab before a key", "a:\n\tb: 1", `2:1 ${tab}`],
  ["a tab after spaces", "a:\n  \tb: 1\n \t- c", `2:3 ${tab}`],
  ["a tab in a list", "- a\n\t- b", `2:1 ${tab}`],
  ["a tab in brackets", "a: [\n\t1]", `2:2 ${tab}`],
  ["a double quote left open", 'a: "b\nc: 1', `1:4 ${openQuote}`],
  ["a single quote left open", "a: 1\nb: 'c", `2:4 ${openQuote}`],
  ["a line without colon", "a: 1\nb\nc: 2", `2:1 ${noPair}`],
  ["no space after the colon", "a:b\nc: 1", `1:1 ${noPair}`],
  ["a key out of line", "a:\n  b: 1\n c: 2", `3:1 ${misaligned}`],
  ["a list item out of line", "a:\n   - x\n  - y", `3:1 ${misaligned}`],
  ["a second colon", "a: b: c", `1:4 ${colon}`],
  [
    "a bracket left open",
    "a: [1, 2\nb: 3",
    "2:1 a list opened with [ is not closed before this; close it with ]",
  ],
  [
    "a brace left open",
    "a: {b: 1\nc: 2",
    "2:1 a mapping opened with { is not closed before this; close it with }",
  ],
  ["a bracket too many", "a: [1]]", "1:7 this bracket closes nothing; remove it, or open it before"],
  ["a brace too many", "a: {b: 1}}", "1:10 this bracket closes nothing; remove it, or open it before"],
  ["a missing comma", "a: {x: [1]\n y: 2}", "2:2 a comma is missing between two items; write it"],
  [
    "a comma missing on one line",
    '{a: "x" b: 1}',
    "1:5 a comma is missing between items in brackets; write it",
  ],
  ["a list beside its key", "a: - b", "1:4 a list cannot start beside its key; put it on lines of its own"],
  [
    "no escape",
    'a: "\\q"',
    "1:5 this is not an escape sequence in double quotes; write the text in single quotes",
  ],
  ["a lone star", "a: *", "1:4 a * at the start makes this an alias; put the value in quotes"],
  ["a lone ampersand", "a: & b", "1:4 a & at the start makes this an anchor; put the value in quotes"],
  ["an at sign", "a: @b", `1:4 ${start}`],
  ["a backtick", "a: `b`", `1:4 ${start}`],
  ["a per cent sign", "a: %b", `1:4 ${start}`],
  ["text after a quote", 'a: "b" c', `1:8 ${after}`],
  ["a comma at the end of a line", '"a": "b",', `1:9 ${after}`],
  ["brackets after brackets", "a: [[b] [c]]", `1:9 ${after}`],
  ["a list as key", "? [a]\n: 1", `1:3 ${badKey}`],
  ["a mapping as key", "{{a: 1}: 1}", `1:2 ${badKey}`],
  ["an alias as key", "a: &x k\n*x : 2", `2:1 ${badKey}`],
  [
    "a second document",
    "a: 1\n---\nb: 2",
    "2:1 a second document starts here; keep one, with nothing after it",
  ],
  [
    "an empty second document",
    "a: 1\n---\n",
    "2:1 a second document starts here; keep one, with nothing after it",
  ],
  ["an unknown directive", "%FOO\n---\na: 1", `1:1 ${directive}`],
  ["another version of YAML", "%YAML 1.3\n---\na: 1", `1:7 ${directive}`],
  [
    "YAML 1.1, in which yes is a boolean",
    "%YAML 1.1\n---\na: yes",
    `1:1 directives (%YAML) are not supported; remove the line`,
  ],
  [
    "text after |",
    "a: |x\n  b",
    "1:5 text follows the | or > on its line; put it on the lines below, further in",
  ],
  ["a tag of no known kind", "a: !x!y z", "1:4 YAML tags (!…) are not supported; write the plain value"],
  [
    "what is no token",
    "a: |- : b\n",
    "1:7 this does not belong here; remove it, or put the whole value in quotes",
  ],
  ["any other error", "a: &x &y b", "1:7 this is not valid YAML: a node can have at most one anchor"],
  ["an ambiguous alias", "a: &b: 1\nc: *b:", "1:6 this is not valid YAML: anchor ending in : is ambiguous"],
  ["10,000 brackets", "[".repeat(10_000), "1:1 nests more than 100 levels deep; write it flatter"],
  [
    "10,000 closed brackets",
    "[".repeat(10_000) + "]".repeat(10_000),
    "1:1 nests more than 100 levels deep; write it flatter",
  ],
  ["10,000 dashes", `${"- ".repeat(10_000)}a`, "1:1 nests more than 100 levels deep; write it flatter"],
])("%s is reported in one sentence", (_, text, sentence) => {
  expect(diagnosticsOf(text)[0]).toBe(sentence);
});

test("a tab between a key and its value is no problem", () => {
  expect(diagnosticsOf("a:\n  - b:\t1")).toEqual([]);
});

test("a document may start with --- and end with ...", () => {
  expect(diagnosticsOf("---\na: 1\n...\n")).toEqual([]);
});

test("of several errors on a line the first is reported", () => {
  expect(diagnosticsOf("a:\n- b\nc: 1\n- d")).toEqual([`4:1 ${noPair}`]);
});

test("errors on several lines are all reported, from top to bottom", () => {
  expect(diagnosticsOf("a: @b\nc: d: e\nf: 1\ng: `h`")).toEqual([
    `1:4 ${start}`,
    `2:4 ${colon}`,
    `4:4 ${start}`,
  ]);
});

test("of hundreds of errors the first 20 are reported", () => {
  expect(diagnosticsOf("a: @b\n".repeat(300)).map((diagnostic) => Number.parseInt(diagnostic, 10))).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
});
