import * as z from "zod";
import { closest, didYouMean } from "../../diagnostics/suggest";
import { alternatives, bare, listed, quote, received, written } from "../../diagnostics/text";
import { coreOf, defOf } from "../walk";
import { descriptionOf, exampleOf, fieldsOf, kindOf, ownersOf, wordFor } from "./words";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;
type IssueOf<Code extends Issue["code"]> = Extract<Issue, { readonly code: Code }>;

const { localeError } = z.locales.en();

/** Whether the message of an issue is one that the schema brought along, and not Zod's own. */
export function isSchemasOwn(issue: Issue): boolean {
  const zods = localeError({ ...issue, input: undefined });
  const standard = typeof zods === "string" ? zods : (zods?.message ?? "");
  return withoutReceived(issue.message) !== withoutReceived(standard);
}

function withoutReceived(message: string): string {
  return message.replace(/, received .*$/s, "");
}

/** `unknown field "imge"; did you mean "image"?`; failing that, where it belongs or what there is. */
export function unknownFieldSentence(key: string, value: unknown, schema: Schema | undefined): string {
  const unknown = `unknown field ${quote(key)}`;
  const core = schema && coreOf(schema, value);
  const fields = core && fieldsOf(core);
  if (!core || !fields) {
    return unknown;
  }
  const near = closest(key, fields);
  const owners = ownersOf(key, core);
  if (near.length > 0 || fields.length === 0) {
    return `${unknown}${didYouMean(near)}`;
  }
  return owners.length === 0
    ? `${unknown}; there are ${listed(fields)}`
    : `${unknown}; it belongs under ${alternatives(owners.map(quote))}`;
}

/**
 * What is wrong with a value, and what would be right.
 *
 * @param value undefined when it is missing
 * @param schema of the value, as far as it is known
 */
