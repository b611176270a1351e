import * as z from "zod";
import { ARN_FORMS } from "../../aws/arn";
import { readCron, timeZoneProblem } from "../../aws/cron";
import {
  ALARM_NAME,
  CAPACITY_BLOCK_END,
  CHECKPOINT_DELAY,
  CHECKPOINT_PERCENTAGE,
  HEALTHY_TARGETS_COUNT,
  HEALTHY_TARGETS_PERCENTAGE,
  MAX_HEALTHY_PERCENTAGE,
  MIN_HEALTHY_PERCENTAGE,
  REFRESH_ALARMS,
  SPOT_ALLOCATION_STRATEGIES,
} from "../../aws/limits";
import { formatDuration } from "../units";
import { arn, awsId, duration, instant, optionalFields, range, size, whole } from "./scalars";

/** Limit of the instances in one group. AWS has none; this one catches typing errors. */
const INSTANCES = { min: 0, max: 1000 } as const;

const instances = () => whole(INSTANCES);

/** Tokens of a prompt or an answer. The most is what no model has; it catches typing errors. */
const TOKENS = { min: 1, max: 10_000_000 } as const;

const typicalRequestSchema = z.strictObject({
  promptTokens: whole(TOKENS)
    .optional()
    .meta({
      description: `Tokens that a usual request sends, ${range(TOKENS)}, with \`answerTokens\`. Leave out what the server keeps of earlier prompts.`,
    }),
  answerTokens: whole(TOKENS)
    .optional()
    .meta({ description: `Tokens of a usual answer, ${range(TOKENS)}, with its reasoning.` }),
  duration: duration()
    .optional()
    .meta({
      description:
        "Instead of both: how long a usual request takes while the server is busy. As many run at a time as fit with the longest context.",
      examples: ["8s"],
    }),
});

/** Number of instances: written, or derived from the demand. */
export const capacitySchema = z.strictObject({
  min: instances()
    .optional()
    .meta({
      description: `Fewest instances of each variant in a region, ${range(INSTANCES)}. Default: as many as carry the peak after a zone is lost, without launching any: need × zones ÷ (zones − 1), rounded up. With \`survive: region\`, also as many as carry it after another region is lost. Fewer are an error, unless \`min-below-peak\` is accepted.`,
    }),
  max: instances()
    .optional()
    .meta({
      description: `Most instances of each variant in a region, ${range(INSTANCES)}. Default: 1.5 × \`min\`, rounded up, and at least one more than \`min\`.`,
    }),
  peakRequestsPerMinute: z.number().positive().optional().meta({
    description:
      "The most requests a minute that one region has to serve. The variant with the highest weight is sized for all of them, the others for their share. Required unless `min` is given.",
  }),
  requestsPerMinutePerInstance: z.number().positive().optional().meta({
    description:
      "Requests a minute that one instance serves well. Measure it with your own prompts. Default: estimated from `typicalRequest`, which needs `memory`.",
  }),
  typicalRequest: typicalRequestSchema.optional().meta({
    description:
      "A usual request, from which `requestsPerMinutePerInstance` is estimated until it is measured: with how many fit into the GPUs at a time, and how fast those are. Default: none.",
    examples: [{ promptTokens: 1500, answerTokens: 300 }],
  }),
});

/** A cron expression as Auto Scaling takes it, with numbers only. */
const cron = () =>
  z.string().transform((text, context) => {
    const read = readCron(text);
    if ("problem" in read) {
      context.addIssue({ code: "custom", message: `"${text}" ${read.problem}` });
      return z.NEVER;
    }
    return read.text;
  });

const timeZone = () =>
  z.string().superRefine((name, context) => {
    const problem = timeZoneProblem(name);
    if (problem !== undefined) {
      context.addIssue({ code: "custom", message: `"${name}" ${problem}` });
    }
  });

