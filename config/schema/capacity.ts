import * as z from "zod";
import { CHECKPOINT_DELAY, MAX_HEALTHY_PERCENTAGE, MIN_HEALTHY_PERCENTAGE } from "../../aws/limits";
import { arn, duration, optionalFields, range, size, whole } from "./scalars";

/** Instances in one group. AWS sets no limit of its own; this refuses slips of the pen. */
const INSTANCES = { min: 0, max: 1000 } as const;

const instances = () => whole(INSTANCES);

/** How many instances: said outright, or worked out from the demand. */
export const capacitySchema = z.strictObject({
  min: instances()
    .optional()
    .meta({
      description: `Fewest instances of each variant in a region, ${range(INSTANCES)}. Default: what carries the peak after a zone is lost, without launching anything: need × zones ÷ (zones − 1), rounded up; with \`survive: region\` also after another region is.`,
    }),
  max: instances()
    .optional()
    .meta({
      description: `Most instances of each variant in a region, ${range(INSTANCES)}. Default: half as many again as \`min\`, and at least one more.`,
    }),
  peakRequestsPerMinute: z.number().positive().optional().meta({
    description:
      "The most requests a minute that one region has to serve. The heaviest variant is sized for all of them, the others for their share. Needed unless `min` is given.",
  }),
  requestsPerMinutePerInstance: z.number().positive().optional().meta({
    description: "Requests a minute that one instance serves well. Measure it with your own prompts.",
  }),
});

/** What makes the group grow and shrink. */
export const scalingSchema = z.strictObject({
  requestsPerMinutePerInstance: z.number().positive().optional().meta({
    description:
      "Requests a minute for each instance that the group is steered to. Default: 80 % of `capacity.requestsPerMinutePerInstance`, so that a new instance can load before the others are full; without either the group keeps its size.",
  }),
  waitingRequestsPerInstance: z.number().positive().optional().meta({
    description:
      "Requests waiting in the server's own queue, on average over the instances, at which the group grows too. It shrinks by `requestsPerMinutePerInstance` alone: an empty queue does not tell how busy instances are. Default: none.",
  }),
  scaleIn: z.boolean().prefault(true).meta({
    description: "Whether the group also shrinks by itself. Default: `true`.",
  }),
});

/** Spot instances beside on-demand ones. */
export const spotSchema = z.strictObject({
  share: z.int().min(1).max(100).meta({
    description: "Per cent of the instances above `onDemandBase` that are Spot instances, 1–100.",
  }),
  onDemandBase: z.int().min(0).optional().meta({
    description:
      "Instances that are on-demand in any case. Default: what is left of `min` after the fullest zone is lost.",
  }),
  strategy: z
    .enum([
      "price-capacity-optimized",
      "capacity-optimized",
      "capacity-optimized-prioritized",
      "lowest-price",
    ])
    .prefault("price-capacity-optimized")
    .meta({
      description: "How Spot pools are chosen. Default: `price-capacity-optimized`, which AWS recommends.",
    }),
  acceptCutRequests: z.boolean().prefault(false).meta({
    description:
      "Says that requests over 90s may be cut when EC2 takes a Spot instance back, 2 minutes after its notice, and silences the warning. Default: `false`.",
  }),
});

/** Instances that AWS holds for you. */
export const capacityReservationSchema = z.strictObject({
  preference: z
    .enum(["capacity-reservations-only", "capacity-reservations-first", "none"])
    .prefault("capacity-reservations-first")
    .meta({
      description:
        "Whether reservations are used only, first, or not at all. Default: `capacity-reservations-first`.",
    }),
  id: z
    .string()
    .regex(/^cr-[0-9a-f]{8,17}$/, {
      error: ({ input }) => `"${input}" is not an id of the form cr-0123456789abcdef0`,
    })
    .optional()
    .meta({ description: "The one reservation to launch into. Default: any that is open and matches." }),
  resourceGroupArn: arn("resource-groups", "arn:aws:resource-groups:us-east-1:123456789012:group/gpus")
    .optional()
    .meta({ description: "A resource group of reservations, instead of `id`. Default: none." }),
});

