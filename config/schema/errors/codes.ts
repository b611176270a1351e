import type * as z from "zod";
import type { ErrorCode } from "../../diagnostics/diagnostic";

/** For a rule that the schema brings itself: the code of what it finds. Default: `wrong-format`. */
export function finding(code: ErrorCode): { readonly params: { readonly finding: ErrorCode } } {
  return { params: { finding: code } };
}

/**
 * The code of what Zod has found.
 *
 * @param value what stands at the place; undefined where nothing does
 */
export function codeOf(issue: z.core.$ZodIssue, value: unknown): ErrorCode {
  if (issue.code === "custom") {
    return issue.params?.finding ?? "wrong-format";
  }
  if (value === undefined || value === null) {
    return value === undefined ? "missing-field" : "empty-field";
  }
  switch (issue.code) {
    case "invalid_value":
      return typeof value === "object" ? "wrong-type" : "unknown-word";
    case "too_small":
    case "too_big":
      return typeof value === "string" || Array.isArray(value) ? "wrong-length" : "out-of-range";
    case "not_multiple_of":
      return "out-of-range";
    case "invalid_format":
      return "wrong-format";
    default:
      return "wrong-type";
  }
}
