import "../../testing/matchers";
import type { WrittenFile } from "../support/serving-file";
import { valid, validFile, validModel } from "../support/serving-file";
import { synthesized } from "../support/synthesis";

type Settings = Partial<WrittenFile["models"][string]>;

const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat/key-a1B2c3";
const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/chat/hf-token";
const READ = [
  secret,
  parameter,
  "arn:aws:s3:::corpus/a/*",
  "arn:aws:dynamodb:us-east-1:123456789012:table/terms",
];
const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

const accept = { "spot-cuts-requests": "clients try again" };

/** Instances of every kind, as models of one file. */
const KINDS: Readonly<Record<string, Settings>> = {
  weights: {},
  "whole-bucket": { weights: { uri: "s3://acme-llama", size: "15GiB" } },
  mirrors: {
    weights: { uri: "s3://acme/llama", mirrors: ["s3://acme/copy/", "s3://acme-2/x"], size: "15GiB" },
  },
  adapters: {
    adapters: { a: "s3://acme-a/x", b: { uri: "s3://acme-b/y/", mirrors: ["s3://acme-c/z/"] } },
  },
  "only-adapters": {
    weights: undefined,
    model: "acme/llama",
    adapters: { a: "s3://acme-a/x/" },
    kmsKeyArns: [key],
  },
  "no-weights": { weights: undefined, model: "acme/llama" },
  secret: { secrets: { KEY: secret } },
  "keys-of-a-secret": { secrets: { KEY: `${secret}:key::`, OTHER: `${secret}:other:AWSPREVIOUS:` } },
  parameter: { secrets: { TOKEN: parameter } },
  registry: { image: "ghcr.io/acme/vllm:v0.28.0", registry: { user: "acme", secret: `${secret}:token::` } },
  "registry-by-parameter": {
    image: "ghcr.io/acme/vllm:v0.28.0",
    registry: { user: "acme", secret: parameter },
  },
  both: { secrets: { KEY: secret, TOKEN: parameter }, weights: undefined, model: "acme/llama" },
  key: { kmsKeyArns: [key], secrets: { KEY: secret } },
  "nothing-to-decrypt": { kmsKeyArns: [key], weights: undefined, model: "acme/llama" },
  "read-by-the-server": {
    reads: READ,
    arguments: READ.map((arn) => `--read=${arn}`),
    kmsKeyArns: [key],
    weights: undefined,
    model: "acme/llama",
  },
  ecr: { image: `${registry}/team/vllm:v0.28.0` },
  unwatched: { gpuWatch: false },
  spot: { spot: { share: 50 }, accept },
  "unwatched-spot": { gpuWatch: false, spot: { share: 100 }, accept },
  sglang: { server: "sglang", image: "lmsysorg/sglang:v0.5.18" },
};

const models = Object.fromEntries(
  Object.entries(KINDS).map(([name, settings]) => [name, { ...validModel(), ...settings }]),
);
const regionOf = (fields: Partial<WrittenFile>) =>
  synthesized(valid({ ...validFile(), ...fields }).deployment)["us-east-1"];
const region = regionOf({ models });
const unobserved = regionOf({ observability: false });

describe("the roles of instances", () => {
  it("allow what each kind calls, and no more", () => {
    expect(Object.keys(region.resource.aws_launch_template)).toHaveLength(Object.keys(KINDS).length);
    expect(region).toGrantWhatInstancesCall();
  });

  it("allow nothing for a CloudWatch agent that is not there", () => {
    expect(unobserved).toGrantWhatInstancesCall();
  });

  const { "network_flow-logs_may-write": ofFlowLogs, ...policies } = region.resource.aws_iam_policy;
  const text = JSON.stringify(policies);
  const actions = new Set(text.match(/(?<=\\")[a-z0-9]+:[A-Z]\w+(?=\\")/g));

  it.each([...actions])("would be wrong with another action than %s", (action) => {
    const other = JSON.parse(text.replaceAll(`"${action}\\"`, `"${action}More\\"`));
    const stack = {
      resource: {
        ...region.resource,
        aws_iam_policy: { ...other, "network_flow-logs_may-write": ofFlowLogs },
      },
    };
    expect(stack).not.toGrantWhatInstancesCall();
    expect(stack).not.toFitTheGrammars();
  });

  it("have policies that fit the grammar of IAM", () => {
    expect(region).toFitTheGrammars();
  });
});
