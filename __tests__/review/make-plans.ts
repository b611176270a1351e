/**
 * Writes the plans that the tests of the review read, with the real Terraform against the emulator of the end-to-end
 * suite: `node run.cjs __tests__/review/make-plans.ts`, with `regions` for those of several stacks alone, or `region`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Json, listOf } from "../../testing/terraform/json";
import type { Surroundings } from "../e2e/surroundings";
import type { Terraform } from "../e2e/terraform";
import type { World } from "../e2e/world";
import type { WrittenFile } from "../support/serving-file";

process.env.E2E_FOLDER = mkdtempSync(path.join(tmpdir(), "review-plans-"));

/** Writes and deploys files, and keeps what Terraform plans. */
interface Planner {
  readonly networkIn: World["networkIn"];
  /** Applies the stacks of a file, one after the other. */
  deploy(file: WrittenFile): Promise<void>;
  /** Keeps the plans of all stacks of a file: `plans/<name>/<stack>.json`, and of a single one `plans/<name>.json`. */
  keep(name: string, file: WrittenFile): Promise<void>;
}

async function main(folder: string, which: string | undefined): Promise<void> {
  // Their folder has to be known before they are loaded.
  const { findTools } = await import("../e2e/tools");
  const { start } = await import("../e2e/processes");
  const { startEmulatorFront } = await import("../e2e/emulator-front");
  const { freePort } = await import("../support/loopback");
  const tools = await findTools(folder);
  if (!("terraform" in tools)) {
    throw new Error([...tools.missing, ...tools.wrong].join("\n"));
  }
  const port = String(await freePort());
  const moto = start("moto_server", ["-H", "127.0.0.1", "-p", port], {
    cwd: folder,
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true", MOTO_ACM_VALIDATION_WAIT: "1" },
    log: path.join(folder, "moto.log"),
  });
  await moto.saying(/Running on http/);
  const emulator = await startEmulatorFront(`http://127.0.0.1:${port}`);
  try {
    const { createWorld } = await import("../e2e/world");
    const world = await createWorld(emulator.endpoint, { "us-east-1": 3, "eu-west-1": 3 });
    const planner = await plannerIn(folder, { tools, emulator }, world);
    for (const [name, make] of Object.entries({ region: plansOfARegion, regions: plansOfRegions })) {
      if (which === undefined || which === name) {
        await make(planner);
      }
    }
  } finally {
    await emulator.stop();
    moto.kill();
    await moto.ended;
  }
}

async function plannerIn(
  folder: string,
  { tools, emulator }: Pick<Surroundings, "tools" | "emulator">,
  { networkIn }: World,
): Promise<Planner> {
  const { surroundings } = await import("../e2e/surroundings");
  const { terraformIn } = await import("../e2e/terraform");
  const { forEmulator } = await import("../e2e/rewrites/emulator-gaps");
  const { forProvider } = await import("../e2e/rewrites/provider-five");
  const { loadFile } = await import("../support/serving-file");
  const { synthesize } = await import("../../stacks/deployment-stacks");
  const { planText } = await import("./plan-text");
  const around = surroundings(tools, folder, emulator);
  const placeOf = (name: string, stack: string) => path.join(folder, name, stack);

  /** Writes the stacks of a file, in the order in which they are deployed, but for the one of the state. */
  const write = (file: WrittenFile): readonly (readonly [stack: string, terraform: Terraform])[] => {
    const loaded = loadFile(file);
    if (!loaded.ok) {
      throw new Error(loaded.diagnostics.map(({ message }) => message).join("\n"));
    }
    const outdir = path.join(folder, "out");
    rmSync(outdir, { recursive: true, force: true });
    mkdirSync(path.join(outdir, "stacks"), { recursive: true });
    synthesize(loaded.deployment, outdir);
    const ofGlobal = file.globalEndpoint === undefined ? [] : ["global"];
    const stacks = [...(ofGlobal.length > 0 ? ["domain"] : []), ...Object.keys(file.regions), ...ofGlobal];
    return stacks.map((stack) => {
      const json = JSON.parse(readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
      forEmulator(json);
      forProvider(json, tools.mirror.awsVersion);
      delete json.terraform.backend;
      for (const read of Object.values<Json>(json.data?.terraform_remote_state ?? {})) {
        const [other] = listOf(read.config).map(({ key }) => String(key).replace(/\.tfstate$/, ""));
        read.backend = "local";
        read.config = { path: path.join(placeOf(file.name, other ?? ""), "terraform.tfstate") };
      }
      const place = placeOf(file.name, stack);
      mkdirSync(place, { recursive: true });
      writeFileSync(path.join(place, "cdk.tf.json"), JSON.stringify(json));
      return [stack, terraformIn(place, around)];
    });
  };

  return {
    networkIn,
    deploy: async (file) => {
      for (const [stack, terraform] of write(file)) {
        await terraform.apply();
        console.log(`${stack} of ${file.name} is there`);
      }
    },
    keep: async (name, file) => {
      const stacks = write(file);
      const plans = path.join(__dirname, "plans");
      rmSync(path.join(plans, name), { recursive: true, force: true });
      for (const [stack, terraform] of stacks) {
        const at = stacks.length === 1 ? `${name}.json` : path.join(name, `${stack}.json`);
        mkdirSync(path.dirname(path.join(plans, at)), { recursive: true });
        writeFileSync(path.join(plans, at), await planText(await terraform.plan()));
        console.log(at);
      }
    },
  };
}

async function plansOfARegion({ deploy, keep }: Planner): Promise<void> {
  const { chat, smallModel } = await import("../e2e/deployments");
  const { regions, ...rest } = chat();
  const base: WrittenFile = {
    ...rest,
    regions: { "us-east-1": regions["us-east-1"] ?? { network: {} } },
  } as WrittenFile;
  const { llama = smallModel(), qwen = smallModel() } = base.models;
  const variants = (stable: number, canary: number) => ({
    stable: { weight: stable },
    canary: { weight: canary, image: "vllm/vllm-openai:v0.18.1" },
  });
  await keep("new", base);
  await deploy(base);
  await keep("nothing", base);
  await keep("image", { ...base, models: { qwen, llama: { ...llama, image: "vllm/vllm-openai:v0.29.0" } } });
  await keep("weights", { ...base, models: { qwen, llama: { ...llama, variants: variants(50, 50) } } });
  await keep("size", { ...base, models: { llama, qwen: { ...qwen, capacity: { min: 4, max: 9 } } } });
  await keep("model-added", { ...base, models: { llama, qwen, gemma: smallModel() } });
  await keep("model-removed", { ...base, models: { llama } });
  await keep("port", { ...base, models: { llama, qwen: { ...qwen, port: 8100 } } });
  await keep("open", { ...base, entry: { ...base.entry, allow: "anyone-on-the-internet" as const } });
}

async function plansOfRegions({ deploy, keep, networkIn }: Planner): Promise<void> {
  const { smallModel, underOneGlobalEndpoint } = await import("../e2e/deployments");
  const base = { ...underOneGlobalEndpoint(networkIn), models: { llama: smallModel(), qwen: smallModel() } };
  const { llama } = base.models;
  const europe = base.regions["eu-west-1"];
  await deploy(base);
  await keep("region-drained", {
    ...base,
    regions: { ...base.regions, "eu-west-1": { ...europe, traffic: "drained" } },
  } as WrittenFile);
  await keep("model-removed-everywhere", { ...base, models: { llama } });
}

main(process.env.E2E_FOLDER, process.argv[2]).then(
  () => rmSync(process.env.E2E_FOLDER ?? "", { recursive: true, force: true }),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
