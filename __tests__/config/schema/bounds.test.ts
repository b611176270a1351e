import { ACCELERATOR_LOG_PREFIX, TRAFFIC_DIAL } from "../../../aws/global-accelerator";
import type { NumberLimit, TextLimit } from "../../../aws/limits";
import * as aws from "../../../aws/limits";
import { HEALTH_CHECK_FAILURES, RECORD_WEIGHT } from "../../../aws/route53";
import type { Path } from "../../../config/diagnostics/diagnostic";
import { servingFileSchema } from "../../../config/schema/deployment";
import { diagnosticsFromZod } from "../../../config/schema/errors/from-zod";
import { validFile, validModel } from "../../support/serving-file";

/** A valid file, with what is needed for a part of a union to be taken for the one that it is. */
const FILE = {
  ...validFile(),
  models: { llama: { ...validModel(), probe: { path: "/" } } },
};

/** Whether the schema refuses what is at the path, or within it. What else it refuses of the file does not count. */
function isRefused(path: Path, value: unknown): boolean {
  const file = withValue(FILE, path, value);
  const { error } = servingFileSchema.safeParse(file);
  return diagnosticsFromZod(error?.issues ?? [], file, servingFileSchema).some(({ path: found }) =>
    path.every((step, index) => found[index] === step),
  );
}

/** The value with another one at a path, and with what leads there. */
function withValue(whole: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  if (typeof step === "number") {
    return [withValue(undefined, rest, value)];
  }
  const map = (whole ?? {}) as Record<string, unknown>;
  return { ...map, [step]: withValue(map[step], rest, value) };
}

const at = (dotted: string): Path =>
  dotted.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));

type Range = Pick<NumberLimit, "min" | "max">;

const NUMBERS: readonly (readonly [string, Range])[] = [
  ["entry.reservedCapacityUnits", aws.LOAD_BALANCER_CAPACITY_UNITS],
  ["globalEndpoint.health.failureThreshold", HEALTH_CHECK_FAILURES],
  ["regions.us-east-1.weight", RECORD_WEIGHT],
  ["regions.us-east-1.dial", TRAFFIC_DIAL],
  ["regions.us-east-1.network.create.zones", aws.LOAD_BALANCER_ZONES],
  ["regions.us-east-1.network.existing.zones", { ...aws.LOAD_BALANCER_ZONES, min: 1 }],
  ["regions.us-east-1.models.llama.variants.main.weight", aws.FORWARD_WEIGHT],
  ["regions.us-east-1.models.llama.volume.iops", aws.GP3_IOPS],
  ["models.llama.port", aws.PORT],
  ["models.llama.health.port", aws.PORT],
  ["models.llama.probe.port", aws.PORT],
  ["models.llama.metrics.port", aws.PORT],
  ["models.llama.targetOptimizer.port", aws.PORT],
  ["models.llama.targetOptimizer.controlPort", aws.PORT],
  ["models.llama.targetOptimizer.maxConcurrency", aws.TARGET_OPTIMIZER_CONCURRENCY],
  ["models.llama.health.healthyThreshold", aws.HEALTHY_THRESHOLD],
  ["models.llama.health.unhealthyThreshold", aws.UNHEALTHY_THRESHOLD],
  ["models.llama.healthyTargets.dnsFailover.count", aws.HEALTHY_TARGETS_COUNT],
  ["models.llama.healthyTargets.dnsFailover.percentage", aws.HEALTHY_TARGETS_PERCENTAGE],
  ["models.llama.healthyTargets.routing.count", aws.HEALTHY_TARGETS_COUNT],
  ["models.llama.healthyTargets.routing.percentage", aws.HEALTHY_TARGETS_PERCENTAGE],
  ["models.llama.rollout.minHealthy", aws.MIN_HEALTHY_PERCENTAGE],
  ["models.llama.rollout.maxHealthy", aws.MAX_HEALTHY_PERCENTAGE],
  ["models.llama.rollout.checkpoints.0", aws.CHECKPOINT_PERCENTAGE],
  ["models.llama.volume.iops", aws.GP3_IOPS],
  ["models.llama.volume.throughput", aws.GP3_THROUGHPUT],
  ["models.llama.variants.main.weight", aws.FORWARD_WEIGHT],
];

