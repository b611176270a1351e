import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadDeployment } from "../../config/load";
import type { Aws } from "../../scripts/aws-cli";
import { hubOf } from "../../scripts/mirror/hub";
import { answersOf, type Given } from "../../scripts/new/answers";
import { answerText, checkAccount, exitCodeOf } from "../../scripts/new/check";
import { hubFacts } from "../../scripts/new/facts";
import { modelName } from "../../scripts/new/file";
import { complaintOf, makeFile } from "../../scripts/new/make";
import { asked } from "../../scripts/new/questions";
import { startHub } from "../support/hub";
import { loadYaml, VALID_YAML } from "../support/serving-file";

const QWEN = JSON.stringify({
  architectures: ["Qwen3ForCausalLM"],
  ...{ model_type: "qwen3", torch_dtype: "bfloat16", hidden_size: 4096, num_hidden_layers: 36 },
  ...{ num_attention_heads: 32, num_key_value_heads: 8, head_dim: 128, intermediate_size: 12288 },
  ...{ vocab_size: 151936, max_position_embeddings: 40960 },
});
const LLAMA_70B = JSON.stringify({
  architectures: ["LlamaForCausalLM"],
  ...{ model_type: "llama", torch_dtype: "bfloat16", hidden_size: 8192, num_hidden_layers: 80 },
  ...{ num_attention_heads: 64, num_key_value_heads: 8, intermediate_size: 28672 },
  ...{ vocab_size: 128256, max_position_embeddings: 131072 },
});
/** Of one family: what the others of a test change is written beside it. */
const withKeys = (config: string, keys: object) => JSON.stringify({ ...JSON.parse(config), ...keys });
const GPT_2 = JSON.stringify({
  architectures: ["GPT2LMHeadModel"],
  ...{ model_type: "gpt2", n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024, vocab_size: 50257 },
});
const BGE = JSON.stringify({
  ...{ architectures: ["BertModel"], model_type: "bert", torch_dtype: "float32", hidden_size: 1024 },
  ...{ intermediate_size: 4096, num_attention_heads: 16, num_hidden_layers: 24, vocab_size: 30_522 },
  max_position_embeddings: 512,
});
const QWEN_SMALL = JSON.stringify({
  architectures: ["Qwen2ForCausalLM"],
  ...{ model_type: "qwen2", torch_dtype: "bfloat16", hidden_size: 896, num_hidden_layers: 24 },
  ...{ num_attention_heads: 14, num_key_value_heads: 2, intermediate_size: 4864, vocab_size: 151936 },
  ...{ max_position_embeddings: 32768, tie_word_embeddings: true },
});
const DEEPSEEK_V3 = JSON.stringify({
  architectures: ["DeepseekV3ForCausalLM"],
  ...{ model_type: "deepseek_v3", torch_dtype: "bfloat16", hidden_size: 7168, num_hidden_layers: 61 },
  ...{ num_attention_heads: 128, num_key_value_heads: 128, kv_lora_rank: 512, q_lora_rank: 1536 },
  ...{ qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128, intermediate_size: 18432 },
  ...{ moe_intermediate_size: 2048, n_routed_experts: 256, n_shared_experts: 1, num_experts_per_tok: 8 },
  ...{ first_k_dense_replace: 3, vocab_size: 129280, max_position_embeddings: 163840 },
  rope_scaling: { type: "yarn", factor: 40, original_max_position_embeddings: 4096 },
  quantization_config: { quant_method: "fp8", fmt: "e4m3", weight_block_size: [128, 128] },
});
const QWEN_35B = JSON.stringify({
  model_type: "qwen3_5_moe",
  text_config: {
    ...{ model_type: "qwen3_5_moe_text", dtype: "bfloat16", hidden_size: 2048, num_hidden_layers: 40 },
    ...{ full_attention_interval: 4, num_attention_heads: 16, num_key_value_heads: 2, head_dim: 256 },
    ...{ linear_conv_kernel_dim: 4, linear_key_head_dim: 128, linear_num_key_heads: 16 },
    ...{ linear_num_value_heads: 32, linear_value_head_dim: 128, max_position_embeddings: 262144 },
    ...{ moe_intermediate_size: 512, num_experts: 256, num_experts_per_tok: 8 },
    ...{ shared_expert_intermediate_size: 512, vocab_size: 248320 },
  },
});
const GIVEN: Given = {
  ...{ model: "Qwen/Qwen3-8B", server: "vllm", region: "us-east-1", domain: "http" },
  ...{ allow: "203.0.113.0/24", demand: "60" },
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) {
    rmSync(folder, { recursive: true });
  }
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "new-file-"));
  folders.push(folder);
  return folder;
}

