import fc from "fast-check";
import {
  peakAfterRegionLoss,
  type RegionalPeak,
  regionalPeaks,
  regionsServing,
  regionsTakingOver,
  type Takeover,
  takeoverOf,
} from "../../../config/plan/region-loss";
import { servingFileSchema } from "../../../config/schema/deployment";
import { validFile, validModel, type WrittenFile } from "../../support/serving-file";

const peaks = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 2, maxLength: 6 });

const alike = (peak: number): RegionalPeak => ({ peak, weight: 100 });

const afterLoss = (all: readonly RegionalPeak[], takeover: Takeover) =>
  all.map((own, index) =>
    peakAfterRegionLoss({ own, others: all.filter((_, other) => other !== index) }, takeover),
  );

/** What each region comes to serve, by the place of its peak in the list. */
const servedBy = (all: readonly number[], takeover: Takeover) =>
  afterLoss(all.map(alike), takeover).map(({ value }) => value);

describe("in proportion", () => {
  test.each([
    ["two regions alike", [100, 100], [200, 200]],
    ["three regions alike", [100, 100, 100], [150, 150, 150]],
    ["a large and two small ones", [60, 30, 10], [(60 * 100) / 70, 75, 25]],
  ])("%s", (_, all, served) => {
    expect(servedBy(all, "in proportion")).toEqual(served);
  });

  test("N regions alike serve the peak of all ÷ (N − 1)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 1000 }), (count, peak) => {
        for (const value of servedBy(Array(count).fill(peak), "in proportion")) {
          expect(value).toBeCloseTo((count * peak) / (count - 1), 6);
        }
      }),
    );
  });

  test("whichever is lost, the others together serve the peak of all", () => {
    fc.assert(
      fc.property(peaks, (all) => {
        const total = all.reduce((sum, peak) => sum + peak);
        const served = servedBy(all, "in proportion");
        for (const lost of all.keys()) {
          const left = served.filter((_, index) => index !== lost).reduce((sum, value) => sum + value);
          expect(left).toBeGreaterThanOrEqual(total - 1e-6);
        }
      }),
    );
  });
});

test("in proportion is an assumption, where several could be the nearest", () => {
  const ruleOf = (others: readonly number[]) =>
    peakAfterRegionLoss({ own: alike(100), others: others.map(alike) }, "in proportion").rule;
  expect(ruleOf([100])).toMatch(/in proportion to their peaks$/);
  expect(ruleOf([100, 100])).toMatch(
    /\. This is an assumption when each client goes to its nearest region, .* write a higher peakRequestsPerMinute for that region$/,
  );
});

