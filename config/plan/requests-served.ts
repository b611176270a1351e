import { type GpuInstance, gpuInstance } from "../../aws/instance-types";
import { fits, type GpuFit } from "../gpu/fit";
import { gpusOfCopy, kvBytesPerToken, type ModelMemory } from "../gpu/memory";
import type { Architecture } from "../gpu/model-config/read";
import { type GpuSpeed, secondsOfRequest, speedOf, type Work } from "../gpu/speed";
import type { ServerName } from "../servers/presets";
import { BYTES_PER_GIB } from "../units";
import { gpuCandidatesOf } from "./candidate-instances";
import { type Derived, orWritten } from "./derived";
import { modelMemory } from "./model-memory";
import type { InstanceSettings } from "./overrides";

type WrittenCapacity = NonNullable<InstanceSettings["capacity"]>;
type TypicalRequest = NonNullable<WrittenCapacity["typicalRequest"]>;

/** Requests that a server runs at a time, unless told otherwise. Source: vLLM, engine/arg_utils.py: 256 on GPUs below 70 GiB. */
const USUAL_BATCH = 256;

/**
 * Shares of a GPU's speed that servers reach. Source: databasemart.com of 2025, vLLM on an A40 with 50 requests of 100 and
 * 600 tokens: 0.36 with Gemma 3 12B, 0.60 and 0.62 with Qwen 2.5 14B and 7B, 0.69 with Llama 3.1 8B.
 */
const SHARE = { least: 0.4, likely: 0.6 } as const;

/** How many requests a minute an instance serves, and where that comes from. */
export interface RequestsServed {
  /** Absent: it is not written, and cannot be estimated. */
  readonly value?: Derived;
  readonly by: "written" | "estimate" | "unknown";
}

/**
 * Requests a minute that one instance of a variant serves: as written, or estimated from those that run at a time and how
 * long each takes then: no more than end within the longest request, which is the most that is not cut. The slowest type
 * counts, with the least room and the least speed that is likely, so that what follows has headroom.
 *
 * @param longestRequest in seconds
 */
export function requestsServed(
  settings: InstanceSettings,
  server: ServerName,
  longestRequest: number,
): RequestsServed {
  const { requestsPerMinutePerInstance: written, typicalRequest } = settings.capacity ?? {};
  const estimate = typicalRequest && estimateOf(settings, server, typicalRequest, longestRequest);
  if (written !== undefined) {
    return {
      value: estimate === undefined ? asWritten(written) : orWritten(estimate, written),
      by: "written",
    };
  }
  return estimate === undefined ? { by: "unknown" } : { value: estimate, by: "estimate" };
}

function asWritten(value: number): Derived {
  return {
    value,
    unit: "requests/min",
    rule: "as written",
    inputs: {},
    source: "the deployment's own measurements",
  };
}

/** @returns `undefined` when the memory of the model, its shape or the speed of a type is not known */
function estimateOf(
  settings: InstanceSettings,
  server: ServerName,
  typical: TypicalRequest,
  longestRequest: number,
): Derived | undefined {
  const memory = modelMemory(settings, server);
  const types = settings.instanceTypes.flatMap((type) =>
    gpuCandidatesOf(type, settings.instanceRequirements),
  );
  if (memory === undefined || types.length === 0) {
    return undefined;
  }
  const estimates = types.map((instance) => onType(memory, instance, typical, longestRequest));
  const slowest = estimates.reduce(
    (slow, each) => (slow !== undefined && each !== undefined && each.least < slow.least ? each : slow),
    estimates[0],
  );
  if (slowest === undefined || estimates.includes(undefined)) {
    return undefined;
  }
  const { copies, atATime, seconds, least, likely } = slowest;
  return {
    value: readable(least),
    unit: "requests/min",
    rule: "estimated: copies × atATime × 60 ÷ secondsOfRequest, with the least room and speed that is likely; measure it, and write it",
    inputs: { copies, atATime, secondsOfRequest: readable(seconds), likely: readable(likely) },
    source: "docs/capacity-and-timing.md",
  };
}

interface Estimate {
  /** Copies of the model on an instance. */
  readonly copies: number;
  /** Requests of each that run at a time. */
  readonly atATime: number;
  /** How long one takes then. */
  readonly seconds: number;
  /** Requests a minute. */
  readonly least: number;
  readonly likely: number;
}

