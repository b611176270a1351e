import type { Json } from "../../support/synthesis";
import { type Rewrite, rewrite } from "./rewrite";

/** What only provider 6 has, of all that the stacks emit. The unit tests look at it. */
export const ONLY_IN_PROVIDER_SIX: readonly Rewrite[] = [
  {
    why: "rewrites of a request came with 6.19",
    kind: "resource",
    type: "aws_lb_listener_rule",
    change: (rule) => {
      delete rule.transform;
    },
  },
  {
    why: "regular expressions in conditions came with 6.19; here they stand as plain values",
    kind: "resource",
    type: "aws_lb_listener_rule",
    change: (rule) => {
      for (const { host_header, path_pattern } of rule.condition) {
        for (const matched of [host_header, path_pattern]) {
          if (matched?.regex_values !== undefined) {
            matched.values = matched.regex_values.map((regex: string) => regex.replace(/[^\w/.-]/g, ""));
            delete matched.regex_values;
          }
        }
      }
    },
  },
  {
    why: "the port of Target Optimizer came with 6.25",
    kind: "resource",
    type: "aws_lb_target_group",
    change: (group) => {
      delete group.target_control_port;
    },
  },
];

/**
 * Rewrites the JSON of a stack in place for the AWS provider that was found, so that Terraform takes it.
 *
 * @param version of the provider
 */
export function forProvider(stack: Json, version: string): void {
  stack.terraform.required_providers.aws.version = version;
  if (Number.parseInt(version, 10) < 6) {
    rewrite(stack, ONLY_IN_PROVIDER_SIX);
  }
}
