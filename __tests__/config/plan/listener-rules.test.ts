import { listenerRules, modelRoutes, unplacedRules } from "../../../config/plan/listener-rules";
import type { ModelFile } from "../../../config/schema/model";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

type Routes = WrittenFile["models"][string]["routes"];

/** Models with these routes, as the schema gives them. */
function models(routes: Readonly<Record<string, Routes>>): readonly (readonly [string, ModelFile])[] {
  const written = Object.entries(routes).map(([name, some]) => [name, { ...validModel(), routes: some }]);
  return Object.entries(valid({ ...validFile(), models: Object.fromEntries(written) }).file.models);
}
const rulesOf = (routes: Readonly<Record<string, Routes>>, fallback?: string) =>
  listenerRules(unplacedRules(modelRoutes(models(routes), fallback)));
const seven = [1, 2, 3, 4, 5, 6, 7].map((each) => `/a/${each}`);

describe("a model without routes", () => {
  test("is reached under its own name, which its server does not see, by the server's public paths", () => {
    const [rule, ...more] = rulesOf({ llama: undefined });
    expect(more).toEqual([]);
    expect(rule?.conditions.method).toEqual(["GET", "POST"]);
    const opens = (path: string) =>
      rule?.conditions.pathRegex?.some((regex) => new RegExp(regex).test(path)) ?? false;
    expect(["/llama/v1/chat/completions", "/llama/v1/responses/r-1/cancel"].filter(opens)).toHaveLength(2);
    const closed = [
      "/llama/invocations",
      "/llama/pause",
      "/llama/",
      "/v1/models",
      "/llama/v1/responses/a/b/cancel",
    ];
    expect(closed.filter(opens)).toEqual([]);
    expect([rule]).toMatchObject([
      {
        model: "llama",
        rewrite: { path: { regex: "^/llama/(.*)$", replace: "/$1" } },
      },
    ]);
  });

  test("has a rule behind all others, for its public paths, when it answers all the rest", () => {
    const [qwen, llama, ...more] = rulesOf({ llama: undefined, qwen: undefined }, "llama");
    expect(more).toEqual([]);
    expect([qwen?.model, llama?.model]).toEqual(["qwen", "llama"]);
    expect(llama?.priority).toBeGreaterThan(49_000);
    expect(llama?.rewrite).toBeUndefined();
    expect(llama?.conditions.pathRegex?.some((regex) => new RegExp(regex).test("/v1/models"))).toBe(true);
    expect(llama?.conditions.pathRegex?.some((regex) => new RegExp(regex).test("/pause"))).toBe(false);
  });

  test("has no such rule when all paths of its server are open: the listener forwards the rest", () => {
    const all = {
      ...validFile(),
      models: { llama: { ...validModel(), publicPaths: "every-path-of-the-server" as const } },
    };
    const written = Object.entries(valid(all).file.models);
    expect(listenerRules(unplacedRules(modelRoutes(written, "llama")))).toEqual([]);
    expect(listenerRules(unplacedRules(modelRoutes(written, undefined)))).toMatchObject([
      { conditions: { path: ["/llama/*"] } },
    ]);
  });

  test("has the routes it names, when it answers all the rest too", () => {
    expect(rulesOf({ llama: [{ path: "/a/*" }] }, "llama")).toHaveLength(2);
  });

  test("has its own place in the file for that route", () => {
    expect(modelRoutes(models({ llama: undefined, qwen: [{ path: "/a/*" }] }), undefined)).toMatchObject([
      { path: ["models", "llama"] },
      { path: ["models", "qwen", "routes", 0] },
    ]);
  });
});