const typesIn = (loaded: ReturnType<typeof loadDeployment>) =>
  loaded.ok ? (loaded.deployment.regions[0]?.models[0]?.variants[0]?.settings.instanceTypes ?? []) : [];

async function made(given: Given, config = QWEN, folder = newFolder()) {
  const lines: string[] = [];
  const path = join(folder, "serving.yaml");
  await makeFile(path, given, {
    facts: async () => ({ config, sizeGiB: undefined, revision: undefined }),
    exists: existsSync,
    write(file, text) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: "wx" });
    },
    show: (line) => lines.push(line),
  });
  return { path, lines, text: readFileSync(path, "utf8"), loaded: loadDeployment(path) };
}

describe("a new file", () => {
  test.each<[string, Given, string]>([
    ["plain HTTP", {}, QWEN],
    [
      "a domain",
      { domain: "models.example.com", "hosted-zone": "example.com", email: "a@example.com" },
      QWEN,
    ],
    ["SGLang, in a region with fewer types", { server: "sglang", region: "eu-central-1" }, QWEN],
    ["TGI", { server: "tgi" }, QWEN],
    ["little demand, and a short context", { demand: "1", context: "2048" }, QWEN],
    ["a large model", { model: "meta-llama/Llama-3.3-70B-Instruct", region: "us-west-2" }, LLAMA_70B],
  ])("of %s has neither an error nor a warning", async (_, given, config) => {
    const { loaded } = await made({ ...GIVEN, ...given }, config);
    expect(loaded.ok ? loaded.warnings : loaded.diagnostics).toEqual([]);
  });

  test.each<[string, Given, string, readonly string[]]>([
    ["SGLang, which has no kernels for the cheapest", { server: "sglang" }, QWEN_SMALL, ["g6.xlarge"]],
    ["SGLang in Ireland", { server: "sglang", region: "eu-west-1" }, QWEN_SMALL, ["g5.xlarge"]],
    ["a model that the cheapest may not hold", {}, DEEPSEEK_V3, ["p5en.48xlarge"]],
    ["a model that two zones hold for less than three", {}, QWEN_35B, ["g7e.2xlarge"]],
  ])("of %s is of types without a warning", async (_, given, config, types) => {
    const { loaded } = await made({ ...GIVEN, ...given }, config);
    expect(loaded.ok ? loaded.warnings : loaded.diagnostics).toEqual([]);
    expect(typesIn(loaded).slice(0, 1)).toEqual(types);
  });

  test.each<[string, Given, string, number, readonly [number, number]]>([
    ["the whole of a short one", {}, GPT_2, 1024, [853, 170]],
    ["what was asked for", { context: "600" }, QWEN, 600, [500, 100]],
    ["no more than usual", {}, QWEN, 8192, [1500, 300]],
    ["the model's, after an editor of Windows", { context: "40960" }, `\uFEFF${QWEN}`, 40_960, [1500, 300]],
  ])("has as context %s, and usual requests within it", async (_, given, config, context, tokens) => {
    const { loaded } = await made({ ...GIVEN, ...given }, config);
    expect(loaded.ok ? loaded.warnings : loaded.diagnostics).toEqual([]);
    const settings = loaded.ok && loaded.deployment.regions[0]?.models[0]?.variants[0]?.settings;
    expect(settings).toMatchObject({
      memory: { contextLength: context },
      capacity: { typicalRequest: { promptTokens: tokens[0], answerTokens: tokens[1] } },
    });
  });

  test.each<[string, Given, string, object]>([
    ["embeds", { server: "sglang" }, BGE, { promptTokens: 511, answerTokens: 1 }],
    [
      "embeds by its name",
      { model: "Qwen/Qwen3-Embedding-8B" },
      QWEN,
      { promptTokens: 1500, answerTokens: 1 },
    ],
  ])(
    "of a model that %s asks for a usual request without a text as answer",
    async (_, given, config, typical) => {
      const { loaded } = await made({ ...GIVEN, ...given }, config);
      expect(loaded.ok ? loaded.warnings : loaded.diagnostics).toEqual([]);
      const settings = loaded.ok && loaded.deployment.regions[0]?.models[0]?.variants[0]?.settings;
      expect(settings).toMatchObject({ capacity: { typicalRequest: typical } });
    },
  );

  test("of a model that embeds is not written for TGI", async () => {
    await expect(made({ ...GIVEN, server: "tgi" }, BGE)).rejects.toThrow(
      "is of a BertModel, whose task is embed",
    );
  });

  test.each([
    "hf://Qwen/Qwen3-8B",
    "https://huggingface.co/Qwen/Qwen3-8B/tree/main",
    "huggingface.co/Qwen/Qwen3-8B",
  ])("takes %s as the model's address", async (model) => {
    expect((await made({ ...GIVEN, model })).text).toContain("model: Qwen/Qwen3-8B\n");
  });

  test("accepts what cannot be helped, and says so", async () => {
    const { loaded, text, lines } = await made(GIVEN, withKeys(QWEN, { linear_other_dim: 7 }));
    expect(loaded.ok ? loaded.warnings : loaded.diagnostics).toEqual([]);
    expect(text).toContain("config-not-known: until an instance runs");
    expect(lines.at(-2)).toMatch(
      /^accepted, .*its key linear_other_dim is not known here.*\[config-not-known\]$/,
    );
  });

  test("accepts a doubt where no type of the region is without", async () => {
    const { loaded, text } = await made({ ...GIVEN, region: "ap-northeast-1" }, DEEPSEEK_V3);
    expect(loaded.ok ? loaded.warnings : loaded.diagnostics).toEqual([]);
    expect(text).toContain("model-may-not-fit: no type of the region is sure to hold it");
  });

  test("of a region that is not recorded says so, and how to ask", async () => {
    const { loaded, text, lines } = await made({ ...GIVEN, region: "us-gov-west-1" });
    expect(loaded.ok ? loaded.warnings : loaded.diagnostics).toEqual([]);
    expect(text).toContain("region-not-recorded: npm run new -- --check asks AWS");
    expect(lines[0]).toContain("its zones are not recorded");
  });

  test("is not written for a region without GPUs, whatever the model", async () => {
    await expect(made({ ...GIVEN, region: "ca-west-1" })).rejects.toThrow(
      /^ca-west-1 had no instance types with GPUs when the offerings were recorded/,
    );
  });

  test("has what was answered, types that hold the model, and its configuration beside it", async () => {
    const { loaded, text, lines, path } = await made(GIVEN);
    expect(readFileSync(join(dirname(path), "models/qwen3-8b/config.json"), "utf8")).toBe(QWEN);
    expect(text).toContain("allow: [203.0.113.0/24]");
    expect(lines[0]).toMatch(/^g6\.xlarge {2}\$\d+\.\d\d an hour, [3-6] zones$/);
    const variant = loaded.ok ? loaded.deployment.regions[0]?.models[0]?.variants[0] : undefined;
    expect(variant?.settings).toMatchObject({
      model: "Qwen/Qwen3-8B",
      instanceTypes: ["g6.xlarge", "g5.xlarge", "g6e.xlarge"],
      capacity: { peakRequestsPerMinute: 60 },
    });
    expect(variant?.capacity.min.value).toBeGreaterThan(2);
  });

  test("splits a model that no single GPU holds, on types that have as many", async () => {
    const { loaded, text } = await made({ ...GIVEN, model: "meta-llama/Llama-3.3-70B-Instruct" }, LLAMA_70B);
    expect(loaded.ok).toBe(true);
    expect(text).toMatch(/tensorParallel: [48]/);
  });

  test("is never written over another one", async () => {
    const folder = newFolder();
    const { path } = await made(GIVEN, QWEN, folder);
    writeFileSync(path, "mine");
    await expect(made(GIVEN, QWEN, folder)).rejects.toThrow(`${path} is there, and is not overwritten`);
    rmSync(path);
    await expect(made(GIVEN, QWEN, folder)).rejects.toThrow("models/qwen3-8b/config.json is there");
    expect(existsSync(path)).toBe(false);
  });

  test.each<[string, Given, string]>([
    ["a model without its organization", { model: "Qwen3-8B" }, '"Qwen3-8B" is no id of a model on the hub'],
    ["a path", { model: "../etc/passwd" }, "is no id of a model"],
    ["a folder above", { model: "../x" }, "is no id of a model"],
    ["a quantization", { model: "a/b:Q4_K_M" }, "is no id of a model"],
    ["a zone without a domain", { "hosted-zone": "example.com" }, "--hosted-zone is of a domain"],
    [
      "a context that the model does not have",
      { context: "40961" },
      "--context 40961 is more than the 40960 tokens that Qwen/Qwen3-8B has",
    ],
    ["another server", { server: "ollama" }, '"ollama" is none of vllm, sglang, tgi'],
    ["a name of every object", { server: "constructor" }, "is none of"],
    ["another region", { region: "us-east-9" }, "us-east-9"],
    ["no range", { allow: "me" }, "entry.allow"],
    ["nobody", { allow: " , " }, "entry.allow"],
    ["no demand", { demand: "0" }, '--demand "0" is no whole number above 0'],
    ["a demand in words", { demand: "many" }, "is no whole number"],
    ["a context in words", { context: "8k" }, '--context "8k" is no whole number'],
    ["no domain", { domain: "not a domain" }, "entry.domain"],
    ["no address", { email: "me" }, "alarms.email"],
  ])("is not written for %s, and it is said why", async (_, given, message) => {
    const folder = newFolder();
    await expect(made({ ...GIVEN, ...given }, QWEN, folder)).rejects.toThrow(message);
    expect(existsSync(join(folder, "serving.yaml"))).toBe(false);
    expect(existsSync(join(folder, "models"))).toBe(false);
  });

  test.each([
    ["no JSON", "<html>", "config.json is no JSON"],
    ["nothing", "null", "config.json is no mapping of JSON"],
    ["a list", "[]", "config.json is no mapping of JSON"],
    [
      "a model that no type holds",
      QWEN.replace("4096", "409600"),
      "no instance type with two zones in us-east-1 holds",
    ],
  ])("is not written by a configuration of %s", async (_, config, message) => {
    await expect(made(GIVEN, config)).rejects.toThrow(message);
  });
});

