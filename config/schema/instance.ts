import * as z from "zod";
import { ARN_FORMS } from "../../aws/arn";
import {
  DEEP_LEARNING_AMI_ROOT_SNAPSHOT,
  GP3_IOPS,
  GP3_IOPS_PER_GIB,
  GP3_THROUGHPUT,
  INSTANCE_TYPES_PER_GROUP,
  SCHEDULED_ACTIONS_PER_GROUP,
} from "../../aws/limits";
import { hubAddress } from "../servers/hub-address";
import { readDockerRun } from "../servers/run/docker-run";
import { STOP_SIGNALS } from "../servers/run/stop-signals";
import { formatSize } from "../units";
import {
  capacityBlockSchema,
  capacityReservationSchema,
  capacitySchema,
  instanceRequirementsSchema,
  scalingSchema,
  scheduleSchema,
  spotSchema,
  warmPoolSchema,
} from "./capacity";
import { finding } from "./errors/codes";
import { arn, count, range, shared, size, whole } from "./scalars";

/**
 * Size of an adapter that does not say its own, in GiB: one of rank 64 for all linear layers of a model of 70B parameters
 * (Llama 3: 828 million values of 2 bytes) has 1.6.
 */
export const ADAPTER_GIB = 2;

const secretArn = () =>
  z
    .string()
    .regex(
      /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+(:[^:\p{Cc}]*(:[A-Za-z0-9/_+=.@!-]*){0,2})?|ssm:[a-z0-9-]+:\d{12}:parameter\/[A-Za-z0-9/_+=.@!-]+)$/u,
      {
        error: ({ input }) =>
          `"${input}" is no ARN of a secret or a parameter; write it as arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-token-AbCdEf or arn:aws:ssm:us-east-1:123456789012:parameter/hf-token`,
      },
    );

/** Source: Amazon S3 user guide, General purpose bucket naming rules. */
function s3Sentence(input: string): string {
  const address = hubAddress(input);
  if (address !== undefined) {
    return `must be s3://bucket/prefix; for "${input}" write model: ${address.id} instead of weights, and npm run mirror copies it to S3`;
  }
  const [, bucket] = /^s3:\/\/([^/]+)/.exec(input) ?? [];
  const isBucket = bucket === undefined || S3_BUCKET.test(bucket);
  return isBucket
    ? `must be s3://bucket/prefix; got "${input}"`
    : `must be s3://bucket/prefix, and "${bucket}" is no name of a bucket, which has 3 to 63 lower-case letters, digits, "-" and ".", and begins and ends with a letter or digit; got "${input}"`;
}

const S3_BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const s3Uri = () =>
  z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/\S*)?$/, {
    error: ({ input }) => s3Sentence(String(input)),
  });

/**
 * A folder in S3, or the ARN of one, of a secret, a parameter or a table. Source of the forms: Service Authorization
 * Reference, resource types of Amazon S3, AWS Secrets Manager, AWS Systems Manager and Amazon DynamoDB.
 */
const READABLE =
  /^(s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^\s*?$]*)?|arn:aws[a-z-]*:(s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/([^\s*?$]*\/)?\*?)?|secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+|ssm:[a-z0-9-]+:\d{12}:parameter\/[A-Za-z0-9/_+=.@!-]+|dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]{3,255}))$/;

const readable = () =>
  z.string().regex(READABLE, {
    error: ({ input }) =>
      hubAddress(String(input)) === undefined
        ? `"${input}" is no folder in S3, s3://bucket/prefix/, and no ARN of one (arn:aws:s3:::bucket/prefix/*), of a secret, a Systems Manager parameter or a DynamoDB table`
        : s3Sentence(String(input)),
  });

/** A host, with or without a port, as it stands before the first slash of an image. */
const REGISTRY = /^(?=.*[.:]|localhost$)[a-z0-9]+([._-][a-z0-9]+)*(:\d+)?$/;

