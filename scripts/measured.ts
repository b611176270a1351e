import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { renderDiagnostics } from "../config/diagnostics/diagnostic";
import { loadDeployment } from "../config/load";
import { aws, saidOf } from "./aws-cli";
import { editYaml } from "./back/edit-yaml";
import { propose } from "./measured/propose";

// Reads how long instances took to load and how many requests they served, and says what to write into serving.yaml:
// npm run measured [-- --write]
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const file = process.env.SERVING_CONFIG || "serving.yaml";
  const loaded = loadDeployment(file);
  if (!loaded.ok) {
    throw new Error(renderDiagnostics(loaded.diagnostics, loaded.source));
  }
  const { lines, edits } = await propose(loaded, { aws, now: Date.now() });
  for (const line of lines) {
    console.log(line);
  }
  if (edits.length === 0) {
    console.log(`${file} stays as it is.`);
  } else if (values.write) {
    writeFileSync(file, editYaml(readFileSync(file, "utf8"), edits));
    console.log(`${file} is changed. Look at it, and deploy it.`);
  } else {
    console.log(`npm run measured -- --write changes ${file} so.`);
  }
}

main().catch((error) => {
  console.error(saidOf(error));
  process.exitCode = 1;
});
