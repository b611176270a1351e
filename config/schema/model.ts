import * as z from "zod";
import {
  ALGORITHMS,
  ANOMALY_MITIGATION_TARGETS,
  CONDITION_VALUE,
  DEREGISTRATION_DELAY,
  FORWARD_STICKINESS_DURATION,
  FORWARD_WEIGHT,
  HEALTH_CHECK_INTERVAL,
  HEALTH_CHECK_PATH,
  HEALTH_CHECK_TIMEOUT,
  HEALTHY_THRESHOLD,
  IDLE_TIMEOUT,
  LIFECYCLE_HOOK_HEARTBEAT,
  MAX_INSTANCE_LIFETIME,
  PORT,
  type ScalingProcess,
  SLOW_START,
  STICKINESS_DURATION,
  TARGET_OPTIMIZER_CONCURRENCY,
  UNHEALTHY_THRESHOLD,
} from "../../aws/limits";
import { CERTIFICATE_FILE, KEY_FILE } from "../servers/certificate";
import { TASKS } from "../servers/preset";
import { serverPresets } from "../servers/presets";
import { formatDuration } from "../units";
import { acceptSchema } from "./accept";
import { modelCallersSchema } from "./callers";
import { healthyTargetsSchema, rolloutSchema } from "./capacity";
import { finding } from "./errors/codes";
import { instanceDefaults, instanceFields } from "./instance";
import { methods, routeSchema } from "./route";
import { duration, name, optionalFields, range, whole } from "./scalars";

/** A duration up to the limit of the longest request. */
const PROBE_TIMEOUT = { ...DEREGISTRATION_DELAY, min: 1 } as const;

const port = () => whole(PORT);
const path = () =>
  z
    .string()
    .max(HEALTH_CHECK_PATH.maxLength)
    .regex(/^\//, { error: ({ input }) => `"${input}" must start with "/"` });

/** Auto Scaling processes that may be suspended. Those that deployments, or starting and stopping instances, need are not among them. */
const SUSPENDABLE = [
  "AZRebalance",
  "ReplaceUnhealthy",
  "AlarmNotification",
  "ScheduledActions",
] as const satisfies readonly ScalingProcess[];

/** What a model must survive. */
export const survival = () => z.enum(["zone", "region", "nothing"]);

/** Source: Prometheus documentation, "Data model". */
const metricName = () =>
  z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, {
    error: ({ input }) =>
      `"${input}" is no name of a Prometheus metric; write it as vllm:num_requests_waiting`,
  });

const health = z.strictObject({
  path: path().optional().meta({
    description: "Path of the health check. Default: the server's own; `/AWS.ALB/healthcheck` for gRPC.",
  }),
  port: port()
    .optional()
    .meta({ description: `TCP port to send it to, ${range(PORT)}. Default: the model's \`port\`.` }),
  interval: duration(HEALTH_CHECK_INTERVAL)
    .optional()
    .meta({
      description: `Time between two checks, ${range(HEALTH_CHECK_INTERVAL)}. Default: 10s.`,
    }),
  timeout: duration(HEALTH_CHECK_TIMEOUT)
    .optional()
    .meta({
      description: `How long an answer may take, ${range(HEALTH_CHECK_TIMEOUT)}, less than \`interval\`. Default: half of \`interval\`.`,
    }),
  healthyThreshold: whole(HEALTHY_THRESHOLD)
    .optional()
    .meta({
      description: `Successes in a row after which an unhealthy instance is healthy again, ${range(HEALTHY_THRESHOLD)}; a new instance needs one. Default: 2.`,
    }),
  unhealthyThreshold: whole(UNHEALTHY_THRESHOLD)
    .optional()
    .meta({
      description: `Failures in a row after which an instance is unhealthy, ${range(UNHEALTHY_THRESHOLD)}. Default: 3.`,
    }),
  matcher: z.string().meta({ pattern: "^\\d+(-\\d+)?(,\\d+(-\\d+)?)*$" }).optional().meta({
    description:
      'Status codes that mean healthy, such as "200" or "200-299": 200–499, or 0–99 for gRPC. Default: "200", or "12" for gRPC.',
  }),
});

const probe = z.strictObject({
  path: path().meta({ description: "Path of the request. It is a POST if there is a `body`, else a GET." }),
  body: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "JSON to post. `{model}` in it stands for the model that the server lists first under `/v1/models`. Default: none.",
      examples: ['{"model": "{model}", "input": "ready?"}'],
    }),
  expect: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "Text that the answer must contain. Default: none; any answer with a status from 200 to 299 is enough.",
      examples: ['"embedding"'],
    }),
  port: port()
    .optional()
    .meta({ description: `TCP port to send it to, ${range(PORT)}. Default: the model's \`port\`.` }),
  bearer: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .meta({
      description:
        "Variable of `secrets` or `env` whose value the request sends as a bearer token. Default: the variable with the server's API key, if it has one.",
    }),
  timeout: duration(PROBE_TIMEOUT)
    .optional()
    .meta({
      description: `How long the answer may take, ${range(PROBE_TIMEOUT)}. Default: \`longestSilence\`, at least 10s.`,
    }),
});

