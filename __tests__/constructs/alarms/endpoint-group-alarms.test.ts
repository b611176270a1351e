import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Testing } from "cdktf";
import {
  EndpointGroupAlarms,
  type EndpointGroupAlarmsProps,
} from "../../../constructs/alarms/endpoint-group-alarms";
import { ServingStack } from "../../../stacks/serving-stack";
import { resourcesOf } from "../../support/synthesis";
import "cdktf/lib/testing/adapters/jest";

const LISTENER = "arn:aws:globalaccelerator::123456789012:accelerator/1234abcd/listener/0123wxyz";

function synthesize(more: (stack: ServingStack) => Partial<EndpointGroupAlarmsProps> = () => ({})): string {
  const stack = new ServingStack(Testing.app(), "global");
  new EndpointGroupAlarms(stack, "alarms", {
    namePrefix: "chat.global-endpoint",
    listenerArn: LISTENER,
    groups: [{ region: "us-east-1", description: "look there" }],
    ...more(stack),
  });
  return Testing.synth(stack);
}

it("go off after two minutes in which an accelerator found nothing healthy in a region", () => {
  expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    alarm_name: "chat.global-endpoint.us-east-1-out-of-service",
    alarm_description: "look there",
    namespace: "AWS/GlobalAccelerator",
    metric_name: "HealthyEndpointCount",
    statistic: "Minimum",
    period: 60,
    comparison_operator: "LessThanThreshold",
    threshold: 1,
    evaluation_periods: 2,
    datapoints_to_alarm: 2,
    lifecycle: { create_before_destroy: true },
  });
});

it("look at the accelerator and the listener by the ids in the listener's ARN, and at the group by its region", () => {
  expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    dimensions: {
      Accelerator: `\${element(split("/", "${LISTENER}"), 1)}`,
      Listener: `\${element(split("/", "${LISTENER}"), 3)}`,
      EndpointGroup: "us-east-1",
    },
  });
});

it("keep their state while CloudWatch has no data, e.g. without requests", () => {
  expect(synthesize()).toHaveResourceWithProperties(CloudwatchMetricAlarm, { treat_missing_data: "ignore" });
});

it("notify an address and topics", () => {
  const synthesized = synthesize(() => ({
    email: "on-call@example.com",
    topicArns: ["arn:aws:sns:us-east-1:123456789012:a"],
    tags: { team: "ml" },
  }));
  const expected = [`\${aws_sns_topic.alarms_topic.arn}`, "arn:aws:sns:us-east-1:123456789012:a"];
  expect(synthesized).toHaveResourceWithProperties(SnsTopicSubscription, { endpoint: "on-call@example.com" });
  expect(synthesized).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    alarm_actions: expected,
    ok_actions: expected,
    tags: { team: "ml" },
  });
});

it("use the provider of the region of the metrics, as do their topic and its key", () => {
  const synthesized = JSON.parse(
    synthesize((stack) => ({
      email: "on-call@example.com",
      provider: new AwsProvider(stack, "oregon", { alias: "oregon", region: "us-west-2" }),
    })),
  );
  const made = [...resourcesOf(synthesized), ...resourcesOf({ resource: synthesized.data })];
  expect(made.map(([address, { provider }]) => [address, provider])).toEqual([
    ["aws_cloudwatch_metric_alarm.alarms_us-east-1", "aws.oregon"],
    ["aws_kms_key.alarms_topic_key", "aws.oregon"],
    ["aws_sns_topic.alarms_topic", "aws.oregon"],
    ["aws_sns_topic_policy.alarms_topic_policy", "aws.oregon"],
    ["aws_sns_topic_subscription.alarms_topic_email", "aws.oregon"],
    ["aws_caller_identity.alarms_topic_account", "aws.oregon"],
    ["aws_partition.alarms_topic_partition", "aws.oregon"],
  ]);
});