/** Sizes from a time on that recurs. */
export const scheduleSchema = z.strictObject({
  cron: cron().meta({
    description:
      "When: Unix cron, which has minute, hour, day of month, month and day of week. AWS is up to two minutes late, and instances have to load: write a time so long before the requests come.",
    examples: ["0 20 * * MON-FRI"],
  }),
  timeZone: timeZone()
    .prefault("UTC")
    .meta({
      description:
        "The time zone of `cron`, by its canonical name; it follows daylight saving. Default: `UTC`.",
      examples: ["Europe/Berlin"],
    }),
  min: instances()
    .optional()
    .meta({
      description: `Fewest instances from then on, ${range(INSTANCES)}. Default: with \`peakRequestsPerMinute\` as many as carry that, by the rule of \`capacity.min\`; else \`capacity.min\`.`,
    }),
  max: instances()
    .optional()
    .meta({
      description: `Most instances from then on, ${range(INSTANCES)}, at most \`capacity.max\`. Default: \`capacity.max\`; with a \`min\` of 0 none, as an empty group does not grow.`,
    }),
  peakRequestsPerMinute: z.number().positive().optional().meta({
    description:
      "The most requests a minute that one region has to serve from then on, at most those of `capacity`. Default: none.",
  }),
});

/** What makes the group grow and shrink. */
export const scalingSchema = z.strictObject({
  requestsPerMinutePerInstance: z.number().positive().optional().meta({
    description:
      "Scaling target: the group grows when its instances get more requests a minute than this, on average, and shrinks when they get fewer. Default: 80 % of `capacity.requestsPerMinutePerInstance`, so that a new instance can load before the others are full. Without either, the group does not scale by requests.",
  }),
  waitingRequestsPerInstance: z.number().positive().optional().meta({
    description:
      "The group also grows when more requests than this wait in the queue of a server, on average over the instances. It never shrinks by this number, because an empty queue does not show how busy an instance is. Default: none.",
  }),
  scaleIn: z.boolean().prefault(true).meta({
    description: "Whether the group also shrinks by itself. Default: `true`.",
  }),
});

/** Spot instances in addition to on-demand ones. */
export const spotSchema = z.strictObject({
  share: z.int().min(1).max(100).meta({
    description: "Per cent of the instances above `onDemandBase` that are Spot instances, 1–100.",
  }),
  onDemandBase: z.int().min(0).optional().meta({
    description:
      "Number of instances that are always on-demand. Default: what is left of `min` after the zone with the most instances is lost.",
  }),
  strategy: z.enum(SPOT_ALLOCATION_STRATEGIES.values).prefault("price-capacity-optimized").meta({
    description: "How AWS chooses Spot pools. Default: `price-capacity-optimized`, which AWS recommends.",
  }),
});

const reservationId = () => awsId("cr");

/** Availability Zone: its id, which is the same in all accounts, or its name in this account. */
const zone = () =>
  z.string().regex(/^([a-z]{2}(-[a-z]+)+-\d+[a-z]|[a-z]+\d+-az\d+)$/, {
    error: ({ input }) =>
      `"${input}" is no Availability Zone; write its id, such as use1-az4, or its name, us-east-1a`,
  });

const RESERVED = { ...INSTANCES, min: 1 } as const;

/** An on-demand capacity reservation: instances of one type in one zone. */
const reservationSchema = z.strictObject({
  id: reservationId().meta({
    description: "Its id, as `aws ec2 describe-capacity-reservations` shows it. It is of this account.",
    examples: ["cr-0123456789abcdef0"],
  }),
  zone: zone().meta({
    description:
      "The Availability Zone that it is in: its id, `AvailabilityZoneId` of the reservation, or its name; of all reservations alike.",
    examples: ["use1-az4"],
  }),
  count: whole(RESERVED).meta({
    description: `How many of its instances are for this variant, ${range(RESERVED)}: all of them, or its share where several variants use it.`,
  }),
  type: z
    .string()
    .optional()
    .meta({
      description:
        "The instance type that is reserved. Required where `instanceTypes` may be several. Default: the one type of `instanceTypes`.",
      examples: ["g6.2xlarge"],
    }),
});

