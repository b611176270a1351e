import fc from "fast-check";
import type { Derived } from "../../../config/plan/derived";
import { balancerTiming, modelTiming, type Timing, type TimingFacts } from "../../../config/plan/timing";

const seconds = (value: number): Derived => ({ value, unit: "s", rule: "", inputs: {}, source: "" });
const facts = (given: Partial<TimingFacts> = {}): TimingFacts => ({
  loadTime: seconds(360),
  longestRequest: 300,
  longestSilence: 60,
  slowStarts: false,
  written: {},
  health: {},
  ...given,
});
const valuesOf = (timing: Timing) =>
  Object.fromEntries(Object.entries(timing).map(([name, { value }]) => [name, value]));

describe("the times of a model", () => {
  test("that loads in 6 minutes and answers within 5", () => {
    expect(valuesOf(modelTiming(facts()))).toEqual({
      loadTime: 360,
      healthInterval: 10,
      healthTimeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
      launchHook: 720,
      startTimeout: 705,
      probeTimeout: 60,
      gracePeriod: 380,
      slowStart: 0,
      warmUp: 80,
      refreshWarmUp: 80,
      drain: 330,
      serverDrain: 300,
      stopTimeout: 325,
      terminateHook: 360,
      serverKeepAlive: 4015,
    });
  });

  test("with round_robin: instances warm up for the slow start too", () => {
    const { slowStart, warmUp } = modelTiming(facts({ slowStarts: true }));
    expect([slowStart.value, warmUp.value]).toEqual([36, 116]);
  });

  test.each([
    [1, 30],
    [299, 30],
    [300, 30],
    [310, 31],
    [9000, 900],
    [20_000, 900],
  ])("with round_robin and %i s of loading: %i s of slow start", (loadTime, slowStart) => {
    const given = facts({ slowStarts: true, loadTime: seconds(loadTime) });
    expect(modelTiming(given).slowStart.value).toBe(slowStart);
  });

  test.each([
    [0, 30],
    [15, 30],
    [16, 32],
    [3600, 7200],
    [7185, 7200],
  ])("that loads in %i s: a launch hook of %i s", (loadTime, launchHook) => {
    expect(modelTiming(facts({ loadTime: seconds(loadTime) })).launchHook.value).toBe(launchHook);
  });

  test.each([
    [1, 31, 1, 61],
    [3570, 3600, 3570, 3630],
    [3600, 3600, 3600, 3660],
  ])(
    "whose requests take %i s: %i s to drain, %i s in the server, %i s of terminate hook",
    (longestRequest, ...times) => {
      const { drain, serverDrain, terminateHook } = modelTiming(facts({ longestRequest }));
      expect([drain.value, serverDrain.value, terminateHook.value]).toEqual(times);
    },
  );

  test.each([
    [5, 2],
    [6, 3],
    [31, 15],
    [300, 120],
  ])("that is checked every %i s: %i s for an answer", (interval, seconds) => {
    expect(modelTiming(facts({ health: { interval } })).healthTimeout.value).toBe(seconds);
  });

  test.each([
    [0, 10],
    [10, 10],
    [11, 11],
    [3600, 3600],
  ])("that is silent for %i s at most: %i s for the answer to a probe", (longestSilence, seconds) => {
    expect(modelTiming(facts({ longestSilence })).probeTimeout.value).toBe(seconds);
  });

  test("say so where the probe has its own time", () => {
    expect(modelTiming(facts({ probeTimeout: 5 })).probeTimeout).toMatchObject({ value: 5, insteadOf: 60 });
  });

  test("show that a start may take up to three times as long", () => {
    expect(modelTiming(facts()).startTimeout.rule).toContain(
      "extends the wait by the same time, up to twice",
    );
  });

  test("follow from the health check that is written", () => {
    const health = { interval: 30, timeout: 3, healthyThreshold: 5, unhealthyThreshold: 2 };
    expect(valuesOf(modelTiming(facts({ health })))).toMatchObject({
      healthInterval: 30,
      healthTimeout: 3,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      gracePeriod: 360 + 150,
      warmUp: 150 + 60,
    });
  });

  test("follow from one another where one is written", () => {
    const written = { launchHook: 1000, slowStart: 100, warmUp: 500, serverDrain: 400 };
    const timing = modelTiming(facts({ slowStarts: true, written }));
    expect(valuesOf(timing)).toMatchObject({ startTimeout: 985, refreshWarmUp: 500, terminateHook: 460 });
    expect(modelTiming(facts({ written: { slowStart: 100 } })).warmUp.value).toBe(180);
  });

  test.each([
    "launchHook",
    "gracePeriod",
    "warmUp",
    "slowStart",
    "drain",
    "serverDrain",
    "serverKeepAlive",
    "terminateHook",
    "refreshWarmUp",
  ] as const)("%s is what is written, and remembers what it would have been", (name) => {
    const derived = modelTiming(facts())[name].value;
    const written = modelTiming(facts({ written: { [name]: 1234 } }))[name];
    expect(written).toMatchObject({ value: 1234, insteadOf: derived });
  });

  test("a derived time stands instead of nothing", () => {
    const written = modelTiming(facts({ written: { warmUp: 5 } }));
    expect(written.refreshWarmUp).toMatchObject({ value: 5, inputs: { warmUp: 5 } });
    expect(written.refreshWarmUp.insteadOf).toBeUndefined();
  });
});

