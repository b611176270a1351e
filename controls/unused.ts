import { type Diagnostic, type Path, warning } from "../config/diagnostics/diagnostic";
import { closest, didYouMean } from "../config/diagnostics/suggest";
import type { Acceptance } from "./accepted";
import { ruleById } from "./all";
import { readControlId } from "./ids";
import type { Report } from "./judge";
import { NOT_JUDGED } from "./not-judged";

/** Acceptances that accept nothing, each as a finding in the file that they stand in. */
export function unusedAcceptances(
  report: Report,
  acceptances: readonly (Acceptance & { readonly path: Path })[],
): readonly Diagnostic[] {
  return acceptances
    .filter((each) => report.unused.includes(each))
    .map(({ id, path }) => warning("acceptance-unused", path, whyUnused(report, id), "key"));
}

function whyUnused({ results }: Report, printed: string): string {
  const { id, finding } = readControlId(printed);
  const elsewhere = NOT_JUDGED[id];
  const result = results.find(({ rule }) => rule.ids.includes(id));
  if (elsewhere !== undefined) {
    return `this control is not judged: ${elsewhere}; remove the line`;
  }
  if (result === undefined) {
    const near =
      didYouMean(closest(id, [...ruleById.keys()])) || "; docs/controls.md lists those that are judged";
    return `no control of this id is judged${near}`;
  }
  const { rule, passed, notKnown, failed, accepted } = result;
  if (finding !== undefined && failed.length + accepted.length > 0) {
    return rule.findings === undefined
      ? `this control finds one thing only; write ${id}`
      : `it does not find ${finding} in what fails here; npm run controls prints what it finds`;
  }
  if (failed.length + accepted.length > 0) {
    return "it fails nothing here that is not accepted already; remove the line";
  }
  if (notKnown.length > 0) {
    return "it could not be judged, so there is nothing to accept; remove the line";
  }
  return passed.length > 0
    ? "this control passes here; remove the line"
    : `there is none of what it is about, ${rule.types.join(", ")}; remove the line`;
}
