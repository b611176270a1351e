import type { Judged, Report } from "../judge";
import { stateOf } from "../judge";
import { acceptedBy, notLookedAt } from "./text";

/** The report for other programs. */
export function jsonReport(report: Report): string {
  const controls = report.results.map((result) => {
    const { rule, service, passed, failed, accepted, notKnown } = result;
    const { ids, meaning, source, closedBy, price } = rule;
    return {
      ids,
      service,
      meaning,
      source,
      state: stateOf(result),
      ...(closedBy !== undefined && { closedBy }),
      ...(price !== undefined && { price }),
      passed: passed.map(where),
      failed: failed.map(where),
      accepted: accepted.map(where),
      notKnown: notKnown.map(where),
    };
  });
  const unused = report.unused.map(({ id, stack, reason }) => ({
    id,
    ...(stack !== undefined && { stack }),
    reason,
  }));
  return JSON.stringify({ controls, unusedAcceptances: unused, notLookedAt: notLookedAt(report) }, null, 2);
}

function where(judged: Judged) {
  const { part, detail, reason } = judged;
  return {
    stack: part.stack,
    address: part.address,
    ...(detail !== undefined && { detail }),
    ...(reason !== undefined && { reason, by: acceptedBy(judged) }),
  };
}
