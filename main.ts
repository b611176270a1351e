import { parseArgs } from "node:util";
import { acceptedControls } from "./config/checks/accept";
import { renderDiagnostics } from "./config/diagnostics/diagnostic";
import { type Loaded, loadDeployment } from "./config/load";
import { summary } from "./config/report/summary";
import { type Printer, watch } from "./scripts/watch";
import { makeOutputFolder } from "./stacks/output-folder";

/**
 * Reports what is found in the deployment that SERVING_CONFIG describes, and synthesizes it into CDKTF_OUTDIR. Only a
 * file that is accepted loads cdktf, which takes longer than to read the file.
 *
 * @returns names of the other files that the deployment depends on
 */
async function main(file: string, outdir: string, print: Printer): Promise<readonly string[]> {
  const loaded = loadDeployment(file);
  const obstacle = loaded.ok ? makeOutputFolder(outdir) : undefined;
  const found = renderDiagnostics(loaded.ok ? loaded.warnings : loaded.diagnostics, loaded.source);
  for (const text of [found, obstacle]) {
    if (text) {
      print.error(text);
    }
  }
  if (loaded.ok && obstacle === undefined) {
    const { synthesize } = await import("./stacks/deployment-stacks");
    synthesize(loaded.deployment, outdir);
    print.log(summary(loaded.deployment, [await judgedByControls(loaded, outdir, print)]));
  } else {
    process.exitCode = 1;
  }
  return loaded.beside ?? [];
}

/** One line of how many public controls the stacks keep. Prints what the file accepts in vain. */
async function judgedByControls(
  { file, source }: Extract<Loaded, { readonly ok: true }>,
  outdir: string,
  print: Printer,
): Promise<string> {
  const { controlsLine, controlsOf } = await import("./controls/summary");
  const { unusedAcceptances } = await import("./controls/unused");
  const acceptances = acceptedControls(file);
  const report = controlsOf(outdir, acceptances);
  const unused = renderDiagnostics(unusedAcceptances(report, acceptances), source);
  if (unused !== "") {
    print.error(unused);
  }
  return controlsLine(report);
}

const { values } = parseArgs({ options: { watch: { type: "boolean" } } });
const { SERVING_CONFIG, CDKTF_OUTDIR } = process.env;
const file = SERVING_CONFIG || "serving.yaml";
const answer = (print: Printer) => main(file, CDKTF_OUTDIR || "cdktf.out", print);
void (values.watch ? watch(file, answer) : answer(console));
