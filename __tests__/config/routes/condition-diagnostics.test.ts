import { conditionDiagnostics } from "../../../config/routes/condition-diagnostics";
import type { RouteConditions } from "../../../config/routes/route";

const long = (length: number, start = "") => start.padEnd(length, "a");

describe("conditions have no problem", () => {
  test.each<RouteConditions>([
    { path: ["/v1/*", "*", "*.png", "/A-z0/_-.$~\"'@:+&?", long(128, "/")] },
    { pathRegex: ["^/v[12]/(?:chat|completions)$", "(?<name>a)\\\\1", long(128)] },
    { host: ["example.com", "*.Example.com", "api-*.*", `${long(124)}.com`] },
    { hostRegex: ["^api\\.example\\.com:8443$"] },
    { headers: { "X-Model-2": ["llama 3*", long(128)], [long(40)]: ["?"] } },
    { method: ["GET", "CUSTOM-METHOD_X", long(40).toUpperCase()] },
    { query: [{ key: "model", value: "a\\*" }, { value: long(128) }] },
    { sourceIp: ["10.0.0.0/8", "192.0.2.1/32", "0.0.0.0/0", "::/0", "2001:DB8::/32"] },
  ])("%j", (given) => {
    expect(conditionDiagnostics(given)).toEqual([]);
  });
});

describe("where the load balancer drops no headers, their names", () => {
  test("may be all that HTTP allows", () => {
    expect(conditionDiagnostics({ headers: { "x_model.v1": ["a"] } }, false)).toEqual([]);
  });

  test.each(["x model", "x-*", "x:y", "ä"])("are not %s", (name) => {
    expect(conditionDiagnostics({ headers: { [name]: ["a"] } }, false).map(({ path }) => path)).toEqual([
      ["headers", name],
    ]);
  });
});

