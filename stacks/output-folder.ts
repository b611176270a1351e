import { accessSync, constants, mkdirSync } from "node:fs";
import path from "node:path";
import { Manifest } from "cdktf";

/**
 * Makes the folder that stacks are written to, with its parent folders, which cdktf does not make.
 *
 * @returns the reason why stacks cannot be written there, in a sentence; undefined if they can
 */
export function makeOutputFolder(folder: string): string | undefined {
  const stacks = path.join(folder, Manifest.stacksFolder);
  try {
    mkdirSync(stacks, { recursive: true });
    accessSync(stacks, constants.W_OK);
    return undefined;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return `${folder}: stacks cannot be written there (${reason}); name another folder in CDKTF_OUTDIR or by --output`;
  }
}
