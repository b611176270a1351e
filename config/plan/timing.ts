import {
  CLIENT_KEEP_ALIVE,
  DEREGISTRATION_DELAY,
  HEALTH_CHECK_INTERVAL,
  HEALTH_CHECK_TIMEOUT,
  IDLE_TIMEOUT,
  LIFECYCLE_HOOK_HEARTBEAT,
  LOAD_BALANCER_METRICS,
  SLOW_START,
} from "../../aws/limits";
import { clamp, type Derived, orWritten } from "./derived";

/** What a team knows about the times of a model. All in seconds. */
export interface TimingFacts {
  /** From launch until the model answers. */
  readonly loadTime: number;
  /** The longest request that must not be cut. */
  readonly longestRequest: number;
  /** The longest time within a request without a byte. */
  readonly longestSilence: number;
  /** How long the model may take to answer the probe, if the team wrote it. */
  readonly probeTimeout?: number;
  /** Whether a new instance gets its share by and by, which AWS knows with the algorithm `round_robin` only. */
  readonly slowStarts: boolean;
  /** Times the team wrote itself. */
  readonly written: TimingOverrides;
  /** The health check as far as the team wrote it. */
  readonly health: {
    readonly interval?: number;
    readonly timeout?: number;
    readonly healthyThreshold?: number;
    readonly unhealthyThreshold?: number;
  };
}

/** The longest time within a request without a byte, in seconds: all of the request, unless the team says less. */
export function longestSilenceOf({
  longestSilence,
  longestRequest,
}: {
  readonly longestSilence?: number;
  readonly longestRequest: number;
}): number {
  return longestSilence ?? longestRequest;
}

/** Times of a model that may be written instead of derived, in seconds. */
export interface TimingOverrides {
  readonly launchHook?: number;
  readonly gracePeriod?: number;
  readonly warmUp?: number;
  readonly slowStart?: number;
  readonly drain?: number;
  readonly serverDrain?: number;
  readonly serverKeepAlive?: number;
  readonly terminateHook?: number;
  readonly refreshWarmUp?: number;
}

/** Every time of a model's instances and target groups. Seconds, but for the two thresholds. */
export interface Timing {
  readonly healthInterval: Derived;
  readonly healthTimeout: Derived;
  readonly healthyThreshold: Derived;
  readonly unhealthyThreshold: Derived;
  readonly launchHook: Derived;
  /** How long an instance waits for its model before it gives itself up. */
  readonly startTimeout: Derived;
  /** How long the model may take to answer the probe. */
  readonly probeTimeout: Derived;
  readonly gracePeriod: Derived;
  readonly slowStart: Derived;
  readonly warmUp: Derived;
  readonly refreshWarmUp: Derived;
  readonly drain: Derived;
  readonly serverDrain: Derived;
  readonly terminateHook: Derived;
  readonly serverKeepAlive: Derived;
}

/** Times of the load balancer, which all models of a region share. Seconds. */
export interface BalancerTiming {
  readonly idleTimeout: Derived;
  readonly clientKeepAlive: Derived;
}

/** Seconds for a stopped server to exit, a container to be removed and the hook to be completed. */
export const SHUTDOWN_MARGIN = 30;

/** Seconds by which the server keeps an idle connection longer than any load balancer does. */
export const KEEP_ALIVE_MARGIN = 15;

/** Seconds that idle timeout and drain leave beyond the longest silence and the longest request. */
export const REQUEST_MARGIN = 30;

