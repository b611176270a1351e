import { rmSync } from "node:fs";
import { runFolder } from "./processes";
import { findTools } from "./tools";

/**
 * Looks once for what all stories need, and hands it to them in the environment, which Jest's workers inherit.
 *
 * Where something is missing one line says what and how to get it, and the suite is skipped. With `E2E=required`
 * that is a failure: for a CI that had it the last time.
 */
function lookForTools(): void {
  const tools = findTools(runFolder);
  if (!("missing" in tools)) {
    process.env.E2E_TOOLS = JSON.stringify(tools);
    return;
  }
  const isRequired = process.env.E2E === "required";
  const said = isRequired ? "E2E=required, but" : "SKIPPED: the end-to-end suite, because";
  process.stdout.write(`${said} ${tools.missing.join("; and ")}\n`);
  rmSync(runFolder, { recursive: true, force: true });
  process.exit(isRequired ? 1 : 0);
}

export = lookForTools;
