import { CONDITION_HEADER_NAME } from "../../../aws/limits";
import { globs } from "./globs";
import { type ConditionDiagnostic, type ConditionKind, type Form, LEAST_DEPTH } from "./kind";
import { listDiagnostics } from "./lists";
import { lengthDiagnostic, letterDiagnostic, longerThan } from "./texts";

/** Header names with a list of texts each. */
type ByHeader = Readonly<Record<string, readonly string[]>>;

export const headers: ConditionKind<ByHeader> = {
  ...byHeader(headerValueDiagnostic),
  ...globs({ caseMatters: false, mayBeMissing: true, depth: () => LEAST_DEPTH }),
  label: "header",
  requestPart: "header",
  readableWithoutName: false,
  insteadOf: undefined,
  url: "more",
  toRule: (given) =>
    sortedByName(given).map(([name, values]) => ({ field: "http-header" as const, name, values })),
};

/** A list of texts for each header: each header is a condition of its own. */
function byHeader(diagnosticOf: (value: string) => string | undefined): Form<ByHeader> {
  return {
    read: (given) => Object.entries(given).map(([name, values]) => ({ name: name.toLowerCase(), values })),
    write: (conditions) => Object.fromEntries(conditions.map(({ name = "", values }) => [name, values])),
    diagnostics: (given, dropsHeaders) =>
      sortedByName(given).flatMap(([name, values], index, sorted) => {
        const before = sorted.slice(0, index).map(([other]) => other);
        const message = twinDiagnostic(name, before) ?? nameDiagnostic(name, dropsHeaders);
        const ofName: readonly ConditionDiagnostic[] =
          message === undefined ? [] : [{ path: [name], message }];
        const ofValues = listDiagnostics(values, diagnosticOf);
        return [...ofName, ...ofValues.map(({ path, message }) => ({ path: [name, ...path], message }))];
      }),
  };
}

function sortedByName(given: ByHeader): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1));
}

function twinDiagnostic(name: string, others: readonly string[]): string | undefined {
  const twin = others.find((other) => other.toLowerCase() === name.toLowerCase());
  return twin === undefined ? undefined : `is the same header as ${twin}; put all values into one`;
}

/** Names of RFC 7230 are allowed if the load balancer drops none of them, but not `*`, which would look like a wildcard. */
function nameDiagnostic(name: string, dropsHeaders: boolean): string | undefined {
  if (name.toLowerCase() === "host") {
    return "the Host header is not matched here; use host";
  }
  if (!/^[\w!#$%&'+.^`|~-]+$/.test(name)) {
    return `"${name}" is no name of a header: HTTP takes letters, digits and a few signs such as "-" and "_", and a rule no wildcards`;
  }
  if (dropsHeaders && !/^[A-Za-z0-9-]+$/.test(name)) {
    return `"${name}" must have only letters, digits and "-": the load balancer drops other headers, unless entry.dropInvalidHeaders is false`;
  }
  return longerThan(CONDITION_HEADER_NAME.maxLength, name);
}

function headerValueDiagnostic(value: string): string | undefined {
  return (
    lengthDiagnostic(value) ?? letterDiagnostic(value, /[^\x20-\x7e]/, "visible ASCII characters and spaces")
  );
}
