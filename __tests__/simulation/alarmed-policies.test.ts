import type { AlarmedPolicyModel, StepScalingModel } from "../../simulation/auto-scaling/policies";
import type { AlarmModel } from "../../simulation/cloudwatch/model";
import type { GroupModel } from "../../simulation/model";
import { readDeployment } from "../../simulation/terraform/read";
import { alarmAbove0, deployment, group, region, Simulated } from "../support/simulated";

const POLICY = "aws_autoscaling_policy.p";
const LOAD = { name: "load", dimensions: { AutoScalingGroupName: "g" } };

const STEP: StepScalingModel = {
  type: "step",
  aggregation: "Average",
  warmUp: 60,
  steps: [
    { lower: 0, upper: 20, by: 1 },
    { lower: 20, upper: undefined, by: 3 },
  ],
};

function policy(told: Partial<AlarmedPolicyModel> = {}): AlarmedPolicyModel {
  return { address: POLICY, name: "p", adjustment: "ChangeInCapacity", leastChange: 0, kind: STEP, ...told };
}

function alarm(told: Partial<AlarmModel> = {}): AlarmModel {
  return {
    ...alarmAbove0("high", LOAD, "Average"),
    ...{ threshold: 60, comparison: "GreaterThanOrEqualToThreshold" },
    actions: { ALARM: [POLICY], OK: [], INSUFFICIENT_DATA: [] },
    ...told,
  };
}

/** A group that serves, whose metric is reported each minute from 420 s on, as it is at that time. */
function serving(
  policies: readonly AlarmedPolicyModel[],
  alarms: readonly AlarmModel[],
  told: Partial<GroupModel> = {},
  value: number | undefined = 0,
) {
  const groups = [group({ min: 1, max: 20, desired: 10, alarmedPolicies: policies, ...told })];
  const simulated = new Simulated(deployment({ regions: [region({ groups, alarms })] }));
  const series = simulated.region.metrics.series("load", LOAD.dimensions);
  const made: { simulated: Simulated; value: number | undefined; desired: () => number } = {
    simulated,
    value,
    desired: () => simulated.group.desired,
  };
  const report = () => {
    if (made.value !== undefined) {
      series.add(made.value);
    }
    simulated.clock.after(60, report);
  };
  simulated.clock.runUntil(420);
  report();
  // Metrics of a minute are read a minute after its end.
  simulated.clock.runUntil(421);
  return made;
}

it("takes the step that the metric is in, once for as long as its instances are not warm", () => {
  const made = serving([policy({ kind: { ...STEP, warmUp: 300 } })], [alarm()]);
  made.value = 60;
  made.simulated.clock.runUntil(599);
  expect(made.desired()).toBe(10);
  made.simulated.clock.runUntil(601);
  expect(made.desired()).toBe(11);
  // The same step counts what is not warm yet as its own; the next one adds only what is missing of its three.
  made.simulated.clock.runUntil(661);
  expect(made.desired()).toBe(11);
  made.value = 85;
  made.simulated.clock.runUntil(841);
  expect(made.desired()).toBe(13);
  expect(made.simulated.when(/^desired 11 → 13: p: high at 85.0, threshold 60$/)).toBe(840);
});

it("adds again when its instances are warm", () => {
  const made = serving([policy()], [alarm()]);
  made.value = 60;
  made.simulated.clock.runUntil(1500);
  expect(made.desired()).toBeGreaterThan(11);
});

it.each([
  ["Average", 11],
  ["Minimum", 10],
  ["Maximum", 13],
] as const)("compares the %s of the periods that the alarm looks at", (aggregation, desired) => {
  const steps = [
    { lower: -10, upper: 20, by: 1 },
    { lower: 20, upper: undefined, by: 3 },
  ];
  const kind: StepScalingModel = { ...STEP, aggregation, steps };
  const made = serving([policy({ kind })], [alarm({ periods: 2, datapoints: 1 })]);
  made.simulated.clock.runUntil(470);
  made.value = 40;
  made.simulated.clock.runUntil(530);
  made.value = 80;
  made.simulated.clock.runUntil(541);
  made.value = 40;
  // 40 and 80: the average is the threshold, the least is in no step, the most in the second.
  made.simulated.clock.runUntil(661);
  expect(made.desired()).toBe(desired);
});

