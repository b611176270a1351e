import { readFileSync } from "node:fs";
import path from "node:path";
import "../../testing/matchers";
import { instanceFacts } from "../../config/plan/boot-config";
import { explain } from "../../config/report/explain";
import { summary } from "../../config/report/summary";
import { instancesOf } from "../support/instance";
import { loadYaml, reportOf } from "../support/serving-file";
import { type Json, resourcesOfType, synthesized } from "../support/synthesis";

/*
 * Files that users wrote, in __tests__/cases, with what is right about each.
 */
const textOf = (name: string) => readFileSync(path.join(__dirname, "../cases", `${name}.yaml`), "utf8");
const reported = (name: string) =>
  reportOf(textOf(name)).map((line) => line.split("  ").slice(1, 4).join("  "));

/** The sizes of the one variant of the one model. */
function sizesOf(name: string) {
  const loaded = loadYaml(textOf(name));
  const variant = loaded.ok ? loaded.deployment.regions[0]?.models[0]?.variants[0] : undefined;
  return {
    zones: variant?.zones.value,
    need: variant?.capacity.need?.value,
    min: variant?.capacity.min.value,
  };
}

test.each([
  // Tokyo has g6 and g5 in two of its three zones; us-east-1 has p5en in two of its six.
  ["bug-tokyo", { zones: 2, need: 4, min: 8 }, "ap-northeast-1"],
  ["bug-zone-p5en", { zones: 2, need: 4, min: 8 }, "us-east-1"],
])("%s: sizes count only the zones that offer a type, and say so", (name, sizes, region) => {
  expect(sizesOf(name)).toEqual(sizes);
  expect(reported(name)).toContain(`warning  regions.${region}.network  instance-type-in-fewer-zones`);
});

test("bug-prefixlist: a prefix list may connect, and its real size counts at the plan", () => {
  expect(reported("bug-prefixlist").filter((line) => line.includes("entry"))).toEqual([]);
  const text = textOf("bug-prefixlist")
    .replace("requestsPerMinutePerBox", "requestsPerMinutePerInstance")
    .replace(/ +capacityReservation.*\n/, "");
  const loaded = loadYaml(text);
  const stack = loaded.ok ? synthesized(loaded.deployment)["us-east-1"] : undefined;
  expect(resourcesOfType(stack, "aws_vpc_security_group_ingress_rule")).toContainEqual(
    expect.objectContaining({ from_port: 80, prefix_list_id: "pl-3b927c52" }),
  );
  const conditions = stack.resource.aws_lb.entry_alb.lifecycle.precondition.map(
    ({ condition }: Json) => condition,
  );
  expect(conditions.filter((each: string) => each.includes("max_entries"))).toHaveLength(2);
  expect(stack).toFitTheProvider();
  expect(stack).toFitTheApi();
});

test("bug-odcr: one reservation does not survive a zone", () => {
  expect(reported("bug-odcr")).toEqual(["error  models.m.capacityReservation.id  reservation-in-one-zone"]);
  expect(reportOf(textOf("bug-odcr")).join()).toContain(
    "write reservations: [{ id: cr-0123456789abcdef0, zone: its AvailabilityZoneId, count: its TotalInstanceCount }, …] instead",
  );
});

test("bug-odcr: with a reservation in each zone, the group launches into all of them and survives one", () => {
  const list = ["use1-az1", "use1-az4"].map(
    (zone, index) => `{ id: cr-0123456789abcdef${index}, zone: ${zone}, count: 6 }`,
  );
  const text = textOf("bug-odcr").replace("id: cr-0123456789abcdef0", `reservations: [${list.join(", ")}]`);
  expect(reportOf(text).filter((line) => !line.includes("refresh-outlasts-cancel"))).toEqual([]);
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error("the file is not accepted");
  }
  const stack = synthesized(loaded.deployment)["us-east-1"];
  const [group] = resourcesOfType(stack, "aws_autoscaling_group");
  // Five instances carry the peak, without either zone.
  expect([group.min_size, group.max_size]).toEqual([10, 12]);
  expect(group.vpc_zone_identifier).toBe(`\${local.model_m_main_instances_zones-of-reservations_found}`);
  expect(group.lifecycle.precondition.map(({ error_message }: Json) => error_message)).toContainEqual(
    expect.stringMatching(/^Capacity reservations cr-0123456789abcdef0, cr-0123456789abcdef1: no subnet/),
  );
  expect(group.capacity_reservation_specification).toEqual({
    capacity_reservation_preference: "capacity-reservations-only",
    capacity_reservation_target: {
      capacity_reservation_resource_group_arns: [
        `\${aws_resourcegroups_group.model_m_main_instances_reserved.arn}`,
      ],
    },
  });
  expect(group.depends_on.filter((each: string) => each.includes("resourcegroups_resource"))).toHaveLength(2);
  expect(resourcesOfType(stack, "aws_resourcegroups_group")).toMatchObject([
    { name: "reserved.chat.m.main" },
  ]);
  expect(stack).toFitTheProvider([stack]);
  expect(stack).toFitTheApi();
  expect(stack).toGrantWhatInstancesCall();
});

