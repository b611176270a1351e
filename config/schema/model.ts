import * as z from "zod";
import {
  DEREGISTRATION_DELAY,
  FORWARD_WEIGHT,
  GP3_IOPS,
  GP3_THROUGHPUT,
  HEALTH_CHECK_INTERVAL,
  HEALTH_CHECK_PATH,
  HEALTH_CHECK_TIMEOUT,
  HEALTHY_THRESHOLD,
  LIFECYCLE_HOOK_HEARTBEAT,
  PORT,
  SLOW_START,
  STICKINESS_DURATION,
  UNHEALTHY_THRESHOLD,
} from "../aws/limits";
import { serverPresets } from "../servers";
import {
  capacityReservationSchema,
  capacitySchema,
  healthyTargetsSchema,
  instanceRequirementsSchema,
  rolloutSchema,
  scalingSchema,
  spotSchema,
  warmPoolSchema,
} from "./capacity";
import { routeSchema } from "./route";
import { arn, count, duration, name, optionalFields, size, whole } from "./scalars";

const port = () => whole(PORT);
const path = () =>
  z
    .string()
    .max(HEALTH_CHECK_PATH.maxLength)
    .regex(/^\//, { error: ({ input }) => `"${input}" must start with "/"` });

const health = z.strictObject({
  path: path().optional().meta({ description: "What is asked for. Default: the server's own." }),
  port: port().optional().meta({ description: "Where. Default: the model's port." }),
  interval: duration(HEALTH_CHECK_INTERVAL).optional().meta({
    description: "Time from one check to the next. Default: 10s.",
  }),
  timeout: duration(HEALTH_CHECK_TIMEOUT).optional().meta({
    description: "How long an answer may take; less than the interval. Default: half the interval.",
  }),
  healthyThreshold: whole(HEALTHY_THRESHOLD).optional().meta({
    description: "Successes in a row until a box counts as healthy again. Default: 2.",
  }),
  unhealthyThreshold: whole(UNHEALTHY_THRESHOLD).optional().meta({
    description: "Failures in a row until it counts as unhealthy. Default: 3.",
  }),
  matcher: z.string().optional().meta({
    description:
      'Status codes that mean healthy, e.g. "200" or "200-299"; 0–99 for gRPC. Default: "200", "12" for gRPC.',
  }),
});

const timing = z
  .strictObject({
    launchHook: duration(LIFECYCLE_HOOK_HEARTBEAT).meta({ description: "Heartbeat of the launch hook." }),
    gracePeriod: duration().meta({ description: "Time in service before a failed check replaces a box." }),
    warmUp: duration().meta({ description: "Time until a new box counts in the scaling metrics." }),
    slowStart: duration({ ...SLOW_START, min: 0 }).meta({
      description: "Time over which a new box gets its full share; 0s or 30s–15m, `round_robin` only.",
    }),
    drain: duration(DEREGISTRATION_DELAY).meta({ description: "Deregistration delay of the target group." }),
    serverDrain: duration().meta({ description: "How long the server may finish requests after SIGTERM." }),
    serverKeepAlive: duration().meta({ description: "How long the server keeps an idle connection." }),
    terminateHook: duration(LIFECYCLE_HOOK_HEARTBEAT).meta({
      description: "Heartbeat of the terminate hook.",
    }),
    refreshWarmUp: duration().meta({ description: "Warm-up of a box during an instance refresh." }),
  })
  .partial();

const weights = z.strictObject({
  uri: z
    .string()
    .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/\S*)?$/, {
      error: ({ input }) => `must be s3://bucket/prefix; got "${input}"`,
    })
    .meta({
      description: "Where the weights lie; they are copied to `/models` on the box.",
      examples: ["s3://acme-models/llama-3-8b/v1/"],
    }),
  size: size().optional().meta({ description: "How much that is; sizes the volume, e.g. `16GiB`." }),
});

const memory = z.strictObject({
  parameters: count().meta({ description: "Parameters of the model, e.g. `8B`." }),
  precision: z
    .enum(["fp32", "fp16", "bf16", "fp8", "int8", "int4"])
    .prefault("bf16")
    .meta({ description: "Precision of the weights.", default: "bf16" }),
  tensorParallel: z.int().min(1).max(64).optional().meta({
    description: "GPUs over which one copy of the model is split. Default: 1.",
  }),
  layers: z.int().min(1).optional().meta({ description: "`num_hidden_layers` of the model's config.json." }),
  kvHeads: z.int().min(1).optional().meta({ description: "`num_key_value_heads` of its config.json." }),
  headDim: z.int().min(1).optional().meta({ description: "`head_dim` of its config.json." }),
  contextLength: z.int().min(1).optional().meta({
    description: "Longest context in tokens (`--max-model-len`); the server is told.",
  }),
  concurrency: z.int().min(1).optional().meta({
    description: "Requests of that length that one box must hold at once. Default: 1.",
  }),
  kvPrecision: z.enum(["bf16", "fp16", "fp8"]).optional().meta({
    description: "Precision of the KV cache. Default: 2 bytes a value.",
  }),
  utilization: z.number().gt(0).max(1).optional().meta({
    description: "Share of the GPU memory the server may use (`--gpu-memory-utilization`). Default: 0.9.",
  }),
});

