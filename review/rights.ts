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
 * Rights that a policy allows and its predecessor did not, by action and resource. What a wildcard of before covered
 * with the same conditions is no growth. A policy of something new is none: nothing had it before.
 */
export function grownRights(
  stack: StackChange,
): readonly { readonly address: string; readonly says: string }[] {
  const [old, now] = [
    new Resolver({ [stack.name]: stack.before }),
    new Resolver({ [stack.name]: stack.after }),
  ];
  return stack.changes
    .filter(({ before, after, action }) => action !== "unchanged" && isRecord(before) && isRecord(after))
    .flatMap(({ address, type, name, differences }) =>
      (POLICIES[type] ?? []).flatMap((argument) => {
        if (!differences.some(({ path }) => path === argument)) {
          return [];
        }
        const before = rightsIn(old.resolve(stack.before.resource?.[type]?.[name]?.[argument], stack.name));
        const after = rightsIn(now.resolve(stack.after.resource?.[type]?.[name]?.[argument], stack.name));
        if (before === undefined || after === undefined) {
          return [{ address, says: `what ${argument} allows, only an apply shows` }];
        }
        return after
          .filter((right) => !before.some((each) => hadAlready(each, right)))
          .map((right) => ({ address, says: textOf(right) }));
      }),
    );
}

/** @returns `undefined` for a policy that is not known */
function rightsIn(policy: Json): readonly Right[] | undefined {
  const document = documentIn(policy);
  return document === undefined
    ? undefined
    : listOf(document.Statement)
        .filter(({ Effect }) => Effect === "Allow")
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

function textOf({ action, resource, who, conditions }: Right): string {
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
    `may now ${action} on ${plain}`,
    ...(who === "null" ? [] : [`as ${who}`]),
    ...(conditions === "null" ? [] : [`if ${conditions}`]),
  ].join(", ");
}
