import { ACCELERATOR_FAILOVER } from "../../aws/global-accelerator";
import { LOAD_BALANCER_METRICS } from "../../aws/limits";
import {
  ALIAS_TTL,
  HEALTH_CHECK_FAILURES,
  HEALTH_CHECK_INTERVALS,
  HEALTH_CHECKER_TIMEOUTS,
  HEALTH_CHECKERS_PER_REGION,
  type HealthCheckerRegion,
} from "../../aws/route53";
import type { Derived } from "./derived";

/** How long it takes until clients of the global endpoint are served elsewhere, and what that is made of. Mostly seconds. */
export type FailoverTiming = Readonly<Record<string, Derived>>;

/** Seconds over which the load balancer's metrics are counted. */
const { periodSeconds: ALARM_PERIOD } = LOAD_BALANCER_METRICS;

/** Counts in a row that fall short before a region is out of service: one may be a slip of a load balancer node. */
export const ALARM_PERIODS = 3;

/** Seconds from an answer to the next request of one of Route 53's checkers, unless the team says otherwise. */
export const DEFAULT_INTERVAL = 10;

/**
 * Places from which Route 53 asks. Three are the fewest it takes. All eight would ask as often again, and what they
 * ask counts as requests of the model, which its groups grow by.
 */
export const CHECKED_FROM: readonly HealthCheckerRegion[] = ["ap-southeast-1", "eu-west-1", "us-east-1"];

/** How Route 53 finds out. */
export interface HealthFacts {
  /** Seconds from an answer to the next request of a checker. */
  readonly interval: (typeof HEALTH_CHECK_INTERVALS.seconds)[number];
  /** Answers in a row that change a checker's mind. */
  readonly failureThreshold: number;
  /** In which regions it asks models through the load balancer; in the others alarms tell alone. */
  readonly requestChecks: "in all regions" | "in some regions" | "nowhere";
  /** The longest health check interval × unhealthy threshold of the models that it goes by, in seconds. */
  readonly instanceDetection: number;
}

const METRICS = LOAD_BALANCER_METRICS.source;
const HEALTH = HEALTH_CHECKER_TIMEOUTS.source;
const TARGETS = "ELBv2 API, CreateTargetGroup";

/**
 * With records in Route 53: until the health checks know, and until resolvers have forgotten the old answer. A client
 * that looks the name up anew then gets another region; one that holds a connection stays with it.
 */
export function recordTiming(facts: HealthFacts): FailoverTiming {
  const dnsTtl = seconds(
    ALIAS_TTL.seconds,
    "60 s: what AWS answers for a load balancer's alias, and nobody can change",
    {},
    ALIAS_TTL.source,
  );
  const instanceDetection = seconds(
    facts.instanceDetection,
    "the longest health check interval × unhealthyThreshold of the models that count: until a load balancer knows",
    {},
    TARGETS,
  );
  const alarmDetection = seconds(
    instanceDetection.value + (ALARM_PERIODS + 1) * ALARM_PERIOD,
    `instanceDetection + ${ALARM_PERIODS} counts of ${ALARM_PERIOD} s that fall short, and one more until the first is complete`,
    { instanceDetection: instanceDetection.value },
    METRICS,
  );
  const alarmFailover = seconds(
    alarmDetection.value + dnsTtl.value,
    "alarmDetection + dnsTtl: a region with too few instances for a model",
    { alarmDetection: alarmDetection.value, dnsTtl: dnsTtl.value },
    HEALTH,
  );
  const byAlarms = { dnsTtl, instanceDetection, alarmDetection, alarmFailover };
  if (facts.requestChecks === "nowhere") {
    return byAlarms;
  }
  const requests = { healthRequests: healthRequests(facts.interval) };
  if (facts.requestChecks === "in some regions") {
    return { ...requests, ...byAlarms };
  }
  const detection = requestDetection(facts);
  const failover = seconds(
    detection.value + dnsTtl.value,
    "detection + dnsTtl: a region that does not answer for a model",
    { detection: detection.value, dnsTtl: dnsTtl.value },
    HEALTH,
  );
  return { ...requests, detection, failover, ...byAlarms };
}

/** Until a checker has made up its mind about a region that is silent, at worst. */
function requestDetection({ interval, failureThreshold }: HealthFacts): Derived {
  const { connect, answer, source } = HEALTH_CHECKER_TIMEOUTS;
  return seconds(
    (interval + connect + answer) * failureThreshold,
    "(health.interval + connectTimeout + answerTimeout) × health.failureThreshold, at worst: the interval begins when a checker has its answer, or gives up",
    { interval, connectTimeout: connect, answerTimeout: answer, failureThreshold },
    source,
  );
}

/**
 * With Global Accelerator: until the load balancer has found the last instance of a model unhealthy, and until the
 * accelerator sends new connections elsewhere. No name is looked up anew.
 *
 * @param instanceDetection the longest health check interval × unhealthy threshold of any model, in seconds
 */
export function acceleratorTiming(instanceDetection: number): FailoverTiming {
  const acceleratorReaction = seconds(
    ACCELERATOR_FAILOVER.seconds,
    "about 30 s until new connections go elsewhere; no resolver has to forget anything",
    {},
    ACCELERATOR_FAILOVER.source,
  );
  return {
    instanceDetection: seconds(
      instanceDetection,
      "the longest health check interval × unhealthyThreshold of all models",
      {},
      TARGETS,
    ),
    acceleratorReaction,
    failover: seconds(
      instanceDetection + acceleratorReaction.value,
      "instanceDetection + acceleratorReaction: a region without a healthy instance of a model",
      { instanceDetection, acceleratorReaction: acceleratorReaction.value },
      ACCELERATOR_FAILOVER.source,
    ),
  };
}

/** What each model that Route 53 asks gets of it: requests like any other, to the groups that grow by them. */
export function healthRequests(interval: number): Derived {
  const checkers = CHECKED_FROM.length * HEALTH_CHECKERS_PER_REGION.count;
  return {
    value: (checkers * 60) / interval,
    unit: "requests/min",
    rule: `about ${HEALTH_CHECKERS_PER_REGION.count} checkers in each of ${CHECKED_FROM.length} places, each once in health.interval: what each model that is asked gets in each region, and its groups grow by`,
    inputs: { checkers, interval },
    source: HEALTH_CHECK_INTERVALS.source,
  };
}

/** The interval and threshold, written or not. */
export function healthFacts(written: {
  readonly interval?: number;
  readonly failureThreshold?: number;
}): Pick<HealthFacts, "interval" | "failureThreshold"> {
  return {
    interval: HEALTH_CHECK_INTERVALS.seconds.find((each) => each === written.interval) ?? DEFAULT_INTERVAL,
    failureThreshold: written.failureThreshold ?? HEALTH_CHECK_FAILURES.default,
  };
}

function seconds(
  value: number,
  rule: string,
  inputs: Readonly<Record<string, number>>,
  source: string,
): Derived {
  return { value, unit: "s", rule, inputs, source };
}
