import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { PlanFile } from "../../review/plan-file";
import { fromPlans } from "../../review/read-plan";
import { type Review, review } from "../../review/review";
import type { Json } from "../../testing/terraform/json";

/** A plan that make-plans.ts wrote, as a file of the stack us-east-1. */
export function planFile(name: string): PlanFile {
  return {
    file: "us-east-1.json",
    text: readFileSync(path.join(__dirname, "plans", `${name}.json`), "utf8"),
  };
}

/** A plan that make-plans.ts wrote, changed by the test. */
export function changedPlan(name: string, change: (plan: Json) => void): PlanFile {
  const { file, text } = planFile(name);
  const plan = JSON.parse(text);
  change(plan);
  return { file, text: JSON.stringify(plan) };
}

/** The review of such a plan. */
export function reviewOf(name: string): Review {
  return review(fromPlans([planFile(name)]));
}

/** `kind: what it says`, for each consequence. */
export function saidBy({ consequences }: Review): readonly string[] {
  return consequences.map(({ kind, says }) => `${kind}: ${says}`);
}

/** The plans of several stacks that make-plans.ts wrote, as files of these stacks. */
export function planFiles(name: string): readonly PlanFile[] {
  const folder = path.join(__dirname, "plans", name);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ file, text: readFileSync(path.join(folder, file), "utf8") }));
}
