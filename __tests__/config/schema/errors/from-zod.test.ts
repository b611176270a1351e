import fc from "fast-check";
import * as z from "zod";
import { formatPath } from "../../../../config/diagnostics/diagnostic";
import { diagnosticsFromZod } from "../../../../config/schema/errors/from-zod";

/** The diagnostics of a value as "path message", with "(key)" where the key is at fault. */
function diagnosticsOf(schema: z.ZodType, value: unknown): readonly string[] {
  const { error } = schema.safeParse(value);
  return diagnosticsFromZod(error?.issues ?? [], value, schema).map(
    ({ path, message, at }) => `${formatPath(path)}${at === "key" ? " (key)" : ""} ${message}`,
  );
}

/** The one message about a value by itself. */
function messageOf(schema: z.ZodType, value: unknown): string {
  const diagnostics = diagnosticsOf(z.strictObject({ it: schema }), { it: value });
  expect(diagnostics).toHaveLength(1);
  return (diagnostics[0] ?? "").replace(/^it\S* (\(key\) )?/, "");
}

test("what is well is no problem", () => {
  expect(diagnosticsOf(z.strictObject({ a: z.int() }), { a: 1 })).toEqual([]);
});

test("all problems are told, in the order of the schema", () => {
  const schema = z.strictObject({ a: z.int(), b: z.strictObject({ c: z.array(z.string()) }) });
  expect(diagnosticsOf(schema, { a: "x", b: { c: ["y", 1, []] } })).toEqual([
    'a expected a whole number; got a string ("x")',
    "b.c[1] expected a string; got a number (1); put it in quotes",
    "b.c[2] expected a string; got an empty list",
  ]);
});

test("all are errors", () => {
  const { error } = z.string().safeParse(1);
  expect(diagnosticsFromZod(error?.issues ?? [], 1, z.string())).toEqual([
    expect.objectContaining({ path: [], severity: "error" }),
  ]);
});

describe("an unknown field", () => {
  const schema = z.strictObject({
    image: z.string().optional(),
    server: z.string().optional(),
    capacity: z.strictObject({ min: z.int(), max: z.int() }).optional(),
    warmPool: z.strictObject({ min: z.int() }).prefault({ min: 0 }),
  });

  test("is told by itself, at its key, with what it may have meant", () => {
    expect(diagnosticsOf(schema, { imge: "x", sever: "y" })).toEqual([
      'imge (key) unknown field "imge"; did you mean "image"?',
      'sever (key) unknown field "sever"; did you mean "server"?',
    ]);
  });

  test("is shown where it belongs when it stands one level too high", () => {
    expect(diagnosticsOf(schema, { max: 1 })).toEqual([
      'max (key) unknown field "max"; it belongs under "capacity"',
    ]);
    expect(diagnosticsOf(schema, { min: 1 })).toEqual([
      'min (key) unknown field "min"; it belongs under "capacity" or "warmPool"',
    ]);
  });

  test("is shown all there is when nothing is near", () => {
    expect(diagnosticsOf(schema, { unheardOf: 1 })).toEqual([
      'unheardOf (key) unknown field "unheardOf"; there are image, server, capacity, warmPool',
    ]);
  });

  test.each<[string, (inner: z.ZodType) => z.ZodType]>([
    ["optional", (inner) => inner.optional()],
    ["a prefault", (inner) => inner.prefault({})],
    ["a transformation", (inner) => inner.transform((value) => value)],
    ["a description", (inner) => inner.meta({ description: "x" })],
    ["a check", (inner) => inner.superRefine(() => {})],
  ])("is found through %s", (_, wrap) => {
    const wrapped = z.strictObject({ it: wrap(z.strictObject({ image: z.string().optional() })) });
    expect(diagnosticsOf(wrapped, { it: { imge: 1 } })).toEqual([
      'it.imge (key) unknown field "imge"; did you mean "image"?',
    ]);
  });

  test.each<[string, z.ZodType, unknown, string]>([
    ["a list", z.array(schema), [{}, { imge: 1 }], "[1].imge"],
    ["a record", z.record(z.string(), schema), { m: { imge: 1 } }, "m.imge"],
    ["one form of several", z.union([z.literal(false), schema]), { imge: 1 }, "imge"],
  ])("is found within %s", (_, outer, value, path) => {
    expect(diagnosticsOf(outer, value)).toEqual([
      `${path} (key) unknown field "imge"; did you mean "image"?`,
    ]);
  });

  test("named like something every object has is a field like any other", () => {
    expect(diagnosticsOf(schema, { toString: 1 })).toEqual([
      expect.stringContaining('unknown field "toString"; there are'),
    ]);
  });
});

