import * as z from "zod";
import { servingFileSchema } from "../../config/schema/deployment";

interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/**
 * Every field that `serving.yaml` may have, e.g. `models.*.health.path`: `*` is a name the team chooses.
 * Items of lists count as part of the list, except routes and their fields.
 */
export function schemaFields(): readonly string[] {
  const root = z.toJSONSchema(servingFileSchema, { io: "input" }) as JsonSchema;
  return [...new Set(fieldsOf(root, root, ""))];
}

function fieldsOf(root: JsonSchema, schema: JsonSchema, path: string): readonly string[] {
  const own = resolved(root, schema);
  const shapes = [own, ...(own.anyOf ?? []).map((shape) => resolved(root, shape))];
  const below = shapes.flatMap((shape) => [
    ...Object.entries(shape.properties ?? {}).flatMap(([key, field]) =>
      fieldsOf(root, field, `${path}.${key}`),
    ),
    ...(typeof shape.additionalProperties === "object"
      ? fieldsOf(root, shape.additionalProperties, `${path}.*`)
      : []),
    ...(shape.items !== undefined && resolved(root, shape.items).properties !== undefined
      ? fieldsOf(root, shape.items, path)
      : []),
  ]);
  return below.length > 0 ? below : [path.slice(1)];
}

function resolved(root: JsonSchema, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace("#/$defs/", "");
  return name === undefined ? schema : resolved(root, root.$defs?.[name] ?? {});
}
