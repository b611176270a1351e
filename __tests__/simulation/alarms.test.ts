import { alarmState } from "../../simulation/cloudwatch/alarm";
import { unknownMath, valuesOf } from "../../simulation/cloudwatch/metric-math";
import { Metrics } from "../../simulation/cloudwatch/metrics";
import { Timeline } from "../../simulation/time/timeline";

const alarm = {
  comparison: "GreaterThanThreshold",
  threshold: 5,
  periods: 3,
  datapoints: 2,
  missing: "missing",
} as const;
const NONE = undefined;

it.each([
  [[1, 9, 9], "missing", "OK", "ALARM"],
  [[9, 1, 1], "missing", "ALARM", "OK"],
  [[9, 9, NONE, NONE], "missing", "OK", "ALARM"],
  [[NONE, NONE, NONE], "missing", "OK", "INSUFFICIENT_DATA"],
  [[NONE, NONE, NONE], "breaching", "OK", "ALARM"],
  [[NONE, NONE, NONE], "notBreaching", "ALARM", "OK"],
  [[NONE, NONE, NONE], "ignore", "ALARM", "ALARM"],
  [[1, NONE, NONE], "breaching", "OK", "ALARM"],
  [[9, NONE, NONE], "notBreaching", "OK", "OK"],
] as const)("%j with missing data %s, after %s: %s", (values, missing, before, state) => {
  expect(alarmState({ ...alarm, missing }, values, before)).toBe(state);
});

it.each([
  ["GreaterThanThreshold", [4, 5, 6]],
  ["GreaterThanOrEqualToThreshold", [4, 5, 6]],
  ["LessThanThreshold", [4, 5, 6]],
  ["LessThanOrEqualToThreshold", [4, 5, 6]],
] as const)("compares by %s", (comparison, values) => {
  const states = values.map((value) => alarmState({ ...alarm, comparison }, [value, value, value], "OK"));
  const wanted = {
    GreaterThanThreshold: ["OK", "OK", "ALARM"],
    GreaterThanOrEqualToThreshold: ["OK", "ALARM", "ALARM"],
    LessThanThreshold: ["ALARM", "OK", "OK"],
    LessThanOrEqualToThreshold: ["ALARM", "ALARM", "OK"],
  };
  expect(states).toEqual(wanted[comparison]);
});

/** A series with the given values in the minutes from 0 on. */
function metricsWith(series: Readonly<Record<string, readonly (number | undefined)[]>>) {
  const clock = new Timeline();
  const metrics = new Metrics(clock);
  for (const [name, values] of Object.entries(series)) {
    for (const [minute, value] of values.entries()) {
      clock.after(minute * 60 - clock.now, () => value !== undefined && metrics.series(name, {}).add(value));
    }
  }
  clock.runUntil(3600);
  return metrics;
}

function reckon(expression: string, series: Readonly<Record<string, readonly (number | undefined)[]>>) {
  const names = Object.keys(series);
  const queries = [
    { id: "result", expression },
    ...names.map((id) => ({ id, metric: { name: id, dimensions: {} }, statistic: "Sum" as const })),
  ];
  return valuesOf({ queries, returns: "result", period: 60 }, metricsWith(series), 3, 3);
}

it("reckons the expressions that this project writes", () => {
  expect(
    reckon("100 * failed / MAX([failed, FILL(requests, 0)])", {
      failed: [1, undefined, 3],
      requests: [10, 10, undefined],
    }),
  ).toEqual([10, undefined, 100]);
  expect(reckon("m1 / FILL(m2, REPEAT)", { m1: [6, 6, 6], m2: [3, undefined, 2] })).toEqual([2, 2, 3]);
});

it("reckons by the rules of precedence", () => {
  expect(reckon("-(m + 2) * 3 ^ 2 - 1", { m: [1, 2, 3] })).toEqual([-28, -37, -46]);
  expect(reckon("IF(m > 1 AND m < 3, m, 0)", { m: [1, 2, 3] })).toEqual([0, 2, 0]);
  expect(reckon("m / 0", { m: [1, 2, 3] })).toEqual([undefined, undefined, undefined]);
});

it("says what it cannot reckon", () => {
  const unknown = (expression: string) => unknownMath([{ id: "a", expression }]);
  expect(unknown("ANOMALY_DETECTION_BAND(1)")).toBe("ANOMALY_DETECTION_BAND is not reckoned here");
  expect(unknown("1 +")).toBe("1 + ends too early");
  expect(unknown("m + 1")).toBe("m is no metric here");
  expect(unknown("1 + 'x'")).toMatch(/'x' is not reckoned here/);
  expect(unknown("1 + 2")).toBeUndefined();
});

it("keeps sum, number, least and most of each minute, and nothing of an hour ago", () => {
  const clock = new Timeline();
  const series = new Metrics(clock).series("m", {});
  series.add(2);
  series.add(4);
  clock.runUntil(61);
  series.add(9);
  const of = (statistic: Parameters<typeof series.statistic>[0]) => series.statistic(statistic, 0, 1);
  expect([of("Sum"), of("SampleCount"), of("Average"), of("Minimum"), of("Maximum")]).toEqual([
    6, 2, 3, 2, 4,
  ]);
  expect(series.statistic("Maximum", 0, 2)).toBe(9);
  clock.runUntil(64 * 60);
  series.add(1);
  expect(series.statistic("Sum", 0, 1)).toBeUndefined();
});