test("bug-odcr: reservations beside on-demand instances leave the group all zones", () => {
  const text = textOf("bug-odcr").replace(
    "preference: capacity-reservations-only, id: cr-0123456789abcdef0",
    "reservations: [{ id: cr-0123456789abcdef0, zone: use1-az1, count: 3 }]",
  );
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error("the file is not accepted");
  }
  expect(reportOf(text).join()).toContain(
    "hold 3 in use1-az1: 5 of min 8 are on-demand, and 2 of the 5 that the peak takes",
  );
  const [group] = resourcesOfType(synthesized(loaded.deployment)["us-east-1"], "aws_autoscaling_group");
  expect(group.vpc_zone_identifier).toHaveLength(3);
  expect(group.capacity_reservation_specification.capacity_reservation_preference).toBe(
    "capacity-reservations-first",
  );
});

test("truth-many: the outbound rules of the load balancer are counted", () => {
  const [line = ""] = reportOf(textOf("truth-many"));
  expect(line).toMatch(/error {2}regions\.us-east-1 {2}too-many-outbound-rules {2}.* 64 in all, .* has 60;/);
  expect(reported("truth-many")).toHaveLength(1);
});

test("bug-dp: the waiting requests of eight engines are added up, and count for one instance", () => {
  const loaded = loadYaml(textOf("bug-dp"));
  const stack = loaded.ok ? synthesized(loaded.deployment)["us-east-1"] : undefined;
  const queue = resourcesOfType(stack, "aws_autoscaling_policy").find(({ name }) =>
    name.startsWith("waiting"),
  );
  const { metrics } = queue.target_tracking_configuration.customized_metric_specification;
  expect(
    metrics.map(({ id, metric_stat }: Json) => [id, metric_stat?.metric.metric_name, metric_stat?.stat]),
  ).toEqual([
    ["waiting", "vllm:num_requests_waiting", "Sum"],
    ["instances", "GroupInServiceInstances", "Average"],
    ["per_instance", undefined, undefined],
  ]);
  const [{ enabled_metrics }] = resourcesOfType(stack, "aws_autoscaling_group");
  expect(enabled_metrics).toContain("GroupInServiceInstances");
  expect(metrics[2].expression).toBe("waiting / instances");
});

test("story-R6: what numbers for one kind of layer make too large is a doubt, and experts are divided over their ranks", () => {
  const lines = reported("story-R6-gemma3-qwen3next-dep");
  expect(lines.filter((line) => line.startsWith("error"))).toEqual([]);
  const doubted = lines.filter((line) => line.includes("model-may-not-fit"));
  expect(doubted.map((line) => line.split("  ")[1])).toEqual([
    "models.gemma-3-27b.instanceTypes[0]",
    "models.qwen3-next-80b-fp8.instanceTypes[0]",
    "models.qwen3-next-80b-fp8.instanceTypes[1]",
  ]);
});

test.each([
  "memory: { parameters: 117B, precision: mxfp4 }",
  "memory: { parameters: 117B, precision: mxfp4, size: 60.8GiB }",
])("story-01-gpt-oss-120b: %s is accepted, without weights in S3", (memory) => {
  const text = textOf("story-01-gpt-oss-120b").replace("instanceTypes:", `${memory}\n    instanceTypes:`);
  expect(text).toContain(memory);
  expect(reportOf(text).filter((line) => line.includes("error "))).toEqual([]);
});

test("bug-nim: an image that instances cannot sign in for is said, with the way out", () => {
  const lines = reportOf(
    textOf("story-03-tgi-llama31-gated").replace(
      /image: .*/,
      "image: nvcr.io/nim/meta/llama-3.1-8b-instruct:2.0.1",
    ),
  );
  expect(lines.filter((line) => line.includes("image-needs-login"))).toHaveLength(1);
  expect(lines.join()).toContain("registry: { server: nvcr.io, secret: <ARN> }, or copy it to Amazon ECR");
});

