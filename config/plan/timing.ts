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

/** Times that a model's timing is derived from. All in seconds. */
export interface TimingFacts {
  /** Time from the launch of an instance until the model answers: written, or estimated. */
  readonly loadTime: Derived;
  /** The longest request that must complete. */
  readonly longestRequest: number;
  /** The longest time during a request in which no data is sent. */
  readonly longestSilence: number;
  /** How long the model may take to answer the probe, as written. */
  readonly probeTimeout?: number;
  /** Whether target groups use slow start. AWS supports it with the algorithm `round_robin` only. */
  readonly slowStarts: boolean;
  /** Written times. They override the derived ones. */
  readonly written: TimingOverrides;
  /** The health check, as far as it is written. */
  readonly health: {
    readonly interval?: number;
    readonly timeout?: number;
    readonly healthyThreshold?: number;
    readonly unhealthyThreshold?: number;
  };
}

/** The longest time during a request in which no data is sent, in seconds. Default: the longest request. */
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

/** All times of a model's instances and target groups, in seconds; the two thresholds are counts. */
export interface Timing {
  /** Time from the launch of an instance until the model answers. */
  readonly loadTime: Derived;
  readonly healthInterval: Derived;
  readonly healthTimeout: Derived;
  readonly healthyThreshold: Derived;
  readonly unhealthyThreshold: Derived;
  readonly launchHook: Derived;
  /** How long an instance waits for its model before it abandons its launch. */
  readonly startTimeout: Derived;
  /** How long the model may take to answer the probe. */
  readonly probeTimeout: Derived;
  readonly gracePeriod: Derived;
  readonly slowStart: Derived;
  readonly warmUp: Derived;
  readonly refreshWarmUp: Derived;
  readonly drain: Derived;
  readonly serverDrain: Derived;
  /** How long a container may take to stop before it is killed. */
  readonly stopTimeout: Derived;
  readonly terminateHook: Derived;
  readonly serverKeepAlive: Derived;
}

/** Times of the load balancer, which all models of a region share. In seconds. */
export interface BalancerTiming {
  readonly idleTimeout: Derived;
  readonly clientKeepAlive: Derived;
}

/** Seconds in which a stopped server exits, its container is removed, and the hook is completed. */
export const SHUTDOWN_MARGIN = 30;

/**
 * Seconds that a server has to end after its last request, before SIGKILL; less than {@link SHUTDOWN_MARGIN}. SGLang takes
 * the longest of the known servers: it looks every 5 s whether requests run, and gives its schedulers 15 s (sglang 0.5.18,
 * managers/tokenizer_manager.py).
 */
const EXIT_MARGIN = 25;

/** Seconds by which the server's keep-alive exceeds the longest idle timeout of a load balancer. */
export const KEEP_ALIVE_MARGIN = 15;

/** Seconds by which the idle timeout exceeds the longest silence, and the drain the longest request. */
export const REQUEST_MARGIN = 30;

/** The idle timeout and the client keep-alive that suit the longest request of every model behind a load balancer. */
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
        rule: `longestSilence of all models + ${REQUEST_MARGIN} s, at least ${IDLE_TIMEOUT.default} s, at most ${IDLE_TIMEOUT.max} s: with a shorter one the load balancer answers 504 while the model still computes`,
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

