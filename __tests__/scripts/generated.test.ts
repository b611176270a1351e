import { withBlocks } from "../../scripts/generated";

const text =
  "before\n<!-- a:begin -->\nold\n<!-- a:end -->\nbetween\n<!-- b:begin -->\n<!-- b:end -->\nafter\n";

test("a block takes the place of what stands between its markers", () => {
  expect(withBlocks(text, { a: "new", b: "also new" })).toBe(
    "before\n<!-- a:begin -->\n\nnew\n\n<!-- a:end -->\nbetween\n<!-- b:begin -->\n\nalso new\n\n<!-- b:end -->\nafter\n",
  );
});

test("a block put in twice is there once", () => {
  const once = withBlocks(text, { a: "new" });
  expect(withBlocks(once, { a: "new" })).toBe(once);
});

test("a block may hold what means something to String.replace", () => {
  expect(withBlocks(text, { a: "$1 $& $$" })).toContain("\n$1 $& $$\n");
});

test("a block without a place is an error", () => {
  expect(() => withBlocks(text, { c: "new" })).toThrow('there is no place marked "c"');
});