test("bug-nim: instances sign in by the key that the file has for downloads, and read no other secret", () => {
  const loginsIn = (name: string) => reported(name).filter((line) => /login|registry/.test(line));
  expect(loginsIn("bug-nim")).toEqual(["error  models.m.image  image-needs-login"]);
  expect(loginsIn("story-04-nim-llama31-8b")).toEqual([]);
  const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ngc-AbCdEf";
  const loaded = loadYaml(
    textOf("bug-nim").replace("    loadTime:", `    registry: { secret: "${secret}" }\n    loadTime:`),
  );
  expect(loaded.ok || loaded.diagnostics).toBe(true);
  const stack = loaded.ok ? synthesized(loaded.deployment)["us-east-1"] : undefined;
  const statements = resourcesOfType(stack, "aws_iam_policy").flatMap(
    ({ policy }: Json) => JSON.parse(policy).Statement,
  );
  expect(statements.filter(({ Sid }) => Sid === "ReadSecrets").map(({ Resource }) => Resource)).toEqual([
    [secret],
  ]);
  const instance = loaded.ok ? instanceFacts(...instancesOf(loaded.deployment)) : undefined;
  expect(instance?.registry).toEqual({ server: "nvcr.io", user: "$oauthtoken", secret });
});

test("variants that are called by different names are a warning", () => {
  const text = textOf("bug-dp").replace(
    "weights: { uri: s3://my-weights/m/, size: 15GiB }",
    "model: acme/one\n    variants: { a: { weight: 95 }, b: { weight: 5, model: acme/two } }",
  );
  const found = (given: string) => reportOf(given).filter((line) => line.includes("names-differ"));
  expect(found(text)).toEqual([expect.stringContaining("variant b in us-east-1 is called acme/two")]);
  const named = '"--served-model-name", "one"';
  expect(found(text.replace('"8"', `"8", ${named}`))).toEqual([]);
});

test("truth-secrets: what is too long for one policy is divided, and all of it is granted", () => {
  const keys = Array.from(
    { length: 16 },
    (_, index) => `arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-0000000000${index + 10}`,
  );
  const loaded = loadYaml(
    textOf("truth-secrets").replace(
      "    kmsKeyArns:\n",
      `    kmsKeyArns:\n${keys.map((key) => `      - ${key}\n`).join("")}`,
    ),
  );
  if (!loaded.ok) {
    throw new Error("the file is not accepted");
  }
  const stack = synthesized(loaded.deployment)["us-east-1"];
  const ofStable = (type: string) =>
    Object.keys(stack.resource[type]).filter((id) => id.startsWith("model_llama-3-8b_stable"));
  expect(ofStable("aws_iam_policy")).toHaveLength(2);
  expect(ofStable("aws_iam_role_policy_attachment")).toHaveLength(2);
  expect(stack).toFitTheGrammars();
  expect(stack).toGrantWhatInstancesCall();
  expect(
    stack.resource.aws_iam_instance_profile["model_llama-3-8b_stable_instances_role_profile"].depends_on,
  ).toEqual(
    expect.arrayContaining([
      "aws_iam_role_policy_attachment.model_llama-3-8b_stable_instances_role_needs",
      "aws_iam_role_policy_attachment.model_llama-3-8b_stable_instances_role_needs-2",
    ]),
  );
});

/** The facts of the instances of a model of a case, or of a text. */
function factsOf(text: string, name?: string) {
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error("the file is not accepted");
  }
  const [region, model, variant] = instancesOf(loaded.deployment, name);
  return { ...instanceFacts(region, model, variant), volume: variant.volume.value };
}

test.each([
  [
    "bug-hfwarm",
    { folder: "cache", path: "/cache" },
    { HF_HOME: "/cache/huggingface", VLLM_CACHE_ROOT: "/cache/vllm" },
  ],
  ["story-R5-warmpool-hf", { folder: "cache", path: "/data" }, { TRITON_CACHE_DIR: "/data/triton" }],
])(
  "%s: what the server downloads and compiles lasts, on the volume, since a stop empties the instance store",
  (name, cache, env) => {
    const facts = factsOf(textOf(name));
    expect(facts.volumes).toEqual([cache]);
    expect(facts.env).toMatchObject(env);
    expect(facts.instanceStore).toBe(false);
    // (8B × 2 bytes, and 80 GiB of images) + 20 %.
    expect(facts.volume).toBe(120);
  },
);

