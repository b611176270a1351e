import type { Rule } from "./rule";
import { autoScaling } from "./rules/auto-scaling";
import { cloudwatch } from "./rules/cloudwatch";
import { iam } from "./rules/iam";
import { instance } from "./rules/instance";
import { kms } from "./rules/kms";
import { loadBalancer } from "./rules/load-balancer";
import { names } from "./rules/names";
import { provider } from "./rules/provider";
import { s3 } from "./rules/s3";
import { securityGroup } from "./rules/security-group";
import { sns } from "./rules/sns";
import { stores } from "./rules/stores";
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
  "Amazon S3": s3,
  "AWS KMS": kms,
  "CloudWatch and SNS": [...cloudwatch, ...sns],
  "Images, secrets and tables": stores,
};

/** Controls that no rule judges, each with the reason. */
export const NOT_JUDGED: Readonly<Record<string, string>> = {
  "AWS-0171": "CloudTrail belongs to the account, and not to a deployment",
  "AWS-0172": "CloudTrail belongs to the account, and not to a deployment",
  "S3.22": "CloudTrail belongs to the account, and not to a deployment",
  "S3.23": "CloudTrail belongs to the account, and not to a deployment",
  "EC2.172": "it is a setting of the account, under which no load balancer is open to the internet",
  "REL11-BP04": "health checks of Route 53, and no run of Terraform, move clients; no argument says it",
  "REL13-BP01": "serving.yaml says by `survive` what may be lost; no argument of Terraform does",
  "MLREL-11": "variants with weights roll a model out; no argument says whether they are wanted",
  "MLREL-13": "the image and the weights stand in user data and in serving.yaml, not in arguments",
};

/** What joins the catalogues to which a control belongs, by how its id begins. */
const CATALOGUES: readonly (readonly [RegExp, string])[] = [
  [/^CKV/, "Checkov"],
  [/^AWS-\d/, "Trivy"],
  [/^AwsSolutions-/, "cdk-nag, AWS Solutions"],
  [/^NIST-/, "cdk-nag, NIST 800-53"],
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