test.each([
  ["Qwen/Qwen3-8B", "qwen3-8b"],
  ["meta-llama/Llama-3.1-8B-Instruct", "llama-3-1-8b"],
  ["a/01-ai_Yi", "ai-yi"],
  ["a/123", "model"],
  [`a/${"long-".repeat(9)}`, "long-long-long-long"],
])("%s is called %s", (id, name) => {
  expect(modelName(id)).toBe(name);
});

describe("questions", () => {
  test("are asked for what is not given, and an empty answer is the usual one", async () => {
    const texts: string[] = [];
    const answers = await asked({ model: "a/b", demand: "5" }, async (text) => {
      texts.push(text);
      return text.includes("call") ? " 10.0.0.0/8, 192.168.0.0/16 " : "";
    });
    expect(texts).toHaveLength(4);
    expect(answersOf(answers)).toMatchObject({
      ...{ model: "a/b", server: "vllm", region: "us-east-1", domain: undefined, demand: 5 },
      allow: ["10.0.0.0/8", "192.168.0.0/16"],
    });
  });

  test("are asked again at once when the answer is wrong, and what is wrong is said", async () => {
    const wrong = ["Qwen3-8B", "a/b", "ollama", "", "moon-1", "", "", "", "me", "10.0.0.0/8", "many", "5"];
    const texts: string[] = [];
    const answers = await asked(
      {},
      async (text) => {
        texts.push(text.split("\n")[0] ?? "");
        return wrong.shift() ?? "";
      },
      complaintOf,
    );
    expect(answersOf(answers)).toMatchObject({
      model: "a/b",
      server: "vllm",
      allow: ["10.0.0.0/8"],
      demand: 5,
    });
    expect(texts.filter((text) => !text.includes("?"))).toEqual([
      '"Qwen3-8B" is no id of a model on the hub; write it as Qwen/Qwen3-8B',
      expect.stringContaining('"ollama" is none of'),
      expect.stringContaining("moon-1"),
      "is needed",
      expect.stringContaining("me"),
      '--demand "many" is no whole number above 0',
    ]);
  });

  test("are flags where nobody answers", async () => {
    await expect(asked({ model: "a/b" }, undefined)).rejects.toThrow(
      "there is no terminal to ask: add --allow",
    );
    await expect(asked({}, undefined)).rejects.toThrow(
      "--model, --server, --region, --domain, --allow, --demand",
    );
  });
});

