/**
 * Writes the plans that the tests of the review read, with the real Terraform against the emulator of the end-to-end
 * suite: `node run.cjs __tests__/review/make-plans.ts`. What no review looks at is left out of them, and what the
 * emulator forgets again and again is as AWS would have it.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Json } from "../support/synthesis";

process.env.E2E_FOLDER = mkdtempSync(path.join(tmpdir(), "review-plans-"));

const REGION = "us-east-1";

/** What does not change is kept only of these types, which say how requests flow and what is paid for. */
const LOOKED_AT =
  /^aws_(lb|lb_\w+|autoscaling_group|autoscaling_lifecycle_hook|eip|launch_template|nat_gateway|security_group|subnet|vpc_security_group_\w+)$|^terraform_data$/;

async function main(folder: string): Promise<void> {
  // Their folder has to be known before they are loaded.
  const { findTools } = await import("../e2e/tools");
  const { start } = await import("../e2e/processes");
  const { startEmulatorFront } = await import("../e2e/emulator-front");
  const { freePort } = await import("../support/loopback");
  const { surroundings } = await import("../e2e/surroundings");
  const { terraformIn } = await import("../e2e/terraform");
  const { createWorld } = await import("../e2e/world");
  const { chat, smallModel } = await import("../e2e/deployments");
  const { forEmulator } = await import("../e2e/rewrites/emulator-gaps");
  const { forProvider } = await import("../e2e/rewrites/provider-five");
  const { loadFile } = await import("../support/serving-file");
  const { synthesize } = await import("../../stacks/deployment-stacks");

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
    await createWorld(emulator.endpoint, { [REGION]: 3 });
    const place = path.join(folder, "stack");
    const terraform = terraformIn(place, surroundings(tools, folder, emulator));
    const base = () => {
      const file = chat();
      return { ...file, regions: { [REGION]: file.regions[REGION] ?? { network: {} } } };
    };
    const write = (file: ReturnType<typeof base>) => {
      const loaded = loadFile(file);
      if (!loaded.ok) {
        throw new Error(loaded.diagnostics.map(({ message }) => message).join("\n"));
      }
      const outdir = path.join(folder, "out");
      mkdirSync(path.join(outdir, "stacks"), { recursive: true });
      synthesize(loaded.deployment, outdir);
      const json = JSON.parse(readFileSync(path.join(outdir, "stacks", REGION, "cdk.tf.json"), "utf8"));
      forEmulator(json);
      forProvider(json, tools.mirror.awsVersion);
      delete json.terraform.backend;
      mkdirSync(place, { recursive: true });
      writeFileSync(path.join(place, "cdk.tf.json"), JSON.stringify(json));
    };
    const keep = async (name: string, file: ReturnType<typeof base>) => {
      write(file);
      writeFileSync(path.join(__dirname, "plans", `${name}.json`), await stripped(await terraform.plan()));
      console.log(name);
    };
    const { llama = smallModel(), qwen = smallModel() } = base().models;
    const variants = (stable: number, canary: number) => ({
      stable: { weight: stable },
      canary: { weight: canary, image: "vllm/vllm-openai:v0.18.1" },
    });

    await keep("new", base());
    write(base());
    await terraform.apply();
    await keep("nothing", base());
    await keep("image", {
      ...base(),
      models: { qwen, llama: { ...llama, image: "vllm/vllm-openai:v0.29.0" } },
    });
    await keep("weights", { ...base(), models: { qwen, llama: { ...llama, variants: variants(50, 50) } } });
    await keep("size", { ...base(), models: { llama, qwen: { ...qwen, capacity: { min: 4, max: 9 } } } });
    await keep("model-added", { ...base(), models: { llama, qwen, gemma: smallModel() } });
    await keep("model-removed", { ...base(), models: { llama } });
    await keep("port", { ...base(), models: { llama, qwen: { ...qwen, port: 8100 } } });
    await keep("open", { ...base(), entry: { ...base().entry, allow: "anyone-on-the-internet" as const } });
  } finally {
    await emulator.stop();
    moto.kill();
    await moto.ended;
  }
}

