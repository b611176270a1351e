import type { Report, Result, State } from "../judge";
import { stateOf } from "../judge";
import { closing, countsText, notLookedAt, places, reasons, unknowns } from "./text";

const WORDS: Readonly<Record<State, string>> = {
  failed: "FAILED",
  "not known": "could not be judged",
  accepted: "accepted",
  passed: "passed",
  absent: "no such resource",
};

/** The report as a page of Markdown, without a title: a table for each service. */
export function markdownReport(report: Report): string {
  const services = [...new Set(report.results.map(({ service }) => service))];
  return [
    `${report.results.length} controls: ${countsText(report)}.`,
    ...services.flatMap((service) => [
      `### ${service}`,
      table(
        ["Control", "What has to be so", "State"],
        report.results.filter((result) => result.service === service).map(row),
      ),
    ]),
    "### Not looked at",
    notLookedAt(report)
      .map((line) => `- ${cell(line)}`)
      .join("\n"),
  ].join("\n\n");
}

function row(result: Result): readonly string[] {
  const { rule, passed, failed, notKnown, accepted } = result;
  const told = [
    WORDS[stateOf(result)],
    ...(stateOf(result) === "passed" ? [`${passed.length}`] : []),
    ...(failed.length === 0 ? [] : [places(failed), closing(result)]),
    ...(notKnown.length === 0 ? [] : [`${places(notKnown)}: ${unknowns(result)}`]),
    ...(accepted.length === 0
      ? []
      : reasons(result).map(
          ([reason, by, parts]) => `by ${by}, ${parts.length} of ${parts[0]?.part.type}: ${reason}`,
        )),
  ].filter((text) => text !== "");
  return [rule.ids.join(", "), rule.meaning, told.join("; ").replace("passed; ", "passed, ")];
}

/** A table whose cells have the same width in a column, as the formatter of the project writes it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((cells) => cells.map(cell));
  const widths = head.map((_name, at) => Math.max(3, ...all.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => text.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [first = [], ...others] = all;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...others.map(line)].join("\n");
}

/** What a cell or a line of Markdown takes as it is: in code only what would end the cell is escaped. */
function cell(text: string): string {
  return text
    .replaceAll("\n", " ")
    .split("`")
    .map((part, at) => (at % 2 === 1 ? part : part.replaceAll("*", "\\*").replaceAll("<", "&lt;")))
    .join("`")
    .replaceAll("|", "\\|");
}
