import { instanceFieldNames } from "../instance";
import { type JsonSchema, servingJsonSchema } from "./json-schema";

/** A part of `serving.yaml` with a table of its own. */
interface Part {
  readonly title: string;
  readonly intro: string;
  readonly schema: JsonSchema;
  /** Whether the table has a field. Default: all. */
  readonly has?: (field: string) => boolean;
  /** Fields whose own fields are in another table. */
  readonly elsewhere?: readonly string[];
}

interface Row {
  readonly field: string;
  readonly value: string;
  readonly meaning: string;
}

/** The text of `docs/reference.md`: a table for each part of `serving.yaml`, from the schema that also checks files. */
export function referencePage(): string {
  const schema = servingJsonSchema();
  const definitions = schema.definitions ?? {};
  const tables = parts(schema, definitions).map((part) => table(part, definitions));
  return `${[INTRO, howValuesAreWritten(definitions), ...tables].join("\n\n")}\n`;
}

const INTRO = [
  "<!-- Written by `npm run schema` from the descriptions in config/schema/. -->",
  "# Reference of serving.yaml",
  "Every field, with its meaning, unit, range and default. [The guide](serving-yaml.md) shows how they work together; `npm run explain` shows the value of every default for your file. An editor with YAML support shows the same texts, from [serving.schema.json](../serving.schema.json).",
].join("\n\n");

type Definitions = Readonly<Record<string, JsonSchema>>;

/** Names of the values with a form of their own, by their `id` in the schema. */
const FORMS: Readonly<Record<string, string>> = {
  duration: "duration",
  size: "size",
  count: "count",
  name: "name",
  cidr: "CIDR block",
  clients: "client range",
  region: "region",
  accept: "accepted warnings",
};

function howValuesAreWritten(definitions: Definitions): string {
  const forms = Object.entries(FORMS).flatMap(([id, name]) => {
    const description = definitions[id]?.description;
    return description === undefined ? [] : [`- **${name}**: ${description}`];
  });
  return [
    "A field that is not marked as required may be left out. Values are written like this:",
    "",
    ...forms,
  ].join("\n");
}

function parts(root: JsonSchema, definitions: Definitions): readonly Part[] {
  const field = (schema: JsonSchema, name: string) => resolved(schema.properties?.[name] ?? {}, definitions);
  const entry = field(root, "entry");
  const region = freeFieldOf(field(root, "regions"));
  const model = freeFieldOf(field(root, "models"));
  return [
    {
      title: "The file",
      intro: "",
      schema: root,
      elsewhere: ["entry", "globalEndpoint", "regions", "models"],
    },
    {
      title: "`entry`",
      intro:
        "How clients reach the load balancers. A region may override any of these fields under `regions.<region>.entry`.",
      schema: entry,
    },
    {
      title: "`globalEndpoint`",
      intro:
        "One name for all regions. Its clients are sent to a healthy region: see [Regions and the global endpoint](regions.md).",
      schema: field(root, "globalEndpoint"),
    },
    { title: "`regions.<region>`", intro: "", schema: region, elsewhere: ["entry"] },
    {
      title: "`models.<model>`",
      intro: "A model also has the fields of the next table, which describe its instances.",
      schema: model,
      has: (name) => !isOfInstances(name),
      elsewhere: ["routes"],
    },
    {
      title: "The instances of a model",
      intro:
        "Each of these fields may be set in four places. The last place that sets it wins, and replaces the whole field: `models.<model>`, then `regions.<region>.models.<model>`, then `models.<model>.variants.<variant>`, then `regions.<region>.models.<model>.variants.<variant>`.",
      schema: model,
      has: isOfInstances,
    },
    {
      title: "`models.<model>.routes[]`",
      intro:
        "One way to reach a model. A request takes it when all conditions that are given match. A condition with several values matches when one of them does. See [Routing](routing.md).",
      schema: field(model, "routes").items ?? {},
    },
  ];
}

function isOfInstances(field: string): boolean {
  return (instanceFieldNames as readonly string[]).includes(field);
}