describe("what is missing", () => {
  const required = (schema: z.ZodType) => diagnosticsOf(z.strictObject({ it: schema }), {})[0];

  test("is asked for in the words of its description, the first sentence of it", () => {
    const described = z.string().meta({ description: "Image, e.g. `a`. Default: none. More." });
    expect(required(described)).toBe("it is required: Image, e.g. `a`");
  });

  test("is asked for with the first example", () => {
    const described = z.string().meta({ description: "Image.", examples: ["vllm:v1", "sglang:v1"] });
    expect(required(described)).toBe("it is required: Image; for example vllm:v1");
  });

  test("shows an example that is no text as a list or mapping", () => {
    expect(required(z.array(z.string()).meta({ description: "Types.", examples: [["g6.xlarge"]] }))).toBe(
      'it is required: Types; for example ["g6.xlarge"]',
    );
  });

  test("has the outermost description", () => {
    const inner = z.string().meta({ description: "Inner." });
    expect(required(inner.transform(Number).meta({ description: "Outer." }))).toBe("it is required: Outer");
    expect(required(inner.transform(Number))).toBe("it is required: Inner");
  });

  test.each<[z.ZodType, string]>([
    [z.string(), "a string"],
    [z.int(), "a whole number"],
    [z.number(), "a number"],
    [z.boolean(), "true or false"],
    [z.array(z.int()), "a list of numbers"],
    [z.array(z.array(z.int())), "a list"],
    [z.strictObject({}), "a mapping"],
    [z.record(z.string(), z.int()), "a mapping"],
    [z.enum(["a", "b"]), 'one of "a", "b"'],
    [z.union([z.string(), z.array(z.string())]), "a string or a list of strings"],
    [z.string().transform(Number), "a string"],
  ])("without description is asked for by its kind (%#)", (schema, kind) => {
    expect(required(schema)).toBe(`it is required: ${kind}`);
  });

  test("is not asked for when it may be missing", () => {
    expect(required(z.string().optional())).toBeUndefined();
  });

  test("in a list has its place there", () => {
    const schema = z.array(z.strictObject({ path: z.string() }));
    expect(diagnosticsOf(schema, [{ path: "/a" }, {}])).toEqual(["[1].path is required: a string"]);
  });
});

test.each<[z.ZodType, string]>([
  [z.string().optional(), "a string"],
  [z.strictObject({}).optional(), "a mapping"],
  [z.enum(["a", "b"]), 'one of "a", "b"'],
  [z.union([z.literal(false), z.strictObject({})]), "false or a mapping"],
])("what has nothing after its colon has no value (%#)", (schema, kind) => {
  expect(messageOf(schema, null)).toBe(`has no value; expected ${kind}`);
});

