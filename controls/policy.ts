import { unknownIn } from "../simulation/terraform/resolve";
import { covers } from "../testing/iam/patterns";
import { isRecord, type Json, listOf } from "../testing/terraform/json";
import { isReference, NotKnown, type Part, written } from "./part";
import type { World } from "./world";

/** A statement of a policy of AWS. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Everyone's, `*`, or those of a kind: `{ Service: ["ec2.amazonaws.com"] }`. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  /** Keys of the condition with their values; empty: there is none. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
}

/**
 * The statements of the policy in an argument: JSON, or what a data source `aws_iam_policy_document` makes.
 *
 * @returns none where the argument is not given
 * @throws NotKnown where it is written by a function, or elsewhere
 */
export function statementsOf(part: Part, argument: string, world: World): readonly Statement[] {
  const value = part.value(argument);
  const unknown = unknownIn(value);
  if (value === undefined) {
    return [];
  }
  if (unknown !== undefined) {
    const document = world
      .beside(part, "data.aws_iam_policy_document")
      .find(({ address }) => address === unknown.address);
    if (document === undefined) {
      throw new NotKnown(written(value));
    }
    return statementsOfDocument(document);
  }
  return listOf(parsed(value).Statement).map(statement);
}

function parsed(value: Json): Json {
  try {
    const policy = typeof value === "string" ? JSON.parse(value) : value;
    if (isRecord(policy)) {
      return policy;
    }
  } catch {}
  throw new NotKnown(written(value).slice(0, 60));
}

function statement(each: Json): Statement {
  if (typeof each === "string" && unknownIn(each) !== undefined) {
    throw new NotKnown(written(each));
  }
  const allows = each?.Effect === "Allow";
  const principals = each?.NotPrincipal === undefined ? (each?.Principal ?? {}) : others(allows);
  return {
    allows,
    actions: each?.NotAction === undefined ? texts(each?.Action).map(usual) : others(allows),
    resources: each?.NotResource === undefined ? texts(each?.Resource).map(usual) : others(allows),
    principals: isRecord(principals) ? lists(principals) : { AWS: texts(principals) },
    conditions: Object.assign({}, ...Object.values(each?.Condition ?? {}).map(lists)),
  };
}

/** A pattern as most people write it: IAM does not tell `S3:*` from `s3:*`, nor `**` from `*`. */
function usual(pattern: string): string {
  const plain = pattern.replace(/\*+/g, "*");
  return /^[A-Za-z0-9-]+:[A-Za-z*?]+$/.test(plain)
    ? plain.replace(/^[^:]+/, (service) => service.toLowerCase())
    : plain;
}

/**
 * What `NotAction`, `NotResource` or `NotPrincipal` leaves: nearly everything, where it is allowed; where it is denied,
 * nothing that a control may rely on. Source: IAM user guide, NotAction, NotResource and NotPrincipal.
 */
function others(allows: boolean): readonly string[] {
  return allows ? ["*"] : [];
}

/** The statements of a data source `aws_iam_policy_document`. @throws NotKnown */
export function statementsOfDocument(document: Part): readonly Statement[] {
  return document.blocks("statement").map((block) => {
    const allows = (block.text("effect") ?? "Allow") === "Allow";
    const given = (name: string) =>
      block.list(`not_${name}`).length > 0 ? others(allows) : texts(block.list(name)).map(usual);
    return {
      allows,
      actions: given("actions"),
      resources: given("resources"),
      principals:
        block.blocks("not_principals").length > 0
          ? { AWS: others(allows) }
          : grouped(block.blocks("principals").map((each) => [each.text("type"), each.list("identifiers")])),
      conditions: grouped(
        block.blocks("condition").map((each) => [each.text("variable"), each.list("values")]),
      ),
    };
  });
}

function grouped(
  pairs: readonly (readonly [string | undefined, readonly Json[]])[],
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(pairs.map(([key, values]) => [key === "*" ? "AWS" : String(key), texts(values)]));
}

/** @throws NotKnown where one may be anything, as the value of a variable */
function texts(value: Json): readonly string[] {
  return listOf(value).map((each) => {
    const unknown = unknownIn(each);
    if (unknown !== undefined && !isReference(unknown)) {
      throw new NotKnown(written(each));
    }
    return String(each);
  });
}

function lists(values: Json): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, each]) => [key, texts(each)]));
}

/** Whether a pattern of actions, such as `s3:Get*`, takes in an action. */
export function includes(pattern: string, action: string): boolean {
  return covers(pattern.toLowerCase(), action.toLowerCase());
}

/** Whether a statement lets someone do something to everything, whenever they like. */
export function isUnbounded({ allows, resources, conditions }: Statement): boolean {
  return allows && resources.includes("*") && Object.keys(conditions).length === 0;
}

/** Whether a statement lets anyone in, of whichever account. */
export function isForAnyone({ allows, principals, conditions }: Statement): boolean {
  const anyone = Object.values(principals).some((each) => each.includes("*"));
  return allows && anyone && Object.keys(conditions).length === 0;
}
