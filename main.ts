import { parseArgs } from "node:util";
import { renderDiagnostics } from "./config/diagnostics/diagnostic";
import { loadDeployment } from "./config/load";
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
    print.log(summary(loaded.deployment));
  } else {
    process.exitCode = 1;
  }
  return loaded.beside ?? [];
}

const { values } = parseArgs({ options: { watch: { type: "boolean" } } });
const { SERVING_CONFIG, CDKTF_OUTDIR } = process.env;
const file = SERVING_CONFIG || "serving.yaml";
const answer = (print: Printer) => main(file, CDKTF_OUTDIR || "cdktf.out", print);
void (values.watch ? watch(file, answer) : answer(console));
