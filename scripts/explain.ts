import { parseArgs } from "node:util";
import { renderDiagnostics } from "../config/diagnostics/diagnostic";
import { loadDeployment } from "../config/load";
import { deploymentCost } from "../config/plan/costs";
import { acceptedWarnings, explain, explanationTable } from "../config/report/explain";
import { servingFile } from "./good-deployment";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });

const loaded = loadDeployment(servingFile);
if (loaded.ok) {
  const explanations = explain(loaded.deployment);
  const accepted = acceptedWarnings(loaded.accepted);
  console.log(
    values.json
      ? JSON.stringify({ explanations, accepted, cost: deploymentCost(loaded.deployment) }, null, 2)
      : explanationTable(explanations, accepted),
  );
} else {
  console.error(renderDiagnostics(loaded.diagnostics, loaded.source));
  process.exitCode = 1;
}
