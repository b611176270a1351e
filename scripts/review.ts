import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { renderDiagnostics } from "../config/diagnostics/diagnostic";
import { loadDeployment } from "../config/load";
import { deploymentCost } from "../config/plan/costs";
import type { Deployment } from "../review/deployment";
import { reviewJson } from "../review/json";
import { reviewMarkdown } from "../review/markdown";
import { reviewPage } from "../review/picture/page";
import { fromPlans } from "../review/read-plan";
import { fromSynthesized } from "../review/read-synthesized";
import { type Review, review } from "../review/review";
import { reviewText } from "../review/text";
import type { Traffic } from "../review/traffic";
import { readStacks } from "../simulation/terraform/read";
import { synthesize } from "../stacks/deployment-stacks";
import { makeOutputFolder } from "../stacks/output-folder";
import { servingFile } from "./good-deployment";
import { loadLayout } from "./layout";
import { failOnIn, failures } from "./review/fail-on";
import { revisionOf } from "./review/revision";
import { statedTraffic } from "./review/stated-traffic";
import { terraformPlans } from "./review/terraform-plans";

const USAGE =
  "npm run review -- --against <revision> | --plan | <plan.json>… [--markdown | --json | --html] [--fail-on interrupt,replace,roll,undo,exposure,cost:+20%] [--traffic out=2000,nat=300,logs=50]";

/** The exit codes: 1 when --fail-on holds or a deploy will be refused, 2 when there is nothing to review. */
const [FAILS, CANNOT] = [1, 2];

const { values, positionals } = options();

/** What is asked for; an option that there is not is a sentence, and nothing to review. */
function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        against: { type: "string" },
        plan: { type: "boolean", default: false },
        markdown: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        html: { type: "boolean", default: false },
        "fail-on": { type: "string" },
        traffic: { type: "string" },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(CANNOT);
  }
}

async function main(folder: string): Promise<void> {
  const ways = [values.against !== undefined, values.plan, positionals.length > 0].filter((each) => each);
  if (ways.length !== 1 || [values.markdown, values.json, values.html].filter((each) => each).length > 1) {
    throw new Error(USAGE);
  }
  const failOn = values["fail-on"] === undefined ? { words: [] } : failOnIn(values["fail-on"]);
  const traffic = values.traffic === undefined ? {} : statedTraffic(values.traffic);
  const made =
    values.against === undefined ? ofPlans(folder, traffic) : against(values.against, folder, traffic);
  if (made === undefined) {
    process.exitCode = FAILS;
    return;
  }
  console.log(await written(made));
  const why = failures(made, failOn);
  if (why.length > 0) {
    console.error(`fails: ${why.join("; ")}`);
    process.exitCode = FAILS;
  }
}

/** The report in the form that the options ask for. Only a page loads Graphviz. */
async function written(made: Review): Promise<string> {
  if (values.html) {
    return reviewPage(made, await loadLayout());
  }
  return values.markdown ? reviewMarkdown(made) : values.json ? reviewJson(made) : reviewText(made);
}

/** @returns undefined when the file is refused, which is said */
function against(revision: string, folder: string, traffic: Traffic): Review | undefined {
  const file = path.relative(".", servingFile);
  if (file.startsWith("..")) {
    throw new Error(`${servingFile} is not in this folder, so no revision of it is known`);
  }
  const outdir = path.join(folder, "after");
  const after = synthesizeFile(outdir);
  if (after === undefined) {
    return undefined;
  }
  const before = revisionOf(revision, file, folder);
  const read = fromSynthesized(before.stacks, readStacks(outdir));
  const deployment: Deployment = { ...read, notes: [...read.notes, ...before.notes] };
  const source = { ...after.source, value: after.file };
  const spare =
    before.spare === undefined
      ? undefined
      : { before: before.spare, after: deploymentCost(after.deployment).ofSurvival };
  return review(deployment, {
    files: { before: before.file, after: source },
    ...(spare && { spare }),
    traffic,
  });
}

function ofPlans(folder: string, traffic: Traffic): Review | undefined {
  if (!values.plan) {
    const read = fromPlans(positionals.map((file) => ({ file, text: textOf(file) })));
    const loaded = existsSync(servingFile) ? loadDeployment(servingFile) : undefined;
    const isIts = loaded?.ok === true && loaded.file.name === read.name;
    const files = isIts ? { files: { after: { ...loaded.source, value: loaded.file } } } : {};
    return review(read, { ...files, traffic });
  }
  const outdir = process.env.CDKTF_OUTDIR || "cdktf.out";
  const loaded = synthesizeFile(outdir);
  if (loaded === undefined) {
    return undefined;
  }
  const { plans, refused, notes } = terraformPlans(outdir, folder, (line) => console.error(line));
  const read = fromPlans(plans);
  const deployment = { ...read, stacks: [...read.stacks, ...refused], notes: [...read.notes, ...notes] };
  return review(deployment, { files: { after: { ...loaded.source, value: loaded.file } }, traffic });
}

function textOf(file: string): string {
  if (!existsSync(file)) {
    throw new Error(`${file}: there is no such file`);
  }
  if (statSync(file).isDirectory()) {
    throw new Error(`${file} is a folder: name the plans in it, ${path.join(file, "*.json")}`);
  }
  return readFileSync(file, "utf8");
}

/** Synthesizes serving.yaml, or says why it is refused. */
function synthesizeFile(
  outdir: string,
): Extract<ReturnType<typeof loadDeployment>, { ok: true }> | undefined {
  const loaded = loadDeployment(servingFile);
  if (!loaded.ok) {
    console.error(renderDiagnostics(loaded.diagnostics, loaded.source));
    console.error("will be refused: nothing is synthesized, and no deploy begins.");
    return undefined;
  }
  const obstacle = makeOutputFolder(outdir);
  if (obstacle !== undefined) {
    throw new Error(obstacle);
  }
  synthesize(loaded.deployment, outdir);
  return loaded;
}

const folder = mkdtempSync(path.join(tmpdir(), "review-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
  process.once(signal, () => process.exit(128 + number));
}
main(folder).catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = CANNOT;
});
