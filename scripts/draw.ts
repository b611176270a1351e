import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { svgOf } from "../review/picture/svg";
import { readDeployment, readStacks } from "../simulation/terraform/read";
import { goodDeployment, servingFile } from "./good-deployment";
import { loadLayout } from "./layout";
import { synthesized } from "./synthesized";

const USAGE = "npm run draw -- <picture.svg> [<folder of a synthesis>]";

const { positionals } = parseArgs({ allowPositionals: true });

async function main(): Promise<void> {
  const [picture, outdir, ...rest] = positionals;
  if (picture === undefined || rest.length > 0) {
    throw new Error(USAGE);
  }
  if (outdir !== undefined && !existsSync(path.join(outdir, "stacks"))) {
    throw new Error(`${outdir} has no stacks: npm run synth writes them`);
  }
  const stacks =
    outdir === undefined ? synthesized(goodDeployment(servingFile).deployment) : readStacks(outdir);
  const model = readDeployment(stacks);
  writeFileSync(picture, svgOf(model, await loadLayout()));
  console.log(`${picture} shows ${outdir ?? servingFile}`);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