it("takes instances away once while they leave, and none while others come", () => {
  const low: StepScalingModel = { ...STEP, steps: [{ lower: undefined, upper: 0, by: -2 }] };
  const made = serving([policy({ kind: low })], [alarm({ comparison: "LessThanThreshold", threshold: 10 })]);
  made.value = 5;
  made.simulated.stopTime = 100;
  made.simulated.clock.runUntil(601);
  expect(made.desired()).toBe(8);
  made.simulated.clock.runUntil(661);
  expect(made.desired()).toBe(8);
  made.simulated.clock.runUntil(781);
  expect(made.desired()).toBe(6);
  made.simulated.group.setDesired(9, "a test");
  made.simulated.clock.runUntil(960);
  expect(made.desired()).toBe(9);
});

it.each([
  [25, 0, 12],
  [4, 0, 11],
  [4, 3, 13],
  [-25, 0, 8],
  [-4, 0, 9],
  [-4, 2, 8],
] as const)("changes ten by %s per cent, and by at least %s: %s", (by, leastChange, desired) => {
  const kind: StepScalingModel = { ...STEP, steps: [{ lower: 0, upper: undefined, by }] };
  const made = serving([policy({ kind, leastChange, adjustment: "PercentChangeInCapacity" })], [alarm()]);
  made.value = 60;
  made.simulated.clock.runUntil(601);
  expect(made.desired()).toBe(desired);
});

it.each([7, 14])("sets an exact capacity of %s", (by) => {
  const kind: StepScalingModel = { ...STEP, steps: [{ lower: 0, upper: undefined, by }] };
  const made = serving([policy({ kind, adjustment: "ExactCapacity" })], [alarm()]);
  made.value = 60;
  made.simulated.clock.runUntil(601);
  expect(made.desired()).toBe(by);
});

it("has the bound below the threshold belong to the interval above it, and that above to the one below", () => {
  const steps = [
    { lower: undefined, upper: -10, by: -3 },
    { lower: -10, upper: 0, by: -1 },
  ];
  const kind: StepScalingModel = { ...STEP, steps };
  const at = (value: number) => {
    const low = alarm({ comparison: "LessThanOrEqualToThreshold" });
    const made = serving([policy({ kind })], [low], {}, value);
    made.simulated.clock.runUntil(541);
    return made.desired();
  };
  expect([at(51), at(50), at(49)]).toEqual([9, 7, 7]);
});

it("takes the largest capacity that policies want at once", () => {
  const more = policy({
    address: "aws_autoscaling_policy.more",
    name: "more",
    kind: { ...STEP, steps: [{ lower: 0, upper: undefined, by: 4 }] },
  });
  const less = policy({
    address: "aws_autoscaling_policy.less",
    kind: { ...STEP, steps: [{ lower: 0, upper: undefined, by: -4 }] },
  });
  const tracking: GroupModel["policies"] = [
    {
      ...{ name: "tracked", target: 50, scaleIn: true, warmUp: undefined },
      metric: alarm().metric,
    },
  ];
  const actions = { ALARM: [POLICY, more.address, less.address], OK: [], INSUFFICIENT_DATA: [] };
  const all = serving([policy(), more, less], [alarm({ actions })]);
  all.value = 60;
  all.simulated.clock.runUntil(601);
  expect(all.desired()).toBe(14);
  // A target tracking policy wants 20 after three minutes, of which the first are 60.
  const tracked = serving([more], [alarm({ actions, periods: 3, datapoints: 3 })], { policies: tracking });
  tracked.value = 100;
  tracked.simulated.clock.runUntil(721);
  expect(tracked.desired()).toBe(20);
});

it("changes nothing with simple scaling until the cooldown after the change is over", () => {
  const kind = { type: "simple", by: 2, cooldown: 300 } as const;
  const made = serving([policy({ kind })], [alarm()]);
  made.value = 60;
  made.simulated.clock.runUntil(601);
  expect(made.desired()).toBe(12);
  // It serves after 130 s.
  made.simulated.clock.runUntil(1019);
  expect(made.desired()).toBe(12);
  made.simulated.clock.runUntil(1081);
  expect(made.desired()).toBe(14);
});

it("does nothing by steps for an alarm without data, and nothing when an alarm is over", () => {
  const made = serving([policy()], [alarm({ missing: "breaching" })]);
  made.value = undefined;
  made.simulated.clock.runUntil(900);
  expect(made.simulated.region.alarms.stateOf("high")).toBe("ALARM");
  expect(made.desired()).toBe(10);
  made.value = 0;
  made.simulated.clock.runUntil(1200);
  expect([made.simulated.region.alarms.stateOf("high"), made.desired()]).toEqual(["OK", 10]);
});