const volume = z.strictObject({
  size: size().optional().meta({
    description: "Size of the root volume. Default: weights, image and 20 % to spare, at least 75GiB.",
  }),
  iops: whole(GP3_IOPS).prefault(3000).meta({ description: "gp3 IOPS.", default: 3000 }),
  throughput: whole(GP3_THROUGHPUT).prefault(500).meta({
    description: "gp3 MiB/s; loading weights is bound by it.",
    default: 500,
  }),
  kmsKeyArn: arn("kms", "arn:aws:kms:us-east-1:123456789012:key/…").optional().meta({
    description: "Key that encrypts it. Default: the account's EBS key.",
  }),
});

const ami = z.strictObject({
  id: z
    .string()
    .regex(/^ami-[0-9a-f]{8,17}$/, {
      error: ({ input }) => `"${input}" is not an id of the form ami-0123456789abcdef0`,
    })
    .optional()
    .meta({ description: "An image of your own; ids differ from region to region." }),
  parameterVersion: z.int().min(1).optional().meta({
    description: "Version of the region's Deep Learning AMI parameter to stay on.",
  }),
  release: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,15}$/)
    .optional()
    .meta({
      description:
        "A word of yours. The image found when it is first deployed is kept; another word takes the newest image of that day.",
    }),
});

const stickiness = z.strictObject({
  box: duration(STICKINESS_DURATION).optional().meta({
    description: "How long a client keeps coming to the same box (load balancer cookie). Default: off.",
  }),
  variant: duration(STICKINESS_DURATION).optional().meta({
    description: "How long a client keeps coming to the same variant. Default: off.",
  }),
});

/** What may differ from variant to variant, and from region to region. */
const boxFields = {
  image: z
    .string()
    .min(1)
    .meta({
      description: "Container image with a version tag or digest; `latest` is refused.",
      examples: ["vllm/vllm-openai:v0.18.0"],
    }),
  arguments: z.array(z.string()).meta({ description: "Arguments of the server, one by one." }),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).meta({
    description: "Environment variables of the server; secrets belong into `secrets`.",
  }),
  secrets: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
      arn("secretsmanager", "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-token"),
    )
    .meta({ description: "Environment variables read from Secrets Manager at start, by ARN." }),
  weights: weights.meta({ description: "Weights in S3. Default: the server fetches its own." }),
  memory: memory.meta({
    description: "What the model needs of a GPU; checked against every instance type that may run it.",
  }),
  instanceTypes: z
    .array(z.string())
    .min(1)
    .max(40)
    .meta({
      description: "Instance types, best first. Several make it likelier to get one.",
      examples: [["g6.xlarge", "g5.xlarge"]],
    }),
  instanceRequirements: instanceRequirementsSchema.meta({
    description:
      "Lets AWS choose among `instanceTypes` (patterns such as `g6.*` allowed) by what they have, instead of in their order.",
  }),
  ami: ami.meta({
    description:
      'Machine image. Default: the AWS Deep Learning base image of the first deployment (`release: "1"`).',
  }),
  volume: volume.meta({ description: "Root volume: gp3, encrypted." }),
  capacity: capacitySchema.meta({ description: "How many boxes." }),
  scaling: scalingSchema.meta({ description: "What makes the group grow and shrink." }),
  spot: spotSchema.meta({ description: "Spot instances. Default: none." }),
  capacityReservation: capacityReservationSchema.meta({
    description: "On-demand capacity reservations. Default: open ones that match are used.",
  }),
  warmPool: warmPoolSchema.meta({ description: "Boxes that wait. Default: none." }),
};

/** Names of the fields that a variant, and a region, may set over the model's own. */
export const boxFieldNames = Object.keys(boxFields) as readonly (keyof typeof boxFields)[];