function table(part: Part, definitions: Definitions): string {
  const { title, intro, schema, has = () => true, elsewhere = [] } = part;
  const rows = Object.entries(schema.properties ?? {})
    .filter(([name]) => has(name))
    .flatMap(([name, child]) => {
      const [own, ...inner] = rowsOf(name, child, isRequired(schema, name), definitions);
      return own === undefined || elsewhere.includes(name) ? [own] : [own, ...inner];
    })
    .filter((row) => row !== undefined);
  const cells = rows.map(({ field, value, meaning }) => [`\`${field}\``, value, meaning]);
  const words = intro === "" ? [] : [intro, ""];
  return [`## ${title}`, "", ...words, ...[HEADINGS, RULE, ...cells].map(line)].join("\n");
}

const HEADINGS = ["Field", "Value", "Meaning"];
const RULE = HEADINGS.map(() => "---");

/** A line of a table. Its cells are not padded, so that a longer one changes no other line. */
function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** The row of a field, and after it those of the fields in it. */
function rowsOf(
  field: string,
  schema: JsonSchema,
  required: boolean,
  definitions: Definitions,
): readonly Row[] {
  const full = resolved(schema, definitions);
  const hasForm = FORMS[referredTo(schema) ?? ""] !== undefined;
  const row: Row = {
    field,
    value: `${kindOf(schema, definitions)}${required ? ", required" : ""}`,
    meaning: full.description ?? "",
  };
  if (hasForm) {
    return [row];
  }
  const fixed = mappingIn(full, definitions);
  const free = mappingIn(resolved(freeFieldOf(full), definitions), definitions);
  return [
    row,
    ...innerRows(field, fixed, () => true, definitions),
    ...innerRows(`${field}.<${singular(field)}>`, free, (name) => !isOfInstances(name), definitions),
  ];
}

/** `variant` of `models.<model>.variants`, and `egress` of `network.egress`. */
function singular(field: string): string {
  return field.replace(/^.*\./, "").replace(/(?<!s)s$/, "");
}

/** The mapping among the ways in which a value may be written. */
function mappingIn(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const ways = [schema, ...(schema.anyOf ?? [])].map((each) => resolved(each, definitions));
  return ways.find(({ properties }) => properties !== undefined) ?? {};
}

function innerRows(
  field: string,
  mapping: JsonSchema,
  has: (name: string) => boolean,
  definitions: Definitions,
): readonly Row[] {
  return Object.entries(mapping.properties ?? {})
    .filter(([name]) => has(name))
    .flatMap(([name, child]) => rowsOf(`${field}.${name}`, child, isRequired(mapping, name), definitions));
}

/** Schema of the fields of a mapping whose keys are free. */
function freeFieldOf({ additionalProperties }: JsonSchema): JsonSchema {
  return additionalProperties || {};
}

function isRequired({ required = [] }: JsonSchema, name: string): boolean {
  return required.includes(name);
}

/** The schema merged with the part that it refers to. Its own keywords override those of the part. */
function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const part = definitions[referredTo(schema) ?? ""];
  return part === undefined ? schema : { ...resolved(part, definitions), ...schema };
}

function referredTo({ $ref, allOf }: JsonSchema): string | undefined {
  return ($ref ?? allOf?.[0]?.$ref)?.replace("#/definitions/", "");
}

/** The kind of a value, in a few words. */
function kindOf(schema: JsonSchema, definitions: Definitions): string {
  const id = referredTo(schema) ?? "";
  const form = FORMS[id];
  const part = definitions[id];
  if (form !== undefined || part !== undefined) {
    return form ?? kindOf(part ?? {}, definitions);
  }
  const { anyOf, enum: words, const: word, type, pattern, items = {}, properties } = schema;
  if (anyOf !== undefined) {
    return anyOf.map((each) => kindOf(each, definitions)).join(" or ");
  }
  if (words !== undefined || word !== undefined) {
    return (words ?? [word]).map((each) => `\`${each}\``).join(", ");
  }
  switch (type) {
    case "string":
      return pattern?.startsWith("^arn:") ? "ARN" : "text";
    case "integer":
      return "whole number";
    case "array":
      return `list of ${plural(kindOf(items, definitions))}`;
    case "object":
      return properties === undefined ? "mapping" : "fields";
    default:
      return type ?? "";
  }
}

function plural(kind: string): string {
  return kind.startsWith("`") || kind === "fields" ? kind : `${kind}s`;
}
