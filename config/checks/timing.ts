import {
  DEREGISTRATION_DELAY,
  IDLE_TIMEOUT,
  LIFECYCLE_HOOK_HEARTBEAT,
  MAX_INSTANCE_LIFETIME,
  SLOW_START,
} from "../../aws/limits";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import type { Region } from "../plan/deployment";
import { loadTimeOf } from "../plan/load-time";
import type { Model } from "../plan/model";
import { algorithmOf } from "../plan/targets";
import {
  ABANDON_MARGIN,
  LONGEST_LOAD,
  longestSilenceOf,
  SHUTDOWN_MARGIN,
  type TimingOverrides,
} from "../plan/timing";
import type { ModelFile } from "../schema/model";
import { presetOf } from "../servers/presets";
import { formatDuration } from "../units";
import { type At, type Check, modelFiles, type Subject } from "./check";

/** A model's times must fit the limits of AWS, the server, and every time that the team wrote itself. */
export const checkTiming: Check = (subject) =>
  modelFiles(subject).flatMap(({ name, model, at }) => {
    const resolved = resolvedModel(subject, name);
    return [
      ...requestDiagnostics(model, at),
      ...loadTimeDiagnostics(subject, name, model, at),
      ...lifetimeDiagnostics(model, at),
      ...(resolved === undefined
        ? []
        : [
            ...overrideDiagnostics(model, resolved.model, at),
            ...healthDiagnostics(model, resolved.model, at),
            ...keepAliveDiagnostics(model, resolved, at),
          ]),
    ];
  });

interface ResolvedModel {
  readonly region: Region;
  readonly model: Model;
}

/** A model's times are the same in all regions, but for the idle timeout: the longest one counts. */
function resolvedModel({ deployment }: Subject, name: string): ResolvedModel | undefined {
  return deployment.regions
    .flatMap((region) =>
      region.models.filter((model) => model.name === name).map((model) => ({ region, model })),
    )
    .sort((a, b) => b.region.entry.timing.idleTimeout.value - a.region.entry.timing.idleTimeout.value)[0];
}

function requestDiagnostics({ longestRequest, longestSilence }: ModelFile, at: At): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (longestRequest < 1) {
    diagnostics.push(
      error(
        "longest-request-zero",
        at("longestRequest"),
        "0s is too short for any request; write the longest that you allow",
      ),
    );
  }
  if (longestRequest > DEREGISTRATION_DELAY.max) {
    diagnostics.push(
      error(
        "longest-request-too-long",
        at("longestRequest"),
        `${formatDuration(longestRequest)} cannot drain: a load balancer waits ${formatDuration(DEREGISTRATION_DELAY.max)} at most for a leaving instance; make requests shorter, or let clients poll for results`,
      ),
    );
  }
  const silence = longestSilenceOf({ longestSilence, longestRequest });
  if (silence > IDLE_TIMEOUT.max) {
    diagnostics.push(
      error(
        "silence-too-long",
        at(longestSilence === undefined ? "longestRequest" : "longestSilence"),
        `${formatDuration(silence)} of silence is longer than a load balancer waits (${formatDuration(IDLE_TIMEOUT.max)}); stream the answer and give longestSilence`,
      ),
    );
  }
  if (longestSilence !== undefined && longestSilence > longestRequest) {
    diagnostics.push(
      error(
        "silence-above-request",
        at("longestSilence"),
        `${formatDuration(longestSilence)} is longer than longestRequest, ${formatDuration(longestRequest)}, which it is a part of; correct one of them`,
      ),
    );
  }
  return diagnostics;
}

