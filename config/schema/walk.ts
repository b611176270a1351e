import * as z from "zod";
import type { Path } from "../diagnostics/diagnostic";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** The kinds of Zod schemas in the schema of `serving.yaml`. The reference, the JSON Schema and the error messages support only these. */
export const KINDS = [
  ...["string", "number", "boolean", "enum", "literal"],
  ...["object", "record", "array", "union"],
  ...["optional", "prefault", "pipe", "transform"],
] as const;

type Kind = (typeof KINDS)[number];

/** The definition of a schema of one of these kinds. */
export type Definition = Extract<z.core.$ZodTypes["_zod"]["def"], { readonly type: Kind }>;

/** What is at `path` in a value; undefined when there is nothing. */
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
 * The schema at `path`, with its wrappers (optional, prefault, pipe); undefined when the schema has nothing there. For a
 * union it is the option that fits the value.
 *
 * @param value the whole value, by which options are chosen
 */
export function schemaAt(schema: Schema, path: Path, value: unknown): Schema | undefined {
  let at: Schema | undefined = schema;
  for (const [index, step] of path.entries()) {
    at = at && childOf(coreOf(at, valueAt(value, path.slice(0, index))), step);
  }
  return at;
}

/** The schema without its wrappers; for a union the option that fits the value, if one does. */
export function coreOf(schema: Schema, value?: unknown): Schema {
  return layersOf(schema, value).at(-1) ?? schema;
}

/**
 * The index of the option of a union that accepts this kind of value; undefined when none does. The options of a union in
 * `serving.yaml` accept values of different kinds.
 *
 * @param options the issues of each option
 */
export function meantOption(options: readonly (readonly Issue[])[]): number | undefined {
  const index = options.findIndex((issues) => !issues.some(isOfAnotherKind));
  return index === -1 ? undefined : index;
}

function isOfAnotherKind({ path, code }: Issue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value");
}

/** The definition of a schema; its `type` is the kind. */
export function defOf(schema: Schema): Definition {
  return (schema as z.core.$ZodTypes)._zod.def as Definition;
}

/** A schema and what it wraps, the outermost first. */
export function layersOf(schema: Schema, value?: unknown): Schema[] {
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
    case "prefault":
      return def.innerType;
    case "pipe":
      return def.in;
    case "union":
      return value === undefined ? undefined : optionFor(def.options, value);
    default:
      return undefined;
  }
}

function optionFor(options: readonly Schema[], value: unknown): Schema | undefined {
  const index = meantOption(options.map((option) => z.safeParse(option, value).error?.issues ?? []));
  return index === undefined ? undefined : options[index];
}

function childOf(schema: Schema, step: string | number): Schema | undefined {
  const def = defOf(schema);
  switch (def.type) {
    case "object":
      return Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
    case "record":
      return def.valueType;
    case "array":
      return def.element;
    default:
      return undefined;
  }
}
