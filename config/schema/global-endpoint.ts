import * as z from "zod";
import { ACCELERATOR_LOG_PREFIX, TRAFFIC_DIAL } from "../../aws/global-accelerator";
import { HEALTH_CHECK_FAILURES, HEALTH_CHECK_INTERVALS, RECORD_WEIGHT } from "../../aws/route53";
import { formatDuration } from "../units";
import { finding } from "./errors/codes";
import { regionName } from "./region-name";
import { bucketName, duration, name, range, whole } from "./scalars";

const intervals = HEALTH_CHECK_INTERVALS.seconds.map(formatDuration);

const health = z.strictObject({
  interval: duration()
    .refine((seconds) => HEALTH_CHECK_INTERVALS.seconds.some((each) => each === seconds), {
      ...finding("out-of-range"),
      error: ({ input }) =>
        `must be ${intervals.join(" or ")}; got ${formatDuration(Number(input))} (${HEALTH_CHECK_INTERVALS.source})`,
    })
    .optional()
    .meta({
      description: `Time between the answer that one of Route 53's health checkers gets and its next request, ${intervals.join(" or ")}. Default: 10s.`,
    }),
  failureThreshold: whole(HEALTH_CHECK_FAILURES)
    .optional()
    .meta({
      description: `Results in a row after which a health checker changes its verdict, ${range(HEALTH_CHECK_FAILURES)}. Default: ${HEALTH_CHECK_FAILURES.default}.`,
    }),
  requests: z.boolean().optional().meta({
    description:
      "Whether Route 53 sends health requests to each model through the load balancer, which then lets the health checkers in. `false`: only alarms count, which are slower by minutes. Default: true for each model to which Route 53 can send them: behind an internet-facing load balancer that asks for no certificate, over HTTP/1.1, with its health check at the serving port, and with no status but 200–399 as healthy. False for all models if no more of them can be checked than `minimumHealthyModels` allows to be unhealthy.",
  }),
});

const flowLogs = z.strictObject({
  bucket: bucketName().meta({
    description: "An existing S3 bucket whose policy allows the delivery of flow logs.",
  }),
  prefix: z
    .string()
    .min(ACCELERATOR_LOG_PREFIX.minLength)
    .max(ACCELERATOR_LOG_PREFIX.maxLength)
    .meta({ description: "Prefix of the logs in the bucket, without a slash at either end." }),
});

const accelerator = z.strictObject({
  clientAffinity: z.enum(["none", "source-ip"]).optional().meta({
    description:
      "Whether all connections from one client address go to the same region while it is healthy (`source-ip`). Default: `none`.",
  }),
  flowLogs: flowLogs.optional().meta({ description: "Logs of connections, in S3. Default: none." }),
});

/** One name for all regions. */
export const globalEndpointSchema = z.strictObject({
  routing: z.enum(["latency", "failover", "weighted", "accelerator"]).meta({
    description:
      "How the region of a client is chosen. `latency`: the nearest. `failover`: the first healthy one in `order`. `weighted`: by each region's `weight`. These three are records in Route 53. `accelerator`: the nearest, by AWS Global Accelerator, with two addresses that never change.",
  }),
  order: z
    .array(regionName())
    .min(1)
    .optional()
    .meta({
      description: "The regions, the preferred one first. Required with `failover`, and only allowed there.",
      examples: [["us-east-1", "eu-central-1"]],
    }),
  models: z.array(name()).min(1).optional().meta({
    description:
      "Models that clients of the global endpoint rely on. Every region of the global endpoint has to serve them, and the health of a region follows from them; with an `accelerator`, from all models that the region serves. Default: all.",
  }),
  minimumHealthyModels: z.int().min(1).optional().meta({
    description:
      "How many of these models have to be healthy for a region to count as healthy, 1 or more. With fewer than all, each of them needs a single variant with the highest weight. Not with `accelerator`. Default: all.",
  }),
  health: health.optional().meta({
    description:
      "Health checks of Route 53. Not with `accelerator`, which uses the load balancer's own health checks.",
  }),
  accelerator: accelerator
    .optional()
    .meta({ description: "Settings of the accelerator, with `routing: accelerator` only. Default: none." }),
});

/** A region's fields for the global endpoint. */
export const regionGlobalEndpointFields = {
  traffic: z.enum(["served", "drained", "removed"]).optional().meta({
    description:
      "`drained`: new clients of the global endpoint go to other regions. An `accelerator` may still send it the clients of a region that fails. This changes the stack `global` alone. `removed`: the global endpoint no longer uses the region, which can then be destroyed. With `survive: region` the other regions grow, as they no longer rely on it. Default: `served`.",
  }),
  weight: whole(RECORD_WEIGHT)
    .optional()
    .meta({
      description: `Share of the global endpoint's clients, relative to the other regions, ${range(RECORD_WEIGHT)}; 0: clients only while no other region is healthy. With \`survive: region\` it also changes sizes, so use \`traffic: drained\` to drain a region. With \`weighted\` routing only. Default: 100.`,
    }),
  dial: whole(TRAFFIC_DIAL)
    .optional()
    .meta({
      description: `Per cent of the clients nearest to this region that it gets, ${range(TRAFFIC_DIAL)}. The others go to the next region. With an \`accelerator\` only. Default: ${TRAFFIC_DIAL.default}.`,
    }),
};

export type GlobalEndpointFile = z.output<typeof globalEndpointSchema>;
