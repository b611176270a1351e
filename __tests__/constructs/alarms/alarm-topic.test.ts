import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformOutput, Testing } from "cdktf";
import { AlarmTopic, type AlarmTopicProps } from "../../../constructs/alarms/alarm-topic";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<AlarmTopicProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "region");
  const notified = new AlarmTopic(stack, "notified", {
    name: "chat-alarms",
    email: "on-call@example.com",
    ...props,
  });
  new TerraformOutput(stack, "arn", { value: notified.topicArn, staticId: true });
  new TerraformOutput(stack, "name", { value: notified.topic.name, staticId: true });
  return Testing.synth(stack);
}

const topicArn = `\${aws_sns_topic.notified.arn}`;
const account = `\${data.aws_caller_identity.notified_account.account_id}`;

describe("an alarm topic", () => {
  const synthesized = synthesize();
  const { resource, output } = JSON.parse(synthesized);
  const keyStatements = JSON.parse(resource.aws_kms_key.notified_key.policy).Statement;
  const topicStatements = JSON.parse(resource.aws_sns_topic_policy.notified_policy.policy).Statement;

  it("has the given name", () => {
    expect(synthesized).toHaveResourceWithProperties(SnsTopic, { name: "chat-alarms" });
  });

  it("sends an email to the given address", () => {
    expect(synthesized).toHaveResourceWithProperties(SnsTopicSubscription, {
      topic_arn: topicArn,
      protocol: "email",
      endpoint: "on-call@example.com",
    });
  });

  it("is encrypted with a key of its own, because the AWS managed key does not allow CloudWatch", () => {
    expect(synthesized).toHaveResourceWithProperties(SnsTopic, {
      kms_master_key_id: `\${aws_kms_key.notified_key.arn}`,
    });
  });

  it("has a key that CloudWatch may use for alarms of this account only", () => {
    expect(keyStatements).toContainEqual({
      Sid: "AlarmsEncrypt",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": account } },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    });
  });

  it("has a key that the account can still manage", () => {
    expect(keyStatements).toContainEqual({
      Sid: "AccountDecidesByIam",
      Effect: "Allow",
      Principal: { AWS: `arn:\${data.aws_partition.notified_partition.partition}:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    });
  });

  it("has a key that nobody else may use", () => {
    expect(keyStatements).toHaveLength(2);
  });

  it("has a key that the role of Auto Scaling may use, where groups notify of their launches", () => {
    const { aws_kms_key } = JSON.parse(synthesize({ fromAutoScaling: true })).resource;
    const role = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    const partition = `\${data.aws_partition.notified_partition.partition}`;
    expect(JSON.parse(aws_kms_key.notified_key.policy).Statement).toContainEqual({
      Sid: "AutoScalingEncrypts",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Condition: {
        StringEquals: { "kms:CallerAccount": account },
        ArnEquals: { "aws:PrincipalArn": `arn:${partition}:iam::${account}:${role}` },
      },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    });
  });

  it("has a key that is rotated", () => {
    expect(synthesized).toHaveResourceWithProperties(KmsKey, { enable_key_rotation: true });
  });

  it("has a key that is deleted a week after the topic", () => {
    expect(synthesized).toHaveResourceWithProperties(KmsKey, { deletion_window_in_days: 30 });
  });

  it("has a key with a description", () => {
    expect(synthesized).toHaveResourceWithProperties(KmsKey, {
      description: expect.stringContaining("chat-alarms"),
    });
  });

  it("may be published to by CloudWatch for alarms of this account only", () => {
    expect(topicStatements).toContainEqual({
      Sid: "AlarmsPublish",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": account } },
      Action: "sns:Publish",
      Resource: topicArn,
    });
  });

  it("may not be published to without TLS", () => {
    expect(topicStatements).toContainEqual({
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("has its policy, which allows nothing else", () => {
    expect(synthesized).toHaveResourceWithProperties(SnsTopicPolicy, { arn: topicArn });
    expect(topicStatements).toHaveLength(2);
  });

  it.each(["aws_sns_topic.notified", "aws_sns_topic_subscription.notified_email"])(
    "is created before the one it replaces is deleted (%s)",
    (address) => {
      const [type = "", name = ""] = address.split(".");
      expect(resource[type][name].lifecycle).toEqual({ create_before_destroy: true });
    },
  );

  it("shows its ARN and the topic", () => {
    expect(output).toEqual({
      arn: { value: topicArn },
      name: { value: `\${aws_sns_topic.notified.name}` },
    });
  });
});

it("tags the topic and its key", () => {
  const synthesized = synthesize({ tags: { Team: "ml" } });
  expect(synthesized).toHaveResourceWithProperties(SnsTopic, { tags: { Team: "ml" } });
  expect(synthesized).toHaveResourceWithProperties(KmsKey, { tags: { Team: "ml" } });
});
