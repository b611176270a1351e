import ipaddr from "ipaddr.js";
import type { Patterns, RuleCondition } from "../../../aws/rule-condition";
import type { RouteConditions } from "../../../config/routes/route";

/** A request as a load balancer sees it; header names in lower case. */
export interface Request {
  readonly path: string;
  readonly host: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [key: string, value: string])[];
  readonly sourceIp: string;
}

type Kind = keyof RouteConditions;
type Matcher<Given> = (given: Given, request: Request) => boolean;

/** Matchers written from AWS's pages alone: they share nothing with the code under test. */
const MATCHERS: { readonly [K in Kind]: Matcher<NonNullable<RouteConditions[K]>> } = {
  path: (globs, request) => globs.some((glob) => globMatches(glob, request.path)),
  pathRegex: (regexes, request) => regexes.some((regex) => new RegExp(regex).test(request.path)),
  host: (globs, request) => globs.some((glob) => globMatches(glob, request.host, "i")),
  hostRegex: (regexes, request) => regexes.some((regex) => new RegExp(regex).test(request.host)),
  method: (methods, request) => methods.includes(request.method),
  headers: (headers, request) =>
    Object.entries(headers).every(([name, globs]) => {
      const value = request.headers[name.toLowerCase()];
      return value !== undefined && globs.some((glob) => globMatches(glob, value, "i"));
    }),
  query: (parameters, request) =>
    parameters.some(({ key, value }) =>
      request.query.some(
        ([name, given]) => globMatches(key ?? "*", name, "i") && globMatches(value, given, "i"),
      ),
    ),
  sourceIp: (cidrs, request) => cidrs.some((cidr) => inBlock(cidr, request.sourceIp)),
};

/** Whether a request takes a route. */
export function matches(conditions: RouteConditions, request: Request): boolean {
  const meets = <K extends Kind>(kind: K) => {
    const given = conditions[kind];
    return given === undefined || MATCHERS[kind](given, request);
  };
  return (Object.keys(conditions) as Kind[]).every(meets);
}

/** Whether a request meets the condition of a listener rule, by the fields of AWS. */
export function meets(condition: RuleCondition, request: Request): boolean {
  switch (condition.field) {
    case "path-pattern":
      return textMeets(condition, request.path);
    case "host-header":
      return textMeets(condition, request.host, "i");
    case "http-header": {
      const value = request.headers[condition.name.toLowerCase()];
      return value !== undefined && textMeets(condition, value, "i");
    }
    case "http-request-method":
      return MATCHERS.method(condition.values, request);
    case "query-string":
      return MATCHERS.query(condition.values, request);
    case "source-ip":
      return MATCHERS.sourceIp(condition.values, request);
  }
}

function textMeets(patterns: Patterns, text: string, flags?: string): boolean {
  return patterns.values !== undefined
    ? patterns.values.some((glob) => globMatches(glob, text, flags))
    : patterns.regexValues.some((regex) => new RegExp(regex).test(text));
}

export function globMatches(glob: string, text: string, flags = ""): boolean {
  return globPattern(glob, flags).test(text);
}

/** A glob as a regular expression. */
export function globPattern(glob: string, flags = ""): RegExp {
  const pattern = glob.replace(/[.*+?^${}()|[\]\\/-]/g, (letter) =>
    letter === "*" ? "[^]*" : letter === "?" ? "[^]" : `\\${letter}`,
  );
  return new RegExp(`^${pattern}$`, flags);
}

function inBlock(cidr: string, address: string): boolean {
  const [network, length] = ipaddr.parseCIDR(cidr);
  const caller = ipaddr.parse(address);
  return caller.kind() === network.kind() && caller.match([network, length]);
}

/** All texts over the letters, up to the length. */
export function textsOver(letters: string, maxLength: number): readonly string[] {
  let longest = [""];
  const all = [...longest];
  for (let length = 1; length <= maxLength; length++) {
    longest = longest.flatMap((text) => [...letters].map((letter) => text + letter));
    all.push(...longest);
  }
  return all;
}
