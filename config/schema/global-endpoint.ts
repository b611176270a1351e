import * as z from "zod";
import {
  HEALTH_CHECK_FAILURES,
  HEALTH_CHECK_INTERVALS,
  RECORD_WEIGHT,
  TRAFFIC_DIAL,
} from "../../aws/route53";
import { formatDuration } from "../units";
import { regionName } from "./region-name";
import { duration, name, range, whole } from "./scalars";

const intervals = HEALTH_CHECK_INTERVALS.seconds.map(formatDuration);

const health = z.strictObject({
  interval: duration()
    .refine((seconds) => HEALTH_CHECK_INTERVALS.seconds.some((each) => each === seconds), {
      error: ({ input }) =>
        `must be ${intervals.join(" or ")}; got ${formatDuration(Number(input))} (${HEALTH_CHECK_INTERVALS.source})`,
    })
    .optional()
    .meta({
      description: `Time from the answer that each of Route 53's health checkers gets to its next request, ${intervals.join(" or ")}. Default: 10s.`,
    }),
  failureThreshold: whole(HEALTH_CHECK_FAILURES)
    .optional()
    .meta({
      description: `Answers in a row that change a checker's mind, ${range(HEALTH_CHECK_FAILURES)}. Default: 3.`,
    }),
  requests: z.boolean().optional().meta({
    description:
      "Whether Route 53 asks each model through the load balancer, which then lets its checkers in; `false`: only alarms count, which are slower by minutes. Default: true for every model that Route 53 can ask: of an internet-facing load balancer, over HTTP/1.1, with its health at the port it serves, and with no status but 200–399 for healthy; for none, where no more can be asked than `minimumHealthyModels` lets be out.",
  }),
});

const flowLogs = z.strictObject({
  bucket: z.string().min(3).max(63).meta({
    description: "An S3 bucket that is there, whose policy admits the delivery of flow logs.",
  }),
  prefix: z
    .string()
    .min(1)
    .max(255)
    .meta({ description: "Folder of the logs in it, without a slash at either end." }),
});

const accelerator = z.strictObject({
  clientAffinity: z.enum(["none", "source-ip"]).optional().meta({
    description:
      "Whether all connections of a client's address go to one region while it is healthy. Default: `none`.",
  }),
  flowLogs: flowLogs.optional().meta({ description: "Logs of connections, in S3. Default: none." }),
});

/** One name over all regions. */
export const globalEndpointSchema = z.strictObject({
  routing: z.enum(["latency", "failover", "weighted", "accelerator"]).meta({
    description:
      "How a client gets to a region. Records in Route 53: `latency`, the nearest; `failover`, the first healthy one in `order`; `weighted`, by each region's `weight`. Or `accelerator`: AWS Global Accelerator, with two addresses that never change.",
  }),
  order: z
    .array(regionName())
    .min(1)
    .optional()
    .meta({
      description: "The regions, best first. `failover` needs it, and nothing else has it.",
      examples: [["us-east-1", "eu-central-1"]],
    }),
  models: z.array(name()).min(1).optional().meta({
    description:
      "Models that clients of the global endpoint count on: every region that it leads to has to serve them, and a region is healthy by them; with an `accelerator` by all that it serves. Default: all.",
  }),
  minimumHealthyModels: z.int().min(1).optional().meta({
    description:
      "How many of them a region has to serve to count as healthy, 1 or more. With fewer than all, no two variants of such a model may share its highest weight. Not with `accelerator`. Default: all.",
  }),
  health: health.optional().meta({
    description:
      "How Route 53 finds out. Not with `accelerator`, which goes by the load balancer's own health checks.",
  }),
  accelerator: accelerator.optional().meta({ description: "More of the accelerator. Default: nothing." }),
});

/** What a region says of the global endpoint. */
export const regionGlobalEndpointFields = {
  traffic: z.enum(["served", "drained", "removed"]).optional().meta({
    description:
      "`drained`: new clients of the global endpoint go to other regions, but an `accelerator` may still bring it those of a region that fails; changes the stack `global` alone. `removed`: the global endpoint does not know the region any more, which can then be destroyed; the others no longer count on it, and grow with `survive: region`. Default: `served`.",
  }),
  weight: whole(RECORD_WEIGHT)
    .optional()
    .meta({
      description: `Share of the global endpoint's clients, relative to the other regions', ${range(RECORD_WEIGHT)}; 0: only when no other is healthy. With \`survive: region\` sizes go by it; to drain a region say \`traffic: drained\` instead. With \`weighted\` routing only. Default: 100.`,
    }),
  dial: whole(TRAFFIC_DIAL)
    .optional()
    .meta({
      description: `Per cent of the clients nearest to this region that it gets, ${range(TRAFFIC_DIAL)}; the rest goes to the next. With an \`accelerator\` only. Default: 100.`,
    }),
};

export type GlobalEndpointFile = z.output<typeof globalEndpointSchema>;
