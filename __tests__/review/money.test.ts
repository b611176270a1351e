import { deploymentCost } from "../../config/plan/costs";
import { readSource } from "../../config/source/parse";
import { fromSynthesized } from "../../review/read-synthesized";
import { review } from "../../review/review";
import { valid, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { reviewOf } from "./plans";

function written(file: string): WrittenFile {
  const source = readSource(file);
  if ("diagnostics" in source) {
    throw new Error(`${file} is no YAML`);
  }
  return source.value as WrittenFile;
}

test.each(["serving.yaml", "examples/minimal.yaml"])("the JSON of %s costs what the file does", (file) => {
  const { deployment } = valid(written(file));
  const stacks = { ...synthesized(deployment) };
  const { money } = review(fromSynthesized(stacks, stacks));
  const cost = deploymentCost(deployment);
  expect(money.total.after.atMin).toBeCloseTo(cost.atMin, 6);
  expect(money.total.after.atMax).toBeCloseTo(cost.atMax, 6);
  expect(money.total.before).toEqual(money.total.after);
  expect(money.standIns).toEqual(cost.standIns);
  expect(money.dates).toEqual(cost.dates);
});

test("a model more costs more, and nothing else changes", () => {
  const { money } = reviewOf("model-added");
  const changed = money.parts.filter(({ before, after }) => before.atMin !== after.atMin);
  expect(changed.map(({ of }) => of)).toEqual(["gemma main"]);
  expect(changed[0]?.before.atMin).toBe(0);
  // Three g6.2xlarge with a gp3 volume each, by aws/prices.json of us-east-1.
  expect(changed[0]?.after.atMin).toBeCloseTo(3 * 0.99, 1);
});
