import * as z from "zod";
import { alternatives, listed, written } from "../../diagnostics/text";
import { coreOf, defOf, layersOf } from "../walk";

type Schema = z.core.$ZodType;

/** First sentence of the description (`.meta({ description })`), the outermost first, without its full stop. */
export function descriptionOf(schema: Schema, value: unknown): string | undefined {
  const description = metaOf(schema, value, (meta) => meta.description);
  return description && /^.*?(?=\.(\s+[A-Z]|\s*$)|$)/s.exec(description)?.[0];
}

/** The first of the examples (`.meta({ examples })`), as it would be written. */
export function exampleOf(schema: Schema, value: unknown): string | undefined {
  const example = metaOf(schema, value, ({ examples }) =>
    Array.isArray(examples) ? examples[0] : undefined,
  );
  return example === undefined || typeof example === "string" ? example : JSON.stringify(example);
}

/** Names of the fields that a mapping may have; undefined where it may have any. */
export function fieldsOf(schema: Schema): readonly string[] | undefined {
  const def = defOf(schema);
  if (def.type === "object") {
    return Object.keys(def.shape);
  }
  const names = def.type === "record" ? def.keyType._zod.values : undefined;
  return names && [...names].map(String);
}

/** The fields of this mapping which are mappings themselves and have a field of that name. */
export function ownersOf(name: string, schema: Schema): readonly string[] {
  const def = defOf(schema);
  return def.type !== "object"
    ? []
    : Object.entries(def.shape).flatMap(([field, inner]) =>
        fieldsOf(coreOf(inner as Schema, undefined))?.includes(name) ? [field] : [],
      );
}

/** Kind of value that the schema accepts, in words: "a list of strings", `"a" or "b"`. */
export function kindOf(schema: Schema): string {
  return alternatives([...new Set(kindsOf(schema))]);
}

function kindsOf(schema: Schema): readonly string[] {
  const def = defOf(coreOf(schema, undefined));
  switch (def.type) {
    case "array":
      return [`a list${pluralOf(def.element)}`];
    case "union":
      return def.options.flatMap(kindsOf);
    case "enum":
      return [`one of ${listed(Object.values(def.entries).map(written))}`];
    case "literal":
      return def.values.map(written);
    case "number":
      return [wordFor(isWhole(def) ? "int" : "number")];
    default:
      return [wordFor(def.type)];
  }
}

function isWhole(def: z.core.$ZodNumberDef): boolean {
  const formats = [def, ...(def.checks ?? []).map((check) => check._zod.def)] as readonly {
    format?: unknown;
  }[];
  return formats.some(({ format }) => typeof format === "string" && format.includes("int"));
}

/** Zod's name of a type, in words. */
export function wordFor(type: string): string {
  return words[type] ?? "another kind of value";
}

const words: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "nothing",
};

const plurals: Readonly<Record<string, string>> = {
  string: " of strings",
  number: " of numbers",
  boolean: " of true or false",
  object: " of mappings",
  record: " of mappings",
};

function pluralOf(element: Schema): string {
  return plurals[defOf(coreOf(element, undefined)).type] ?? "";
}

function metaOf<T>(
  schema: Schema,
  value: unknown,
  pick: (meta: z.core.GlobalMeta) => T | undefined,
): T | undefined {
  for (const layer of layersOf(schema, value)) {
    const picked = pick(z.globalRegistry.get(layer) ?? {});
    if (picked !== undefined) {
      return picked;
    }
  }
  return undefined;
}
