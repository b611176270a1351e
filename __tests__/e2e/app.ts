/**
 * What `cdktf deploy --app` runs in the place of main.ts: the same stacks, of the same file, with the rewrites
 * that the emulator and the provider at hand need.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { App } from "cdktf";
import { renderDiagnostics } from "../../config/diagnostics/diagnostic";
import { loadDeployment } from "../../config/load";
import { appConfig } from "../../stacks/app-config";
import { declareStacks } from "../../stacks/deployment-stacks";
import { lockProvider } from "./provider-lock";
import { forEmulator } from "./rewrites/emulator-gaps";
import { forProvider } from "./rewrites/provider-five";

const { SERVING_CONFIG = "serving.yaml", E2E_PROVIDER_VERSION = "" } = process.env;

const loaded = loadDeployment(SERVING_CONFIG);
if (!loaded.ok) {
  throw new Error(renderDiagnostics(loaded.diagnostics, loaded.source));
}
const app = new App(appConfig);
declareStacks(app, loaded.deployment);
app.synth();
for (const { synthesizedStackPath } of Object.values(app.manifest.stacks)) {
  const file = path.join(app.outdir, synthesizedStackPath);
  const stack = JSON.parse(readFileSync(file, "utf8"));
  forEmulator(stack);
  forProvider(stack, E2E_PROVIDER_VERSION);
  writeFileSync(file, JSON.stringify(stack, undefined, 2));
  lockProvider(path.dirname(file), E2E_PROVIDER_VERSION);
}
