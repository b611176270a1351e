import type { Action, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { regexIn } from "./rewrites/provider-five";

/** A request as its first line and one header: `POST llama.example.com/v1/completions x-model: llama`. */
export type Request = string;

/** The actions for a request: those of the first rule that it matches, as a load balancer tries them. */
export function actionsFor(rules: readonly Rule[], request: Request): readonly Action[] {
  const [, method = "", host = "", path = "", name = "", value = ""] =
    /^(\S+) ([^/\s]*)(\/\S*)(?: ([\w-]+): (.*))?$/.exec(request) ?? [];
  const meets = (condition: RuleCondition): boolean => {
    const { PathPatternConfig, HostHeaderConfig, HttpHeaderConfig, HttpRequestMethodConfig } = condition;
    if (PathPatternConfig !== undefined) {
      const { Values = [], RegexValues = [] } = PathPatternConfig;
      const regexes = [
        ...RegexValues.map((regex) => new RegExp(regex)),
        ...Values.flatMap((value) => regexIn(value) ?? []),
      ];
      return matches(Values, path) || regexes.some((regex) => regex.test(path));
    }
    if (HostHeaderConfig !== undefined) {
      return matches(HostHeaderConfig.Values, host);
    }
    if (HttpHeaderConfig !== undefined) {
      return HttpHeaderConfig.HttpHeaderName === name && matches(HttpHeaderConfig.Values, value);
    }
    return HttpRequestMethodConfig?.Values?.includes(method) ?? false;
  };
  const inOrder = [...rules].sort((a, b) => order(a) - order(b));
  return inOrder.find(({ Conditions = [] }) => Conditions.every(meets))?.Actions ?? [];
}

/** The default rule, which has no conditions, is the last. */
function order({ IsDefault, Priority }: Rule): number {
  return IsDefault ? Number.POSITIVE_INFINITY : Number(Priority);
}

function matches(globs: readonly string[] = [], text: string): boolean {
  return globs.some((glob) => {
    const escaped = glob.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
    return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
  });
}