describe("a value of another kind", () => {
  test.each<[z.ZodType, unknown, string]>([
    [z.array(z.string()), 3, "expected a list of strings; got a number (3)"],
    [z.strictObject({}), "x", 'expected a mapping; got a string ("x")'],
    [z.strictObject({}), [], "expected a mapping; got an empty list"],
    [z.record(z.string(), z.string()), ["a"], "expected a mapping; got a list"],
    [z.string(), {}, "expected a string; got a mapping"],
    [z.boolean(), 1, "expected true or false; got a number (1)"],
    [z.int(), "many", 'expected a whole number; got a string ("many")'],
    [z.number(), true, "expected a number; got true"],
  ])("is told with what was expected (%#)", (schema, value, message) => {
    expect(messageOf(schema, value)).toBe(message);
  });

  test.each([
    [2.5, "2.5"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
  ])("%j is no whole number", (value, shown) => {
    expect(messageOf(z.int(), value)).toBe(`must be a whole number; got ${shown}`);
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY])("%j is no finite number", (value) => {
    expect(messageOf(z.number(), value)).toBe(`must be a finite number; got ${value}`);
  });

  test.each(["2", "-2", "+2"])("%j in quotes is to go without them", (text) => {
    expect(messageOf(z.int(), text)).toBe(
      `expected a whole number; got a string ("${text}"); write ${Number(text)} without quotes`,
    );
  });

  test("text that is only nearly a number is no number", () => {
    expect(messageOf(z.number(), "2 GiB")).toBe('expected a number; got a string ("2 GiB")');
    expect(messageOf(z.number(), "")).toBe('expected a number; got a string ("")');
  });

  test.each([
    ["yes", true],
    ["On", true],
    ["y", true],
    ["no", false],
    ["OFF", false],
    ["n", false],
  ])("%s for a boolean is to be %s", (word, meant) => {
    expect(messageOf(z.boolean().optional(), word)).toBe(
      `expected true or false; got a string ("${word}"); write ${meant}`,
    );
  });

  test.each(["true", "false"])("%s in quotes is to go without them", (word) => {
    expect(messageOf(z.boolean(), word)).toBe(
      `expected true or false; got a string ("${word}"); write ${word} without quotes`,
    );
  });

  test("words that mean booleans mean nothing where none is wanted", () => {
    expect(messageOf(z.int(), "yes")).toBe('expected a whole number; got a string ("yes")');
    expect(messageOf(z.boolean(), "constructor")).toBe(
      'expected true or false; got a string ("constructor")',
    );
  });

  test.each<[unknown, string]>([
    [1.1, "a number (1.1)"],
    [true, "true"],
  ])("%j where text is wanted is to go into quotes", (value, received) => {
    expect(messageOf(z.string(), value)).toBe(`expected a string; got ${received}; put it in quotes`);
  });

  test("a number that would not do as text either is told why", () => {
    const duration = z.string().transform((text, context) => {
      context.addIssue({ code: "custom", message: `"${text}" is not a duration; write it as 90s` });
      return z.NEVER;
    });
    expect(messageOf(duration, 90)).toBe('"90" is not a duration; write it as 90s');
  });

  test("a number that is no such text, for which the schema has no words, is only told its kind", () => {
    expect(messageOf(z.string().regex(/^[a-z]+$/), 90)).toBe("expected a string; got a number (90)");
  });

  test("one item where a list of them is wanted is to become a list", () => {
    expect(messageOf(z.array(z.string()).min(1), "g6.xlarge")).toBe(
      'expected a list of strings; got a string ("g6.xlarge"); write it as a list of one',
    );
    expect(messageOf(z.array(z.strictObject({ path: z.string() })), { path: "/" })).toBe(
      "expected a list of mappings; got a mapping; write it as a list of one",
    );
  });
});

describe("a value out of a choice", () => {
  const servers = z.enum(["vllm", "sglang", "tgi"]);

  test("is told the choice and the likeliest", () => {
    expect(messageOf(servers, "vlm")).toBe('"vlm" is none of "vllm", "sglang", "tgi"; did you mean "vllm"?');
  });

  test("is told the choice alone when nothing is near", () => {
    expect(messageOf(servers, "something")).toBe('"something" is none of "vllm", "sglang", "tgi"');
    expect(messageOf(servers, 3)).toBe('3 is none of "vllm", "sglang", "tgi"');
  });

  test("is told its kind when it is a list or mapping", () => {
    expect(messageOf(servers, ["vllm"])).toBe('expected one of "vllm", "sglang", "tgi"; got a list');
  });

  test("that may be left out does not offer leaving it out", () => {
    expect(messageOf(z.enum(["a", "b"]).optional(), "zzz")).toBe('"zzz" is none of "a", "b"');
  });
});

describe("a value that may take several forms", () => {
  const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]).transform((given) => [given].flat());

  test("and takes none is told them all", () => {
    expect(messageOf(oneOrMore, {})).toBe("expected a string or a list of strings; got a mapping");
  });

  test("and takes none for its quotes is told so", () => {
    expect(messageOf(oneOrMore, 3)).toBe(
      "expected a string or a list of strings; got a number (3); put it in quotes",
    );
  });

  test("is told what is wrong with the form it takes", () => {
    expect(diagnosticsOf(oneOrMore, ["a", 1])).toEqual([
      "[1] expected a string; got a number (1); put it in quotes",
    ]);
    expect(diagnosticsOf(oneOrMore, [])).toEqual([" must not be empty"]);
  });

  test("one of which is a word may have meant that word", () => {
    const allow = z.union([z.literal("anyone-on-the-internet"), z.array(z.string())]);
    expect(messageOf(allow, "anyone-on-the-internt")).toBe(
      'expected "anyone-on-the-internet" or a list of strings; got a string ("anyone-on-the-internt"); did you mean "anyone-on-the-internet"?',
    );
  });

  test("one of which is false may have meant false", () => {
    const model = z.union([z.literal(false), z.strictObject({ a: z.int() })]);
    expect(messageOf(model, "off")).toBe('expected false or a mapping; got a string ("off"); write false');
    expect(messageOf(model, true)).toBe("expected false or a mapping; got true");
  });
});

