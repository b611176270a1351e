import { repeated } from "../repeated";
import { type Json, listOf } from "../terraform/json";
import { withUnknowns } from "./references";

/** A statement of a policy. What JSON allows to be one text or a list is a list here. */
export interface Statement {
  /** Its `Sid`, or its number in the document. */
  readonly name: string;
  readonly effect: string;
  readonly actions: readonly string[];
  /** e.g. `ec2.amazonaws.com`, with {@link UNKNOWN} where a text has a reference of Terraform. */
  readonly principals: readonly string[];
  /** With {@link UNKNOWN} where a text has a reference of Terraform. */
  readonly resources: readonly string[];
  /** The same as they are written. */
  readonly writtenResources: readonly string[];
  readonly conditions: readonly Condition[];
  /** Which of them names what it does not mean: `NotAction`, `NotResource`. */
  readonly inverted: { readonly actions: boolean; readonly resources: boolean };
}

/** One condition of a statement. */
export interface Condition {
  /** e.g. `ForAnyValue:StringLike`. */
  readonly operator: string;
  /** e.g. `s3:prefix`. */
  readonly key: string;
  /** With {@link UNKNOWN} where a text has a reference of Terraform. */
  readonly values: readonly string[];
}

/** What a kind of policy requires of its statements. */
export interface DocumentRules {
  /** Whether a statement says whom it is about. A policy of a role is about the role. */
  readonly principal: boolean;
  /** Whether a statement says what it is about. A trust policy is about its role. */
  readonly resource: boolean;
}

/** Is told what is wrong, in a sentence, and what says so. */
export type Report = (message: string, source: string) => void;

const GRAMMAR = "IAM user guide, Grammar of the IAM JSON policy language";

const ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
];

/**
 * Reads a policy.
 *
 * @param report is told each fault of its form
 * @returns its statements; `undefined` for a text that is only a reference, which an apply alone can read
 */
export function readPolicy(
  text: string,
  rules: DocumentRules,
  report: Report,
): readonly Statement[] | undefined {
  const wrong = (message: string) => report(message, GRAMMAR);
  if (/^\$\{.*\}$/s.test(text)) {
    return undefined;
  }
  const document = parsed(text, wrong);
  if (document === undefined) {
    return [];
  }
  if (!["2012-10-17", "2008-10-17"].includes(document.Version)) {
    wrong(`has the Version ${JSON.stringify(document.Version)}, not "2012-10-17"`);
  }
  for (const element of Object.keys(document)) {
    if (!["Version", "Id", "Statement"].includes(element)) {
      wrong(`has the element ${element}, which IAM does not know`);
    }
  }
  const statements = listOf(document.Statement);
  if (statements.length === 0) {
    wrong("has no statement");
  }
  reportSids(statements, wrong);
  return statements.map((statement, index) => readStatement(statement, index, rules, wrong));
}

function parsed(text: string, wrong: (message: string) => void): Json | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    wrong(`is no JSON: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function reportSids(statements: readonly Json[], wrong: (message: string) => void): void {
  const sids: readonly string[] = statements.flatMap(({ Sid }) => Sid ?? []);
  for (const sid of sids) {
    if (!/^[A-Za-z0-9]+$/.test(sid)) {
      wrong(`has the Sid "${sid}", which may contain only letters and digits`);
    }
  }
  for (const sid of repeated(sids)) {
    wrong(`has the Sid "${sid}" more than once`);
  }
}

function readStatement(
  statement: Json,
  index: number,
  rules: DocumentRules,
  report: (message: string) => void,
): Statement {
  const name: string = statement.Sid ?? `number ${index + 1}`;
  const wrong = (fault: string) => report(`statement ${name} ${fault}`);
  for (const element of Object.keys(statement)) {
    if (![...ELEMENTS, "Condition"].includes(element)) {
      wrong(`has the element ${element}, which IAM does not know`);
    }
  }
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    wrong(`has the Effect ${JSON.stringify(statement.Effect)}, not "Allow" or "Deny"`);
  }
  oneOf(statement, "Action", true, wrong);
  oneOf(statement, "Resource", rules.resource, wrong);
  oneOf(statement, "Principal", rules.principal, wrong);
  reportPrincipals(statement.Principal ?? statement.NotPrincipal, wrong);
  const writtenResources = texts(statement.Resource ?? statement.NotResource);
  return {
    name,
    effect: statement.Effect,
    actions: texts(statement.Action ?? statement.NotAction),
    principals: texts(statement.Principal).map(withUnknowns),
    resources: writtenResources.map(withUnknowns),
    writtenResources,
    conditions: conditionsOf(statement.Condition ?? {}),
    inverted: { actions: statement.NotAction !== undefined, resources: statement.NotResource !== undefined },
  };
}

/** Either the element or its opposite, and not empty; or neither. */
function oneOf(statement: Json, element: string, wanted: boolean, wrong: (message: string) => void): void {
  const given = [element, `Not${element}`].filter((each) => statement[each] !== undefined);
  if (given.length !== (wanted ? 1 : 0)) {
    const names = given.length === 0 ? "none" : given.join(" and ");
    wrong(`must have ${wanted ? `one of ${element} and Not${element}` : `no ${element}`}, and has ${names}`);
  } else if (given.some((each) => texts(statement[each]).length === 0)) {
    wrong(`has no value in ${given}`);
  }
}

function reportPrincipals(principal: Json, wrong: (message: string) => void): void {
  if (principal === undefined || principal === "*") {
    return;
  }
  if (typeof principal !== "object" || Array.isArray(principal)) {
    wrong(`has the principal ${JSON.stringify(principal)}, which is neither "*" nor a kind with its names`);
    return;
  }
  for (const [kind, names] of Object.entries(principal)) {
    const form = PRINCIPALS[kind];
    const bad = texts(names).filter((each) => !form?.test(withUnknowns(each)));
    if (bad.length > 0) {
      wrong(`has the principal ${kind} "${bad[0]}", which has not the form of one`);
    }
  }
}

/** Source: IAM user guide, "AWS JSON policy elements: Principal". U+FFFC is what only an apply shows. */
const PRINCIPALS: Readonly<Record<string, RegExp>> = {
  AWS: /^(\*|\d{12}|A[A-Z]{3}[A-Z0-9]+|\ufffc|arn:[^:]+:(iam|sts)::(\d{12}|\ufffc):(root|[a-z-]+\/.+|\ufffc))$/,
  Service: /^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|\ufffc)$/,
  Federated: /./,
  CanonicalUser: /^([0-9a-f]{64}|\ufffc)$/,
};

function conditionsOf(condition: Json): readonly Condition[] {
  return Object.entries<Json>(condition).flatMap(([operator, keys]) =>
    Object.entries<Json>(keys).map(([key, values]) => ({
      operator,
      key,
      values: texts(values).map(withUnknowns),
    })),
  );
}

/** One text or several; a kind of principal with its names has those. */
function texts(value: Json): readonly string[] {
  if (value === undefined || value === null) {
    return [];
  }
  return typeof value === "object" && !Array.isArray(value)
    ? Object.values(value).flatMap(texts)
    : [value].flat().map(String);
}
