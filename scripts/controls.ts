import { parseArgs } from "node:util";
import { acceptedControls } from "../config/checks/accept";
import { type Path, renderDiagnostics } from "../config/diagnostics/diagnostic";
import type { Acceptance } from "../controls/accepted";
import { type Judged, judge, type Report } from "../controls/judge";
import { asInput, readInput } from "../controls/read";
import { jsonReport } from "../controls/report/json";
import { markdownReport } from "../controls/report/markdown";
import { type Spot, sarifReport } from "../controls/report/sarif";
import { terminalReport } from "../controls/report/text";
import type { Rule } from "../controls/rule";
import { unusedAcceptances } from "../controls/unused";
import { goodDeployment, servingFile } from "./good-deployment";

/** The fields that lead to the first that closes a control: those of the model or the region that fails. */
function fieldPath({ closedBy: [field] = [""] }: Rule, { part }: Judged, models: readonly string[]): Path {
  const name = field.startsWith("models")
    ? models.filter((model) => part.address.includes(`_${model}_`)).sort((a, b) => b.length - a.length)[0]
    : part.stack;
  const steps = field.split(".").map((step) => (step === "*" ? name : step));
  return steps.every((step) => step !== undefined)
    ? steps.flatMap((step) => step ?? [])
    : steps.slice(0, 1).flatMap((step) => step ?? []);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    markdown: { type: "boolean", default: false },
    sarif: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  const forms = (["markdown", "sarif", "json"] as const).filter((form) => values[form]);
  if (forms.length > 1) {
    throw new Error(`Only one of ${forms.map((form) => `--${form}`).join(" and ")} at a time.`);
  }
  const { CDKTF_OUTDIR, SERVING_CONFIG } = process.env;
  const folders = positionals.length > 0 ? positionals : CDKTF_OUTDIR ? [CDKTF_OUTDIR] : [];
  const isOfFile = folders.length === 0 || SERVING_CONFIG !== undefined;
  const loaded = isOfFile ? goodDeployment(servingFile) : undefined;
  const acceptances = loaded === undefined ? [] : acceptedControls(loaded.file);
  const input =
    loaded !== undefined && folders.length === 0
      ? asInput((await import("./synthesized")).synthesized(loaded.deployment))
      : readInput(...folders);
  const report = judge(input, acceptances);
  const spotOf = (rule: Rule, judged: Judged): Spot => {
    if (loaded === undefined) {
      return { file: input.files[judged.part.stack] ?? "", line: 1, column: 1 };
    }
    const models = Object.keys(loaded.file.models);
    const by: readonly Acceptance[] = typeof judged.by === "object" ? judged.by : [];
    const at = acceptances.find((each) => by.includes(each))?.path ?? fieldPath(rule, judged, models);
    return { file: servingFile, ...loaded.source.locate(at) };
  };
  console.log(text(report, forms[0], spotOf));
  if (loaded !== undefined) {
    const unused = renderDiagnostics(unusedAcceptances(report, acceptances), loaded.source);
    if (unused !== "") {
      console.error(unused);
    }
  }
  process.exitCode = report.results.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

function text(
  report: Report,
  form: "markdown" | "sarif" | "json" | undefined,
  spotOf: (rule: Rule, judged: Judged) => Spot,
): string {
  switch (form) {
    case "markdown":
      return markdownReport(report);
    case "sarif":
      return sarifReport(report, spotOf);
    case "json":
      return jsonReport(report);
    default:
      return terminalReport(report);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