describe("a rule", () => {
  const idOf = (route: Parameters<typeof rulesOf>[0][string]) => rulesOf({ llama: route })[0]?.id;

  test("is called by the first value of each of its conditions", () => {
    const id = idOf([
      { path: ["/v1/qwen/*", "/v1/llama/*"], method: "GET", headers: { "X-Model": "llama" } },
    ]);
    expect(id).toMatch(/^llama-get-v1-llama-[0-9a-f]{8}$/);
    expect(idOf([{ headers: { "x-model": "llama" }, method: ["POST", "GET"], path: "/v1/llama/*" }])).toBe(
      id,
    );
    expect(idOf([{ path: "/v1/qwen/*", method: "GET", headers: { "x-model": "llama" } }])).not.toBe(id);
    expect(idOf([{ path: "/v1/llama/*", host: "a.example.com", headers: { "x-model": "llama" } }])).not.toBe(
      id,
    );
  });

  test("keeps its name with another rewrite, and for another model", () => {
    const rewrite = { path: { regex: "a", replace: "b" } };
    expect(idOf([{ path: "/a", rewrite }])).toBe(idOf([{ path: "/a" }]));
    expect(rulesOf({ qwen: [{ path: "/a" }] })[0]?.id).toBe(idOf([{ path: "/a" }]));
  });

  test.each([
    ["values in another order", { path: ["/b/*", "/a/*"] }, { path: ["/a/*", "/b/*"] }],
    ["more values than a rule takes, in another order", { path: [...seven].reverse() }, { path: seven }],
    ["a host in another case", { host: "A.Example.com" }, { host: "a.example.com" }],
    [
      "parameters in another order",
      { query: [{ value: "b" }, { value: "a" }] },
      { query: [{ value: "a" }, { value: "b" }] },
    ],
    ["a value that another covers", { path: ["/a/*", "/a/b"] }, { path: "/a/*" }],
  ])("keeps its name, as it keeps its priority, with %s", (_name, before, after) => {
    const idOf = (route: object) => rulesOf({ llama: [route] }).map(({ id, priority }) => ({ id, priority }));
    expect(idOf(after)).toEqual(idOf(before));
  });

  test("is called by its priority, where one is written, whatever else is edited", () => {
    expect(idOf([{ path: "/a", priority: 7 }])).toBe("at-7");
    expect(idOf([{ path: "/b", host: "b.example.com", priority: 7 }])).toBe("at-7");
  });

  test("is numbered, when its route takes several", () => {
    const ids = rulesOf({ llama: [{ path: seven }] }).map(({ id }) => id);
    expect([...ids].sort()).toEqual(
      [idOf([{ path: seven[0] ?? "" }]), `${idOf([{ path: seven[0] ?? "" }])}-2`].sort(),
    );
  });

  test("differs from one that begins alike", () => {
    const ids = rulesOf({ llama: [{ path: ["/a", "/b"] }, { path: ["/a", "/c"] }] }).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  test("has the rewrite of its route, and none of its route's other words", () => {
    const rewrite = { path: { regex: "^/a/", replace: "/" } };
    const rules = rulesOf({ llama: [{ path: seven, rewrite, priority: 5 }] });
    expect(rules).toHaveLength(2);
    for (const rule of rules) {
      expect(rule.rewrite).toEqual(rewrite);
      expect(Object.keys(rule.conditions)).toEqual(["path"]);
    }
  });

  test("stands in the order in which the load balancer tries it", () => {
    const rules = rulesOf({
      llama: [{ path: "/v1/*" }],
      qwen: [{ path: "/v1/qwen/*" }, { path: "/x", priority: 50_000 }],
    });
    expect(rules.map(({ conditions }) => conditions.path?.[0])).toEqual(["/v1/qwen/*", "/v1/*", "/x"]);
    expect(rules.map(({ priority }) => priority)).toEqual(
      rules.map(({ priority }) => priority).sort((a, b) => a - b),
    );
  });
});

describe("a written priority", () => {
  test("is that of the first rule of its route, and the others follow", () => {
    expect(rulesOf({ llama: [{ path: seven, priority: 20 }] }).map(({ priority }) => priority)).toEqual([
      20, 21,
    ]);
  });

  test("is left to the derivation where none is written", () => {
    const explicit = unplacedRules(modelRoutes(models({ llama: [{ path: seven }] }), undefined)).map(
      (rule) => rule.explicit,
    );
    expect(explicit).toEqual([undefined, undefined]);
  });
});

describe("a route that cannot be", () => {
  const route = (conditions: object) =>
    [["llama", { routes: [conditions] } as unknown as ModelFile]] as const;

  test("is no rule, and no exception", () => {
    expect(listenerRules(unplacedRules(modelRoutes(route({}), undefined)))).toEqual([]);
  });

  test("the same twice is one rule, and no exception", () => {
    const twice = [
      ["llama", { routes: [{ path: ["/a"] }, { path: ["/a"] }] } as unknown as ModelFile],
    ] as const;
    expect(listenerRules(unplacedRules(modelRoutes(twice, undefined)))).toHaveLength(1);
  });

  test("more rules than a load balancer takes are no exception", () => {
    const many = Array.from({ length: 1500 }, (_, index) => ({
      path: [`/a/b${index}/*`],
      host: ["a.b"],
      headers: { x: ["y"] },
    }));
    const rules = listenerRules(
      unplacedRules(modelRoutes([["llama", { routes: many } as unknown as ModelFile]], undefined)),
    );
    expect(rules).toHaveLength(1500);
  });
});