describe("the hub", () => {
  test("says the commit, the configuration and the size of the files that the server reads", async () => {
    const hub = await startHub();
    try {
      const commit = "0".repeat(40);
      const files = {
        "config.json": Buffer.from(QWEN),
        "model.safetensors": Buffer.alloc(2000),
        "a.bin": Buffer.alloc(9),
      };
      hub.models["Qwen/Qwen3-8B"] = { commits: { [commit]: files } };
      const from = { endpoint: hub.endpoint, token: undefined, pause: async () => undefined, tries: 2 };
      const facts = await hubFacts(from, answersOf(GIVEN));
      expect(facts).toMatchObject({ config: QWEN, revision: commit });
      expect(facts.sizeGiB).toBeCloseTo((2000 + QWEN.length) / 2 ** 30, 12);
      await expect(hubFacts(from, answersOf({ ...GIVEN, model: "acme/secret" }))).rejects.toThrow(
        /set HF_TOKEN .*; or name a config\.json of this machine: --config/,
      );
      expect(hub.refused).toEqual([]);
      const away = { ...from, endpoint: "http://127.0.0.1:1" };
      await expect(hubFacts(away, answersOf(GIVEN))).rejects.toThrow(
        "http://127.0.0.1:1 does not answer; or name a config.json of this machine",
      );
    } finally {
      await hub.stop();
    }
  });
});

