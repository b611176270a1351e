import { App } from "cdktf";
import { account } from "./config/account";
import { loadDeployment } from "./config/load";
import { renderProblems } from "./config/problem";
import { appConfig, declareStacks } from "./stacks/declare";
import { withoutStackTraces } from "./stacks/stack-traces";
import { removeStaleStacks } from "./stacks/stale";

const config = process.env.SERVING_CONFIG || "serving.yaml";

const loaded = loadDeployment(config);
if (loaded.ok) {
  const app = new App(appConfig);
  withoutStackTraces(() => {
    declareStacks(app, loaded.deployment);
    app.synth();
  });
  removeStaleStacks(app);
  console.log(account(loaded.deployment));
}
const problems = renderProblems(loaded.ok ? loaded.warnings : loaded.problems, loaded.source);
if (problems !== "") {
  console.error(problems);
}
process.exitCode = loaded.ok ? 0 : 1;
