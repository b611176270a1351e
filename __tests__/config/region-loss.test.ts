import fc from "fast-check";
import {
  peakAfterRegionLoss,
  regionalPeaks,
  regionsServing,
  regionsStandingIn,
} from "../../config/region-loss";
import { servingFileSchema } from "../../config/schema/deployment";
import { validFile, validModel, type WrittenFile } from "../support/serving-file";

const peaks = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 2, maxLength: 6 });

/** What each region comes to serve, by the place of its peak in the list. */
const carriedBy = (all: readonly number[], takeover: Parameters<typeof peakAfterRegionLoss>[1]) =>
  all.map(
    (own, index) =>
      peakAfterRegionLoss({ own, others: all.filter((_, other) => other !== index) }, takeover).value,
  );

describe("in proportion", () => {
  test.each([
    ["two regions alike", [100, 100], [200, 200]],
    ["three regions alike", [100, 100, 100], [150, 150, 150]],
    ["a large and two small ones", [60, 30, 10], [(60 * 100) / 70, 75, 25]],
  ])("%s", (_, all, carried) => {
    expect(carriedBy(all, "in proportion")).toEqual(carried);
  });

  test("N regions alike carry the peak of all ÷ (N − 1)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 1000 }), (count, peak) => {
        for (const value of carriedBy(Array(count).fill(peak), "in proportion")) {
          expect(value).toBeCloseTo((count * peak) / (count - 1), 6);
        }
      }),
    );
  });

  test("whichever is lost, the others carry all together what all did", () => {
    fc.assert(
      fc.property(peaks, (all) => {
        const total = all.reduce((sum, peak) => sum + peak);
        const carried = carriedBy(all, "in proportion");
        for (const lost of all.keys()) {
          const left = carried.filter((_, index) => index !== lost).reduce((sum, value) => sum + value);
          expect(left).toBeGreaterThanOrEqual(total - 1e-6);
        }
      }),
    );
  });
});

test("in proportion is said to be an assumption, where several could be the nearest", () => {
  const ruleOf = (others: readonly number[]) =>
    peakAfterRegionLoss({ own: 100, others }, "in proportion").rule;
  expect(ruleOf([100])).toMatch(/in proportion to what they serve$/);
  expect(ruleOf([100, 100])).toMatch(
    /; an assumption where the nearest gets it, .* write a higher peakRequestsPerMinute there$/,
  );
});

test("all to the next: each carries what any one did", () => {
  fc.assert(
    fc.property(peaks, (all) => {
      expect(carriedBy(all, "all to the next")).toEqual(all.map(() => Math.max(...all)));
    }),
  );
});

describe("the peaks of the regions that serve a model", () => {
  const capacity = (peakRequestsPerMinute: number) => ({
    peakRequestsPerMinute,
    requestsPerMinutePerBox: 100,
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
    ) ?? { own: 0, others: [] };
    expect([own, [...others].sort()]).toEqual([300, [300, 500]]);
  });

  test("leave out a region that does not serve it", () => {
    const two = file({ "ca-central-1": false });
    expect(regionsServing(two, "llama")).toEqual(["eu-west-1", "us-east-1"]);
    expect(regionalPeaks(two, "us-east-1", "llama", "main")).toEqual({ own: 300, others: [300] });
  });

  describe("when one leaves the door", () => {
    const leaving = (traffic: "drained" | "removed") => {
      const { regions, ...rest } = file({
        "us-east-1": { capacity: capacity(100) },
        "ca-central-1": { capacity: capacity(200) },
        "eu-west-1": { capacity: capacity(500) },
      });
      const [left] = Object.entries(regions).filter(([name]) => name === "eu-west-1");
      return {
        ...rest,
        door: { routing: "latency" as const },
        regions: { ...regions, ...(left && { "eu-west-1": { ...left[1], traffic } }) },
      };
    };
    const seenFrom = (traffic: "drained" | "removed", region: string) => {
      const peaks = regionalPeaks(leaving(traffic), region, "llama", "main");
      return [peaks?.own, [...(peaks?.others ?? [])].sort()];
    };

    test("count one that is drained, which may come back", () => {
      expect(seenFrom("drained", "us-east-1")).toEqual([100, [200, 500]]);
      expect(seenFrom("drained", "eu-west-1")).toEqual([500, [100, 200]]);
    });

    test("leave out one that is removed, whose clients are with the others by then", () => {
      expect(seenFrom("removed", "us-east-1")).toEqual([100, [200]]);
      expect(seenFrom("removed", "ca-central-1")).toEqual([200, [100]]);
      expect(regionsStandingIn(leaving("removed"), "us-east-1", "llama")).toEqual([
        "ca-central-1",
        "us-east-1",
      ]);
    });

    test("are for the removed one itself what they were", () => {
      expect(seenFrom("removed", "eu-west-1")).toEqual([500, [100, 200]]);
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
