import { UNKNOWN } from "./patterns";
import { resourceTypesOf } from "./reference";

/** Resources of Terraform whose `arn` is the ARN of a resource type of IAM: service and type. */
const ARN_OF: Readonly<Record<string, readonly [string, string]>> = {
  aws_autoscaling_group: ["autoscaling", "autoscalinggroup"],
  aws_cloudwatch_log_group: ["logs", "log-group"],
  aws_ecr_repository: ["ecr", "repository"],
  aws_iam_role: ["iam", "role"],
  aws_kms_key: ["kms", "key"],
  aws_lb_target_group: ["elasticloadbalancing", "targetgroup"],
  aws_s3_bucket: ["s3", "bucket"],
  aws_secretsmanager_secret: ["secretsmanager", "secret"],
  aws_sns_topic: ["sns", "topic"],
  aws_ssm_parameter: ["ssm", "parameter"],
};

/**
 * A text with {@link UNKNOWN} for each reference. Of the ARN of a resource in {@link ARN_OF} only the parts are unknown that
 * name it. `$${` is a `${` of the text itself, as in the variables of policies.
 */
export function withUnknowns(text: string): string {
  let known = "";
  let rest = text;
  for (let at = rest.indexOf("${"); at !== -1; at = rest.indexOf("${")) {
    const end = endOfReference(rest, at);
    const escaped = rest[at - 1] === "$";
    known += escaped
      ? rest.slice(0, at - 1) + rest.slice(at, end)
      : rest.slice(0, at) + unknownFor(rest.slice(at + 2, end - 1));
    rest = rest.slice(end);
  }
  return known + rest;
}

/** Where the reference ends that begins at `start`, with the braces within it counted. */
function endOfReference(text: string, start: number): number {
  let depth = 1;
  let end = start + 2;
  for (; depth > 0 && end < text.length; end += 1) {
    depth += text[end] === "{" ? 1 : text[end] === "}" ? -1 : 0;
  }
  return end;
}

function unknownFor(expression: string): string {
  const [, type = ""] = /^(\w+)\.[\w-]+(?:\[[^\]]*\])?\.arn$/.exec(expression) ?? [];
  const [service = "", resourceType = ""] = ARN_OF[type] ?? [];
  const arn = resourceTypesOf(service)[resourceType]?.arn;
  return arn === undefined ? UNKNOWN : arn.replaceAll(/\$\{\w+\}/g, UNKNOWN);
}
