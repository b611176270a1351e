import { entriesOf, isRecord, type Json, listOf } from "../terraform/json";
import { type Condition, readPolicy, type Statement } from "./document";
import type { Call } from "./instance-calls";
import { covers, parts, UNKNOWN } from "./patterns";

/** What is asked of AWS. */
export type Asked = Pick<Call, "action" | "resource" | "context">;

/** A policy of a role. */
export interface Policy {
  /** The address of the resource that has it, and its argument. */
  readonly address: string;
  readonly argument: string;
  /** Its statements; `undefined` when they are not in the stack. */
  readonly statements: readonly Statement[] | undefined;
  /** As it is written: a text, or a reference to one. */
  readonly written: string;
}

/** One action that a statement allows, or denies, on one resource. Of `NotAction` and `NotResource` it has all. */
export interface Grant {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly actions: readonly string[];
  readonly resources: readonly Resource[];
}

/** A resource of a statement: with {@link UNKNOWN} for references, and as it is written. */
export interface Resource {
  readonly pattern: string;
  readonly written: string;
}

/**
 * What the role of a launch template's instances allows. A policy that is not in the stack allows nothing.
 *
 * @param template the id of the launch template in the stack
 * @throws Error when its role is not in the stack
 */
export function permissions(stack: Json, template: string): (call: Asked) => boolean {
  const role = roleOf(stack, stack.resource?.aws_launch_template?.[template]);
  if (role === undefined) {
    throw new Error(`aws_launch_template.${template}: its role is not in the stack`);
  }
  const policies = policiesOf(stack, role);
  const [grants = [], denials = []] = ["Allow", "Deny"].map((effect) => grantsOf(policies, effect));
  return (call) =>
    grants.some((grant) => allows(grant, call)) && !denials.some((denial) => denies(denial, call));
}

/**
 * Whether a statement is about a call, under the conditions that it has.
 *
 * @param names whether a resource of it is that of the call
 */
function isAbout(
  { statement: { inverted, conditions }, actions, resources }: Grant,
  call: Asked,
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
export function allows(grant: Grant, call: Asked): boolean {
  const { resource } = call;
  return isAbout(
    grant,
    call,
    ({ pattern, written }) => resource === undefined || written === resource || isWithin(resource, pattern),
  );
}

/** Whether a statement forbids a call, or a part of it. */
export function denies(denial: Grant, call: Asked): boolean {
  const { resource = "" } = call;
  return isAbout(
    denial,
    call,
    ({ pattern, written }) =>
      written === resource || isWithin(resource, pattern) || isWithin(pattern, resource),
  );
}

function holds(
  { operator, key, values }: Condition,
  { context = {} }: Asked,
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
export function isWithin(narrow: string, wide: string): boolean {
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

export function grantsOf(policies: readonly Policy[], effect: string): readonly Grant[] {
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
export function policiesOf({ resource = {} }: Json, role: string): readonly Policy[] {
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
export function roleOf({ resource = {} }: Json, template: Json): string | undefined {
  const profile = bodyAt(resource, addressIn(listOf(template.iam_instance_profile)[0]?.arn));
  return profile === undefined ? undefined : addressIn(profile.role);
}

/** `${aws_iam_role.web.name}` is `aws_iam_role.web`. */
function addressIn(reference: Json): string {
  return /^\$\{(\w+\.[\w-]+)\.\w+\}$/.exec(String(reference))?.[1] ?? "";
}

export function bodyAt(resource: Json, address: string): Json | undefined {
  const [type = "", id = ""] = address.split(".");
  return resource[type]?.[id];
}
