import type { Service } from "../table";

/** What the resources of AWS WAF become. */
export const wafv2: Service = {
  service: "wafv2",
  blocks: {
    aws_wafv2_web_acl_association: {
      request: "AssociateWebACLRequest",
      arguments: { web_acl_arn: "WebACLArn", resource_arn: "ResourceArn" },
    },
  },
};