/** A load time that is not written: what it is taken for, or that it cannot be estimated. */
function loadTimeDiagnostics(
  { file, deployment }: Subject,
  name: string,
  model: ModelFile,
  at: At,
): readonly Diagnostic[] {
  const [slowest] = deployment.regions
    .filter(({ models }) => models.some((each) => each.name === name))
    .map((region) => loadTimeOf(file, region.name, name, model))
    .sort((a, b) => b.value.value - a.value.value);
  switch (slowest?.by) {
    case "unknown":
      return [
        error(
          "load-time-unknown",
          at("loadTime"),
          "cannot be estimated without the size of the weights; write it, measured from the launch of an instance until its model answers, or write weights.size, memory.size, or memory with parameters",
        ),
      ];
    case "estimate": {
      const { value, likely } = slowest;
      const parts = Object.entries(value.inputs).filter(([part]) => part !== "likely");
      const reckoning = parts.map(([part, seconds]) => `${part} ${formatDuration(seconds)}`).join(", ");
      return [
        warning(
          "load-time-estimated",
          at("loadTime"),
          `is estimated at ${formatDuration(value.value)} at most, ${formatDuration(likely)} usually (at most ${reckoning}); all times of a launch follow from it. Measure it with the first instances, as docs/operations.md says, and write it`,
        ),
      ];
    }
    default:
      return [];
  }
}

function lifetimeDiagnostics({ maxInstanceLifetime: lifetime }: ModelFile, at: At): readonly Diagnostic[] {
  const { min, max } = MAX_INSTANCE_LIFETIME;
  return lifetime !== undefined && lifetime !== 0 && (lifetime < min || lifetime > max)
    ? [
        error(
          "out-of-range",
          at("maxInstanceLifetime"),
          `${formatDuration(lifetime)} must be 0s, for never, or from ${formatDuration(min)} to ${formatDuration(max)}`,
        ),
      ]
    : [];
}

interface LeastTime {
  readonly field: keyof TimingOverrides;
  readonly atLeast: number;
  /** What that least is, and what happens below it. */
  readonly because: string;
}

function overrideDiagnostics(model: ModelFile, { timing }: Model, at: At): readonly Diagnostic[] {
  const { loadTime = 0, longestRequest } = model;
  const leastTimes: readonly LeastTime[] = [
    {
      field: "launchHook",
      atLeast: Math.min(loadTime, LONGEST_LOAD) + ABANDON_MARGIN,
      because: `loadTime and ${ABANDON_MARGIN} s: instances would be thrown away while they load, for ever`,
    },
    {
      field: "gracePeriod",
      atLeast: loadTime,
      because: "loadTime: instances would be killed while they load, for ever",
    },
    { field: "drain", atLeast: longestRequest, because: "longestRequest: longer requests would get a 502" },
    {
      field: "serverDrain",
      atLeast: longestRequest,
      because: "longestRequest: the server would cut longer requests off",
    },
    {
      field: "terminateHook",
      atLeast: timing.serverDrain.value + SHUTDOWN_MARGIN,
      because: `serverDrain and ${SHUTDOWN_MARGIN} s: the instance would be gone before its server has finished`,
    },
  ];
  const tooShort = leastTimes.flatMap(({ field, atLeast, because }) => {
    const value = timing[field].value;
    return value < atLeast && model.timing[field] !== undefined
      ? [
          error(
            "time-too-short",
            at("timing", field),
            `${field} ${formatDuration(value)} < ${formatDuration(atLeast)}, ${because}`,
          ),
        ]
      : [];
  });
  return [...tooShort, ...hookDiagnostics(model, at), ...slowStartDiagnostics(model, at)];
}

/** What a server can take to drain, within the longest lifecycle hook. */
const LONGEST_SERVER_DRAIN = LIFECYCLE_HOOK_HEARTBEAT.max - SHUTDOWN_MARGIN;

/**
 * The fewest seconds that any instance takes: EC2 places the instance, its kernel and any driver come up, and a container
 * starts, before any weight is read. A rough bound from below; it is meant for a time that was measured from the start of
 * the server.
 */
const SHORTEST_LOAD = 60;

