import { CONDITION_HEADER_NAME, CONDITION_METHOD, CONDITION_VALUE } from "../../aws/limits";
import { formatBlock, parseBlock } from "./cidr";
import type { QueryCondition, RouteConditions } from "./route";

/** Something wrong with one value of a route. */
export interface ConditionDiagnostic {
  /** Where in the conditions: `["path", 0]`, `["query", 1, "key"]`; empty for the conditions as a whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what would be right. */
  readonly message: string;
}

/**
 * What AWS would refuse in the conditions of one route, or accept and never match. The rules are those of "Condition
 * types for listener rules" (Application Load Balancers user guide) and of the ELBv2 API reference; how many values
 * and wildcards fit is `splitRoute`'s business.
 *
 * @param dropsHeaders whether the load balancer drops headers with names of other than letters, digits and hyphens
 */
export function conditionDiagnostics(
  conditions: RouteConditions,
  dropsHeaders = true,
): readonly ConditionDiagnostic[] {
  const { path, pathRegex, host, hostRegex, headers, method, query, sourceIp } = conditions;
  const given = [path, pathRegex, host, hostRegex, method, query, sourceIp].some(
    (values) => values !== undefined,
  );
  if (!given && Object.keys(headers ?? {}).length === 0) {
    return [{ path: [], message: 'no condition is given; path "/*" matches every request' }];
  }
  return [
    ...eitherOr("pathRegex", "path", pathRegex, path),
    ...eitherOr("hostRegex", "host", hostRegex, host),
    ...each(["path"], path, pathDiagnostic),
    ...each(["pathRegex"], pathRegex, regexDiagnostic),
    ...each(["host"], host, hostDiagnostic),
    ...each(["hostRegex"], hostRegex, regexDiagnostic),
    ...headerDiagnostics(headers ?? {}, dropsHeaders),
    ...each(["method"], method, methodDiagnostic),
    ...queryDiagnostics(query),
    ...each(["sourceIp"], sourceIp, cidrDiagnostic),
  ];
}

type Where = readonly (string | number)[];

function each<T>(
  where: Where,
  values: readonly T[] | undefined,
  diagnosticOf: (value: T) => string | undefined,
): ConditionDiagnostic[] {
  if (values?.length === 0) {
    return [{ path: where, message: "is empty, so nothing can match; leave it out or give it a value" }];
  }
  return (values ?? []).flatMap((value, index) => {
    const message = diagnosticOf(value);
    return message === undefined ? [] : [{ path: [...where, index], message }];
  });
}

function eitherOr(regex: string, glob: string, regexes: unknown, globs: unknown): ConditionDiagnostic[] {
  const message = `cannot stand beside ${glob}: a rule takes the one or the other; keep one, or write two routes`;
  return regexes !== undefined && globs !== undefined ? [{ path: [regex], message }] : [];
}

