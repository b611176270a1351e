import fc from "fast-check";
import {
  type Capacity,
  type CapacityFacts,
  instancesAfterZoneLoss,
  instancesToSurviveZoneLoss,
  scheduledSizes,
  variantCapacity,
  type WrittenSizes,
} from "../../../config/plan/capacity";
import type { Derived } from "../../../config/plan/derived";
import { peakAfterRegionLoss } from "../../../config/plan/region-loss";

const facts = (given: Partial<CapacityFacts> = {}): CapacityFacts => ({
  zones: 3,
  survivesZone: true,
  share: 1,
  rollout: {},
  scaling: {},
  ...given,
});
const valuesOf = (capacity: Capacity) =>
  Object.fromEntries(
    Object.entries(capacity).flatMap(([name, derived]) =>
      derived === undefined ? [] : [[name, derived.value]],
    ),
  );
const of = (given: Partial<CapacityFacts>) => valuesOf(variantCapacity(facts(given)));
const served = (value: number): Derived => ({
  value,
  unit: "requests/min",
  rule: "as written",
  inputs: {},
  source: "the deployment's own measurements",
});
const DEMAND = { peakRequestsPerMinute: 600, requestsServed: served(100) };

describe("reservations that instances are launched into only", () => {
  const only = (...inZones: number[]) => ({ inZones, only: true });
  const zonesFull = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 });

  test.each([
    // The fullest zones end as equal as the reservations let them.
    [6, [10, 3, 1], 3],
    [6, [2, 2, 2], 4],
    [14, [10, 3, 1], 4],
  ])("leave of %i instances in %j, without the fullest zone, %i", (instances, inZones, left) => {
    expect(instancesAfterZoneLoss(instances, inZones.length, only(...inZones))).toBe(left);
  });

  test("leave what is needed, of just so many instances, wherever there is room for that", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), zonesFull, (need, inZones) => {
        const reserved = only(...inZones);
        const zones = inZones.length;
        const all = inZones.reduce((sum, some) => sum + some, 0);
        const left = (instances: number) => instancesAfterZoneLoss(instances, zones, reserved);
        const instances = instancesToSurviveZoneLoss(need, zones, reserved);
        if (left(all) >= need) {
          expect(left(instances)).toBeGreaterThanOrEqual(need);
          expect(left(instances - 1)).toBeLessThan(need);
        } else {
          expect(instances).toBe(instancesToSurviveZoneLoss(need, zones));
        }
      }),
    );
  });

  test("end the growth of the group, and leave no room for a rollout once they are full", () => {
    expect(of({ ...DEMAND, reserved: only(4, 4, 4) })).toMatchObject({
      ...{ min: 9, max: 12, reserved: 9, minHealthy: 100 },
    });
    expect(of({ ...DEMAND, reserved: only(3, 3, 3) })).toMatchObject({
      ...{ min: 9, max: 9, reserved: 9, minHealthy: 88, maxHealthy: 100 },
    });
    expect(of({ ...DEMAND, reserved: only(9, 4, 2) })).toMatchObject({ min: 10, max: 15 });
  });

  test("are used as far as the zones stay equal, beside on-demand instances", () => {
    const first = (...inZones: number[]) => of({ ...DEMAND, reserved: { inZones, only: false } });
    expect(first(10, 3, 1)).toMatchObject({ min: 9, max: 14, reserved: 7, minHealthy: 100 });
    expect(of({ min: 4, reserved: { inZones: [2, 1], only: false } }).reserved).toBe(3);
    expect(of({ min: 4, reserved: { inZones: [1, 1], only: false } }).reserved).toBe(2);
    expect(of(DEMAND)).not.toHaveProperty("reserved");
  });
});

describe("losing a zone", () => {
  test.each([
    [2, 2, 1],
    [3, 3, 2],
    [4, 3, 2],
    [5, 3, 3],
    [9, 3, 6],
    [10, 6, 8],
    [1, 1, 0],
  ])("leaves of %i instances in %i zones %i", (instances, zones, left) => {
    expect(instancesAfterZoneLoss(instances, zones)).toBe(left);
  });

  test("leaves what is needed of just so many instances as it takes", () => {
    const needs = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(needs, fc.integer({ min: 2, max: 6 }), (need, zones) => {
        const instances = instancesToSurviveZoneLoss(need, zones);
        expect(instancesAfterZoneLoss(instances, zones)).toBeGreaterThanOrEqual(need);
        expect(instancesAfterZoneLoss(instances - 1, zones)).toBeLessThan(need);
      }),
    );
  });

  test("leaves what is needed wherever the instances lie, when zones differ by one at most", () => {
    const needs = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(needs, fc.integer({ min: 2, max: 6 }), (need, zones) => {
        const instances = instancesToSurviveZoneLoss(need, zones);
        const perZone = Array.from({ length: zones }, (_, zone) => Math.floor((instances + zone) / zones));
        expect(perZone.reduce((sum, some) => sum + some)).toBe(instances);
        expect(instances - Math.max(...perZone)).toBeGreaterThanOrEqual(need);
      }),
    );
  });
});

