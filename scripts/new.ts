import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { aws } from "./aws-cli";
import { goodDeployment, servingFile } from "./good-deployment";
import { FIELDS, type Given } from "./new/answers";
import { answerText, checkAccount } from "./new/check";
import { hubFacts } from "./new/facts";
import { makeFile } from "./new/make";
import { asked } from "./new/questions";

// Writes a serving.yaml by a few answers, or asks AWS for what one needs of the account:
// npm run new [-- --model id --region r … | --check]
async function main(): Promise<void> {
  const texts = Object.fromEntries([...FIELDS, "config"].map((name) => [name, { type: "string" }] as const));
  const { values } = parseArgs({ options: { ...texts, check: { type: "boolean" } } });
  const { check, config, ...given } = values as Given & {
    readonly check?: boolean;
    readonly config?: string;
  };
  if (check === true) {
    const answers = await checkAccount(goodDeployment(servingFile), aws);
    console.log(answers.map(answerText).join("\n"));
    process.exitCode = answers.some(({ isRight }) => isRight === false) ? 1 : 0;
    return;
  }
  const terminal = process.stdin.isTTY
    ? createInterface({ input: process.stdin, output: process.stdout })
    : undefined;
  const { HF_ENDPOINT, HF_TOKEN } = process.env;
  const hub = {
    endpoint: (HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    token: HF_TOKEN || undefined,
    pause: (ms: number) => setTimeout(ms),
    // A person waits.
    tries: 3,
  };
  try {
    await makeFile(servingFile, await asked(given, terminal && ((text) => terminal.question(text))), {
      facts: async (answers) =>
        config === undefined
          ? hubFacts(hub, answers)
          : { config: textAt(config), sizeGiB: undefined, revision: undefined },
      exists: existsSync,
      write(path, text) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text, { flag: "wx" });
      },
      show: (line) => console.log(line),
    });
  } finally {
    terminal?.close();
  }
}

function textAt(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error(`--config names ${path}, which cannot be read`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
