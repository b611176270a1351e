import * as z from "zod";
import { CHECKPOINT_DELAY, MAX_HEALTHY_PERCENTAGE, MIN_HEALTHY_PERCENTAGE } from "../aws/limits";
import { arn, duration, optionalFields, size, whole } from "./scalars";

/** Boxes in one group. AWS sets no limit of its own; this refuses slips of the pen. */
const boxes = () => z.int().min(0).max(1000);

/** How many boxes: said outright, or worked out from the demand. */
export const capacitySchema = z.strictObject({
  min: boxes().optional().meta({
    description:
      "Fewest boxes in a region. Default: what carries the peak after losing a zone, without launching anything.",
  }),
  max: boxes().optional().meta({
    description: "Most boxes in a region. Default: half as many again as `min`, and at least one more.",
  }),
  peakRequestsPerMinute: z.number().positive().optional().meta({
    description: "The most requests a minute that one region has to serve.",
  }),
  requestsPerMinutePerBox: z.number().positive().optional().meta({
    description: "Requests a minute that one box serves well: measure it with your prompts.",
  }),
});

/** What makes the group grow and shrink. */
export const scalingSchema = z.strictObject({
  requestsPerMinutePerBox: z.number().positive().optional().meta({
    description:
      "Requests a minute for each box that the group is steered to. Default: 80 % of `capacity.requestsPerMinutePerBox`, so that a new box can load before the others are full.",
  }),
  scaleIn: z.boolean().prefault(true).meta({
    description: "`false`: the group only grows by itself; people shrink it.",
    default: true,
  }),
});

/** Spot instances beside on-demand ones. */
export const spotSchema = z.strictObject({
  share: z.int().min(1).max(100).meta({
    description: "Per cent of the boxes above `onDemandBase` that are Spot instances.",
  }),
  onDemandBase: z.int().min(0).optional().meta({
    description:
      "Boxes that are on-demand in any case. Default: what is left of `min` after losing the fullest zone.",
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
      description: "How Spot pools are chosen. AWS recommends the default.",
      default: "price-capacity-optimized",
    }),
  acceptCutRequests: z.boolean().prefault(false).meta({
    description:
      "Says that requests longer than a Spot notice leaves time for (2 minutes) may be cut; silences the warning.",
    default: false,
  }),
});

/** Boxes that AWS holds for you. */
export const capacityReservationSchema = z.strictObject({
  preference: z
    .enum(["capacity-reservations-only", "capacity-reservations-first", "none"])
    .prefault("capacity-reservations-first")
    .meta({
      description: "Whether to use reservations only, first, or not at all.",
      default: "capacity-reservations-first",
    }),
  id: z
    .string()
    .regex(/^cr-[0-9a-f]{8,17}$/, {
      error: ({ input }) => `"${input}" is not an id of the form cr-0123456789abcdef0`,
    })
    .optional()
    .meta({ description: "One reservation to launch into." }),
  resourceGroupArn: arn("resource-groups", "arn:aws:resource-groups:us-east-1:123456789012:group/gpus")
    .optional()
    .meta({ description: "A resource group of reservations, instead of one id." }),
});

/** Boxes that were loaded once and wait, stopped or running, for the group to grow. */
export const warmPoolSchema = z.strictObject({
  state: z.enum(["Stopped", "Running"]).prefault("Stopped").meta({
    description:
      "State of the waiting boxes. A stopped box costs its volume only; what lay on its instance store is gone.",
    default: "Stopped",
  }),
  min: z.int().min(0).prefault(0).meta({ description: "Boxes that always wait.", default: 0 }),
  maxPrepared: z.int().min(0).optional().meta({
    description: "Most boxes, waiting and in service. Default: the group's max.",
  }),
  reuse: z.boolean().prefault(false).meta({
    description: "Boxes go back to the pool when the group shrinks.",
    default: false,
  }),
});

/** How a new launch template version reaches the boxes. */
export const rolloutSchema = z.strictObject({
  minHealthy: whole(MIN_HEALTHY_PERCENTAGE).optional().meta({
    description:
      "Per cent of the boxes that stay in service during a refresh. Default: 100, the new box first.",
  }),
  maxHealthy: whole(MAX_HEALTHY_PERCENTAGE).optional().meta({
    description: "Per cent the group may grow to meanwhile. Default: room for one box more, at least 110.",
  }),
  autoRollback: z.boolean().prefault(true).meta({
    description: "Goes back to the previous version when the new one does not become healthy.",
    default: true,
  }),
  skipMatching: z.boolean().prefault(true).meta({
    description: "Leaves alone boxes that are already as wanted.",
    default: true,
  }),
  checkpoints: z
    .array(z.int().min(1).max(100))
    .min(1)
    .optional()
    .meta({ description: "Per cents of replaced boxes at which the refresh pauses, rising to 100." }),
  checkpointDelay: duration(CHECKPOINT_DELAY).optional().meta({
    description: "How long it pauses there, up to 48h. Default: 1h.",
  }),
  alarms: z
    .array(z.string().min(1).max(255))
    .min(1)
    .max(10)
    .optional()
    .meta({ description: "CloudWatch alarms, by name, that end the refresh and roll it back." }),
});

/** Selection by what an instance has, instead of by a list in order of preference. */
export const instanceRequirementsSchema = z.strictObject({
  gpus: z
    .strictObject({
      min: z.int().min(1),
      max: z.int().min(1).optional(),
    })
    .meta({ description: "GPUs in a box." }),
  gpuMemory: size().meta({ description: "GPU memory of a box in all, at least, e.g. `22GiB`." }),
  vcpus: z.int().min(1).prefault(4).meta({ description: "vCPUs, at least.", default: 4 }),
  memory: size().prefault("16GiB").meta({ description: "Main memory, at least.", default: "16GiB" }),
});

const healthyFields = {
  count: z.int().min(1).max(1000).meta({ description: "Healthy boxes, at least." }),
  percentage: z.int().min(1).max(100).meta({ description: "Per cent of the boxes, at least." }),
};
const healthyShare = () => z.strictObject(optionalFields(healthyFields, {}));

/** When so few boxes are healthy that the target group is given up. */
export const healthyTargetsSchema = z.strictObject({
  dnsFailover: z
    .union([z.literal("off"), healthyShare()])
    .prefault({ count: 1 })
    .meta({
      description:
        "Below this the zone is taken out of DNS. `off`: never, as behind Global Accelerator. At least as high as `routing`.",
      default: { count: 1 },
    }),
  routing: healthyShare()
    .prefault({ count: 1 })
    .meta({
      description: "Below this the load balancer sends requests to all boxes, healthy or not.",
      default: { count: 1 },
    }),
});
