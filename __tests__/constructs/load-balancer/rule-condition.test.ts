import { Lazy } from "cdktf";
import fc from "fast-check";
import type { RuleCondition } from "../../../aws/rule-condition";
import { ruleConditions } from "../../../constructs/load-balancer/rule-condition";

const path = (...values: string[]): RuleCondition => ({ field: "path-pattern", values });
const host = (...values: string[]): RuleCondition => ({ field: "host-header", values });
const header = (...values: string[]): RuleCondition => ({ field: "http-header", name: "X-Model", values });

describe("the conditions of a rule", () => {
  it.each([
    [path("/v1/*"), { pathPattern: { values: ["/v1/*"] } }],
    [{ field: "path-pattern", regexValues: ["^/v[12]/"] }, { pathPattern: { regexValues: ["^/v[12]/"] } }],
    [host("*.example.com"), { hostHeader: { values: ["*.example.com"] } }],
    [{ field: "host-header", regexValues: ["^a"] }, { hostHeader: { regexValues: ["^a"] } }],
    [header("llama*"), { httpHeader: { httpHeaderName: "X-Model", values: ["llama*"] } }],
    [
      { field: "http-header", name: "X-Model", regexValues: ["^l"] },
      { httpHeader: { httpHeaderName: "X-Model", regexValues: ["^l"] } },
    ],
    [{ field: "http-request-method", values: ["GET"] }, { httpRequestMethod: { values: ["GET"] } }],
    [
      { field: "query-string", values: [{ key: "model", value: "llama" }, { value: "x" }] },
      { queryString: [{ key: "model", value: "llama" }, { value: "x" }] },
    ],
    [{ field: "source-ip", values: ["203.0.113.0/24"] }, { sourceIp: { values: ["203.0.113.0/24"] } }],
  ] as [RuleCondition, object][])("can be %j", (condition, expected) => {
    expect(ruleConditions([condition])).toEqual([expected]);
  });

  it("are written in the order given", () => {
    expect(ruleConditions([host("a.example.com"), path("/a")]).flatMap(Object.keys)).toEqual([
      "hostHeader",
      "pathPattern",
    ]);
  });

  it("may compare several headers and parameters", () => {
    const query: RuleCondition = { field: "query-string", values: [{ value: "x" }] };
    expect(ruleConditions([header("a"), header("b"), query, query])).toHaveLength(4);
  });

  it.each(["path-pattern", "host-header", "http-request-method", "source-ip"] as const)(
    "may hold one %s condition only",
    (field) => {
      const value = {
        "path-pattern": "/a",
        "host-header": "a",
        "http-request-method": "GET",
        "source-ip": "::/0",
      };
      const condition: RuleCondition = { field, values: [value[field]] };
      expect(() => ruleConditions([condition, condition])).toThrow(`one ${field} condition`);
    },
  );

  it("must exist", () => {
    expect(() => ruleConditions([])).toThrow("needs a condition");
  });

  it.each([
    path(),
    { field: "query-string", values: [] },
    { field: "source-ip", values: [] },
  ] as RuleCondition[])("must have a value, which %j has not", (condition) => {
    expect(() => ruleConditions([condition])).toThrow("has no value");
  });
});

describe("the limits of a rule", () => {
  it("are 5 values, all conditions together", () => {
    const methods: RuleCondition = { field: "http-request-method", values: ["GET", "POST"] };
    const query: RuleCondition = { field: "query-string", values: [{ key: "k", value: "v" }] };
    const address: RuleCondition = { field: "source-ip", values: ["203.0.113.0/24"] };
    const regex: RuleCondition = { field: "host-header", regexValues: ["a"] };
    expect(() => ruleConditions([methods, query, address, regex])).not.toThrow();
    expect(() => ruleConditions([methods, query, address, regex, path("/a")])).toThrow(
      "a listener rule may compare with 5 values, all conditions together; got 6",
    );
  });

  it("are 5 wildcards, all conditions together", () => {
    expect(() => ruleConditions([path("/*/?/*"), host("*.a.com"), header("?")])).not.toThrow();
    const query: RuleCondition = { field: "query-string", values: [{ key: "k*", value: "v" }] };
    expect(() => ruleConditions([path("/*/?/*"), host("*.a.com"), header("?"), query])).toThrow(
      "a listener rule may have 5 wildcards, all conditions together; got 6",
    );
  });

  it("count no wildcard that is escaped, nor those signs in an expression", () => {
    expect(() => ruleConditions([path(String.raw`/\*\?\*\?\*\?\*`)])).not.toThrow();
    expect(() =>
      ruleConditions([{ field: "path-pattern", regexValues: ["^/.*.*.*.*.*.*.*$"] }]),
    ).not.toThrow();
  });

  it("hold for any number of paths and hosts", () => {
    fc.assert(
      fc.property(fc.nat({ max: 6 }), fc.nat({ max: 6 }), (paths, hosts) => {
        fc.pre(paths > 0 && hosts > 0);
        const conditions = [
          path(...Array.from({ length: paths }, (_, i) => `/${i}`)),
          host(...Array.from({ length: hosts }, (_, i) => `h${i}.com`)),
        ];
        if (paths + hosts <= 5) {
          expect(() => ruleConditions(conditions)).not.toThrow();
        } else {
          expect(() => ruleConditions(conditions)).toThrow("5 values");
        }
      }),
    );
  });
});

describe("the values of a condition", () => {
  const long = "a".repeat(129);

  it.each([
    [path(`/${"a".repeat(128)}`), "1 to 128 characters"],
    [host(""), "1 to 128 characters"],
    [header(long), "1 to 128 characters"],
    [{ field: "host-header", regexValues: [long] }, "1 to 128 characters"],
    [{ field: "query-string", values: [{ key: long, value: "v" }] }, "1 to 128 characters"],
    [{ field: "query-string", values: [{ value: long }] }, "1 to 128 characters"],
    [{ field: "http-request-method", values: ["get"] }, 'the request method "get" must be in upper case'],
    [path("v1/*"), 'the path pattern "v1/*" must begin with "/" or "*"'],
    [{ field: "http-header", name: "Host", values: ["a"] }, 'use a "host-header" condition'],
    [{ field: "http-header", name: "", values: ["a"] }, "the header name"],
    [{ field: "http-header", name: "a".repeat(41), values: ["a"] }, "1 to 40 characters"],
  ] as [RuleCondition, string][])("may not be %j", (condition, message) => {
    expect(() => ruleConditions([condition])).toThrow(message);
  });

  it.each([
    path(`/${"a".repeat(127)}`),
    path("*.png"),
    { field: "path-pattern", regexValues: ["v1"] },
    { field: "http-header", name: "a".repeat(40), values: ["a"] },
    { field: "http-request-method", values: ["VERSION-CONTROL"] },
  ] as RuleCondition[])("may be %j", (condition) => {
    expect(() => ruleConditions([condition])).not.toThrow();
  });

  it("are accepted unchecked when they are tokens", () => {
    const token = Lazy.stringValue({ produce: () => "get" }).repeat(8);
    expect(() =>
      ruleConditions([path(token), { field: "http-header", name: token, values: [token] }]),
    ).not.toThrow();
  });
});
