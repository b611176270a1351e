import * as z from "zod";
import { alternatives, listed, written } from "../../diagnostics/text";
import { coreOf, defOf, layersOf } from "../walk";

type Schema = z.core.$ZodType;

/** First sentence of the description (`.meta({ description })`), the outermost first, without its full stop. */
export function descriptionOf(schema: Schema): string | undefined {
  const description = metaOf(schema, (meta) => meta.description);
  return description && /^.*?(?=\.(\s+[A-Z]|\s*$)|$)/s.exec(description)?.[0];
}

/** The first of the examples (`.meta({ examples })`), as it would be written. */
export function exampleOf(schema: Schema): string | undefined {
  const example = metaOf(schema, ({ examples }) => (Array.isArray(examples) ? examples[0] : undefined));
  return example === undefined || typeof example === "string" ? example : JSON.stringify(example);
}

/** Names of the fields that a mapping has; none of one whose keys are free, or of another kind of value. */
export function fieldsOf(schema: Schema): readonly string[] {
  const def = defOf(coreOf(schema));
  return def.type === "object" ? Object.keys(def.shape) : [];
}

/** The fields of this mapping which are mappings themselves and have a field of that name. */
export function ownersOf(name: string, schema: Schema): readonly string[] {
  const def = defOf(coreOf(schema));
  return def.type === "object"
    ? Object.entries(def.shape).flatMap(([field, inner]) => (fieldsOf(inner).includes(name) ? [field] : []))
    : [];
}

/** Kind of value that the schema accepts, in words: `a list of strings`, `false or a mapping`. */
export function kindOf(schema: Schema): string {
  return alternatives(kindsOf(schema));
}

function kindsOf(schema: Schema): readonly string[] {
  const def = defOf(coreOf(schema));
  switch (def.type) {
    case "union":
      return def.options.flatMap(kindsOf);
    case "enum":
      return [`one of ${listed(Object.values(def.entries).map(written))}`];
    case "literal":
      return def.values.map(written);
    case "number":
      return ["format" in def ? "a whole number" : "a number"];
    case "string":
      return ["a string"];
    case "boolean":
      return ["true or false"];
    case "array":
      return [`a list${pluralOf(def.element)}`];
    case "object":
    case "record":
      return ["a mapping"];
    default:
      return [];
  }
}

const plurals: Readonly<Record<string, string>> = {
  string: " of strings",
  number: " of numbers",
  object: " of mappings",
};

function pluralOf(element: Schema): string {
  return plurals[defOf(coreOf(element)).type] ?? "";
}

function metaOf<T>(schema: Schema, pick: (meta: z.core.GlobalMeta) => T | undefined): T | undefined {
  for (const layer of layersOf(schema)) {
    const picked = pick(z.globalRegistry.get(layer) ?? {});
    if (picked !== undefined) {
      return picked;
    }
  }
  return undefined;
}
