import { catalogueOf } from "../all";
import type { Judged, Report, Result, State } from "../judge";
import { countStates, stateOf } from "../judge";
import { NOT_JUDGED } from "../not-judged";
import { written } from "../part";
import type { Rule } from "../rule";

/** The addresses of parts that a line names; more are counted. */
const NAMED = 3;

/** Where a part is: `us-east-1 aws_lb.entry_alb`. */
export function place({ part }: Judged): string {
  return `${part.stack} ${part.address}`;
}

/** What closes a control, and its price; empty where no field does. */
export function closing({ rule: { closedBy, price } }: Result): string {
  if (closedBy === undefined) {
    return "";
  }
  const cost = price === undefined ? "" : `, about $${usd(price.usdAMonth)} a month for each ${price.per}`;
  return `closed by ${closedBy.join(" or ")}${cost}`;
}

function usd(amount: number): string {
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(2);
}

/** `3 resources`, or what they are called. */
export function places(all: readonly Judged[]): string {
  return shortened(all.map(place));
}

function shortened(all: readonly string[]): string {
  const named = all.slice(0, NAMED).join(", ");
  return all.length > NAMED ? `${named} and ${all.length - NAMED} more` : named;
}

/** One sentence: how many controls are in which state. */
export function countsText(report: Report): string {
  const counts = countStates(report);
  const said: readonly (readonly [State, string])[] = [
    ["failed", "failed"],
    ["accepted", "accepted with a reason"],
    ["not known", "could not be judged"],
    ["passed", "passed"],
    ["absent", "without such a resource here"],
  ];
  return said
    .filter(([state]) => counts[state] > 0)
    .map(([state, words]) => `${counts[state]} ${words}`)
    .join(", ");
}

/** Reasons of accepted parts, each with who gives it and what it is about. */
export function reasons(
  result: Result,
): readonly (readonly [reason: string, by: string, parts: readonly Judged[]])[] {
  const byReason = new Map<string, Judged[]>();
  for (const judged of result.accepted) {
    const key = JSON.stringify([judged.reason, acceptedBy(judged)]);
    byReason.set(key, [...(byReason.get(key) ?? []), judged]);
  }
  return [...byReason].map(([key, parts]) => {
    const [reason, by] = JSON.parse(key);
    return [reason, by, parts];
  });
}

/** What the report is not about, each a sentence. */
export function notLookedAt(report: Report): readonly string[] {
  const { typesWithoutRule, typesBesideOthers, countedAsOne } = report;
  const counted = countedAsOne.map(({ stack, address }) => `${stack} ${address}`);
  return [
    ...report.notRead,
    ...(counted.length === 0
      ? []
      : [`judged as one each, since only Terraform knows how many there are: ${shortened(counted)}`]),
    ...(typesWithoutRule.length === 0 ? [] : [`no control is about ${typesWithoutRule.join(", ")}`]),
    ...(typesBesideOthers.length === 0
      ? []
      : [`looked at only to judge what they belong to: ${typesBesideOthers.join(", ")}`]),
    ...byReason(NOT_JUDGED).map(([ids, reason]) => `${ids}: ${reason}`),
  ];
}

function byReason(table: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  const ids = new Map<string, string[]>();
  for (const [id, reason] of Object.entries(table)) {
    ids.set(reason, [...(ids.get(reason) ?? []), id]);
  }
  return [...ids].map(([reason, all]) => [runs(all).join(", "), reason]);
}

/** Ids, those that follow each other by their number as `AWS-0147 to AWS-0160`. */
function runs(ids: readonly string[]): readonly string[] {
  const found: string[][] = [];
  for (const id of ids) {
    const run = found.at(-1);
    if (run !== undefined && id === next(run.at(-1) ?? "")) {
      run.push(id);
    } else {
      found.push([id]);
    }
  }
  return found.flatMap((run) => (run.length < 3 ? run : [`${run[0]} to ${run.at(-1)}`]));
}

function next(id: string): string {
  return id.replace(/\d+$/, (number) => String(Number(number) + 1).padStart(number.length, "0"));
}

/** The expressions that are not known, each once. */
export function unknowns({ notKnown }: Result): string {
  return [...new Set(notKnown.map(({ detail }) => written(detail)))].join(", ");
}

/** The ids of a rule with their catalogues: `CKV_AWS_91 (Checkov), ELB.5 (Security Hub)`. */
export function idsWithCatalogues({ ids }: Rule): string {
  return ids.map((id) => `${id} (${catalogueOf(id)})`).join(", ");
}

/** Who gives the reason of an accepted part. */
export function acceptedBy({ by }: Judged): string {
  return by === "this project" ? by : "the team";
}

/** The report for a terminal: failed ones first, then what could not be judged, then what is accepted. */
export function terminalReport(report: Report): string {
  const of = (state: State) => report.results.filter((result) => stateOf(result) === state);
  const lines = [
    ...of("failed").flatMap((result) => [
      `failed  ${result.rule.ids.join(", ")}  ${result.rule.meaning}`,
      ...details(result.failed).map((line) => `        ${line}`),
      ...(closing(result) === "" ? [] : [`        ${closing(result)}`]),
    ]),
    // Also what stands beside parts that fail.
    ...report.results
      .filter(({ notKnown }) => notKnown.length > 0)
      .flatMap((result) => [
        `could not be judged  ${result.rule.ids.join(", ")}  ${result.rule.meaning}`,
        `        ${places(result.notKnown)}: ${unknowns(result)}`,
      ]),
    ...report.results
      .filter(({ accepted }) => accepted.length > 0)
      .flatMap((result) => [
        `accepted  ${result.rule.ids.join(", ")}  ${result.rule.meaning}`,
        ...reasons(result).map(([reason, by, parts]) => `        by ${by}, ${places(parts)}: ${reason}`),
      ]),
  ];
  return [
    ...lines,
    ...(lines.length === 0 ? [] : [""]),
    "Not looked at",
    ...notLookedAt(report).map((line) => `  ${line}`),
    "",
    `${report.results.length} controls: ${countsText(report)}.`,
  ].join("\n");
}

/** The parts that fail, those that lack the same together. */
function details(failed: readonly Judged[]): readonly string[] {
  const byDetail = new Map<string | undefined, Judged[]>();
  for (const judged of failed) {
    byDetail.set(judged.detail, [...(byDetail.get(judged.detail) ?? []), judged]);
  }
  return [...byDetail].map(([detail, parts]) =>
    detail === undefined ? places(parts) : `${places(parts)}: ${detail}`,
  );
}
