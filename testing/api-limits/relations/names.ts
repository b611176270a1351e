import { atMostOneOf, type Relation } from "./rule";

/** Types with a name or the beginning of one: the argument that has the name. */
const NAMED: Readonly<Record<string, string>> = {
  aws_autoscaling_group: "name",
  aws_cloudwatch_log_group: "name",
  aws_iam_instance_profile: "name",
  aws_iam_policy: "name",
  aws_iam_role: "name",
  aws_iam_role_policy: "name",
  aws_launch_template: "name",
  aws_lb: "name",
  aws_s3_bucket: "bucket",
  aws_security_group: "name",
  aws_sns_topic: "name",
};

/** Resources that the provider names, or begins the name of. */
export const names: Readonly<Record<string, readonly Relation[]>> = Object.fromEntries(
  Object.entries(NAMED).map(([type, name]) => [
    type,
    [
      {
        rules: [atMostOneOf(name, `${name}_prefix`)],
        source: `Terraform AWS provider, ${type}: ConflictsWith`,
      },
    ],
  ]),
);
