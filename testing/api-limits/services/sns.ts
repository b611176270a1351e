import type { TextLimit } from "../../../aws/limits";
import { limited, none, oneOf, type Service } from "../table";

/** SNS's model has no limits at all. What is here is from its reference. */
const TOPIC_NAME: TextLimit = {
  minLength: 1,
  maxLength: 256,
  pattern: /^[A-Za-z0-9_-]+(\.fifo)?$/,
  characters: "letters, digits, hyphens and underscores",
  source: "SNS API, CreateTopic",
};

const PROTOCOL = oneOf(
  "SNS API, Subscribe",
  ...(["http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"] as const),
);

/** What the resources of SNS become. */
export const sns: Service = {
  service: "sns",
  blocks: {
    aws_sns_topic: {
      request: "CreateTopicInput",
      arguments: { name: limited("Name", TOPIC_NAME), kms_master_key_id: none("attribute") },
      provided: ["Name"],
    },
    aws_sns_topic_policy: {
      request: "SetTopicAttributesInput",
      arguments: { arn: "TopicArn", policy: "AttributeValue" },
      provided: ["AttributeName"],
    },
    aws_sns_topic_subscription: {
      request: "SubscribeInput",
      arguments: { protocol: limited("Protocol", PROTOCOL) },
    },
  },
};