function pathDiagnostic(path: string): string | undefined {
  if (!/^[/*]/.test(path)) {
    return `"${path}" must start with "/" (or "*"), as every path does`;
  }
  return lengthDiagnostic(path) ?? letterDiagnostic(path, /[^A-Za-z0-9_.$/~"'@:+&*?-]/, PATH_LETTERS);
}

const PATH_LETTERS =
  "letters, digits, _ - . $ / ~ \" ' @ : + & and the wildcards * and ?; parameters go into query";

function hostDiagnostic(host: string): string | undefined {
  const wrongLetter = letterDiagnostic(
    host,
    /[^A-Za-z0-9.*?-]/,
    "letters, digits, - . and the wildcards * and ?",
  );
  if (wrongLetter !== undefined) {
    return wrongLetter;
  }
  if (!host.includes(".")) {
    return `"${host}" must have a ".", as in llama.example.com`;
  }
  if (!/\.[A-Za-z*?]+$/.test(host)) {
    return `"${host}" must end in letters after its last ".", as in llama.example.com`;
  }
  return lengthDiagnostic(host);
}

function headerDiagnostics(
  headers: Readonly<Record<string, readonly string[]>>,
  dropsHeaders: boolean,
): ConditionDiagnostic[] {
  const names = Object.keys(headers).sort();
  return names.flatMap((name, index) => {
    const twin = names.slice(0, index).find((other) => other.toLowerCase() === name.toLowerCase());
    const message =
      twin === undefined
        ? headerNameDiagnostic(name, dropsHeaders)
        : `is the same header as ${twin}; put all values into one`;
    const ofName = message === undefined ? [] : [{ path: ["headers", name], message }];
    return [...ofName, ...each(["headers", name], headers[name], headerValueDiagnostic)];
  });
}

/** Names are those of RFC 7230, where the load balancer drops none; a star would look like a wildcard. */
function headerNameDiagnostic(name: string, dropsHeaders: boolean): string | undefined {
  if (name.toLowerCase() === "host") {
    return "the Host header is not matched here; use host";
  }
  if (!/^[\w!#$%&'+.^`|~-]+$/.test(name)) {
    return `"${name}" is no name of a header: HTTP takes letters, digits and a few signs such as "-" and "_", and a rule no wildcards`;
  }
  if (dropsHeaders && !/^[A-Za-z0-9-]+$/.test(name)) {
    return `"${name}" must have only letters, digits and "-": the load balancer drops other headers, unless entry.dropInvalidHeaders is false`;
  }
  return name.length > CONDITION_HEADER_NAME.maxLength
    ? `"${name}" has ${name.length} characters; the most is ${CONDITION_HEADER_NAME.maxLength}`
    : undefined;
}

function headerValueDiagnostic(value: string): string | undefined {
  return (
    lengthDiagnostic(value) ?? letterDiagnostic(value, /[^\x20-\x7e]/, "visible ASCII characters and spaces")
  );
}

function methodDiagnostic(method: string): string | undefined {
  const upper = method.toUpperCase();
  if (method !== upper) {
    return `"${method}" must be upper case ("${upper}")`;
  }
  if (!/^[A-Z_-]+$/.test(method)) {
    return `"${method}" must have only the letters A–Z, "-" and "_"; a method takes no wildcards`;
  }
  return method.length > CONDITION_METHOD.maxLength
    ? `"${method}" has ${method.length} characters; the most is ${CONDITION_METHOD.maxLength}`
    : undefined;
}

function queryDiagnostics(query: readonly QueryCondition[] | undefined): ConditionDiagnostic[] {
  const half = (text: string) =>
    lengthDiagnostic(text) ??
    letterDiagnostic(text, /[^\x21-\x7e]/, "visible ASCII characters; write others as %20 and so on");
  const ofParts = (query ?? []).flatMap(({ key, value }, index) =>
    Object.entries({ key, value }).flatMap(([part, text]) => {
      const message = text === undefined ? undefined : half(text);
      return message === undefined ? [] : [{ path: ["query", index, part], message }];
    }),
  );
  return [...each(["query"], query, () => undefined), ...ofParts];
}

function cidrDiagnostic(cidr: string): string | undefined {
  const block = parseBlock(cidr);
  if (block === undefined) {
    const alone = parseBlock(`${cidr}/32`) ?? parseBlock(`${cidr}/128`);
    const bits = parseBlock(`${cidr}/128`) === undefined ? 32 : 128;
    return alone === undefined
      ? `"${cidr}" is no block of addresses; write it like 10.0.0.0/8 or 2001:db8::/32`
      : `"${cidr}" has no prefix length; did you mean ${cidr}/${bits}?`;
  }
  if (formatBlock(block) === "255.255.255.255/32") {
    return `"${cidr}" is refused by AWS; no caller has this address`;
  }
  const free = BigInt(block.bits - block.length);
  const whole = parseBlock(`${cidr.split("/")[0]}/${block.bits}`);
  return whole !== undefined && (whole.network >> free) << free !== whole.network
    ? `"${cidr}" has host bits set; did you mean ${formatBlock(block)}?`
    : undefined;
}

function regexDiagnostic(regex: string): string | undefined {
  const unsupported = UNSUPPORTED.find(([, pattern]) => pattern.test(regex));
  if (unsupported !== undefined) {
    return `"${regex}" has ${unsupported[0]}, which a load balancer does not know`;
  }
  try {
    new RegExp(regex);
  } catch {
    return `"${regex}" is no regular expression; check its brackets and repetitions`;
  }
  return lengthDiagnostic(regex);
}

/** "Listener rules for your Application Load Balancer", Rule basics; the rest JavaScript does not know either. */
const UNSUPPORTED: readonly (readonly [string, RegExp])[] = [
  ["a lookahead", /\(\?[=!]/],
  ["a lookbehind", /\(\?<[=!]/],
  ["a backreference", /(?<!\\)(?:\\\\)*\\(?:[1-9]|k<)/],
  ["a Unicode character class", /(?<!\\)(?:\\\\)*\\[pP]\{/],
];

function lengthDiagnostic(value: string): string | undefined {
  const { minLength, maxLength } = CONDITION_VALUE;
  if (value.length < minLength) {
    return "is empty; give it a value or leave it out";
  }
  return value.length > maxLength
    ? `"${value}" has ${value.length} characters; the most is ${maxLength}`
    : undefined;
}

function letterDiagnostic(value: string, forbidden: RegExp, allowed: string): string | undefined {
  const letter = forbidden.exec(value)?.[0];
  return letter === undefined
    ? undefined
    : `"${value}" has ${JSON.stringify(letter)}; allowed are ${allowed}`;
}
