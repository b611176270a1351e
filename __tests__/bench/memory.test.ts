import { judgements } from "../../bench/memory/observations";
import { isWrong, memoryReport, TOKENS_WITHIN } from "../../bench/memory/report";

const all = judgements();

test("the tokens of a KV cache are those that servers printed", () => {
  const counted = all.flatMap(({ tokens }) => tokens ?? []);
  expect(counted.length).toBeGreaterThan(10);
  for (const share of counted) {
    expect(Math.abs(share - 1)).toBeLessThan(TOKENS_WITHIN);
  }
});

test("nearly all that ran is not refused, and what did not start does not pass", () => {
  const judged = all.filter(
    ({ verdict, observation: { fits } }) => verdict !== undefined && fits !== undefined,
  );
  expect(judged.length).toBeGreaterThan(30);
  // One, whose cause the report names: it cannot have been as it is told.
  expect(judged.filter(isWrong).map(({ model }) => model.id)).toEqual([
    "meta-llama/Llama-4-Scout-17B-16E-Instruct",
  ]);
});

test("the report names each miss with its cause", () => {
  const text = memoryReport().join("\n");
  expect(text).not.toContain("cause not known");
  expect(text).toMatch(/\d+ of \d+ observations are not contradicted/);
});
