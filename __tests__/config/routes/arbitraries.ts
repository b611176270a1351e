import fc from "fast-check";
import { KINDS } from "../../../config/routes/kinds";
import type { KindName } from "../../../config/routes/kinds/kind";
import type { RouteConditions } from "../../../config/routes/route";
import type { Request } from "./requests";

/** Globs over few letters, so that they often meet. */
export const globOver = (letters: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters, "*", "?"), maxLength });

const some = <T>(value: fc.Arbitrary<T>, maxLength = 4) => fc.array(value, { minLength: 1, maxLength });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const seldom = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const paths = fc.oneof(
  { weight: 6, arbitrary: globOver("ab/", 4).map((glob) => `/${glob}`) },
  { weight: 1, arbitrary: globOver("ab/", 2).map((glob) => `*${glob}`) },
);
const hosts = fc.constantFrom("a.example.com", "b.example.com", "*.example.com", "A.EXAMPLE.com", "a.*");
const values = fc.constantFrom("llama", "LLAMA", "llama-*", "llama-2", "l*", "?lama", "mistral");
const blocks = fc.constantFrom(
  "10.0.0.0/8",
  "10.1.0.0/16",
  "10.1.2.3/32",
  "10.0.0.0/9",
  "10.128.0.0/9",
  "0.0.0.0/0",
  "::/0",
  "2001:db8::/32",
);

const GIVEN: { readonly [Kind in keyof RouteConditions]-?: fc.Arbitrary<RouteConditions[Kind]> } = {
  path: maybe(some(paths)),
  pathRegex: seldom(some(fc.constantFrom("^/.*$", "^/a.*$", "^/a$", "^/[ab]$", ".*"), 2)),
  host: maybe(some(hosts)),
  hostRegex: seldom(some(fc.constantFrom("^.*$", "^a\\.example\\.(com|org)$", "^.*\\.example\\.com$"), 2)),
  method: maybe(some(fc.constantFrom("GET", "POST", "PUT"), 2)),
  headers: maybe(
    fc.dictionary(fc.constantFrom("x-model", "x-tier"), some(values, 3), {
      minKeys: 1,
      noNullPrototype: true,
    }),
  ),
  query: maybe(some(fc.record({ key: maybe(fc.constantFrom("model", "m*", "v")), value: values }), 3)),
  sourceIp: maybe(some(blocks, 3)),
};

/** Conditions of every kind. */
export const conditions: fc.Arbitrary<RouteConditions> = fc
  .record(GIVEN)
  .map(({ path, ...others }) =>
    Object.values(others).every((value) => value === undefined)
      ? { path: path ?? ["/*"] }
      : { path, ...others },
  )
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));

/** Conditions without regular expressions: whether they share requests can be decided. */
export const plainConditions = conditions.filter((given) =>
  Object.keys(given).every((kind) => !KINDS[kind as KindName].isRegex),
);

const headerValue = fc.constantFrom("llama", "llama-2", "Llama-x", "mistral", "");

/** Requests that such conditions often match. */
export const requests: fc.Arbitrary<Request> = fc.record({
  path: fc.string({ unit: fc.constantFrom(..."abc/"), maxLength: 4 }).map((rest) => `/${rest}`),
  host: fc.constantFrom(
    "a.example.com",
    "b.example.com",
    "c.example.com",
    "a.example.org",
    "x.y.example.com",
  ),
  method: fc.constantFrom("GET", "POST", "PUT", "HEAD"),
  headers: fc.dictionary(fc.constantFrom("x-model", "x-tier"), headerValue, { noNullPrototype: true }),
  query: fc.array(fc.tuple(fc.constantFrom("model", "mode", "v", "w"), headerValue), { maxLength: 2 }),
  sourceIp: fc.constantFrom("10.1.2.3", "10.1.9.9", "10.200.0.1", "192.0.2.1", "2001:db8::1", "2001:db9::1"),
});