/** The idle timeout and client keep-alive that carry the longest request of every model behind a balancer. */
export function balancerTiming(
  models: readonly { readonly longestSilence: number; readonly longestRequest: number }[],
  written: { readonly idleTimeout?: number; readonly clientKeepAlive?: number },
): BalancerTiming {
  const longestSilence = Math.max(0, ...models.map((model) => model.longestSilence));
  const longestRequest = Math.max(0, ...models.map((model) => model.longestRequest));
  return {
    idleTimeout: orWritten(
      {
        value: clamp(Math.max(longestSilence + REQUEST_MARGIN, IDLE_TIMEOUT.default), IDLE_TIMEOUT),
        unit: "s",
        rule: `longestSilence of all models + ${REQUEST_MARGIN} s, at least ${IDLE_TIMEOUT.default} s, at most ${IDLE_TIMEOUT.max} s: a shorter one answers 504 while the model still thinks`,
        inputs: { longestSilence },
        source: IDLE_TIMEOUT.source,
      },
      written.idleTimeout,
    ),
    clientKeepAlive: orWritten(
      {
        value: clamp(Math.max(longestRequest, CLIENT_KEEP_ALIVE.default), CLIENT_KEEP_ALIVE),
        unit: "s",
        rule: `longestRequest of all models, at least ${CLIENT_KEEP_ALIVE.default} s`,
        inputs: { longestRequest },
        source: CLIENT_KEEP_ALIVE.source,
      },
      written.clientKeepAlive,
    ),
  };
}

/** All times of a model that follow from its load time and its longest request. */
export function modelTiming(facts: TimingFacts): Timing {
  const { loadTime, longestRequest, written } = facts;
  const health = healthTiming(facts.health);
  const detection = health.healthInterval.value * health.healthyThreshold.value;

  const slowStart = orWritten(slowStartOf(facts), written.slowStart);
  const warmUp = orWritten(
    {
      value: detection + slowStart.value + METRIC_PERIOD,
      unit: "s",
      rule: `health check interval × healthy threshold + slow start + one ${METRIC_PERIOD} s metric period: the model is loaded when the launch hook lets the instance in`,
      inputs: {
        healthInterval: health.healthInterval.value,
        healthyThreshold: health.healthyThreshold.value,
        slowStart: slowStart.value,
      },
      source: "Auto Scaling user guide, Set the default instance warmup",
    },
    written.warmUp,
  );
  const drain = orWritten(
    {
      value: clamp(longestRequest + REQUEST_MARGIN, DEREGISTRATION_DELAY),
      unit: "s",
      rule: `longestRequest + ${REQUEST_MARGIN} s, at most ${DEREGISTRATION_DELAY.max} s: a request still running then gets a 502`,
      inputs: { longestRequest },
      source: DEREGISTRATION_DELAY.source,
    },
    written.drain,
  );
  const serverDrain = orWritten(
    {
      value: longestRequest,
      unit: "s",
      rule: "longestRequest: what runs when the server is told to stop is finished",
      inputs: { longestRequest },
      source: "the model server's documentation, see config/servers/presets.ts",
    },
    written.serverDrain,
  );
  const launchHook = orWritten(launchHookOf(loadTime), written.launchHook);
  return {
    ...health,
    launchHook,
    startTimeout: {
      value: launchHook.value - ABANDON_MARGIN,
      unit: "s",
      rule: `launchHook − ${ABANDON_MARGIN} s: the instance gives itself up, with the reason in its log, before the hook does it without one; one that is still loading then gets as much again, up to twice`,
      inputs: { launchHook: launchHook.value },
      source: LIFECYCLE_HOOK_HEARTBEAT.source,
    },
    probeTimeout: orWritten(
      {
        value: Math.max(facts.longestSilence, SHORTEST_PROBE),
        unit: "s",
        rule: `longestSilence, at least ${SHORTEST_PROBE} s: under load the one token of a probe comes as late as the first of any request`,
        inputs: { longestSilence: facts.longestSilence },
        source: "the deployment's own measurements",
      },
      facts.probeTimeout,
    ),
    gracePeriod: orWritten(
      {
        value: loadTime + detection,
        unit: "s",
        rule: "loadTime + health check interval × healthy threshold: a server that restarts in service has to load again, and a shorter grace would replace the instance while it does",
        inputs: {
          loadTime,
          healthInterval: health.healthInterval.value,
          healthyThreshold: health.healthyThreshold.value,
        },
        source: "Auto Scaling user guide, Set the health check grace period",
      },
      written.gracePeriod,
    ),
    slowStart,
    warmUp,
    refreshWarmUp: orWritten(
      { ...warmUp, insteadOf: undefined, rule: "warmUp", inputs: { warmUp: warmUp.value } },
      written.refreshWarmUp,
    ),
    drain,
    serverDrain,
    terminateHook: orWritten(
      {
        value: clamp(serverDrain.value + 2 * SHUTDOWN_MARGIN, LIFECYCLE_HOOK_HEARTBEAT),
        unit: "s",
        rule: `serverDrain + 2 × ${SHUTDOWN_MARGIN} s, from ${LIFECYCLE_HOOK_HEARTBEAT.min} s to ${LIFECYCLE_HOOK_HEARTBEAT.max} s: the target group has drained before the hook begins, so it only covers the server's exit`,
        inputs: { serverDrain: serverDrain.value },
        source: LIFECYCLE_HOOK_HEARTBEAT.source,
      },
      written.terminateHook,
    ),
    serverKeepAlive: orWritten(
      {
        value: IDLE_TIMEOUT.max + KEEP_ALIVE_MARGIN,
        unit: "s",
        rule: `${IDLE_TIMEOUT.max} + ${KEEP_ALIVE_MARGIN} s, beyond any idle timeout: a server that closes an idle connection first makes the load balancer answer 502 at random; and another model's longer silence does not restart this one`,
        inputs: {},
        source: "Troubleshoot your Application Load Balancers, HTTP 502: Bad gateway",
      },
      written.serverKeepAlive,
    ),
  };
}

