import type { Rule } from "../rule";

/** The types that Security Hub wants to have tags, by its ids. Source: Security Hub user guide, AWS Resource Tagging Standard. */
const TAGGED: Readonly<Record<string, string>> = {
  "ACM.3": "aws_acm_certificate",
  "DynamoDB.5": "aws_dynamodb_table",
  "EC2.37": "aws_eip",
  "EC2.39": "aws_internet_gateway",
  "EC2.40": "aws_nat_gateway",
  "EC2.41": "aws_network_acl",
  "EC2.42": "aws_route_table",
  "EC2.43": "aws_security_group",
  "EC2.44": "aws_subnet",
  "EC2.45": "aws_ebs_volume",
  "EC2.46": "aws_vpc",
  "EC2.48": "aws_flow_log",
  "EC2.175": "aws_launch_template",
  "ECR.4": "aws_ecr_repository",
  "GlobalAccelerator.1": "aws_globalaccelerator_accelerator",
  "IAM.24": "aws_iam_role",
  "Route53.1": "aws_route53_health_check",
  "SNS.3": "aws_sns_topic",
  "SecretsManager.5": "aws_secretsmanager_secret",
};

export const tags: readonly Rule[] = Object.entries(TAGGED).map(
  ([id, type]): Rule => ({
    ids: [id],
    meaning: `${type} has tags`,
    source: "Security Hub user guide, AWS Resource Tagging Standard",
    types: [type],
    holds: (part, world) =>
      part.has("tags") ||
      world.beside(part, "provider.aws").some((provider) => provider.has("default_tags.tags")),
  }),
);
