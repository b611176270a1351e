import {
  instanceRefresh,
  requireHealthyPercentages,
} from "../../../constructs/auto-scaling/instance-refresh";

const healthy = { min: 100, max: 110 };
const preferences = (
  ...[settings, replaceProtected = false]: [Parameters<typeof instanceRefresh>[1], boolean?]
) => instanceRefresh(healthy, settings, replaceProtected).preferences;

it("rolls, launches first, skips matching instances, and does not roll back to the version that it rolls out", () => {
  expect(instanceRefresh(healthy, {}, false)).toEqual({
    strategy: "Rolling",
    preferences: {
      autoRollback: false,
      skipMatching: true,
      minHealthyPercentage: 100,
      maxHealthyPercentage: 110,
    },
  });
});

it("skips no matching instances when configured not to", () => {
  expect(preferences({ skipMatching: false })).toMatchObject({ skipMatching: false });
});

it("skips no matching instances where the types are given by requirements, which AWS refuses", () => {
  const byRequirements = (settings: Parameters<typeof instanceRefresh>[1]) =>
    instanceRefresh(healthy, settings, false, true).preferences;
  expect(byRequirements({})).toMatchObject({ skipMatching: false, autoRollback: false });
  expect(byRequirements({ skipMatching: false })).toMatchObject({ skipMatching: false });
  expect(() => byRequirements({ skipMatching: true })).toThrow(
    "skipMatching must be false with requirements",
  );
});

it("waits for a warm-up of its own", () => {
  expect(preferences({ instanceWarmup: 300 })).toMatchObject({ instanceWarmup: "300" });
});

it("replaces protected instances where all are protected", () => {
  expect(preferences({}, true)).toMatchObject({ scaleInProtectedInstances: "Refresh" });
});

it("ends when an alarm goes off", () => {
  expect(preferences({ alarms: ["errors"] })).toMatchObject({ alarmSpecification: { alarms: ["errors"] } });
});

it("pauses at checkpoints", () => {
  expect(preferences({ checkpoints: { percentages: [10, 50, 100], delay: 600 } })).toMatchObject({
    checkpointPercentages: [10, 50, 100],
    checkpointDelay: "600",
  });
});

it("leaves the length of the pause to AWS", () => {
  expect(preferences({ checkpoints: { percentages: [100] } })).not.toHaveProperty(
    "checkpointDelay",
    expect.anything(),
  );
});

it.each([
  ["checkpoints.percentages must end at 100; got 50", { checkpoints: { percentages: [50] } }],
  ["checkpoints.percentages must end at 100; got ", { checkpoints: { percentages: [] } }],
  [
    "checkpoints.percentages must be a whole number from 51 to 100",
    { checkpoints: { percentages: [50, 50, 100] } },
  ],
  ["instanceWarmup must be", { instanceWarmup: -1 }],
])("refuses what AWS refuses: %s", (message, settings) => {
  expect(() => preferences(settings)).toThrow(message);
});

it.each([
  ["max must be a whole number from 100 to 190", { min: 90, max: 191 }],
  ["max must be a whole number from 100 to 190", { min: 90, max: 99 }],
])("refuses healthy percentages too far apart: %s", (message, percentages) => {
  expect(() => requireHealthyPercentages(percentages)).toThrow(`healthyPercentages.${message}`);
});

it.each([
  { min: 100, max: 200 },
  { min: 0, max: 100 },
])("takes healthy percentages 100 apart: %j", (percentages) => {
  expect(() => requireHealthyPercentages(percentages)).not.toThrow();
});
