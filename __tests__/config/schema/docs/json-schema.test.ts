import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import fc from "fast-check";
import { type JsonSchema, jsonText, servingJsonSchema } from "../../../../config/schema/docs/json-schema";
import { readSource } from "../../../../config/source/parse";
import { parseCount, parseDuration, parseSize } from "../../../../config/units";
import { arbitraryServingFile } from "../../../support/arbitrary-serving-file";

const schema = servingJsonSchema();
const definitions = schema.definitions ?? {};
const shipped = [
  "serving.yaml",
  ...readdirSync("examples").map((file) => path.join("examples", file)),
].filter((file) => file.endsWith(".yaml"));

/** A validator that also refuses a schema which is not valid itself, or says what means nothing. */
function validator() {
  const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true, formats: { email: /@/ } });
  ajv.addKeyword("patternErrorMessage");
  return ajv.compile(schema);
}

const validate = validator();

function valueIn(file: string): unknown {
  const source = readSource(file);
  return "value" in source ? source.value : undefined;
}

/** Paths that the schema finds wrong in a small valid file with something changed. */
function markedIn(change: (file: Record<string, Record<string, never>>) => void): readonly string[] {
  const file = JSON.parse(
    JSON.stringify({
      name: "chat",
      state: { bucket: "example-chat-tfstate", region: "us-east-1" },
      entry: { allow: ["203.0.113.0/24"] },
      regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16" } } } },
      models: {
        llama: {
          server: "vllm",
          image: "vllm/vllm-openai:v0.28.0",
          instanceTypes: ["g6.xlarge"],
          loadTime: "5m",
          longestRequest: "2m",
          memory: { parameters: "8B" },
          volume: { size: "200GiB" },
          health: { interval: "30s" },
        },
      },
    }),
  );
  change(file);
  validate(file);
  return [...new Set((validate.errors ?? []).map(({ instancePath }) => instancePath))];
}

describe("serving.schema.json", () => {
  test("is what `npm run schema` writes", () => {
    expect(readFileSync("serving.schema.json", "utf8")).toBe(`${jsonText(schema)}\n`);
  });

  test("names the standard it follows, and no place of its own", () => {
    expect(schema).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "serving.yaml",
    });
    expect(schema).not.toHaveProperty("$id");
    // The others are examples of addresses.
    expect(jsonText(schema).match(/https?:\/\/(?!login\.example\.com\b|<host>)[a-z.-]*/g)).toEqual([
      "http://json-schema.org",
    ]);
  });

  test.each(shipped)("accepts %s", (file) => {
    validate(valueIn(file));
    expect(validate.errors).toBeNull();
  });

  test("accepts any file that is right", () => {
    fc.assert(
      fc.property(arbitraryServingFile(), (file) => {
        validate(file);
        expect(validate.errors).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  test.each(shipped)("is what %s names in its first line", (file) => {
    const [, schemaFile = ""] =
      /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, "utf8")) ?? [];
    expect(path.join(path.dirname(file), schemaFile)).toBe("serving.schema.json");
    expect(existsSync("serving.schema.json")).toBe(true);
  });
});

describe("an editor marks", () => {
  test("nothing in a file that is right", () => {
    expect(markedIn(() => undefined)).toEqual([]);
  });

  test.each([
    ["a duration without a unit", { loadTime: 90 }, "/models/llama/loadTime"],
    ["a duration in other words", { loadTime: "5 min" }, "/models/llama/loadTime"],
    ["a duration of nothing", { health: { interval: "" } }, "/models/llama/health/interval"],
    ["a size in GB", { volume: { size: "200GB" } }, "/models/llama/volume/size"],
    ["a count in words", { memory: { parameters: "8 billion" } }, "/models/llama/memory/parameters"],
    ["a number beyond its range", { volume: { throughput: 5000 } }, "/models/llama/volume/throughput"],
    ["a word that is none of those known", { server: "vlm" }, "/models/llama/server"],
    ["a field that is unknown", { imge: "x" }, "/models/llama"],
    ["a status code that is none", { health: { matcher: "ok" } }, "/models/llama/health/matcher"],
    ["a bucket without its scheme", { weights: { uri: "weights/llama" } }, "/models/llama/weights/uri"],
    ["a region's word on a variant", { variants: { main: {} } }, "/models/llama/variants/main"],
  ])("%s", (_what, change, where) => {
    expect(markedIn(({ models }) => Object.assign(models?.llama ?? {}, change))).toEqual([where]);
  });

  test("a region that there is not", () => {
    const marked = markedIn((file) =>
      Object.assign(file.regions ?? {}, { "us-est-1": file.regions?.["us-east-1"] }),
    );
    expect(marked).toEqual(["/regions"]);
  });

  test("a name that AWS would not take", () => {
    expect(markedIn((file) => Object.assign(file.models ?? {}, { Llama_3: file.models?.llama }))).toEqual([
      "/models",
    ]);
  });

  test("a field that is missing", () => {
    expect(markedIn((file) => Object.assign(file, { entry: {} }))).toEqual(["/entry"]);
  });

  test("the same in a region's override", () => {
    const wrong = { entry: { idleTimeout: "1 min" }, models: { llama: { volume: { iops: 1 } } } };
    expect(markedIn(({ regions }) => Object.assign(regions?.["us-east-1"] ?? {}, wrong))).toContain(
      "/regions/us-east-1/entry/idleTimeout",
    );
  });
});

describe("the form of a text", () => {
  const matches = (id: string, text: string) => new RegExp(definitions[id]?.pattern ?? "$^").test(text);

  test.each([
    ["duration", "0123456789dhms ", parseDuration],
    ["size", "0123456789.TGMiB ", parseSize],
    ["count", "0123456789.kKmMbBtT ", parseCount],
  ] as const)("is that which is read, for a %s", (id, letters, parse) => {
    const texts = fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 });
    const right = [["5m"], ["1h30m"], ["16GiB"], ["1.5TiB"], ["8B"], ["560m"], ["30"]] as [string][];
    const wrong = [[""], ["s"], ["5m1h"], ["16"], ["16GB"], ["5 m"], ["1.5s"]] as [string][];
    fc.assert(
      fc.property(texts, (text) => {
        // A count comes to 1 at least, and to what a double holds at most, which no pattern can say.
        const amount = Number.parseFloat(text);
        fc.pre(id !== "count" || !(amount < 1 || amount > 9000));
        expect({ text, marked: !matches(id, text) }).toEqual({ text, marked: parse(text) === undefined });
      }),
      { numRuns: 2000, examples: [...right, ...wrong] },
    );
  });
});

