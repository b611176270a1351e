import type { Acceptance } from "./accepted";
import type { Report } from "./judge";
import { countStates, judge } from "./judge";
import { readInput } from "./read";

/** What came of the controls of a folder, for the end of `npm run synth`. */
export function controlsOf(outdir: string, acceptances: readonly Acceptance[]): Report {
  return judge(readInput(outdir), acceptances);
}

/** One line of it. */
export function controlsLine(report: Report): string {
  const { failed, accepted, passed, "not known": notKnown } = countStates(report);
  const more = notKnown === 0 ? "" : `, ${notKnown} could not be judged`;
  return `Public controls: ${passed} passed, ${accepted} accepted, ${failed} failed${more}: npm run controls`;
}
