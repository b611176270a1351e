import * as z from "zod";
import type { Path } from "../diagnostics/diagnostic";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** What is at `path` in a value; undefined where there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

/**
 * The schema of what is at `path`, with its wrappers (optional, default, pipe …); undefined where the schema
 * does not tell. Of a union it is the option that fits the value best.
 *
 * @param value the value of the whole, to choose among options by
 */
export function schemaAt(schema: Schema, path: Path, value: unknown): Schema | undefined {
  let at: Schema | undefined = schema;
  for (const [index, step] of path.entries()) {
    at = at && childOf(coreOf(at, valueAt(value, path.slice(0, index))), step);
  }
  return at;
}

/** The schema without its wrappers; of a union the option that fits the value best, if one does. */
export function coreOf(schema: Schema, value: unknown): Schema {
  return layersOf(schema, value).at(-1) ?? schema;
}

/**
 * Which branch of a union was meant: the one with the fewest issues among those that take this kind of value
 * at all; undefined when none does.
 *
 * @param branches the issues of each
 */
export function bestBranch(branches: readonly (readonly Issue[])[]): number | undefined {
  let best: { readonly index: number; readonly weight: number } | undefined;
  for (const [index, issues] of branches.entries()) {
    const weight = weightOf(issues);
    if (!issues.some(isOfAnotherKind) && (best === undefined || weight < best.weight)) {
      best = { index, weight };
    }
  }
  return best?.index;
}

function isOfAnotherKind(issue: Issue): boolean {
  if (issue.path.length > 0) {
    return false;
  }
  return issue.code === "invalid_union"
    ? bestBranch(issue.errors) === undefined
    : issue.code === "invalid_type" || issue.code === "invalid_value";
}

/** A label that must be another one tells branches apart better than anything else. */
const WEIGHT_OF_LABEL = 10;

function weightOf(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + weightOfOne(issue), 0);
}

function weightOfOne(issue: Issue): number {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.length;
    case "invalid_value":
      return issue.values.length === 1 ? WEIGHT_OF_LABEL : 1;
    default:
      return 1;
  }
}

/** The definition of a schema, to tell its type by. */
export function defOf(schema: Schema): z.core.$ZodTypes["_zod"]["def"] {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** A schema and what it wraps, the outermost first. */
export function layersOf(schema: Schema, value: unknown): Schema[] {
  const layers: Schema[] = [];
  for (let layer: Schema | undefined = schema; layer; layer = innerOf(layer, value)) {
    layers.push(layer);
  }
  return layers;
}

function innerOf(schema: Schema, value: unknown): Schema | undefined {
  const def = defOf(schema);
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
      return def.innerType;
    case "lazy":
      return def.getter();
    case "pipe":
      return defOf(def.in).type === "transform" ? def.out : def.in;
    case "union":
      return value === undefined ? undefined : optionFor(def, value);
    default:
      return undefined;
  }
}

function optionFor(union: z.core.$ZodUnionDef, value: unknown): Schema | undefined {
  if ("discriminator" in union) {
    const field = String(union.discriminator);
    const label = valueAt(value, [field]) as z.core.util.Primitive;
    return union.options.find((option) => option._zod.propValues?.[field]?.has(label));
  }
  const index = bestBranch(union.options.map((option) => z.safeParse(option, value).error?.issues ?? []));
  return index === undefined ? undefined : union.options[index];
}

function childOf(schema: Schema, step: string | number): Schema | undefined {
  const def = defOf(schema);
  switch (def.type) {
    case "object":
      return Object.hasOwn(def.shape, step) ? (def.shape[step] as Schema) : def.catchall;
    case "record":
      return def.valueType;
    case "array":
      return def.element;
    case "tuple":
      return def.items[Number(step)] ?? def.rest ?? undefined;
    default:
      return undefined;
  }
}
