import {
  acceleratorTiming,
  type FailoverTiming,
  type HealthFacts,
  healthFacts,
  healthRequests,
  recordTiming,
} from "../../../config/plan/failover-times";

const valuesOf = (timing: FailoverTiming) =>
  Object.fromEntries(Object.entries(timing).map(([name, { value }]) => [name, value]));

const ASKED: HealthFacts = {
  interval: 10,
  failureThreshold: 3,
  requestChecks: "in all regions",
  instanceDetection: 30,
};

describe("with records, clients are elsewhere", () => {
  test.each<[string, Pick<HealthFacts, "interval" | "failureThreshold">, number, number]>([
    ["requested every 10 s, after three failures", { interval: 10, failureThreshold: 3 }, 48, 108],
    ["requested every 30 s, after three failures", { interval: 30, failureThreshold: 3 }, 108, 168],
    ["requested every 10 s, after one failure", { interval: 10, failureThreshold: 1 }, 16, 76],
  ])("%s", (_, facts, detection, failover) => {
    expect(valuesOf(recordTiming({ ...ASKED, ...facts }))).toMatchObject({
      detection,
      dnsTtl: 60,
      failover,
    });
  });

  test("later by alarms: after the load balancer detects it, three periods, and the one that had begun", () => {
    const timing = recordTiming({ ...ASKED, instanceDetection: 45 });
    expect(valuesOf(timing)).toMatchObject({
      instanceDetection: 45,
      alarmDetection: 285,
      alarmFailover: 345,
    });
    expect(timing.alarmDetection).toMatchObject({
      rule: expect.stringMatching(/^instanceDetection \+ 3 periods of 60 s/),
      inputs: { instanceDetection: 45 },
    });
  });

  test("by alarms alone, when no model is requested", () => {
    expect(valuesOf(recordTiming({ ...ASKED, requestChecks: "nowhere" }))).toEqual({
      dnsTtl: 60,
      instanceDetection: 30,
      alarmDetection: 270,
      alarmFailover: 330,
    });
  });

  test("by alarms, when the lost region may be one without requests", () => {
    const some = recordTiming({ ...ASKED, requestChecks: "in some regions" });
    expect(Object.keys(some)).toEqual([
      "healthRequests",
      ...Object.keys(recordTiming({ ...ASKED, requestChecks: "nowhere" })),
    ]);
  });

  test("as the rule says, of what stands beside it", () => {
    const { detection, failover } = recordTiming({ ...ASKED, interval: 30, failureThreshold: 2 });
    expect(detection?.inputs).toEqual({
      interval: 30,
      connectTimeout: 4,
      answerTimeout: 2,
      failureThreshold: 2,
    });
    expect(failover).toMatchObject({
      rule: "detection + dnsTtl: the failover of a region in which a model does not answer",
      inputs: { detection: 72, dnsTtl: 60 },
    });
  });
});

test("with an accelerator, clients are elsewhere half a minute after the load balancer detects the failure", () => {
  expect(valuesOf(acceleratorTiming(30))).toEqual({
    instanceDetection: 30,
    acceleratorReaction: 30,
    failover: 60,
  });
});

test.each([
  [10, 36],
  [30, 12],
])("health-checked every %i s, a model gets %i requests a minute", (interval, requests) => {
  expect(healthRequests(interval)).toMatchObject({ value: requests, unit: "requests/min" });
});

test("by default, Route 53 sends a request every 10 s, and three answers decide", () => {
  expect(healthFacts({})).toEqual({ interval: 10, failureThreshold: 3 });
  expect(healthFacts({ interval: 30, failureThreshold: 5 })).toEqual({ interval: 30, failureThreshold: 5 });
});

test("every number has its source", () => {
  const all = [...Object.values(recordTiming(ASKED)), ...Object.values(acceleratorTiming(30))];
  for (const { source, rule } of all) {
    expect(source).toMatch(/guide|API/);
    expect(rule).not.toBe("");
  }
});