/** Capacity that AWS reserves for you. */
export const capacityReservationSchema = z.strictObject({
  preference: z
    .enum(["capacity-reservations-only", "capacity-reservations-first", "none"])
    .prefault("capacity-reservations-first")
    .meta({
      description:
        "Whether the group launches only into reservations, first into reservations, or never. Default: `capacity-reservations-first`.",
    }),
  id: reservationId().optional().meta({
    description:
      "The on-demand capacity reservation to launch into; a Capacity Block goes into `capacityBlock`. Default: any open one that matches.",
  }),
  resourceGroupArn: arn(ARN_FORMS.resourceGroup).optional().meta({
    description: "A resource group of reservations that you made, instead of `reservations`. Default: none.",
  }),
  reservations: z.array(reservationSchema).min(1).optional().meta({
    description:
      "On-demand capacity reservations to launch into, one in each zone, instead of `id`. A resource group of them is made, and the sizes are compared with what is reserved. Default: none.",
  }),
});

/** A Capacity Block for ML: GPUs of one type in one zone, for some days. */
export const capacityBlockSchema = z.strictObject({
  id: reservationId().meta({
    description: "Id of its reservation, as `aws ec2 describe-capacity-reservations` shows it.",
    examples: ["cr-0123456789abcdef0"],
  }),
  zone: zone().meta({
    description:
      "The Availability Zone that it is in: its id, `AvailabilityZoneId` of the reservation, or its name. The id is better: a network made here then takes this zone first.",
    examples: ["use1-az4"],
  }),
  until: instant().meta({
    description: `When it ends, \`EndDate\` of the reservation. EC2 terminates its instances from ${formatDuration(CAPACITY_BLOCK_END.seconds)} before, ${formatDuration(CAPACITY_BLOCK_END.ultraServerSeconds)} with UltraServers. The group goes to no instances so early before that that each can drain. The recipients of alarms are told a day before that. A plan after it is refused; write the new end of an extended block before.`,
    examples: ["2027-03-12T11:30:00Z"],
  }),
});

/** Warm pool: instances that have loaded once and wait, stopped or running, until the group grows. */
export const warmPoolSchema = z.strictObject({
  state: z.enum(["Stopped", "Running"]).prefault("Stopped").meta({
    description:
      "State of the waiting instances. A stopped one costs only its volume, where its weights are then instead of on the instance store. Default: `Stopped`.",
  }),
  min: z.int().min(0).prefault(0).meta({ description: "Fewest instances that wait. Default: `0`." }),
  maxPrepared: z.int().min(0).optional().meta({
    description: "Most instances, waiting and in service together. Default: the group's `max`.",
  }),
  reuse: z.boolean().prefault(false).meta({
    description: "Whether instances return to the pool when the group shrinks. Default: `false`.",
  }),
});

