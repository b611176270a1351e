import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Json } from "../support/synthesis";
import { run } from "./processes";
import { lockProvider } from "./provider-lock";
import type { Surroundings } from "./surroundings";

/** Terraform alone, in one folder. Fails with Terraform's output. */
export interface Terraform {
  /** Returns its output. */
  run(...args: readonly string[]): Promise<string>;
  /** Makes the folder what is wanted there. Returns its output. */
  apply(...options: readonly string[]): Promise<string>;
  /** What an apply would do: the JSON of `terraform show`. */
  plan(...options: readonly string[]): Promise<Json>;
  /** Its state: the JSON of `terraform show`. */
  state(): Promise<Json>;
}

/** What each folder was initialized for. It would take a second and a half before every command. */
const initialized = new Map<string, string>();

/** The backend and the providers of a stack. */
function settingsIn(folder: string): string {
  const { terraform } = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8"));
  return JSON.stringify(terraform);
}

/** @param log file for its output; by default a file in the folder */
export function terraformIn(
  folder: string,
  { tools, env }: Surroundings,
  log = path.join(folder, "log.txt"),
): Terraform {
  const terraform = (...args: readonly string[]) => run(tools.terraform, args, { cwd: folder, env, log });
  const init = async () => {
    const settings = settingsIn(folder);
    if (initialized.get(folder) !== settings || !existsSync(path.join(folder, ".terraform"))) {
      lockProvider(folder, tools.mirror.awsVersion);
      await terraform("init", "-no-color");
      initialized.set(folder, settings);
    }
  };
  return {
    run: terraform,
    apply: async (...options) => {
      await init();
      return terraform("apply", "-auto-approve", "-no-color", ...options);
    },
    plan: async (...options) => {
      await init();
      await terraform("plan", "-no-color", "-out=plan.bin", ...options);
      return JSON.parse(await terraform("show", "-json", "plan.bin"));
    },
    state: async () => JSON.parse(await terraform("show", "-json")),
  };
}
