import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { servingFileSchema } from "../deployment";

/** A part of a JSON Schema, with the keywords that this project uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/**
 * The JSON Schema of `serving.yaml`, for completion and checks in editors. It describes the shape of the file, not its
 * meaning.
 *
 * It is in draft 07, the newest that the YAML extensions of all common editors support. Parts with an `id` are under
 * `definitions`, once each.
 */
export function servingJsonSchema(): JsonSchema {
  const { definitions = {}, ...root } = z.toJSONSchema(servingFileSchema, {
    io: "input",
    target: "draft-07",
    override: ({ zodSchema, jsonSchema }) => {
      // Zod leaves out the examples of a text that it converts to a number.
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) {
        jsonSchema.examples = examples;
      }
    },
  });
  const parts = Object.entries(definitions as Keywords).sort(([a], [b]) => (a < b ? -1 : 1));
  const sorted = Object.fromEntries(parts);
  return tidy({ ...root, definitions: sorted }, sorted) as JsonSchema;
}

type Keywords = Readonly<Record<string, unknown>>;

/** Keywords that come first, because readers look for them. */
const FIRST = ["$schema", "title", "description"];

/** Removes keywords that no reader needs, and puts the texts first. */
function tidy(value: unknown, definitions: Keywords): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => tidy(item, definitions));
  }
  if (!isKeywords(value)) {
    return value;
  }
  const part = partOf(value, definitions);
  const kept = Object.entries(value).filter(
    ([key, child]) => !isNoise(key, child, value) && !isDeepStrictEqual(child, part?.[key]),
  );
  const [only] = kept;
  if (part !== undefined && kept.length === 1 && only?.[0] === "allOf") {
    return { $ref: refOf(value) };
  }
  const words = FIRST.flatMap((word) => kept.filter(([key]) => key === word));
  const rest = kept.filter(([key]) => !FIRST.includes(key));
  return Object.fromEntries([...words, ...rest].map(([key, child]) => [key, tidy(child, definitions)]));
}

function isKeywords(value: unknown): value is Keywords {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** In draft 07 a `$ref` must have no siblings, so it is alone in `allOf`. */
function refOf({ allOf }: Keywords): string | undefined {
  const [first] = Array.isArray(allOf) ? allOf : [];
  return isKeywords(first) && typeof first.$ref === "string" ? first.$ref : undefined;
}

function partOf(value: Keywords, definitions: Keywords): Keywords | undefined {
  const part = definitions[refOf(value)?.replace("#/definitions/", "") ?? ""];
  return isKeywords(part) ? part : undefined;
}

/** Keywords without information: the bounds of a double, an empty default, a pattern when there is a format. */
function isNoise(key: string, value: unknown, { format }: Keywords): boolean {
  switch (key) {
    case "minimum":
    case "maximum":
      return typeof value === "number" && Math.abs(value) === Number.MAX_SAFE_INTEGER;
    case "default":
      return typeof value === "object" && value !== null && Object.keys(value).length === 0;
    case "propertyNames":
      return isDeepStrictEqual(value, { type: "string" });
    case "pattern":
      return format !== undefined;
    default:
      return false;
  }
}

/** Width of a line in columns, as in the formatter. */
const LINE_WIDTH = 110;

/**
 * JSON in the layout of the project's formatter: a value that fits into a line is on one line.
 *
 * @param indent columns before the value's lines
 * @param before columns before its first line
 */
export function jsonText(value: unknown, indent = 0, before = indent): string {
  const line = jsonLine(value);
  if (typeof value !== "object" || value === null || before + line.length + 1 <= LINE_WIDTH) {
    return line;
  }
  const inner = indent + 2;
  const pad = " ".repeat(inner);
  const end = " ".repeat(indent);
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => pad + jsonText(item, inner)).join(",\n")}\n${end}]`;
  }
  const members = Object.entries(value).map(([key, child]) => {
    const name = `${JSON.stringify(key)}: `;
    return pad + name + jsonText(child, inner, inner + name.length);
  });
  return `{\n${members.join(",\n")}\n${end}}`;
}

function jsonLine(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(jsonLine).join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  const members = Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}: ${jsonLine(child)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
