import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { type App, CONTEXT_ENV, Manifest } from "cdktf";

/**
 * Removes the folders of stacks that are no longer declared, which an earlier synthesis wrote. The folders of declared
 * stacks stay whole: Terraform keeps its plugins there. When the cdktf CLI runs the app, nothing is removed here: the CLI
 * removes the same folders after the app has ended, and fails if they are gone.
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