/** Instances that were loaded once and wait, stopped or running, for the group to grow. */
export const warmPoolSchema = z.strictObject({
  state: z.enum(["Stopped", "Running"]).prefault("Stopped").meta({
    description:
      "State of the waiting instances. A stopped one costs its volume only; its weights lie there, not on the instance store. Default: `Stopped`.",
  }),
  min: z.int().min(0).prefault(0).meta({ description: "Instances that always wait. Default: `0`." }),
  maxPrepared: z.int().min(0).optional().meta({
    description: "Most instances, waiting and in service together. Default: the group's `max`.",
  }),
  reuse: z.boolean().prefault(false).meta({
    description: "Whether instances return to the pool when the group shrinks. Default: `false`.",
  }),
});

/** How a new launch template version reaches the instances. */
export const rolloutSchema = z.strictObject({
  minHealthy: whole(MIN_HEALTHY_PERCENTAGE)
    .optional()
    .meta({
      description: `Per cent of the instances that stay in service meanwhile, ${range(MIN_HEALTHY_PERCENTAGE)}. Default: 100, the new instance before the old one goes.`,
    }),
  maxHealthy: whole(MAX_HEALTHY_PERCENTAGE)
    .optional()
    .meta({
      description: `Per cent the group may grow to meanwhile, ${range(MAX_HEALTHY_PERCENTAGE)}. Default: room for one instance more than \`min\`, at least 110.`,
    }),
  autoRollback: z.boolean().prefault(true).meta({
    description:
      "Whether AWS ends a refresh whose instances do not become healthy and brings back what ran before. The group keeps the new version as its own, so undo the change in `serving.yaml` too. Default: `true`.",
  }),
  skipMatching: z.boolean().prefault(true).meta({
    description: "Whether instances that are already as wanted are left alone. Default: `true`.",
  }),
  checkpoints: z.array(z.int().min(1).max(100)).min(1).optional().meta({
    description:
      "Per cents of replaced instances at which the refresh pauses, 1–100, rising and ending with 100. Default: none.",
  }),
  checkpointDelay: duration(CHECKPOINT_DELAY)
    .optional()
    .meta({ description: `How long it pauses at each, ${range(CHECKPOINT_DELAY)}. Default: 1h.` }),
  alarms: z.array(z.string().min(1).max(255)).min(1).max(10).optional().meta({
    description: "Names of up to 10 CloudWatch alarms that end the refresh and roll it back. Default: none.",
  }),
});

/** Selection by what an instance has, instead of by a list in order of preference. */
export const instanceRequirementsSchema = z.strictObject({
  gpus: z
    .strictObject({
      min: z.int().min(1).meta({ description: "GPUs in an instance, at least; 1 or more." }),
      max: z
        .int()
        .min(1)
        .optional()
        .meta({ description: "GPUs in an instance, at most. Default: any number." }),
    })
    .meta({ description: "How many GPUs an instance has." }),
  gpuMemory: size().meta({ description: "GPU memory of an instance, over all its GPUs, at least." }),
  vcpus: z.int().min(1).prefault(4).meta({ description: "vCPUs of an instance, at least. Default: `4`." }),
  memory: size().prefault("16GiB").meta({
    description: "Main memory of an instance, at least. Default: `16GiB`.",
  }),
});

const healthyFields = {
  count: z.int().min(1).max(1000).meta({ description: "Healthy instances, at least; 1–1000." }),
  percentage: z.int().min(1).max(100).meta({ description: "Per cent of the instances, at least; 1–100." }),
};
const healthyShare = z.strictObject(optionalFields(healthyFields, {})).meta({ id: "healthyShare" });

/** When so few instances are healthy that the target group is given up. */
export const healthyTargetsSchema = z.strictObject({
  dnsFailover: z
    .union([z.literal("off"), healthyShare])
    .optional()
    .meta({
      description:
        "Below this a zone is taken out of DNS. At least as high as `routing`; `off`: never, which AWS asks for behind an accelerator. Default: `count: 1`; `off` with an accelerator as global endpoint.",
    }),
  routing: healthyShare.prefault({ count: 1 }).meta({
    description:
      "Below this the load balancer sends requests to all instances, healthy or not. Default: `count: 1`.",
  }),
});