/** All times of a model: derived from its load time and its longest request, or as written. */
export function modelTiming(facts: TimingFacts): Timing {
  const { longestRequest, written } = facts;
  const { value: loadTime } = facts.loadTime;
  const health = healthTiming(facts.health);
  const detection = health.healthInterval.value * health.healthyThreshold.value;

  const slowStart = orWritten(slowStartOf(facts), written.slowStart);
  const warmUp = orWritten(
    {
      value: detection + slowStart.value + METRIC_PERIOD,
      unit: "s",
      rule: `health check interval × healthy threshold + slow start + one ${METRIC_PERIOD} s metric period: loadTime does not count, because the launch hook holds the instance until the model is loaded`,
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
      rule: `longestRequest + ${REQUEST_MARGIN} s, at most ${DEREGISTRATION_DELAY.max} s: a request that still runs after that gets a 502`,
      inputs: { longestRequest },
      source: DEREGISTRATION_DELAY.source,
    },
    written.drain,
  );
  const serverDrain = orWritten(
    {
      value: longestRequest,
      unit: "s",
      rule: "longestRequest: the server finishes running requests after SIGTERM",
      inputs: { longestRequest },
      source: "the documentation of the model server",
    },
    written.serverDrain,
  );
  const launchHook = orWritten(launchHookOf(loadTime), written.launchHook);
  return {
    loadTime: facts.loadTime,
    ...health,
    launchHook,
    startTimeout: {
      value: launchHook.value - ABANDON_MARGIN,
      unit: "s",
      rule: `launchHook − ${ABANDON_MARGIN} s: the instance abandons its launch, with the reason in its log, before the hook times out without one; an instance that is still loading extends the wait by the same time, up to twice`,
      inputs: { launchHook: launchHook.value },
      source: LIFECYCLE_HOOK_HEARTBEAT.source,
    },
    probeTimeout: orWritten(
      {
        value: Math.max(facts.longestSilence, SHORTEST_PROBE),
        unit: "s",
        rule: `longestSilence, at least ${SHORTEST_PROBE} s: under load the single token of a probe may take as long as the first token of any request`,
        inputs: { longestSilence: facts.longestSilence },
        source: "the deployment's own measurements",
      },
      facts.probeTimeout,
    ),
    gracePeriod: orWritten(
      {
        value: loadTime + detection,
        unit: "s",
        rule: "loadTime + health check interval × healthy threshold: a server that restarts in service loads its model again, and a shorter grace period would replace the instance meanwhile",
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
    stopTimeout: {
      value: serverDrain.value + EXIT_MARGIN,
      unit: "s",
      rule: `serverDrain + ${EXIT_MARGIN} s: a server ends in that time after its last request, so it is killed only if it hangs`,
      inputs: { serverDrain: serverDrain.value },
      source: "docker container run, --stop-timeout",
    },
    terminateHook: orWritten(
      {
        value: clamp(serverDrain.value + 2 * SHUTDOWN_MARGIN, LIFECYCLE_HOOK_HEARTBEAT),
        unit: "s",
        rule: `serverDrain + 2 × ${SHUTDOWN_MARGIN} s, from ${LIFECYCLE_HOOK_HEARTBEAT.min} s to ${LIFECYCLE_HOOK_HEARTBEAT.max} s: the hook starts after the target group has drained the instance, so it covers only the exit of the server; the instance makes it wait by heartbeats`,
        inputs: { serverDrain: serverDrain.value },
        source: LIFECYCLE_HOOK_HEARTBEAT.source,
      },
      written.terminateHook,
    ),
    serverKeepAlive: orWritten(
      {
        value: IDLE_TIMEOUT.max + KEEP_ALIVE_MARGIN,
        unit: "s",
        rule: `${IDLE_TIMEOUT.max} + ${KEEP_ALIVE_MARGIN} s, longer than any idle timeout: when the server closes an idle connection first, the load balancer answers some requests with 502; and the value does not change with the longestSilence of another model`,
        inputs: {},
        source: "Troubleshoot your Application Load Balancers, HTTP 502: Bad gateway",
      },
      written.serverKeepAlive,
    ),
  };
}

/** Seconds left of the launch hook when an instance abandons its launch; less than the shortest hook. */
export const ABANDON_MARGIN = 15;

/** What an instance can take to load, within the longest lifecycle hook, in seconds. */
export const LONGEST_LOAD = LIFECYCLE_HOOK_HEARTBEAT.max - ABANDON_MARGIN;

/** Least time for the probe, in seconds: the first request compiles kernels and fills caches. */
const SHORTEST_PROBE = 10;

/** Period of the load balancer's metrics, in seconds. */
const { periodSeconds: METRIC_PERIOD } = LOAD_BALANCER_METRICS;

function healthTiming(
  written: TimingFacts["health"],
): Pick<Timing, "healthInterval" | "healthTimeout" | "healthyThreshold" | "unhealthyThreshold"> {
  const healthInterval = orWritten(
    {
      value: 10,
      unit: "s",
      rule: "10 s: with three failures an instance is out of service after 30 s",
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
        rule: "2: the minimum of AWS; a new instance needs one success only",
        inputs: {},
        source: "ALB user guide, Health checks for target groups",
      },
      written.healthyThreshold,
    ),
    unhealthyThreshold: orWritten(
      {
        value: 3,
        unit: "",
        rule: "3: a server that is busy with one long step may miss one or two checks",
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
    rule: `2 × loadTime, from ${LIFECYCLE_HOOK_HEARTBEAT.min} s to ${LIFECYCLE_HOOK_HEARTBEAT.max} s: an instance enters service after its model answers`,
    inputs: { loadTime },
    source: LIFECYCLE_HOOK_HEARTBEAT.source,
  };
}

function slowStartOf({ loadTime: { value: loadTime }, slowStarts }: TimingFacts): Derived {
  return {
    value: slowStarts ? clamp(Math.floor(loadTime / 10), SLOW_START) : 0,
    unit: "s",
    rule: slowStarts
      ? `a tenth of loadTime, from ${SLOW_START.min} s to ${SLOW_START.max} s: caches fill meanwhile`
      : "0: AWS supports it with round_robin only, and Target Optimizer needs none",
    inputs: slowStarts ? { loadTime } : {},
    source: "ALB user guide, Slow start mode",
  };
}
