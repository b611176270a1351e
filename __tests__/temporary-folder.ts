import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "ha-model-serving-"));

process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => process.exit(code));
}

/**
 * Has all that the tests put into the system's temporary folder, in every worker, put into one folder instead, which
 * goes when jest does: cdktf makes a folder for each app of a test and leaves it behind. Jest's `globalSetup`,
 * because workers inherit the environment as it is then; what a test file sets in its own copy of `process.env` is
 * nothing `os.tmpdir()` sees.
 */
function useOneTemporaryFolder(): void {
  process.env.TMPDIR = folder;
}

export = useOneTemporaryFolder;