it("tells what else an alarm does, when its state changes", () => {
  const made = serving(
    [],
    [alarm({ actions: { ALARM: ["aws_sns_topic.a"], OK: ["arn"], INSUFFICIENT_DATA: [] } })],
  );
  made.value = 60;
  made.simulated.clock.runUntil(900);
  made.value = 0;
  made.simulated.clock.runUntil(1200);
  const told = made.simulated.events.filter(({ subject }) => subject === "high").map(({ what }) => what);
  expect(told).toEqual([
    ...["INSUFFICIENT_DATA → OK", "tells arn", "OK → ALARM", "tells aws_sns_topic.a"],
    ...["ALARM → OK", "tells arn"],
  ]);
});

const ref = (expression: string) => `\${${expression}}`;

it("reads policies and the alarms that have them act, with the defaults of AWS", () => {
  const own = { autoscaling_group_name: ref("aws_autoscaling_group.own.name") };
  const alarmed = {
    ...{ namespace: "AWS/ApplicationELB", metric_name: "RequestCountPerTarget", statistic: "Sum" },
    ...{ comparison_operator: "GreaterThanThreshold", threshold: 100, evaluation_periods: 2 },
    dimensions: { TargetGroup: ref("aws_lb_target_group.own.arn_suffix") },
  };
  const resource = {
    aws_lb: { own: { subnets: ["subnet-1"] } },
    aws_lb_target_group: { own: {} },
    aws_autoscaling_group: { own: { min_size: 1, max_size: 9, default_cooldown: 120 } },
    aws_autoscaling_policy: {
      steps: {
        ...{ ...own, policy_type: "StepScaling", adjustment_type: "PercentChangeInCapacity" },
        ...{ min_adjustment_magnitude: 2, metric_aggregation_type: "Maximum", estimated_instance_warmup: 90 },
        step_adjustment: [
          { metric_interval_lower_bound: "0", metric_interval_upper_bound: "50", scaling_adjustment: 10 },
          { metric_interval_lower_bound: "50", scaling_adjustment: 30 },
        ],
      },
      simple: { ...own, adjustment_type: "ChangeInCapacity", scaling_adjustment: -1 },
      off: { ...own, scaling_adjustment: 1, enabled: false },
    },
    aws_cloudwatch_metric_alarm: {
      high: { ...alarmed, alarm_actions: [ref("aws_autoscaling_policy.steps.arn"), "arn:aws:sns:x"] },
      low: { ...alarmed, ok_actions: [ref("aws_autoscaling_policy.simple.arn")] },
      quiet: { ...alarmed, alarm_actions: ["arn:aws:sns:x"], actions_enabled: false },
    },
  };
  const model = readDeployment({ own: { resource } });
  expect(model.notSimulated).toEqual([]);
  const [{ groups, alarms } = region()] = model.regions;
  expect(groups[0]?.alarmedPolicies).toEqual([
    {
      ...{ address: "aws_autoscaling_policy.steps", name: "aws_autoscaling_policy.steps" },
      ...{ adjustment: "PercentChangeInCapacity", leastChange: 2 },
      kind: {
        ...{ type: "step", aggregation: "Maximum", warmUp: 90 },
        steps: [
          { lower: 0, upper: 50, by: 10 },
          { lower: 50, upper: undefined, by: 30 },
        ],
      },
    },
    {
      ...{ address: "aws_autoscaling_policy.simple", name: "aws_autoscaling_policy.simple" },
      ...{ adjustment: "ChangeInCapacity", leastChange: 0, kind: { type: "simple", by: -1, cooldown: 120 } },
    },
  ]);
  expect(alarms.map(({ actions }) => actions)).toEqual([
    { ALARM: ["aws_autoscaling_policy.steps", "arn:aws:sns:x"], OK: [], INSUFFICIENT_DATA: [] },
    { ALARM: [], OK: ["aws_autoscaling_policy.simple"], INSUFFICIENT_DATA: [] },
    { ALARM: [], OK: [], INSUFFICIENT_DATA: [] },
  ]);
});

it("counts the requests of a minute by healthy targets, for alarms on them", () => {
  const dimensions = { TargetGroup: "aws_lb_target_group.a" };
  const perTarget = alarmAbove0("busy", { name: "RequestCountPerTarget", dimensions });
  const made = serving(
    [policy({ kind: { type: "simple", by: 1, cooldown: 300 } })],
    [{ ...perTarget, threshold: 1, actions: alarm().actions }],
  );
  const { targetGroup } = made.simulated;
  const [target] = targetGroup.targets;
  if (target === undefined) {
    throw new Error("there are ten");
  }
  made.simulated.clock.runUntil(485);
  for (let request = 0; request < 25; request += 1) {
    targetGroup.begin(target);
    targetGroup.end(target, 200);
  }
  made.simulated.clock.runUntil(601);
  expect(made.simulated.when(/^desired 10 → 11: p: busy/)).toBe(600);
});
