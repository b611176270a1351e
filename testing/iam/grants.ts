import type { Finding } from "../finding";
import { entriesOf, type Json, listOf } from "../terraform/json";
import { type UnpackedUserData, unpackUserData } from "../user-data";
import { type Condition, readPolicy, type Statement } from "./document";
import { type Call, callsOf, type Surroundings } from "./instance-calls";
import { covers, parts } from "./patterns";
import { UNKNOWN } from "./references";

/** One action that a statement allows on one resource. */
interface Grant {
  /** The address of the policy. */
  readonly policy: string;
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
  readonly written: string;
}

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
    return userData === undefined || role === undefined
      ? []
      : differences(`aws_launch_template.${id}`, userData, grantsOf(stack, role), surroundingsOf(stack, id));
  });
}

function differences(
  template: string,
  userData: UnpackedUserData,
  grants: readonly Grant[],
  surroundings: Surroundings,
): readonly Finding[] {
  const calls = callsOf(userData, surroundings);
  const missing = calls.filter((call) => !call.optional && !grants.some((grant) => allows(grant, call)));
  const unused = grants.filter((grant) => !calls.some((call) => isUsed(grant, call)));
  return [
    ...missing.map(({ action, resource = "", by }) => ({
      address: template,
      argument: "iam_instance_profile",
      message: `has a role that does not allow ${action} on ${resource.replaceAll(UNKNOWN, "…")}, which the instance calls`,
      source: by,
    })),
    ...unused.map(({ policy, statement, action, written }) => ({
      address: policy,
      argument: "policy",
      message: `statement ${statement.name} allows ${action} on ${written}, which no instance of ${template} calls`,
      source: "testing/iam/instance-calls.ts, by its user data",
    })),
  ];
}

/** Whether a grant is wide enough for a call. */
function allows({ statement, action, resource, written }: Grant, call: Call): boolean {
  return (
    action === call.action &&
    (call.resource === undefined || written === call.resource || isWithin(call.resource, resource)) &&
    statement.conditions.every((condition) => holds(condition, call, (value, asked) => covers(value, asked)))
  );
}

/** Whether a call needs a grant, and nothing less. */
function isUsed({ statement, action, resource, written }: Grant, call: Call): boolean {
  return (
    action === call.action &&
    (call.resource === undefined || written === call.resource || isWithin(resource, call.resource)) &&
    Object.keys(call.context ?? {}).every((key) => statement.conditions.some((each) => each.key === key))
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
    return wide === narrow;
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

function grantsOf(stack: Json, role: string): readonly Grant[] {
  return policiesOf(stack, role).flatMap(([policy, text]) =>
    (readPolicy(text, { principal: false, resource: true }, () => {}) ?? [])
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) =>
        statement.actions.flatMap((action) =>
          statement.resources.map((resource, index) => ({
            policy,
            statement,
            action,
            resource,
            written: statement.writtenResources[index] ?? "",
          })),
        ),
      ),
  );
}

/** The policies of a role that are in its stack, by address. */
function policiesOf({ resource = {} }: Json, role: string): readonly (readonly [string, string])[] {
  const own = entriesOf(resource.aws_iam_role_policy)
    .filter(([, each]) => addressIn(each.role) === role)
    .map(([id, { policy }]): readonly [string, string] => [`aws_iam_role_policy.${id}`, policy]);
  const attached = entriesOf(resource.aws_iam_role_policy_attachment)
    .filter(([, each]) => addressIn(each.role) === role)
    .flatMap(([, { policy_arn }]): (readonly [string, string])[] => {
      const address = addressIn(policy_arn);
      const policy = bodyAt(resource, address)?.policy;
      return policy === undefined ? [] : [[address, policy]];
    });
  return [...own, ...attached];
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
function addressIn(reference: string | undefined): string {
  return /^\$\{(\w+\.[\w-]+)\.\w+\}$/.exec(reference ?? "")?.[1] ?? "";
}

function bodyAt(resource: Json, address: string): Json | undefined {
  const [type = "", id = ""] = address.split(".");
  return resource[type]?.[id];
}
