import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
const CALLERS = "restrict callers by entry.allow, or put a gateway that asks for a key in front";

describe("the key that a server asks of its callers", () => {
  testRules([
    ...["vllm", "sglang", "tgi", "tei"].map((name) => ({
      name: `reaches ${name}`,
      changes: [server(name), with_(`apiKey: "${ARN}"`)],
      expected: [],
    })),
    {
      name: "is none of NIM's",
      changes: [server("nim"), with_(`apiKey: ▸"${ARN}"\n    timing: { serverKeepAlive: 2h }`)],
      expected: [
        `error  models.llama.apiKey  api-key-not-taken  nim asks its callers for no key: NGC_API_KEY is for downloads; ${CALLERS}`,
      ],
    },
    {
      name: "is not known of a custom server",
      changes: [
        server("custom"),
        with_(
          `apiKey: ▸"${ARN}"\n    port: 80\n    health: { path: / }\n    probe: health\n    timing: { serverKeepAlive: 2h }`,
        ),
      ],
      expected: [
        "error  models.llama.apiKey  api-key-not-taken  how a custom server takes its key is not known; write the ARN into secrets, under the variable that the server reads",
      ],
    },
    {
      name: "is not read by an old version",
      changes: [
        server("tgi", "ghcr.io/huggingface/text-generation-inference:2.2.0"),
        with_(`apiKey: ▸"${ARN}"\n    arguments: [▸--graceful-termination-timeout, '300']`),
      ],
      expected: [
        "error  models.llama.apiKey  api-key-not-taken  tgi 2.2.0 does not read API_KEY, so it would be open; use 2.3 or later",
        "error  models.llama.arguments[0]  flag-of-later-version  tgi 2.2.0 does not start with --graceful-termination-timeout, which it has from 3.2.2 on; use that version, or remove the flag",
      ],
    },
    {
      name: "is given twice",
      changes: [with_(`apiKey: "${ARN}"\n    secrets: { VLLM_API_KEY: ▸"${ARN}" }`)],
      expected: [
        "error  models.llama.secrets.VLLM_API_KEY  both-given  VLLM_API_KEY is the server's key, and apiKey gives it too; remove one of the two",
      ],
    },
    {
      name: "is given as a secret",
      changes: [with_(`secrets: { VLLM_API_KEY: "${ARN}" }`)],
      expected: [],
    },
    ...["OPENAI_API_KEY", "API_KEY", "SERVER_API_KEY"].map((name) => ({
      name: `is not ${name}`,
      changes: [with_(`secrets: { ${name}: ▸"${ARN}" }`)],
      expected: [
        `error  models.llama.secrets.${name}  api-key-not-read  vllm does not read ${name}, so it would answer without a key; remove it, and write apiKey: with its ARN`,
      ],
    })),
    {
      name: "is not a key of Ollama's own",
      changes: [server("ollama"), with_(`secrets: { OLLAMA_API_KEY: ▸"${ARN}" }`)],
      expected: [
        `error  models.llama.secrets.OLLAMA_API_KEY  api-key-not-read  ollama does not read OLLAMA_API_KEY, so it would answer without a key; ollama asks its callers for no key: OLLAMA_API_KEY and OLLAMA_AUTH are its own towards ollama.com; ${CALLERS}`,
      ],
    },
    {
      name: "is another thing than keys for downloads and tools",
      changes: [with_(`secrets: { NGC_API_KEY: "${ARN}", WANDB_API_KEY: "${ARN}" }`)],
      expected: [],
    },
    {
      name: "ends SGLang with several tokenizers",
      changes: [server("sglang"), with_(`apiKey: "${ARN}"\n    arguments: [▸--tokenizer-worker-num, '4']`)],
      expected: [
        "error  models.llama.arguments[0]  api-key-not-taken  sglang takes no key with --tokenizer-worker-num 4, and would not start; leave it out",
      ],
    },
    {
      name: "has no command to come by",
      changes: [server("sglang"), with_(`apiKey: ▸"${ARN}"\n    command: [sglang, serve]`)],
      expected: [
        "error  models.llama.apiKey  api-key-not-taken  sglang gets its key by the command of its preset, which command replaces; remove command",
      ],
    },
    {
      name: "lies in the region of its instances",
      changes: [with_(`apiKey: ▸"${ARN.replace("us-east-1", "eu-west-1")}"`)],
      expected: [
        "error  models.llama.apiKey  in-another-region  is in eu-west-1, and instances in us-east-1 must not need another region; use one in us-east-1",
      ],
    },
  ]);
});

describe("a key on a part of the instances", () => {
  const CHANCE = "a client without one gets through by chance";
  const EU = ARN.replace("us-east-1", "eu-west-1");
  const second = (models: string): readonly [string, string] => [
    "regions:\n",
    `regions:\n  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\n    models: { llama: ${models} }\n`,
  ];
  testRules([
    {
      name: "of one variant alone",
      changes: [
        ["  llama:", "  ▸llama:"],
        with_(`variants: { a: { weight: 1, apiKey: "${ARN}" }, b: { weight: 1 } }`),
      ],
      expected: [
        `error  models.llama.apiKey  api-key-on-part  llama / b in us-east-1 answers anybody, and llama / a in us-east-1 asks for a key: ${CHANCE}; write apiKey for it too`,
      ],
    },
    {
      name: "because the secrets of a variant replace those with the key",
      changes: [
        with_(
          `secrets: { VLLM_API_KEY: "${ARN}" }\n    variants: { a: { weight: 1 }, b: { weight: 1, secrets: ▸{ HF_TOKEN: "${ARN}" } } }`,
        ),
      ],
      expected: [
        `error  models.llama.variants.b.secrets  api-key-on-part  llama / b in us-east-1 answers anybody, and llama / a in us-east-1 asks for a key: ${CHANCE}; add VLLM_API_KEY to its secrets, which are in place of more general ones`,
      ],
    },
    {
      name: "because a region has other secrets",
      changes: [with_(`secrets: { VLLM_API_KEY: "${ARN}" }`), second(`{ secrets: ▸{ HF_TOKEN: "${EU}" } }`)],
      expected: [
        `error  regions.eu-west-1.models.llama.secrets  api-key-on-part  llama / main in eu-west-1 answers anybody, and llama / main in us-east-1 asks for a key: ${CHANCE}; add VLLM_API_KEY to its secrets, which are in place of more general ones`,
      ],
    },
    {
      name: "by one way here and by another there",
      changes: [
        with_(
          `secrets: { VLLM_API_KEY: "${ARN}" }\n    variants: { a: { weight: 1 }, b: { weight: 1, secrets: {}, apiKey: "${ARN}" } }`,
        ),
      ],
      expected: [],
    },
    {
      name: "of its own in each region",
      changes: [with_(`apiKey: "${ARN}"`), second(`{ apiKey: "${EU}" }`)],
      expected: [],
    },
  ]);
});
