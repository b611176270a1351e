import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Json } from "../support/synthesis";
import { run, start } from "./processes";
import { lockProvider } from "./provider-lock";
import { forEmulator } from "./rewrites/emulator-gaps";
import { forProvider } from "./rewrites/provider-five";
import { say } from "./steps";
import type { Surroundings } from "./surroundings";

/** What Terraform thinks of stacks. */
export interface Verdict {
  /** All that `terraform plan`, which begins with what `terraform validate` does, complains of, warnings too. */
  readonly complaints: readonly string[];
  /** How many resources the plan makes in each stack; it does nothing else. */
  readonly created: Readonly<Record<string, number>>;
}

/**
 * A folder in which Terraform plans many stacks at once, each as a module, so that a provider is started for each region
 * and not for each stack. Their own backends and providers are left out of it, and with them the default tags.
 */
export interface Workspace {
  /** @param stacks by name; of those that read the same, only one is looked at */
  judge(stacks: Readonly<Record<string, Json>>): Promise<Verdict>;
}

/** About how many stacks are looked at together: more take more memory, fewer start more providers. */
const TOGETHER = 40;

/** A stack as a module, the region of each provider that it is given, by its name there, and its variables. */
interface StackModule {
  readonly regions: Readonly<Record<string, string>>;
  readonly variables: readonly string[];
  readonly text: string;
}

/** Makes a workspace in a folder of its own, of that name. */
export function createWorkspace(name: string, { folder: parent, tools, env }: Surroundings): Workspace {
  const folder = path.join(parent, name);
  const options = { cwd: folder, env, log: path.join(folder, "log.txt") };
  const version = tools.mirror.awsVersion;

  const plan = async (): Promise<readonly Json[]> => {
    const planning = start(tools.terraform, ["plan", "-refresh=false", "-no-color", "-json"], options);
    await planning.ended;
    return planning
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  };

  async function judgeTogether(modules: Readonly<Record<string, StackModule>>): Promise<Verdict> {
    rmSync(path.join(folder, "stacks"), { recursive: true, force: true });
    for (const [stack, { text }] of Object.entries(modules)) {
      mkdirSync(path.join(folder, "stacks", stack), { recursive: true });
      writeFileSync(path.join(folder, "stacks", stack, "cdk.tf.json"), text);
    }
    writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify(rootModule(modules, version)));
    lockProvider(folder, version);
    await run(tools.terraform, ["init", "-no-color"], options);
    const lines = await plan();
    const diagnostics = lines.flatMap(({ diagnostic = [] }) => diagnostic);
    return {
      complaints: diagnostics.map(
        ({ severity, address, range, summary, detail }) =>
          `${severity}: ${address ?? range?.filename}: ${summary}: ${detail}`,
      ),
      created: createdIn(Object.keys(modules), lines),
    };
  }

  return {
    judge: async (stacks) => {
      const modules = Object.entries(stacks).map(([stack, written]): [string, StackModule] => [
        stack,
        asModule(written, version),
      ]);
      const different = [...new Map(modules.map(([stack, { text }]) => [text, stack])).values()];
      const all: Readonly<Record<string, StackModule>> = Object.fromEntries(modules);
      const verdicts: Verdict[] = [];
      const together = Math.ceil(different.length / Math.max(1, Math.round(different.length / TOGETHER)));
      for (let place = 0; place < different.length; place += together) {
        const some = different.slice(place, place + together);
        say(`looks at stacks ${place + 1} to ${place + some.length} of ${different.length}`);
        verdicts.push(await judgeTogether(pick(all, some)));
      }
      const created = Object.assign({}, ...verdicts.map((verdict) => verdict.created));
      const byText = new Map(different.map((stack) => [all[stack]?.text, created[stack]]));
      return {
        complaints: verdicts.flatMap(({ complaints }) => complaints),
        created: Object.fromEntries(modules.map(([stack, { text }]) => [stack, byText.get(text)])),
      };
    },
  };
}

function asModule(written: Json, version: string): StackModule {
  const stack = structuredClone(written);
  forEmulator(stack);
  forProvider(stack, version);
  const named: readonly (readonly [string, string])[] = stack.provider.aws.map(({ alias, region }: Json) => [
    alias === undefined ? "aws" : `aws.${alias}`,
    region,
  ]);
  stack.terraform.required_providers.aws.configuration_aliases = named
    .map(([name]) => name)
    .filter((name) => name !== "aws");
  delete stack.provider;
  delete stack.terraform.backend;
  const variables = Object.keys(stack.variable ?? {});
  return { regions: Object.fromEntries(named), variables, text: JSON.stringify(stack) };
}

function rootModule(modules: Readonly<Record<string, StackModule>>, version: string): Json {
  const regions = new Set(Object.values(modules).flatMap((module) => Object.values(module.regions)));
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version } } },
    provider: { aws: [...regions].sort().map((region) => ({ alias: region, region })) },
    module: Object.fromEntries(
      Object.entries(modules).map(([stack, module]) => {
        const given = Object.entries(module.regions).map(([name, region]) => [name, `aws.${region}`]);
        const values = module.variables.map((name) => [name, "given"]);
        return [
          stack,
          {
            ...Object.fromEntries(values),
            source: `./stacks/${stack}`,
            providers: Object.fromEntries(given),
          },
        ];
      }),
    ),
  };
}

/** @param lines the lines of `terraform plan -json` */
function createdIn(stacks: readonly string[], lines: readonly Json[]): Readonly<Record<string, number>> {
  const changes = lines.filter(({ type }) => type === "planned_change").map(({ change }) => change);
  const created = changes.filter(({ action }) => action === "create");
  return Object.fromEntries(
    stacks.map((stack) => [
      stack,
      created.filter(({ resource }) => resource.module === `module.${stack}`).length,
    ]),
  );
}

function pick<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
