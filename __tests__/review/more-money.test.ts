import { deploymentCost } from "../../config/plan/costs";
import { fromSynthesized } from "../../review/read-synthesized";
import { review } from "../../review/review";
import { reviewText } from "../../review/text";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { reviewOf } from "./plans";

function reviewed(file: WrittenFile) {
  const { deployment } = valid(file);
  const stacks = { ...synthesized(deployment) };
  return { cost: deploymentCost(deployment), ...review(fromSynthesized(stacks, stacks)) };
}

const withModel = (model: Partial<WrittenFile["models"][string]>): WrittenFile => ({
  ...validFile(),
  models: { llama: { ...validModel(), ...model } },
});

test.each<[string, WrittenFile]>([
  ["a web ACL", { ...validFile(), entry: { ...validFile().entry, waf: {} } }],
  ["a warm pool", withModel({ warmPool: { min: 2 } })],
])("%s costs in the JSON what it does in the file", (_, file) => {
  const { cost, money } = reviewed(file);
  expect(money.total.after.atMin).toBeCloseTo(cost.atMin, 6);
  expect(money.total.after.atMax).toBeCloseTo(cost.atMax, 6);
  expect(money.total.after.atMin).toBeGreaterThan(reviewed(validFile()).money.total.after.atMin);
});

test("a plan says what a zone costs, and the file what the peak leaves", () => {
  const { survivalCost, money } = reviewOf("image");
  const groups = money.parts.filter(({ of }) => /main|stable|canary/.test(of));
  const atMin = groups.reduce((sum, { after }) => sum + after.atMin, 0);
  // One of three instances of each group, and two of three NAT gateways with their addresses.
  expect(survivalCost.zone).toBeCloseTo(atMin / 3 + 2 * (0.045 + 0.005), 4);
  expect(survivalCost.region).toBeUndefined();
  expect(reviewText(reviewOf("image"))).toMatch(/\n {2}surviving a zone costs up to \$\d\.\d\d of it at min/);
});

test("with a global endpoint a region costs something too, and its health checks by the month", () => {
  const { survivalCost, money, monthly } = reviewed(globalEndpointFile({ routing: "latency" }));
  expect(survivalCost.region).toBeGreaterThan(money.total.after.atMin / 3);
  expect(monthly.healthChecks.after).toBeGreaterThanOrEqual(2 * 0.5);
  expect(monthly.healthChecks.before).toBe(monthly.healthChecks.after);
});

test("alarms are counted by their metrics", () => {
  const { monthly } = reviewOf("model-added");
  // Of the alarms of a model, one divides two metrics: make-plans.ts keeps those that change.
  expect(monthly.alarms.after - monthly.alarms.before).toBeCloseTo(0.1 * 5, 6);
});

test("a variant without weight idles", () => {
  const variants = { stable: { weight: 100 }, canary: { weight: 0 } };
  const made = reviewed(withModel({ variants }));
  expect(made.idle).toEqual([{ region: "us-east-1", of: "llama canary" }]);
  expect(reviewText(made)).toMatch(
    /us-east-1 llama canary idles: it runs, and no rule sends it requests, for \$\d\.\d\d to \$\d\.\d\d an hour/,
  );
  expect(reviewOf("image").idle).toEqual([]);
});
