import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Testing } from "cdktf";
import {
  HealthCheckAlarms,
  type HealthCheckAlarmsProps,
} from "../../../constructs/alarms/health-check-alarms";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<HealthCheckAlarmsProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "global");
  new HealthCheckAlarms(stack, "alarms", {
    namePrefix: "chat.global-endpoint",
    checks: [{ id: "us-east-1", healthCheckId: "abc", description: "look there" }],
    ...props,
  });
  return Testing.synth(stack);
}

it("goes off within a minute of a health check that fails", () => {
  expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    alarm_name: "chat.global-endpoint.us-east-1-out-of-service",
    alarm_description: "look there",
    namespace: "AWS/Route53",
    metric_name: "HealthCheckStatus",
    dimensions: { HealthCheckId: "abc" },
    statistic: "Minimum",
    period: 60,
    comparison_operator: "LessThanThreshold",
    threshold: 1,
    evaluation_periods: 1,
    datapoints_to_alarm: 1,
    treat_missing_data: "missing",
    lifecycle: { create_before_destroy: true },
  });
});

it("has no actions and no topic without recipients", () => {
  const synthesized = synthesize();
  expect(JSON.parse(synthesized).resource).not.toHaveProperty("aws_sns_topic");
  expect(synthesized).not.toContain("alarm_actions");
});

it("notifies an address and topics of ALARM and of OK", () => {
  const synthesized = synthesize({
    email: "on-call@example.com",
    topicArns: [
      "arn:aws:sns:us-east-1:123456789012:b",
      "arn:aws:sns:us-east-1:123456789012:a",
      "arn:aws:sns:us-east-1:123456789012:b",
    ],
    tags: { team: "ml" },
  });
  const expected = [
    `\${aws_sns_topic.alarms_topic.arn}`,
    "arn:aws:sns:us-east-1:123456789012:a",
    "arn:aws:sns:us-east-1:123456789012:b",
  ];
  expect(synthesized).toHaveResourceWithProperties(SnsTopic, { name: "chat_global-endpoint-alarms" });
  expect(synthesized).toHaveResourceWithProperties(SnsTopicSubscription, { endpoint: "on-call@example.com" });
  expect(synthesized).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    alarm_actions: expected,
    ok_actions: expected,
    tags: { team: "ml" },
  });
});
