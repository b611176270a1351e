import { aboveLimits, median, ratio, rowOf } from "../../bench/figures";

const cpu = (...seconds: readonly number[]) => seconds.map((each) => ({ "CPU s": each }));

test.each([
  [[], undefined],
  [[3, 1, 2], 2],
  [[10, 9, 2, 1], 5.5],
])("the median of %j is %j", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("a ratio is taken within rounds: a round that is slow for both changes nothing", () => {
  expect(ratio(cpu(1, 10, 1), cpu(2, 20, 2), "CPU s")).toBe(0.5);
});

test("a ratio leaves out the rounds in which one is not known", () => {
  expect(ratio([{}, ...cpu(3)], cpu(2, 1), "CPU s")).toBe(3);
  expect(ratio(cpu(1), [], "CPU s")).toBeUndefined();
});

test("a row has what is known, and the earlier figures", () => {
  const row = rowOf([{ "CPU s": 1, MB: 135.4 }], {
    before: [{ "CPU s": 3, MB: 150.6 }],
    floor: cpu(0.5),
    synth: [],
  });
  expect(row).toEqual({
    "CPU s before": 3,
    "CPU s": 1,
    "× before": 0.33,
    "× floor": 2,
    "MB before": 151,
    MB: 135,
  });
});

test("a number above its limit is told", () => {
  const limits = { "CPU s": 0.4, "wall s": 0.3, MB: 300 };
  expect(aboveLimits("refused", { "CPU s": 0.41, "wall s": 0.3 }, limits)).toEqual([
    "refused: 0.41 CPU s; the limit is 0.4",
  ]);
});
