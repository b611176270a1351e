import { App } from "cdktf";
import { renderDiagnostics } from "./config/diagnostics/diagnostic";
import { loadDeployment } from "./config/load";
import { summary } from "./config/report/summary";
import { appConfig, declareStacks } from "./stacks/declare";
import { makeOutputFolder } from "./stacks/output-folder";
import { withoutStackTraces } from "./stacks/stack-traces";
import { removeStaleStacks } from "./stacks/stale";

const config = process.env.SERVING_CONFIG || "serving.yaml";
const outdir = process.env.CDKTF_OUTDIR || "cdktf.out";

const loaded = loadDeployment(config);
const obstacle = loaded.ok ? makeOutputFolder(outdir) : undefined;
if (loaded.ok && obstacle === undefined) {
  const app = new App({ ...appConfig, outdir });
  withoutStackTraces(() => {
    declareStacks(app, loaded.deployment);
    app.synth();
  });
  removeStaleStacks(app);
  console.log(summary(loaded.deployment));
}
const diagnostics = renderDiagnostics(loaded.ok ? loaded.warnings : loaded.diagnostics, loaded.source);
for (const said of [diagnostics, obstacle]) {
  if (said) {
    console.error(said);
  }
}
process.exitCode = loaded.ok && obstacle === undefined ? 0 : 1;