const registry = z.strictObject({
  server: z
    .string()
    .regex(REGISTRY, {
      error: ({ input }) =>
        `"${input}" is no host of a registry; write what stands before the first slash of the image, such as nvcr.io or ghcr.io; for Docker Hub docker.io`,
    })
    .optional()
    .meta({
      description:
        "Host of the registry, such as `nvcr.io`, `ghcr.io` or, for Docker Hub, `docker.io`. Instances whose image is of another registry then do not sign in. Default: the registry of `image`.",
      examples: ["ghcr.io"],
    }),
  user: z
    .string()
    .regex(/^[^\s:\p{Cc}]+$/u, { error: ({ input }) => `"${input}" is no user of a registry` })
    .optional()
    .meta({
      description: "Name of the user. Default: `$oauthtoken` for `nvcr.io`; any other registry needs one.",
      examples: ["example-user"],
    }),
  secret: secretArn().meta({
    description:
      "ARN of the secret with the password, a token or an API key, as `secrets` takes it: of a secret that is JSON, `:json-key::` follows.",
    examples: ["arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf"],
  }),
});

const weights = z.strictObject({
  uri: s3Uri().meta({
    description:
      "Where the weights are in S3. An instance copies them to `/models` before its server starts.",
    examples: ["s3://acme-models/llama-3-8b/v1/"],
  }),
  mirrors: z
    .array(s3Uri())
    .max(4)
    .prefault([])
    .meta({
      description:
        "More places with the same files, for example in another region, up to 4. An instance that cannot copy them from `uri` tries these places in order. Default: none.",
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
        "SHA-256 of the file `SHA256SUMS` beside the weights. It pins every file of them. Default: none; if there is a `SHA256SUMS`, files are checked by it all the same.",
    }),
  size: size().optional().meta({
    description:
      "Size of the weights. The volume is sized for it, and the GPUs are checked by it, or main memory without GPUs. Default: from `memory.parameters` and `memory.precision`.",
  }),
});

const adapter = z.strictObject({
  ...weights.shape,
  uri: s3Uri().meta({ description: "Where the adapter is in S3.", examples: ["s3://acme-adapters/sql/"] }),
  mirrors: weights.shape.mirrors.meta({
    description: "More places with the same files, up to 4, as `weights.mirrors`. Default: none.",
  }),
  sha256: weights.shape.sha256.meta({
    description: "SHA-256 of the file `SHA256SUMS` beside the adapter, as `weights.sha256`. Default: none.",
  }),
  size: size()
    .optional()
    .meta({
      description: `Size of the adapter. The volume is sized for it. Default: ${ADAPTER_GIB}GiB.`,
    }),
  file: z
    .string()
    .regex(/^[\w.-]+$/, { error: ({ input }) => `"${input}" is not the name of a file in the folder` })
    .optional()
    .meta({
      description:
        "Name of the file in the folder, for `llama.cpp`, which takes a file. Default: none; the other servers take the folder.",
    }),
});

/** A path in a container: absolute, without `.`, `..`, colons, commas and control characters, which docker takes apart. */
const containerPath = () =>
  z.string().regex(/^(\/(?!\.{1,2}(\/|$))[^/:,\p{Cc}]+)+$/u, {
    error: ({ input }) => `"${input}" is no path in a container; write it as /etc/app/config.yaml`,
  });

const mount = z.strictObject({
  size: size()
    .prefault("10GiB")
    .meta({ description: "How much the folder may hold. The volume is sized for it. Default: `10GiB`." }),
});

const file = z.union([
  z
    .string()
    .regex(/^(?![/~]|[A-Za-z]:)[^\\\p{Cc}]+$/u, {
      error: ({ input }) => `"${input}" is no path relative to this file; write it as config/app.yaml`,
    })
    .meta({ description: "Path of a file of UTF-8 text, relative to this file." }),
  z.strictObject({ text: z.string().meta({ description: "The text of the file." }) }),
]);

