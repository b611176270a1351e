import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { aws, saidOf } from "./aws-cli";
import { goBack, type Surroundings } from "./back/go-back";
import { goodDeployment, servingFile } from "./good-deployment";

const POLL_MS = 5000;

const USAGE = "npm run back -- <region> <model> [variant]";

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await new Promise<string>((resolve) => {
    terminal.once("close", () => resolve(""));
    terminal.question(`${question} `).then(resolve, () => resolve(""));
  });
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function deploy(region: string): boolean {
  const args = ["cdktf", "deploy", "--ignore-missing-stack-dependencies", region, "--auto-approve"];
  console.log(`npx ${args.join(" ")}`);
  return spawnSync("npx", args, { stdio: "inherit" }).status === 0;
}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [region, model, variant, ...rest] = positionals;
  if (region === undefined || model === undefined || rest.length > 0) {
    throw new Error(USAGE);
  }
  const loaded = goodDeployment(servingFile);
  const surroundings: Surroundings = {
    aws,
    show: (line) => console.log(line),
    ask,
    pause: () => setTimeout(POLL_MS),
    write: (text) => writeFileSync(servingFile, text),
    deploy,
  };
  const text = readFileSync(servingFile, "utf8");
  if (!(await goBack({ file: servingFile, text, loaded, region, model, variant }, surroundings))) {
    process.exitCode = 1;
  }
}

main().catch((error) => {
  console.error(saidOf(error));
  process.exitCode = 1;
});
