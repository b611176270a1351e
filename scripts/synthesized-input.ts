import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Deployment } from "../config/plan/deployment";
import { type Input, readInput } from "../controls/read";
import { synthesize } from "../stacks/deployment-stacks";
import { makeOutputFolder } from "../stacks/output-folder";

/**
 * The stacks of a deployment, made anew: what `npm run synth` wrote may be of an earlier file.
 *
 * @throws Error when they cannot be written
 */
export function synthesizedInput(deployment: Deployment): Input {
  const folder = mkdtempSync(path.join(tmpdir(), "controls-"));
  try {
    const obstacle = makeOutputFolder(folder);
    if (obstacle !== undefined) {
      throw new Error(obstacle);
    }
    synthesize(deployment, folder);
    return readInput(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