/** One line for each resource. */
async function stripped(plan: Json): Promise<string> {
  const { plannedChanges } = await import("../e2e/plan-changes");
  const { FORGOTTEN } = await import("../e2e/forgotten");
  const { regexIn } = await import("../e2e/rewrites/provider-five");
  /** An older provider takes no regular expressions, and the suite writes plain values for them. */
  const withRegexes = (rule: Json) => {
    for (const { host_header, path_pattern } of rule?.condition ?? []) {
      for (const matched of [...(host_header ?? []), ...(path_pattern ?? [])]) {
        const regexes = (matched.values ?? []).map(regexIn);
        if (regexes.some((regex: RegExp | undefined) => regex !== undefined)) {
          matched.regex_values = regexes.map((regex: RegExp) => regex.source.replaceAll("\\/", "/"));
          matched.values = [];
        }
      }
    }
  };
  const real = new Map(plannedChanges(plan).map((change) => [change.address, change]));
  const changes = plan.resource_changes.map(({ address, mode, type, name, change, action_reason }: Json) => {
    const { before, after } = change;
    for (const side of type === "aws_lb_listener_rule" ? [before, after] : []) {
      withRegexes(side);
    }
    const isForgotten = change.actions.join() === "update" && !real.has(address);
    for (const each of before && after ? FORGOTTEN.filter((some) => some.type === type) : []) {
      if (!real.get(address)?.differences.some((difference) => difference.path === each.path)) {
        set(before, each.path, after);
      }
    }
    return slim({
      ...{ address, mode, type, name, action_reason },
      change: {
        ...change,
        actions: isForgotten ? ["no-op"] : change.actions,
        before: isForgotten ? after : before,
      },
    });
  });
  const kept = changes.filter(
    ({ mode, type, change }: Json) =>
      mode === "managed" && (change.actions.join() !== "no-op" || LOOKED_AT.test(type)),
  );
  const addresses = new Set(kept.map(({ address }: Json) => address));
  const resources = plan.configuration.root_module.resources
    .filter(({ address }: Json) => addresses.has(address))
    .map(({ address, expressions }: Json) => slim({ address, expressions: referencesIn(expressions) }));
  const lines = (all: readonly Json[]) => `[\n${all.map((each) => JSON.stringify(each)).join(",\n")}\n]`;
  const { format_version, terraform_version } = plan;
  return `{"format_version":${JSON.stringify(format_version)},"terraform_version":${JSON.stringify(terraform_version)},
"resource_changes":${lines(kept)},
"configuration":{"provider_config":{"aws":{"expressions":{"region":{"constant_value":"${REGION}"}}}},"root_module":{"resources":${lines(resources)}}}}
`;
}

/** Gives a part of a value, at the path of FORGOTTEN, what another value has there. */
function set(value: Json, at: string, from: Json): void {
  const [first = "", ...rest] = at.split(".");
  if (
    rest.length === 0 ||
    typeof value[first] !== "object" ||
    value[first] === null ||
    value[first].length === 0
  ) {
    value[first] = from[first];
  } else {
    set(value[first], rest.join("."), from[first]);
  }
}

/** Without what is nothing, and with short texts for user data. */
function slim(value: Json, name = ""): Json {
  if (Array.isArray(value)) {
    return value.map((each) => slim(each));
  }
  if (typeof value === "object" && value !== null) {
    const kept = Object.entries<Json>(value)
      .filter(([key]) => !["tags_all", "timeouts", "after_identity", "before_identity"].includes(key))
      .filter(([key, each]) => key === "actions" || !isNothing(each))
      .map(([key, each]) => [key, slim(each, key)]);
    return Object.fromEntries(kept);
  }
  return name === "user_data" && typeof value === "string"
    ? createHash("sha256").update(value).digest("base64")
    : value;
}

function isNothing(value: Json): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function referencesIn(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(referencesIn);
  }
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  return value.references !== undefined
    ? { references: value.references }
    : Object.fromEntries(Object.entries<Json>(value).map(([key, each]) => [key, referencesIn(each)]));
}

main(process.env.E2E_FOLDER).then(
  () => rmSync(process.env.E2E_FOLDER ?? "", { recursive: true, force: true }),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
