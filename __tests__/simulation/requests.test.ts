import type { ConditionModel, RuleModel } from "../../simulation/model";
import { testOf } from "../../simulation/requests/conditions";
import { cookiesIn, sealed, unsealed } from "../../simulation/requests/cookies";
import { hostRewriter, pathRewriter, redirectTo } from "../../simulation/requests/rewrite";
import { ruleFor, rulesOf } from "../../simulation/requests/rules";
import { forwardTo, listener, request } from "../support/simulated";

const CONDITIONS: readonly [ConditionModel, Parameters<typeof request>[0], boolean][] = [
  [{ field: "path", values: ["/a/*"], regex: false }, { path: "/a/b/c" }, true],
  [{ field: "path", values: ["/a/*"], regex: false }, { path: "/A/b" }, false],
  [{ field: "path", values: ["/a/?"], regex: false }, { path: "/a/bc" }, false],
  [{ field: "path", values: ["/x", "/v1.0"], regex: false }, { path: "/v1.0" }, true],
  [{ field: "path", values: ["/v1.0"], regex: false }, { path: "/v1x0" }, false],
  [{ field: "path", values: ["/a%20b"], regex: false }, { path: "/a%20b" }, true],
  [{ field: "path", values: ["^/m/v1/(chat|models)$"], regex: true }, { path: "/m/v1/chat" }, true],
  [{ field: "path", values: ["^/m/v1/(chat|models)$"], regex: true }, { path: "/m/v1/chats" }, false],
  [{ field: "host", values: ["*.example.com"], regex: false }, { host: "A.EXAMPLE.COM" }, true],
  [{ field: "host", values: ["*.example.com"], regex: false }, { host: "example.com" }, false],
  [{ field: "host", values: ["^[ab]\\.example"], regex: true }, { host: "B.example.org" }, true],
  [
    { field: "header", name: "X-Model", values: ["llama*"], regex: false },
    { headers: { "x-model": "LLAMA-3" } },
    true,
  ],
  [{ field: "header", name: "X-Model", values: ["*"], regex: false }, {}, false],
  [{ field: "method", values: ["GET", "POST"] }, { method: "POST" }, true],
  [{ field: "method", values: ["GET"] }, { method: "get" }, false],
  [{ field: "query", values: [{ key: "model", value: "a*" }] }, { query: "x=1&MODEL=Abc" }, true],
  [{ field: "query", values: [{ key: "model", value: "a*" }] }, { query: "other=abc" }, false],
  [{ field: "query", values: [{ value: "abc" }] }, { query: "other=abc" }, true],
  [{ field: "source", values: ["203.0.113.0/24", "2001:db8::/32"] }, { source: "203.0.113.200" }, true],
  [{ field: "source", values: ["2001:db8::/32"] }, { source: "2001:db8::5" }, true],
  [{ field: "source", values: ["203.0.113.0/24"] }, { source: "2001:db8::5" }, false],
  [{ field: "source", values: ["127.0.0.0/8"] }, { source: "::ffff:127.0.0.1" }, true],
];

it.each(CONDITIONS)("%j with %j: %j", (condition, told, met) => {
  expect(testOf([condition])(request(told))).toBe(met);
});

it("takes the first rule by priority whose conditions are all met, and else the default action", () => {
  const rule = (priority: number, ...conditions: ConditionModel[]): RuleModel => ({
    address: `rule ${priority}`,
    priority,
    conditions,
    action: forwardTo("a"),
  });
  const path: ConditionModel = { field: "path", values: ["/a*"], regex: false };
  const post: ConditionModel = { field: "method", values: ["POST"] };
  const rules = rulesOf(listener({ rules: [rule(20, path), rule(10, path, post)] }));
  const chosen = (told: Parameters<typeof request>[0]) => ruleFor(rules, request(told)).address;
  expect([
    chosen({ path: "/a", method: "POST" }),
    chosen({ path: "/a" }),
    chosen({ path: "/b", method: "POST" }),
  ]).toEqual(["rule 10", "rule 20", "aws_lb_listener.http"]);
});

it("rewrites path and query together, leaves what it does not match, and fails where nothing can be sent", () => {
  const rewrite = pathRewriter({ regex: "^/llama/(.*)$", replace: "/$1" });
  expect(rewrite("/llama/v1/models?x=1")).toBe("/v1/models?x=1");
  expect(rewrite("/other")).toBe("/other");
  expect(pathRewriter({ regex: "^/", replace: "" })("/a")).toBeUndefined();
  expect(hostRewriter({ regex: "^(.+)\\.example\\.com$", replace: "$1.internal" })("A.example.com")).toBe(
    "A.internal",
  );
  expect(hostRewriter({ regex: ".*", replace: "a b" })("x")).toBeUndefined();
});

it("fills a redirect with what the request had", () => {
  const action = { type: "redirect", status: 301, protocol: "HTTPS", host: "#{host}", port: "443" } as const;
  const asked = request({ path: "/a/b", query: "x=1" });
  expect(
    redirectTo({ ...action, path: "/#{path}", query: "#{query}" }, asked, { protocol: "HTTP", port: 80 }),
  ).toBe("https://models.example.com:443/a/b?x=1");
  expect(
    redirectTo({ ...action, port: "#{port}", path: "/new/#{path}", query: "" }, asked, {
      protocol: "HTTP",
      port: 80,
    }),
  ).toBe("https://models.example.com:80/new/a/b");
});

it("reads cookies, and its own only until their time is over", () => {
  expect([...cookiesIn("a=1; b=x=y;c; =z")]).toEqual([
    ["a", "1"],
    ["b", "x=y"],
  ]);
  const cookie = sealed("i-1", 100);
  expect([
    unsealed(cookie, 99),
    unsealed(cookie, 100),
    unsealed("made-up", 0),
    unsealed(undefined, 0),
  ]).toEqual(["i-1", undefined, undefined, undefined]);
});
