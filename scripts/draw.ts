import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { svgOf } from "../review/picture/svg";
import { readDeployment, readStacks } from "../simulation/terraform/read";
import { synthesize } from "../stacks/deployment-stacks";
import { makeOutputFolder } from "../stacks/output-folder";
import { goodDeployment, servingFile } from "./good-deployment";
import { loadLayout } from "./layout";

const USAGE = "npm run draw -- <picture.svg> [<folder of a synthesis>]";

const { positionals } = parseArgs({ allowPositionals: true });

async function main(folder: string): Promise<void> {
  const [picture, outdir, ...rest] = positionals;
  if (picture === undefined || rest.length > 0) {
    throw new Error(USAGE);
  }
  if (outdir !== undefined && !existsSync(path.join(outdir, "stacks"))) {
    throw new Error(`${outdir} has no stacks: npm run synth writes them`);
  }
  if (outdir === undefined) {
    const { deployment } = goodDeployment(servingFile);
    makeOutputFolder(folder);
    synthesize(deployment, folder);
  }
  const model = readDeployment(readStacks(outdir ?? folder));
  writeFileSync(picture, svgOf(model, await loadLayout()));
  console.log(`${picture} shows ${outdir ?? servingFile}`);
}

const folder = mkdtempSync(path.join(tmpdir(), "draw-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
main(folder).catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
