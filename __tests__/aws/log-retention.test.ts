import fc from "fast-check";
import { isLogRetention, LOG_RETENTION_DAYS, nearestLogRetention } from "../../aws/log-retention";

test.each([
  [100, [90, 120]],
  [90, [90]],
  [0, [1]],
  [2, [1, 3]],
  [5000, [3653]],
])("nearest to %d days: %p", (days, nearest) => {
  expect(nearestLogRetention(days)).toEqual(nearest);
});

test("a number between two allowed ones is not allowed", () => {
  expect(isLogRetention(30)).toBe(true);
  expect(isLogRetention(31)).toBe(false);
});

test("the list ascends", () => {
  expect([...LOG_RETENTION_DAYS]).toEqual([...LOG_RETENTION_DAYS].sort((a, b) => a - b));
});

test("no allowed number is nearer than the nearest", () => {
  fc.assert(
    fc.property(fc.nat(4000), (days) => {
      const distance = (each: number) => Math.abs(each - days);
      const best = Math.min(...LOG_RETENTION_DAYS.map(distance));
      expect(Math.min(...nearestLogRetention(days).map(distance))).toBe(best);
    }),
  );
});
