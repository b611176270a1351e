import { Resolver, withoutUnknowns } from "../simulation/terraform/resolve";
import { covers } from "../testing/iam/patterns";
import { isRecord, type Json, listOf } from "../testing/terraform/json";
import type { StackChange } from "./deployment";

/** A right that a policy allows. */
interface Right {
  readonly action: string;
  readonly resource: string;
  /** The principal of a resource's policy, and the conditions, as texts. */
  readonly who: string;
  readonly conditions: string;
}

/** Where policies are, by type of resource. */
const POLICIES: Readonly<Record<string, readonly string[]>> = {
  aws_iam_policy: ["policy"],
  aws_iam_role: ["assume_role_policy"],
  aws_iam_role_policy: ["policy"],
  aws_kms_key: ["policy"],
  aws_s3_bucket_policy: ["policy"],
  aws_sns_topic_policy: ["policy"],
  aws_vpc_endpoint: ["policy"],
};

/**
 * Rights that a policy allows and its predecessor did not, by action and resource, and what one denied and none does any
 * more. What a wildcard of before covered with the same conditions is no growth. A new policy is one where its role was
 * there before; of a new role it is none: nothing had it.
 */
export function grownRights(
  stack: StackChange,
): readonly { readonly address: string; readonly says: string }[] {
  const [old, now] = [
    new Resolver({ [stack.name]: stack.before }),
    new Resolver({ [stack.name]: stack.after }),
  ];
  return [...attachedRights(stack, now), ...changedRights(stack, old, now)];
}

/** What a role that was there gets by a policy that was not. */
function attachedRights(stack: StackChange, now: Resolver): readonly Grown[] {
  return stack.changes
    .filter(({ action, type }) => action === "create" && ATTACHED.includes(type))
    .flatMap(({ address, type, name }) => {
      const written = stack.after.resource?.[type]?.[name];
      const [, role = String(written?.role)] = /\baws_iam_role\.([\w-]+)/.exec(String(written?.role)) ?? [];
      if (stack.before.resource?.aws_iam_role?.[role] === undefined) {
        return [];
      }
      const [, own = ""] = /\baws_iam_policy\.([\w-]+)/.exec(String(written?.policy_arn)) ?? [];
      const policy =
        type === "aws_iam_role_policy"
          ? written?.policy
          : stack.after.resource?.aws_iam_policy?.[own]?.policy;
      const rights = rightsIn(now.resolve(policy, stack.name));
      return rights === undefined
        ? [
            {
              address,
              says: `${role} may now do what ${String(written?.policy_arn ?? "its new policy")} allows`,
            },
          ]
        : rights.map((right) => ({ address, says: textOf(right) }));
    });
}

const ATTACHED = ["aws_iam_role_policy", "aws_iam_role_policy_attachment"];

interface Grown {
  readonly address: string;
  readonly says: string;
}

function changedRights(stack: StackChange, old: Resolver, now: Resolver): readonly Grown[] {
  return stack.changes
    .filter(({ before, after, action }) => action !== "unchanged" && isRecord(before) && isRecord(after))
    .flatMap(({ address, type, name, differences }) =>
      (POLICIES[type] ?? []).flatMap((argument) => {
        if (!differences.some(({ path }) => path === argument)) {
          return [];
        }
        const oldPolicy = old.resolve(stack.before.resource?.[type]?.[name]?.[argument], stack.name);
        const newPolicy = now.resolve(stack.after.resource?.[type]?.[name]?.[argument], stack.name);
        const [before, after] = [rightsIn(oldPolicy), rightsIn(newPolicy)];
        if (before === undefined || after === undefined) {
          return [{ address, says: `what ${argument} allows, only an apply shows` }];
        }
        const denied = rightsIn(oldPolicy, "Deny") ?? [];
        const denies = rightsIn(newPolicy, "Deny") ?? [];
        return [
          ...after
            .filter((right) => !before.some((each) => hadAlready(each, right)))
            .map((right) => ({ address, says: textOf(right) })),
          ...denied
            .filter((right) => !denies.some((each) => hadAlready(each, right)))
            .map((right) => ({ address, says: textOf(right, "is denied no longer to") })),
        ];
      }),
    );
}

/** @returns `undefined` for a policy that is not known */
function rightsIn(policy: Json, effect: "Allow" | "Deny" = "Allow"): readonly Right[] | undefined {
  const document = documentIn(policy);
  return document === undefined
    ? undefined
    : listOf(document.Statement)
        .filter(({ Effect }) => Effect === effect)
        .flatMap((statement: Json) =>
          actionsOf(statement).flatMap((action) =>
            resourcesOf(statement).map((resource) => ({
              ...{ action, resource },
              who: JSON.stringify(statement.Principal ?? statement.NotPrincipal ?? null),
              conditions: JSON.stringify(statement.Condition ?? null),
            })),
          ),
        );
}

function documentIn(policy: Json): Json {
  try {
    const document = typeof policy === "string" ? JSON.parse(policy) : policy;
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function actionsOf({ Action, NotAction }: Json): readonly string[] {
  return NotAction === undefined ? listOf(Action).map(String) : [`all but ${listOf(NotAction).join(", ")}`];
}

function resourcesOf({ Resource, NotResource }: Json): readonly string[] {
  return NotResource === undefined
    ? listOf(Resource ?? "itself").map(String)
    : [`all but ${listOf(NotResource).join(", ")}`];
}

function hadAlready(before: Right, after: Right): boolean {
  const isAsBound = before.conditions === after.conditions || before.conditions === "null";
  const isForAll = before.who === after.who || before.who === '"*"';
  return (
    isAsBound &&
    isForAll &&
    covers(before.action.toLowerCase(), after.action.toLowerCase()) &&
    covers(before.resource, after.resource)
  );
}

function textOf({ action, resource, who, conditions }: Right, may = "may now"): string {
  const plain = withoutUnknowns(resource, ({ address }) =>
    address.includes("partition")
      ? "aws"
      : address.includes("region")
        ? "<region>"
        : address.includes("account") || address.includes("caller")
          ? "<account>"
          : address,
  );
  return [
    `${may} ${action} on ${plain}`,
    ...(who === "null" ? [] : [`as ${who}`]),
    ...(conditions === "null" ? [] : [`if ${conditions}`]),
  ].join(", ");
}
