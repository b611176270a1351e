import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "ha-model-serving-"));

/** Removes the folder when the other end of its input is closed; again, as a worker may still write until it ends too. */
const REMOVE_AT_THE_END = 'read -r; for _ in 1 2 3; do rm -rf "$0"; sleep 1; done';

const remover = spawn("bash", ["-c", REMOVE_AT_THE_END, folder], {
  detached: true,
  stdio: ["pipe", "ignore", "ignore"],
});
remover.unref();
(remover.stdin as Socket).unref();

/**
 * Has all that the tests put into the system's temporary folder, in every worker, put into one folder instead, which
 * goes when jest does, in whatever way that ends: cdktf makes a folder for each app of a test and leaves it behind.
 * Jest's `globalSetup`, because workers inherit the environment as it is then; what a test file sets in its own copy
 * of `process.env` is nothing `os.tmpdir()` sees.
 */
function useOneTemporaryFolder(): void {
  process.env.TMPDIR = folder;
}

export = useOneTemporaryFolder;
