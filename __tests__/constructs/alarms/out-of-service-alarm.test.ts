import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { TerraformOutput, Testing } from "cdktf";
import {
  OutOfServiceAlarm,
  type OutOfServiceAlarmProps,
} from "../../../constructs/alarms/out-of-service-alarm";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<OutOfServiceAlarmProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "region");
  const { alarmName, watches } = new OutOfServiceAlarm(stack, "count", {
    name: "chat.llama.out-of-service",
    loadBalancerArnSuffix: "app/chat/1",
    targetGroupArnSuffix: "targetgroup/llama/2",
    leastHealthy: 4,
    whenUnknown: "as before",
    ...props,
  });
  new TerraformOutput(stack, "alarm", { value: { alarmName, watches }, staticId: true });
  return Testing.synth(stack);
}

it("goes off when for three minutes no load balancer node has seen enough healthy instances", () => {
  expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    alarm_name: "chat.llama.out-of-service",
    namespace: "AWS/ApplicationELB",
    metric_name: "HealthyHostCount",
    dimensions: { LoadBalancer: "app/chat/1", TargetGroup: "targetgroup/llama/2" },
    statistic: "Maximum",
    period: 60,
    comparison_operator: "LessThanThreshold",
    threshold: 4,
    lifecycle: { create_before_destroy: true },
  });
});

it("is an alarm that Route 53 can read: as many periods to go off as it looks at, and no math", () => {
  const synthesized = synthesize({ minutes: 5 });
  expect(synthesized).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    evaluation_periods: 5,
    datapoints_to_alarm: 5,
  });
  expect(synthesized).not.toContain("metric_query");
});

it.each([
  ["as before", "missing"],
  ["out of service", "breaching"],
] as const)("takes silence for %s", (whenUnknown, treat_missing_data) => {
  expect(synthesize({ whenUnknown })).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    treat_missing_data,
  });
});

it("has tags", () => {
  expect(synthesize({ tags: { team: "ml" } })).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    tags: { team: "ml" },
  });
});

describe("what it watches", () => {
  const watched = (props: Partial<OutOfServiceAlarmProps> = {}) =>
    JSON.parse(synthesize(props)).output.alarm.value.watches;

  it("is output with its name", () => {
    expect(JSON.parse(synthesize()).output.alarm.value).toEqual({
      alarmName: `\${aws_cloudwatch_metric_alarm.count.alarm_name}`,
      watches: "targetgroup/llama/2 of app/chat/1, 3 min below 4, as before",
    });
  });

  it.each<Partial<OutOfServiceAlarmProps>>([
    { targetGroupArnSuffix: "targetgroup/llama/3" },
    { loadBalancerArnSuffix: "app/chat/2" },
    { leastHealthy: 5 },
    { minutes: 4 },
    { whenUnknown: "out of service" },
  ])("is something else with %j", (props) => {
    expect(watched(props)).not.toBe(watched());
  });
});
