import * as z from "zod";
import { servingFileSchema } from "../../../config/schema/deployment";
import { coreOf, defOf, KINDS, meantOption, schemaAt, valueAt } from "../../../config/schema/walk";

type Schema = z.core.$ZodType;

/** What is in a schema that config/schema does not know how to walk, or to put in words: one sentence each. */
function unknownIn(root: Schema): readonly string[] {
  const seen = new Set<Schema>();
  return visit(root, "serving.yaml");

  function visit(schema: Schema, path: string): readonly string[] {
    if (seen.has(schema)) {
      return [];
    }
    seen.add(schema);
    const def = defOf(schema);
    if (!KINDS.includes(def.type)) {
      return [
        `${path} is ${def.type}, a kind that walk.ts does not know; add it to KINDS and wherever kinds are told apart`,
      ];
    }
    const sentences = [...oddities(schema), ...(def.checks ?? []).flatMap(oddityOfCheck)];
    return [
      ...sentences.map((sentence) => `${path} ${sentence}`),
      ...childrenOf(schema).flatMap(([name, child]) => visit(child, `${path}${name}`)),
    ];
  }
}

function childrenOf(schema: Schema): readonly (readonly [string, Schema])[] {
  const def = defOf(schema);
  switch (def.type) {
    case "object":
      return Object.entries(def.shape).map(([name, field]) => [`.${name}`, field]);
    case "record":
      return [
        [" (key)", def.keyType],
        [".*", def.valueType],
      ];
    case "array":
      return [["[]", def.element]];
    case "union":
      return def.options.map((option) => ["", option]);
    case "pipe":
      return [
        ["", def.in],
        ["", def.out],
      ];
    case "optional":
    case "prefault":
      return [["", def.innerType]];
    default:
      return [];
  }
}

function oddities(schema: Schema): readonly string[] {
  const def = defOf(schema);
  switch (def.type) {
    case "object":
      return def.catchall?._zod.def.type === "never" ? [] : ["takes any field; make it a strictObject"];
    case "record":
      return defOf(coreOf(def.keyType)).type === "string" ? [] : ["has keys that are no plain text"];
    case "pipe":
      return defOf(def.out).type === "transform" ? [] : ["pipes into something else than a transformation"];
    case "string":
    case "number":
      return "format" in def && !["email", "safeint"].includes(String(def.format))
        ? [`has the format ${String(def.format)}, for which errors/ has no words`]
        : [];
    case "union": {
      const kinds = def.options.map(kindOfValue);
      return new Set(kinds).size < kinds.length || kinds.includes("union")
        ? [`has options of the same kind (${kinds.join(", ")}), among which walk.ts cannot choose`]
        : [];
    }
    default:
      return [];
  }
}

/** Kind of the values that an option of a union takes: a literal takes those of its own. */
function kindOfValue(option: Schema): string {
  const def = defOf(coreOf(option));
  const type = def.type === "literal" ? typeof def.values[0] : def.type;
  return type === "enum" ? "string" : type === "record" ? "object" : type;
}

const CHECKS = [
  "greater_than",
  "less_than",
  "min_length",
  "max_length",
  "number_format",
  "string_format",
  "custom",
];

function oddityOfCheck(check: z.core.$ZodCheck): readonly string[] {
  const {
    check: kind,
    error,
    inclusive,
    format,
  } = check._zod.def as z.core.$ZodCheckDef & {
    readonly inclusive?: boolean;
    readonly format?: string;
  };
  if (!CHECKS.includes(kind)) {
    return [`has the check ${kind}, for which errors/ has no words`];
  }
  if (kind === "less_than" && !inclusive) {
    return ["has an upper bound that is not allowed itself, for which errors/ has no words"];
  }
  if (kind === "string_format" && format !== "regex") {
    return [`has the format ${format}, for which errors/ has no words`];
  }
  return kind === "custom" && check instanceof z.core.$ZodCustom && error === undefined
    ? ["has a refinement without a message of its own"]
    : [];
}

test("all that serving.yaml is made of is known to walk.ts and to errors/", () => {
  expect(unknownIn(servingFileSchema)).toEqual([]);
});

test("no kind is known that serving.yaml is not made of", () => {
  const kinds = new Set<string>();
  const seen = new Set<Schema>();
  const collect = (schema: Schema): void => {
    if (!seen.has(schema)) {
      seen.add(schema);
      kinds.add(defOf(schema).type);
      for (const [, child] of childrenOf(schema)) {
        collect(child);
      }
    }
  };
  collect(servingFileSchema);
  expect([...kinds].sort()).toEqual([...KINDS].sort());
});

test.each<[string, z.ZodType, string]>([
  ["null", z.string().nullable(), "is nullable, a kind that walk.ts does not know"],
  ["laziness", z.lazy(() => z.string()), "is lazy, a kind that walk.ts does not know"],
  ["a tuple", z.tuple([z.string()]), "is tuple, a kind that walk.ts does not know"],
  ["a preparation", z.preprocess((value) => value, z.int()), "pipes into something else"],
  ["any field", z.object({}), "takes any field"],
  ["fixed keys", z.partialRecord(z.enum(["a", "b"]), z.int()), "has keys that are no plain text"],
  [
    "labels",
    z.union([z.strictObject({}), z.strictObject({})]),
    "has options of the same kind (object, object)",
  ],
  [
    "a word beside text",
    z.union([z.literal("a"), z.string()]),
    "has options of the same kind (string, string)",
  ],
  [
    "unions in unions",
    z.union([z.int(), z.union([z.string(), z.boolean()])]),
    "has options of the same kind",
  ],
  ["a format", z.ipv4(), "has the format ipv4"],
  ["an ending", z.string().endsWith("/"), "has the format ends_with"],
  ["a multiple", z.int().multipleOf(5), "has the check multiple_of"],
  ["an open end", z.int().lt(5), "has an upper bound that is not allowed itself"],
  ["a wordless refinement", z.string().refine(() => true), "has a refinement without a message"],
])("%s would be told", (_, schema, sentence) => {
  const [found] = unknownIn(z.strictObject({ a: z.array(schema).optional() }));
  expect(found).toContain(`serving.yaml.a[] ${sentence}`);
});

describe("a walk", () => {
  const option = z.strictObject({ image: z.string() });
  const schema = z.strictObject({
    models: z.record(z.string(), z.union([z.literal(false), option]).optional()),
    texts: z
      .union([z.string(), z.array(z.string())])
      .transform((given) => [given].flat())
      .prefault([]),
  });

  test("finds what is at a path, through wrappers, records, lists and the option that fits", () => {
    const value = { models: { a: { image: "x" }, b: false }, texts: ["y"] };
    expect(schemaAt(schema, ["models", "a", "image"], value)).toBe(option.shape.image);
    expect(schemaAt(schema, ["models", "b", "image"], value)).toBeUndefined();
    expect(schemaAt(schema, ["texts", 0], value)).toBeInstanceOf(z.ZodString);
    expect(schemaAt(schema, ["toString"], value)).toBeUndefined();
    expect(valueAt(value, ["models", "a", "image"])).toBe("x");
    expect(valueAt(value, ["models", "toString"])).toBeUndefined();
  });

  test("takes the option whose kind of value is given, however wrong it is within", () => {
    const issues = (given: unknown) =>
      [z.literal(false), option].map((each) => each.safeParse(given).error?.issues ?? []);
    expect(meantOption(issues({ imge: 1 }))).toBe(1);
    expect(meantOption(issues("x"))).toBeUndefined();
  });
});
