import type { Finding } from "../finding";
import { entriesOf, isRecord, type Json, listOf } from "../terraform/json";
import { type UnpackedUserData, unpackUserData } from "../user-data";
import { type Condition, readPolicy, type Statement } from "./document";
import { type Call, callsOf, type Surroundings } from "./instance-calls";
import { covers, parts } from "./patterns";
import { UNKNOWN } from "./references";

/** A policy of a role. */
interface Policy {
  /** The address of the resource that has it, and its argument. */
  readonly address: string;
  readonly argument: string;
  /** Its statements; `undefined` when they are not in the stack. */
  readonly statements: readonly Statement[] | undefined;
  /** As it is written: a text, or a reference to one. */
  readonly written: string;
}

/** One action that a statement allows, or denies, on one resource. Of `NotAction` and `NotResource` it has all. */
interface Grant {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly actions: readonly string[];
  readonly resources: readonly Resource[];
}

/** A resource of a statement: with {@link UNKNOWN} for references, and as it is written. */
interface Resource {
  readonly pattern: string;
  readonly written: string;
}

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

/**
 * Whether a statement is about a call, under the conditions that it has.
 *
 * @param names whether a resource of it is that of the call
 */
function isAbout(
  { statement: { inverted, conditions }, actions, resources }: Grant,
  call: Call,
  names: (resource: Resource) => boolean,
): boolean {
  // Actions are compared without case.
  const ofAction = actions.some((action) => covers(action.toLowerCase(), call.action.toLowerCase()));
  return (
    ofAction !== inverted.actions &&
    resources.some(names) !== inverted.resources &&
    conditions.every((condition) => holds(condition, call, (value, asked) => covers(value, asked)))
  );
}

/** Whether a grant is wide enough for a call. */
function allows(grant: Grant, call: Call): boolean {
  const { resource } = call;
  return isAbout(
    grant,
    call,
    ({ pattern, written }) => resource === undefined || written === resource || isWithin(resource, pattern),
  );
}

/** Whether a statement forbids a call, or a part of it. */
function denies(denial: Grant, call: Call): boolean {
  const { resource = "" } = call;
  return isAbout(
    denial,
    call,
    ({ pattern, written }) =>
      written === resource || isWithin(resource, pattern) || isWithin(pattern, resource),
  );
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

function holds(
  { operator, key, values }: Condition,
  { context = {} }: Call,
  allowed: (value: string, asked: string) => boolean,
): boolean {
  const asked = context[key] ?? [];
  return (
    /^String(Equals|Like)$/.test(operator) &&
    asked.length > 0 &&
    asked.every((each) => values.some((value) => allowed(value, each)))
  );
}

/** Whether all resources of one pattern are among those of another. Partition, region and account may be unknown. */
function isWithin(narrow: string, wide: string): boolean {
  if (wide === "*" || narrow === "*") {
    return wide === "*";
  }
  const [of, among] = [parts(narrow), parts(wide)];
  return (
    of.length === among.length &&
    of.every((part, index) => {
      const other = among[index] ?? "";
      return (index < 5 && (part === UNKNOWN || other === UNKNOWN)) || covers(other, part);
    })
  );
}

function grantsOf(policies: readonly Policy[], effect: string): readonly Grant[] {
  return policies.flatMap((policy) =>
    (policy.statements ?? [])
      .filter((statement) => statement.effect === effect)
      .flatMap((statement) =>
        each(statement.actions, statement.inverted.actions).flatMap((actions) =>
          each(resourcesOf(statement), statement.inverted.resources).map((resources) => ({
            policy,
            statement,
            actions,
            resources,
          })),
        ),
      ),
  );
}

function each<T>(items: readonly T[], together: boolean): readonly (readonly T[])[] {
  return together ? [items] : items.map((item) => [item]);
}

function resourcesOf({ resources, writtenResources }: Statement): readonly Resource[] {
  return resources.map((pattern, index) => ({ pattern, written: writtenResources[index] ?? "" }));
}

/** Every policy of a role: its own, and those that are attached to it. */
function policiesOf({ resource = {} }: Json, role: string): readonly Policy[] {
  const ofRole = (type: string) =>
    entriesOf(resource[type]).filter(([, each]) =>
      [each.role, ...listOf(each.roles)].some((name) => addressIn(name) === role),
    );
  const { inline_policy, managed_policy_arns } = bodyAt(resource, role) ?? {};
  const attached = (address: string, argument: string, arn: Json): Policy => {
    const at = addressIn(arn);
    const body = bodyAt(resource, at);
    return body === undefined ? unread(address, argument, arn) : policy(at, "policy", body.policy);
  };
  return [
    ...ofRole("aws_iam_role_policy").map(([id, each]) =>
      policy(`aws_iam_role_policy.${id}`, "policy", each.policy),
    ),
    ...listOf(inline_policy)
      .filter((each) => isRecord(each) && each.policy !== undefined)
      .map((each) => policy(role, "inline_policy.policy", each.policy)),
    ...listOf(managed_policy_arns).map((arn) => attached(role, "managed_policy_arns", arn)),
    ...["aws_iam_role_policy_attachment", "aws_iam_policy_attachment"].flatMap((type) =>
      ofRole(type).map(([id, each]) => attached(`${type}.${id}`, "policy_arn", each.policy_arn)),
    ),
  ];
}

function policy(address: string, argument: string, text: Json): Policy {
  const statements =
    typeof text === "string" ? readPolicy(text, { principal: false, resource: true }, () => {}) : undefined;
  return { ...unread(address, argument, text), statements };
}

function unread(address: string, argument: string, written: Json): Policy {
  return { address, argument, written: String(written), statements: undefined };
}

/** The role of the instances of a launch template, by its address. */
function roleOf({ resource = {} }: Json, template: Json): string | undefined {
  const profile = bodyAt(resource, addressIn(listOf(template.iam_instance_profile)[0]?.arn));
  return profile === undefined ? undefined : addressIn(profile.role);
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

/** `${aws_iam_role.web.name}` is `aws_iam_role.web`. */
function addressIn(reference: Json): string {
  return /^\$\{(\w+\.[\w-]+)\.\w+\}$/.exec(String(reference))?.[1] ?? "";
}

function bodyAt(resource: Json, address: string): Json | undefined {
  const [type = "", id = ""] = address.split(".");
  return resource[type]?.[id];
}
