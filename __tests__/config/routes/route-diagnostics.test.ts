import fc from "fast-check";
import { contentKey } from "../../../config/routes/condition-table";
import type { RouteConditions } from "../../../config/routes/route";
import { type LabelledRule, routeDiagnostics } from "../../../config/routes/route-diagnostics";
import { conditions } from "./arbitraries";

const rule = (model: string, given: RouteConditions, explicit?: number): LabelledRule => ({
  key: `${model} ${contentKey(given)}`,
  label: `models.${model}.routes[0]`,
  model,
  conditions: given,
  explicit,
});
const path = (model: string, glob: string, explicit?: number) => rule(model, { path: [glob] }, explicit);
const messages = (...rules: readonly LabelledRule[]) => routeDiagnostics(rules).map(({ message }) => message);

describe("rules have no problem", () => {
  test("when the special comes before the general by itself", () => {
    expect(
      messages(
        path("base", "/v1/*"),
        path("llama", "/v1/llama/*"),
        path("all", "/*"),
        rule("eu", { path: ["/v1/*"], host: ["eu.example.com"] }),
      ),
    ).toEqual([]);
  });

  test("when they share no request", () => {
    expect(
      messages(path("a", "/a/*"), path("b", "/b/*"), rule("c", { headers: { "x-model": ["c"] } })),
    ).toEqual([]);
  });
});

describe("explicit priorities", () => {
  test.each([0, 50_001, -3, 1.5])("may not be %d", (number) => {
    const wrong = path("a", "/a", number);
    expect(routeDiagnostics([wrong])).toEqual([
      {
        kind: "priority-range",
        severity: "error",
        rules: [wrong],
        message: `priority ${number} is out of range; a priority is a whole number from 1 to 50000`,
      },
    ]);
  });

  test.each([1, 50_000])("may be %d", (number) => {
    expect(messages(path("a", "/a", number))).toEqual([]);
  });

  test("may not be alike", () => {
    const rules = [path("a", "/a", 7), path("b", "/b", 8), path("c", "/c", 7)];
    expect(routeDiagnostics(rules)).toEqual([
      {
        kind: "priority-taken",
        severity: "error",
        rules: [rules[2], rules[0]],
        message: "priority 7 is already used by models.a.routes[0] (/a); take another number",
      },
    ]);
  });
});

test("two rules with one number are told of the number only, even if one contains the other", () => {
  const found = routeDiagnostics([path("a", "/v1/*", 7), path("b", "/v1/llama/*", 7)]);
  expect(found.map(({ kind }) => kind)).toEqual(["priority-taken"]);
});

describe("a rule that can never match", () => {
  test("is named, with the rule before it and what to do", () => {
    const rules = [path("llama", "/v1/llama/*", 20), path("base", "/v1/*", 10)];
    expect(routeDiagnostics(rules)).toEqual([
      {
        kind: "never-matches",
        severity: "error",
        rules,
        message:
          "/v1/llama/* can never match: models.base.routes[0] (/v1/*) matches all of it and has a lower priority number (10 < 20); give it a number below 10",
      },
    ]);
  });

  test("is found when its number is derived", () => {
    expect(messages(path("llama", "/v1/llama/*"), path("base", "/v1/*", 10))).toEqual([
      "/v1/llama/* can never match: models.base.routes[0] (/v1/*) matches all of it and has a lower priority number (10 < 30418); give it a number below 10",
    ]);
  });

  test("is found when the number of the rule before it is derived", () => {
    const [diagnostic, ...others] = routeDiagnostics([
      path("llama", "/v1/llama/*", 50_000),
      path("base", "/v1/*"),
    ]);
    expect(diagnostic?.kind).toBe("never-matches");
    expect(diagnostic?.rules.map(({ model }) => model)).toEqual(["llama", "base"]);
    expect(others).toEqual([]);
  });

  test("behind number 1 needs the other to move", () => {
    expect(messages(path("llama", "/v1/llama/*", 2), path("base", "/v1/*", 1))).toEqual([
      "/v1/llama/* can never match: models.base.routes[0] (/v1/*) matches all of it and has a lower priority number (1 < 2); give models.base.routes[0] a number above 2",
    ]);
  });

  test("is told of the first of several rules before it", () => {
    const found = routeDiagnostics([path("a", "/a/b/c", 9), path("b", "/a/*", 8), path("c", "/*", 7)]);
    expect(found.map(({ rules }) => rules.map(({ model }) => model))).toEqual([
      ["a", "c"],
      ["b", "c"],
    ]);
  });

  test("is no problem behind another rule of its own route", () => {
    const general = path("a", "/v1/*", 1);
    expect(messages(general, { ...path("a", "/v1/x", 2), label: general.label })).toEqual([]);
  });
});

