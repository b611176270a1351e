import path from "node:path";
import { startEmulator } from "./emulator";
import { endAll, runFolder } from "./processes";
import { type Surroundings, surroundings } from "./surroundings";

/** Tests that need Terraform, and an emulator of their own. */
export function suite(name: string, declareTests: (around: () => Surroundings) => void): void {
  describe(name, () => {
    let around: Surroundings | undefined;

    beforeAll(async () => {
      const tools = JSON.parse(process.env.E2E_TOOLS ?? "");
      const folder = path.join(runFolder, name.replaceAll(" ", "-"));
      around = surroundings(tools, folder, await startEmulator(tools, folder));
    });

    afterAll(async () => {
      await around?.emulator.stop();
      endAll();
    });

    declareTests(() => {
      if (around === undefined) {
        throw new Error("the emulator has not been started yet");
      }
      return around;
    });
  });
}