test.each<[z.ZodType, unknown, string]>([
  [z.int().min(1).max(9), 0, "must be 1–9; got 0"],
  [z.int().min(1).max(9).optional(), 10, "must be 1–9; got 10"],
  [z.number().min(1), 0.5, "must be at least 1; got 0.5"],
  [z.number().max(1), 1.5, "must be at most 1; got 1.5"],
  [z.number().positive().max(9), 0, "must be more than 0; got 0"],
  [z.int(), 2 ** 60, "must be at most 9007199254740991; got 1152921504606847000"],
  [z.string().min(1), "", "must not be empty"],
  [z.string().min(3), "", "must have at least 3 characters; got 0"],
  [z.string().max(4), "abcde", "must have at most 4 characters; got 5"],
  [z.array(z.int()).min(1), [], "must not be empty"],
  [z.array(z.int()).min(2), [1], "must have at least 2 items; got 1"],
  [z.array(z.int()).max(1), [1, 2], "must have at most 1 item; got 2"],
])("bounds are told with what was given (%#)", (schema, value, message) => {
  expect(messageOf(schema, value)).toBe(message);
});

test.each<[z.ZodType, string]>([
  [z.string().regex(/^a+$/), '"x" does not match /^a+$/'],
  [
    z
      .string()
      .regex(/^a+$/)
      .meta({ examples: ["aaa"] }),
    '"x" does not match /^a+$/; write it as aaa',
  ],
  [z.email(), '"x" is not a valid email'],
  [z.email().meta({ examples: ["a@example.com"] }), '"x" is not a valid email; write it as a@example.com'],
])("a text of another form is told the form (%#)", (schema, message) => {
  expect(messageOf(schema, "x")).toBe(message);
});

