import fc from "fast-check";
import { contains, sameRequests } from "../../../config/routes/containment";
import type { RouteConditions } from "../../../config/routes/route";
import { conditions, globOver, requests } from "./arbitraries";
import { matches, type Request, textsOver } from "./requests";

describe("conditions contain others", () => {
  test.each<[string, RouteConditions, RouteConditions]>([
    ["by a wider path", { path: ["/v1/*"] }, { path: ["/v1/llama/*"] }],
    ["by having fewer conditions", { path: ["/v1/*"] }, { path: ["/v1/*"], host: ["a.example.com"] }],
    ["by a path that is every path", { path: ["/*"] }, { host: ["a.example.com"] }],
    ["by several values together", { path: ["/", "/?*"] }, { path: ["*"] }],
    ["in any case of hosts", { host: ["*.Example.com"] }, { host: ["A.example.COM"] }],
    [
      "in any case of headers",
      { headers: { "X-Model": ["LLAMA*"] } },
      { headers: { "x-model": ["llama-2"] } },
    ],
    ["by more methods", { method: ["GET", "POST"] }, { method: ["GET"] }],
    ["by one header less", { headers: { a: ["1"] } }, { headers: { a: ["1"], b: ["2"] } }],
    [
      "by a query of any key",
      { query: [{ value: "llama*" }] },
      { query: [{ key: "model", value: "llama" }] },
    ],
    ["by the blocks of halves", { sourceIp: ["10.0.0.0/9", "10.128.0.0/9"] }, { sourceIp: ["10.0.0.0/8"] }],
    ["by all addresses of both families", { sourceIp: ["0.0.0.0/0", "::/0"] }, { path: ["/a"] }],
    [
      "by the same regular expression",
      { pathRegex: ["^/a", "^/b"] },
      { pathRegex: ["^/a"], method: ["GET"] },
    ],
    ["by every path, whatever the expression", { path: ["*"] }, { pathRegex: ["^/a"] }],
    ["by an expression for every path", { pathRegex: ["^/.*$"] }, { path: ["/a"] }],
    ["by an expression for every path, whatever the other", { pathRegex: [".*"] }, { pathRegex: ["^/a"] }],
    ["by an expression for every host", { hostRegex: [".*"] }, { host: ["a.example.com"] }],
  ])("%s", (_, general, special) => {
    expect(contains(general, special)).toBe(true);
  });

  test.each<[string, RouteConditions, RouteConditions]>([
    ["by a narrower path", { path: ["/v1/llama/*"] }, { path: ["/v1/*"] }],
    ["by a path in another case", { path: ["/V1/*"] }, { path: ["/v1/*"] }],
    ["by more conditions", { path: ["/v1/*"], host: ["a.example.com"] }, { path: ["/v1/*"] }],
    ["by any value of a header that may be missing", { headers: { a: ["*"] } }, { path: ["/a"] }],
    ["by any parameter, for there may be none", { query: [{ value: "*" }] }, { path: ["/a"] }],
    [
      "by key and value from two parameters",
      {
        query: [
          { key: "a", value: "1" },
          { key: "b", value: "2" },
        ],
      },
      { query: [{ key: "a", value: "2" }] },
    ],
    ["by addresses of one family", { sourceIp: ["0.0.0.0/0"] }, { path: ["/a"] }],
    ["by a regular expression that might", { pathRegex: ["a.*"] }, { path: ["/a"] }],
    ["by a glob that might hold the expression", { path: ["/a*"] }, { pathRegex: ["^/a"] }],
    ["by another kind with the same value", { headers: { host: ["a.b"] } }, { host: ["a.b"] }],
    ["by an escaped star", { query: [{ key: "q", value: "\\*" }] }, { query: [{ key: "q", value: "*" }] }],
  ])("not %s", (_, general, special) => {
    expect(contains(general, special)).toBe(false);
  });

  test("only if no request says otherwise", () => {
    fc.assert(
      fc.property(
        conditions,
        conditions,
        fc.array(requests, { minLength: 50, maxLength: 50 }),
        (general, special, some) => {
          const both = { ...general, ...special };
          for (const inner of [special, both]) {
            if (contains(general, inner)) {
              expect(some.filter((request) => matches(inner, request) && !matches(general, request))).toEqual(
                [],
              );
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("whenever no request says otherwise", () => {
    fc.assert(
      fc.property(simple, simple, (general, special) => {
        const counterexample = EVERY_SIMPLE.some(
          (request) => matches(special, request) && !matches(general, request),
        );
        expect(contains(general, special)).toBe(!counterexample);
      }),
      { numRuns: 300 },
    );
  });
});

describe("two match the same requests", () => {
  test("when each contains the other", () => {
    expect(sameRequests({ path: ["*.png"] }, { path: ["/*.png"] })).toBe(true);
    expect(sameRequests({ host: ["A.b"], path: ["/*"] }, { host: ["a.B"] })).toBe(true);
  });

  test("not when one contains the other", () => {
    expect(sameRequests({ path: ["/a*"] }, { path: ["/a"] })).toBe(false);
    expect(sameRequests({ path: ["/a"] }, { path: ["/a*"] })).toBe(false);
  });
});

/** Few enough that every request that makes a difference can be tried. */
const simple: fc.Arbitrary<RouteConditions> = fc
  .record({
    path: fc.option(
      fc.array(
        globOver("a/", 2).map((glob) => `/${glob}`),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    method: fc.option(fc.constantFrom(["GET"], ["GET", "PUT"], ["PUT"])),
    headers: fc.option(fc.constantFrom({ m: ["a*"] }, { m: ["a"] }, { m: ["*"] }, { m: ["b"] })),
  })
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)))
  .filter((given) => Object.keys(given).length > 0);

const EVERY_SIMPLE: readonly Request[] = textsOver("ab/", 4).flatMap((rest) =>
  ["GET", "PUT", "HEAD"].flatMap((method) =>
    [{}, { m: "a" }, { m: "ab" }, { m: "b" }, { m: "c" }].map((headers) => ({
      path: `/${rest}`,
      host: "",
      method,
      headers: headers as Record<string, string>,
      query: [],
      sourceIp: "",
    })),
  ),
);