test.each(NUMBERS)("%s spans whole numbers as AWS does", (path, { min, max }) => {
  const refused = [min - 1, min, min + 0.5, max, max + 1].map((value) => isRefused(at(path), value));
  expect(refused).toEqual([true, false, true, false, true]);
});

const DURATIONS: readonly (readonly [string, Range])[] = [
  ["entry.idleTimeout", aws.IDLE_TIMEOUT],
  ["entry.clientKeepAlive", aws.CLIENT_KEEP_ALIVE],
  ["regions.us-east-1.entry.idleTimeout", aws.IDLE_TIMEOUT],
  ["models.llama.health.interval", aws.HEALTH_CHECK_INTERVAL],
  ["models.llama.health.timeout", aws.HEALTH_CHECK_TIMEOUT],
  ["models.llama.probe.timeout", { ...aws.DEREGISTRATION_DELAY, min: 1 }],
  ["models.llama.timing.launchHook", aws.LIFECYCLE_HOOK_HEARTBEAT],
  ["models.llama.timing.terminateHook", aws.LIFECYCLE_HOOK_HEARTBEAT],
  ["models.llama.timing.slowStart", { ...aws.SLOW_START, min: 0 }],
  ["models.llama.timing.drain", aws.DEREGISTRATION_DELAY],
  ["models.llama.stickiness.instance", aws.STICKINESS_DURATION],
  ["models.llama.stickiness.variant", aws.FORWARD_STICKINESS_DURATION],
  ["models.llama.rollout.checkpointDelay", aws.CHECKPOINT_DELAY],
];

test.each(DURATIONS)("%s spans times as AWS does", (path, { min, max }) => {
  const refused = [min - 1, min, max, max + 1].map((seconds) => isRefused(at(path), `${seconds}s`));
  expect(refused).toEqual([true, false, false, true]);
});

/** Zones by name beside those by number. */
const COUNTS: readonly (readonly [string, Range])[] = [
  ["models.llama.instanceTypes", aws.INSTANCE_TYPES_PER_GROUP],
  ["models.llama.rollout.alarms", aws.REFRESH_ALARMS],
  ["regions.us-east-1.network.create.zones", aws.LOAD_BALANCER_ZONES],
];

test.each(COUNTS)("%s are as many as AWS takes", (path, { min, max }) => {
  const refused = [min - 1, min, max, max + 1].map((count) => isRefused(at(path), Array(count).fill("a")));
  expect(refused).toEqual([true, false, false, true]);
});

type Length = Pick<TextLimit, "minLength" | "maxLength">;

const LENGTHS: readonly (readonly [string, Length])[] = [
  ["state.bucket", aws.BUCKET_NAME],
  ["globalEndpoint.accelerator.flowLogs.bucket", aws.BUCKET_NAME],
  ["globalEndpoint.accelerator.flowLogs.prefix", ACCELERATOR_LOG_PREFIX],
  ["models.llama.health.path", aws.HEALTH_CHECK_PATH],
  ["models.llama.routes.0.rewrite.path.regex", aws.REWRITE],
  ["models.llama.routes.0.rewrite.path.replace", { ...aws.REWRITE, minLength: 0 }],
  ["models.llama.routes.0.rewrite.host.regex", aws.REWRITE],
  ["models.llama.routes.0.rewrite.host.replace", { ...aws.REWRITE, minLength: 0 }],
  ["models.llama.rollout.alarms.0", aws.ALARM_NAME],
  ["tags.team", aws.TAG_VALUE],
  ["regions.us-east-1.tags.team", aws.TAG_VALUE],
];

test.each(LENGTHS)("%s is as long as AWS takes it", (path, { minLength, maxLength }) => {
  const begin = path.endsWith(".health.path") ? "/" : "";
  const lengths = [...(minLength > 0 ? [minLength - 1] : []), minLength, maxLength, maxLength + 1];
  const refused = lengths.map((length) => isRefused(at(path), begin.padEnd(length, "a").slice(0, length)));
  expect(refused).toEqual([...(minLength > 0 ? [true] : []), false, false, true]);
});

test("a tag's key is as long as AWS takes it", () => {
  const refused = [0, 1, 128, 129].map((length) => isRefused(["tags"], { ["a".repeat(length)]: "x" }));
  expect(refused).toEqual([true, false, false, true]);
});
