import { acceptedControls } from "../config/checks/accept";
import { ruleById } from "../controls/all";
import { type Judged, judge, type Report, type Result, stateOf } from "../controls/judge";
import { OURS } from "../controls/ours";
import { asInput } from "../controls/read";
import { table } from "../controls/report/markdown";
import { countsText, notLookedAt, reasons } from "../controls/report/text";
import { goodDeployment } from "./good-deployment";
import { synthesized } from "./synthesized";

/** The examples whose controls the page shows, in its columns. */
export const EXAMPLES = ["serving.yaml", "examples/minimal.yaml", "examples/twelve-models.yaml"] as const;

/** What came of the controls of a file, with what it accepts. */
export function reportOf(file: string): Report {
  const { deployment, file: read } = goodDeployment(file);
  return judge(asInput(synthesized(deployment)), acceptedControls(read));
}

/** The controls that this project does not keep. */
export function acceptedHereTable(): string {
  return table(
    ["Control", "Of", "Reason"],
    OURS.map(({ id, of, reason }) => [ruleById.get(id)?.ids.join(", ") ?? id, of, reason]),
  );
}

/** All controls with their state in each example, by service; then the reasons of what is accepted, and what was not looked at. */
export function examplesTable(): string {
  const reports = EXAMPLES.map(reportOf);
  const [first] = reports;
  const services = [...new Set(first?.results.map(({ service }) => service))];
  return [
    EXAMPLES.map(
      (file, at) => `- \`${file}\`: ${reports[at] === undefined ? "" : countsText(reports[at])}`,
    ).join("\n"),
    ...services.flatMap((service) => [`### ${service}`, serviceTable(service, reports)]),
    "### Accepted by the examples",
    table(
      ["Example", "Control", "Reason"],
      reports.flatMap((report, at) => acceptedByTeam(EXAMPLES[at] ?? "", report)),
    ),
    "### Not looked at",
    [...new Set(reports.flatMap(notLookedAt))].map((line) => `- ${line}`).join("\n"),
  ].join("\n\n");
}

function serviceTable(service: string, reports: readonly Report[]): string {
  const [first] = reports;
  const rows = (first?.results ?? []).flatMap((result, at) =>
    result.service === service
      ? [
          [
            result.rule.ids.join(", "),
            result.rule.meaning,
            (result.rule.closedBy ?? []).map((field) => `\`${field}\``).join(", "),
            ...reports.map(({ results }) => cell(results[at])),
          ],
        ]
      : [],
  );
  return table(
    [
      "Control",
      "What has to be so",
      "Field",
      ...EXAMPLES.map((file) => `\`${file.replace("examples/", "")}\``),
    ],
    rows,
  );
}

function cell(result: Result | undefined): string {
  const state = result === undefined ? "absent" : stateOf(result);
  return state === "absent" ? "–" : state;
}

function acceptedByTeam(file: string, { results }: Report): readonly (readonly string[])[] {
  return results.flatMap((result) =>
    reasons(result)
      .filter(([, by]: readonly [string, string, readonly Judged[]]) => by === "the team")
      .map(([reason]) => [`\`${file}\``, result.rule.ids.join(", "), reason]),
  );
}
