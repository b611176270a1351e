import { isForAnyone, statementsOf } from "../policy";
import type { Rule } from "../rule";

const CHECKOV = "Checkov, policy index of Terraform";
const REPOSITORY = ["aws_ecr_repository"];
const SECRET = ["aws_secretsmanager_secret"];
const PARAMETER = ["aws_ssm_parameter"];
const TABLE = ["aws_dynamodb_table"];

/** Images, secrets, parameters and tables that stand beside models in hand-written Terraform. */
export const stores: readonly Rule[] = [
  {
    ids: ["CKV_AWS_51", "ECR.2", "AWS-0031"],
    meaning: "A tag of an image stays the same image",
    source: "Security Hub user guide, Amazon ECR controls",
    types: REPOSITORY,
    holds: (part) => part.text("image_tag_mutability") === "IMMUTABLE",
  },
  {
    ids: ["CKV_AWS_163", "ECR.1", "AWS-0030"],
    meaning: "Images are searched for known holes",
    source: "Security Hub user guide, Amazon ECR controls",
    types: REPOSITORY,
    holds: (part) => part.flag("image_scanning_configuration.scan_on_push", false),
  },
  {
    ids: ["ECR.3"],
    meaning: "A repository has rules for old images",
    source: "Security Hub user guide, Amazon ECR controls",
    types: REPOSITORY,
    holds: (part, world) => world.pointing(part, "repository", "aws_ecr_lifecycle_policy").length > 0,
  },
  {
    ids: ["CKV_AWS_136", "AWS-0033", "ECR.5"],
    meaning: "Images are encrypted with a key of one's own",
    source: CHECKOV,
    types: REPOSITORY,
    holds: (part) => part.has("encryption_configuration.kms_key"),
  },
  {
    ids: ["CKV_AWS_32", "AWS-0032", "AwsSolutions-ECR1"],
    meaning: "Not everyone may use a repository",
    source: CHECKOV,
    types: ["aws_ecr_repository_policy"],
    holds: (part, world) => !statementsOf(part, "policy", world).some(isForAnyone),
  },
  {
    ids: ["CKV_AWS_149", "AWS-0098", "NIST-SecretsManagerUsingKMSKey"],
    meaning: "A secret is encrypted with a key of one's own",
    source: CHECKOV,
    types: SECRET,
    holds: (part) => part.has("kms_key_id") && part.value("kms_key_id") !== "alias/aws/secretsmanager",
  },
  {
    ids: ["CKV2_AWS_57", "SecretsManager.1", "AwsSolutions-SMG4", "NIST-SecretsManagerRotationEnabled"],
    meaning: "A secret is renewed by itself",
    source: "Security Hub user guide, Secrets Manager controls",
    types: SECRET,
    holds: (part, world) =>
      world.pointing(part, "secret_id", "aws_secretsmanager_secret_rotation").length > 0,
  },
  {
    ids: ["CKV_AWS_304"],
    meaning: "A secret is renewed every 90 days or sooner",
    source: CHECKOV,
    types: ["aws_secretsmanager_secret_rotation"],
    holds: (part) => {
      const days = part.number("rotation_rules.automatically_after_days") ?? 0;
      return part.has("rotation_rules.schedule_expression") ? undefined : days > 0 && days <= 90;
    },
  },
  {
    ids: ["CKV2_AWS_34"],
    meaning: "A parameter is encrypted",
    source: CHECKOV,
    types: PARAMETER,
    holds: (part) => part.text("type") === "SecureString",
  },
  {
    ids: ["CKV_AWS_337"],
    meaning: "An encrypted parameter has a key of one's own",
    source: CHECKOV,
    types: PARAMETER,
    holds: (part) => part.text("type") !== "SecureString" || part.has("key_id"),
  },
  {
    ids: ["CKV_AWS_186"],
    meaning: "An object that Terraform uploads is encrypted with a key of one's own",
    source: CHECKOV,
    types: ["aws_s3_bucket_object", "aws_s3_object"],
    holds: (part) => part.has("kms_key_id"),
  },
  {
    ids: ["CKV2_AWS_16", "DynamoDB.1", "NIST-DynamoDBAutoScalingEnabled"],
    meaning: "A table grows with its use",
    source: "Security Hub user guide, Amazon DynamoDB controls",
    types: TABLE,
    holds: (part) => part.text("billing_mode") === "PAY_PER_REQUEST",
  },
  {
    ids: ["CKV_AWS_28", "DynamoDB.2", "AWS-0024", "AwsSolutions-DDB3", "NIST-DynamoDBPITREnabled"],
    meaning: "A table can be set back to any second",
    source: "Security Hub user guide, Amazon DynamoDB controls",
    types: TABLE,
    holds: (part) => part.flag("point_in_time_recovery.enabled", false),
  },
  {
    ids: ["CKV_AWS_119", "AWS-0025"],
    meaning: "A table is encrypted with a key of one's own",
    source: CHECKOV,
    types: TABLE,
    holds: (part) =>
      part.flag("server_side_encryption.enabled", false) && part.has("server_side_encryption.kms_key_arn"),
  },
  {
    ids: ["DynamoDB.6"],
    meaning: "AWS refuses to delete a table",
    source: "Security Hub user guide, Amazon DynamoDB controls",
    types: TABLE,
    holds: (part) => part.flag("deletion_protection_enabled", false),
  },
];
