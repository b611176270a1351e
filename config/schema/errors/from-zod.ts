import type * as z from "zod";
import { type Diagnostic, error, keyError, type Path } from "../../diagnostics/diagnostic";
import { quote } from "../../diagnostics/text";
import { impossibleField, renamedField } from "../renamed";
import { coreOf, defOf, meantOption, schemaAt, valueAt } from "../walk";
import { codeOf } from "./codes";
import { isSchemasOwn, sentenceFor, unknownFieldSentence } from "./messages";
import { fieldsOf } from "./words";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** A value, the schema that looked at it, and where in the file it is. */
interface Subject {
  readonly value: unknown;
  readonly schema: Schema | undefined;
  readonly path: Path;
  /** The letters of a number or boolean of the file. */
  readonly textAt?: (path: Path) => string | undefined;
}

/**
 * What Zod has found, in sentences: what is wrong, and what would be right. Messages that the schema brings
 * itself are left as they are. Of the options of a union, the one that takes this kind of value is meant.
 *
 * @param issues of a parse of `value` by `schema`
 * @param value as the file has it, before any default or transformation
 * @param textAt the letters of a number or boolean, by its path. Default: as JavaScript writes it.
 */
export function diagnosticsFromZod(
  issues: readonly Issue[],
  value: unknown,
  schema: Schema,
  textAt?: Subject["textAt"],
): Diagnostic[] {
  return issues.flatMap((issue) => diagnosticsOf(issue, { value, schema, path: [], textAt }));
}

function diagnosticsOf(issue: Issue, whole: Subject): readonly Diagnostic[] {
  const subject = within(whole, issue.path);
  const { value, schema, path } = subject;
  if (schema === undefined || isSchemasOwn(issue)) {
    return [error(codeOf(issue, value), path, issue.message)];
  }
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownField(key, value, schema, path));
    case "invalid_key":
      return keyDiagnostics(issue.issues, subject, within(whole, issue.path.slice(0, -1)).schema);
    case "invalid_union":
      return unionDiagnostics(issue, schema, subject);
    default:
      return [error(codeOf(issue, value), path, sentenceFor(issue, value, schema, subject.textAt?.(path)))];
  }
}

function unknownField(key: string, value: unknown, schema: Schema, path: Path): Diagnostic {
  const where = [...path, key];
  const impossible = impossibleField(where);
  if (impossible !== undefined) {
    return keyError("unknown-field", where, `unknown field ${quote(key)}: ${impossible}`);
  }
  const renamed = renamedField(where, fieldsOf(coreOf(schema, value)) ?? []);
  return renamed === undefined
    ? keyError("unknown-field", where, unknownFieldSentence(key, value, schema))
    : keyError("renamed-field", where, `${quote(key)} is no longer a field; ${renamed.instead}`);
}

function within({ value, schema, path, textAt }: Subject, steps: readonly PropertyKey[]): Subject {
  const inner = steps.map((step) => (typeof step === "number" ? step : String(step)));
  return {
    value: valueAt(value, inner),
    schema: schema && schemaAt(schema, inner, value),
    path: [...path, ...inner],
    textAt,
  };
}

function keyDiagnostics(
  issues: readonly Issue[],
  { path }: Subject,
  record: Schema | undefined,
): readonly Diagnostic[] {
  const def = record && defOf(coreOf(record));
  const schema = def?.type === "record" ? def.keyType : undefined;
  const key: Subject = { value: path.at(-1), schema, path };
  return issues
    .flatMap((issue) => diagnosticsOf(issue, key))
    .map((diagnostic) => ({ ...diagnostic, at: "key" }));
}

function unionDiagnostics(
  issue: Extract<Issue, { readonly code: "invalid_union" }>,
  schema: Schema,
  { value, path, textAt }: Subject,
): readonly Diagnostic[] {
  const meant = meantOption(issue.errors);
  if (meant === undefined) {
    return [error(codeOf(issue, value), path, sentenceFor(issue, value, schema, textAt?.(path)))];
  }
  const def = defOf(coreOf(schema));
  const option: Subject = {
    value,
    schema: def.type === "union" ? def.options[meant] : undefined,
    path,
    textAt,
  };
  return (issue.errors[meant] ?? []).flatMap((inner) => diagnosticsOf(inner, option));
}
