import { deploymentCost } from "../../config/plan/costs";
import { fromSynthesized } from "../../review/read-synthesized";
import { review } from "../../review/review";
import { reviewText } from "../../review/text";
import { statedTraffic } from "../../scripts/review/stated-traffic";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { reviewOf } from "./plans";
import { reviewOfFiles } from "./synthesized";

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

describe("stated traffic", () => {
  const stated = { out: 2000, nat: 300, logs: 50 };
  const withNetwork = (create: object): WrittenFile => {
    const [[region = "", made] = []] = Object.entries(validFile().regions);
    const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0";
    return {
      ...withModel({ image }),
      regions: { [region]: { ...made, network: { create } } },
    } as WrittenFile;
  };
  const [before, after] = [{}, { nat: "none" }].map((more) => ({
    ...synthesized(valid(withNetwork({ cidr: "10.0.0.0/16", ...more })).deployment),
  }));

  test("costs what it does before and after", () => {
    const made = review(fromSynthesized(before ?? {}, after ?? {}), { traffic: stated });
    expect(made.traffic).toEqual([
      { of: "to clients", gb: 2000, before: expect.closeTo(196, 6), after: expect.closeTo(196, 6) },
      { of: "through NAT gateways or endpoints", gb: 300, before: 13.5, after: 3 },
      { of: "logs", gb: 50, before: 25, after: 25 },
    ]);
    const text = reviewText(made);
    expect(text).toContain(
      "for the stated traffic, a month: 2,000 GB to clients $196.00, 300 GB through NAT gateways or endpoints $13.50 → $3.00, 50 GB logs $25.00, at the prices of us-east-1",
    );
    expect(text).toContain("without metrics and discounts");
    expect(text).toContain("us-east-1 load balancer: $0.04, as before");
  });

  test("to an internal load balancer is processed, and not sent out", () => {
    const entry = { ...validFile().entry, scheme: "internal" as const };
    const stacks = { ...synthesized(valid({ ...validFile(), entry }).deployment) };
    const made = review(fromSynthesized(stacks, stacks), { traffic: { out: 2000 } });
    expect(made.traffic).toEqual([{ of: "to clients", gb: 2000, before: 16, after: 16 }]);
  });

  test("out to the internet costs less a GB the more there is", () => {
    const made = review(fromSynthesized(before ?? {}, before ?? {}), { traffic: { out: 150_000 } });
    const out = 10_240 * 0.09 + 40_960 * 0.085 + (150_000 - 51_200) * 0.07;
    expect(made.traffic[0]?.after).toBeCloseTo(150_000 * 0.008 + out, 6);
  });

  test("over an accelerator costs more, by where its clients are", () => {
    const [before, after] = (["latency", "accelerator"] as const).map((routing) =>
      synthesized(valid(globalEndpointFile({ routing })).deployment),
    );
    const made = review(fromSynthesized({ ...before }, { ...after }), { traffic: { out: 2000 } });
    expect(made.traffic.slice(1)).toEqual([
      { of: "over the accelerator, at the least", gb: 2000, before: 0, after: 20 },
      { of: "over the accelerator, at the most", gb: 2000, before: 0, after: 210 },
    ]);
  });

  test("that is none is said to be left out", () => {
    expect(reviewText(review(fromSynthesized(before ?? {}, before ?? {})))).toContain(
      "without traffic, logs, metrics and discounts",
    );
  });

  test.each(["in=3", "out", "out=many", "out=1,out=2", "", "out=1,,"])("is not %j", (text) => {
    expect(() => statedTraffic(text)).toThrow("--traffic takes GB a month of out, nat, logs");
  });

  test("is read with commas between", () => {
    expect(statedTraffic("out=2000, logs=0.5")).toEqual({ out: 2000, logs: 0.5 });
  });
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

test("a model of any name is not taken for another part of the costs", () => {
  const model = { ...validModel(), variants: { balancer: { weight: 100 } } };
  const file = { ...validFile(), models: { load: model } } as WrittenFile;
  const { money } = reviewOfFiles(file, file);
  const costs = money.parts.filter(({ of }) => of === "load balancer");
  expect(costs.map(({ isGroup }) => isGroup)).toEqual([true, false]);
  expect(costs[0]?.after.atMin).toBeGreaterThan(1);
  expect(costs[1]?.after.atMin).toBeLessThan(1);
});
