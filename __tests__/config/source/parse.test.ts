import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { type Path, type Place, renderDiagnostics } from "../../../config/diagnostics/diagnostic";
import { parseSource, readSource } from "../../../config/source/parse";

const folder = fs.mkdtempSync(join(tmpdir(), "source-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function fileOf(content: string | Uint8Array): string {
  const file = join(folder, "serving.yaml");
  fs.writeFileSync(file, content);
  return file;
}

/** All that is told of a text. */
function told(text: string): string {
  const source = parseSource("serving.yaml", text);
  return "diagnostics" in source ? renderDiagnostics(source.diagnostics, source) : "";
}

const valid = `# Models of the chat team
name: chat
entry: &entry
  domain: models.example.com
  allow: ["203.0.113.0/24", '198.51.100.0/24']
regions:
  us-east-1: {network: {cidr: 10.0.0.0/16}, entry: *entry}
  eu-west-1:
    <<: {survive: zone}
    network: {cidr: 10.1.0.0/16}
models:
  llama:
    image: "vllm/vllm-openai:v0.28.0" # pinned
    arguments:
      - --max-model-len
      - '8192'
    notes: |
      two
      lines
`;

test("a file is read into its settings", () => {
  expect(readSource(fileOf("name: chat\nsizes: [1, 2]"))).toMatchObject({
    value: { name: "chat", sizes: [1, 2] },
  });
});

test("a file that cannot be read is an error at 1:1", () => {
  const source = readSource("configs\\none.yaml");
  expect("diagnostics" in source && renderDiagnostics(source.diagnostics, source)).toBe(
    "configs\\none.yaml:1:1  error  no such file; write one, or name another in SERVING_CONFIG  [file-not-found]\n1 error; nothing was written.",
  );
});

test("bytes that are not UTF-8 are an error at their place", () => {
  const source = readSource(fileOf(Uint8Array.from([0x61, 0x3a, 0x0a, 0x20, 0xff])));
  expect(source).toMatchObject({ diagnostics: [{ place: { line: 2, column: 2 } }] });
});

test("the file's name is kept as it was given", () => {
  const file = fileOf("a: 1");
  const unusual = join(folder, ".", "..", "x").replace(/x$/, `${folder.split("/").at(-1)}//serving.yaml`);
  expect(readSource(unusual)).toMatchObject({ file: unusual, value: { a: 1 } });
  expect(fs.existsSync(file)).toBe(true);
});

test("a byte order mark does not shift the columns of the first line", () => {
  const source = readSource(fileOf("\uFEFFname: chat"));
  expect(source.locate(["name"])).toEqual({ line: 1, column: 7 });
});

test("lines may end with CRLF", () => {
  const source = parseSource("f", "a: 1\r\nb:\r\n  - x\r\n  - y z\r\n");
  expect(source).toMatchObject({ value: { a: 1, b: ["x", "y z"] } });
  expect(source.locate(["b", 1])).toEqual({ line: 4, column: 5 });
});

test("lines that end with CR alone are refused", () => {
  expect(told("a: 1\r\nb: 2\rc: 3\n")).toContain(
    "serving.yaml:2:5  error  a line ends with a carriage return alone; save the file with LF or CRLF line ends  [carriage-return-alone]",
  );
});

test.each(["", " \n\n", "\t\n"])("%j is empty", (text) => {
  expect(told(text)).toContain("serving.yaml:1:1  error  is empty; describe the deployment in it");
});

test.each(["# only a comment\n", "---\n", "null", "~ # nothing"])("%j holds no settings", (text) => {
  expect(told(text)).toContain("serving.yaml:1:1  error  holds no settings; describe the deployment in it");
});

test.each([
  ["hello", "1:1", 'a string ("hello")'],
  ["# a list\n- a", "2:1", "a list"],
  ["[]", "1:1", "an empty list"],
  ["42", "1:1", "a number (42)"],
  ["true", "1:1", "true"],
])("%j is no mapping", (text, place, received) => {
  expect(told(text)).toContain(
    `serving.yaml:${place}  error  must hold "key: value" lines; got ${received}  [not-a-mapping]\n`,
  );
});

test("an empty mapping is one", () => {
  expect(parseSource("f", "{}")).toMatchObject({ value: {} });
});

/** A document whose keys and leaves are all different words, with the path of each leaf. */
type Shape =
  | { readonly leaf: true }
  | { readonly items: readonly Shape[] }
  | { readonly fields: readonly Shape[] };

const shapes = fc.letrec<{ shape: Shape; mapping: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    fc.constant<Shape>({ leaf: true }),
    fc.record({ items: fc.array(tie("shape"), { minLength: 1, maxLength: 4 }) }),
    tie("mapping"),
  ),
  mapping: fc.record({ fields: fc.array(tie("shape"), { minLength: 1, maxLength: 4 }) }),
}));

interface Marked {
  readonly leaves: Map<string, Path>;
  readonly keys: Map<string, Path>;
}

