// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import type { Cases, Terraform } from "./case";

const acl = (...rules: readonly object[]): Terraform => ({ aws_wafv2_web_acl: { rule: rules } });
const managed = (name: string, override: object = { none: {} }, more: object = {}) => ({
  name,
  override_action: override,
  statement: { managed_rule_group_statement: { name, ...more } },
});
const logging = (...destinations: readonly string[]) => ({
  aws_wafv2_web_acl_logging_configuration: {
    resource_arn: "${aws_wafv2_web_acl.x.arn}",
    log_destination_configs: destinations,
  },
});
const METRICS = { visibility_config: { cloudwatch_metrics_enabled: true } };
const count = (...names: readonly string[]) => ({
  rule_action_override: names.map((name) => ({ name, action_to_use: { count: {} } })),
});
const LOG = "${aws_cloudwatch_log_group.x.arn}";

export const waf: Cases = {
  CKV_AWS_175: [acl({ action: { block: {} } }), acl()],
  CKV_AWS_342: [acl({ action: { block: {} } }), acl({ name: "x" })],
  CKV_AWS_192: [
    acl(managed("AWSManagedRulesKnownBadInputsRuleSet")),
    acl(managed("AWSManagedRulesKnownBadInputsRuleSet", { count: {} })),
  ],
  CKV2_AWS_31: [{ ...acl(), ...logging(LOG) }, acl()],
  "WAF.12": [
    { aws_wafv2_web_acl: { ...METRICS, rule: [METRICS] } },
    { aws_wafv2_web_acl: { ...METRICS, rule: [METRICS, { name: "x" }] } },
  ],
  "REL05-BP02": [
    acl({ action: { block: {} }, statement: { rate_based_statement: { limit: 100 } } }),
    acl({ action: { count: {} }, statement: { rate_based_statement: { limit: 100 } } }),
  ],
  "FN-WAF-NAME": [
    { ...logging(LOG), aws_cloudwatch_log_group: { name: "aws-waf-logs-x" } },
    { ...logging(LOG), aws_cloudwatch_log_group: { name: "waf-logs" } },
  ],
  "FN-WAF-BODY": [
    acl(
      managed(
        "AWSManagedRulesCommonRuleSet",
        { none: {} },
        count("SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY"),
      ),
      managed("AWSManagedRulesKnownBadInputsRuleSet"),
    ),
    acl(managed("AWSManagedRulesCommonRuleSet", { none: {} }, count("SizeRestrictions_BODY"))),
  ],
};