describe("two rules that match the same requests", () => {
  test("must not lead to different models", () => {
    const rules = [
      rule("a", { host: ["A.example.com"] }),
      rule("b", { host: ["a.EXAMPLE.com"], path: ["/*"] }, 3),
    ];
    expect(routeDiagnostics(rules)).toEqual([
      {
        kind: "same-requests",
        severity: "error",
        rules: [rules[1], rules[0]],
        message:
          "host a.example.com matches the same requests as models.a.routes[0] (host a.example.com); it leads to b, the other to a: change one of them",
      },
    ]);
  });

  test("are one too many for one model", () => {
    const again = { ...path("a", "/a"), label: "models.a.routes[1]" };
    expect(messages(path("a", "/a"), again)).toEqual([
      "/a matches the same requests as models.a.routes[0] (/a); remove one of them",
    ]);
  });
});

describe("two rules that share some requests", () => {
  test("get a warning with an example and the model that answers it", () => {
    const rules = [path("llama", "/v1/llama*"), path("chat", "/v1/*-chat")];
    const [warning, ...others] = routeDiagnostics(rules);
    expect(warning).toEqual({
      kind: "overlap",
      severity: "warning",
      rules: [rules[1], rules[0]],
      message:
        "/v1/*-chat and models.llama.routes[0] (/v1/llama*) both match e.g. /v1/llama-chat; as things are llama answers it: write a priority on one of them to say which wins",
    });
    expect(others).toEqual([]);
  });

  test("get a warning when they look at different things but are equally special", () => {
    const [warning] = messages(path("a", "/v1/models"), rule("b", { host: ["b.example.com"] }));
    expect(warning).toContain("both match e.g. host b.example.com, path /v1/models; as things are");
  });

  test.each<[string, LabelledRule, LabelledRule]>([
    ["lead to the same model", path("a", "/a*"), { ...path("a", "/*b"), label: "models.a.routes[1]" }],
    ["have an explicit priority", path("a", "/a*"), path("b", "/*b", 5)],
    ["have the explicit priority the other way round", path("a", "/a*", 5), path("b", "/*b")],
    [
      "look at different things and one is more special",
      path("a", "/a*"),
      rule("b", { host: ["b.example.com"] }),
    ],
    ["look at more things", path("a", "/a*"), rule("b", { path: ["/*b"], host: ["b.example.com"] })],
    ["have one within the other", path("a", "/a*"), path("b", "/ab*")],
    ["cannot be compared", rule("a", { pathRegex: ["^/a"] }), rule("b", { pathRegex: ["^/b?a"] })],
  ])("get none when they %s", (_, a, b) => {
    expect(messages(a, b)).toEqual([]);
    expect(messages(b, a)).toEqual([]);
  });

  test("get one warning for two routes, however many rules these have", () => {
    const rules = [path("a", "/a*"), path("a", "/b*"), path("b", "/*a"), path("b", "/*b"), path("c", "/*c")];
    expect(routeDiagnostics(rules).map(({ rules: [one, other] }) => [one?.model, other?.model])).toEqual([
      ["b", "a"],
      ["c", "a"],
    ]);
  });
});

describe("the number of rules", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => path("m", `/m-${index}/*`));

  test("may be a hundred", () => {
    expect(messages(...many(100))).toEqual([]);
  });

  test("may not be more", () => {
    expect(routeDiagnostics([...many(100), path("x", "/x", 0), path("y", "/y", 0)])).toEqual([
      expect.objectContaining({ kind: "priority-range" }),
      expect.objectContaining({ kind: "priority-range" }),
      expect.objectContaining({ kind: "priority-taken" }),
      {
        kind: "too-many-rules",
        severity: "error",
        rules: [],
        message:
          "the routes need 102 rules, and a load balancer takes 100; put fewer values into the routes, or ask AWS for a higher quota of rules per Application Load Balancer",
      },
    ]);
  });

  test("may be more when AWS has raised the quota", () => {
    expect(routeDiagnostics(many(101), 101)).toEqual([]);
  });
});

test("rules are found wanting, never the program", () => {
  const any = fc.tuple(
    conditions,
    fc.constantFrom("a", "b", "c"),
    fc.option(fc.integer({ min: -1, max: 9 }), { nil: undefined }),
  );
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (given) => {
      const rules = given.map(([some, model, explicit], index) => ({
        ...rule(model, some, explicit),
        label: `routes[${index}]`,
      }));
      const found = routeDiagnostics(rules);
      const derived = rules.filter(({ explicit }) => explicit === undefined);
      expect(routeDiagnostics(derived).filter(({ kind }) => kind === "never-matches")).toEqual([]);
      expect(found.every(({ rules: concerned }) => concerned.every((one) => rules.includes(one)))).toBe(true);
    }),
  );
});
