import { parseArgs } from "node:util";
import { renderDiagnostics } from "../config/diagnostics/diagnostic";
import { loadDeployment } from "../config/load";
import { deploymentCost } from "../config/plan/costs";
import { callersRows, callersTable } from "../config/report/callers";
import { acceptedWarnings, explain, explanationTable } from "../config/report/explain";
import { servingFile } from "./good-deployment";

/** Who can call what, instead of every number. */
const CALLERS = "callers";

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});
const [subject, ...more] = positionals;
if ((subject !== undefined && subject !== CALLERS) || more.length > 0) {
  console.error(`npm run explain takes one word, ${CALLERS}, or none; got ${positionals.join(" ")}`);
  process.exit(1);
}

const loaded = loadDeployment(servingFile);
if (loaded.ok && loaded.warnings.length > 0) {
  console.error(renderDiagnostics(loaded.warnings, loaded.source));
}
if (loaded.ok && subject === CALLERS) {
  const rows = callersRows(loaded.deployment);
  console.log(values.json ? JSON.stringify(rows, null, 2) : callersTable(rows));
} else if (loaded.ok) {
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