/** Seconds that are left of the launch hook when an instance gives itself up; less than the shortest hook. */
export const ABANDON_MARGIN = 15;

/** Seconds that a first request may take in any case, while kernels are compiled and caches filled. */
const SHORTEST_PROBE = 10;

/** Seconds over which ALB metrics are summed. */
const { periodSeconds: METRIC_PERIOD } = LOAD_BALANCER_METRICS;

function healthTiming(
  written: TimingFacts["health"],
): Pick<Timing, "healthInterval" | "healthTimeout" | "healthyThreshold" | "unhealthyThreshold"> {
  const healthInterval = orWritten(
    {
      value: 10,
      unit: "s",
      rule: "10 s: with three failures a dead instance is out after half a minute",
      inputs: {},
      source: HEALTH_CHECK_INTERVAL.source,
    },
    written.interval,
  );
  return {
    healthInterval,
    healthTimeout: orWritten(
      {
        value: clamp(Math.floor(healthInterval.value / 2), HEALTH_CHECK_TIMEOUT),
        unit: "s",
        rule: `half the interval, from ${HEALTH_CHECK_TIMEOUT.min} s to ${HEALTH_CHECK_TIMEOUT.max} s`,
        inputs: { healthInterval: healthInterval.value },
        source: HEALTH_CHECK_TIMEOUT.source,
      },
      written.timeout,
    ),
    healthyThreshold: orWritten(
      {
        value: 2,
        unit: "",
        rule: "2: the fewest AWS takes; a new instance needs one success only",
        inputs: {},
        source: "ALB user guide, Health checks for target groups",
      },
      written.healthyThreshold,
    ),
    unhealthyThreshold: orWritten(
      {
        value: 3,
        unit: "",
        rule: "3: a server busy with one long step may miss a check or two",
        inputs: {},
        source: "ALB user guide, Health checks for target groups",
      },
      written.unhealthyThreshold,
    ),
  };
}

function launchHookOf(loadTime: number): Derived {
  return {
    value: clamp(2 * loadTime, LIFECYCLE_HOOK_HEARTBEAT),
    unit: "s",
    rule: `2 × loadTime, from ${LIFECYCLE_HOOK_HEARTBEAT.min} s to ${LIFECYCLE_HOOK_HEARTBEAT.max} s: an instance enters service only once its model answers`,
    inputs: { loadTime },
    source: LIFECYCLE_HOOK_HEARTBEAT.source,
  };
}

function slowStartOf({ loadTime, slowStarts }: TimingFacts): Derived {
  return {
    value: slowStarts ? clamp(Math.floor(loadTime / 10), SLOW_START) : 0,
    unit: "s",
    rule: slowStarts
      ? `a tenth of loadTime, from ${SLOW_START.min} s to ${SLOW_START.max} s, while caches fill`
      : "0: AWS knows it with round_robin only, and Target Optimizer needs none",
    inputs: slowStarts ? { loadTime } : {},
    source: "ALB user guide, Slow start mode",
  };
}
