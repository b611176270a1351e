import fc from "fast-check";
import { tableOf } from "../../../config/routes/condition-table";
import { KINDS } from "../../../config/routes/kinds";
import type { RouteConditions } from "../../../config/routes/route";
import { splitRoute } from "../../../config/routes/split";
import { conditions, requests } from "./arbitraries";
import { matches } from "./requests";

const rulesOf = (given: RouteConditions) => {
  const split = splitRoute(given);
  return split.ok ? split.rules : [];
};
const reasonOf = (given: RouteConditions) => {
  const split = splitRoute(given);
  return split.ok ? undefined : split.reason;
};
const numbered = (count: number, text: (number: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index + 1));

describe("a route becomes", () => {
  test("one rule when all its values fit", () => {
    expect(rulesOf({ path: ["/b", "/a"], host: ["A.example.com"], method: ["POST", "GET"] })).toEqual([
      { host: ["a.example.com"], method: ["GET", "POST"], path: ["/a", "/b"] },
    ]);
  });

  test("two rules for six values of one condition", () => {
    expect(rulesOf({ path: numbered(6, (number) => `/${number}`) })).toEqual([
      { path: ["/1", "/2", "/3", "/4", "/5"] },
      { path: ["/6"] },
    ]);
  });

  test("rules of every combination for three paths and three hosts", () => {
    const rules = rulesOf({
      path: ["/1", "/2", "/3"],
      host: ["a.example.com", "b.example.com", "c.example.com"],
    });
    expect(rules).toEqual([
      { host: ["a.example.com", "b.example.com"], path: ["/1", "/2", "/3"] },
      { host: ["c.example.com"], path: ["/1", "/2", "/3"] },
    ]);
  });

  test.each<[number, RouteConditions]>([
    [3, { path: numbered(7, (number) => `/${number}`), host: ["a.b", "c.d"] }],
    [4, { path: numbered(20, (number) => `/${number}`) }],
    [2, { path: numbered(6, (number) => `/${number}/*`) }],
    [2, { path: ["/*/a/*/b/*", "/*/c/*/d", "/e/*", "/f", "/g"] }],
    [2, { path: ["/a/*/*", "/b/*/*", "/c/*/*/*", "/d/*/*/*"] }],
    [1, { path: ["/*/a/*/b/*", "/*/c/*/d", "/e", "/f", "/g"] }],
    [2, { path: ["/a/*", "/b/*"], host: ["*.a.b", "*.c.d"], headers: { x: ["*1*"] } }],
    [32, { headers: { a: ["1", "2"], b: ["1", "2"], c: ["1", "2"], d: ["1", "2"], e: ["1", "2"] } }],
  ])("%d rules, no more, of %j", (count, given) => {
    expect(rulesOf(given)).toHaveLength(count);
  });

  test("rules that each fit into what AWS allows", () => {
    fc.assert(
      fc.property(conditions, (given) => {
        for (const rule of rulesOf(given)) {
          const values = [...tableOf(rule).values()].flatMap(({ kind, values }) =>
            values.map(KINDS[kind].wildcards),
          );
          expect(values.length).toBeLessThanOrEqual(5);
          expect(values.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("rules that together match what the route matches, and nothing else", () => {
    fc.assert(
      fc.property(conditions, fc.array(requests, { minLength: 50, maxLength: 50 }), (given, some) => {
        const split = splitRoute(given);
        fc.pre(split.ok);
        for (const request of some) {
          expect(split.rules.some((rule) => matches(rule, request))).toBe(matches(given, request));
        }
      }),
      { numRuns: 150 },
    );
  });

  test("the same rules in whatever order its values are written", () => {
    const shuffled = conditions.chain((given) =>
      fc.tuple(
        fc.constant(given),
        fc.record({
          path: shuffledOf(given.path),
          host: shuffledOf(given.host),
          query: shuffledOf(given.query),
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([given, others]) => {
        const again = Object.fromEntries(
          Object.entries({ ...others, ...without(given, ["path", "host", "query"]) }).reverse(),
        );
        expect(splitRoute(dropMissing(again))).toEqual(splitRoute(given));
      }),
      { numRuns: 150 },
    );
  });
});

describe("a route becomes no rule, and says why,", () => {
  test("with more conditions than a rule has values", () => {
    expect(
      reasonOf({
        path: ["/a"],
        host: ["a.b"],
        method: ["GET"],
        sourceIp: ["10.0.0.0/8"],
        headers: { x: ["1"], y: ["2"] },
      }),
    ).toBe(
      "6 conditions must all match (headers.x, headers.y, host, method, path, sourceIp), and a rule holds 5 values; leave 1 out",
    );
  });

  test("with more wildcards in one value than in a rule", () => {
    expect(reasonOf({ path: ["/a", "/*/*/*/*/*/*"] })).toBe(
      'path "/*/*/*/*/*/*" has 6 wildcards, and a rule holds 5; spell more of it out',
    );
  });

  test("with more wildcards in the values that meet than in a rule", () => {
    expect(reasonOf({ path: ["/*/*/*"], host: ["a.b", "*.*.c"], query: [{ key: "q", value: "?" }] })).toBe(
      'host "*.*.c" with path "/*/*/*" with query "q=?" has 6 wildcards, and a rule holds 5; spell more of it out',
    );
  });

  test("with a list that is empty", () => {
    expect(reasonOf({ headers: { x: [] } })).toBe(
      "headers.x has no value, so nothing can match; leave it out or give it one",
    );
  });

  test("without any condition", () => {
    expect(reasonOf({})).toBe('no condition is given, and a rule needs one; path "/*" matches every request');
  });

  test("with a regular expression beside a glob", () => {
    expect(reasonOf({ host: ["a.b"], hostRegex: ["^a"] })).toBe(
      "host and hostRegex exclude one another in a rule; keep one, or write two routes",
    );
    expect(reasonOf({ path: ["/a"], pathRegex: ["^/a"] })).toContain("path and pathRegex");
  });
});

function shuffledOf<T>(values: readonly T[] | undefined): fc.Arbitrary<T[] | undefined> {
  return values === undefined
    ? fc.constant(undefined)
    : fc.shuffledSubarray([...values, ...values.slice(0, 1)], { minLength: values.length + 1 });
}

function without(given: RouteConditions, names: readonly string[]): RouteConditions {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
}

function dropMissing(given: Readonly<Record<string, unknown>>): RouteConditions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
