import type * as z from "zod";
import { type Diagnostic, error, type Path } from "../../diagnostics/diagnostic";
import { bestBranch, coreOf, defOf, schemaAt, valueAt } from "../walk";
import { isSchemasOwn, sentenceFor, unknownFieldSentence } from "./messages";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** A value, the schema that looked at it, if that is known, and where in the file it is. */
interface Subject {
  readonly value: unknown;
  readonly schema: Schema | undefined;
  readonly path: Path;
}

/**
 * What Zod has found, in sentences: what is wrong, and what would be right. Messages that the schema brings
 * itself are left as they are. Of the branches of a union, the one speaks that fits best.
 *
 * @param issues of a parse of `value` by `schema`
 * @param value as the file has it, before any default or transformation
 */
export function diagnosticsFromZod(issues: readonly Issue[], value: unknown, schema: Schema): Diagnostic[] {
  return issues.flatMap((issue) => diagnosticsOf(issue, { value, schema, path: [] }));
}

function diagnosticsOf(issue: Issue, whole: Subject): readonly Diagnostic[] {
  const subject = within(whole, issue.path);
  const { value, schema, path } = subject;
  if (isSchemasOwn(issue)) {
    return [error(path, issue.message)];
  }
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => error([...path, key], unknownFieldSentence(key, value, schema), "key"));
    case "invalid_key":
      return keyDiagnostics(issue.issues, subject, within(whole, issue.path.slice(0, -1)).schema);
    case "invalid_union":
      return unionDiagnostics(issue, subject);
    default:
      return [error(path, sentenceFor(issue, value, schema))];
  }
}

function within({ value, schema, path }: Subject, steps: readonly PropertyKey[]): Subject {
  const inner = steps.map((step) => (typeof step === "number" ? step : String(step)));
  return {
    value: valueAt(value, inner),
    schema: schema && schemaAt(schema, inner, value),
    path: [...path, ...inner],
  };
}

function keyDiagnostics(
  issues: readonly Issue[],
  { path }: Subject,
  record: Schema | undefined,
): readonly Diagnostic[] {
  const def = record && defOf(coreOf(record, undefined));
  const schema = def?.type === "record" ? def.keyType : undefined;
  const key: Subject = { value: path.at(-1), schema, path };
  return issues
    .flatMap((issue) => diagnosticsOf(issue, key))
    .map((diagnostic) => ({ ...diagnostic, at: "key" }));
}

function unionDiagnostics(
  issue: Extract<Issue, { readonly code: "invalid_union" }>,
  { value, schema, path }: Subject,
): readonly Diagnostic[] {
  const branch = bestBranch(issue.errors);
  const union = schema && coreOf(schema, undefined);
  const def = union && defOf(union);
  const options = def?.type === "union" ? def.options : [];
  if (branch === undefined) {
    return [error(path, sentenceFor(issue, value, schema))];
  }
  const chosen: Subject = { value, schema: options[branch], path };
  return (issue.errors[branch] ?? []).flatMap((inner) => diagnosticsOf(inner, chosen));
}
