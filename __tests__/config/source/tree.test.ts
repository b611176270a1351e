import fc from "fast-check";
import { parse } from "yaml";
import { formatPath, type Path } from "../../../config/diagnostics/diagnostic";
import { parseSource } from "../../../config/source/parse";

function read(text: string) {
  const source = parseSource("serving.yaml", text);
  if ("diagnostics" in source) {
    throw new Error(source.diagnostics.map(({ message }) => message).join());
  }
  return source;
}

const valueIn = (text: string) => read(text).value;

function place(text: string, path: Path, at?: "key" | "value"): string {
  const { line, column } = read(text).locate(path, at);
  return `${line}:${column}`;
}

/** The diagnostics of a text as "line:column path message". */
function diagnosticsOf(text: string): readonly string[] {
  const source = parseSource("serving.yaml", text);
  const diagnostics = "diagnostics" in source ? source.diagnostics : [];
  return diagnostics.map(
    ({ place, path, message }) => `${place?.line}:${place?.column} ${formatPath(path)} ${message}`,
  );
}

describe("values", () => {
  test("yes, no, on and off are text", () => {
    expect(valueIn("[yes, no, on, off, Yes]".replace(/^/, "a: "))).toEqual({
      a: ["yes", "no", "on", "off", "Yes"],
    });
  });

  test("numbers that are none come through for the schema to refuse", () => {
    expect(valueIn("a: [.nan, .inf, -.inf, 1e999]")).toEqual({
      a: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    });
  });

  test("dates, times and underscored numbers are text", () => {
    expect(valueIn("a: [2026-01-01, 1:30, 1_000]")).toEqual({ a: ["2026-01-01", "1:30", "1_000"] });
  });

  test("keys are text, whatever they look like", () => {
    expect(valueIn("1: a\ntrue: b\nnull: c\n~: d\n1.50: e")).toEqual({
      1: "a",
      true: "b",
      null: "c",
      "~": "d",
      "1.50": "e",
    });
  });

  test("what has nothing after its colon is null", () => {
    expect(valueIn("a:\nb: {c, d: }\ne:\n  -")).toEqual({ a: null, b: { c: null, d: null }, e: [null] });
  });

  test("an alias stands for what its anchor is at", () => {
    expect(valueIn("a: &x {b: 1}\nc: *x\nd: [*x]")).toEqual({ a: { b: 1 }, c: { b: 1 }, d: [{ b: 1 }] });
  });

  test("the uses of an alias can be changed one by one", () => {
    const value = valueIn("a: &x {b: [1]}\nc: *x") as Record<string, { b: number[] }>;
    value.a?.b.push(2);
    expect(value.c).toEqual({ b: [1] });
  });

  test("an anchor that is set again holds from there on", () => {
    expect(valueIn("a: &x 1\nb: *x\nc: &x 2\nd: *x")).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  test("the last anchor that was opened counts, not the last that was closed", () => {
    expect(valueIn("a: &x [&x 1]\nb: *x")).toEqual({ a: [1], b: 1 });
  });

  test("a key can have an anchor", () => {
    expect(valueIn("&k a: b\nc: *k")).toEqual({ a: "b", c: "a" });
  });
});

describe("merge keys", () => {
  test("a mapping has what it merges", () => {
    expect(valueIn("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2")).toEqual({ a: { x: 1 }, b: { x: 1, y: 2 } });
  });

  test("its own fields go first, wherever they stand", () => {
    expect(valueIn("a: &a {x: 1, y: 1}\nb: {x: 2, <<: *a, y: 2}")).toEqual({
      a: { x: 1, y: 1 },
      b: { x: 2, y: 2 },
    });
  });

  test("of several merged mappings the earlier go first", () => {
    expect(valueIn("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}")).toHaveProperty("c", {
      x: 1,
      y: 2,
    });
  });

  test("what is merged may merge in turn", () => {
    expect(valueIn("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}")).toHaveProperty("c", { x: 1, y: 2 });
  });

  test("a mapping can be written where it is merged", () => {
    expect(valueIn("a: {<<: {x: 1}}")).toEqual({ a: { x: 1 } });
  });

  test("<< in quotes is a key like any other", () => {
    expect(valueIn('a: {"<<": 1}')).toEqual({ a: { "<<": 1 } });
  });

  test.each(["3", "[*a, 3]", "", "[[*a]]"])("<<: %s is refused", (merged) => {
    expect(diagnosticsOf(`a: &a {}\nb:\n  <<: ${merged}`)).toEqual([
      expect.stringContaining('b["<<"] << merges mappings only; write <<: *name or <<: [*name, *other]'),
    ]);
  });

  test("merging agrees with the library's own", () => {
    const key = fc.constantFrom("x", "y", "z");
    const fields = fc.dictionary(key, fc.nat(9), { maxKeys: 3 });
    const merge = (names: readonly number[]) =>
      names.length > 0 ? { "<<": `[${names.map((name) => `*a${name}`)}]` } : {};
    fc.assert(
      fc.property(fc.array(fc.tuple(fields, fc.array(fc.nat(9), { maxLength: 3 }), fc.boolean())), (maps) => {
        const lines = maps.map(([own, names, mergeFirst], index) => {
          const merged = merge(names.filter((name) => name < index));
          const entries = Object.entries(mergeFirst ? { ...merged, ...own } : { ...own, ...merged });
          return `m${index}: &a${index} {${entries.map(([name, value]) => `${name}: ${value}`).join(", ")}}`;
        });
        const text = ["first: 1", ...lines].join("\n");
        expect(valueIn(text)).toEqual(parse(text, { merge: true, maxAliasCount: -1 }));
      }),
    );
  });
});

describe("places", () => {
  const text = [
    "models:",
    "  llama:",
    "    image: vllm",
    "    ports: [80, 443]",
    "    routes:",
    "      - path: /a",
  ].join("\n");

  test.each<[Path, string, string]>([
    [["models"], "2:3", "1:1"],
    [["models", "llama", "image"], "3:12", "3:5"],
    [["models", "llama", "ports"], "4:12", "4:5"],
    [["models", "llama", "ports", 1], "4:17", "4:17"],
    [["models", "llama", "routes", 0], "6:9", "6:9"],
    [["models", "llama", "routes", 0, "path"], "6:15", "6:9"],
    [[], "1:1", "1:1"],
  ])("of %j the value is at %s and the key at %s", (path, value, key) => {
    expect([place(text, path), place(text, path, "key")]).toEqual([value, key]);
  });

  test.each<[Path, string]>([
    [["models", "llama", "server"], "2:3"],
    [["models", "mistral", "image"], "1:1"],
    [["models", "llama", "image", "tag"], "3:5"],
    [["models", "llama", "ports", 2], "4:5"],
    [["models", "llama", "routes", 0, "host"], "6:9"],
    [["regions"], "1:1"],
  ])("what is not there, as %j, is placed at the key of what would hold it", (path, at) => {
    expect(place(text, path)).toBe(at);
  });

  test("after comments at the top, what is missing is placed where the settings begin", () => {
    expect(place("# ours\n\nname: x", ["models"])).toBe("3:1");
  });

  test("what has nothing after its colon is placed at its key", () => {
    expect(place("a:\n  b:   # none\n  c: 1", ["a", "b"])).toBe("2:3");
  });

  test("an alias is placed where it is used", () => {
    expect(place("a: &x {b: 1}\nc: *x", ["c"])).toBe("2:4");
  });

  test("what is within an alias is placed within its anchor", () => {
    expect(place("a: &x {b: 1}\nc: *x", ["c", "b"])).toBe("1:11");
  });

  test("what is missing in an alias is placed at the key that uses it", () => {
    expect(place("a: &x {b: 1}\nc: *x", ["c", "d"])).toBe("2:1");
  });

  test("what is merged is placed where it is merged from", () => {
    const merging = "a: &x\n  b: 1\nc:\n  <<: *x\n  d: 2";
    expect([place(merging, ["c", "b"]), place(merging, ["c", "b"], "key")]).toEqual(["2:6", "2:3"]);
  });

  test("what overrides a merged field is placed where it stands", () => {
    expect(place("a: &x\n  b: 1\nc:\n  <<: *x\n  b: 2", ["c", "b"])).toBe("5:6");
  });

  test("an anchor is not part of the value", () => {
    expect(place("a: &anchor b", ["a"])).toBe("1:12");
  });

  test("block text is placed at its mark", () => {
    expect(place("a: |\n  b\n", ["a"])).toBe("1:4");
  });
});

describe("what is refused", () => {
  test("a key written twice, each time after the first", () => {
    expect(diagnosticsOf("a:\n  b: 1\n  c: 2\n  b: 3\n  b: 4")).toEqual([
      '4:3 a.b "b" is written twice, first on line 2; remove one',
      '5:3 a.b "b" is written twice, first on line 4; remove one',
    ]);
  });

  test("a key written once in quotes and once without", () => {
    expect(diagnosticsOf('{1: a, "1": b}')).toEqual([
      '1:8 1 "1" is written twice, first on line 1; remove one',
    ]);
  });

  test("two merge keys", () => {
    expect(diagnosticsOf("a: &a {}\nb:\n  <<: *a\n  <<: *a")).toEqual([
      '4:3 b["<<"] "<<" is written twice, first on line 3; remove one',
    ]);
  });

  test.each(["__proto__", "constructor"])("%s as a key", (key) => {
    expect(diagnosticsOf(`a:\n  ${key}: {polluted: true}`)).toEqual([
      `2:3 a.${key} "${key}" cannot be a key; choose another name`,
    ]);
    expect({}).not.toHaveProperty("polluted");
  });

  test("but not prototype, which is a name like any other", () => {
    expect(valueIn("prototype: 1")).toEqual({ prototype: 1 });
  });

  test.each([
    "!foo b",
    '!!js/function "x"',
    "!!str 1",
    "!!binary aGk=",
    "!!set {x}",
    "! 1",
    "!!map {x: 1}",
    "!!seq [1]",
    "!!null",
  ])("the tag of %s", (value) => {
    expect(diagnosticsOf(`a: ${value}`)).toEqual([
      expect.stringContaining("a YAML tags (!…) are not supported; write the plain value"),
    ]);
  });

  test("a tag on a key", () => {
    expect(diagnosticsOf("!!str a: 1")).toEqual([
      "1:7 a YAML tags (!…) are not supported; write the plain value",
    ]);
  });

  test("an alias without anchor, as a host name with a star is", () => {
    expect(diagnosticsOf("host: *.example.com")).toEqual([
      '1:7 host "*.example.com" is an alias, and no "&.example.com" stands above it; put the value in quotes if the * belongs to it',
    ]);
  });

  test("an alias above its anchor", () => {
    expect(diagnosticsOf("a: *x\nb: &x 1")).toHaveLength(1);
  });

  test.each(["a: &x [*x]", "a: &x {b: {c: *x}}", "a: &x {<<: *x}"])("%s, which holds itself", (text) => {
    expect(diagnosticsOf(text)).toEqual([
      expect.stringContaining('"*x" stands within what it refers to; write the value out'),
    ]);
  });

  test("everything at once", () => {
    expect(diagnosticsOf("a: !x 1\na: *y\n__proto__: 1")).toHaveLength(4);
  });
});

describe("limits", () => {
  const nested = (levels: number) => `a: ${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}`;

  test("100 levels are read", () => {
    expect(diagnosticsOf(nested(100))).toEqual([]);
  });

  test("101 are not", () => {
    expect(diagnosticsOf(nested(101))).toEqual(["1:103  nests more than 100 levels deep; write it flatter"]);
  });

  test("nor are 101 by way of aliases", () => {
    const chain = Array.from(
      { length: 110 },
      (_, index) => `a${index}: &a${index} [${index > 0 ? `*a${index - 1}` : ""}]`,
    );
    expect(diagnosticsOf(chain.join("\n"))).toEqual([
      "100:12  nests more than 100 levels deep; write it flatter",
    ]);
    expect(diagnosticsOf(chain.slice(0, 99).join("\n"))).toEqual([]);
  });

  test("aliases that multiply to more than 100,000 values are refused where they pass it, and once", () => {
    const bomb = Array.from({ length: 12 }, (_, index) => {
      const items = index > 0 ? Array.from({ length: 10 }, () => `*a${index - 1}`) : ["1"];
      return `a${index}: &a${index} [${items.join(", ")}]`;
    });
    expect(diagnosticsOf(bomb.join("\n"))).toEqual([
      "6:9  comes to more than 100,000 values, aliases followed; use fewer aliases",
    ]);
    expect(diagnosticsOf(bomb.slice(0, 5).join("\n"))).toEqual([]);
  });

  test("100,000 values are read, one more is not", () => {
    const items = (number: number) => `a: [${"1,".repeat(number)}]`;
    expect(diagnosticsOf(items(99_998))).toEqual([]);
    expect(diagnosticsOf(items(99_999))).toHaveLength(1);
  });

  test("merges count as well", () => {
    const bomb = Array.from({ length: 12 }, (_, index) => {
      const merged = index > 0 ? `<<: *m${index - 1}, ` : "";
      const fields = Array.from(
        { length: 5 },
        (_, field) => `k${index}${field}: ${index > 0 ? `*m${index - 1}` : 1}`,
      );
      return `m${index}: &m${index} {${merged}${fields.join(", ")}}`;
    });
    expect(diagnosticsOf(bomb.join("\n"))).toEqual([
      expect.stringContaining("comes to more than 100,000 values"),
    ]);
  });
});
