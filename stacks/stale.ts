import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { type App, Manifest } from "cdktf";

/**
 * Removes what an earlier synthesis left of stacks that are no longer declared; the cdktf CLI does the same.
 * Of the stacks that still are, nothing is touched: Terraform keeps its plugins beside them.
 */
export function removeStaleStacks(app: App): void {
  const stacks = path.join(app.outdir, Manifest.stacksFolder);
  const declared = new Set(Object.keys(app.manifest.stacks));
  for (const entry of readdirSync(stacks, { withFileTypes: true })) {
    if (entry.isDirectory() && !declared.has(entry.name)) {
      rmSync(path.join(stacks, entry.name), { recursive: true });
    }
  }
}