const memory = z.strictObject({
  config: file.optional().meta({
    description:
      "The model's config.json from the hub, as a file beside this one. It says what each layer keeps of a request, also of layers with windows, latent attention, states and experts. `layers`, `kvHeads`, `headDim` and `precision` are then not needed. Default: none.",
    examples: ["models/llama-3.1-8b/config.json"],
  }),
  size: size().optional().meta({
    description:
      "Size of the checkpoint, where `weights.size` is not written: the sum of its files. Default: reckoned from `config`, or from `parameters` and `precision`.",
  }),
  parameters: count()
    .optional()
    .meta({
      description:
        "Number of parameters of the model; of a mixture of experts, all of them. Required without `config`.",
      examples: ["8B"],
    }),
  precision: z
    .enum(["fp32", "fp16", "bf16", "fp8", "mxfp8", "int8", "int4", "mxfp4", "nvfp4"])
    .prefault("bf16")
    .meta({ description: "Precision of the weights; AWQ and GPTQ are `int4`. Default: `bf16`." }),
  tensorParallel: z.int().min(1).max(64).optional().meta({
    description:
      "Number of GPUs over which a copy of the model, or each stage of it, is split, 1–64. Default: 1.",
  }),
  pipelineParallel: z.int().min(1).max(64).optional().meta({
    description:
      "Number of consecutive stages into which the layers are split, 1–64. Each takes `tensorParallel` GPUs. Default: from `arguments`, or 1.",
  }),
  layers: z.int().min(1).optional().meta({
    description:
      "`num_hidden_layers` of the model's config.json. Default: unknown; the KV cache is then not counted.",
  }),
  kvHeads: z.int().min(1).optional().meta({
    description: "`num_key_value_heads` of config.json. Default: as `layers`.",
  }),
  headDim: z.int().min(1).optional().meta({
    description: "`head_dim` of config.json, or `hidden_size` ÷ `num_attention_heads`. Default: as `layers`.",
  }),
  contextLength: z.int().min(1).optional().meta({
    description:
      "Longest context of a request, in tokens. It is passed to the server, too. Default: the server's own choice.",
  }),
  concurrency: z.int().min(1).optional().meta({
    description: "How many requests of that length an instance must hold at once. Default: 1.",
  }),
  kvPrecision: z.enum(["bf16", "fp16", "fp8"]).optional().meta({
    description: "Precision of the KV cache. Default: 2 bytes for each value, 4 with `fp32` weights.",
  }),
  utilization: z.number().gt(0).max(1).optional().meta({
    description:
      "Share of a GPU's memory that the server may use, above 0, at most 1. It is passed to the server, too. Default: the server's own; the check assumes 0.9.",
  }),
});