test("story-09-comfyui-flux: what the container writes lasts", () => {
  const facts = factsOf(
    textOf("story-09-comfyui-flux").replace(
      "    instanceTypes",
      "    mounts: { /root/ComfyUI/output: { size: 50GiB }, /root/ComfyUI/custom_nodes: {} }\n    instanceTypes",
    ),
  );
  expect(facts.volumes).toEqual([
    { folder: "models", path: "/models", readOnly: true },
    { folder: "mounts/root/ComfyUI/custom_nodes", path: "/root/ComfyUI/custom_nodes" },
    { folder: "mounts/root/ComfyUI/output", path: "/root/ComfyUI/output" },
  ]);
  expect(facts.volume).toBe(210);
});

test("story-13-vllm-lora-spec-vl: a model of the hub has adapters in S3, by plain fields", () => {
  const text = textOf("story-13-vllm-lora-spec-vl")
    .replace(/,\s+--enable-lora,\s+--lora-modules,\s+sql=\S+,\s+chat=\/models\/chat/, "")
    .replace(
      "weights: { uri: s3://acme-adapters/llama-3.1-8b/ }",
      "adapters: { sql: s3://acme-adapters/llama/sql/, chat: s3://acme-adapters/llama/chat/ }",
    );
  const facts = factsOf(text, "llama-lora");
  expect(facts.arguments.join(" ")).toContain(
    "--enable-lora --lora-modules chat=/adapters/chat sql=/adapters/sql --max-model-len",
  );
  expect(facts.arguments.join(" ")).toContain("--model meta-llama/Llama-3.1-8B-Instruct");
  expect(facts.volumes).toContainEqual({ folder: "adapters", path: "/adapters", readOnly: true });
  const loaded = loadYaml(text);
  const stack = loaded.ok ? synthesized(loaded.deployment)["us-east-1"] : undefined;
  expect(stack).toGrantWhatInstancesCall();
  expect(JSON.stringify(stack?.resource.aws_iam_policy)).toContain("acme-adapters/llama/sql/*");
});

test("story-R7-ollama-weights-unused: ollama may write into the folder of its weights", () => {
  const facts = factsOf(textOf("story-R7-ollama-weights-unused"));
  expect(facts.volumes).toContainEqual({ folder: "models", path: "/models", readOnly: false });
  expect(facts.env).toMatchObject({ OLLAMA_NOPRUNE: "1" });
});

test("story-08-ray-serve-llm: the configuration is a file, not weights", () => {
  const facts = factsOf(
    textOf("story-08-ray-serve-llm")
      .replace(/ +weights:.*\n/, "    files: { /home/ray/config.yaml: { text: 'applications: []' } }\n")
      .replace("/models/config.yaml", "/home/ray/config.yaml"),
  );
  expect(facts.weights).toBeUndefined();
  expect(facts.files).toEqual({ "/home/ray/config.yaml": "applications: []" });
  expect(facts.arguments).toEqual(["serve", "run", "/home/ray/config.yaml"]);
  expect(facts.env).toMatchObject({ HF_HOME: "/cache/huggingface" });
});

test("bug-jsonsecret: one key of a secret is accepted, and the secret is granted", () => {
  const loaded = loadYaml(textOf("bug-jsonsecret"));
  if (!loaded.ok) {
    throw new Error("the file is not accepted");
  }
  const stack = synthesized(loaded.deployment)["us-east-1"];
  const policies = Object.entries(stack.resource.aws_iam_policy as Record<string, { policy: string }>);
  const [, policy] = policies.find(([id]) => id.startsWith("model_")) ?? [];
  const granted = JSON.parse(policy?.policy ?? "").Statement;
  expect(granted).toContainEqual(
    expect.objectContaining({
      Sid: "ReadSecrets",
      Resource: ["arn:aws:secretsmanager:us-east-1:123456789012:secret:keys-AbCdEf"],
    }),
  );
  expect(stack).toGrantWhatInstancesCall();
});

/** A case with texts replaced, and its one variant. */
function changed(name: string, ...changes: readonly (readonly [string, string])[]) {
  const text = changes.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, textOf(name));
  const loaded = loadYaml(text);
  return { codes: reportOf(text).map((line) => line.split("  ")[3]), loaded };
}

function variantOf({ loaded }: ReturnType<typeof changed>) {
  return loaded.ok ? loaded.deployment.regions[0]?.models[0]?.variants[0] : undefined;
}

test("story-05: a model over several GPUs is started by mpirun", () => {
  const variant = variantOf(
    changed("story-05-triton-trtllm", [
      "    weights:",
      "    command: [mpirun, --allow-run-as-root, -n, '1', tritonserver]\n    weights:",
    ]),
  );
  expect(variant?.entrypoint).toBe("mpirun");
  expect(variant?.arguments.slice(0, 6)).toEqual([
    ...["--allow-run-as-root", "-n", "1", "tritonserver"],
    ...["--model-repository", "/models"],
  ]);
});

