import { COUNTED_RULES, RULE_GROUP_VERSION, WEB_ACL_NAME } from "../../../aws/waf";
import { documented, limited, oneOf, type Service } from "../table";

const [firstRule = "", ...otherRules] = COUNTED_RULES;
const BODIES = "AWS WAF API, CustomResponseBody";
const GROUP = "rule.statement.managed_rule_group_statement";

/** What the resources of AWS WAF become. */
export const wafv2: Service = {
  service: "wafv2",
  blocks: {
    aws_wafv2_web_acl: {
      request: "CreateWebACLRequest",
      arguments: {
        // The API has a map of them by key.
        custom_response_body: ".",
        "custom_response_body.key": documented(WEB_ACL_NAME),
        "custom_response_body.content": documented({ minLength: 1, maxLength: 10_240, source: BODIES }),
        "custom_response_body.content_type": documented(
          oneOf(BODIES, "TEXT_PLAIN", "TEXT_HTML", "APPLICATION_JSON"),
        ),
        "rule.statement.rate_based_statement.evaluation_window_sec": limited(
          "EvaluationWindowSec",
          oneOf("AWS WAF API, RateBasedStatement", "60", "120", "300", "600"),
        ),
        [`${GROUP}.version`]: limited("Version", RULE_GROUP_VERSION),
        // AWS WAF ignores an override whose rule the group does not have.
        [`${GROUP}.rule_action_override.name`]: limited(
          "Name",
          oneOf("WAF developer guide, Baseline rule groups", firstRule, ...otherRules),
        ),
      },
    },
    aws_wafv2_web_acl_association: {
      request: "AssociateWebACLRequest",
      arguments: { web_acl_arn: "WebACLArn", resource_arn: "ResourceArn" },
    },
    aws_wafv2_web_acl_logging_configuration: {
      request: "LoggingConfiguration",
      arguments: { resource_arn: "ResourceArn" },
    },
  },
};
