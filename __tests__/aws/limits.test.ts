import * as limits from "../../aws/limits";

const entries = Object.entries(limits) as readonly (readonly [string, unknown])[];

function numberLimits(): readonly (readonly [string, limits.NumberLimit])[] {
  return entries.filter((entry): entry is [string, limits.NumberLimit] => {
    const value = entry[1];
    return typeof value === "object" && value !== null && "min" in value && "max" in value;
  });
}

test.each(numberLimits())("%s spans a range that holds its default", (_name, limit) => {
  expect(limit.max).toBeGreaterThan(limit.min);
  if (limit.default !== undefined) {
    expect(limit.default).toBeGreaterThanOrEqual(limit.min);
    expect(limit.default).toBeLessThanOrEqual(limit.max);
  }
});

test.each(entries.filter(([, value]) => typeof value === "object"))("%s names its source", (_name, value) => {
  expect(value).toHaveProperty("source", expect.stringMatching(/\S{3,}/));
});

test("a Spot notice is shorter than the default drain, so the default drain is cut on Spot", () => {
  expect(limits.SPOT_NOTICE.seconds).toBeLessThan(limits.DEREGISTRATION_DELAY.default);
});
