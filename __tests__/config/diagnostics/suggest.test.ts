import fc from "fast-check";
import { closest, didYouMean } from "../../../config/diagnostics/suggest";

test.each([
  ["a letter left out", "imge", "image"],
  ["a letter too many", "vlllm", "vllm"],
  ["another letter", "sglamg", "sglang"],
  ["two letters swapped", "iamge", "image"],
  ["other case", "INSTANCETYPES", "instanceTypes"],
  ["an underscore and other case", "instance_types", "instanceTypes"],
])("finds the word behind %s", (_, word, meant) => {
  expect(closest(word, ["server", "image", "vllm", "sglang", "instanceTypes"])).toEqual([meant]);
});

test("gives all that are equally near, in alphabetical order whatever the order they come in", () => {
  const near = ["us-west-1", "us-west-2"];
  expect(closest("us-west-9", ["us-west-2", "us-east-1", "us-west-1"])).toEqual(near);
  expect(closest("us-west-9", ["us-west-1", "us-east-1", "us-west-2"])).toEqual(near);
});

test("leaves out what is further away than the nearest", () => {
  expect(closest("capacit", ["capacities", "capacity"])).toEqual(["capacity"]);
});

test("gives no more than three", () => {
  expect(closest("zone-x", ["zone-a", "zone-b", "zone-c", "zone-d"])).toEqual(["zone-a", "zone-b", "zone-c"]);
});

test("suggests nothing three edits away, however long the words", () => {
  expect(closest("maxInstanceLife", ["maxInstanceLifetime"])).toEqual([]);
  expect(closest("abcdefghijkl", ["xyzdefghijkl"])).toEqual([]);
});

test("allows short words one edit for every three letters", () => {
  expect(closest("vlm", ["vllm"])).toEqual(["vllm"]);
  expect(closest("tgx", ["tyi"])).toEqual([]);
  expect(closest("a", ["b"])).toEqual([]);
});

test("names a candidate once", () => {
  expect(closest("imge", ["image", "image"])).toEqual(["image"]);
});

test("suggests nothing from nothing", () => {
  expect(closest("image", [])).toEqual([]);
});

test("a word with one letter left out is found among others", () => {
  const words = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(words, fc.array(words), fc.nat(), (word, others, position) => {
      const index = position % word.length;
      const misspelt = word.slice(0, index) + word.slice(index + 1);
      fc.pre(!others.some((other) => other !== word && Math.abs(other.length - word.length) <= 2));
      expect(closest(misspelt, [...others, word])).toEqual([word]);
    }),
  );
});

test("two words are as near to each other in either direction", () => {
  const words = fc.stringMatching(/^[abc]{1,7}$/);
  fc.assert(
    fc.property(words, words, (a, b) => {
      expect(closest(a, [b]).length).toBe(closest(b, [a]).length);
    }),
  );
});

test("one suggestion becomes a question", () => {
  expect(didYouMean(["image"])).toBe('; did you mean "image"?');
});

test("several become one question", () => {
  expect(didYouMean(["us-west-1", "us-west-2"])).toBe('; did you mean "us-west-1" or "us-west-2"?');
});

test("without suggestions nothing is asked", () => {
  expect(didYouMean([])).toBe("");
});
