import type { Rule } from "../rule";

export const provider: readonly Rule[] = [
  {
    ids: ["CKV_AWS_41"],
    meaning: "No access key lies in the provider",
    source: "Checkov, policy index of Terraform",
    types: ["provider.aws"],
    closedBy: ["account.assumeRole"],
    holds: (part) =>
      !["access_key", "secret_key"].some((name) =>
        /^[A-Za-z0-9/+=]{16,}$/.test(String(part.value(name) ?? "")),
      ),
  },
  {
    ids: ["aws_provider_missing_default_tags"],
    meaning: "Everything gets the tags of the deployment",
    source: "TFLint ruleset for AWS",
    types: ["provider.aws"],
    holds: (part) => part.has("default_tags"),
  },
];
