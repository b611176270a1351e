import { readFileSync } from "node:fs";
import path from "node:path";
import { constants, FEWEST, familyOf, halfOf } from "../../bench/memory/fit";
import { judgements } from "../../bench/memory/observations";
import { isWrong, memoryReport, scoreOf, TOKENS_WITHIN } from "../../bench/memory/report";

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
  expect(text.match(/\d+ of \d+ observations are not contradicted/g)).toHaveLength(3);
  expect(text).toContain("context · 0.35 in the code · 0.35 fitted");
  expect(text).toContain("experts · 2.2 in the code · not fitted, fewer than 3");
});

test("the constants are those that the fitted half gives, where it has enough observations", () => {
  const fitted = constants().filter(({ counts }) => counts.fitted >= FEWEST);
  expect(fitted.map(({ part }) => part)).toEqual(["context"]);
  for (const { value, fitted: rule } of fitted) {
    expect(value).toBeCloseTo(rule ?? Number.NaN, 2);
  }
});

test("a constant with fewer observations is not fitted", () => {
  for (const { counts, fitted } of constants().filter(({ counts }) => counts.fitted < FEWEST)) {
    expect([counts, fitted]).toEqual([counts, undefined]);
  }
});

test("the rule gives the median of what servers took, within what the mechanism allows", () => {
  const changed = (by: number) =>
    constants(
      all.map((each) => ({
        ...each,
        overheadGiB: each.overheadGiB === undefined ? undefined : each.overheadGiB + by,
      })),
    ).find(({ part }) => part === "context");
  const { median = Number.NaN } = changed(0) ?? {};
  expect(changed(-median + 0.3)?.fitted).toBeCloseTo(0.3);
  expect(changed(-median)?.fitted).toBe(0.25);
  expect(changed(1)?.fitted).toBe(0.35);
});

test("the hash of their names divides the families in halves", () => {
  const families = (half: string) => [
    ...new Set(all.flatMap(({ model }) => (halfOf(model) === half ? familyOf(model) : []))),
  ];
  expect(families("fitted").sort()).toEqual([
    "DeepseekV32ForCausalLM",
    "DeepseekV4ForCausalLM",
    "Gemma3ForConditionalGeneration",
    "GptOssForCausalLM",
    "MiniMaxM2ForCausalLM",
    "Qwen3VLMoeForConditionalGeneration",
    "Qwen3_5ForConditionalGeneration",
    "black-forest-labs/FLUX.1-dev",
  ]);
  expect(families("kept back")).toHaveLength(9);
});

test("each half alone is right in 95 % of starts, and in nine of ten counts of tokens", () => {
  for (const half of ["fitted", "kept back"]) {
    const { judged, wrong, tokens, near } = scoreOf(all.filter(({ model }) => halfOf(model) === half));
    expect(judged.length).toBeGreaterThan(10);
    expect(wrong.length).toBeLessThanOrEqual(0.05 * judged.length);
    expect(near.length).toBeGreaterThanOrEqual(0.9 * tokens.length);
  }
});

test("what servers took is within the span, but for those whose profile had no sampler", () => {
  const { measured, outside } = scoreOf(all);
  expect(measured.length).toBe(9);
  expect(outside.map(({ model }) => model.id)).toEqual(["Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B"]);
});

test("the documentation has the results of each half and the observations of each constant", () => {
  const page = path.join(__dirname, "../../docs/capacity-and-timing.md");
  const rows = readFileSync(page, "utf8").replaceAll(/ +/g, " ");
  for (const half of ["fitted", "kept back"]) {
    const judgementsOfHalf = all.filter(({ model }) => halfOf(model) === half);
    const { judged, wrong, tokens, near, measured, outside } = scoreOf(judgementsOfHalf);
    const families = new Set(judgementsOfHalf.map(({ model }) => familyOf(model))).size;
    const right = `${judged.length - wrong.length} of ${judged.length}`;
    const within = `${measured.length - outside.length} of ${measured.length}`;
    expect(rows).toContain(
      `| ${half} | ${families} | ${right} | ${near.length} of ${tokens.length} | ${within} |`,
    );
  }
  for (const { part, counts, value } of constants()) {
    if (value !== undefined) {
      const row = rows.split("\n").find((each) => each.startsWith(`| ${part} | ${value}`));
      expect(row).toContain(` | ${counts.fitted} | ${counts["kept back"]} | `);
    }
  }
});
