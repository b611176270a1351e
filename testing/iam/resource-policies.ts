import { boolOf, type Json } from "../terraform/json";
import type { Statement } from "./document";
import { covers } from "./patterns";
import { actionsOf } from "./reference";

/**
 * Parts of service principals that are no service's name in the Service Authorization Reference, as the user guides of
 * the services write them.
 */
const OTHER_SERVICES = [
  ...["ecs-tasks", "edgelambda", "spot", "spotfleet", "transitgateway", "vpc-flow-logs"],
  ...["config-multiaccountsetup", "email", "monitoring", "mq", "opsworks-cm", "states", "yarn"],
];

/** Principals of a statement that have the form of a service, and none of whose parts is one. */
export function unknownServices({ principals }: Statement): readonly string[] {
  return principals.filter((principal) => {
    const [, name] = /^([a-z0-9.-]+)\.(?:amazonaws\.com(?:\.cn)?|\ufffc)$/.exec(principal) ?? [];
    return (
      name !== undefined &&
      !name.split(".").some((part) => OTHER_SERVICES.includes(part) || actionsOf(part) !== undefined)
    );
  });
}

/**
 * Resources of a statement that are surely not what its policy is of.
 *
 * @param owner the argument that says what the policy is of, e.g. `${aws_s3_bucket.logs.id}`
 */
export function ofOther({ writtenResources, inverted }: Statement, owner: Json): readonly string[] {
  const own = typeof owner === "string" ? identityOf(owner) : undefined;
  return inverted.resources || own === undefined
    ? []
    : writtenResources.filter((written) => {
        const named = identityOf(written);
        return named !== undefined && kindOf(named) === kindOf(own) && named !== own;
      });
}

/** The bucket or topic that a text names: its address in Terraform, or its own name. Of others nothing is known. */
function identityOf(text: string): string | undefined {
  const [, address] = /\$\{(aws_(?:s3_bucket|sns_topic)\.[\w-]+)\./.exec(text) ?? [];
  if (address !== undefined || text.includes("${") || /[*?]/.test(text.split("/")[0] ?? "")) {
    return address;
  }
  return text.replace(/^arn:[^:]+:s3:::/, "").split("/")[0];
}

/** A name cannot be compared with an address. */
function kindOf(identity: string): string {
  return /^aws_\w+\./.exec(identity)?.[0] ?? "name";
}

/**
 * Whether the policy of a key lets nobody change it, which KMS refuses unless it is told not to look.
 *
 * Source: KMS developer guide, Default key policy, "Prevents the key from becoming unmanageable".
 */
export function locksOut(statements: readonly Statement[], key: Json): boolean {
  return (
    boolOf(key.bypass_policy_lockout_safety_check) !== true &&
    !statements.some(
      ({ effect, principals, actions, inverted }) =>
        effect === "Allow" &&
        principals.some((each) => each === "*" || each.startsWith("arn:") || /^(\d{12}|\ufffc)/.test(each)) &&
        (inverted.actions || actions.some((each) => covers(each.toLowerCase(), "kms:putkeypolicy"))),
    )
  );
}
