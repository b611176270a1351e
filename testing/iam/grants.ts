import type { Finding } from "../finding";
import { entriesOf, type Json, listOf } from "../terraform/json";
import { type UnpackedUserData, unpackUserData } from "../user-data";
import { readPolicy, type Statement } from "./document";
import { type Call, callsOf, type Surroundings } from "./instance-calls";
import { covers, UNKNOWN } from "./patterns";
import {
  allows,
  bodyAt,
  denies,
  type Grant,
  grantsOf,
  isWithin,
  type Policy,
  policiesOf,
  type Resource,
  roleOf,
} from "./permissions";

const PASSED_ROLE = "EC2 user guide, IAM roles for Amazon EC2";
const UNREAD = "testing/iam/grants.ts, by the stack";

/**
 * How what the roles of a stack's instances allow differs from what the instances call. It looks at launch templates whose
 * user data is of this project and whose role is in the stack.
 *
 * @param stack Terraform JSON, parsed
 */
export function grantFindings(stack: Json): readonly Finding[] {
  return entriesOf(stack.resource?.aws_launch_template).flatMap(([id, template]) => {
    const userData = unpackUserData(template.user_data ?? "");
    const role = roleOf(stack, template);
    const address = `aws_launch_template.${id}`;
    return userData === undefined || role === undefined
      ? []
      : [
          ...trustFindings(role, bodyAt(stack.resource, role)?.assume_role_policy),
          ...differences(address, userData, policiesOf(stack, role), surroundingsOf(stack, id)),
        ];
  });
}

/** A role that EC2 may not hand to instances. */
function trustFindings(address: string, text: Json): readonly Finding[] {
  const statements =
    typeof text === "string" ? readPolicy(text, { principal: true, resource: false }, () => {}) : undefined;
  const isOfInstances = ({ effect, actions, principals }: Statement) =>
    effect === "Allow" &&
    actions.some((action) => covers(action.toLowerCase(), "sts:assumerole")) &&
    principals.some((principal) => /^(\*|ec2\.(amazonaws\.com(\.cn)?|\ufffc)|\ufffc)$/.test(principal));
  return statements === undefined || statements.some(isOfInstances)
    ? []
    : [
        {
          address,
          argument: "assume_role_policy",
          message: "does not let ec2.amazonaws.com assume the role, which is that of instances",
          source: PASSED_ROLE,
        },
      ];
}

function differences(
  template: string,
  userData: UnpackedUserData,
  policies: readonly Policy[],
  surroundings: Surroundings,
): readonly Finding[] {
  const calls = callsOf(userData, surroundings);
  const needed = calls.filter(({ optional }) => !optional);
  const unread = policies.filter(({ statements }) => statements === undefined);
  const [grants, denials] = ["Allow", "Deny"].map((effect) => grantsOf(policies, effect));
  // What is not read may allow them.
  const missing = needed.filter(
    (call) => unread.length === 0 && !grants?.some((grant) => allows(grant, call)),
  );
  const unused = grants?.filter((grant) => !calls.some((call) => isUsed(grant, call)));
  return [
    ...unread.map(({ address, argument, written }) => ({
      address,
      argument,
      message: `is ${written}, whose statements are not in the stack: nothing shows that the instances of ${template} call what it allows`,
      source: UNREAD,
    })),
    ...missing.map(({ action, resource = "", by }) => ({
      address: template,
      argument: "iam_instance_profile",
      message: `has a role that does not allow ${action} on ${resource.replaceAll(UNKNOWN, "…")}, which the instance calls`,
      source: by,
    })),
    ...(unused ?? []).map((grant) => ({
      ...placeOf(grant),
      message: `statement ${grant.statement.name} allows ${shown(grant)}, which no instance of ${template} calls`,
      source: "testing/iam/instance-calls.ts, by its user data",
    })),
    ...needed.flatMap((call) =>
      (denials ?? [])
        .filter((denial) => denies(denial, call))
        .map((denial) => ({
          ...placeOf(denial),
          message: `statement ${denial.statement.name} denies ${shown(denial)}, and the instances of ${template} call ${call.action}`,
          source: call.by,
        })),
    ),
  ];
}

function placeOf({ policy: { address, argument } }: Grant): Pick<Finding, "address" | "argument"> {
  return { address, argument };
}

/** What a statement names, in a sentence. */
function shown({ statement: { inverted }, actions, resources }: Grant): string {
  const written = resources.map((resource) => resource.written).join(", ");
  return `${inverted.actions ? "all but " : ""}${actions.join(", ")} on ${inverted.resources ? "all but " : ""}${written}`;
}

/** Whether a call needs a grant, and nothing less. A statement that names what it does not mean is about more. */
function isUsed({ statement, actions, resources }: Grant, call: Call): boolean {
  const { inverted, conditions } = statement;
  const isNarrow = ({ pattern, written }: Resource) =>
    call.resource === undefined ||
    written === call.resource ||
    (call.resource !== "*" && isWithin(pattern, call.resource));
  return (
    !(inverted.actions || inverted.resources) &&
    actions.every((action) => action.toLowerCase() === call.action.toLowerCase()) &&
    resources.every(isNarrow) &&
    Object.keys(call.context ?? {}).every((key) => conditions.some((condition) => condition.key === key))
  );
}

/** What the groups of a launch template say of its instances. */
function surroundingsOf({ resource = {} }: Json, template: string): Surroundings {
  const groups = entriesOf(resource.aws_autoscaling_group)
    .map(([, group]) => group)
    .filter((group) => JSON.stringify(group).includes(`aws_launch_template.${template}.id`));
  return {
    spot: groups.some((group) => {
      const [policy] = listOf(group.mixed_instances_policy);
      const [distribution = {}] = listOf(policy?.instances_distribution);
      return (distribution.on_demand_percentage_above_base_capacity ?? 100) < 100;
    }),
    targetGroupArns: groups.flatMap((group) => group.target_group_arns ?? []),
  };
}