/** Instance refresh, which replaces the instances by those of a new launch template version. */
export const rolloutSchema = z.strictObject({
  minHealthy: whole(MIN_HEALTHY_PERCENTAGE)
    .optional()
    .meta({
      description: `Per cent of the instances that stay in service during the refresh, ${range(MIN_HEALTHY_PERCENTAGE)}. Default: 100; a new instance is in service before an old one leaves.`,
    }),
  maxHealthy: whole(MAX_HEALTHY_PERCENTAGE)
    .optional()
    .meta({
      description: `Per cent to which the group may grow during the refresh, ${range(MAX_HEALTHY_PERCENTAGE)}. Default: room for one instance more than \`min\`, at least 110.`,
    }),
  autoRollback: z.boolean().prefault(false).meta({
    description:
      "Whether AWS rolls a failed refresh back. `true` is refused: Terraform sets the new version on the group before the refresh begins, so AWS would go back to the new version, and would refuse the next deploy meanwhile. `npm run back` goes back. Default: `false`.",
  }),
  skipMatching: z.boolean().optional().meta({
    description:
      "Whether instances that already run the new version are skipped. AWS refuses that with `instanceRequirements`. Default: `true`; `false` with `instanceRequirements`.",
  }),
  checkpoints: z
    .array(whole(CHECKPOINT_PERCENTAGE))
    .min(1)
    .optional()
    .meta({
      description: `Percentages of replaced instances at which the refresh pauses, ${range(CHECKPOINT_PERCENTAGE)}, in rising order, the last one ${CHECKPOINT_PERCENTAGE.max}. Default: none.`,
    }),
  checkpointDelay: duration(CHECKPOINT_DELAY)
    .optional()
    .meta({
      description: `How long the refresh pauses at each checkpoint, ${range(CHECKPOINT_DELAY)}. Default: 1h.`,
    }),
  alarms: z
    .array(z.string().min(ALARM_NAME.minLength).max(ALARM_NAME.maxLength))
    .min(REFRESH_ALARMS.min)
    .max(REFRESH_ALARMS.max)
    .optional()
    .meta({
      description: `Names of more CloudWatch alarms that stop the refresh, up to ${REFRESH_ALARMS.max} in all. Default: none.`,
    }),
  stopOnAlarms: z.boolean().prefault(true).meta({
    description:
      "Whether the variant's own alarms `too-few-healthy` and `instance-errors` stop the refresh. A stopped refresh leaves the group on the new version. AWS starts no refresh while one of its alarms is not OK, so a fix that is deployed during an alarm needs `false`. `too-few-healthy` stops no refresh that itself takes more instances away than the alarm allows, by `minHealthy`. Default: `true`.",
  }),
});

/** Instance types by what they have, instead of a list in order of preference. */
export const instanceRequirementsSchema = z.strictObject({
  gpus: z
    .strictObject({
      min: z.int().min(1).meta({ description: "Fewest GPUs of an instance, 1 or more." }),
      max: z.int().min(1).optional().meta({ description: "Most GPUs of an instance. Default: any number." }),
    })
    .meta({ description: "How many GPUs an instance has." }),
  gpuMemory: size().meta({ description: "Least GPU memory of an instance, over all its GPUs." }),
  vcpus: z.int().min(1).prefault(4).meta({ description: "Fewest vCPUs of an instance. Default: `4`." }),
  memory: size().prefault("16GiB").meta({
    description: "Least main memory of an instance. Default: `16GiB`.",
  }),
});

const healthyFields = {
  count: whole(HEALTHY_TARGETS_COUNT).meta({
    description: `Fewest healthy instances, ${range(HEALTHY_TARGETS_COUNT)}.`,
  }),
  percentage: whole(HEALTHY_TARGETS_PERCENTAGE).meta({
    description: `Lowest percentage of healthy instances, ${range(HEALTHY_TARGETS_PERCENTAGE)}.`,
  }),
};
const healthyShare = z.strictObject(optionalFields(healthyFields, {})).meta({ id: "healthyShare" });

/** When so few instances are healthy that the target group counts as unhealthy. */
export const healthyTargetsSchema = z.strictObject({
  dnsFailover: z
    .union([z.literal("off"), healthyShare])
    .optional()
    .meta({
      description:
        "With fewer healthy instances in a zone, the zone is removed from DNS. At least as high as `routing`. `off`: never, which AWS requires behind an accelerator. Default: `count: 1`; with an accelerator, `off`.",
    }),
  routing: healthyShare.prefault({ count: HEALTHY_TARGETS_COUNT.default }).meta({
    description:
      "With fewer healthy instances, the load balancer sends requests to all instances, healthy or not. Default: `count: 1`.",
  }),
});
