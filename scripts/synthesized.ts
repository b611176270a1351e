import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Deployment } from "../config/plan/deployment";
import { readStacks } from "../simulation/terraform/read";
import type { Stacks } from "../simulation/terraform/resolve";
import { synthesize } from "../stacks/deployment-stacks";
import { makeOutputFolder } from "../stacks/output-folder";

/**
 * The stacks of a deployment, made anew: what `npm run synth` wrote may be of an earlier file.
 *
 * @throws Error when they cannot be written
 */
export function synthesized(deployment: Deployment): Stacks {
  const folder = mkdtempSync(path.join(tmpdir(), "synthesized-"));
  try {
    const obstacle = makeOutputFolder(folder);
    if (obstacle !== undefined) {
      throw new Error(obstacle);
    }
    synthesize(deployment, folder);
    return readStacks(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
