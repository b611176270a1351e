import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { listed } from "../../config/diagnostics/text";
import type { StackChange } from "../../review/deployment";
import type { PlanFile } from "../../review/plan-file";

/** What Terraform plans of a deployment. */
export interface TerraformPlans {
  readonly plans: readonly PlanFile[];
  /** Stacks whose plan Terraform refuses, each with what it says. */
  readonly refused: readonly StackChange[];
  /** What is not planned, and why: whole sentences. */
  readonly notes: readonly string[];
}

/** What Terraform says where the bucket of the states is not there. */
const NO_BUCKET = /S3 bucket "[^"]*" does not exist|NoSuchBucket/;
/** What it says where a stack reads outputs of one that was never applied, or not since it has them. */
const NO_OUTPUT = /Unable to find remote state|Unsupported attribute/;

/** More than the JSON of any plan. */
const MOST_OUTPUT = 2 ** 30;

/**
 * Plans every stack of a synthesis with Terraform, in the order in which they need one another.
 *
 * @param outdir the folder of the synthesis
 * @param folder for the plans
 * @param say progress, a line each
 * @throws Error when Terraform cannot be started, or cannot initialize a stack
 */
export function terraformPlans(outdir: string, folder: string, say: (line: string) => void): TerraformPlans {
  const plans: PlanFile[] = [];
  const refused: StackChange[] = [];
  const notes: string[] = [];
  const needs = stacksNeeded(outdir);
  for (const stack of inOrder(needs)) {
    const cwd = path.join(outdir, "stacks", stack);
    const run = (...args: readonly string[]) => {
      say(`${stack}: terraform ${args[0]}`);
      const { status, stdout, stderr, error } = spawnSync("terraform", args, {
        cwd,
        encoding: "utf8",
        maxBuffer: MOST_OUTPUT,
      });
      if (error !== undefined) {
        throw new Error(`--plan needs terraform: ${error.message}`);
      }
      return { isGood: status === 0, stdout, stderr };
    };
    const file = path.join(folder, `${stack}.tfplan`);
    const made = run("init", "-input=false", "-no-color");
    if (!made.isGood) {
      throw new Error(
        NO_BUCKET.test(made.stderr)
          ? `${stack}: the bucket of the states is not there: npm run bootstrap makes it, once`
          : `${stack}: terraform init: ${saidIn(made.stderr)}`,
      );
    }
    const planned = run("plan", "-input=false", "-no-color", `-out=${file}`);
    if (planned.isGood) {
      plans.push({ file: `${stack}.json`, text: run("show", "-json", "-no-color", file).stdout });
    } else if (NO_OUTPUT.test(planned.stderr) && (needs[stack] ?? []).length > 0) {
      notes.push(
        `${stack} is not planned: it reads what ${listed(needs[stack] ?? [])} give, and that is not there before they are applied.`,
      );
    } else {
      const refusals = [`terraform plan: ${saidIn(planned.stderr)}`];
      refused.push({
        name: stack,
        region: stack,
        before: {},
        after: {},
        written: {},
        isLeft: false,
        isChecked: true,
        changes: [],
        refusals,
      });
    }
  }
  return { plans, refused, notes };
}

/** Terraform's errors in a line, without its frames, and without the JSON that they are in. */
function saidIn(stderr: string): string {
  return stderr
    .split("\n")
    .map((line) => line.replace(/^[╷│╵\s]+/, "").trim())
    .filter((line) => line !== "" && !/^\d+:\s/.test(line))
    .join(" ");
}

/** The stacks of a synthesis, each with those that it needs. */
function stacksNeeded(outdir: string): Readonly<Record<string, readonly string[]>> {
  const manifest = path.join(outdir, "manifest.json");
  if (!existsSync(manifest)) {
    throw new Error(`${outdir} has no manifest.json: npm run synth writes it`);
  }
  const stacks: Readonly<Record<string, { readonly dependencies: readonly string[] }>> = JSON.parse(
    readFileSync(manifest, "utf8"),
  ).stacks;
  return Object.fromEntries(Object.entries(stacks).map(([name, { dependencies }]) => [name, dependencies]));
}

/** Each stack after those that it needs. */
function inOrder(needs: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const ordered: string[] = [];
  const add = (name: string) => {
    if (!ordered.includes(name)) {
      for (const needed of needs[name] ?? []) {
        add(needed);
      }
      ordered.push(name);
    }
  };
  for (const name of Object.keys(needs).sort()) {
    add(name);
  }
  return ordered;
}
