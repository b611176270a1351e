import { warmPool } from "../../../constructs/auto-scaling/warm-pool";

it("stops the waiting instances and has no minimum", () => {
  expect(warmPool({}, false)).toEqual({
    poolState: "Stopped",
    minSize: 0,
    instanceReusePolicy: { reuseOnScaleIn: false },
  });
});

it("has the given settings", () => {
  expect(
    warmPool({ state: "Running", minSize: 2, maxGroupPreparedCapacity: 8, reuseOnScaleIn: true }, false),
  ).toEqual({
    poolState: "Running",
    minSize: 2,
    maxGroupPreparedCapacity: 8,
    instanceReusePolicy: { reuseOnScaleIn: true },
  });
});

it("does not go with Spot", () => {
  expect(() => warmPool({}, true)).toThrow("warmPool needs a group of on-demand instances only");
});

it.each([
  ["warmPool.minSize must be", { minSize: -1 }],
  [
    "warmPool.maxGroupPreparedCapacity must be a whole number from 3",
    { minSize: 3, maxGroupPreparedCapacity: 2 },
  ],
])("refuses numbers out of range: %s", (message, pool) => {
  expect(() => warmPool(pool, false)).toThrow(message);
});