describe("how many instances", () => {
  test("serve a peak, after losing one of three zones", () => {
    expect(of(DEMAND)).toEqual({
      requestsPerInstance: 100,
      need: 6,
      min: 9,
      max: 14,
      onDemandBase: 0,
      onDemandShare: 100,
      minHealthy: 100,
      maxHealthy: 112,
      scalingTarget: 80,
      leastHealthy: 6,
    });
  });

  test.each([
    [{ survivesZone: false }, 6],
    [{ zones: 1 }, 6],
    [{ zones: 2 }, 12],
    [{ zones: 6 }, 8],
    [{ share: 0.5 }, 5],
    [{ share: 0 }, 2],
    [{ peakRequestsPerMinute: 601 }, 11],
    [{ peakRequestsPerMinute: 1 }, 2],
    [{ min: 20 }, 20],
    [{ min: 0 }, 0],
  ])("with %j: at least %i", (given, min) => {
    expect(of({ ...DEMAND, ...given }).min).toBe(min);
  });

  test("a share of the peak that is a whole number of instances needs no more", () => {
    expect(of({ peakRequestsPerMinute: 100, requestsServed: served(1), share: 0.07 }).need).toBe(7);
  });

  test.each([
    [1, 2],
    [2, 3],
    [3, 5],
    [10, 15],
    [0, 1],
  ])("at least %i: at most %i", (min, max) => {
    expect(of({ min }).max).toBe(max);
  });

  describe("are enough for a lost region", () => {
    const afterLossOf = (peak: number) => ({
      peakAfterRegionLoss: peakAfterRegionLoss(
        { own: { peak: 600, weight: 100 }, others: [{ peak, weight: 100 }] },
        "in proportion",
      ),
    });

    test.each([
      ["one as large as this", 600, 12],
      ["a smaller one, where a lost zone takes more", 100, 9],
      ["one twice as large", 1200, 18],
    ])("%s", (_, peak, min) => {
      expect(of({ ...DEMAND, ...afterLossOf(peak) }).min).toBe(min);
    });

    test("each variant its share", () => {
      expect(of({ ...DEMAND, ...afterLossOf(1200), share: 0.5 })).toMatchObject({
        need: 3,
        needAfterRegionLoss: 9,
        min: 9,
      });
    });

    test("shown with the rule and its inputs", () => {
      const { min, needAfterRegionLoss } = variantCapacity(facts({ ...DEMAND, ...afterLossOf(600) }));
      expect(min).toMatchObject({
        rule: "the larger of needAfterRegionLoss and need × zones ÷ (zones − 1), rounded up: after the loss of a region or of a zone at the peak, the other instances still serve it, without launching any",
        inputs: { need: 6, zones: 3, needAfterRegionLoss: 12 },
      });
      expect(needAfterRegionLoss).toMatchObject({
        value: 12,
        inputs: { peakAfterRegionLoss: 1200, share: 1, requestsPerMinutePerInstance: 100 },
      });
    });

    test("unless it is not written what an instance serves", () => {
      expect(of({ ...afterLossOf(600), min: 3 })).not.toHaveProperty("needAfterRegionLoss");
    });

    test("and are kept as written", () => {
      expect(variantCapacity(facts({ ...DEMAND, ...afterLossOf(600), min: 20 })).min).toMatchObject({
        value: 20,
        insteadOf: 12,
      });
    });
  });

  test("are as written", () => {
    expect(variantCapacity(facts({ ...DEMAND, min: 4, max: 5 }))).toMatchObject({
      min: { value: 4, insteadOf: 9 },
      max: { value: 5, insteadOf: 6 },
    });
  });

  test.each([{ peakRequestsPerMinute: 600 }, { requestsServed: served(100) }])(
    "are two with %j alone, of which no need follows",
    (half) => {
      expect(of(half)).toMatchObject({ min: 2 });
      expect(of(half)).not.toHaveProperty("need");
    },
  );

  test("survive the loss of any zone, whatever the demand", () => {
    const demand = fc.record({
      peakRequestsPerMinute: fc.double({ min: 0.001, max: 1e5, noNaN: true }),
      requestsServed: fc.double({ min: 1, max: 1e4, noNaN: true }).map(served),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      zones: fc.integer({ min: 2, max: 6 }),
    });
    fc.assert(
      fc.property(demand, (given) => {
        const { min = 0, max = 0, need = 0, leastHealthy } = of(given);
        const served = instancesAfterZoneLoss(min, given.zones) * given.requestsServed.value;
        expect(served).toBeGreaterThanOrEqual(given.peakRequestsPerMinute * given.share * (1 - 1e-6));
        expect(max).toBeGreaterThan(min);
        expect(leastHealthy).toBe(need);
      }),
    );
  });
});

describe("fewer healthy instances than which are an alarm", () => {
  test.each([
    ["what the peak needs", { ...DEMAND }, 6],
    ["what is left of min without the fullest zone", { min: 5 }, 3],
    ["one, where a zone holds all", { min: 3, zones: 1 }, 1],
    ["one of one", { min: 1 }, 1],
    ["none of none", { min: 0 }, 0],
    ["min, where the peak needs more", { ...DEMAND, min: 2, survivesZone: false }, 2],
  ])("are %s", (_what, given, instances) => {
    expect(of(given).leastHealthy).toBe(instances);
  });
});

