import fc from "fast-check";
import {
  alternatives,
  bare,
  count,
  listed,
  quote,
  received,
  together,
  visible,
  written,
} from "../../../config/diagnostics/text";

test("a line break is written as \\n", () => {
  expect(visible("a\nb")).toBe("a\\nb");
});

test.each([
  ["an escape sequence", "\u001b[31m", "\\u001b[31m"],
  ["a zero-width space", "a\u200bb", "a\\u200bb"],
  ["a change of writing direction", "\u202eabc", "\\u202eabc"],
  ["a line separator", "a\u2028b", "a\\u2028b"],
  ["half of a surrogate pair", "\ud83d", "\\ud83d"],
])("%s is written out", (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("letters of any script and emoji stay", () => {
  expect(visible("modèle 模型 🚀")).toBe("modèle 模型 🚀");
});

test("whatever the text, what is shown is one line without control characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(visible(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test("a quote stands in double quotes, with those within escaped", () => {
  expect(quote('say "hi"')).toBe('"say \\"hi\\""');
});

test("a quote of 60 characters is whole, a longer one is cut", () => {
  expect(quote("x".repeat(60))).toBe(`"${"x".repeat(60)}"`);
  expect(quote("x".repeat(61))).toBe(`"${"x".repeat(59)}…"`);
});

test("a cut does not split an emoji", () => {
  expect(quote("🚀".repeat(61))).toBe(`"${"🚀".repeat(59)}…"`);
});

test("a list of 16 is spelled out, a longer one is cut and counted", () => {
  const words = Array.from({ length: 18 }, (_, index) => `w${index}`);
  expect(listed(words.slice(0, 16))).toBe(words.slice(0, 16).join(", "));
  expect(listed(words)).toBe(`${words.slice(0, 16).join(", ")} and 2 more`);
});

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a or b"],
  [["a", "b", "c"], "a, b or c"],
])("alternatives %j are %j", (words, text) => {
  expect(alternatives(words)).toBe(text);
});

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
])("together %j are %j", (words, text) => {
  expect(together(words)).toBe(text);
});

test("one is singular", () => {
  expect(count(1, "problem")).toBe("1 problem");
  expect(count(0, "problem")).toBe("0 problems");
});

test.each([
  ["text", 'a string ("text")', '"text"'],
  [3, "a number (3)", "3"],
  [Number.NaN, "NaN", "NaN"],
  [Number.NEGATIVE_INFINITY, "-Infinity", "-Infinity"],
  [true, "true", "true"],
  [null, "nothing", "nothing"],
  [undefined, "nothing", "nothing"],
  [[], "an empty list", "an empty list"],
  [[1], "a list", "a list"],
  [{}, "a mapping", "a mapping"],
])("%j was received as %s, or for short %s", (value, long, short) => {
  expect(received(value)).toBe(long);
  expect(bare(value)).toBe(short);
});

test("text is written in quotes, a number without", () => {
  expect(written("2")).toBe('"2"');
  expect(written(2)).toBe("2");
});
