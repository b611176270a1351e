import type { Part } from "../part";
import type { Rule } from "../rule";
import { managedGroups } from "./load-balancer";

const ACL = ["aws_wafv2_web_acl"];
const LOGGING = "aws_wafv2_web_acl_logging_configuration";
const SECURITY_HUB = "Security Hub user guide, AWS WAF controls";
const CHECKOV = "Checkov, policy index of Terraform";

/** The rules of a managed group that an ACL only counts. */
function counted(rule: Part): readonly string[] {
  return rule
    .blocks("statement.managed_rule_group_statement.rule_action_override")
    .filter(
      (override) => override.has("action_to_use") && override.value("action_to_use.count") !== undefined,
    )
    .map((override) => override.text("name") ?? "");
}

/** The rules of a managed group that an ACL leaves out, as older versions of the provider write it. */
function excluded(rule: Part): readonly string[] {
  return rule
    .blocks("statement.managed_rule_group_statement.excluded_rule")
    .map((each) => each.text("name") ?? "");
}

/** Rules of AWSManagedRulesCommonRuleSet that look at bodies. Source: AWS WAF developer guide, Baseline rule groups. */
const BODY_RULES = ["SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY"];

function group(rule: Part): string | undefined {
  return rule.text("statement.managed_rule_group_statement.name");
}

export const waf: readonly Rule[] = [
  {
    ids: ["CKV_AWS_175", "WAF.10"],
    meaning: "A web ACL has rules",
    source: SECURITY_HUB,
    types: ACL,
    holds: (part) => part.has("rule"),
  },
  {
    ids: ["CKV_AWS_342"],
    meaning: "Each rule of a web ACL does something",
    source: CHECKOV,
    types: [...ACL, "aws_wafv2_rule_group"],
    holds: (part) =>
      part
        .blocks("rule")
        .every((rule) => rule.has("action") || rule.has("override_action") || group(rule) !== undefined),
  },
  {
    ids: ["CKV_AWS_192"],
    meaning: "A web ACL blocks requests that use the hole in Log4j",
    source: CHECKOV,
    types: ACL,
    closedBy: ["entry.waf.block"],
    holds: (part) =>
      part
        .blocks("rule")
        .some(
          (rule) =>
            group(rule) === "AWSManagedRulesKnownBadInputsRuleSet" &&
            rule.value("override_action.none") !== undefined &&
            ![...counted(rule), ...excluded(rule)].some((name) => name.startsWith("Log4JRCE")),
        ),
  },
  {
    ids: ["CKV2_AWS_31", "WAF.11", "NIST-WAFv2LoggingEnabled"],
    meaning: "A web ACL logs what it decides",
    source: SECURITY_HUB,
    types: ACL,
    holds: (part, world) => world.pointing(part, "resource_arn", LOGGING).length > 0,
  },
  {
    ids: ["WAF.12"],
    meaning: "A web ACL and each of its rules have metrics",
    source: SECURITY_HUB,
    types: [...ACL, "aws_wafv2_rule_group"],
    holds: (part) =>
      [part, ...part.blocks("rule")].every((each) =>
        each.flag("visibility_config.cloudwatch_metrics_enabled", false),
      ),
  },
  {
    ids: ["REL05-BP02"],
    meaning: "A web ACL limits how often a client may ask, and does more than to count",
    source: "Well-Architected, Reliability Pillar, REL05-BP02",
    types: ACL,
    holds: (part) =>
      part
        .blocks("rule")
        .some(
          (rule) =>
            rule.has("statement.rate_based_statement") &&
            ["block", "captcha", "challenge"].some((action) => rule.value(`action.${action}`) !== undefined),
        ),
  },
  {
    ids: ["FN-WAF-NAME"],
    meaning: "The name of what a web ACL logs to begins with aws-waf-logs-",
    source: "AWS WAF developer guide, Logging destinations",
    types: [LOGGING],
    holds: (part, world) => {
      const groups = world
        .beside(part, "aws_cloudwatch_log_group", "aws_s3_bucket", "aws_kinesis_firehose_delivery_stream")
        .filter((each) => part.refersTo("log_destination_configs", each));
      const names = groups.flatMap((each) =>
        ["name", "bucket", "name_prefix", "bucket_prefix"].flatMap((name) => each.value(name) ?? []),
      );
      return names.length === 0 ? undefined : names.every((name) => String(name).startsWith("aws-waf-logs-"));
    },
  },
  {
    ids: ["FN-WAF-BODY"],
    meaning:
      "A web ACL counts long prompts, and prompts with markup, and does not block them, and keeps the rules against bad inputs",
    source: "AWS WAF developer guide, Baseline rule groups",
    types: ACL,
    holds: (part) => {
      const common = part.blocks("rule").filter((rule) => group(rule) === "AWSManagedRulesCommonRuleSet");
      return managedGroups(part).includes("AWSManagedRulesCommonRuleSet")
        ? part
            .blocks("rule")
            .some(
              (rule) =>
                group(rule) === "AWSManagedRulesKnownBadInputsRuleSet" &&
                rule.value("override_action.count") === undefined,
            ) &&
            common.every(
              (rule) =>
                rule.value("override_action.count") !== undefined ||
                BODY_RULES.every((name) => counted(rule).includes(name)),
            )
        : undefined;
    },
  },
];