const volume = z.strictObject({
  size: size()
    .optional()
    .meta({
      description: `Size of the root volume. Default: (weights + 80GiB for container and machine image) + 20 %, rounded up to tens, at least ${DEEP_LEARNING_AMI_ROOT_SNAPSHOT.gib}GiB; without GPUs 38GiB instead of 80GiB.`,
    }),
  iops: whole(GP3_IOPS)
    .prefault(GP3_IOPS.default)
    .meta({
      description: `Operations a second of the gp3 volume, ${range(GP3_IOPS)}, at most ${GP3_IOPS_PER_GIB.max} for each GiB. Default: \`${GP3_IOPS.default}\`.`,
    }),
  throughput: whole(GP3_THROUGHPUT)
    .prefault(500)
    .meta({
      description: `MiB a second of the gp3 volume, ${range(GP3_THROUGHPUT)}, at most a quarter of \`iops\`. It limits how fast weights load. Default: \`500\`.`,
    }),
  kmsKeyArn: arn(ARN_FORMS.keyOrAlias).optional().meta({
    description:
      "Symmetric KMS key, in the instances' region, that encrypts the volume. No instance starts unless the key's policy lets Auto Scaling's role `AWSServiceRoleForAutoScaling` do `kms:Encrypt`, `kms:Decrypt`, `kms:ReEncrypt*`, `kms:GenerateDataKey*` and `kms:DescribeKey`, and `kms:CreateGrant` where `kms:GrantIsForAWSResource` is true. See docs/security.md. Default: the account's EBS key.",
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
        "Id of your own image. It is made from AWS's Deep Learning base image for Amazon Linux 2023, or has the same parts: the NVIDIA driver, Docker, NVIDIA's container toolkit 1.15 or later, the AWS CLI. Without GPUs it is made from Amazon Linux 2023. The id differs from region to region. Default: none.",
    }),
  parameterVersion: z.int().min(1).optional().meta({
    description: "Version of the region's SSM parameter for AWS's image to use, 1 or more. Default: none.",
  }),
  release: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,15}$/)
    .optional()
    .meta({
      description:
        "A word of your choice, 1–16 characters of a-z, 0-9 and hyphens. The image that is newest when the word is first deployed is kept. A new word takes the image that is newest then. Default: `1`, without `id` and `parameterVersion`.",
    }),
});

/** Docker's own size of `/dev/shm`, in GiB. Source: Docker docs, `docker container run --shm-size`. */
const LEAST_SHARED_MEMORY = 64 / 1024;

const dockerRun = () =>
  z.string().transform((line, context) => {
    const { run, problem } = readDockerRun(line);
    if (run === undefined) {
      context.addIssue({ code: "custom", message: problem, ...finding("malformed-run") });
      return z.NEVER;
    }
    return run;
  });