function hookDiagnostics({ loadTime, timing: { serverDrain } }: ModelFile, at: At): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (loadTime !== undefined && loadTime < SHORTEST_LOAD) {
    diagnostics.push(
      error(
        "load-time-too-short",
        at("loadTime"),
        `${formatDuration(loadTime)} is less than an instance takes to boot and to start a container: instances would be thrown away while they load, for ever; measure it from the launch on, and write ${formatDuration(SHORTEST_LOAD)} or more`,
      ),
    );
  }
  if (loadTime !== undefined && loadTime > LONGEST_LOAD) {
    diagnostics.push(
      error(
        "load-time-too-long",
        at("loadTime"),
        `${formatDuration(loadTime)} is longer than a launch hook can wait for an instance, ${formatDuration(LONGEST_LOAD)}: instances would be thrown away while they load, for ever; make loading faster, as with an image of your own that holds the weights`,
      ),
    );
  }
  if (serverDrain !== undefined && serverDrain > LONGEST_SERVER_DRAIN) {
    diagnostics.push(
      error(
        "server-drain-too-long",
        at("timing", "serverDrain"),
        `${formatDuration(serverDrain)} is longer than a terminate hook can wait for a server, ${formatDuration(LONGEST_SERVER_DRAIN)}; use that or less`,
      ),
    );
  }
  return diagnostics;
}

function slowStartDiagnostics(model: ModelFile, at: At): readonly Diagnostic[] {
  const { slowStart } = model.timing;
  const algorithm = algorithmOf(model);
  if (slowStart === undefined || slowStart === 0 || model.targetOptimizer !== undefined) {
    return [];
  }
  if (algorithm !== "round_robin") {
    return [
      error(
        "slow-start-refused",
        at("timing", "slowStart"),
        `slow start works with algorithm: round_robin only, not ${algorithm}; remove one of the two`,
      ),
    ];
  }
  return slowStart < SLOW_START.min
    ? [
        error(
          "out-of-range",
          at("timing", "slowStart"),
          `${formatDuration(slowStart)} must be 0s, for none, or from ${SLOW_START.min}s to ${SLOW_START.max}s`,
        ),
      ]
    : [];
}

function healthDiagnostics({ health }: ModelFile, { timing }: Model, at: At): readonly Diagnostic[] {
  const timeout = timing.healthTimeout.value;
  const interval = timing.healthInterval.value;
  return timeout < interval
    ? []
    : [
        error(
          "health-timeout-too-long",
          at("health", health.timeout === undefined ? "interval" : "timeout"),
          `timeout ${formatDuration(timeout)} must be less than interval ${formatDuration(interval)}`,
        ),
      ];
}

function keepAliveDiagnostics(
  model: ModelFile,
  { region, model: resolved }: ResolvedModel,
  at: At,
): readonly Diagnostic[] {
  const idle = region.entry.timing.idleTimeout.value;
  const written = model.timing.serverKeepAlive;
  if (written !== undefined && written <= idle) {
    return [
      error(
        "keep-alive-too-short",
        at("timing", "serverKeepAlive"),
        `serverKeepAlive ${formatDuration(written)} must exceed idleTimeout, ${formatDuration(idle)}, or the load balancer answers 502 at random; leave it out`,
      ),
    ];
  }
  const keepAlive = presetOf(model.server)?.keepAlive ?? { by: "unknown" };
  if (written !== undefined || keepAlive.by === "env" || keepAlive.by === "none") {
    return [];
  }
  const closes =
    keepAlive.by === "fixed"
      ? `closes idle connections after ${keepAlive.seconds} s`
      : "may close idle connections before the load balancer does";
  return [
    warning(
      "keep-alive-unknown",
      at("server"),
      `${resolved.name}: ${model.server} ${closes}, and then the load balancer answers 502 at random; make it keep them longer than ${formatDuration(idle)}, and write that as timing.serverKeepAlive`,
    ),
  ];
}