export function sentenceFor(
  issue: Exclude<Issue, { readonly code: "unrecognized_keys" | "invalid_key" }>,
  value: unknown,
  schema: Schema | undefined,
): string {
  switch (issue.code) {
    case "invalid_type":
      return absent(value, schema) ?? wrongType(issue, value, schema);
    case "invalid_value":
      return absent(value, schema) ?? noneOf(issue.values, value, schema);
    case "invalid_union":
      return noBranch(issue, value, schema);
    case "too_small":
    case "too_big":
      return outOfBounds(issue, value, schema);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}; got ${bare(value)}`;
    case "invalid_format":
      return wrongFormat(issue, value, schema);
    default:
      return refused(value, schema);
  }
}

/** For what is not there, or has nothing after its colon. */
function absent(
  value: unknown,
  schema: Schema | undefined,
  kind = schema && kindOf(schema),
): string | undefined {
  if (value === null) {
    return kind === undefined ? "has no value" : `has no value; expected ${kind}`;
  }
  if (value !== undefined) {
    return undefined;
  }
  const what = (schema && descriptionOf(schema, undefined)) ?? kind;
  const example = schema && exampleOf(schema, undefined);
  return [
    "is required",
    ...(what ? [`: ${what}`] : []),
    ...(example ? [`; for example ${example}`] : []),
  ].join("");
}

function wrongType(
  { expected }: IssueOf<"invalid_type">,
  value: unknown,
  schema: Schema | undefined,
): string {
  const core = schema && coreOf(schema, undefined);
  const kind =
    core && (defOf(core).type === expected || expected === "int") ? kindOf(core) : wordFor(expected);
  return typeof value === "number" && (expected === "int" || expected === "number")
    ? `must be ${kind === wordFor("number") ? "a finite number" : kind}; got ${value}`
    : wrongKind(kind, value, schema);
}

function wrongKind(
  kind: string,
  value: unknown,
  schema: Schema | undefined,
  literals: readonly unknown[] = [],
): string {
  const sentence = `expected ${kind}; got ${received(value)}`;
  if (typeof value === "string") {
    return `${sentence}${correction(value, literals, schema) || asItem(value, schema)}`;
  }
  if (!schema || typeof value === "object") {
    return `${sentence}${asItem(value, schema)}`;
  }
  const asText = z.safeParse(schema, String(value));
  const own = asText.error?.issues.find((issue) => issue.path.length === 0 && isSchemasOwn(issue));
  return asText.success ? `${sentence}; put it in quotes` : (own?.message ?? sentence);
}

function asItem(value: unknown, schema: Schema | undefined): string {
  return accepts(schema, [value]) ? "; write it as a list of one" : "";
}

/** Booleans of YAML 1.1, which YAML 1.2 reads as text. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["on", true],
  ["y", true],
  ["no", false],
  ["off", false],
  ["n", false],
]);

/** `; write 2 without quotes`, `; write true`: for text that stands for what the schema wants. */
function unquoted(text: string, schema: Schema | undefined): string {
  const word = text.toLowerCase();
  const meant = booleans.get(word);
  if (meant !== undefined && accepts(schema, meant)) {
    return `; write ${meant}`;
  }
  const value = word === "true" || word === "false" ? word === "true" : numberIn(text);
  return value !== undefined && accepts(schema, value) ? `; write ${value} without quotes` : "";
}

function numberIn(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined;
}

function accepts(schema: Schema | undefined, value: unknown): boolean {
  return schema !== undefined && z.safeParse(schema, value).success;
}

function noneOf(values: readonly unknown[], value: unknown, schema: Schema | undefined): string {
  const options = values.filter((option) => option !== undefined);
  const shown = listed(options.map(written));
  if (typeof value === "object") {
    return `expected ${options.length > 1 ? "one of " : ""}${shown}; got ${received(value)}`;
  }
  const sentence =
    options.length > 1 ? `${written(value)} is none of ${shown}` : `must be ${shown}; got ${written(value)}`;
  return `${sentence}${correction(value, options, schema)}`;
}

function correction(value: unknown, options: readonly unknown[], schema: Schema | undefined): string {
  if (typeof value !== "string") {
    return "";
  }
  const words = options.filter((option) => typeof option === "string");
  return didYouMean(closest(value, words)) || unquoted(value, schema);
}

function noBranch(issue: IssueOf<"invalid_union">, value: unknown, schema: Schema | undefined): string {
  if ("options" in issue && issue.options) {
    const labels = `one of ${listed(issue.options.map(written))}`;
    return absent(value, schema, labels) ?? noneOf(issue.options, value, schema);
  }
  const nothing = absent(value, schema);
  if (nothing !== undefined) {
    return nothing;
  }
  if (issue.errors.length === 0) {
    return "fits more than one of the forms it may have; keep to one of them";
  }
  const atRoot = issue.errors.flat().filter((inner) => inner.path.length === 0);
  const literals = atRoot.flatMap((inner) => (inner.code === "invalid_value" ? inner.values : []));
  return wrongKind(schema ? kindOf(schema) : wordFor("unknown"), value, schema, literals);
}

function outOfBounds(
  issue: IssueOf<"too_small" | "too_big">,
  value: unknown,
  schema: Schema | undefined,
): string {
  if (typeof value === "string" || Array.isArray(value)) {
    return wrongLength(issue, value);
  }
  return `must be ${rangeOf(schema) ?? bound(issue)}; got ${bare(value)}`;
}

function wrongLength(issue: IssueOf<"too_small" | "too_big">, value: string | readonly unknown[]): string {
  const limit = Number(issue.code === "too_small" ? issue.minimum : issue.maximum);
  if (value.length === 0 && limit === 1) {
    return "must not be empty";
  }
  const wanted = issue.exact ? `exactly ${limit}` : bound(issue);
  const noun = typeof value === "string" ? "character" : "item";
  return `must have ${wanted} ${limit === 1 ? noun : `${noun}s`}; got ${value.length}`;
}

function bound(issue: IssueOf<"too_small" | "too_big">): string {
  return issue.code === "too_small"
    ? `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`
    : `${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
}

/** Both ends of the range, where the schema sets both and they belong to it. */
function rangeOf(schema: Schema | undefined): string | undefined {
  const checks = (schema && coreOf(schema, undefined)._zod.def.checks) ?? [];
  const low = limitOf(checks, "greater_than");
  const high = limitOf(checks, "less_than");
  return low === undefined || high === undefined ? undefined : `${low}–${high}`;
}

function limitOf(checks: readonly z.core.$ZodCheck[], kind: "greater_than" | "less_than"): unknown {
  const defs = checks.map((check) => check._zod.def as z.core.$ZodCheckLessThanDef);
  return defs.find(({ check, inclusive }) => (check as string) === kind && inclusive)?.value;
}

function wrongFormat(issue: IssueOf<"invalid_format">, value: unknown, schema: Schema | undefined): string {
  const example = schema && exampleOf(schema, value);
  const hint = example === undefined ? "" : `; write it as ${example}`;
  const text = written(value);
  switch (issue.format) {
    case "starts_with":
      return `${text} must start with ${written((issue as z.core.$ZodIssueStringStartsWith).prefix)}`;
    case "ends_with":
      return `${text} must end with ${written((issue as z.core.$ZodIssueStringEndsWith).suffix)}`;
    case "includes":
      return `${text} must contain ${written((issue as z.core.$ZodIssueStringIncludes).includes)}`;
    case "regex":
      return `${text} does not match ${issue.pattern}${hint}`;
    default:
      return `${text} is not a valid ${issue.format}${hint}`;
  }
}

function refused(value: unknown, schema: Schema | undefined): string {
  const description = schema && descriptionOf(schema, value);
  return `${bare(value)} is not accepted${description === undefined ? "" : `; expected: ${description}`}`;
}
