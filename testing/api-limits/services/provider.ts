import { none, type Service } from "../table";

/**
 * Terraform merges the provider's default tags into those of every resource. Services differ in the characters that
 * they take; what Elastic Load Balancing takes, all take.
 */
export const provider: Service = {
  service: "elbv2",
  blocks: {
    "provider.aws": {
      request: "AddTagsInput",
      arguments: {
        alias: none("Terraform"),
        allowed_account_ids: none("Terraform"),
        assume_role: none("Terraform"),
        default_tags: ".",
        "default_tags.tags": "Tags{}",
      },
      provided: ["ResourceArns", "Tags"],
    },
  },
};
