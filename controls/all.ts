import type { Rule } from "./rule";
import { alarms } from "./rules/alarms";
import { autoScaling } from "./rules/auto-scaling";
import { cloudwatch } from "./rules/cloudwatch";
import { iam } from "./rules/iam";
import { instance } from "./rules/instance";
import { kms } from "./rules/kms";
import { loadBalancer } from "./rules/load-balancer";
import { names } from "./rules/names";
import { provider } from "./rules/provider";
import { s3 } from "./rules/s3";
import { s3Access } from "./rules/s3-access";
import { securityGroup } from "./rules/security-group";
import { sns } from "./rules/sns";
import { stores } from "./rules/stores";
import { tags } from "./rules/tags";
import { targetGroup } from "./rules/target-group";
import { vpc } from "./rules/vpc";
import { waf } from "./rules/waf";

/** All rules, by the service that they are about. */
export const RULES: Readonly<Record<string, readonly Rule[]>> = {
  "Elastic Load Balancing": [...loadBalancer, ...targetGroup],
  "AWS WAF": waf,
  "Auto Scaling": autoScaling,
  "Amazon EC2": [...instance, ...securityGroup, ...vpc],
  "Route 53, ACM and Global Accelerator": names,
  "IAM and providers": [...iam, ...provider],
  "Amazon S3": [...s3, ...s3Access],
  "AWS KMS": kms,
  "CloudWatch and SNS": [...cloudwatch, ...alarms, ...sns],
  "Images, secrets and tables": stores,
  Tags: tags,
};

/** What joins the catalogues to which a control belongs, by how its id begins. */
const CATALOGUES: readonly (readonly [RegExp, string])[] = [
  [/^CKV/, "Checkov"],
  [/^AWS-\d/, "Trivy"],
  [/^AwsSolutions-/, "cdk-nag, AWS Solutions"],
  [/^NIST-/, "cdk-nag, NIST 800-53"],
  [/^Serverless-/, "cdk-nag, Serverless"],
  [/^(REL|MLREL|MLSEC|GENREL)\d*-?/, "Well-Architected"],
  [/^FN-/, "what works in AWS"],
  [/^aws_/, "TFLint"],
  [/^[a-z0-9_]+$/, "Prowler"],
  [/^[A-Za-z0-9]+\.\d+$/, "Security Hub"],
];

/** The catalogue that a control is from. */
export function catalogueOf(id: string): string {
  return CATALOGUES.find(([form]) => form.test(id))?.[1] ?? "";
}

/** Every rule by each of its ids. */
export const ruleById: ReadonlyMap<string, Rule> = new Map(
  Object.values(RULES).flatMap((rules) => rules.flatMap((rule) => rule.ids.map((id) => [id, rule] as const))),
);