describe("every part of the schema", () => {
  const parts = [...partsOf(schema, "")];
  const fields = parts.filter(({ isField }) => isField);

  test("says what it means, in sentences", () => {
    expect(fields.length).toBeGreaterThan(200);
    const silent = fields.filter(({ part }) => !/^(`|[A-Z]|vCPUs ).*\.$/.test(descriptionOf(part)));
    expect(silent.map(({ path: where }) => where)).toEqual([]);
  });

  test("tells its default", () => {
    const untold = fields.filter(({ part }) => {
      const value = typeof part.default === "object" ? "count: 1" : String(part.default);
      return part.default !== undefined && !descriptionOf(part).includes(`Default: \`${value}\``);
    });
    expect(untold.map(({ path: where }) => where)).toEqual([]);
  });

  test("tells its range", () => {
    const untold = parts.filter(({ owner, part: { minimum, maximum } }) => {
      const told = minimum === undefined ? `at most ${maximum}` : `${minimum}–${maximum}`;
      return maximum !== undefined && !descriptionOf(owner).includes(told);
    });
    expect(untold.map(({ path: where }) => where)).toEqual([]);
  });

  test("stands once, when it is long", () => {
    const long = parts.map(({ part }) => JSON.stringify(part)).filter((text) => text.length > 300);
    expect(long.filter((text, index) => long.indexOf(text) < index)).toEqual([]);
  });

  function descriptionOf(part: JsonSchema): string {
    const id = (part.$ref ?? part.allOf?.[0]?.$ref)?.replace("#/definitions/", "");
    const referred = definitions[id ?? ""];
    return part.description ?? (referred === undefined ? "" : descriptionOf(referred));
  }
});

interface Part {
  readonly path: string;
  readonly part: JsonSchema;
  /** The field that the part belongs to. */
  readonly owner: JsonSchema;
  readonly isField: boolean;
}

function* partsOf(
  part: JsonSchema,
  where: string,
  owner: JsonSchema = part,
  isField = false,
): Generator<Part> {
  yield { path: where, part, owner, isField };
  for (const [name, child] of Object.entries(part.properties ?? {})) {
    yield* partsOf(child, where === "" ? name : `${where}.${name}`, child, true);
  }
  for (const [name, child] of Object.entries(part.definitions ?? {})) {
    yield* partsOf(child, `(${name})`);
  }
  for (const child of [part.items, part.additionalProperties, ...(part.anyOf ?? [])]) {
    if (child) {
      yield* partsOf(child, `${where}[]`, owner);
    }
  }
}