const timing = z
  .strictObject({
    launchHook: duration(LIFECYCLE_HOOK_HEARTBEAT).meta({
      description: `How long a new instance may take until its model answers, ${range(LIFECYCLE_HOOK_HEARTBEAT)}. If it is still loading after that, it gets the same time again, at most twice. Default: 2 × \`loadTime\`.`,
    }),
    gracePeriod: duration().meta({
      description:
        "Time in service during which a failed health check does not replace the instance (health check grace period). Default: `loadTime` + `interval` × `healthyThreshold` of the health check.",
    }),
    warmUp: duration().meta({
      description:
        "Time in service before a new instance counts in the scaling metrics. Default: `interval` × `healthyThreshold` of the health check + `slowStart` + 1m.",
    }),
    slowStart: duration({ ...SLOW_START, min: 0 }).meta({
      description: `Time in which a new instance's share of the requests grows to its full size, 0s or ${range(SLOW_START)}; with \`round_robin\` only. Default: a tenth of \`loadTime\` with \`round_robin\`, else 0s.`,
    }),
    drain: duration(DEREGISTRATION_DELAY).meta({
      description: `How long an instance that leaves has to finish its requests (deregistration delay), ${range(DEREGISTRATION_DELAY)}. Default: \`longestRequest\` + 30s.`,
    }),
    serverDrain: duration().meta({
      description: "How long the server has to finish its requests after SIGTERM. Default: `longestRequest`.",
    }),
    serverKeepAlive: duration().meta({
      description:
        "How long the server keeps an idle connection. It must be longer than the load balancer's idle timeout, or clients get 502 at random. Default: 4015s, which is longer than any idle timeout.",
    }),
    terminateHook: duration(LIFECYCLE_HOOK_HEARTBEAT).meta({
      description: `How long an instance has to stop its server after the drain, ${range(LIFECYCLE_HOOK_HEARTBEAT)}. The hook has the value of the day when the group was made; the instance makes it wait for longer by heartbeats. Default: \`serverDrain\` + 1m.`,
    }),
    refreshWarmUp: duration().meta({
      description: "Warm-up of a new instance during an instance refresh. Default: `warmUp`.",
    }),
  })
  .partial();

const optimizerImage = () => z.string().min(1);

const targetOptimizer = z.strictObject({
  maxConcurrency: whole(TARGET_OPTIMIZER_CONCURRENCY).meta({
    description: `Most requests that one instance gets at a time, ${range(TARGET_OPTIMIZER_CONCURRENCY)}.`,
  }),
  image: optimizerImage().meta({
    description:
      "Container image of AWS's target control agent, `public.ecr.aws/aws-elb/target-optimizer/target-control-agent`, with a version tag or digest; `latest` is refused.",
  }),
  port: port()
    .prefault(3001)
    .meta({
      description: `TCP port at which the agent accepts requests, ${range(PORT)}. Default: \`3001\`.`,
    }),
  controlPort: port()
    .prefault(3000)
    .meta({
      description: `TCP port at which the agent asks the load balancer for the next request, ${range(PORT)}. Default: \`3000\`.`,
    }),
});

const stickiness = z.strictObject({
  instance: duration(STICKINESS_DURATION)
    .optional()
    .meta({
      description: `How long a client returns to the same instance, by a cookie, ${range(STICKINESS_DURATION)}. Default: off.`,
    }),
  variant: duration(FORWARD_STICKINESS_DURATION)
    .optional()
    .meta({
      description: `How long a client returns to the same variant, by a cookie, ${range(FORWARD_STICKINESS_DURATION)}. Default: off.`,
    }),
});

