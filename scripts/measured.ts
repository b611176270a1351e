import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { aws, saidOf } from "./aws-cli";
import { editYaml } from "./back/edit-yaml";
import { goodDeployment, servingFile } from "./good-deployment";
import { propose } from "./measured/propose";

// Reads how long instances took to load and how many requests they served, and says what to write into serving.yaml:
// npm run measured [-- --write]
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const { lines, edits } = await propose(goodDeployment(servingFile), { aws, now: Date.now() });
  for (const line of lines) {
    console.log(line);
  }
  if (edits.length === 0) {
    console.log(`${servingFile} stays as it is.`);
  } else if (values.write) {
    writeFileSync(servingFile, editYaml(readFileSync(servingFile, "utf8"), edits));
    console.log(`${servingFile} is changed. Look at it, and deploy it.`);
  } else {
    console.log(`npm run measured -- --write changes ${servingFile} so.`);
  }
}

main().catch((error) => {
  console.error(saidOf(error));
  process.exitCode = 1;
});
