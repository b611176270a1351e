import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { TerraformOutput, Testing } from "cdktf";
import { Construct } from "constructs";
import { type AlarmRecipientsProps, alarmRecipients } from "../../../constructs/alarms/alarm-recipients";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<AlarmRecipientsProps> = {}) {
  const stack = new ServingStack(Testing.app(), "region");
  const { topicArns, actions } = alarmRecipients(new Construct(stack, "alarms"), {
    namePrefix: "chat.global-endpoint",
    ...props,
  });
  new TerraformOutput(stack, "topics", { value: topicArns, staticId: true });
  new TerraformOutput(stack, "actions", { value: actions, staticId: true });
  const text = Testing.synth(stack);
  const { output, resource = {} } = JSON.parse(text);
  return { text, resource, topics: output.topics.value, actions: output.actions.value };
}

it("are nobody, where nobody is named: an alarm does nothing then", () => {
  const { resource, topics, actions } = synthesize();
  expect(resource).not.toHaveProperty("aws_sns_topic");
  expect(topics).toEqual([]);
  expect(actions).toEqual({});
});

it("are notified of ALARM and of OK: the email first, each topic once", () => {
  const { topics, actions } = synthesize({
    email: "on-call@example.com",
    topicArns: [
      "arn:aws:sns:us-east-1:123456789012:b",
      "arn:aws:sns:us-east-1:123456789012:a",
      "arn:aws:sns:us-east-1:123456789012:b",
    ],
  });
  const expected = [
    `\${aws_sns_topic.alarms_topic.arn}`,
    "arn:aws:sns:us-east-1:123456789012:a",
    "arn:aws:sns:us-east-1:123456789012:b",
  ];
  expect(topics).toEqual(expected);
  expect(actions).toEqual({ alarmActions: expected, okActions: expected });
});

it("share a topic with no other prefix, though a topic has no dots in its name", () => {
  const { text } = synthesize({ email: "on-call@example.com", tags: { team: "ml" } });
  expect(text).toHaveResourceWithProperties(SnsTopic, {
    name: "chat_global-endpoint-alarms",
    tags: { team: "ml" },
  });
});

it("are at most as many topics as an alarm can notify", () => {
  const six = ["a", "b", "c", "d", "e", "f"].map((name) => `arn:aws:sns:us-east-1:123456789012:${name}`);
  expect(synthesize({ topicArns: six.slice(1) }).topics).toHaveLength(5);
  expect(() => synthesize({ topicArns: six })).toThrow(
    "number of topics, including the topic of the email, must be a whole number from 0 to 5; got 6",
  );
});