describe("Spot", () => {
  test("leaves on demand what is left of min without the fullest zone", () => {
    expect(of({ min: 5, spot: { share: 70 } })).toMatchObject({ onDemandBase: 3, onDemandShare: 30 });
  });

  test("leaves on demand what is written", () => {
    const { onDemandBase } = variantCapacity(facts({ min: 5, spot: { share: 70, onDemandBase: 1 } }));
    expect(onDemandBase).toMatchObject({ value: 1, insteadOf: 3 });
  });
});

describe("a refresh", () => {
  test.each([
    [1, 200],
    [2, 150],
    [3, 134],
    [10, 110],
    [100, 110],
    [0, 200],
  ])("of at least %i instances may grow to %i %%: by one instance or more", (min, percent) => {
    expect(of({ min }).maxHealthy).toBe(percent);
  });

  test.each([
    [90, 150],
    [50, 150],
    [10, 110],
    [0, 100],
  ])("with %i %% healthy may grow to %i %%: AWS takes no wider range", (minHealthy, percent) => {
    expect(of({ min: 2, rollout: { minHealthy } })).toMatchObject({ minHealthy, maxHealthy: percent });
  });

  test("is as written", () => {
    const { minHealthy, maxHealthy } = variantCapacity(
      facts({ min: 2, rollout: { minHealthy: 90, maxHealthy: 120 } }),
    );
    expect(minHealthy).toMatchObject({ value: 90, insteadOf: 100 });
    expect(maxHealthy).toMatchObject({ value: 120, insteadOf: 150 });
  });

  test("leaves room for one instance more, within what AWS takes, whatever the numbers", () => {
    const percent = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), percent, (instances, minHealthy) => {
        const {
          min = 0,
          minHealthy: least = 0,
          maxHealthy: most = 0,
        } = of({ min: instances, rollout: { minHealthy } });
        expect(most).toBeGreaterThanOrEqual(100);
        expect(most).toBeLessThanOrEqual(Math.min(200, least + 100));
        expect(Math.floor((min * most) / 100) > min || most === Math.min(200, least + 100)).toBe(true);
      }),
    );
  });
});

describe("what a group is steered to", () => {
  test("is 80 % of what an instance serves", () => {
    expect(of(DEMAND).scalingTarget).toBe(80);
  });

  test("is what is written, and remembers what it would have been", () => {
    const { scalingTarget } = variantCapacity(
      facts({ ...DEMAND, scaling: { requestsPerMinutePerInstance: 50 } }),
    );
    expect(scalingTarget).toMatchObject({ value: 50, insteadOf: 80 });
  });

  test("is what is written where nobody says what an instance serves", () => {
    const { scalingTarget } = variantCapacity(facts({ scaling: { requestsPerMinutePerInstance: 50 } }));
    expect(scalingTarget).toMatchObject({ value: 50, rule: "as written" });
  });

  test("is undefined where nothing is written", () => {
    expect(of({})).not.toHaveProperty("scalingTarget");
  });
});

describe("sizes at times that recur", () => {
  const at = (written: WrittenSizes, given: Partial<CapacityFacts> = DEMAND) => {
    const { need, min, max } = scheduledSizes(facts(given), written);
    return [need?.value, min.value, max.value];
  };

  test.each<[WrittenSizes, readonly (number | undefined)[]]>([
    [{}, [undefined, 9, 14]],
    [{ peakRequestsPerMinute: 100 }, [1, 2, 14]],
    [{ peakRequestsPerMinute: 100, min: 4, max: 5 }, [1, 4, 5]],
    [{ min: 2 }, [undefined, 2, 14]],
    [{ max: 10 }, [undefined, 9, 10]],
    [{ min: 0 }, [undefined, 0, 0]],
    [{ min: 0, max: 3 }, [undefined, 0, 3]],
  ])("%j", (written, sizes) => {
    expect(at(written)).toEqual(sizes);
  });

  test("carry what a lost region brings, at its peak", () => {
    const peaks = { own: { peak: 600, weight: 1 }, others: [{ peak: 600, weight: 1 }] };
    const given = { ...DEMAND, peakAfterRegionLoss: peakAfterRegionLoss(peaks, "in proportion") };
    expect(at({ peakRequestsPerMinute: 100 }, given)).toEqual([1, 12, 18]);
  });

  test("lower what counts as too few, and leave room for a rollout at all hours", () => {
    expect(of({ ...DEMAND, schedules: [{ peakRequestsPerMinute: 100 }, {}] })).toMatchObject({
      ...{ min: 9, max: 14, leastHealthy: 2, maxHealthy: 150, minHealthy: 100 },
    });
    expect(of({ ...DEMAND, schedules: [{ min: 0 }, {}] })).toMatchObject({
      leastHealthy: 0,
      maxHealthy: 200,
    });
    expect(of({ ...DEMAND, schedules: [{ min: 8 }, {}] })).toMatchObject({ leastHealthy: 6 });
  });
});
