import ipaddr from "ipaddr.js";
import type { ConditionModel } from "../model";
import type { RequestFacts } from "./request";

/** Whether a request meets a condition, or all of several. */
export type Test = (request: RequestFacts) => boolean;

/**
 * The test of all conditions of a rule. Patterns are compiled here, once.
 * Source: ELB user guide, "Condition types for listener rules".
 */
export function testOf(conditions: readonly ConditionModel[]): Test {
  const tests = conditions.map(testOfOne);
  return (request) => {
    for (const test of tests) {
      if (!test(request)) {
        return false;
      }
    }
    return true;
  };
}

function testOfOne(condition: ConditionModel): Test {
  switch (condition.field) {
    case "path": {
      const matches = anyOf(condition.values.map((value) => patternOf(value, condition.regex, "")));
      return ({ path }) => matches(path);
    }
    case "host": {
      const matches = anyOf(condition.values.map((value) => patternOf(value, condition.regex, "i")));
      return ({ host }) => matches(host);
    }
    case "header": {
      const matches = anyOf(condition.values.map((value) => patternOf(value, condition.regex, "i")));
      const name = condition.name.toLowerCase();
      return ({ headers }) => {
        const value = headers[name];
        return value !== undefined && matches(value);
      };
    }
    case "method": {
      const methods = new Set(condition.values);
      return ({ method }) => methods.has(method);
    }
    case "query":
      return testOfQuery(condition.values);
    case "source":
      return testOfSource(condition.values);
  }
}

/**
 * A regular expression for a value of a condition. Of a pattern `*` is any characters, `?` exactly one, and a backslash
 * before one of them takes its meaning. A regular expression need not match the whole text.
 */
function patternOf(value: string, regex: boolean, flags: "" | "i"): RegExp {
  if (regex) {
    return new RegExp(value, flags);
  }
  const source = value.replace(/\\[*?\\]|[\s\S]/g, (token) => {
    if (token === "*" || token === "?") {
      return token === "*" ? "[^]*" : "[^]";
    }
    return token.at(-1)?.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&") ?? "";
  });
  return new RegExp(`^${source}$`, flags);
}

function anyOf(patterns: readonly RegExp[]): (text: string) => boolean {
  return (text) => {
    for (const pattern of patterns) {
      if (pattern.test(text)) {
        return true;
      }
    }
    return false;
  };
}

/** One pair is enough. A condition without a key takes the value of any. Case does not matter. */
function testOfQuery(values: readonly { readonly key?: string; readonly value: string }[]): Test {
  const wanted = values.map(({ key, value }) => ({
    key: key === undefined ? undefined : patternOf(key, false, "i"),
    value: patternOf(value, false, "i"),
  }));
  return ({ query }) => {
    for (const pair of query === "" ? [] : query.split("&")) {
      const at = pair.indexOf("=");
      const key = at === -1 ? pair : pair.slice(0, at);
      const value = at === -1 ? "" : pair.slice(at + 1);
      for (const each of wanted) {
        if ((each.key === undefined || each.key.test(key)) && each.value.test(value)) {
          return true;
        }
      }
    }
    return false;
  };
}

/** The address of the connection counts, not that of X-Forwarded-For. */
function testOfSource(values: readonly string[]): Test {
  const ranges = values.map((value) => ipaddr.parseCIDR(value));
  return ({ source }) => {
    const address = ipaddr.process(source);
    return ranges.some(
      ([range, bits]) => range.kind() === address.kind() && address.match([range, bits] as never),
    );
  };
}
