import { rmSync } from "node:fs";
import { runFolder } from "./processes";
import { mirrorInBrief } from "./provider-in-brief/mirror";
import { findTools, type Tools } from "./tools";

/**
 * Looks once for what all stories need, and hands it to them in the environment, which Jest's workers inherit.
 *
 * Where something is missing one line says what and how to get it, and the suite is skipped. With `E2E=required`
 * that is a failure: for a CI that had it the last time. A wrong setting always is.
 */
async function lookForTools(): Promise<void> {
  const tools = await findTools(runFolder);
  if (!("missing" in tools)) {
    process.stdout.write(`${described(tools)}\n`);
    const inBrief: Tools = { ...tools, mirrorInBrief: mirrorInBrief(tools.mirror, runFolder) };
    process.env.E2E_TOOLS = JSON.stringify(inBrief);
    return;
  }
  const { missing, wrong } = tools;
  const isRequired = process.env.E2E === "required";
  const prefix = isRequired ? "E2E=required, but " : "SKIPPED: the end-to-end suite, because ";
  const what = [...wrong, ...missing].join("; and ");
  process.stdout.write(`${wrong.length > 0 ? "" : prefix}${what}\n`);
  rmSync(runFolder, { recursive: true, force: true });
  process.exit(isRequired || wrong.length > 0 ? 1 : 0);
}

function described({ terraform, mirror, motoServer, endpoint }: Tools): string {
  return `runs with ${terraform}, hashicorp/aws ${mirror.awsVersion} of ${mirror.folder}, and ${motoServer ?? endpoint}`;
}

export = lookForTools;
