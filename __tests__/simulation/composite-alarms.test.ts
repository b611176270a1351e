import { holds, readRule } from "../../simulation/cloudwatch/alarm-rule";
import type { AlarmState, CompositeModel } from "../../simulation/cloudwatch/model";
import { readDeployment } from "../../simulation/terraform/read";
import { alarmAbove0, deployment, region, Simulated } from "../support/simulated";

const STATES: Readonly<Record<string, AlarmState>> = { a: "ALARM", o: "OK", "with space": "ALARM" };

function isSo(text: string): boolean {
  return holds(
    readRule(text, (name) => name),
    (name) => STATES[name] ?? "INSUFFICIENT_DATA",
  );
}

it.each([
  ["ALARM(a)", true],
  ["ALARM(o)", false],
  ["OK ( o )", true],
  ["INSUFFICIENT_DATA(other)", true],
  ['ALARM("with space")', true],
  ["TRUE", true],
  ["FALSE", false],
  ["NOT ALARM(a)", false],
  ["NOT NOT ALARM(a)", true],
  ["NOT (ALARM(a) AND OK(a))", true],
  ["NOT ALARM(o) AND OK(o)", true],
  ["TRUE OR FALSE AND FALSE", true],
  ["(TRUE OR FALSE) AND FALSE", false],
  ["FALSE AND FALSE OR TRUE", true],
  ["ALARM(a) AND ALARM(a) AND ALARM(o)", false],
  ["((ALARM(a)))\n OR FALSE", true],
])("%s is %s", (text, is) => {
  expect(isSo(text)).toBe(is);
});

it.each([
  ["", "it ends too early"],
  ["ALARM(a) AND", "it ends too early"],
  ["ALARM", "it ends too early"],
  ["ALARM(a", "it ends too early"],
  ["(ALARM(a) OK(o)", "a ) is missing before OK"],
  ["ALARM(a) ALARM(o)", "it should end before ALARM"],
  ["alarm(a)", "alarm is not read"],
  ["AT_LEAST(1, ALARM, (a))", "AT_LEAST is not read"],
  ['ALARM("a)', '"a) is no part of a rule'],
  ["XOR", "XOR is not read"],
])("cannot read %j: %s", (text, why) => {
  expect(() => isSo(text)).toThrow(why);
});

function composite(told: Partial<CompositeModel> = {}): CompositeModel {
  return {
    ...{ address: "aws_cloudwatch_composite_alarm.both", name: "both" },
    rule: readRule("ALARM(one) AND ALARM(two)", (name) => name),
    actions: { ALARM: ["topic"], OK: ["all well"], INSUFFICIENT_DATA: [] },
    suppressor: undefined,
    ...told,
  };
}

/** Alarms that go off for as long as their metrics are above 0. */
function watching(composites: readonly CompositeModel[]) {
  const alarms = ["one", "two", "hush"].map((name) => alarmAbove0(name, { name, dimensions: {} }));
  const simulated = new Simulated(deployment({ regions: [region({ groups: [], alarms, composites })] }));
  const on = new Set<string>();
  const report = () => {
    for (const { name } of alarms) {
      simulated.region.metrics.series(name, {}).add(on.has(name) ? 1 : 0);
    }
    simulated.clock.after(60, report);
  };
  simulated.clock.after(30, report);
  const told = () => {
    const found = simulated.events.filter(({ subject }) => subject === "both");
    simulated.events.length = 0;
    return found.map(({ at, what }) => `${at} ${what}`);
  };
  const until = (time: number, ...names: readonly string[]) => {
    on.clear();
    names.forEach((name) => {
      on.add(name);
    });
    simulated.clock.runUntil(time);
    return told();
  };
  return { simulated, until };
}

it("goes to ALARM when its rule holds, in the same minute as the alarms that it looks at, and acts once", () => {
  const { simulated, until } = watching([composite()]);
  expect(until(150)).toEqual(["120 INSUFFICIENT_DATA → OK", "120 tells all well"]);
  expect(until(299, "one")).toEqual([]);
  expect(until(500, "one", "two")).toEqual(["420 OK → ALARM", "420 tells topic"]);
  expect(simulated.region.alarms.inAlarm).toEqual(["one", "two", "both"]);
  expect(until(800, "one")).toEqual(["600 ALARM → OK", "600 tells all well"]);
});

it("follows another composite alarm, whichever comes first, and ends in a circle", () => {
  const rule = (text: string) => readRule(text, (name) => name);
  const outer = composite({ name: "outer", rule: rule("ALARM(both) AND NOT ALARM(hush)") });
  const round = composite({ name: "round", rule: rule("ALARM(other)") });
  const other = composite({ name: "other", rule: rule("NOT ALARM(round)") });
  const { simulated, until } = watching([outer, round, other, composite()]);
  until(500, "one", "two");
  expect(simulated.region.alarms.inAlarm).toContain("outer");
});

it("holds its actions back while its suppressor is in ALARM, and for the extension period", () => {
  const suppressor = { alarm: "hush", waitPeriod: 0, extensionPeriod: 90 };
  const { until } = watching([composite({ suppressor })]);
  until(299);
  expect(until(500, "one", "two", "hush")).toEqual([
    "420 OK → ALARM",
    "420 its actions are suppressed by hush",
  ]);
  expect(until(800, "one", "two")).toEqual(["690 tells topic"]);
});