function mark(shape: Shape, path: Path, marked: Marked): unknown {
  if ("items" in shape) {
    return shape.items.map((item, index) => mark(item, [...path, index], marked));
  }
  if ("fields" in shape) {
    return Object.fromEntries(
      shape.fields.map((field) => {
        const key = `key-${marked.keys.size}-`;
        marked.keys.set(key, [...path, key]);
        return [key, mark(field, [...path, key], marked)];
      }),
    );
  }
  const word = `leaf-${marked.leaves.size}-`;
  marked.leaves.set(word, path);
  return word;
}

const layouts = fc.record({
  collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
  defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
  defaultKeyType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const),
  indent: fc.constantFrom(1, 2, 4),
  indentSeq: fc.boolean(),
  lineEnd: fc.constantFrom("\n", "\r\n", " # a comment\n\n"),
  head: fc.constantFrom("", "# head\n\n", "---\n"),
});

type Layout = typeof layouts extends fc.Arbitrary<infer L> ? L : never;

function layOut(value: unknown, { lineEnd, head, ...options }: Layout): string {
  return `${head}${stringify(value, { ...options, lineWidth: 0 })}`.replaceAll("\n", lineEnd);
}

function placeOf(word: string, text: string): Place {
  const before = text.slice(0, text.indexOf(word));
  const quoted = /["']$/.test(before) ? 1 : 0;
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") - quoted };
}

test("every value and every key is located where a search finds it", () => {
  fc.assert(
    fc.property(shapes.mapping, layouts, (shape, layout) => {
      const marked: Marked = { leaves: new Map(), keys: new Map() };
      const value = mark(shape, [], marked);
      const text = layOut(value, layout);
      const source = parseSource("f", text);
      expect(source).toHaveProperty("value", value);
      for (const [word, path] of marked.leaves) {
        expect(source.locate(path)).toEqual(placeOf(word, text));
      }
      for (const [word, path] of marked.keys) {
        expect(source.locate(path, "key")).toEqual(placeOf(word, text));
        expect(source.locate([...path, "missing"])).toEqual(placeOf(word, text));
      }
    }),
  );
});

test("what is written with aliases is read as what they stand for", () => {
  fc.assert(
    fc.property(shapes.mapping, layouts, (shape, layout) => {
      const shared = mark(shape, [], { leaves: new Map(), keys: new Map() });
      const value = { first: shared, list: [shared, { again: shared }] };
      const text = layOut(value, layout);
      expect(text).toContain("*a1");
      expect(parseSource("f", text)).toHaveProperty("value", value);
    }),
  );
});

/** What was told of a reading is within the file, one line for each. */
function expectSound(source: ReturnType<typeof parseSource>, text: string): void {
  if (!("diagnostics" in source)) {
    expect(source.value).toEqual(expect.any(Object));
    return;
  }
  expect(source.diagnostics.length).toBeGreaterThan(0);
  const lines = text.split("\n");
  for (const { place, message } of source.diagnostics) {
    expect(message).toMatch(/^\S.*[^.\s]$/su);
    expect(place?.line).toBeLessThanOrEqual(lines.length);
    expect(place?.column).toBeGreaterThanOrEqual(1);
    expect(place?.column).toBeLessThanOrEqual((lines[(place?.line ?? 0) - 1] ?? "").length + 1);
  }
  expect(renderDiagnostics(source.diagnostics, source).split("\n").length).toBeLessThanOrEqual(
    source.diagnostics.length + 1,
  );
}

test("the valid file that is broken below is valid", () => {
  expect(told(valid)).toBe("");
});

test("any bytes are either read or refused with a sentence", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expectSound(
        readSource(fileOf(bytes)),
        Buffer.from(bytes)
          .toString("utf8")
          .replace(/^\uFEFF/, ""),
      );
    }),
  );
});

test("any text is either read or refused with a sentence", () => {
  const piece = fc.constantFrom(
    ..."[]{},:?-&*!|>'\"%@`# \n\t\r\\a".split(""),
    ...[
      "- ",
      ": ",
      "? ",
      "<<: ",
      "&a ",
      "*a",
      "!t ",
      "\n  ",
      "---\n",
      "...\n",
      "%YAML 1.1\n",
      "\r\n",
      "\u0085",
      "a: ",
      "|2-",
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expectSound(parseSource("f", pieces.join("")), pieces.join(""));
    }),
    { numRuns: 1000 },
  );
});

test("a valid file cut off anywhere is either read or refused with a sentence", () => {
  for (let length = 0; length < valid.length; length += 1) {
    expectSound(parseSource("f", valid.slice(0, length)), valid.slice(0, length));
  }
});

test("a valid file with anything changed is either read or refused with a sentence", () => {
  const change = fc.record({
    at: fc.nat(valid.length),
    remove: fc.nat(8),
    insert: fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom("\t", "\n", ": ", "*x", "&x ", "{", "]", '"', "!x ", "- "),
    ),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const text = changes.reduce(
        (before, { at, remove, insert }) => before.slice(0, at) + insert + before.slice(at + remove),
        valid,
      );
      expectSound(parseSource("f", text), text);
    }),
    { numRuns: 300 },
  );
});
