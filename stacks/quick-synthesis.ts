import util from "node:util";
import { Token, Tokenization } from "cdktf";

/**
 * Runs a synthesis without two things that take cdktf most of its time and change nothing of what it writes: the stack
 * trace of every token, which it shows only when a token cannot be resolved, and the resolving of values that hold no
 * token. An error that leaves `work` has its own stack trace all the same.
 *
 * It also keeps Node 22 from printing a deprecation: cdktf calls `util.isArray` for every output.
 */
export function synthesizeQuickly<T>(work: () => T): T {
  const { captureStackTrace } = Error;
  const { resolve } = Tokenization;
  const { isArray } = util;
  Error.captureStackTrace = () => {};
  Object.assign(util, { isArray: Array.isArray });
  Tokenization.resolve = (value, options) =>
    resolveTokens(value, (held) => resolve.call(Tokenization, held, options));
  try {
    return work();
  } finally {
    Error.captureStackTrace = captureStackTrace;
    Tokenization.resolve = resolve;
    Object.assign(util, { isArray });
  }
}

/**
 * What cdktf makes of a value: tokens resolved, and what is undefined left out.
 *
 * @param resolve cdktf's own, which is called only for values that may hold a token, or are no plain data
 */
export function resolveTokens(value: unknown, resolve: (value: unknown) => unknown): unknown {
  if (mayHoldToken(value)) {
    return resolve(value);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => resolveTokens(item, resolve)).filter((item) => item !== undefined);
  }
  const resolved: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const within = resolveTokens(inner, resolve);
    if (within !== undefined) {
      resolved[key] = within;
    }
  }
  return resolved;
}

/** In every text that stands for a token. Source: cdktf, tokens/private/encoding.ts. */
const TOKEN = "TfToken[";

/** Whether perhaps only cdktf can resolve a value itself, apart from what is within. `false` is never wrong. */
function mayHoldToken(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return value.includes(TOKEN) || value.includes("e+") || MAP_VALUES.includes(value);
    case "number":
      // A token is a number too large to be exact.
      return !Number.isSafeInteger(value) || MAP_VALUES.includes(value);
    case "object":
      return value !== null && (Array.isArray(value) ? value.some(mayBeListToken) : !isPlain(value));
    default:
      return typeof value === "function";
  }
}

/** Values that cdktf puts beside the key of a map that is a token. */
const MAP_VALUES: readonly unknown[] = [
  Token.STRING_MAP_TOKEN_VALUE,
  Token.NUMBER_MAP_TOKEN_VALUE,
  Token.ANY_MAP_TOKEN_VALUE,
];

function mayBeListToken(item: unknown): boolean {
  return typeof item === "string" ? item.includes(TOKEN) : typeof item === "number" && mayHoldToken(item);
}

function isPlain(value: object): boolean {
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    !("resolve" in value) &&
    !Object.keys(value).some(mayHoldToken)
  );
}
