import { testRules } from "../../support/rule-cases";

const WEIGHTS = "weights: { uri: s3://example-weights/llama/, size: 15GiB }";
const weights = (fields: string): readonly [string, string] => [
  WEIGHTS,
  `weights: { uri: s3://example-weights/llama/, size: 15GiB, ${fields} }`,
];

describe("where the weights lie", () => {
  const uri = (text: string): readonly [string, string] => ["s3://example-weights/llama/", text];
  testRules([
    ...[
      "s3://example-weights",
      "s3://example-weights/",
      "s3://a.b/c/d_e-f.g!(h)'/v1",
      "s3://bucket/a/.hidden/",
    ].map((text) => ({ name: text, changes: [uri(`"${text}"`)], expected: [] })),
    ...[
      "s3://bucket//a/",
      "s3://bucket/a//b",
      "s3://bucket/a/../b",
      "s3://bucket/a/..",
      "s3://bucket/a?b",
      "s3://bucket/a*",
      "s3://bucket/modèle/",
      "s3://bucket/a#1",
    ].map((text) => ({
      name: `not ${text}`,
      changes: [uri(`▸"${text}"`)],
      expected: [
        `error  models.llama.weights.uri  weights-key-refused  "${text}": use letters, digits and ! - _ . ' ( ) between single slashes; AWS gives others a meaning in permissions and paths`,
      ],
    })),
    {
      name: "not a file, which is no folder",
      changes: [uri("▸s3://bucket/llama/model.Q4_K_M.gguf")],
      expected: [
        'error  models.llama.weights.uri  weights-not-a-folder  "s3://bucket/llama/model.Q4_K_M.gguf" is a file, and an instance copies folders; write s3://bucket/llama/',
      ],
    },
    {
      name: "[weights-uri] not on a web server",
      changes: [uri("▸http://example-weights/llama/")],
      expected: [
        'error  models.llama.weights.uri  wrong-format  must be s3://bucket/prefix; got "http://example-weights/llama/"',
      ],
    },
    ...["hf://Qwen/Qwen3-8B", "https://huggingface.co/Qwen/Qwen3-8B/tree/main"].map((address) => ({
      name: `not on the hub, as ${address}`,
      changes: [uri(`▸${address}`)],
      expected: [
        `error  models.llama.weights.uri  wrong-format  must be s3://bucket/prefix; for "${address}" write model: Qwen/Qwen3-8B instead of weights, and npm run mirror copies it to S3`,
      ],
    })),
    ...["ab", "Acme", "acme_models", "acme-", "a".repeat(64)].map((bucket) => ({
      name: `not in ${bucket}, which is no name of a bucket`,
      changes: [uri(`▸s3://${bucket}/llama/`)],
      expected: [
        `error  models.llama.weights.uri  wrong-format  must be s3://bucket/prefix, and "${bucket}" is no name of a bucket, which has 3 to 63 lower-case letters, digits, "-" and ".", and begins and ends with a letter or digit; got "s3://${bucket}/llama/"`,
      ],
    })),
    {
      name: "not in no bucket",
      changes: [uri("▸s3:///llama/")],
      expected: [
        'error  models.llama.weights.uri  wrong-format  must be s3://bucket/prefix; got "s3:///llama/"',
      ],
    },
  ]);
});

describe("the mirrors of weights", () => {
  testRules([
    {
      name: "lie elsewhere",
      changes: [weights("mirrors: [s3://example-eu/llama/, s3://example-weights/llama-again/]")],
      expected: [],
    },
    {
      name: "are not where the weights lie anyway",
      changes: [weights("mirrors: [s3://example-eu/llama/, ▸s3://example-weights/llama]")],
      expected: [
        "error  models.llama.weights.mirrors[1]  duplicate-item  s3://example-weights/llama repeats uri, and would fail with it; name another place, or remove it",
      ],
    },
    {
      name: "are named once",
      changes: [weights("mirrors: [s3://a.b/c, s3://d.e/f, ▸s3://a.b/c/]")],
      expected: [
        "error  models.llama.weights.mirrors[2]  duplicate-item  s3://a.b/c/ repeats mirrors[0], and would fail with it; name another place, or remove it",
      ],
    },
    {
      name: "have keys that mean the same everywhere",
      changes: [weights("mirrors: [▸s3://bucket/a*]")],
      expected: [`error  models.llama.weights.mirrors[0]  weights-key-refused`],
    },
    {
      name: "lie in S3",
      changes: [weights("mirrors: [▸https://example.com/llama/]")],
      expected: ["error  models.llama.weights.mirrors[0]  wrong-format"],
    },
    {
      name: "must be reached",
      changes: [
        weights("mirrors: [▸s3://example-eu/llama/]"),
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        nat: none"],
        ["vllm/vllm-openai:v0.28.0", "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0"],
      ],
      expected: [
        "warning  models.llama.weights.mirrors[0]  weights-unreachable  instances in us-east-1 have no way to the internet (nat: none), and reach buckets in us-east-1 alone: s3://example-eu/llama/ must be one of them; else use nat: per-zone, or leave it out under regions.us-east-1.models",
      ],
    },
    {
      name: "may be encrypted with keys of their regions",
      changes: [
        weights("mirrors: [s3://example-eu/llama/]"),
        ["loadTime", "kmsKeyArns: ['arn:aws:kms:eu-west-1:123456789012:key/1234']\n    loadTime"],
      ],
      expected: [],
    },
  ]);
});

describe("what weights are pinned by", () => {
  testRules([
    { name: "is a SHA-256", changes: [weights(`sha256: ${"0a".repeat(32)}`)], expected: [] },
    ...["0a".repeat(31), "0A".repeat(32), "v1"].map((text) => ({
      name: `is not ${text}`,
      changes: [weights(`sha256: ▸"${text}"`)],
      expected: [
        `error  models.llama.weights.sha256  wrong-format  "${text}" is no SHA-256; write the 64 hex digits that sha256sum prints`,
      ],
    })),
  ]);
});
