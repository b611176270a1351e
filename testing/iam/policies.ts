import { MANAGED_POLICY } from "../../aws/limits";
import type { Finding } from "../finding";
import { entriesOf, type Json, listOf } from "../terraform/json";
import { reportCondition } from "./conditions";
import { type DocumentRules, type Report, readPolicy, type Statement } from "./document";
import { covers, mayBeOfType, parts, UNKNOWN } from "./patterns";
import { type Action, actionsOf, REFERENCE, resourceTypesOf } from "./reference";
import { locksOut, ofOther, unknownServices } from "./resource-policies";

/** Where a kind of policy is in Terraform, and what AWS requires of it. */
interface PolicyKind extends DocumentRules {
  /** The resource. */
  readonly type: string;
  /** The argument of the resource, with the block that it is in. */
  readonly argument: string;
  /** Maximum number of characters, spaces outside texts not counted. */
  readonly longest: number;
  readonly source: string;
  /** The only service whose actions it may name. */
  readonly service?: string;
  /** The only actions it may name. */
  readonly only?: RegExp;
  /** The argument that names what the policy is of. AWS refuses a policy that names another resource. */
  readonly of?: string;
}

const IDENTITY = { principal: false, resource: true } as const;
const RESOURCE = { principal: true, resource: true } as const;
const QUOTAS = "IAM user guide, IAM and AWS STS quotas";

/** Source of what a policy of a topic may name: SNS developer guide, "Amazon SNS API permissions: Actions and resources reference". */
const OF_TOPICS =
  /^(AddPermission|DeleteTopic|Get(TopicAttributes|DataProtectionPolicy)|List(SubscriptionsByTopic|TagsForResource)|Publish|PutDataProtectionPolicy|RemovePermission|SetTopicAttributes|Subscribe)$/i;

/** The policies of Terraform's resources. */
const KINDS: readonly PolicyKind[] = [
  {
    type: "aws_iam_policy",
    ...IDENTITY,
    argument: "policy",
    longest: MANAGED_POLICY.max,
    source: MANAGED_POLICY.source,
  },
  { type: "aws_iam_role_policy", ...IDENTITY, argument: "policy", longest: 10_240, source: QUOTAS },
  { type: "aws_iam_role", ...IDENTITY, argument: "inline_policy.policy", longest: 10_240, source: QUOTAS },
  {
    type: "aws_iam_role",
    principal: true,
    resource: false,
    argument: "assume_role_policy",
    longest: 2048,
    source: QUOTAS,
    service: "sts",
  },
  {
    type: "aws_s3_bucket_policy",
    ...RESOURCE,
    argument: "policy",
    longest: 20_480,
    source: "S3 user guide, Bucket policies",
    service: "s3",
    of: "bucket",
  },
  {
    type: "aws_sns_topic_policy",
    ...RESOURCE,
    argument: "policy",
    longest: 30_720,
    source: "SNS, SetTopicAttributes",
    service: "sns",
    only: OF_TOPICS,
    of: "arn",
  },
  {
    type: "aws_kms_key",
    ...RESOURCE,
    argument: "policy",
    longest: 32_768,
    source: "KMS, PutKeyPolicy",
    service: "kms",
  },
  {
    type: "aws_vpc_endpoint",
    ...RESOURCE,
    argument: "policy",
    longest: 20_480,
    source: "PrivateLink guide, Control access to VPC endpoints using endpoint policies",
  },
  {
    type: "aws_secretsmanager_secret_policy",
    ...RESOURCE,
    argument: "policy",
    longest: 20_480,
    source: "Secrets Manager, PutResourcePolicy",
    service: "secretsmanager",
  },
];

/**
 * What is wrong with the policies of a stack: actions that do not exist, resources and condition keys that none of the
 * actions takes, and faults of form. A policy that is only a reference is not read.
 *
 * @param stack Terraform JSON, parsed
 */
export function policyFindings({ resource = {} }: Json): readonly Finding[] {
  return KINDS.flatMap((kind) =>
    entriesOf(resource[kind.type]).flatMap(([id, body]) =>
      textsIn(body, kind.argument).flatMap(([argument, text]) =>
        findingsIn(text, kind, body).map((each) => ({ address: `${kind.type}.${id}`, argument, ...each })),
      ),
    ),
  );
}

/** The policies in an argument, which may be in blocks: each with its path. */
function textsIn(body: Json, argument: string): readonly (readonly [string, string])[] {
  const [name = "", ...inner] = argument.split(".");
  const values = listOf(body?.[name]);
  return values.flatMap((value, place): readonly (readonly [string, string])[] => {
    const path = values.length > 1 ? `${name}[${place}]` : name;
    return inner.length > 0
      ? textsIn(value, inner.join(".")).map(([rest, text]) => [`${path}.${rest}`, text] as const)
      : typeof value === "string"
        ? [[path, value]]
        : [];
  });
}

