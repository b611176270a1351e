import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { type App, CONTEXT_ENV, Manifest } from "cdktf";

/**
 * Removes what an earlier synthesis left of stacks that are no longer declared. Of the stacks that still are,
 * nothing is touched: Terraform keeps its plugins beside them. The cdktf CLI does the same when the app has ended,
 * and fails on what is gone already, so that it is left to the CLI when that runs the app.
 */
export function removeStaleStacks(app: App): void {
  if (process.env[CONTEXT_ENV] !== undefined) {
    return;
  }
  const stacks = path.join(app.outdir, Manifest.stacksFolder);
  const declared = new Set(Object.keys(app.manifest.stacks));
  for (const entry of readdirSync(stacks, { withFileTypes: true })) {
    if (entry.isDirectory() && !declared.has(entry.name)) {
      rmSync(path.join(stacks, entry.name), { recursive: true });
    }
  }
}
