import { isForAnyone, statementsOf } from "../policy";
import type { Rule } from "../rule";

const TOPIC = ["aws_sns_topic"];
const POLICY = ["aws_sns_topic_policy"];
const SECURITY_HUB = "Security Hub user guide, Amazon SNS controls";

export const sns: readonly Rule[] = [
  {
    ids: ["CKV_AWS_26", "AWS-0095", "SNS.1", "AwsSolutions-SNS2", "NIST-SNSEncryptedKMS"],
    meaning: "A topic is encrypted",
    source: SECURITY_HUB,
    types: TOPIC,
    holds: (part) => part.has("kms_master_key_id"),
  },
  {
    ids: ["AWS-0136"],
    meaning: "A topic is encrypted with a key of one's own",
    source: "Trivy checks, AWS SNS",
    types: TOPIC,
    holds: (part) => part.has("kms_master_key_id") && part.value("kms_master_key_id") !== "alias/aws/sns",
  },
  {
    ids: ["CKV_AWS_169", "SNS.4"],
    meaning: "Not everyone may use a topic",
    source: SECURITY_HUB,
    types: POLICY,
    holds: (part, world) => !statementsOf(part, "policy", world).some(isForAnyone),
  },
  {
    ids: ["CKV_AWS_385"],
    meaning: "No other account uses a topic without a condition",
    source: "Checkov, policy index of Terraform",
    types: POLICY,
    holds: (part, world) =>
      !statementsOf(part, "policy", world).some(
        ({ allows, principals, conditions }) =>
          allows &&
          Object.keys(conditions).length === 0 &&
          (principals.AWS ?? []).some((each) => /^arn:.*:iam::|^\d{12}$/.test(each)),
      ),
  },
  {
    ids: ["AwsSolutions-SNS3"],
    meaning: "A topic takes messages over TLS only",
    source: "cdk-nag, AWS Solutions",
    types: POLICY,
    holds: (part, world) =>
      statementsOf(part, "policy", world).some(
        ({ allows, actions, principals, conditions }) =>
          !allows &&
          Object.values(principals).flat().includes("*") &&
          actions.some((each) => ["sns:Publish", "sns:*"].includes(each)) &&
          (conditions["aws:SecureTransport"] ?? []).includes("false"),
      ),
  },
  {
    ids: ["sns_subscription_not_using_http_endpoints"],
    meaning: "No topic delivers over plain HTTP",
    source: "Prowler hub, sns_subscription_not_using_http_endpoints",
    types: ["aws_sns_topic_subscription"],
    holds: (part) => part.text("protocol") !== "http",
  },
];