function findingsIn(
  text: string,
  kind: PolicyKind,
  body: Json,
): readonly Pick<Finding, "message" | "source">[] {
  const findings: Pick<Finding, "message" | "source">[] = [];
  const report: Report = (message, source) => findings.push({ message, source });
  const statements = readPolicy(text, kind, report);
  const length = leastLength(text);
  if (length > kind.longest) {
    report(`has ${length} characters or more, and may have ${kind.longest}`, kind.source);
  }
  for (const statement of statements ?? []) {
    const reportIn: Report = (message, source) => report(`statement ${statement.name} ${message}`, source);
    reportStatement(statement, kind, reportIn);
    for (const service of unknownServices(statement)) {
      reportIn(`has the principal ${service}, which is no service of AWS`, REFERENCE);
    }
    const owner = kind.of === undefined ? undefined : body[kind.of];
    for (const other of ofOther(statement, owner)) {
      reportIn(`names ${other}, and the policy is of ${owner}: AWS refuses that`, kind.source);
    }
  }
  if (kind.type === "aws_kms_key" && statements !== undefined && locksOut(statements, body)) {
    report("lets no account, role or user change it: AWS refuses that", kind.source);
  }
  return findings;
}

/** Characters that count, with one for what only an apply shows. */
function leastLength(text: string): number {
  try {
    return JSON.stringify(JSON.parse(text)).replaceAll(/\$\{[^}]*\}/g, UNKNOWN).length;
  } catch {
    return 0;
  }
}

/** An action that a statement names, or one of those that it names by a wildcard. */
interface Named {
  /** As it is written. */
  readonly written: string;
  readonly service: string;
  readonly action: Action;
}

function reportStatement(statement: Statement, kind: PolicyKind, report: Report): void {
  const named = statement.actions.flatMap((written) => existing(written, kind, report));
  if (named.length > 0) {
    for (const condition of statement.conditions) {
      reportCondition(condition, named, report);
    }
  }
  if (kind.resource && !statement.inverted.actions && !statement.inverted.resources) {
    reportResources(statement, named, report);
  }
}

/** The actions that a text means, e.g. `kms:GenerateDataKey*`. */
function existing(written: string, kind: PolicyKind, report: Report): readonly Named[] {
  // Services and names of actions are compared without case.
  const [service = "", pattern = ""] = written === "*" ? ["*", "*"] : written.toLowerCase().split(":");
  if (service === "*") {
    return [];
  }
  const actions = Object.values(actionsOf(service) ?? {});
  const meant = actions.filter(({ name }) => covers(pattern, name.toLowerCase()));
  if (meant.length === 0) {
    report(`names ${written}, which is no action`, REFERENCE);
  } else if (kind.service && service !== kind.service) {
    report(`names ${written}, and may name only actions of ${kind.service}`, kind.source);
  } else if (kind.only && !meant.every(({ name }) => kind.only?.test(name))) {
    report(`names ${written}, which AWS refuses in a policy of this kind`, kind.source);
  }
  return meant.map((action) => ({ written, service, action }));
}

/**
 * Every action needs a resource that it takes, one of each type that it requires, and every resource needs an action that
 * takes it. AWS accepts others, and they have no effect.
 */
function reportResources(
  { actions, resources, writtenResources }: Statement,
  named: readonly Named[],
  report: Report,
): void {
  for (const written of actions) {
    const meant = named.filter((each) => each.written === written);
    if (meant.length > 0 && !meant.some((each) => hasResource(each, resources))) {
      const [first] = meant;
      const types = first?.action.resourceTypes.map(({ name }) => name) ?? [];
      const takes = types.length > 0 ? `resources of the type ${types.join(" or ")}` : "only *";
      report(`allows ${written}, which takes ${takes}, on ${writtenResources.join(", ")}`, REFERENCE);
    }
  }
  for (const [index, resource] of resources.entries()) {
    const isArn = resource === "*" || resource.startsWith(UNKNOWN) || parts(resource).length === 6;
    if (!isArn) {
      report(`names the resource ${writtenResources[index]}, which is no ARN`, REFERENCE);
    } else if (named.length > 0 && !named.some((each) => takes(each, resource))) {
      report(`names the resource ${writtenResources[index]}, which none of its actions takes`, REFERENCE);
    }
  }
}

function hasResource(each: Named, resources: readonly string[]): boolean {
  const { resourceTypes } = each.action;
  const required = resourceTypes.filter((type) => type.required);
  return required.length === 0
    ? resources.some((resource) => takes(each, resource))
    : required.every(({ name }) => resources.some((resource) => isOfType(each, name, resource)));
}

function takes(each: Named, resource: string): boolean {
  return isOpen(resource) || each.action.resourceTypes.some(({ name }) => isOfType(each, name, resource));
}

function isOfType({ service, action }: Named, type: string, resource: string): boolean {
  const arn = resourceTypesOf(service)[type.toLowerCase()]?.arn;
  return isOpen(resource) || (arn !== undefined && mayBeOfType(resource, asInPolicies(arn, action.name)));
}

/** Everything, or what only an apply shows. */
function isOpen(resource: string): boolean {
  return resource === "*" || resource.startsWith(UNKNOWN);
}

/**
 * Only the actions about tags take the ARN of a log group as the reference writes it. All others take it with `:*` at its
 * end. Source: CloudWatch Logs, LogGroup, `arn` and `logGroupArn`.
 */
function asInPolicies(arn: string, action: string): string {
  return arn.endsWith(`:log-group:\${LogGroupName}`) && !/^(Tag|Untag|ListTags)/.test(action)
    ? `${arn}:*`
    : arn;
}
