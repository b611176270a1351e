import {
  ACCELERATOR_FAILOVER,
  ALIAS_TTL,
  HEALTH_CHECK_FAILURES,
  HEALTH_CHECK_INTERVALS,
  HEALTH_CHECKER_REGIONS,
  HEALTH_CHECKERS_PER_REGION,
} from "./aws/door-limits";
import type { Derived } from "./derived";

/** How long it takes until clients of the door are served elsewhere, and what that is made of. Mostly seconds. */
export type FailoverTiming = Readonly<Record<string, Derived>>;

/** Seconds over which the load balancer's metrics are counted. */
export const ALARM_PERIOD = 60;

/** Counts in a row that fall short before a region is out of service: one may be a slip of a load balancer node. */
export const ALARM_PERIODS = 3;

/** Seconds between the requests of one of Route 53's checkers, unless the team says otherwise. */
export const DEFAULT_INTERVAL = 10;

/** How Route 53 finds out. */
export interface HealthFacts {
  /** Seconds between two requests of a checker. */
  readonly interval: number;
  /** Answers in a row that change a checker's mind. */
  readonly failureThreshold: number;
  /** Whether any model is asked through a load balancer; else alarms tell alone. */
  readonly asks: boolean;
}

const METRICS = "ELB user guide, CloudWatch metrics for your Application Load Balancer";
const HEALTH = "Route 53 developer guide, How Amazon Route 53 determines whether a health check is healthy";

/**
 * With records in Route 53: until the health checks know, and until resolvers have forgotten the old answer. A client
 * that looks the name up anew then gets another region; one that holds a connection stays with it.
 */
export function recordTiming({ interval, failureThreshold, asks }: HealthFacts): FailoverTiming {
  const dnsTtl = seconds(
    ALIAS_TTL.seconds,
    "60 s: what AWS answers for a load balancer's alias, and nobody can change",
    {},
    ALIAS_TTL.source,
  );
  const alarmDetection = seconds(
    (ALARM_PERIODS + 1) * ALARM_PERIOD,
    `${ALARM_PERIODS} counts of ${ALARM_PERIOD} s that fall short, and one more until the first is complete`,
    {},
    METRICS,
  );
  const alarmFailover = seconds(
    alarmDetection.value + dnsTtl.value,
    "alarmDetection + dnsTtl: a region with too few boxes for a model",
    { alarmDetection: alarmDetection.value, dnsTtl: dnsTtl.value },
    HEALTH,
  );
  if (!asks) {
    return { dnsTtl, alarmDetection, alarmFailover };
  }
  const detection = seconds(
    interval * failureThreshold,
    "health.interval × health.failureThreshold",
    { interval, failureThreshold },
    HEALTH,
  );
  return {
    healthRequests: healthRequests(interval),
    detection,
    dnsTtl,
    failover: seconds(
      detection.value + dnsTtl.value,
      "detection + dnsTtl: a region that does not answer for a model",
      { detection: detection.value, dnsTtl: dnsTtl.value },
      HEALTH,
    ),
    alarmDetection,
    alarmFailover,
  };
}

/**
 * With Global Accelerator: until the load balancer has found the last box of a model unhealthy, and until the
 * accelerator sends new connections elsewhere. No name is looked up anew.
 *
 * @param boxDetection the longest health check interval × unhealthy threshold of any model, in seconds
 */
export function acceleratorTiming(boxDetection: number): FailoverTiming {
  const acceleratorReaction = seconds(
    ACCELERATOR_FAILOVER.seconds,
    "about 30 s until new connections go elsewhere; no resolver has to forget anything",
    {},
    ACCELERATOR_FAILOVER.source,
  );
  return {
    boxDetection: seconds(
      boxDetection,
      "the longest health check interval × unhealthyThreshold of all models",
      {},
      "ELBv2 API, CreateTargetGroup",
    ),
    acceleratorReaction,
    failover: seconds(
      boxDetection + acceleratorReaction.value,
      "boxDetection + acceleratorReaction: a region without a healthy box of a model",
      { boxDetection, acceleratorReaction: acceleratorReaction.value },
      ACCELERATOR_FAILOVER.source,
    ),
  };
}

/** What each model that Route 53 asks gets of it: requests like any other, to the groups that grow by them. */
export function healthRequests(interval: number): Derived {
  const checkers = HEALTH_CHECKER_REGIONS.names.length * HEALTH_CHECKERS_PER_REGION;
  return {
    value: (checkers * 60) / interval,
    unit: "requests/min",
    rule: `about ${HEALTH_CHECKERS_PER_REGION} checkers in each of ${HEALTH_CHECKER_REGIONS.names.length} places, each once in health.interval: what each model that is asked gets in each region, and its groups grow by`,
    inputs: { checkers, interval },
    source: HEALTH_CHECK_INTERVALS.source,
  };
}

/** The interval and threshold, written or not. */
export function healthFacts(written: {
  readonly interval?: number;
  readonly failureThreshold?: number;
}): Omit<HealthFacts, "asks"> {
  return {
    interval: written.interval ?? DEFAULT_INTERVAL,
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