const anyFacts = fc.record({
  loadTime: fc.integer({ min: 0, max: 7185 }).map(seconds),
  longestRequest: fc.integer({ min: 1, max: 3600 }),
  longestSilence: fc.integer({ min: 0, max: 3600 }),
  slowStarts: fc.boolean(),
  written: fc.constant({}),
  health: fc.record(
    {
      interval: fc.integer({ min: 5, max: 300 }),
      healthyThreshold: fc.integer({ min: 2, max: 10 }),
      unhealthyThreshold: fc.integer({ min: 2, max: 10 }),
    },
    { requiredKeys: [] },
  ),
});

describe("whatever the load time and the longest request, within what AWS can", () => {
  const always = (
    what: string,
    holds: (value: Readonly<Record<string, number>>, given: TimingFacts) => boolean,
  ) =>
    test(what, () => {
      fc.assert(
        fc.property(anyFacts, (given) =>
          holds(valuesOf(modelTiming(given)) as Record<string, number>, given),
        ),
      );
    });
  const within = (value: number | undefined, min: number, max: number) =>
    value !== undefined && Number.isInteger(value) && value >= min && value <= max;

  always(
    "an instance has time to load before it gives up, and gives up before the launch hook does",
    (t, { loadTime }) => {
      return within(t.startTimeout, loadTime.value, (t.launchHook ?? 0) - 1);
    },
  );
  always("the launch hook is one AWS takes", (t) => within(t.launchHook, 30, 7200));
  always("a server that restarts in service has time to load", (t, { loadTime }) =>
    within(t.gracePeriod, loadTime.value, 20_000),
  );
  always("the longest request drains", (t, { longestRequest }) => within(t.drain, longestRequest, 3600));
  always("the server finishes the longest request", (t, { longestRequest }) =>
    within(t.serverDrain, longestRequest, 3600),
  );
  always("the terminate hook outlasts the server", (t) =>
    within(t.terminateHook, (t.serverDrain ?? 0) + 30, 7200),
  );
  always("SIGKILL falls after a server ends by itself, and before its hook is over", (t) =>
    within(t.stopTimeout, (t.serverDrain ?? 0) + 5 + 15 + 1, (t.terminateHook ?? 0) - 5),
  );
  always("a health check ends before the next begins", (t) =>
    within(t.healthTimeout, 2, Math.min(120, (t.healthInterval ?? 0) - 1)),
  );
  always("slow start is off, or one AWS takes", (t, { slowStarts }) =>
    slowStarts ? within(t.slowStart, 30, 900) : t.slowStart === 0,
  );
  always("an instance is warm when it is healthy and has its full share", (t) =>
    within(t.warmUp, (t.healthInterval ?? 0) * (t.healthyThreshold ?? 0) + (t.slowStart ?? 0), 10_000),
  );
  always("the server keeps connections longer than any load balancer", (t) =>
    within(t.serverKeepAlive, 4001, 10_000),
  );
});

describe("the times of a load balancer", () => {
  const models = (...some: readonly (readonly [number, number])[]) =>
    some.map(([longestSilence, longestRequest]) => ({ longestSilence, longestRequest }));
  const valuesOfBalancer = (timing: ReturnType<typeof balancerTiming>) => [
    timing.idleTimeout.value,
    timing.clientKeepAlive.value,
  ];

  test.each([
    ["no model", models(), [60, 3600]],
    ["short requests", models([1, 1]), [60, 3600]],
    ["30 s of silence", models([30, 30]), [60, 3600]],
    ["31 s of silence", models([31, 31]), [61, 3600]],
    ["the most silent of several", models([60, 60], [300, 600], [30, 30]), [330, 3600]],
    ["the longest of several", models([60, 7200], [300, 600]), [330, 7200]],
    ["as much silence as there can be", models([3970, 3970]), [4000, 3970]],
    ["more silence than there can be", models([5000, 1_000_000]), [4000, 604_800]],
  ])("follow from %s", (_what, some, values) => {
    expect(valuesOfBalancer(balancerTiming(some, {}))).toEqual(values);
  });

  test("are what is written, and remember what they would have been", () => {
    const { idleTimeout, clientKeepAlive } = balancerTiming(models([60, 60]), {
      idleTimeout: 100,
      clientKeepAlive: 60,
    });
    expect(idleTimeout).toMatchObject({ value: 100, insteadOf: 90, inputs: { longestSilence: 60 } });
    expect(clientKeepAlive).toMatchObject({ value: 60, insteadOf: 3600, inputs: { longestRequest: 60 } });
  });

  test("outlast every silence, whatever the models", () => {
    const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 3600 })), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(some, (pairs) => {
        const [idle = 0, client = 0] = valuesOfBalancer(balancerTiming(models(...pairs), {}));
        return (
          pairs.every(([silence, request]) => idle >= silence && client >= request) &&
          idle <= 4000 &&
          idle >= 60
        );
      }),
    );
  });
});
