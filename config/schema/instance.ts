import * as z from "zod";
import { GP3_IOPS, GP3_THROUGHPUT } from "../../aws/limits";
import {
  capacityReservationSchema,
  capacitySchema,
  instanceRequirementsSchema,
  scalingSchema,
  spotSchema,
  warmPoolSchema,
} from "./capacity";
import { arn, count, range, shared, size, whole } from "./scalars";

const secretArn = () =>
  z
    .string()
    .regex(
      /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)[A-Za-z0-9/_+=.@!-]+$/,
      {
        error: ({ input }) =>
          `"${input}" is no ARN of a secret or a parameter; write it as arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-token-AbCdEf or arn:aws:ssm:us-east-1:123456789012:parameter/hf-token`,
      },
    );

const s3Uri = () =>
  z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/\S*)?$/, {
    error: ({ input }) => `must be s3://bucket/prefix; got "${input}"`,
  });

const weights = z.strictObject({
  uri: s3Uri().meta({
    description:
      "Where the weights lie in S3; an instance copies them to `/models` before its server starts.",
    examples: ["s3://acme-models/llama-3-8b/v1/"],
  }),
  mirrors: z
    .array(s3Uri())
    .max(4)
    .prefault([])
    .meta({
      description:
        "Where the same files lie too, such as in another region, up to 4; an instance copies them from there, in this order, when it cannot have them from `uri`. Default: none.",
      examples: [["s3://acme-models-eu/llama-3-8b/v1/"]],
    }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, {
      error: ({ input }) => `"${input}" is no SHA-256; write the 64 hex digits that sha256sum prints`,
    })
    .optional()
    .meta({
      description:
        "SHA-256 of the file `SHA256SUMS` among the weights, which pins every one of them. Default: none; a `SHA256SUMS` that is there is gone by.",
    }),
  size: size().optional().meta({
    description:
      "How much that is; the volume is sized for it, and the GPUs that `memory` needs. Default: by `memory.parameters` and its precision.",
  }),
});

const memory = z.strictObject({
  parameters: count().meta({
    description: "Parameters of the model; of a mixture of experts, all of them.",
    examples: ["8B"],
  }),
  precision: z.enum(["fp32", "fp16", "bf16", "fp8", "int8", "int4"]).prefault("bf16").meta({
    description: "Precision of the weights; AWQ and GPTQ are `int4`. Default: `bf16`.",
  }),
  tensorParallel: z.int().min(1).max(64).optional().meta({
    description: "GPUs over which a copy of the model, or each stage of it, is split, 1–64. Default: 1.",
  }),
  pipelineParallel: z.int().min(1).max(64).optional().meta({
    description:
      "Stages, one after the other, into which the layers are split, 1–64; each takes `tensorParallel` GPUs. Default: what `arguments` say, or 1.",
  }),
  layers: z.int().min(1).optional().meta({
    description:
      "`num_hidden_layers` of the model's config.json. Default: unknown, and then the KV cache is not counted.",
  }),
  kvHeads: z.int().min(1).optional().meta({
    description: "`num_key_value_heads` of config.json. Default: as `layers`.",
  }),
  headDim: z.int().min(1).optional().meta({
    description: "`head_dim` of config.json, or `hidden_size` ÷ `num_attention_heads`. Default: as `layers`.",
  }),
  contextLength: z.int().min(1).optional().meta({
    description: "Longest context in tokens; the server is told. Default: the server's own choice.",
  }),
  concurrency: z.int().min(1).optional().meta({
    description: "Requests of that length that one instance must hold at once. Default: 1.",
  }),
  kvPrecision: z.enum(["bf16", "fp16", "fp8"]).optional().meta({
    description: "Precision of the KV cache. Default: 2 bytes a value, 4 with `fp32`.",
  }),
  utilization: z.number().gt(0).max(1).optional().meta({
    description:
      "Share of a GPU's memory that the server may use, above 0, at most 1; the server is told. Default: 0.9 is reckoned with.",
  }),
});

const volume = z.strictObject({
  size: size().optional().meta({
    description:
      "Size of the root volume. Default: weights + 80GiB for container and machine image + 20 %, at least 75GiB.",
  }),
  iops: whole(GP3_IOPS)
    .prefault(3000)
    .meta({
      description: `Operations a second of the gp3 volume, ${range(GP3_IOPS)}, at most 500 for each GiB. Default: \`3000\`.`,
    }),
  throughput: whole(GP3_THROUGHPUT)
    .prefault(500)
    .meta({
      description: `MiB a second of the gp3 volume, ${range(GP3_THROUGHPUT)}, at most a quarter of \`iops\`; loading weights is bound by it. Default: \`500\`.`,
    }),
  kmsKeyArn: arn("kms", "arn:aws:kms:us-east-1:123456789012:key/…").optional().meta({
    description:
      "KMS key that encrypts the volume, of the instances' region. Default: the account's EBS key.",
  }),
});

