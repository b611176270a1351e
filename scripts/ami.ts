import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { amiParameterName } from "../aws/ami";
import { propose } from "./ami/propose";
import { aws, saidOf } from "./aws-cli";
import { editAlone } from "./back/edit-alone";
import { goodDeployment, servingFile } from "./good-deployment";

// Says which newer machine images of AWS there are, and what to write into serving.yaml: npm run ami [-- --write]
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const loaded = goodDeployment(servingFile);
  const text = readFileSync(servingFile, "utf8");
  const { lines, edits } = await propose(loaded, text, aws).catch((error) =>
    Promise.reject(new Error(`${saidOf(error)}\n${withoutAws(loaded.deployment.regions[0]?.name ?? "")}`)),
  );
  for (const line of lines) {
    console.log(line);
  }
  if (edits.length === 0) {
    console.log(`${servingFile} stays as it is.`);
  } else if (values.write) {
    writeFileSync(servingFile, editAlone(text, servingFile, edits));
    console.log(`${servingFile} is changed. Look at it, and deploy it: the instances are replaced.`);
  } else {
    console.log(`npm run ami -- --write changes ${servingFile} so.`);
  }
}

/** What to do where AWS cannot be asked. */
function withoutAws(region: string): string {
  const parameter = amiParameterName("x86_64", { driver: true });
  return `AWS could not be asked. Run it where the AWS CLI has credentials; or look the newest version up (aws ssm get-parameter --region ${region} --name ${parameter}), and write it as ami.parameterVersion, or a new word as ami.release, which takes the newest image when it is deployed.`;
}

main().catch((error) => {
  console.error(saidOf(error));
  process.exitCode = 1;
});
