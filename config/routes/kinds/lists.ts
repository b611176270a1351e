import type { ConditionDiagnostic, Form } from "./kind";

/** A list of texts: one condition. */
export function listOf(diagnosticOf: (value: string) => string | undefined): Form<readonly string[]> {
  return {
    read: (values) => [{ values }],
    write: (conditions) => conditions.flatMap(({ values }) => values),
    diagnostics: (values) => listDiagnostics(values, diagnosticOf),
  };
}

/** The errors of a list: that it is empty, or those of its values. */
export function listDiagnostics<T>(
  values: readonly T[],
  diagnosticOf: (value: T) => string | undefined,
): readonly ConditionDiagnostic[] {
  if (values.length === 0) {
    return [{ path: [], message: "is empty, so nothing can match; leave it out or give it a value" }];
  }
  return values.flatMap((value, index) => {
    const message = diagnosticOf(value);
    return message === undefined ? [] : [{ path: [index], message }];
  });
}
