import fc from "fast-check";
import { conditionDiagnostics } from "../../../config/routes/condition-diagnostics";
import { overlapExample, overlaps } from "../../../config/routes/overlap";
import type { RouteConditions } from "../../../config/routes/route";
import { conditions, plainConditions, requests } from "./arbitraries";
import { matches } from "./requests";

describe("two routes overlap", () => {
  test.each<[RouteConditions, RouteConditions, string]>([
    [{ path: ["/v1/llama*"] }, { path: ["/v1/*-x"] }, "/v1/llama-x"],
    [{ path: ["/a/*"] }, { path: ["/?/*b"] }, "/a/xb"],
    [{ path: ["/a/*"] }, { path: ["/?/"] }, "/a/"],
    [{ path: ["/a", "/b/*"] }, { path: ["/c", "/b/c"] }, "/b/c"],
    [{ path: ["/v1/*"] }, { host: ["*.example.com"] }, "host x.example.com, path /v1/x"],
    [{ host: ["A.b"], method: ["GET"] }, { host: ["a.*"], method: ["PUT", "GET"] }, "host a.b, method GET"],
    [{ headers: { "x-a": ["L*"] } }, { headers: { "X-A": ["*2"] } }, "header x-a l2"],
    [{ headers: { "x-a": ["1"] } }, { headers: { "x-b": ["2"] } }, "header x-a 1, header x-b 2"],
    [{ sourceIp: ["10.0.0.0/8"] }, { sourceIp: ["192.0.2.0/24", "10.1.0.0/16"] }, "caller 10.1.0.0"],
    [{ query: [{ key: "m", value: "a*" }] }, { query: [{ value: "*b" }] }, "query m=ab"],
    [{ query: [{ key: "m", value: "a" }] }, { query: [{ key: "n", value: "b" }] }, "query m=a&n=b"],
    [{ query: [{ value: "a" }] }, { query: [{ value: "b" }] }, "query x=a&y=b"],
    [{ query: [{ key: "q", value: "\\*" }] }, { query: [{ value: "*" }] }, "query q=*"],
    [{ pathRegex: ["^/a"] }, { pathRegex: ["^/a", "^/b"] }, "path like ^/a"],
    [{ pathRegex: ["^/a"] }, { method: ["GET"] }, "method GET, path like ^/a"],
  ])("%j and %j in %s", (a, b, example) => {
    expect(overlapExample(a, b)).toBe(example);
    expect(overlaps(b, a)).toBe(true);
  });

  test.each<[RouteConditions, RouteConditions]>([
    [{ path: ["/v1/llama*"] }, { path: ["/v1/mistral*"] }],
    [{ path: ["/A"] }, { path: ["/a"] }],
    [
      { path: ["/a"], host: ["a.b"] },
      { path: ["/a"], host: ["c.d"] },
    ],
    [{ headers: { m: ["a"] } }, { headers: { m: ["b"] } }],
    [{ query: [{ key: "m", value: "a" }] }, { query: [{ key: "M", value: "b" }] }],
    [{ method: ["GET"] }, { method: ["PUT"] }],
    [{ sourceIp: ["10.0.0.0/8"] }, { sourceIp: ["::/0"] }],
  ])("not: %j and %j", (a, b) => {
    expect(overlaps(a, b)).toBe(false);
  });

  test.each<[RouteConditions, RouteConditions]>([
    [{ pathRegex: ["^/a"] }, { pathRegex: ["^/a.*"] }],
    [{ pathRegex: ["^/a"] }, { path: ["/a"] }],
    [{ host: ["a.b"] }, { hostRegex: ["a"] }],
  ])("or it cannot be decided: %j and %j", (a, b) => {
    expect(overlaps(a, b)).toBe(false);
    expect(overlaps(b, a)).toBe(false);
  });

  test("always where they are the same", () => {
    fc.assert(
      fc.property(conditions, (given) => {
        fc.pre(conditionDiagnostics(given).length === 0);
        expect(overlaps(given, given)).toBe(true);
      }),
    );
  });

  test("whenever a request with no parameter twice matches both", () => {
    let both = 0;
    fc.assert(
      fc.property(
        plainConditions,
        plainConditions,
        fc.array(requests, { minLength: 30, maxLength: 30 }),
        (a, b, some) => {
          for (const request of some) {
            const keys = request.query.map(([key]) => key);
            if (new Set(keys).size === keys.length && matches(a, request) && matches(b, request)) {
              both += 1;
              expect(overlaps(a, b)).toBe(true);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(both).toBeGreaterThan(20);
  });
});
