import fc from "fast-check";
import {
  error,
  formatPath,
  type Located,
  type Path,
  renderDiagnostics,
  warning,
} from "../../../config/diagnostics/diagnostic";

const lines: Readonly<Record<string, number>> = { name: 1, models: 3, regions: 9 };

/** A file in which every top-level key has a line of its own, keys in column 1 and values in column 5. */
const file: Located = {
  file: "serving.yaml",
  locate: (path, at = "value") => ({ line: lines[String(path[0])] ?? 1, column: at === "key" ? 1 : 5 }),
};

/** Diagnostics of which the code does not matter. */
const wrong = (path: Path, message: string, at?: "key" | "value") => error("wrong-format", path, message, at);
const odd = (path: Path, message: string, at?: "key" | "value") =>
  warning("no-alarm-recipient", path, message, at);

test.each<[Path, string]>([
  [["models", "llama-3-8b", "routes", 0, "path", 1], "models.llama-3-8b.routes[0].path[1]"],
  [[], ""],
  [[2, "a"], "[2].a"],
  [["tags", "cost center"], 'tags["cost center"]'],
  [["a.b"], '["a.b"]'],
  [["env", ""], 'env[""]'],
  [["0"], "0"],
])("%j is written %s", (path, text) => {
  expect(formatPath(path)).toBe(text);
});

test("no two paths are written alike", () => {
  const step = fc.oneof(fc.nat(20), fc.string(), fc.stringMatching(/^[a-c0-2.[\]"-]{0,4}$/));
  const path = fc.array(step, { maxLength: 4 });
  fc.assert(
    fc.property(path, path, (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      expect(formatPath(a)).not.toBe(formatPath(b));
    }),
  );
});

test("a diagnostic is one line of place, severity, path, message and code, and a last line counts", () => {
  const found = error("out-of-range", ["models", "llama", "port"], "must be 1–65535; got 0");
  expect(renderDiagnostics([found], file)).toBe(
    [
      "serving.yaml:3:5  error  models.llama.port  must be 1–65535; got 0  [out-of-range]",
      "1 error; nothing was written.",
    ].join("\n"),
  );
});

test("a diagnostic of the key is placed at the key", () => {
  expect(renderDiagnostics([wrong(["name"], "wrong", "key")], file)).toContain(
    "serving.yaml:1:1  error  name",
  );
  expect(renderDiagnostics([odd(["name"], "odd", "key")], file)).toContain("serving.yaml:1:1  warning  name");
});

test("a place of its own goes before that of the path", () => {
  const diagnostic = { ...wrong(["name"], "wrong"), place: { line: 7, column: 2 } };
  expect(renderDiagnostics([diagnostic], file)).toContain("serving.yaml:7:2  error");
});

test("a diagnostic of the whole file has no path", () => {
  expect(renderDiagnostics([wrong([], "is empty")], file)).toContain(
    "serving.yaml:1:5  error  is empty  [wrong-format]\n",
  );
});

test("diagnostics come by line, column and message", () => {
  const text = renderDiagnostics(
    [
      wrong(["regions"], "d"),
      wrong(["models"], "c"),
      wrong(["models"], "b"),
      wrong(["models", "z"], "a", "key"),
      wrong(["name"], "z"),
    ],
    file,
  );
  expect(text.split("\n").map((line) => line.replace("  [wrong-format]", "").split("  ").at(-1))).toEqual([
    "z",
    "a",
    "b",
    "c",
    "d",
    "5 errors; nothing was written.",
  ]);
});

test("lines come by number, not by digits", () => {
  const tall: Located = { file: "f", locate: (path) => ({ line: Number(path[0]), column: 1 }) };
  const text = renderDiagnostics([wrong([10], "later"), wrong([9], "earlier")], tall);
  expect(text.indexOf("earlier")).toBeLessThan(text.indexOf("later"));
});

test("the same finding made twice is told and counted once", () => {
  const text = renderDiagnostics([wrong(["name"], "alike"), wrong(["name"], "alike")], file);
  expect(text.match(/alike/g)).toHaveLength(1);
  expect(text).toContain("1 error;");
});

test("the same message about two things is told twice", () => {
  expect(renderDiagnostics([wrong(["models", "a"], "x"), wrong(["models", "b"], "x")], file)).toContain(
    "2 errors;",
  );
});

test("warnings alone do not keep anything from being written", () => {
  expect(
    renderDiagnostics([odd(["name"], "odd")], file)
      .split("\n")
      .at(-1),
  ).toBe("1 warning.");
});

test("errors and warnings are counted apart", () => {
  const text = renderDiagnostics([odd(["name"], "odd"), wrong(["name"], "a"), wrong(["name"], "b")], file);
  expect(text.split("\n").at(-1)).toBe("2 errors and 1 warning; nothing was written.");
});

test("no diagnostics are no text", () => {
  expect(renderDiagnostics([], file)).toBe("");
});

test("the user's control characters do not reach the terminal", () => {
  const text = renderDiagnostics([wrong(["a\u001b[2J"], 'got "x\u001b[31m\ny"')], {
    ...file,
    file: "a\u0007b",
  });
  expect(text).not.toContain("\u0007");
  expect(text).not.toContain("\u001b");
  expect(text.split("\n")).toHaveLength(2);
});

test("whatever the order in which diagnostics are found, the text is the same", () => {
  const diagnostic = fc.record({
    path: fc.array(fc.constantFrom("name", "models", "regions", 0), { maxLength: 2 }),
    message: fc.constantFrom("a", "b"),
    severity: fc.constantFrom("error", "warning"),
    code: fc.constantFrom("wrong-format", "no-scaling"),
  });
  fc.assert(
    fc.property(fc.array(diagnostic), (diagnostics) => {
      expect(renderDiagnostics([...diagnostics].reverse(), file)).toBe(renderDiagnostics(diagnostics, file));
    }),
  );
});