it("acts after the wait period, unless the suppressor has followed, or the state is what it was", () => {
  const suppressor = { alarm: "hush", waitPeriod: 100, extensionPeriod: 60 };
  const late = watching([composite({ suppressor })]);
  expect(late.until(299)).toEqual(["120 INSUFFICIENT_DATA → OK", "220 tells all well"]);
  expect(late.until(600, "one", "two")).toEqual(["420 OK → ALARM", "520 tells topic"]);
  const followed = watching([composite({ suppressor })]);
  followed.until(299);
  followed.until(359, "one", "two");
  expect(followed.until(800, "one", "two", "hush")).toEqual([
    "420 OK → ALARM",
    "480 its actions are suppressed by hush",
  ]);
  const brief = watching([composite({ suppressor })]);
  brief.until(299);
  brief.until(359, "one", "two");
  expect(brief.until(800)).toEqual(["420 OK → ALARM", "480 ALARM → OK"]);
});

it("keeps its state at a deploy that leaves it as it is, and acts no more when it is removed", () => {
  const suppressor = { alarm: "hush", waitPeriod: 100, extensionPeriod: 60 };
  const { simulated, until } = watching([composite({ suppressor })]);
  until(299);
  until(430, "one", "two");
  const { model } = simulated.deployment;
  simulated.deployment.follow(model);
  expect(until(600, "one", "two")).toEqual(["520 tells topic"]);
  until(670);
  simulated.deployment.follow({ ...model, regions: [{ ...simulated.region.model, composites: [] }] });
  expect(until(900)).toEqual([]);
});

const ref = (expression: string) => `\${${expression}}`;

it("reads composite alarms, and says what of them is not simulated", () => {
  const watched = {
    ...{ namespace: "AWS/ApplicationELB", metric_name: "HTTPCode_ELB_5XX_Count", statistic: "Sum" },
    ...{ comparison_operator: "GreaterThanThreshold", threshold: 1, evaluation_periods: 1 },
    dimensions: { LoadBalancer: ref("aws_lb.own.arn_suffix") },
  };
  const resource = {
    aws_lb: { own: { subnets: ["subnet-1"] } },
    aws_cloudwatch_metric_alarm: {
      errors: { alarm_name: "errors", ...watched },
      cpu: { alarm_name: "cpu", namespace: "AWS/EC2", metric_name: "CPUUtilization" },
    },
    aws_cloudwatch_composite_alarm: {
      whole: {
        alarm_name: "whole",
        alarm_rule: `ALARM(${ref("aws_cloudwatch_metric_alarm.errors.arn")}) AND NOT ALARM("${ref("aws_cloudwatch_metric_alarm.cpu.alarm_name")}") OR OK(arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors)`,
        alarm_actions: [ref("aws_sns_topic.own.arn")],
        actions_suppressor: {
          ...{ alarm: ref("aws_cloudwatch_composite_alarm.other.alarm_name") },
          ...{ wait_period: 20, extension_period: 10 },
        },
      },
      other: {
        ...{ alarm_name: "other", alarm_rule: "TRUE", actions_enabled: false, ok_actions: ["arn"] },
      },
      scaling: {
        ...{ alarm_name: "scaling", alarm_rule: "FALSE" },
        alarm_actions: [ref("aws_autoscaling_policy.own.arn")],
      },
      bad: { alarm_name: "bad", alarm_rule: "AT_LEAST(1, ALARM, (errors))" },
    },
  };
  const { regions, notSimulated } = readDeployment({ own: { resource } });
  const state = (alarm: string, is: AlarmState) => ({ kind: "state", alarm, state: is });
  expect(regions[0]?.composites.slice(0, 2)).toEqual([
    {
      ...{ address: "aws_cloudwatch_composite_alarm.whole", name: "whole" },
      rule: {
        kind: "any",
        of: [
          { kind: "all", of: [state("errors", "ALARM"), { kind: "not", of: state("cpu", "ALARM") }] },
          state("errors", "OK"),
        ],
      },
      actions: { ALARM: ["aws_sns_topic.own"], OK: [], INSUFFICIENT_DATA: [] },
      suppressor: { alarm: "other", waitPeriod: 20, extensionPeriod: 10 },
    },
    {
      ...{
        address: "aws_cloudwatch_composite_alarm.other",
        name: "other",
        rule: { kind: "always", is: true },
      },
      ...{ actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] }, suppressor: undefined },
    },
  ]);
  expect(notSimulated).toEqual([
    "own: aws_cloudwatch_composite_alarm.bad has a rule that is not simulated: AT_LEAST is not read",
    "own: aws_cloudwatch_composite_alarm.scaling has a scaling policy act, which AWS refuses: it does nothing here",
    "own: aws_cloudwatch_composite_alarm.whole looks at the alarm cpu, which is not simulated: it has no data here",
    "own: aws_cloudwatch_metric_alarm.cpu watches CPUUtilization of AWS/EC2, which has no values here",
  ]);
});