test("story-08: the command of Ray Serve is a command", () => {
  const variant = variantOf(
    changed("story-08-ray-serve-llm", ["    arguments: [serve,", "    command: [serve,"]),
  );
  expect(variant).toMatchObject({ entrypoint: "serve", arguments: ["run", "/models/config.yaml"] });
});

test("story-R1: the published line as a whole is taken apart", () => {
  const run = "docker run --gpus all -p 30000:30000 --shm-size 32g lmsysorg/sglang:v0.5.13";
  const pasted = changed(
    "story-R1-pasted-sglang",
    ["    image: lmsysorg/sglang:v0.5.13\n", ""],
    [
      / {4}arguments:[^\]]*\]/.exec(textOf("story-R1-pasted-sglang"))?.[0] ?? "",
      `    run: ${run} --model-path Qwen/Qwen3-8B`,
    ],
  );
  expect(variantOf(pasted)?.settings).toMatchObject({
    image: "lmsysorg/sglang:v0.5.13",
    sharedMemory: 32,
    arguments: ["--model-path", "Qwen/Qwen3-8B"],
  });
});

test.each<[string, readonly string[]]>([
  ["bug-sglang-env", ["error  models.m.secrets.SGLANG_API_KEY  api-key-not-read"]],
  [
    "bug-sglang-key",
    [
      "error  models.m.arguments[0]  secret-in-plain-text",
      "error  models.m.arguments[1]  secret-in-plain-text",
    ],
  ],
  ["bug-vllm-noweights", ["error  models.m.model  no-model-named"]],
  ["bug-ollama-noweights", ["error  models.m.model  no-model-named"]],
  ["bug-runai", ["error  models.m.arguments[1]  s3-not-granted"]],
  ["story-R2-no-model-named", ["error  models.gpt-oss-120b.model  no-model-named"]],
  ["story-R4-nat-none-hf", ["error  models.llama-3-1-8b.arguments[0]  hub-unreachable"]],
])("%s is refused, with the line to write", (name, expected) => {
  expect(reported(name).filter((line) => line.startsWith("error"))).toEqual(expected);
});

test("bug-sglang-key: the key is never shown, and its ARN has a field", () => {
  const text = reportOf(textOf("bug-sglang-key")).join("\n");
  expect(text).not.toContain("sk-1234");
  expect(text.match(/its ARN into apiKey/g)).toHaveLength(2);
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
  const facts = factsOf(textOf("bug-sglang-key").replace(/arguments:.*/, `apiKey: ${arn}`));
  // The command adds it: no list of processes shows it. The probe has it too.
  expect(facts.secrets).toEqual({ SERVER_API_KEY: arn });
  expect(facts.arguments.slice(0, 2)).toEqual(["python3", "-c"]);
  expect(facts.arguments.join(" ")).not.toContain("arn:");
  expect(facts.probe?.bearer).toBe("SERVER_API_KEY");
});

test("bug-sglang: its health check generates nothing", () => {
  expect(factsOf(textOf("bug-sglang")).env.SGLANG_ENABLE_HEALTH_ENDPOINT_GENERATION).toBe("false");
});

test("bug-dlc: an image without the flag starts without it, and it is said what that costs", () => {
  expect(reported("bug-dlc")).toEqual(["warning  models.m.image  server-cuts-requests"]);
  expect(factsOf(textOf("bug-dlc")).arguments).not.toContain("--shutdown-timeout");
});

test("bug-runai: what the server reads itself is granted", () => {
  const loaded = loadYaml(
    textOf("bug-runai").replace("    memory:", "    reads: [s3://my-weights/m/]\n    memory:"),
  );
  const stack = loaded.ok ? synthesized(loaded.deployment)["us-east-1"] : undefined;
  expect(JSON.stringify(stack?.resource.aws_iam_policy)).toContain(":s3:::my-weights/m/*");
  expect(stack).toGrantWhatInstancesCall();
});

test.each([
  ["story-R1-pasted-vllm-serve", ["openai/gpt-oss-120b", "--shutdown-timeout"]],
  ["story-R1-pasted-sglang", ["python3", "-m", "sglang.launch_server"]],
])("%s: the words of the command are no arguments", (name, first) => {
  const facts = factsOf(textOf(name));
  expect(facts.arguments.slice(0, first.length)).toEqual(first);
  expect(
    facts.arguments.filter((word) => /^(vllm|serve|python3|-m|sglang.launch_server)$/.test(word)),
  ).toEqual(first.filter((word) => !word.includes("/") && !word.startsWith("--")));
});