/** A path as in OpenAPI: `{…}` is one segment. The letters are those that a path condition takes. */
const PATH = /\/(?:[A-Za-z0-9_.$/~"'@:+&*-]|\{[A-Za-z0-9_]+\})*/;

const publicPathText = (form: RegExp) =>
  z
    .string()
    .max(CONDITION_VALUE.maxLength)
    .regex(form, {
      error: ({ input }) =>
        `"${input}" is no path; write it as /v1/embeddings or /v1/responses/{id}, or preset for the server's own`,
    });

const publicPath = z.union([
  publicPathText(new RegExp(`^(?:preset|${PATH.source})$`)),
  z.strictObject({
    path: publicPathText(new RegExp(`^${PATH.source}$`)).meta({
      description: "Path as the server sees it. `{…}` stands for one segment, `*` for any run of characters.",
      examples: ["/v1/responses/{id}"],
    }),
    method: methods.optional().meta({
      description: "HTTP methods in upper case. Default: GET and POST; for gRPC, POST.",
    }),
  }),
]);

const { instanceTypes: _types, ...optionalInstanceFields } = instanceFields;

const modelFields = {
  port: port().meta({ description: `TCP port of the server, ${range(PORT)}. Default: the preset's.` }),
  protocol: z.enum(["http1", "http2", "grpc"]).meta({
    description:
      "Protocol between the load balancer and the instances. `http2` and `grpc` need HTTPS at the entry, and a server that speaks them. Default: `http1`.",
  }),
  targetTls: z.boolean().meta({
    description: `Whether the load balancer uses TLS to the instances. Each instance makes its own certificate, and nobody verifies it. Possible with \`vllm\`, \`sglang\`, \`nim\`, \`llama.cpp\`, \`triton\` with gRPC, a \`custom\` server that uses \`${CERTIFICATE_FILE}\` and \`${KEY_FILE}\`, and any server with \`targetOptimizer\`. Default: \`false\`; requests are not encrypted within the VPC.`,
  }),
  health: health.meta({ description: "The load balancer's health check." }),
  task: z.enum(TASKS).meta({
    description:
      "What the model does. The probe is a request of this kind. Default: from the server's arguments, from the class of the model in `memory.config`, or from well-known names of models; else what the server usually does.",
  }),
  probe: z.union([z.literal("health"), probe]).meta({
    description:
      "A real request that an instance has to answer before it enters service. `health`: no request, the health check is enough. Default: the server's smallest request for the model's `task`, which `npm run explain` shows; none for `triton`, `ray-serve`, `custom` and gRPC.",
  }),
  gpuWatch: z.boolean().meta({
    description:
      "Whether an instance is replaced when its GPU has died or its model hangs, although its health check passes. Without GPUs only the model is watched. Default: `true`.",
  }),
  metrics: z
    .strictObject({
      port: port().meta({ description: `TCP port of the metrics, ${range(PORT)}.` }),
      path: path()
        .regex(/^[^\s"\\?#]*$/, {
          error: ({ input }) =>
            `"${input}" must not hold spaces, quotes, backslashes or a query: the agent would ask for the ? as %3F`,
        })
        .meta({ description: "Path of the metrics." }),
      gauges: z
        .array(metricName())
        .optional()
        .meta({
          description: "Names of the gauges to send to CloudWatch. Default: the preset's.",
          examples: [["vllm:num_requests_waiting", "vllm:num_requests_running"]],
        }),
      waiting: metricName().optional().meta({
        description:
          "Name of the gauge that counts the requests in the server's queue, for `scaling.waitingRequestsPerInstance`. Default: the preset's.",
      }),
    })
    .meta({
      description:
        "Where the server publishes its Prometheus metrics. The CloudWatch agent reads them. Instances are tagged with port and path, so that another collector finds them. Default: the preset's; none for `ray-serve`, whose port is set by `ray start --metrics-export-port`.",
    }),
  loadTime: duration().meta({
    description:
      "Time from the launch of an instance until its model answers, 1m or more: system, image, weights, compilation. Measure it, and take the worst. Default: estimated, which needs the size of the weights: `weights.size`, or `memory`.",
    examples: ["6m"],
  }),
  longestSilence: duration().meta({
    description: `Longest time within a request in which no byte is sent, up to ${formatDuration(IDLE_TIMEOUT.max)}. For streams, the time to the first token. Default: \`longestRequest\`.`,
  }),
  timing: timing.meta({
    description:
      "Times that you write instead of the derived ones. They are checked by the same rules; `npm run explain` shows them all.",
  }),
  rollout: rolloutSchema.meta({
    description: "How a new version replaces the instances (instance refresh).",
  }),
  maxInstanceLifetime: duration().meta({
    description: `Age at which an instance is replaced, ${range(MAX_INSTANCE_LIFETIME)}; 0s: never. Default: never.`,
  }),
  suspend: z
    .array(z.enum(SUSPENDABLE))
    .meta({ description: "Auto Scaling processes to suspend. Default: none." }),
  algorithm: z.enum(ALGORITHMS.values).meta({
    description:
      "How the load balancer chooses an instance. Requests to language models differ too much in length for `round_robin`. Default: `least_outstanding_requests`; with `targetOptimizer`, `round_robin`.",
  }),
  targetOptimizer: targetOptimizer.meta({
    description:
      "ALB Target Optimizer: all requests pass an agent on each instance, which accepts a limited number at a time. The others wait in the load balancer or get a 503. WebSockets get a 501. Default: none.",
  }),
  anomalyMitigation: z.boolean().meta({
    description: `Whether instances that fail more often than the others get fewer requests; with \`weighted_random\` and ${ANOMALY_MITIGATION_TARGETS.min} instances or more only. Default: \`false\`.`,
  }),
  stickiness: stickiness.meta({
    description: "Whether a client returns to the same instance or variant.",
  }),
  crossZone: z.boolean().meta({
    description:
      "Whether requests are spread over the instances of all zones. Default: the load balancer's setting, which is true.",
  }),
  healthyTargets: healthyTargetsSchema.meta({
    description: "When too few instances are healthy, and what happens then.",
  }),
  survive: survival().meta({
    description:
      "What may fail at the peak while the instances that are left carry all requests. Default: the deployment's `survive`.",
  }),
};

const modelDefaults = {
  protocol: "http1" as const,
  targetTls: false,
  health: {},
  gpuWatch: true,
  timing: {},
  rollout: {},
  suspend: [] as "AZRebalance"[],
  anomalyMitigation: false,
  stickiness: {},
  healthyTargets: {},
};

const weight = whole(FORWARD_WEIGHT).meta({
  description: `Share of the requests, relative to the other variants, ${range(FORWARD_WEIGHT)}; 0: no requests.`,
});

/** A weighted version of a model. Fields that it does not set are the model's. */
const variantSchema = z.strictObject({
  weight,
  ...z.strictObject(instanceFields).partial().shape,
  accept: acceptSchema.optional(),
});

const variantName = () => name().max(16);

/** A model as it is served in every region, except for what a region overrides. */
export const modelSchema = z.strictObject({
  server: z.enum(["custom", ...(Object.keys(serverPresets) as (keyof typeof serverPresets)[])]).meta({
    description:
      "The model server. It sets port, health check, probe, metrics, drain and keep-alive. `custom`: any other server, with `port` and `health.path`.",
  }),
  instanceTypes: instanceFields.instanceTypes,
  longestRequest: duration().meta({
    description: `Duration of the longest request that must not be cut, up to ${formatDuration(DEREGISTRATION_DELAY.max)}.`,
    examples: ["5m"],
  }),
  ...optionalFields({ ...optionalInstanceFields, ...modelFields }, { ...instanceDefaults, ...modelDefaults }),
  routes: z.array(routeSchema).min(1).optional().meta({
    description:
      "Ways to reach the model. A route with `path` or `pathRegex` opens what it says, any other the `publicPaths`. Default: `prefix: /<model>`; none for the model of `entry.default`.",
  }),
  publicPaths: z
    .union([z.literal("every-path-of-the-server"), z.array(publicPath).min(1)])
    .optional()
    .meta({
      description:
        "What callers may request of the server, by the default route, by routes without a path, and as the model of `entry.default`. A list replaces the server's own public paths; `preset` in it stands for these. `every-path-of-the-server` also opens what changes or stops the server. Default: `[preset]`, the paths of the server's inference API, which `npm run explain` shows; for `custom`, those of OpenAI's API.",
      examples: [["preset", "/pooling"]],
    }),
  callers: modelCallersSchema.optional().meta({
    description:
      "Who may call this model, where it differs from `entry.callers`: more claims of the token, or `unauthenticated`, which opens this model to all who may connect. Default: as `entry.callers` says.",
    examples: [
      "unauthenticated",
      { claims: { scope: { format: "space-separated-values", values: ["chat"] } } },
    ],
  }),
  variants: z
    .record(variantName(), variantSchema)
    .refine((variants) => Object.keys(variants).length > 0, {
      ...finding("wrong-length"),
      error: "at least one variant is required",
    })
    .optional()
    .meta({
      description:
        "Weighted versions of the model, 1–5, by names of up to 16 characters. Each may set any field of the instances. Default: one, `main`.",
    }),
  accept: acceptSchema.optional(),
});

/** A region's overrides of a variant. */
const variantOverrideSchema = z.strictObject({
  weight: weight.optional(),
  ...z.strictObject(instanceFields).partial().shape,
  accept: acceptSchema.optional(),
});

/** A region's overrides of a model; `false` leaves the model out of the region. */
export const modelOverrideSchema = z.union([
  z.literal(false),
  z.strictObject({
    ...z.strictObject(instanceFields).partial().shape,
    survive: modelFields.survive.optional(),
    targetOptimizer: z
      .strictObject({
        image: optimizerImage().meta({
          description: "Container image of the agent, for example one in the region's own Amazon ECR.",
        }),
      })
      .optional()
      .meta({ description: "Image of Target Optimizer's agent in this region. Default: the model's." }),
    variants: z.record(variantName(), variantOverrideSchema).optional().meta({
      description:
        "Fields of variants that differ in this region, by the variant's name: `weight` and any field of the instances.",
    }),
    accept: acceptSchema.optional(),
  }),
]);

export type ModelFile = z.output<typeof modelSchema>;
export type VariantFile = z.output<typeof variantSchema>;