describe("the schema's own message", () => {
  test.each<[string, z.ZodType, unknown]>([
    ["a type", z.string({ error: "own" }), 3],
    ["a pattern", z.string().regex(/^a/, { error: "own" }), "b"],
    ["a bound", z.int().min(1, "own"), 0],
    ["a choice", z.enum(["a"], { error: "own" }), "b"],
    ["a refinement", z.string().refine(() => false, { error: "own" }), "b"],
    ["a form", z.union([z.string(), z.int()], { error: "own" }), []],
    [
      "a transformation",
      z.string().transform((_, context) => context.addIssue({ code: "custom", message: "own" })),
      "b",
    ],
  ])("on %s is left as it is", (_, schema, value) => {
    expect(messageOf(schema, value)).toBe("own");
  });

  test("goes to the path it names", () => {
    const schema = z.strictObject({ min: z.int(), max: z.int() }).superRefine((_, context) => {
      context.addIssue({ code: "custom", message: "is less than min", path: ["max"] });
    });
    expect(diagnosticsOf(schema, { min: 2, max: 1 })).toEqual(["max is less than min"]);
  });

  test("may go to a path that leads through nothing or through text", () => {
    const schema = z.unknown().superRefine((_, context) => {
      context.addIssue({ code: "custom", message: "own", path: ["a", "b"] });
    });
    expect(diagnosticsOf(schema, { a: null })).toEqual(["a.b own"]);
    expect(diagnosticsOf(schema, { a: "text" })).toEqual(["a.b own"]);
  });

  test("on unknown fields is told once, at the mapping", () => {
    expect(diagnosticsOf(z.strictObject({}, { error: "own" }), { a: 1, b: 2 })).toEqual([" own"]);
  });
});

describe("a key of a record", () => {
  const names = z
    .string()
    .min(2)
    .max(4)
    .regex(/^[a-z]*$/, { error: ({ input }) => `"${input}" must be a-z` });

  test("is at fault itself", () => {
    expect(diagnosticsOf(z.record(names, z.int()), { a: 1, abcde: 2, AB: 3 })).toEqual([
      "a (key) must have at least 2 characters; got 1",
      "abcde (key) must have at most 4 characters; got 5",
      'AB (key) "AB" must be a-z',
    ]);
  });

  test("is shown an example of one", () => {
    const key = z
      .string()
      .regex(/^a/)
      .meta({ examples: ["ab"] });
    expect(diagnosticsOf(z.record(key, z.int()), { b: 1 })).toEqual([
      'b (key) "b" does not match /^a/; write it as ab',
    ]);
  });

  test("is found through wrappers", () => {
    const wrapped = z.strictObject({ it: z.record(names, z.int()).optional() });
    expect(diagnosticsOf(wrapped, { it: { a: 1 } })).toEqual([
      "it.a (key) must have at least 2 characters; got 1",
    ]);
  });

  test("does not hide what is wrong with the value of another", () => {
    expect(diagnosticsOf(z.record(names, z.int()), { a: 1, ab: "x" })).toEqual([
      "a (key) must have at least 2 characters; got 1",
      'ab expected a whole number; got a string ("x")',
    ]);
  });
});

test("whatever a file holds, each problem is a sentence about something in or missing from it", () => {
  const schema = z.strictObject({
    name: z.string().min(1),
    count: z.int().min(0).max(9).optional(),
    on: z.boolean().prefault(true),
    many: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
    either: z.union([z.literal(false), z.strictObject({ a: z.int(), b: z.enum(["x", "y"]) })]).optional(),
    map: z.record(z.string().max(3), z.array(z.int())).optional(),
  });
  const word = fc.constantFrom("name", "count", "on", "many", "either", "map", "a", "b", "x", "yes", "2");
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3, depthSize: "large" },
      word,
      fc.constantFrom(null, true, false, 1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, ""),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(word, tie("any"), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(word, any), (value) => {
      const { error, success } = schema.safeParse(value);
      const diagnostics = diagnosticsFromZod(error?.issues ?? [], value, schema);
      expect(diagnostics.length > 0).toBe(!success);
      for (const { message } of diagnostics) {
        expect(message).toMatch(/^\S[^\n]*[^.\s]$/);
        expect(message).not.toMatch(/Invalid|undefined|\[object|another kind/);
      }
    }),
    { numRuns: 1000 },
  );
});