test.each([
  ["a token of its own form", { HF_TOKEN: " secret " }, "secret"],
  ["a token by its former name", { HUGGING_FACE_HUB_TOKEN: "hf_a" }, "hf_a"],
  ["no token", { HF_TOKEN: "" }, undefined],
])("the environment has %s", (_, env, token) => {
  const patience = { pause: async () => undefined };
  expect(hubOf(env, patience)).toEqual({ endpoint: "https://huggingface.co", token, ...patience });
});

test.each(["not-a-url", "ftp://hub.example.com", "https://"])("%s is no address of a hub", (HF_ENDPOINT) => {
  expect(() => hubOf({ HF_ENDPOINT }, { pause: async () => undefined })).toThrow(
    `HF_ENDPOINT "${HF_ENDPOINT}" is no address`,
  );
});

describe("the account", () => {
  const loaded = loadYaml(VALID_YAML.replace("allow:", "hostedZone: example.com\n  allow:"));
  const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"].map((Location) => ({
    InstanceType: "g6.2xlarge",
    Location,
  }));
  const RIGHT: Readonly<Record<string, unknown>> = {
    "service-quotas get-service-quota": { Quota: { Value: 10_000 } },
    "ec2 describe-instance-type-offerings": { InstanceTypeOfferings: ZONES },
    "route53 list-hosted-zones-by-name": {
      HostedZones: [{ Name: "example.com.", Config: { PrivateZone: false } }],
    },
  };
  const linesFor = async (answers: Readonly<Record<string, unknown>>) => {
    const aws: Aws = async (service = "", command = "") => {
      const answer = answers[`${service} ${command}`];
      if (answer === undefined) {
        throw Object.assign(new Error("failed"), { stderr: "Unable to locate credentials\n" });
      }
      return answer;
    };
    return loaded.ok ? (await checkAccount(loaded, aws)).map(answerText) : [];
  };

  test("has what the file needs", async () => {
    expect(await linesFor(RIGHT)).toEqual([
      expect.stringMatching(/^ok quota L-DB2E81BA in us-east-1: 10000 vCPUs, and the groups take up to \d+$/),
      "ok instance types of llama in us-east-1, g5.2xlarge and g6.2xlarge: in us-east-1a, us-east-1b and us-east-1c, and its sizes count on 3",
      "ok hosted zone example.com: is there, and public",
    ]);
  });

  test("has its types in too few zones", async () => {
    const [one] = ZONES;
    const lines = await linesFor({
      ...RIGHT,
      "ec2 describe-instance-type-offerings": { InstanceTypeOfferings: [one, one] },
    });
    expect(lines[1]).toMatch(/^NO .*: in us-east-1a, and its sizes count on 3$/);
  });

  test.each([
    [[true, false, undefined], 1],
    [[true, undefined], 2],
    [[true, true], 0],
  ])("ends the command by its answers %j with %d", (rights, code) => {
    expect(exitCodeOf(rights.map((isRight) => ({ what: "", said: "", isRight })))).toBe(code);
  });

  test("lacks it", async () => {
    const lines = await linesFor({
      "service-quotas get-service-quota": { Quota: { Value: 0 } },
      "ec2 describe-instance-type-offerings": { InstanceTypeOfferings: [] },
      "route53 list-hosted-zones-by-name": {
        HostedZones: [{ Name: "example.com.", Config: { PrivateZone: true } }],
      },
    });
    expect(lines.map((line) => line.slice(0, 3))).toEqual(["NO ", "NO ", "NO "]);
  });

  test("could not be asked, as it says", async () => {
    expect(await linesFor({})).toEqual(
      [
        "quota L-DB2E81BA in us-east-1",
        "instance types of llama in us-east-1, g5.2xlarge and g6.2xlarge",
        "hosted zone example.com",
      ].map((what) => `?  ${what}: could not be asked: Unable to locate credentials`),
    );
  });
});