describe("conditions have a problem", () => {
  test.each<[RouteConditions, readonly (string | number)[], string]>([
    [{}, [], 'no condition is given; path "/*" matches every request'],
    [{ headers: {} }, [], 'no condition is given; path "/*" matches every request'],

    [{ path: [] }, ["path"], "is empty, so nothing can match; leave it out or give it a value"],
    [{ path: ["/a", "v1/*"] }, ["path", 1], '"v1/*" must start with "/" (or "*"), as every path does'],
    [{ path: [""] }, ["path", 0], '"" must start with "/" (or "*"), as every path does'],
    [{ path: ["?v1"] }, ["path", 0], '"?v1" must start with "/" (or "*"), as every path does'],
    [{ path: [long(129, "/")] }, ["path", 0], `"${long(129, "/")}" has 129 characters; the most is 128`],
    [
      { path: ["/a?b=c"] },
      ["path", 0],
      '"/a?b=c" has "="; allowed are letters, digits, _ - . $ / ~ " \' @ : + & and the wildcards * and ?; parameters go into query',
    ],
    [{ path: ["/a b"] }, ["path", 0], expect.stringContaining('"/a b" has " "; allowed are') as string],
    [
      { path: ["/a"], pathRegex: ["^/a"] },
      ["pathRegex"],
      "cannot stand beside path: a rule takes the one or the other; keep one, or write two routes",
    ],

    [
      { pathRegex: ["("] },
      ["pathRegex", 0],
      '"(" is no regular expression; check its brackets and repetitions',
    ],
    [
      { pathRegex: ["a++"] },
      ["pathRegex", 0],
      '"a++" is no regular expression; check its brackets and repetitions',
    ],
    [
      { pathRegex: ["^(?!/a)"] },
      ["pathRegex", 0],
      '"^(?!/a)" has a lookahead, which a load balancer does not know',
    ],
    [
      { pathRegex: ["(?=a)"] },
      ["pathRegex", 0],
      '"(?=a)" has a lookahead, which a load balancer does not know',
    ],
    [
      { pathRegex: ["(?<!a)b"] },
      ["pathRegex", 0],
      '"(?<!a)b" has a lookbehind, which a load balancer does not know',
    ],
    [
      { hostRegex: ["(a)\\1"] },
      ["hostRegex", 0],
      '"(a)\\1" has a backreference, which a load balancer does not know',
    ],
    [
      { hostRegex: ["(?<x>a)\\k<x>"] },
      ["hostRegex", 0],
      '"(?<x>a)\\k<x>" has a backreference, which a load balancer does not know',
    ],
    [
      { hostRegex: ["\\p{L}"] },
      ["hostRegex", 0],
      '"\\p{L}" has a Unicode character class, which a load balancer does not know',
    ],
    [{ hostRegex: [long(129)] }, ["hostRegex", 0], `"${long(129)}" has 129 characters; the most is 128`],
    [{ hostRegex: [""] }, ["hostRegex", 0], "is empty; give it a value or leave it out"],

    [{ host: [] }, ["host"], "is empty, so nothing can match; leave it out or give it a value"],
    [{ host: ["localhost"] }, ["host", 0], '"localhost" must have a ".", as in llama.example.com'],
    [
      { host: ["10.0.0.1"] },
      ["host", 0],
      '"10.0.0.1" must end in letters after its last ".", as in llama.example.com',
    ],
    [
      { host: ["example.com:443"] },
      ["host", 0],
      '"example.com:443" has ":"; allowed are letters, digits, - . and the wildcards * and ?',
    ],
    [{ host: [`${long(125)}.com`] }, ["host", 0], `"${long(125)}.com" has 129 characters; the most is 128`],
    [
      { host: ["a.b"], hostRegex: ["^a"] },
      ["hostRegex"],
      "cannot stand beside host: a rule takes the one or the other; keep one, or write two routes",
    ],

    [{ headers: { Host: ["a.b"] } }, ["headers", "Host"], "the Host header is not matched here; use host"],
    [
      { headers: { x_model: ["a"] } },
      ["headers", "x_model"],
      '"x_model" must have only letters, digits and "-": the load balancer drops other headers, unless entry.dropInvalidHeaders is false',
    ],
    [
      { headers: { "x-*": ["a"] } },
      ["headers", "x-*"],
      '"x-*" is no name of a header: HTTP takes letters, digits and a few signs such as "-" and "_", and a rule no wildcards',
    ],
    [
      { headers: { [long(41)]: ["a"] } },
      ["headers", long(41)],
      `"${long(41)}" has 41 characters; the most is 40`,
    ],
    [
      { headers: { "x-a": ["1"], "X-A": ["2"] } },
      ["headers", "x-a"],
      "is the same header as X-A; put all values into one",
    ],
    [
      { headers: { a: [] } },
      ["headers", "a"],
      "is empty, so nothing can match; leave it out or give it a value",
    ],
    [{ headers: { a: [""] } }, ["headers", "a", 0], "is empty; give it a value or leave it out"],
    [
      { headers: { a: [long(129)] } },
      ["headers", "a", 0],
      `"${long(129)}" has 129 characters; the most is 128`,
    ],
    [
      { headers: { a: ["ü"] } },
      ["headers", "a", 0],
      '"ü" has "ü"; allowed are visible ASCII characters and spaces',
    ],

    [{ method: ["get"] }, ["method", 0], '"get" must be upper case ("GET")'],
    [
      { method: ["*"] },
      ["method", 0],
      '"*" must have only the letters A–Z, "-" and "_"; a method takes no wildcards',
    ],
    [
      { method: [""] },
      ["method", 0],
      '"" must have only the letters A–Z, "-" and "_"; a method takes no wildcards',
    ],
    [{ method: ["A".repeat(41)] }, ["method", 0], `"${"A".repeat(41)}" has 41 characters; the most is 40`],
    [{ method: [] }, ["method"], "is empty, so nothing can match; leave it out or give it a value"],

    [{ query: [] }, ["query"], "is empty, so nothing can match; leave it out or give it a value"],
    [
      { query: [{ value: "a" }, { value: "" }] },
      ["query", 1, "value"],
      "is empty; give it a value or leave it out",
    ],
    [{ query: [{ key: "", value: "a" }] }, ["query", 0, "key"], "is empty; give it a value or leave it out"],
    [
      { query: [{ key: long(129), value: "a" }] },
      ["query", 0, "key"],
      `"${long(129)}" has 129 characters; the most is 128`,
    ],
    [
      { query: [{ key: "q", value: "a b" }] },
      ["query", 0, "value"],
      '"a b" has " "; allowed are visible ASCII characters; write others as %20 and so on',
    ],

    [{ sourceIp: [] }, ["sourceIp"], "is empty, so nothing can match; leave it out or give it a value"],
    [
      { sourceIp: ["10.0.0.1/8"] },
      ["sourceIp", 0],
      '"10.0.0.1/8" has host bits set; did you mean 10.0.0.0/8?',
    ],
    [
      { sourceIp: ["2001:db8::1/32"] },
      ["sourceIp", 0],
      '"2001:db8::1/32" has host bits set; did you mean 2001:db8::/32?',
    ],
    [
      { sourceIp: ["10.0.0.1"] },
      ["sourceIp", 0],
      '"10.0.0.1" has no prefix length; did you mean 10.0.0.1/32?',
    ],
    [{ sourceIp: ["::1"] }, ["sourceIp", 0], '"::1" has no prefix length; did you mean ::1/128?'],
    [
      { sourceIp: ["office"] },
      ["sourceIp", 0],
      '"office" is no block of addresses; write it like 10.0.0.0/8 or 2001:db8::/32',
    ],
    [
      { sourceIp: ["255.255.255.255/32"] },
      ["sourceIp", 0],
      '"255.255.255.255/32" is refused by AWS; no caller has this address',
    ],
  ])("%j at %j", (given, path, message) => {
    expect(conditionDiagnostics(given)).toEqual([{ path, message }]);
  });

  test("or several, all told at once in the order of the conditions", () => {
    const found = conditionDiagnostics({
      sourceIp: ["x"],
      method: ["get", "put"],
      headers: { b_: [], a_: ["1"] },
      path: ["a", "/b", "c"],
    });
    expect(found.map(({ path }) => path.join("."))).toEqual([
      "path.0",
      "path.2",
      "headers.a_",
      "headers.b_",
      "headers.b_",
      "method.0",
      "method.1",
      "sourceIp.0",
    ]);
  });
});