test("story-06-ollama and story-R7-ollama-weights-unused: the server is told where its models are, by plain fields", () => {
  const plain = textOf("story-06-ollama").replace(/ +env: .*\n/, "");
  for (const text of [plain, textOf("story-R7-ollama-weights-unused")]) {
    expect(factsOf(text).env).toMatchObject({
      ...{ OLLAMA_MODELS: "/models", OLLAMA_NOPRUNE: "1", OLLAMA_KEEP_ALIVE: "-1" },
    });
  }
});

test("story-11a-tei-gpu: the preset says what had to be said by hand", () => {
  const plain = textOf("story-11a-tei-gpu")
    .replace("server: custom", "server: tei")
    .replace(/ +(port|health|probe|metrics): .*\n/g, "")
    .replace(/secrets: \{ API_KEY: (.*) \}/, "apiKey: $1")
    .replace("--model-id, BAAI/bge-large-en-v1.5, ", "")
    .replace("    loadTime", "    model: BAAI/bge-large-en-v1.5\n    volume: { size: 120GiB }\n    loadTime");
  expect(reportOf(plain)).toEqual([]);
  const facts = factsOf(plain);
  expect(facts.arguments.join(" ")).toBe("--model-id BAAI/bge-large-en-v1.5 --auto-truncate");
  expect(facts.probe).toMatchObject({ path: "/embed", port: 80, bearer: "API_KEY" });
  expect(Object.keys(facts.secrets)).toEqual(["API_KEY"]);
  expect(facts.observability?.serverMetrics).toMatchObject({ port: 80, gauges: ["te_queue_size"] });
});

test("story-11c-tei-cpu: instances without a GPU are fine", () => {
  const text = textOf("story-11c-tei-cpu");
  expect(reported("story-11c-tei-cpu").filter((line) => line.startsWith("error"))).toEqual([]);
  const loaded = loadYaml(text);
  const stack = loaded.ok ? synthesized(loaded.deployment)["eu-central-1"] : undefined;
  const [template] = resourcesOfType(stack, "aws_launch_template");
  expect(template.block_device_mappings).toMatchObject([
    { device_name: "/dev/xvda", ebs: { volume_size: 50 } },
  ]);
  const [, image] = /terraform_data\.(\w+)\./.exec(template.image_id) ?? [];
  expect(stack?.resource.terraform_data[image ?? ""].triggers_replace).toEqual({
    parameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    release: "1",
  });
  const [group] = resourcesOfType(stack, "aws_autoscaling_group");
  expect(group.mixed_instances_policy.launch_template.override).toEqual([{ instance_type: "m7i.2xlarge" }]);
  expect(stack?.data.aws_servicequotas_service_quota).toMatchObject({
    [Object.keys(stack?.data.aws_servicequotas_service_quota)[0] ?? ""]: { quota_code: "L-1216C47A" },
  });
  expect(factsOf(text)).toMatchObject({ gpus: false, gpuWatch: true });
  expect(stack).toFitTheApi();
  expect(stack).toFitTheGrammars();
  expect(stack).toGrantWhatInstancesCall();
});

test("story-11c-tei-cpu: by its preset", () => {
  const plain = textOf("story-11c-tei-cpu")
    .replace("server: custom", "server: tei")
    .replace(/ +(port|health|probe|metrics): .*\n/g, "")
    .replace(/secrets: \{ API_KEY: (.*) \}/, "apiKey: $1")
    .replace("--model-id, BAAI/bge-large-en-v1.5, ", "")
    .replace("    loadTime", "    model: BAAI/bge-large-en-v1.5\n    volume: { size: 50GiB }\n    loadTime");
  expect(reportOf(plain)).toEqual([]);
  expect(factsOf(plain)).toMatchObject({ gpus: false, probe: { path: "/embed", bearer: "API_KEY" } });
});

test("story-03-tgi-llama31-gated works as it stands", () => {
  expect(reported("story-03-tgi-llama31-gated").filter((line) => line.startsWith("error"))).toEqual([]);
});

