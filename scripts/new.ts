import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { aws } from "./aws-cli";
import { goodDeployment, servingFile } from "./good-deployment";
import { hubOf } from "./mirror/hub";
import { FIELDS, type Given } from "./new/answers";
import { answerText, checkAccount, exitCodeOf } from "./new/check";
import { hubFacts } from "./new/facts";
import { complaintOf, makeFile } from "./new/make";
import { asked } from "./new/questions";

// Writes a serving.yaml by a few answers, or asks AWS for what one needs of the account:
// npm run new [-- --model id --region r … | --check]
async function main(): Promise<void> {
  const texts = Object.fromEntries([...FIELDS, "config"].map((name) => [name, { type: "string" }] as const));
  const { values } = parseArgs({ options: { ...texts, check: { type: "boolean" } } });
  const { check, ...flags } = values;
  const { config, ...given }: Given & { readonly config?: string } = flags;
  if (check === true) {
    if (Object.keys(flags).length > 0) {
      throw new Error(`--check asks AWS about ${servingFile}; leave the other flags out`);
    }
    const answers = await checkAccount(goodDeployment(servingFile), aws);
    console.log(answers.map(answerText).join("\n"));
    process.exitCode = exitCodeOf(answers);
    return;
  }
  const terminal = process.stdin.isTTY
    ? createInterface({ input: process.stdin, output: process.stdout })
    : undefined;
  const ended = new AbortController();
  terminal?.once("close", () => ended.abort());
  const ask =
    terminal &&
    ((text: string) =>
      terminal.question(text, { signal: ended.signal }).catch(() => {
        throw new Error("\nnothing is written");
      }));
  try {
    // A person waits.
    const hub = hubOf(process.env, { pause: (ms) => setTimeout(ms), tries: 3 });
    await makeFile(servingFile, await asked(given, ask, complaintOf), {
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