/** Fields that may differ between variants and between regions. */
export const instanceFields = shared("", {
  image: z
    .string()
    .min(1)
    .meta({
      description: "Container image with a version tag or digest; `latest` is refused.",
      examples: ["vllm/vllm-openai:v0.28.0"],
    }),
  registry: registry.meta({
    description:
      "How instances sign in to the registry of `image`. They read the password from its secret at each start, and forget it after the pull. Default: none; to Amazon ECR they sign in by their role.",
  }),
  model: z
    .string()
    .min(1)
    .regex(/^\S+$/, { error: ({ input }) => `"${input}" must not hold spaces` })
    .meta({
      description:
        "What the server serves: a model on the Hugging Face hub, by its id; with `weights`, the name of the model that lies there; or a path in the container, such as `/models/llama`, for `llama.cpp` the file. The server is told it in its own way, and lists it by this name under `/v1/models`. Default: from `arguments` or `env`; with `weights`, what lies there, by the model's name in this file.",
      examples: ["meta-llama/Llama-3.1-8B-Instruct"],
    }),
  revision: z
    .string()
    .regex(/^[\w./-]+$/, { error: ({ input }) => `"${input}" is no branch, tag or commit` })
    .meta({
      description:
        "Commit, tag or branch of a model on the hub. A commit never changes. With `weights`, the commit that `npm run mirror` has copied there; it then changes nothing on an instance. Default: the newest of its main branch at each start.",
      examples: ["0e9e39f249a16976918f6564b8830bc894c89659"],
    }),
  apiKey: secretArn().meta({
    description:
      "ARN of the secret with the API key that the server asks of its callers, as a bearer token. It reaches the server in the way that this server takes it, its probe and its metrics. Default: none.",
    examples: ["arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf"],
  }),
  reads: z.array(readable()).meta({
    description:
      "What the server itself may read, beside `weights`: folders in S3, for example for a streaming loader, and by their ARNs folders in S3 (`arn:aws:s3:::bucket/prefix/*`), secrets, Systems Manager parameters and DynamoDB tables. What a key of your own encrypts needs `kmsKeyArns` too. Default: none.",
    examples: [["s3://acme-models/llama-3-8b/"], ["arn:aws:dynamodb:us-east-1:123456789012:table/features"]],
  }),
  run: dockerRun().meta({
    description:
      "A whole `docker run` line, as documents print it, instead of `image`, `arguments`, `env` and `command`. What the instance decides itself, such as `--name`, `--gpus all` and `--network host`, is left out; a warning names what cannot be carried over. Default: none.",
    examples: ["docker run --gpus all vllm/vllm-openai:v0.28.0 --max-model-len 8192"],
  }),
  command: z
    .array(z.string().min(1))
    .min(1)
    .meta({
      description:
        "Words that replace the image's entry point, and the command that the server's preset has. All arguments follow them. Default: the preset's command, or the image's entry point.",
      examples: [["mpirun", "--allow-run-as-root", "-n", "1", "tritonserver"]],
    }),
  arguments: z.array(z.string()).meta({
    description:
      "More arguments of the server, one by one. They follow those that are derived from this file, but after a `command` that starts another program they come before. A published command line may begin with the server's own command, such as `vllm serve`, and its model. Default: none.",
  }),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).meta({
    description: "Environment variables of the server. Secrets belong in `secrets`. Default: none.",
  }),
  secrets: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), secretArn()).meta({
    description:
      "Environment variables with secret values: each name with the ARN of a secret in Secrets Manager, or of a parameter in Systems Manager. After the ARN of a secret, `:json-key:version-stage:version-id` may follow, as Amazon ECS writes it; each may be empty. With a key only its value in the JSON of the secret reaches the server. The instance reads the values at every start of its server. Default: none.",
    examples: [{ HF_TOKEN: "arn:aws:ssm:us-east-1:123456789012:parameter/chat/hf-token" }],
  }),
  kmsKeyArns: z.array(arn(ARN_FORMS.keyOrAlias)).meta({
    description:
      "Your own KMS keys, in the instance's region, that encrypt the weights or the secrets. The instance may decrypt with them. Default: none; keys that AWS manages need no permission.",
  }),
  sharedMemory: size()
    .refine((gib) => gib >= LEAST_SHARED_MEMORY, {
      ...finding("out-of-range"),
      error: ({ input }) =>
        `must be ${formatSize(LEAST_SHARED_MEMORY)}, as every container has it, or more; got ${formatSize(Number(input))}`,
    })
    .meta({
      description:
        "Size of `/dev/shm` in the container, 64MiB or more. Default: the instance's own, half of its memory (`--ipc host`).",
    }),
  stopSignal: z.enum(STOP_SIGNALS).meta({
    description: "Signal that asks the server to stop. Default: the image's, or `SIGTERM`.",
  }),
  init: z.boolean().meta({
    description:
      "Whether Docker's init is process 1 of the container and passes signals on. `false` for images whose own init has to be process 1, such as s6-overlay. Default: `true`.",
  }),
  weights: weights.meta({
    description: "The model's weights in S3. Default: none; the server downloads them itself.",
  }),
  adapters: z
    .record(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
        error: ({ input }) =>
          `"${input}" is no name of an adapter: 1–63 letters, digits, dots, hyphens and _, a letter or digit first`,
      }),
      z.union([s3Uri().meta({ description: "Where the adapter is in S3." }), adapter]),
    )
    .meta({
      description:
        "Adapters (LoRA) of the model in S3, by the names that clients send as `model`. An instance copies each to `/adapters/<name>` before its server starts, and tells `vllm`, `sglang`, `tgi`, `nim` or `llama.cpp` of them; a `custom` server finds them there. Default: none.",
      examples: [{ sql: "s3://acme-adapters/llama-3-8b/sql/" }],
    }),
  mounts: z.record(containerPath(), mount).meta({
    description:
      "Folders of the container that outlast it: they are kept on the instance when the server is started again, and any user in the container may write to them. At first they are empty, and they hide what the image has there. They are gone with the instance. Caches that the preset knows are kept without this. Default: none.",
    examples: [{ "/workspace/output": { size: "20GiB" } }],
  }),
  files: z.record(containerPath(), file).meta({
    description:
      "Small files of text that the container sees, read-only: each path in the container with a file beside this one, or with its `text`. They are part of the user data, which has room for about 2 KiB. Default: none.",
    examples: [{ "/etc/app/config.yaml": "config/app.yaml" }],
  }),
  memory: memory.meta({
    description:
      "What the model needs from its GPUs. It is checked against every instance type that may run it. Without GPUs main memory has to hold the weights. Default: not checked.",
  }),
  instanceTypes: z
    .array(z.string())
    .min(INSTANCE_TYPES_PER_GROUP.min)
    .max(INSTANCE_TYPES_PER_GROUP.max)
    .meta({
      description: `Instance types with NVIDIA GPUs, the preferred one first, ${range(INSTANCE_TYPES_PER_GROUP)}. With several, AWS is more likely to have one. \`tei\`, \`ollama\`, \`llama.cpp\` and \`custom\` servers may have types without GPUs instead: m, c and r, of generation 5 and later.`,
      examples: [["g6.xlarge", "g5.xlarge"]],
    }),
  instanceRequirements: instanceRequirementsSchema.meta({
    description:
      "What an instance type must have. AWS then chooses among `instanceTypes`, which may contain patterns such as `g6.*`. Default: none; the types are tried in their order.",
  }),
  ami: ami.meta({
    description:
      "Machine image, by one of `id`, `parameterVersion` and `release`. Default: the AWS Deep Learning base image that is newest at the first deployment, or without GPUs Amazon Linux 2023.",
  }),
  volume: volume.meta({ description: "The root volume, gp3 and encrypted." }),
  capacity: capacitySchema.meta({
    description: "How many instances: `min` and `max`, or the demand from which they are derived.",
  }),
  schedules: z
    .array(scheduleSchema)
    .min(SCHEDULED_ACTIONS_PER_GROUP.min)
    .max(SCHEDULED_ACTIONS_PER_GROUP.max)
    .meta({
      description: `Other sizes at times that recur, ${range(SCHEDULED_ACTIONS_PER_GROUP)}: fewer instances at night, and those of \`capacity\` again in the morning, with an item that has only its \`cron\`. Each lasts until the next one runs. Default: none.`,
      examples: [[{ cron: "0 20 * * MON-FRI", min: 2, max: 4 }, { cron: "0 7 * * MON-FRI" }]],
    }),
  scaling: scalingSchema.meta({ description: "When the group grows and shrinks." }),
  spot: spotSchema.meta({ description: "Spot instances beside on-demand ones. Default: none." }),
  capacityReservation: capacityReservationSchema.meta({
    description: "Use of capacity reservations. Default: open reservations that match are used.",
  }),
  capacityBlock: capacityBlockSchema.meta({
    description:
      "A Capacity Block for ML, in which all instances run: GPUs of the one type of `instanceTypes`, in one zone, until it ends. `capacity.max` is then how many instances it has. Not with `survive: zone`, `spot`, `warmPool`, `instanceRequirements` or `capacityReservation`. Default: none.",
  }),
  warmPool: warmPoolSchema.meta({
    description:
      "Instances that have loaded once and wait until the group grows; not with `spot` or `capacityBlock`. Default: none.",
  }),
});

/** Names of the model's fields that variants and regions may override. */
export const instanceFieldNames = Object.keys(instanceFields) as readonly (keyof typeof instanceFields)[];

/** Defaults of these fields. */
export const instanceDefaults = {
  reads: [] as string[],
  arguments: [] as string[],
  env: {},
  init: true,
  secrets: {},
  kmsKeyArns: [] as string[],
  adapters: {},
  mounts: {},
  files: {},
  ami: {},
  volume: {},
  scaling: {},
};