const modelFields = {
  port: port().meta({ description: "TCP port of the server. Default: the preset's." }),
  protocol: z.enum(["http1", "http2", "grpc"]).meta({
    description: "What the load balancer speaks to the boxes; `http2` and `grpc` need HTTPS at the entry.",
  }),
  health: health.meta({ description: "The load balancer's health check." }),
  metrics: z
    .strictObject({
      port: port().meta({ description: "TCP port." }),
      path: path().meta({ description: "Path." }),
    })
    .meta({
      description:
        "Where the server shows Prometheus metrics; boxes are tagged with it, for service discovery. Default: the preset's.",
    }),
  longestSilence: duration().meta({
    description:
      "Longest time within a request with no byte on the wire; for streams, the time to the first token. Default: `longestRequest`.",
  }),
  timing: timing.meta({
    description: "Overrides of derived times; checked by the same rules. `npm run explain` shows them all.",
  }),
  rollout: rolloutSchema.meta({ description: "How a new version reaches the boxes (instance refresh)." }),
  maxInstanceLifetime: duration().meta({
    description: "Age at which a box is replaced; at least 1d. Default: never.",
  }),
  suspend: z
    .array(z.enum(["AZRebalance", "ReplaceUnhealthy", "AlarmNotification", "ScheduledActions"]))
    .meta({ description: "Auto Scaling processes to suspend." }),
  algorithm: z.enum(["least_outstanding_requests", "round_robin", "weighted_random"]).meta({
    description:
      "How a box is chosen; requests to language models differ too much in length for `round_robin`.",
  }),
  anomalyMitigation: z.boolean().meta({
    description: "Sends less to boxes that answer worse than the others; `weighted_random` only.",
  }),
  stickiness: stickiness.meta({
    description: "Whether clients return to the same box or variant. Default: off.",
  }),
  crossZone: z.boolean().meta({
    description: "Spreads requests over the boxes of all zones. Default: as the load balancer, which does.",
  }),
  healthyTargets: healthyTargetsSchema.meta({ description: "When too few boxes are healthy." }),
  survive: z.enum(["zone", "nothing"]).meta({
    description: "What may be lost at the peak without launching anything. Default: the deployment's.",
  }),
};

const requiredBox = { image: boxFields.image, instanceTypes: boxFields.instanceTypes };
const { image: _image, instanceTypes: _types, ...optionalBox } = boxFields;

const boxDefaults = { arguments: [] as string[], env: {}, secrets: {}, ami: {}, volume: {}, scaling: {} };
const modelDefaults = {
  protocol: "http1" as const,
  health: {},
  timing: {},
  rollout: {},
  suspend: [] as "AZRebalance"[],
  algorithm: "least_outstanding_requests" as const,
  anomalyMitigation: false,
  stickiness: {},
  healthyTargets: {},
};

const weight = whole(FORWARD_WEIGHT).meta({
  description: "Share of the traffic, relative to the other variants.",
});

/** A weighted version of a model: what it does not say it has from the model. */
export const variantSchema = z.strictObject({ weight, ...z.strictObject(boxFields).partial().shape });

const variantName = () => name().max(16);

/** A model as it is served in every region, but for what a region overrides. */
export const modelSchema = z.strictObject({
  server: z.enum(["custom", ...(Object.keys(serverPresets) as (keyof typeof serverPresets)[])]).meta({
    description:
      "The model server; its port, health check, metrics, drain and keep-alive are known. `custom` is any other, with `port` and `health.path` given.",
  }),
  ...requiredBox,
  loadTime: duration().meta({
    description:
      "From launch until the model answers: image, weights, compilation. Measure it, take the worst.",
  }),
  longestRequest: duration().meta({ description: "The longest request that must not be cut." }),
  ...optionalFields({ ...optionalBox, ...modelFields }, { ...boxDefaults, ...modelDefaults }),
  routes: z.array(routeSchema).min(1).optional().meta({
    description:
      "How the model is reached. Default: `/<model>/*`, with the prefix taken off before the server sees it.",
  }),
  variants: z
    .record(variantName(), variantSchema)
    .refine((variants) => Object.keys(variants).length > 0, { error: "at least one variant is required" })
    .optional()
    .meta({ description: "Weighted versions, by name. Default: one, `main`." }),
});

/** What one region does differently for a variant. */
const variantOverrideSchema = z.strictObject({
  weight: weight.optional(),
  ...z.strictObject(boxFields).partial().shape,
});

/** What one region does differently for a model; `false` leaves the model out of the region. */
export const modelOverrideSchema = z.union([
  z.literal(false),
  z.strictObject({
    ...z.strictObject(boxFields).partial().shape,
    survive: modelFields.survive.optional(),
    variants: z.record(variantName(), variantOverrideSchema).optional().meta({
      description: "What the region does differently for a variant.",
    }),
  }),
]);

export type ModelFile = z.output<typeof modelSchema>;
export type VariantFile = z.output<typeof variantSchema>;
export type ModelOverrideFile = z.output<typeof modelOverrideSchema>;
