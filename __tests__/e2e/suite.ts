import path from "node:path";
import { startEmulator } from "./emulator";
import { endAll, runFolder } from "./processes";
import { say } from "./steps";
import { type Surroundings, surroundings } from "./surroundings";
import { findTools } from "./tools";

/** Whether a missing tool is a failure: in CI it is, where it was there the last time. */
const isRequired = process.env.E2E === "required";

/**
 * Steps that need Terraform and an emulator of their own. Where a tool is missing a line says which and how to get
 * it, and the steps are skipped, or fail when the environment says `E2E=required`.
 */
export function suite(name: string, declareSteps: (around: () => Surroundings) => void): void {
  const tools = findTools();
  const missing = "missing" in tools ? tools.missing : [];
  for (const sentence of missing) {
    say(`${sentence}${isRequired ? "" : " (skipped without it)"}`);
  }
  const declare = missing.length > 0 && !isRequired ? describe.skip : describe;
  declare(name, () => {
    let around: Surroundings | undefined;

    beforeAll(async () => {
      if ("missing" in tools) {
        throw new Error(tools.missing.join("\n"));
      }
      const folder = path.join(runFolder, name.replaceAll(" ", "-"));
      around = surroundings(tools, folder, await startEmulator(tools, folder));
    }, 120_000);

    afterAll(async () => {
      await around?.emulator.stop();
      endAll();
    });

    declareSteps(() => {
      if (around === undefined) {
        throw new Error("the emulator has not been started yet");
      }
      return around;
    });
  });
}
