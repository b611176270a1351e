import { count, listed } from "../config/diagnostics/text";
import type { AwsRefusal } from "./aws-refusals";
import type { Consequence } from "./consequences";
import type { Deployment } from "./deployment";
import { durationText } from "./duration";
import { instancesOf, type Sides } from "./sides";

/** The whole change in one line. */
export interface Verdict {
  /** The gravest that is so. */
  readonly kind: "refused" | "interrupts" | "rolls" | "keeps serving" | "changes nothing";
  readonly line: string;
}

/** Judges a change. Interruptions, refusals and rollouts are named; with several, the gravest comes first. */
export function verdictOf(
  deployment: Deployment,
  consequences: readonly Consequence[],
  sides: Sides,
  byAws: readonly AwsRefusal[],
): Verdict {
  const refused = deployment.stacks.filter(({ refusals }) => refusals.length > 0).map(({ name }) => name);
  const halfway = [...new Set(byAws.map(({ stack }) => stack))];
  const interrupted = [...new Set(consequences.flatMap(({ interrupts }) => interrupts ?? []))];
  const rolls = consequences.flatMap(({ roll }) => roll ?? []);
  const all = sides.before.regions
    .flatMap(({ groups }) => groups)
    .reduce((sum, each) => sum + instancesOf(each), 0);
  const rolled = rolls.reduce((sum, { instances }) => sum + instances, 0);
  const longest = Math.max(0, ...rolls.map(({ seconds }) => seconds));
  const rolling =
    rolled === 0 ? [] : [`rolls ${rolled} of ${count(all, "instance")} in about ${durationText(longest)}`];
  if (refused.length > 0) {
    return { kind: "refused", line: `will be refused: ${listed(refused)}` };
  }
  if (halfway.length > 0) {
    return { kind: "refused", line: `will be refused by AWS, halfway: ${listed(halfway)}` };
  }
  if (interrupted.length > 0) {
    return { kind: "interrupts", line: [`interrupts ${listed(interrupted)}`, ...rolling].join("; ") };
  }
  if (rolled > 0) {
    return { kind: "rolls", line: `keeps serving; ${rolling.join()}` };
  }
  return deployment.deposed > 0 || consequences.some(({ kind }) => kind !== "left running")
    ? { kind: "keeps serving", line: "keeps serving" }
    : { kind: "changes nothing", line: "changes nothing" };
}
