import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EMAIL_ADDRESS, KEY_DELETION_WINDOW, TOPIC_NAME } from "../../aws/limits";
import { requireText } from "../require-within";

/** As long as KMS allows: nobody is notified without the key, and until then it can be taken back. A key that waits costs nothing. */
const KEY_DELETION_DAYS = KEY_DELETION_WINDOW.max;

/** Props of {@link AlarmTopic}. */
export interface AlarmTopicProps {
  /** Name of the topic, unique in the account and region: 1 to 256 letters, digits, hyphens and underscores. */
  readonly name: string;

  /** The email address to notify. AWS sends it a request to confirm, and nothing else until it has confirmed. */
  readonly email: string;

  /**
   * Whether EventBridge may publish to it as well. EventBridge sends no context that a condition could name, so the policy
   * then cannot tell the rules of this account from those of others.
   *
   * @default false
   */
  readonly fromEventBridge?: boolean;

  /**
   * Whether the service-linked role of Auto Scaling may use the key, so that a group can notify of its launches. The role
   * may publish by its own policy. It is named by a condition: a key policy cannot name a role as its principal before there
   * is one, and AWS makes this one with the first group of the account.
   *
   * @default false
   */
  readonly fromAutoScaling?: boolean;

  /**
   * Tags of the topic and its key.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };

  /**
   * Provider of the region of the alarms. CloudWatch publishes only to topics of its own region.
   *
   * @default the stack's
   */
  readonly provider?: TerraformProvider;
}

/**
 * An SNS topic with an email subscription. CloudWatch alarms of this account may publish to it, and EventBridge if wanted.
 *
 * It is encrypted with its own KMS key, at the monthly price of one key. The AWS managed key for SNS (`alias/aws/sns`)
 * is free, but its policy does not allow CloudWatch to use it and cannot be changed: alarms would notify nobody.
 *
 * Source: AWS re:Post, "How do I configure a CloudWatch alarm with an encrypted SNS topic"; SNS developer guide,
 * "Key management" and "Amazon SNS security best practices"; EventBridge user guide, "Using resource-based policies for
 * Amazon EventBridge", which says that such a policy can have no condition; AWS re:Post, "Why isn't my Amazon SNS topic
 * receiving EventBridge notifications"; Auto Scaling user guide, "Amazon SNS notification options for Amazon EC2 Auto
 * Scaling".
 *
 * @example
 * const topic = new AlarmTopic(this, "topic", { name: "chat-alarms", email: "on-call@example.com" });
 */
export class AlarmTopic extends Construct {
  /** ARN of the topic. */
  public readonly topicArn: string;
  /** The topic. */
  public readonly topic: SnsTopic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    requireText("name", props.name, TOPIC_NAME);
    requireText("email", props.email, EMAIL_ADDRESS);
    const { provider, fromEventBridge = false, fromAutoScaling = false } = props;
    const account = new DataAwsCallerIdentity(this, "account", { provider }).accountId;
    const partition = new DataAwsPartition(this, "partition", { provider }).partition;

    const key = new KmsKey(this, "key", {
      description: `Encrypts the messages of the SNS topic ${props.name}.`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_DAYS,
      policy: policy([
        ...keyStatements(account, partition, fromEventBridge),
        ...(fromAutoScaling ? [autoScalingEncrypts(account, partition)] : []),
      ]),
      tags: props.tags,
      provider,
    });
    this.topic = new SnsTopic(this, "Resource", {
      name: props.name,
      kmsMasterKeyId: key.arn,
      tags: props.tags,
      provider,
      lifecycle: { createBeforeDestroy: true },
    });
    this.topicArn = this.topic.arn;

    new SnsTopicPolicy(this, "policy", {
      arn: this.topicArn,
      policy: policy(topicStatements(account, this.topicArn, fromEventBridge)),
      provider,
    });
    new SnsTopicSubscription(this, "email", {
      topicArn: this.topicArn,
      protocol: "email",
      endpoint: props.email,
      provider,
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Restricts to alarms of this account: alarms of other accounts come from the same service. */
function alarmsOf(account: string) {
  return {
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}

const ENCRYPT = { Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" };

const EVENTS = { Effect: "Allow", Principal: { Service: "events.amazonaws.com" } };

function keyStatements(account: string, partition: string, fromEventBridge: boolean): readonly object[] {
  return [
    {
      Sid: "AccountDecidesByIam",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "AlarmsEncrypt",
      ...alarmsOf(account),
      ...ENCRYPT,
    },
    ...(fromEventBridge ? [{ Sid: "EventsEncrypt", ...EVENTS, ...ENCRYPT }] : []),
  ];
}

function autoScalingEncrypts(account: string, partition: string): object {
  const role = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
  return {
    Sid: "AutoScalingEncrypts",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Condition: {
      StringEquals: { "kms:CallerAccount": account },
      ArnEquals: { "aws:PrincipalArn": `arn:${partition}:iam::${account}:role/${role}` },
    },
    ...ENCRYPT,
  };
}

function topicStatements(account: string, topicArn: string, fromEventBridge: boolean): readonly object[] {
  const publish = { Action: "sns:Publish", Resource: topicArn };
  return [
    { Sid: "AlarmsPublish", ...alarmsOf(account), ...publish },
    ...(fromEventBridge ? [{ Sid: "EventsPublish", ...EVENTS, ...publish }] : []),
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      // SNS refuses sns:* in the policy of a topic, as "out of service scope".
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}
