import * as z from "zod";
import { closest, didYouMean } from "../../diagnostics/suggest";
import { alternatives, bare, listed, quote, received, written } from "../../diagnostics/text";
import { usualName } from "../usual-names";
import { coreOf, defOf } from "../walk";
import { descriptionOf, exampleOf, fieldsOf, kindOf, ownersOf } from "./words";

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
export function unknownFieldSentence(key: string, value: unknown, schema: Schema): string {
  const mapping = coreOf(schema, value);
  const unknown = `unknown field ${quote(key)}`;
  const fields = fieldsOf(mapping);
  const near = closest(key, fields);
  const owners = ownersOf(key, mapping);
  const usual = usualName(key, fields);
  if (usual !== undefined) {
    return `${unknown}; ${usual.instead}`;
  }
  if (near.length > 0) {
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
 * @param schema of the value
 * @param text of a number or boolean, in the letters of the file
 */
export function sentenceFor(issue: Issue, value: unknown, schema: Schema, text?: string): string {
  switch (issue.code) {
    case "invalid_type":
      return absent(value, schema) ?? wrongType(issue, value, schema, text);
    case "invalid_value":
      return absent(value, schema) ?? noneOf(issue.values, value, schema);
    case "invalid_union":
      return absent(value, schema) ?? noOption(issue, value, schema, text);
    case "too_small":
    case "too_big":
      return outOfBounds(issue, value, schema);
    case "invalid_format":
      return wrongFormat(issue, value, schema);
    default:
      return issue.message;
  }
}

/** For what is not there, or has nothing after its colon. */
function absent(value: unknown, schema: Schema): string | undefined {
  if (value === null) {
    return `has no value; expected ${kindOf(schema)}`;
  }
  if (value !== undefined) {
    return undefined;
  }
  const example = exampleOf(schema);
  return `is required: ${descriptionOf(schema) ?? kindOf(schema)}${example ? `; for example ${example}` : ""}`;
}

function wrongType(
  { expected }: IssueOf<"invalid_type">,
  value: unknown,
  schema: Schema,
  text: string | undefined,
): string {
  const kind = kindOf(schema);
  return typeof value === "number" && (expected === "int" || expected === "number")
    ? `must be ${kind === "a number" ? "a finite number" : kind}; got ${value}`
    : wrongKind(kind, value, schema, text);
}

function wrongKind(
  kind: string,
  value: unknown,
  schema: Schema,
  text: string | undefined,
  literals: readonly unknown[] = [],
): string {
  const sentence = `expected ${kind}; got ${received(value, text)}`;
  if (typeof value === "string") {
    return `${sentence}${nearest(value, literals) || unquoted(value, schema) || asItem(value, schema)}`;
  }
  if (typeof value === "object") {
    return `${sentence}${asPairs(value, schema)}${asItem(value, schema)}`;
  }
  const asText = z.safeParse(schema, text ?? String(value));
  const own = asText.error?.issues.find((issue) => issue.path.length === 0 && isSchemasOwn(issue));
  return asText.success ? `${sentence}; put it in quotes` : (own?.message ?? sentence);
}

/** A list of `NAME=value`, as Docker Compose has variables, where a mapping is expected. */
function asPairs(value: unknown, schema: Schema): string {
  const pairs = Array.isArray(value)
    ? value.map((item) => /^(\w+)=([\s\S]*)$/.exec(typeof item === "string" ? item : ""))
    : [];
  const mapping = Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
  return pairs.length > 0 && !pairs.includes(null) && accepts(schema, mapping)
    ? "; write each of its items as NAME: value"
    : "";
}

function asItem(value: unknown, schema: Schema): string {
  const words = typeof value === "string" ? value.trim().split(/\s+/) : [];
  const [first = ""] = words;
  if (words.length > 1 && /^-|^[\w./-]+$|^\w+=/.test(first) && accepts(schema, words)) {
    return "; write each of its words as an item of a list";
  }
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

/** `; write 2 without quotes`, `; write true`: for text that means a value of the schema. */
function unquoted(text: string, schema: Schema): string {
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

function accepts(schema: Schema, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}

function noneOf(words: readonly unknown[], value: unknown, schema: Schema): string {
  return typeof value === "object"
    ? `expected ${kindOf(schema)}; got ${received(value)}`
    : `${written(value)} is none of ${listed(words.map(written))}${nearest(value, words)}`;
}

function nearest(value: unknown, candidates: readonly unknown[]): string {
  const words = candidates.filter((candidate) => typeof candidate === "string");
  return typeof value === "string" ? didYouMean(closest(value, words)) : "";
}

function noOption(issue: IssueOf<"invalid_union">, value: unknown, schema: Schema, text?: string): string {
  const literals = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === "invalid_value" && inner.path.length === 0 ? inner.values : []));
  return wrongKind(kindOf(schema), value, schema, text, literals);
}

function outOfBounds(issue: IssueOf<"too_small" | "too_big">, value: unknown, schema: Schema): string {
  if (typeof value === "string" || Array.isArray(value)) {
    return wrongLength(issue, value);
  }
  return `must be ${rangeOf(schema) ?? bound(issue)}; got ${bare(value)}`;
}

function wrongLength(issue: IssueOf<"too_small" | "too_big">, value: string | readonly unknown[]): string {
  const limit = issue.code === "too_small" ? issue.minimum : issue.maximum;
  if (value.length === 0 && limit === 1) {
    return "must not be empty";
  }
  const noun = typeof value === "string" ? "character" : "item";
  return `must have ${bound(issue)} ${limit === 1 ? noun : `${noun}s`}; got ${value.length}`;
}

function bound(issue: IssueOf<"too_small" | "too_big">): string {
  if (issue.code === "too_big") {
    return `at most ${issue.maximum}`;
  }
  return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
}

/** Both ends of the range, where the schema sets both and they belong to it. */
function rangeOf(schema: Schema): string | undefined {
  const checks = defOf(coreOf(schema)).checks ?? [];
  const low = limitOf(checks, "greater_than");
  const high = limitOf(checks, "less_than");
  return low === undefined || high === undefined ? undefined : `${low}–${high}`;
}

function limitOf(checks: readonly z.core.$ZodCheck[], kind: "greater_than" | "less_than"): unknown {
  const defs = checks.map((check) => check._zod.def as z.core.$ZodCheckLessThanDef);
  return defs.find(({ check, inclusive }) => (check as string) === kind && inclusive)?.value;
}

function wrongFormat(issue: IssueOf<"invalid_format">, value: unknown, schema: Schema): string {
  const example = exampleOf(schema);
  const hint = example === undefined ? "" : `; write it as ${example}`;
  return issue.format === "regex"
    ? `${written(value)} does not match ${issue.pattern}${hint}`
    : `${written(value)} is not a valid ${issue.format}${hint}`;
}
