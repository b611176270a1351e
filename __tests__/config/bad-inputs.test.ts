import { testRules } from "../support/rule-cases";
import { VALID_YAML } from "../support/serving-file";

/*
 * The cases of the list of bad inputs whose subject is the form of the file; those of meaning stand, by the same ids,
 * with the rules in __tests__/config/checks/. Without a subject in the file are:
 * - asg-az-not-in-alb, public-tasks: subnets that are there are looked at when Terraform plans (preconditions of
 *   constructs/network/existing-network.ts); of those made here each zone has one for either
 * - name-truncate-collide: names are cut to what fits and end with a hash of the whole (config/plan/names.ts)
 * - waf-dup-priority, waf-rate, sg-ports, kms-window, dp-gt-ep: nothing of these can be set
 * - scale-no-alb-label: the label is made of the load balancer and the target group (stacks/model-instances.ts)
 */
describe("regions", () => {
  testRules([
    {
      name: "[unknown-region] one that is none",
      changes: [["  us-east-1:\n", "  ▸us-west-9:\n"]],
      expected: [
        'error  regions.us-west-9  unknown-region  region "us-west-9" is not an AWS region; closest: us-west-1, us-west-2',
      ],
    },
    {
      name: "[dup-region] one twice",
      changes: [["models:\n", "  ▸us-east-1:\n    network: {}\nmodels:\n"]],
      expected: [
        'error  regions.us-east-1  duplicate-key  "us-east-1" is written twice, first on line 12; remove one',
      ],
    },
    {
      name: "none",
      changes: [
        [
          "regions:\n  us-east-1:\n    network:\n      create:\n        cidr: 10.0.0.0/16\n",
          "regions: ▸{}\n",
        ],
      ],
      expected: ["error  regions  wrong-length  at least one region is required"],
    },
  ]);
});

describe("names", () => {
  const called = (name: string, path: string, message: string, code = "malformed-name") => ({
    changes: [["  llama:\n", `  ▸${name}:\n`]] as const,
    expected: [`error  models${path}  ${code}  ${message}`],
  });
  testRules([
    {
      name: "[name-33] of 33 characters",
      ...called(
        "m".repeat(33),
        `.${"m".repeat(33)}`,
        `"${"m".repeat(33)}" has 33 characters; the limit is 32`,
      ),
    },
    {
      name: "[name-unicode] with an accent",
      ...called(
        "modèle",
        '["modèle"]',
        '"modèle" may hold only a-z, 0-9 and hyphens (found "è", U+00E8); write "modele"',
      ),
    },
    {
      name: "[name-homoglyph] with a letter that looks like another",
      ...called(
        "ll\u0430ma",
        '["ll\u0430ma"]',
        '"ll\u0430ma" may hold only a-z, 0-9 and hyphens (found "\u0430", U+0430, which looks like "a"); write "llama"',
      ),
    },
    {
      name: "[name-homoglyph] with a character that is not seen",
      ...called(
        '"llama\\u200b"',
        '["llama\\u200b"]',
        '"llama\\u200b" may hold only a-z, 0-9 and hyphens (found "\\u200b", U+200B); write "llama"',
      ),
    },
    {
      name: "[name-collide] with capitals and an underscore",
      ...called(
        "Llama_3",
        ".Llama_3",
        '"Llama_3" may hold only a-z, 0-9 and hyphens (found "L"); write "llama-3"',
      ),
    },
    {
      name: "[name-dup] of two models",
      changes: [["    scaling: { requestsPerMinutePerInstance: 60 }\n", "    scaling: {}\n  ▸llama: {}\n"]],
      expected: ["error  models.llama  duplicate-key"],
    },
  ]);
});

describe("models", () => {
  const rest =
    "name: chat\nstate: { bucket: example-tfstate, region: us-east-1 }\nentry: { domain: a.example.com, allow: [203.0.113.0/24] }\nalarms: { email: on-call@example.com }\nregions: { us-east-1: { network: { create: { cidr: 10.0.0.0/16 } } } }\n";
  testRules([
    {
      name: "[empty-models] none",
      yaml: `${rest}models: {}\n`,
      changes: [["models: {}", "models: ▸{}"]],
      expected: ["error  models  wrong-length  at least one model is required"],
    },
    {
      name: "[empty-models] a list of none",
      yaml: `${rest}models: []\n`,
      changes: [["models: []", "models: ▸[]"]],
      expected: ["error  models  wrong-type  expected a mapping; got an empty list"],
    },
  ]);
});

describe("retention", () => {
  testRules([
    {
      name: "[retention] of 100 days",
      changes: [["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        flowLogs: ▸100d"]],
      expected: ["error  regions.us-east-1.network.create.flowLogs  retention-refused"],
    },
  ]);
});

describe("text", () => {
  const expectedServer =
    'error  models.llama.server  unknown-word  "vlm" is none of "custom", "vllm", "sglang", "tgi", "tei", "triton", "trtllm-serve", "nim", "ollama", "llama.cpp", "ray-serve"; did you mean "vllm"?';
  testRules([
    {
      name: "with the line ends of Windows",
      yaml: VALID_YAML.replaceAll("\n", "\r\n"),
      changes: [["server: vllm", "server: ▸vlm"]],
      expected: [expectedServer],
    },
    {
      name: "with an indent by a tab",
      changes: [["  llama:\n", "▸\tllama:\n"]],
      expected: ["error  yaml-syntax  a tab indents this line; use spaces"],
    },
    {
      name: "with a key that every object has",
      changes: [["  llama:\n", "  ▸__proto__:\n"]],
      expected: ['error  models.__proto__  key-refused  "__proto__" cannot be a key; choose another name'],
    },
    {
      name: "without anything",
      yaml: "",
      changes: [],
      expected: ["error  file-empty  is empty; describe the deployment in it"],
    },
  ]);
});