const ami = z.strictObject({
  id: z
    .string()
    .regex(/^ami-[0-9a-f]{8,17}$/, {
      error: ({ input }) => `"${input}" is not an id of the form ami-0123456789abcdef0`,
    })
    .optional()
    .meta({
      description:
        "Id of an image of your own, made from AWS's Deep Learning base image for Amazon Linux 2023, or with all that it has: the NVIDIA driver, Docker with NVIDIA's runtime, the AWS CLI. It differs from region to region. Default: none.",
    }),
  parameterVersion: z.int().min(1).optional().meta({
    description: "Version of the region's Deep Learning AMI parameter to stay on, 1 or more. Default: none.",
  }),
  release: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,15}$/)
    .optional()
    .meta({
      description:
        "A word of yours, 1–16 of a-z, 0-9 and hyphens. The image that is newest when the word is first deployed is kept; another word takes the newest image of its day. Default: `1`, without `id` and `parameterVersion`.",
    }),
});

/** What may differ from variant to variant, and from region to region. */
export const instanceFields = shared("", {
  image: z
    .string()
    .min(1)
    .meta({
      description: "Container image with a version tag or digest; `latest` is refused.",
      examples: ["vllm/vllm-openai:v0.18.0"],
    }),
  arguments: z.array(z.string()).meta({
    description:
      "Arguments of the server, one by one, after those that follow from this file. Default: none.",
  }),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).meta({
    description: "Environment variables of the server; secrets belong into `secrets`. Default: none.",
  }),
  secrets: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), secretArn()).meta({
    description:
      "Environment variables whose values the instance reads whenever its server starts: names with the ARNs of secrets in Secrets Manager, or of parameters in Systems Manager. Default: none.",
    examples: [{ HF_TOKEN: "arn:aws:ssm:us-east-1:123456789012:parameter/chat/hf-token" }],
  }),
  kmsKeyArns: z.array(arn("kms", "arn:aws:kms:us-east-1:123456789012:key/…")).meta({
    description:
      "KMS keys of your own that encrypt the weights or the secrets, of the instance's region; the instance may decrypt with them. Default: none; keys that AWS manages need no grant.",
  }),
  weights: weights.meta({
    description: "The model's weights in S3. Default: none; the server fetches its own.",
  }),
  memory: memory.meta({
    description:
      "What the model needs of its GPUs, checked against every instance type that may run it. Default: not checked.",
  }),
  instanceTypes: z
    .array(z.string())
    .min(1)
    .max(40)
    .meta({
      description: "GPU instance types, best first, 1–40. Several make it likelier to get one.",
      examples: [["g6.xlarge", "g5.xlarge"]],
    }),
  instanceRequirements: instanceRequirementsSchema.meta({
    description:
      "Lets AWS choose among `instanceTypes`, where patterns such as `g6.*` are then allowed, by what a type has. Default: the types in their order.",
  }),
  ami: ami.meta({
    description:
      "Machine image, one of `id`, `parameterVersion` and `release`. Default: the AWS Deep Learning base image that is newest at the first deployment.",
  }),
  volume: volume.meta({ description: "Root volume: gp3, encrypted." }),
  capacity: capacitySchema.meta({
    description: "How many instances: `min` and `max`, or the demand from which they follow.",
  }),
  scaling: scalingSchema.meta({ description: "What makes the group grow and shrink." }),
  spot: spotSchema.meta({ description: "Spot instances beside on-demand ones. Default: none." }),
  capacityReservation: capacityReservationSchema.meta({
    description: "Use of capacity reservations. Default: open ones that match are used.",
  }),
  warmPool: warmPoolSchema.meta({
    description:
      "Instances that were loaded once and wait for the group to grow; not with `spot` or `instanceRequirements`. Default: none.",
  }),
});

/** Names of the fields that a variant, and a region, may set over the model's own. */
export const instanceFieldNames = Object.keys(instanceFields) as readonly (keyof typeof instanceFields)[];

/** What a model has that it does not say of its instances. */
export const instanceDefaults = {
  arguments: [] as string[],
  env: {},
  secrets: {},
  kmsKeyArns: [] as string[],
  ami: {},
  volume: {},
  scaling: {},
};
