import fc from "fast-check";
import { tableOf } from "../../../config/routes/condition-table";
import { contains } from "../../../config/routes/containment";
import { pathDepth } from "../../../config/routes/kinds/paths";
import { levelOf } from "../../../config/routes/level";
import type { RouteConditions } from "../../../config/routes/route";
import { conditions } from "./arbitraries";

const level = (given: RouteConditions) => levelOf(tableOf(given));

describe("the level of a rule", () => {
  test.each<[string, RouteConditions, number, number]>([
    ["a catch-all", { path: ["/*"] }, 49_000, 50_000],
    ["one exact path", { path: ["/v1/models"] }, 19_000, 22_999],
    ["one exact host", { host: ["a.example.com"] }, 19_000, 22_999],
    ["a method", { method: ["GET"] }, 19_000, 22_999],
    ["a regular expression", { pathRegex: ["^/v[12]/"] }, 23_000, 23_999],
    ["a path of depth 8", { path: ["/a/b/c/d/*"] }, 24_000, 25_999],
    ["a path of depth 5", { path: ["/v1/llama/*"] }, 27_500, 34_999],
    ["a path of depth 4", { path: ["/v1/llama*"] }, 35_000, 38_999],
    ["a path of depth 3", { path: ["/llama/*"] }, 39_000, 46_499],
    ["the least deep of several paths", { path: ["/llama/*", "/v1/llama/*", "/v1"] }, 39_000, 46_499],
    ["a host with a wildcard", { host: ["*.example.com"] }, 48_000, 48_999],
    ["a block of addresses", { sourceIp: ["10.0.0.1/32"] }, 48_000, 48_999],
    ["two exact conditions", { path: ["/v1"], host: ["a.b"] }, 5000, 7499],
    ["a path on a host", { path: ["/llama/*"], host: ["a.b"] }, 14_500, 17_499],
    ["two headers", { headers: { a: ["1"], b: ["2*"] } }, 18_000, 18_999],
    [
      "three exact conditions and one not",
      { path: ["/v1"], host: ["a.b"], method: ["GET"], headers: { a: ["*"] } },
      1000,
      1799,
    ],
    ["three conditions, one not exact", { path: ["/v1/*"], host: ["a.b"], method: ["GET"] }, 4000, 4599],
  ])("of %s", (_, given, first, last) => {
    expect(level(given)).toEqual({ first, last });
  });

  test("never lies behind that of a rule which contains it", () => {
    fc.assert(
      fc.property(conditions, conditions, conditions, (a, b, c) => {
        for (const [general, special] of [
          [a, b],
          [a, { ...b, ...a }],
          [
            { ...a, path: ["/a*"] },
            { ...c, ...a, path: ["/ab"] },
          ],
          [a, { ...a, headers: { ...a.headers, "x-more": ["*"] } }],
        ] as const) {
          if (contains(general, special)) {
            expect(level(special).first).toBeLessThanOrEqual(level(general).first);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("never lies behind that of a rule whose paths contain its path", () => {
    const path = fc
      .tuple(
        fc.constantFrom("/", "*"),
        fc.string({ unit: fc.constantFrom("/", "a", "*", "?"), maxLength: 5 }),
      )
      .map(([head, rest]) => head + rest);
    const wider = (special: string) =>
      fc
        .array(fc.constantFrom("*", "?", "keep"), { minLength: special.length, maxLength: special.length })
        .map((masks) =>
          [...special].map((letter, at) => (at === 0 || masks[at] === "keep" ? letter : masks[at])),
        )
        .map((letters) => letters.join(""));
    const pair = path.chain((special) =>
      fc.tuple(
        fc.constant([special]),
        fc.array(
          fc.oneof(wider(special), path, fc.constant(special.replace("*", "")), fc.constant(`/${special}`)),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
      ),
    );
    let contained = 0;
    fc.assert(
      fc.property(pair, ([special, general]) => {
        if (contains({ path: general }, { path: special })) {
          contained += 1;
          expect(level({ path: special }).first).toBeLessThanOrEqual(level({ path: general }).first);
        }
      }),
      { numRuns: 2000, examples: [[[["*/a"], ["/a", "/*/a", "/b/*"]]], [[["/a/*"], ["*/a/*"]]]] },
    );
    expect(contained).toBeGreaterThan(1000);
  });
});

describe("the depth of a path", () => {
  test.each([
    ["/*", 1],
    ["*", 1],
    ["/a*", 2],
    ["/a/*", 3],
    ["/*/a", 3],
    ["/a/b*", 4],
    ["/v1/llama/*", 5],
    ["*.png", 1],
    ["*/v1", 3],
    ["*/v1/*", 3],
    ["/v1", Number.POSITIVE_INFINITY],
    ["/?/?", 2],
  ])("%s is %d", (path, depth) => {
    expect(pathDepth(path)).toBe(depth);
  });
});
