import fc from "fast-check";
import {
  canonicalConditions,
  conditionsOf,
  contentKey,
  tableOf,
} from "../../../config/routes/condition-table";
import { KINDS } from "../../../config/routes/kinds";
import type { RouteConditions } from "../../../config/routes/route";
import { conditions, requests } from "./arbitraries";
import { matches } from "./requests";

describe("conditions in their one form", () => {
  test.each<[string, RouteConditions, RouteConditions]>([
    ["sort and deduplicate values", { path: ["/b", "/a", "/b"] }, { path: ["/a", "/b"] }],
    ["write hosts in lower case", { host: ["B.Example.com", "b.example.COM"] }, { host: ["b.example.com"] }],
    ["leave the case of paths", { path: ["/A", "/a"] }, { path: ["/A", "/a"] }],
    [
      "leave methods and regular expressions",
      { method: ["PUT", "GET"], pathRegex: ["^/A+$"] },
      { method: ["GET", "PUT"], pathRegex: ["^/A+$"] },
    ],
    [
      "write headers in lower case",
      { headers: { "X-Model": ["Llama"] } },
      { headers: { "x-model": ["llama"] } },
    ],
    ["drop a value another covers", { path: ["/v1/*", "/v1/llama/*", "/v2"] }, { path: ["/v1/*", "/v2"] }],
    ["drop surplus wildcards", { path: ["/v1/**"] }, { path: ["/v1/*"] }],
    ["begin a path with its slash", { path: ["*?x"] }, { path: ["/*x"] }],
    ["keep one of two that mean the same", { path: ["*.png", "/*.png"] }, { path: ["*.png"] }],
    [
      "merge blocks into those around them",
      { sourceIp: ["10.1.0.0/16", "10.0.0.0/8"] },
      { sourceIp: ["10.0.0.0/8"] },
    ],
    ["drop a condition every request meets", { path: ["/*"], host: ["a.b"] }, { host: ["a.b"] }],
    [
      "drop an expression that everything matches",
      { pathRegex: ["^/.*$"], hostRegex: [".*"], method: ["GET"] },
      { method: ["GET"] },
    ],
    ["drop what such an expression covers", { pathRegex: ["^/.*$", "^/a"] }, { pathRegex: ["^/.*$"] }],
    ["drop all addresses", { sourceIp: ["::/0", "0.0.0.0/0"], method: ["GET"] }, { method: ["GET"] }],
    [
      "keep the addresses of one family",
      { sourceIp: ["0.0.0.0/0"], method: ["GET"] },
      { method: ["GET"], sourceIp: ["0.0.0.0/0"] },
    ],
    [
      "keep a path where nothing else is left",
      { host: ["*"], path: ["/*"], sourceIp: ["::/0", "0.0.0.0/0"] },
      { path: ["/*"] },
    ],
    [
      "keep a header of any value",
      { headers: { a: ["*"] }, method: ["GET"] },
      { headers: { a: ["*"] }, method: ["GET"] },
    ],
    [
      "write a query without its empty key",
      { query: [{ key: "*", value: "A" }, { value: "a" }] },
      { query: [{ value: "a" }] },
    ],
    [
      "keep escapes in a query",
      {
        query: [
          { key: "q", value: "a\\*\\?" },
          { key: "q", value: "a*" },
          { key: "q", value: "b\\*" },
        ],
      },
      {
        query: [
          { key: "q", value: "a*" },
          { key: "q", value: "b\\*" },
        ],
      },
    ],
    ["are none for none", {}, {}],
  ])("%s", (_, given, canonical) => {
    expect(canonicalConditions(given)).toEqual(canonical);
  });

  test("match the same requests", () => {
    fc.assert(
      fc.property(conditions, requests, (given, request) => {
        expect(matches(canonicalConditions(given), request)).toBe(matches(given, request));
      }),
      { numRuns: 1000 },
    );
  });

  test("are their own one form", () => {
    fc.assert(
      fc.property(conditions, (given) => {
        const canonical = canonicalConditions(given);
        expect(canonicalConditions(canonical)).toEqual(canonical);
      }),
    );
  });

  test("survive the way there and back", () => {
    fc.assert(
      fc.property(conditions, (given) => {
        expect(tableOf(conditionsOf(tableOf(given)))).toEqual(tableOf(given));
      }),
    );
  });
});

describe("the content key", () => {
  test("is the same for another order and another case", () => {
    const a = { host: ["A.com", "b.com"], path: ["/b", "/a"], headers: { "X-B": ["1"], "X-A": ["2"] } };
    const b = { headers: { "x-a": ["2"], "x-b": ["1"] }, path: ["/a", "/b"], host: ["b.com", "a.com"] };
    expect(contentKey(a)).toBe(contentKey(b));
  });

  test("differs where the conditions do", () => {
    const keys = [
      { path: ["/a"] },
      { path: ["/A"] },
      { pathRegex: ["/a"] },
      { host: ["/a"] },
      { headers: { path: ["/a"] } },
      { path: ["/a"], method: ["GET"] },
    ].map(contentKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("wildcards AWS counts", () => {
  test.each([
    [{ path: ["/*/?"] }, 2],
    [{ host: ["*.a.b"] }, 1],
    [{ headers: { a: ["*x*"] } }, 2],
    [{ pathRegex: ["^/.*?$"] }, 0],
    [{ query: [{ key: "a*", value: "*b?" }] }, 3],
    [{ query: [{ value: "b*" }] }, 1],
    [{ query: [{ key: "a", value: "\\*\\?" }] }, 0],
  ])("in %j are %d", (given, count) => {
    const counts = [...tableOf(given).values()].flatMap(({ kind, values }) =>
      values.map(KINDS[kind].wildcards),
    );
    expect(counts).toEqual([count]);
  });
});