describe("by weight", () => {
  const weighed = (weights: readonly number[], peak = 300) => weights.map((weight) => ({ peak, weight }));
  const served = (all: readonly RegionalPeak[]) => afterLoss(all, "by weight").map(({ value }) => value);

  test.each([
    ["two alike", [100, 100], [600, 600]],
    ["two that are not, each of which comes to serve all", [200, 10], [600, 600]],
    ["an active region and a standby", [100, 0], [300, 300]],
    ["two active regions, and a standby that gets nothing while one is left", [100, 100, 0], [600, 600, 300]],
    ["two heavy ones and one next to nothing", [200, 200, 1], [(900 * 200) / 201, (900 * 200) / 201, 300]],
    ["one twice as heavy as the others", [200, 100, 100], [600, 450, 450]],
  ])("%s", (_, weights, values) => {
    expect(served(weighed(weights))).toEqual(values);
  });

  test("the standbys of the only active region serve all that it did alike, and their own peaks are none", () => {
    const all = [{ peak: 1000, weight: 5 }, ...weighed([0, 0], 40)];
    expect(served(all)).toEqual([1000, 500, 500]);
  });

  test("without any weight all are alike", () => {
    expect(served(weighed([0, 0, 0]))).toEqual([450, 450, 450]);
  });

  test("never less than its own peak", () => {
    expect(served([alike(10), alike(10), { peak: 500, weight: 1 }])[2]).toBe(500);
  });

  test("where weights are alike, and peaks are, as in proportion", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 255 }),
        (count, peak, weight) => {
          const inProportion = servedBy(Array(count).fill(peak), "in proportion");
          for (const [index, value] of served(Array(count).fill({ peak, weight })).entries()) {
            expect(value).toBeCloseTo(inProportion[index] ?? 0, 6);
          }
        },
      ),
    );
  });

  const weights = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 5 });

  test("those that are left serve all that the one with the largest weight did, and no more", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 10_000 }), (left, peak) => {
        const [, ...others] = served([{ peak, weight: 255 }, ...weighed(left, 0)]);
        expect(others.reduce((sum, value) => sum + value)).toBeCloseTo(peak, 6);
      }),
    );
  });

  test("whichever is lost, each of the others is sized for what its weight brings it", () => {
    const region = fc.record({
      peak: fc.integer({ min: 1, max: 10_000 }),
      weight: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(region, { minLength: 2, maxLength: 6 }), (all) => {
        const total = all.reduce((sum, { peak }) => sum + peak, 0);
        const sizes = served(all);
        for (const lost of all.keys()) {
          const left = all.reduce((sum, { weight }, index) => sum + (index === lost ? 0 : weight), 0);
          for (const [index, { weight }] of all.entries()) {
            if (index !== lost) {
              expect(sizes[index]).toBeGreaterThanOrEqual((total * weight) / left - 1e-6);
            }
          }
        }
      }),
    );
  });

  test("shown with the rule and its inputs", () => {
    expect(afterLoss(weighed([200, 100, 0]), "by weight")).toMatchObject([
      {
        rule: expect.stringMatching(/^allPeaks × weight ÷ weightsLeft, /),
        inputs: { peakRequestsPerMinute: 300, allPeaks: 600, weight: 200, weightsLeft: 200 },
      },
      { inputs: { peakRequestsPerMinute: 300, allPeaks: 600, weight: 100, weightsLeft: 100 } },
      { inputs: { peakRequestsPerMinute: 300, allPeaks: 600, weight: 0, weightsLeft: 100 } },
    ]);
    expect(afterLoss(weighed([100, 0, 0]), "by weight")[1]).toMatchObject({
      rule: expect.stringMatching(/^allPeaks ÷ regionsLeft, /),
      inputs: { peakRequestsPerMinute: 300, allPeaks: 300, regionsLeft: 2 },
    });
  });
});

test.each([
  ["latency", "in proportion"],
  ["accelerator", "in proportion"],
  ["weighted", "by weight"],
  ["failover", "all to the next"],
] as const)("%s: %s", (routing, takeover) => {
  const file = servingFileSchema.parse({ ...validFile(), globalEndpoint: { routing } });
  expect(takeoverOf(file)).toBe(takeover);
});

test("all to the next: each serves what any one did", () => {
  fc.assert(
    fc.property(peaks, (all) => {
      expect(servedBy(all, "all to the next")).toEqual(all.map(() => Math.max(...all)));
    }),
  );
});

