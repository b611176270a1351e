import type { Rule } from "../config/deployment";

/**
 * What to put behind the endpoint to reach a model: the fixed beginning of the path of its first rule that has
 * one, e.g. `/llama/` of `/llama/*`. Nothing, when it is reached by other means.
 */
export function modelPath(model: string, rules: readonly Rule[]): string {
  const paths = rules
    .filter((rule) => rule.model === model)
    .flatMap(({ conditions }) => conditions.path ?? []);
  return paths[0]?.replace(/[*?].*$/, "") ?? "";
}