test("bug-apikey: the paths that the key does not guard are closed, and opening one is a warning", () => {
  const text = textOf("bug-apikey");
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error("the file is not accepted");
  }
  const stack = synthesized(loaded.deployment)["us-east-1"];
  const rules = Object.values(stack.resource.aws_lb_listener_rule) as {
    condition: { path_pattern?: { regex_values?: string[]; values?: string[] } }[];
  }[];
  const regexes = rules.flatMap(({ condition }) =>
    condition.flatMap(({ path_pattern }) => path_pattern?.regex_values ?? []),
  );
  const open = (path: string) => regexes.some((regex) => new RegExp(regex).test(path));
  expect(open("/m/v1/chat/completions")).toBe(true);
  for (const path of ["/m/invocations", "/m/pooling", "/m/score", "/m/tokenize", "/m/scale_elastic_ep"]) {
    expect([path, open(path)]).toEqual([path, false]);
  }
  expect(stack.resource.aws_lb_listener.entry_alb_https.default_action[0]).toMatchObject({
    type: "fixed-response",
    fixed_response: { status_code: "404" },
  });
  const wider = (line: string) => text.replace("    loadTime:", `    ${line}\n    loadTime:`);
  expect(reportOf(wider("publicPaths: [preset, /pooling]")).join()).toMatch(
    /models\.m\.publicPaths {2}open-without-key {2}vllm answers \/pooling without its API key/,
  );
  expect(reportOf(wider("publicPaths: every-path-of-the-server")).join()).toMatch(/open-without-key/);
  expect(reportOf(wider("routes: [{ path: /* }]")).join()).toMatch(/server-controls-open.*open-without-key/);
});

/** bug-capblock as its finding says it. */
const asBlock = () =>
  textOf("bug-capblock").replace(
    /capacityReservation: .*/,
    "capacityBlock: { id: cr-0123456789abcdef0, zone: use1-az6, until: 2027-03-12T11:30:00Z }",
  );

test("bug-capblock: an id that may be a block's leads to the field to write", () => {
  expect(reported("bug-capblock")).toContain(
    "warning  models.m.capacityReservation.id  reservation-may-be-block",
  );
  expect(reportOf(textOf("bug-capblock")).join()).toContain(
    "write capacityBlock: { id: cr-0123456789abcdef0, zone: its AvailabilityZoneId, until: its EndDate }",
  );
});

test("bug-capblock: a block is launched into by the template alone, in its zone, until it ends", () => {
  expect(reportOf(asBlock())).toEqual([expect.stringContaining("refresh-outlasts-cancel")]);
  const loaded = loadYaml(asBlock());
  if (!loaded.ok) {
    throw new Error("the file is not accepted");
  }
  expect(summary(loaded.deployment)).toContain(
    "    all of them go at 2027-03-12T10:36:00Z, 54m before Capacity Block cr-0123456789abcdef0 ends\n",
  );
  const ofVariant = explain(loaded.deployment).find(({ variant }) => variant === "main");
  expect(ofVariant).toMatchObject({
    numbers: { zones: { value: 1 }, max: { value: 2 }, blockEndsEarly: { value: 54 * 60 } },
    texts: { capacityBlock: { value: "2027-03-12T11:30:00Z" } },
  });
  const stack = synthesized(loaded.deployment)["us-east-1"];
  const [template] = resourcesOfType(stack, "aws_launch_template");
  expect(template).toMatchObject({
    instance_type: "p5.48xlarge",
    instance_market_options: { market_type: "capacity-block" },
    capacity_reservation_specification: {
      capacity_reservation_target: { capacity_reservation_id: "cr-0123456789abcdef0" },
    },
  });
  const [group] = resourcesOfType(stack, "aws_autoscaling_group");
  expect(group).toMatchObject({
    launch_template: {},
    capacity_reservation_specification: { capacity_reservation_preference: "default" },
    instance_maintenance_policy: { min_healthy_percentage: 50, max_healthy_percentage: 100 },
    vpc_zone_identifier: `\${local.model_m_main_instances_zone-of-block_found}`,
  });
  expect(group.mixed_instances_policy).toBeUndefined();
  // 30 m + drain 630 s + terminate hook 11 m + 2 m, in whole minutes.
  expect(group.lifecycle.precondition.map(({ condition }: Json) => condition)).toContainEqual(
    expect.stringMatching(/^\$\{timecmp\(plantimestamp\(\), local\.\S*block-empty-from\S*\) < 0\}$/),
  );
  expect(resourcesOfType(stack, "aws_autoscaling_schedule")).toMatchObject([
    { start_time: "2027-03-12T10:36:00Z", min_size: 0, max_size: 0, desired_capacity: 0 },
  ]);
  const notice = resourcesOfType(stack, "aws_cloudwatch_event_rule").find((rule) => rule.schedule_expression);
  expect(notice.schedule_expression).toBe("cron(36 10 11 3 ? 2027)");
  expect(notice.event_pattern).toContain("cr-0123456789abcdef0");
  expect(stack).toFitTheProvider([stack]);
  expect(stack).toFitTheApi();
  expect(stack).toFitTheGrammars();
  expect(stack).toGrantWhatInstancesCall();
});

