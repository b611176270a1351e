import type { Part } from "../part";
import { includes, isForAnyone, type Statement, statementsOf } from "../policy";
import type { Rule } from "../rule";
import type { World } from "../world";

const TYPES = ["aws_kms_key"];
const SECURITY_HUB = "Security Hub user guide, AWS KMS controls";

/** What the policy of a key says, wherever it is written. */
function policyOf(key: Part, world: World): readonly Statement[] {
  return [key, ...world.pointing(key, "key_id", "aws_kms_key_policy")].flatMap((each) =>
    statementsOf(each, "policy", world),
  );
}

/** Whether someone may use a key for some actions. */
function lets(statements: readonly Statement[], who: RegExp, ...actions: readonly string[]): boolean {
  const theirs = statements.filter(
    ({ allows, principals }) =>
      allows &&
      Object.values(principals)
        .flat()
        .some((each) => who.test(each)),
  );
  return actions.every((action) =>
    theirs.some((statement) => statement.actions.some((pattern) => includes(pattern, action))),
  );
}

/** Whether Auto Scaling may give grants for the resources of AWS, and no others. */
function grantsForAws(statements: readonly Statement[]): boolean {
  return statements.some(
    ({ allows, actions, principals, conditions }) =>
      allows &&
      actions.some((each) => includes(each, "kms:CreateGrant")) &&
      Object.values(principals)
        .flat()
        .some((each) => each.includes("AWSServiceRoleForAutoScaling")) &&
      (conditions["kms:GrantIsForAWSResource"] ?? []).includes("true"),
  );
}

export const kms: readonly Rule[] = [
  {
    ids: ["CKV_AWS_7", "AWS-0065", "KMS.4", "AwsSolutions-KMS5", "NIST-KMSBackingKeyRotationEnabled"],
    meaning: "A key is renewed each year",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part) => {
      const isSymmetric =
        (part.text("customer_master_key_spec") ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";
      return isSymmetric ? part.flag("enable_key_rotation", false) : undefined;
    },
  },
  {
    ids: ["CKV_AWS_227"],
    meaning: "A key can be used",
    source: "Checkov, policy index of Terraform",
    types: TYPES,
    holds: (part) => part.flag("is_enabled", true),
  },
  {
    ids: ["KMS.3"],
    meaning: "No plan deletes a key, and one that someone deletes can be taken back for 30 days",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part) =>
      (part.number("deletion_window_in_days") ?? 30) !== 30
        ? "its deletion window is shorter"
        : part.flag("lifecycle.prevent_destroy", false) || "a plan may destroy it",
  },
  {
    ids: ["CKV2_AWS_64"],
    meaning: "A key has a policy of its own",
    source: "Checkov, policy index of Terraform",
    types: TYPES,
    holds: (part, world) =>
      part.has("policy") || world.pointing(part, "key_id", "aws_kms_key_policy").length > 0,
  },
  {
    ids: ["CKV_AWS_33", "KMS.5"],
    meaning: "Not everyone may use a key",
    source: SECURITY_HUB,
    types: [...TYPES, "aws_kms_key_policy"],
    holds: (part, world) => !statementsOf(part, "policy", world).some(isForAnyone),
  },
  {
    ids: ["FN-KMS-SNS"],
    meaning: "CloudWatch may use the key of a topic that it notifies",
    source: "AWS re:Post, How do I configure a CloudWatch alarm with an encrypted SNS topic",
    types: TYPES,
    holds: (part, world) => {
      const topics = world.pointing(part, "kms_master_key_id", "aws_sns_topic");
      return topics.length === 0
        ? undefined
        : lets(policyOf(part, world), /^cloudwatch\.amazonaws\.com$/, "kms:Decrypt", "kms:GenerateDataKey*");
    },
  },
  {
    ids: ["FN-KMS-LOGS"],
    meaning: "CloudWatch Logs may use the key of a log group",
    source: "CloudWatch Logs user guide, Encrypt log data in CloudWatch Logs using AWS KMS",
    types: TYPES,
    holds: (part, world) => {
      const groups = world.pointing(part, "kms_key_id", "aws_cloudwatch_log_group");
      return groups.length === 0
        ? undefined
        : lets(policyOf(part, world), /^logs\./, "kms:Encrypt", "kms:GenerateDataKey");
    },
  },
  {
    ids: ["FN-KMS-ASG"],
    meaning: "Auto Scaling may use the key of the volumes of its instances",
    source: "Auto Scaling user guide, Required AWS KMS key policy for use with encrypted volumes",
    types: TYPES,
    holds: (part, world) => {
      const templates = world.pointing(part, "block_device_mappings", "aws_launch_template");
      return templates.length === 0
        ? undefined
        : lets(
            policyOf(part, world),
            /AWSServiceRoleForAutoScaling/,
            "kms:Decrypt",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:CreateGrant",
          ) && grantsForAws(policyOf(part, world));
    },
  },
];
