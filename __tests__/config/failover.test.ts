import {
  acceleratorTiming,
  type FailoverTiming,
  healthFacts,
  healthRequests,
  recordTiming,
} from "../../config/failover";

const valuesOf = (timing: FailoverTiming) =>
  Object.fromEntries(Object.entries(timing).map(([name, { value }]) => [name, value]));

describe("with records, clients are elsewhere", () => {
  test.each([
    ["asked every 10 s, after three failures", { interval: 10, failureThreshold: 3 }, 30, 90],
    ["asked every 30 s, after three failures", { interval: 30, failureThreshold: 3 }, 90, 150],
    ["asked every 10 s, after one failure", { interval: 10, failureThreshold: 1 }, 10, 70],
  ])("%s", (_, facts, detection, failover) => {
    expect(valuesOf(recordTiming({ ...facts, asks: true }))).toMatchObject({
      detection,
      dnsTtl: 60,
      failover,
    });
  });

  test("later, when alarms tell: after three counts, and the one that had begun", () => {
    expect(valuesOf(recordTiming({ interval: 10, failureThreshold: 3, asks: true }))).toMatchObject({
      alarmDetection: 240,
      alarmFailover: 300,
    });
  });

  test("by alarms alone, when nothing is asked", () => {
    expect(valuesOf(recordTiming({ interval: 10, failureThreshold: 3, asks: false }))).toEqual({
      dnsTtl: 60,
      alarmDetection: 240,
      alarmFailover: 300,
    });
  });

  test("as the rule says, of what stands beside it", () => {
    const { detection, failover } = recordTiming({ interval: 30, failureThreshold: 2, asks: true });
    expect(detection?.inputs).toEqual({ interval: 30, failureThreshold: 2 });
    expect(failover).toMatchObject({
      rule: "detection + dnsTtl: a region that does not answer for a model",
      inputs: { detection: 60, dnsTtl: 60 },
    });
  });
});

test("with an accelerator, clients are elsewhere once the load balancer knows, and half a minute", () => {
  expect(valuesOf(acceleratorTiming(30))).toEqual({
    boxDetection: 30,
    acceleratorReaction: 30,
    failover: 60,
  });
});

test.each([
  [10, 36],
  [30, 12],
])("asked every %i s, a model gets %i requests a minute", (interval, requests) => {
  expect(healthRequests(interval)).toMatchObject({ value: requests, unit: "requests/min" });
});

test("unless a team says otherwise, Route 53 asks every 10 s and believes three answers", () => {
  expect(healthFacts({})).toEqual({ interval: 10, failureThreshold: 3 });
  expect(healthFacts({ interval: 30, failureThreshold: 5 })).toEqual({ interval: 30, failureThreshold: 5 });
});

test("every number has its source", () => {
  const all = [
    ...Object.values(recordTiming({ interval: 10, failureThreshold: 3, asks: true })),
    ...Object.values(acceleratorTiming(30)),
  ];
  for (const { source, rule } of all) {
    expect(source).toMatch(/guide|API/);
    expect(rule).not.toBe("");
  }
});