describe("the peaks of the regions that serve a model", () => {
  const capacity = (peakRequestsPerMinute: number) => ({
    peakRequestsPerMinute,
    requestsPerMinutePerInstance: 100,
  });
  type Override = NonNullable<WrittenFile["regions"][string]["models"]>[string];
  const file = (overrides: Readonly<Record<string, Override>>) =>
    servingFileSchema.parse({
      ...validFile(),
      regions: Object.fromEntries(
        ["us-east-1", "eu-west-1", "ca-central-1"].map((region) => [
          region,
          { network: { create: { cidr: "10.0.0.0/16" } }, models: { llama: overrides[region] ?? {} } },
        ]),
      ),
      models: { llama: { ...validModel(), capacity: capacity(300) } },
    });

  test("are the model's, but for those of regions that say their own", () => {
    const { own, others } = regionalPeaks(
      file({ "eu-west-1": { capacity: capacity(500) } }),
      "us-east-1",
      "llama",
      "main",
    ) ?? { own: undefined, others: [] };
    expect([own?.peak, others.map(({ peak }) => peak).sort()]).toEqual([300, [300, 500]]);
  });

  test("leave out a region that does not serve it", () => {
    const two = file({ "ca-central-1": false });
    expect(regionsServing(two, "llama")).toEqual(["eu-west-1", "us-east-1"]);
    expect(regionalPeaks(two, "us-east-1", "llama", "main")).toEqual({
      own: alike(300),
      others: [alike(300)],
      lossCandidates: [alike(300)],
    });
  });

  test("report which of the others may be lost", () => {
    const some = regionalPeaks(
      file({ "eu-west-1": { capacity: capacity(500) } }),
      "us-east-1",
      "llama",
      "main",
      (region) => region === "ca-central-1",
    );
    expect(some?.others).toHaveLength(2);
    expect(some?.lossCandidates).toEqual([alike(300)]);
  });

  test("come with the weights of these regions, 100 where none is written", () => {
    const { regions, ...rest } = file({ "ca-central-1": false });
    const [standby] = Object.entries(regions).filter(([name]) => name === "eu-west-1");
    const weighed = {
      ...rest,
      regions: { ...regions, ...(standby && { "eu-west-1": { ...standby[1], weight: 0 } }) },
    };
    expect(regionalPeaks(weighed, "us-east-1", "llama", "main")).toEqual({
      own: { peak: 300, weight: 100 },
      others: [{ peak: 300, weight: 0 }],
      lossCandidates: [{ peak: 300, weight: 0 }],
    });
  });

  describe("when one leaves the global endpoint", () => {
    const leaving = (traffic: "drained" | "removed") => {
      const { regions, ...rest } = file({
        "us-east-1": { capacity: capacity(100) },
        "ca-central-1": { capacity: capacity(200) },
        "eu-west-1": { capacity: capacity(500) },
      });
      const [left] = Object.entries(regions).filter(([name]) => name === "eu-west-1");
      return {
        ...rest,
        globalEndpoint: { routing: "latency" as const },
        regions: { ...regions, ...(left && { "eu-west-1": { ...left[1], traffic } }) },
      };
    };
    const seenFrom = (traffic: "drained" | "removed", region: string) => {
      const peaks = regionalPeaks(leaving(traffic), region, "llama", "main");
      return [peaks?.own.peak, (peaks?.others ?? []).map(({ peak }) => peak).sort()];
    };

    test("count one that is drained, which may come back", () => {
      expect(seenFrom("drained", "us-east-1")).toEqual([100, [200, 500]]);
      expect(seenFrom("drained", "eu-west-1")).toEqual([500, [100, 200]]);
    });

    test("leave out one that is removed, whose clients are with the others by then", () => {
      expect(seenFrom("removed", "us-east-1")).toEqual([100, [200]]);
      expect(seenFrom("removed", "ca-central-1")).toEqual([200, [100]]);
      expect(regionsTakingOver(leaving("removed"), "us-east-1", "llama")).toEqual([
        "ca-central-1",
        "us-east-1",
      ]);
    });

    test("are none for the removed one itself, which must not grow with what the others say then", () => {
      expect(seenFrom("removed", "eu-west-1")).toEqual([undefined, []]);
    });
  });

  test("are unknown when there is no other", () => {
    const one = file({ "ca-central-1": false, "eu-west-1": false });
    expect(regionalPeaks(one, "us-east-1", "llama", "main")).toBeUndefined();
  });

  test("are unknown when one does not say its own", () => {
    const silent = file({ "eu-west-1": { capacity: { min: 5 } } });
    expect(regionalPeaks(silent, "us-east-1", "llama", "main")).toBeUndefined();
    expect(regionalPeaks(silent, "eu-west-1", "llama", "main")).toBeUndefined();
  });
});
