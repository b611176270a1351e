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

/** How long it takes until the global endpoint serves clients of a lost region elsewhere, and the times that add up to it. Mostly seconds. */
export type FailoverTiming = Readonly<Record<string, Derived>>;

/** Period of the load balancer's metrics, in seconds. */
const { periodSeconds: ALARM_PERIOD } = LOAD_BALANCER_METRICS;

/** Periods in a row with too few healthy instances before a region is out of service. One alone may be a fault of a load balancer node. */
export const ALARM_PERIODS = 3;

/** Default for the seconds from an answer to the next request of the same health checker. */
export const DEFAULT_INTERVAL = 10;

/**
 * Regions of Route 53's health checkers. Three is the minimum. All eight would send more than twice the requests, and
 * these count as requests to the model, by which its groups scale.
 */
export const CHECKED_FROM: readonly HealthCheckerRegion[] = ["ap-southeast-1", "eu-west-1", "us-east-1"];

/** Settings of Route 53's health checks that decide how long a failover takes. */
export interface HealthFacts {
  /** Seconds from an answer to the next request of the same health checker. */
  readonly interval: (typeof HEALTH_CHECK_INTERVALS.seconds)[number];
  /** Consecutive answers that change the state of a health checker. */
  readonly failureThreshold: number;
  /** In which regions Route 53 health-checks models through the load balancer. In the others only alarms detect a failure. */
  readonly requestChecks: "in all regions" | "in some regions" | "nowhere";
  /** The longest health check interval × unhealthy threshold of the models that decide whether a region is healthy, in seconds. */
  readonly instanceDetection: number;
}

const METRICS = LOAD_BALANCER_METRICS.source;
const HEALTH = HEALTH_CHECKER_TIMEOUTS.source;
const TARGETS = "ELBv2 API, CreateTargetGroup";

/**
 * With records in Route 53: the time until the health checks fail, and until resolvers drop the old answer from their
 * caches. A client that resolves the name again then gets another region. A client keeps an open connection.
 */
export function recordTiming(facts: HealthFacts): FailoverTiming {
  const dnsTtl = seconds(
    ALIAS_TTL.seconds,
    "60 s: the TTL of an alias record of a load balancer, which cannot be changed",
    {},
    ALIAS_TTL.source,
  );
  const instanceDetection = seconds(
    facts.instanceDetection,
    "the longest health check interval × unhealthyThreshold of globalEndpoint.models: the time until a load balancer detects a failed instance",
    {},
    TARGETS,
  );
  const alarmDetection = seconds(
    instanceDetection.value + (ALARM_PERIODS + 1) * ALARM_PERIOD,
    `instanceDetection + ${ALARM_PERIODS} periods of ${ALARM_PERIOD} s with too few healthy instances + one period, because a failure may begin within one`,
    { instanceDetection: instanceDetection.value },
    METRICS,
  );
  const alarmFailover = seconds(
    alarmDetection.value + dnsTtl.value,
    "alarmDetection + dnsTtl: the failover of a region with too few healthy instances of a model",
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
    "detection + dnsTtl: the failover of a region in which a model does not answer",
    { detection: detection.value, dnsTtl: dnsTtl.value },
    HEALTH,
  );
  return { ...requests, detection, failover, ...byAlarms };
}

/** The longest time until a health checker reports a region that does not answer as unhealthy. */
function requestDetection({ interval, failureThreshold }: HealthFacts): Derived {
  const { connect, answer, source } = HEALTH_CHECKER_TIMEOUTS;
  return seconds(
    (interval + connect + answer) * failureThreshold,
    "(health.interval + connectTimeout + answerTimeout) × health.failureThreshold, at most: the interval starts when a health checker receives an answer or times out",
    { interval, connectTimeout: connect, answerTimeout: answer, failureThreshold },
    source,
  );
}

/**
 * With Global Accelerator: the time until the load balancer finds the last instance of a model unhealthy, and until the
 * accelerator sends new connections to another region. DNS caches play no part.
 *
 * @param instanceDetection the longest health check interval × unhealthy threshold of any model, in seconds
 */
export function acceleratorTiming(instanceDetection: number): FailoverTiming {
  const acceleratorReaction = seconds(
    ACCELERATOR_FAILOVER.seconds,
    "about 30 s until new connections go to another region; DNS caches play no part",
    {},
    ACCELERATOR_FAILOVER.source,
  );
  return {
    instanceDetection: seconds(
      instanceDetection,
      "the longest health check interval × unhealthyThreshold of all models: the time until a load balancer detects a failed instance",
      {},
      TARGETS,
    ),
    acceleratorReaction,
    failover: seconds(
      instanceDetection + acceleratorReaction.value,
      "instanceDetection + acceleratorReaction: the failover of a region without a healthy instance of a model",
      { instanceDetection, acceleratorReaction: acceleratorReaction.value },
      ACCELERATOR_FAILOVER.source,
    ),
  };
}

/** Requests of Route 53's health checks to one model. The scaling policies of its groups count them like any other request. */
export function healthRequests(interval: number): Derived {
  const checkers = CHECKED_FROM.length * HEALTH_CHECKERS_PER_REGION.count;
  return {
    value: (checkers * 60) / interval,
    unit: "requests/min",
    rule: `about ${HEALTH_CHECKERS_PER_REGION.count} health checkers in each of ${CHECKED_FROM.length} regions, each with one request in health.interval: sent to each health-checked model in each region, and counted by the scaling of its groups`,
    inputs: { checkers, interval },
    source: HEALTH_CHECK_INTERVALS.source,
  };
}

/** The interval and the threshold: as written, or by default. */
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