function onType(
  memory: ModelMemory,
  instance: GpuInstance,
  typical: TypicalRequest,
  longestRequest: number,
): Estimate | undefined {
  const fit = fits(memory, instance.type);
  const tokens = fit.ok ? tokensHeld(memory, fit) : undefined;
  if (!fit.ok || tokens === undefined) {
    return undefined;
  }
  const batch = memory.described?.serving.batchedRequests ?? USUAL_BATCH;
  const copies = memory.described?.serving.dataParallel ?? 1;
  const { promptTokens, answerTokens, duration } = typical;
  const length = duration === undefined ? (promptTokens ?? 0) + (answerTokens ?? 0) : longestOf(memory);
  const running = (of: "least" | "likely") => {
    const most = Math.max(1, Math.min(batch, Math.floor(tokens[of] / Math.max(1, length))));
    const secondsWith = (atATime: number) =>
      duration ?? byTokens({ memory, instance, fit, typical, atATime }, SHARE[of]);
    const numbers = Array.from({ length: most }, (_, fewer) => most - fewer);
    const atATime = numbers.find((each) => (secondsWith(each) ?? 0) <= longestRequest) ?? 1;
    const seconds = secondsWith(atATime);
    return seconds === undefined
      ? undefined
      : { atATime, seconds, served: (copies * atATime * 60) / seconds };
  };
  const [slow, fast] = [running("least"), running("likely")];
  return slow === undefined || fast === undefined
    ? undefined
    : {
        copies,
        atATime: slow.atATime,
        seconds: slow.seconds,
        least: slow.served,
        likely: fast.served,
      };
}

/** Tokens of all requests of a copy that fit at a time; `undefined` when the shape of the model is not known. */
function tokensHeld(
  memory: ModelMemory,
  fit: Extract<GpuFit, { ok: true }>,
): { readonly least: number; readonly likely: number } | undefined {
  if (fit.room !== undefined) {
    return fit.room.tokens;
  }
  const held = fit.longestContext === undefined ? undefined : fit.longestContext * (memory.concurrency ?? 1);
  return held === undefined ? undefined : { least: held, likely: held };
}

/** The longest request, where nothing says how long a usual one is. */
function longestOf({ described, contextLength }: ModelMemory): number {
  return described?.serving.contextLength ?? contextLength ?? 1;
}

interface Served {
  readonly memory: ModelMemory;
  readonly instance: GpuInstance;
  readonly fit: Extract<GpuFit, { ok: true }>;
  readonly typical: TypicalRequest;
  readonly atATime: number;
}

function byTokens({ memory, instance, fit, typical, atATime }: Served, share: number): number | undefined {
  const speed: GpuSpeed | undefined = speedOf(instance);
  const parts = speed && shapeOf(memory, fit);
  return (
    parts &&
    secondsOfRequest(
      {
        ...parts,
        promptTokens: typical.promptTokens ?? 0,
        answerTokens: typical.answerTokens ?? 0,
        atATime,
      },
      speed,
      share,
    )
  );
}

type Shape = Pick<Work, "gpus" | "weightsBytes" | "activeParameters" | "tokenBytes">;

function shapeOf(
  memory: ModelMemory,
  { room, memory: needed }: Extract<GpuFit, { ok: true }>,
): Shape | undefined {
  const { described, parameters } = memory;
  if (room !== undefined && described !== undefined) {
    const { tensorParallel, pipelineParallel } = described.serving;
    const gpus = (memory.tensorParallel ?? tensorParallel) * (memory.pipelineParallel ?? pipelineParallel);
    const weightsBytes = room.weightsGiB.likely * gpus * BYTES_PER_GIB;
    const { likely } = room.tokens;
    return {
      gpus,
      weightsBytes,
      activeParameters: activeIn(described.architecture) ?? weightsBytes,
      tokenBytes:
        Number.isFinite(likely) && likely > 0 ? (room.kvGiB.likely * gpus * BYTES_PER_GIB) / likely : 0,
    };
  }
  const weightsBytes = (needed?.weightsGiB ?? 0) * BYTES_PER_GIB;
  return {
    gpus: gpusOfCopy(memory),
    weightsBytes,
    // Most that is served has two bytes or fewer to a parameter; with one each is counted at its most.
    activeParameters: parameters ?? weightsBytes,
    tokenBytes: kvBytesPerToken(memory) ?? 0,
  };
}

/** Parameters that a token is multiplied with: of the experts those that it is sent to. */
function activeIn({ parts, widths }: Architecture): number | undefined {
  if (parts === undefined) {
    return undefined;
  }
  const { attention, replicated, dense, shared, experts } = parts;
  const chosen = widths?.experts === undefined ? 1 : widths.experts.perToken / widths.experts.count;
  const always = [attention, replicated, dense, shared].reduce((sum, part) => sum + part.parameters, 0);
  return always + experts.parameters * chosen;
}

/** To two digits, downwards for counts. */
function readable(value: number): number {
  return value >= 10 ? Math.floor(value) : Number(value.toPrecision(2));
}

/** Whether every type is one whose speed is known. */
export function unknownSpeeds({ instanceTypes, instanceRequirements }: InstanceSettings): readonly string[] {
  return instanceTypes
    .flatMap((type) => gpuCandidatesOf(type, instanceRequirements))
    .filter(({ type }) => {
      const instance = gpuInstance(type);
      return instance === undefined || speedOf(instance) === undefined;
    })
    .map(({ type }) => type);
}
