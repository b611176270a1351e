import type { Judged, Report, Result } from "../judge";
import type { Rule } from "../rule";
import { closing, idsWithCatalogues, place } from "./text";

/** Where a finding is shown: a file in the repository, by its path from the root, and a line from 1. */
export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The report as SARIF 2.1.0, for code scanning. What fails is an error, what could not be judged is a note, and what is
 * accepted is there with its reason, suppressed.
 *
 * Source: OASIS, Static Analysis Results Interchange Format 2.1.0; GitHub docs, SARIF support for code scanning.
 *
 * @param spotOf where a rule is shown, such as the line of the field that closes it
 */
export function sarifReport(report: Report, spotOf: (rule: Rule, judged: Judged) => Spot): string {
  const rules = report.results.map(({ rule }) => rule);
  const results = report.results.flatMap((result, ruleIndex) => {
    const made = (level: "error" | "note", judged: Judged, text: string) =>
      sarifResult({ rule: result.rule, ruleIndex, level, judged, text, spot: spotOf(result.rule, judged) });
    return [
      ...result.failed.map((judged) => made("error", judged, failedText(result, judged))),
      ...result.accepted.map((judged) => ({
        ...made("error", judged, failedText(result, judged)),
        suppressions: [
          { kind: judged.by === "this project" ? "external" : "inSource", justification: judged.reason },
        ],
      })),
      ...result.notKnown.map((judged) =>
        made("note", judged, `${place(judged)} could not be judged: ${judged.detail}`),
      ),
    ];
  });
  const run = {
    tool: {
      driver: {
        name: "controls",
        informationUri: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html",
        rules: rules.map(sarifRule),
      },
    },
    columnKind: "utf16CodeUnits",
    results,
  };
  return JSON.stringify(
    { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] },
    null,
    2,
  );
}

function failedText(result: Result, judged: Judged): string {
  const more = [judged.detail, closing(result)].filter((text) => text !== undefined && text !== "");
  return `${place(judged)} fails ${result.rule.ids.join(", ")}: ${[result.rule.meaning, ...more].join("; ")}.`;
}

function sarifRule(rule: Rule) {
  const { ids, meaning, source } = rule;
  return {
    id: ids[0],
    shortDescription: { text: `${meaning}.` },
    fullDescription: { text: `${meaning}. ${source}.` },
    help: {
      text: `${idsWithCatalogues(rule)}: ${meaning}. Source: ${source}.`,
    },
    defaultConfiguration: { level: "error" },
    properties: { tags: ["security", ...ids] },
  };
}

interface Told {
  readonly rule: Rule;
  readonly ruleIndex: number;
  readonly level: "error" | "note";
  readonly judged: Judged;
  readonly text: string;
  readonly spot: Spot;
}

function sarifResult({ rule, ruleIndex, level, judged, text, spot }: Told) {
  const address = place(judged);
  return {
    ruleId: rule.ids[0],
    ruleIndex,
    level,
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(spot.file) },
          region: { startLine: spot.line, startColumn: spot.column },
        },
        logicalLocations: [{ fullyQualifiedName: address, kind: "resource" }],
      },
    ],
    partialFingerprints: { "control/v1": `${rule.ids[0]} ${address}` },
  };
}