test("story-R9-min-below-peak: the same is said of a written peak, of an accepted one and of one left out", () => {
  const text = textOf("story-R9-min-below-peak");
  const lines = (given: string) => reportOf(given).map((line) => line.replace(/^\d+:\d+ {2}/, ""));
  const said = (given: string) => lines(given).filter((line) => line.includes("cannot survive"));
  const stable =
    "min 2 cannot survive the loss of one of 3 zones at the peak, which takes 3 instances; need ≥ 5";
  expect(said(text)).toEqual([
    `error  models.fraud.capacity.min  zone-loss-not-survived  ${stable}, or survive: nothing, or accept min-below-peak`,
  ]);
  const accepting = text.replace(
    "    routes:",
    '    accept: { "min-below-peak": "clients try again" }\n    routes:',
  );
  expect(said(accepting)).toEqual([]);
  expect(lines(accepting).filter((line) => !line.startsWith("warning"))).toEqual([]);
  expect(said(text.replace("peakRequestsPerMinute: 900, ", ""))).toEqual([
    expect.stringMatching(
      /^warning {2}models\.fraud\.capacity\.min {2}min-below-peak {2}min 2 cannot survive the loss of one of 3 zones at a peak over 300 requests a minute/,
    ),
  ]);
});

test("bug-schedule: sizes at hours that recur need a way back, and instances for the loss of a zone", () => {
  expect(reported("bug-schedule")).toEqual([
    "error  models.m.capacity.requestsPerMinutePerBox  renamed-field",
    "error  models.m.schedules  schedules-one-way",
    "error  models.m.schedules[0].min  zone-loss-not-survived",
  ]);
});

test("bug-schedule: with a demand for the night and a way back, min follows, and the group keeps what an action set", () => {
  const text = textOf("bug-schedule")
    .replace("requestsPerMinutePerBox: 20", "requestsPerMinutePerInstance: 20, peakRequestsPerMinute: 80")
    .replace("min: 3, max: 6, ", "")
    .replace(
      "min: 0 }",
      'timeZone: Europe/Berlin, peakRequestsPerMinute: 20 }, { cron: "30 6 * * MON-FRI", timeZone: Europe/Berlin }',
    );
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error(reportOf(text).join("\n"));
  }
  const { deployment } = loaded;
  const told = summary(deployment);
  expect(told).toMatch(/ 6–9 instances of g6\.2xlarge/);
  expect(told).toMatch(/\n {4}2–9 from 0 20 \* \* 1-5 Europe\/Berlin, \$/);
  expect(told).toMatch(/\n {4}6–9 from 30 6 \* \* 1-5 Europe\/Berlin, all serving 8m later, \$/);
  expect(told).toMatch(/\n {2}\$\S+ while the schedules have the fewest instances\n/);
  const ofVariant = explain(deployment).find(({ variant }) => variant === "main");
  expect(ofVariant?.texts?.["0 20 * * 1-5 Europe/Berlin"]).toMatchObject({ value: "2–9" });
  expect(ofVariant?.numbers).toMatchObject({ leastHealthy: { value: 2 }, maxHealthy: { value: 150 } });
  const stack = synthesized(deployment)["us-east-1"];
  expect(
    resourcesOfType(stack, "aws_autoscaling_schedule").map((action) => [
      action.recurrence,
      action.time_zone,
      action.min_size,
      action.max_size,
      action.desired_capacity,
    ]),
  ).toEqual([
    ["0 20 * * 1-5", "Europe/Berlin", 2, 9, -1],
    ["30 6 * * 1-5", "Europe/Berlin", 6, 9, -1],
  ]);
  const [group] = resourcesOfType(stack, "aws_autoscaling_group");
  expect([group.min_size, group.max_size]).toEqual([6, 9]);
  expect(group.lifecycle.ignore_changes).toEqual([
    ...["desired_capacity", "initial_lifecycle_hook", "max_size", "min_size"],
  ]);
  const thresholds = resourcesOfType(stack, "aws_cloudwatch_metric_alarm")
    .filter(({ alarm_name: name }) => /too-few-healthy|below-min/.test(name))
    .map(({ threshold }) => threshold);
  expect(thresholds).toEqual([2, 2]);
  expect(stack).toFitTheProvider([stack]);
  expect(stack).toFitTheApi();
});
