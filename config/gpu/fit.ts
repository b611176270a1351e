import { type GpuInstance, gpuInstance, gpuInstanceTypes } from "../../aws/instance-types";
import {
  DEFAULT_UTILIZATION,
  type GpuMemory,
  gpuMemoryNeeded,
  gpusOfCopy,
  kvRoomGiB,
  longestContext,
  type ModelMemory,
  splitsEvenly,
} from "./memory";

/** Why a type does not hold a model. */
export type MisfitReason =
  | "unknown type"
  | "no NVIDIA GPU"
  | "too few GPUs"
  | "uneven split"
  | "weights"
  | "context";

/** A type that would hold the model, in as many stages as asked for, and over how many GPUs for each. */
export interface Alternative {
  readonly type: string;
  readonly tensorParallel: number;
}

/** Whether an instance type holds a model. */
export type GpuFit =
  | {
      readonly ok: true;
      readonly memory: GpuMemory;
      /** GPUs of the type that one copy of the model leaves without work. */
      readonly idleGpus: number;
      /** The longest context, in tokens, that would fit; `undefined` when the model's shape is not given. */
      readonly longestContext?: number;
    }
  | {
      readonly ok: false;
      readonly reason: MisfitReason;
      /** What is wrong, as part of a sentence. */
      readonly diagnostic: string;
      /** What would be right: the cheapest types that hold the model, few and each of its own kind; may be empty. */
      readonly alternatives: readonly Alternative[];
    };

const ALTERNATIVES_MAX = 3;

/**
 * Says whether an instance type holds a model, and if not, why and which types do.
 *
 * @param type the name of an instance type
 */
export function fits(model: ModelMemory, type: string): GpuFit {
  const instance = gpuInstance(type);
  if (instance === undefined) {
    return misfit("unknown type", `${type} is no GPU instance type this project knows`);
  }
  if (instance.vendor !== "nvidia") {
    const diagnostic = `${type} has ${instance.accelerator}, and model servers here run on NVIDIA GPUs`;
    return misfit("no NVIDIA GPU", diagnostic, alternatives(model, instance.arch));
  }
  const wrong = splitDiagnostic(model, instance) ?? memoryDiagnostic(model, instance);
  if (wrong !== undefined) {
    const helps = wrong.reason !== "uneven split";
    return misfit(wrong.reason, wrong.diagnostic, helps ? alternatives(model, instance.arch) : []);
  }
  return {
    ok: true,
    memory: gpuMemoryNeeded(model),
    idleGpus: instance.accelerators - gpusOfCopy(model),
    longestContext: longestContext(model, instance.acceleratorMemoryGiB),
  };
}

/** `g5.12xlarge with tensorParallel 4, g6e.xlarge`; empty when there is none. */
export function alternativesText(model: ModelMemory, found: readonly Alternative[]): string {
  const asked = model.tensorParallel ?? 1;
  return found
    .map(({ type, tensorParallel }) =>
      tensorParallel === asked ? type : `${type} with tensorParallel ${tensorParallel}`,
    )
    .join(", ");
}

/**
 * The cheapest types that hold the model, the cheapest of each kind of GPU and split, cheapest first, equals by name.
 * Left out: types with a part of a GPU, which need another driver than the Deep Learning Base AMI's.
 *
 * @param arch only types with this CPU: one machine image serves a whole group
 * @param where only types that it has
 */
export function alternatives(
  model: ModelMemory,
  arch: GpuInstance["arch"],
  where: (type: string) => boolean = () => true,
): readonly Alternative[] {
  const found = usableTypes(arch)
    .filter(({ type }) => where(type))
    .flatMap((instance) => {
      const tensorParallel = smallestSplit(model, instance);
      return tensorParallel === undefined ? [] : [{ instance, tensorParallel }];
    });
  const kindOf = ({ instance, tensorParallel }: (typeof found)[number]) =>
    `${instance.accelerator} ${tensorParallel}`;
  return firstOfEachKind(found, kindOf).map(({ instance, tensorParallel }) => ({
    type: instance.type,
    tensorParallel,
  }));
}

/**
 * The types that can take the place of another where nothing is known of the model: as many GPUs, none with less
 * memory. The cheapest of each kind of GPU, cheapest first, few.
 *
 * @param where only types that it has
 */
export function largeEnoughTypes(than: GpuInstance, where: (type: string) => boolean): readonly string[] {
  const found = usableTypes(than.arch)
    .filter(({ accelerators }) => accelerators === than.accelerators)
    .filter(({ acceleratorMemoryGiB }) => acceleratorMemoryGiB >= than.acceleratorMemoryGiB)
    .filter(({ type }) => where(type));
  return firstOfEachKind(found, ({ accelerator }) => accelerator).map(({ type }) => type);
}

function firstOfEachKind<T>(found: readonly T[], kindOf: (each: T) => string): readonly T[] {
  const first = new Map<string, T>();
  for (const each of found) {
    const kind = kindOf(each);
    first.set(kind, first.get(kind) ?? each);
  }
  return [...first.values()].slice(0, ALTERNATIVES_MAX);
}

/** NVIDIA's whole GPUs, cheapest first, equals by name. */
function usableTypes(arch: GpuInstance["arch"]): readonly GpuInstance[] {
  return gpuInstanceTypes
    .flatMap((type) => gpuInstance(type) ?? [])
    .filter((instance) => instance.vendor === "nvidia" && instance.arch === arch && !instance.gridDriver)
    .sort(byPrice);
}

function misfit(reason: MisfitReason, diagnostic: string, found: readonly Alternative[] = []): GpuFit {
  return { ok: false, reason, diagnostic, alternatives: found };
}

interface Wrong {
  readonly reason: MisfitReason;
  readonly diagnostic: string;
}

function splitDiagnostic(model: ModelMemory, { type, accelerators }: GpuInstance): Wrong | undefined {
  const { tensorParallel = 1, pipelineParallel = 1, kvHeads } = model;
  if (kvHeads !== undefined && !splitsEvenly(kvHeads, tensorParallel)) {
    const diagnostic = `tensorParallel ${tensorParallel} must divide kvHeads ${kvHeads} or be a multiple of it`;
    return { reason: "uneven split", diagnostic };
  }
  if (gpusOfCopy(model) > accelerators) {
    const stages = pipelineParallel === 1 ? "" : ` times pipelineParallel ${pipelineParallel}`;
    const diagnostic = `${type} has ${accelerators} GPU${accelerators === 1 ? "" : "s"}, fewer than tensorParallel ${tensorParallel}${stages}`;
    return { reason: "too few GPUs", diagnostic };
  }
  return undefined;
}

function memoryDiagnostic(model: ModelMemory, instance: GpuInstance): Wrong | undefined {
  const room = kvRoomGiB(model, instance.acceleratorMemoryGiB);
  if (room < 0) {
    return { reason: "weights", diagnostic: weightsDiagnostic(model, instance) };
  }
  return gpuMemoryNeeded(model).kvGiB > room
    ? { reason: "context", diagnostic: contextDiagnostic(model, instance) }
    : undefined;
}

function weightsDiagnostic(model: ModelMemory, { type, acceleratorMemoryGiB }: GpuInstance): string {
  const { utilization = DEFAULT_UTILIZATION } = model;
  const needs = up(gpuMemoryNeeded({ ...model, contextLength: 0 }).perGpuGiB);
  const usable = down(acceleratorMemoryGiB * utilization);
  return `${type} (${acceleratorMemoryGiB} GiB a GPU) does not hold the model: it needs ${needs} GiB per GPU before any KV cache, and utilization ${utilization} leaves ${usable} GiB`;
}

function contextDiagnostic(model: ModelMemory, { type, acceleratorMemoryGiB }: GpuInstance): string {
  const { contextLength, concurrency = 1 } = model;
  const { kvPerRequestGiB, kvGiB } = gpuMemoryNeeded(model);
  const [needs, each] =
    concurrency === 1
      ? [`needs ${up(kvPerRequestGiB)} GiB KV per request`, ""]
      : [`times concurrency ${concurrency} needs ${up(kvGiB)} GiB KV`, " each"];
  const room = down(kvRoomGiB(model, acceleratorMemoryGiB));
  const longest = longestContext(model, acceleratorMemoryGiB);
  return `contextLength ${contextLength} ${needs}; ${room} GiB remain on ${type}, enough for ${longest} tokens${each}`;
}

/** The fewest GPUs of the type for each stage with which the model fits. */
function smallestSplit(model: ModelMemory, instance: GpuInstance): number | undefined {
  return splits(model, instance.accelerators).find(
    (tensorParallel) => memoryDiagnostic({ ...model, tensorParallel }, instance) === undefined,
  );
}

/** Splits that are safe to suggest: the one asked for, divisors of the KV heads, powers of two if those are unknown. */
function splits(
  { kvHeads, tensorParallel = 1, pipelineParallel = 1 }: ModelMemory,
  accelerators: number,
): readonly number[] {
  const counts = Array.from({ length: Math.floor(accelerators / pipelineParallel) }, (_, index) => index + 1);
  return kvHeads === undefined
    ? counts.filter((count) => count === tensorParallel || Number.isInteger(Math.log2(count)))
    : counts.filter(
        (count) =>
          kvHeads % count === 0 || (count === tensorParallel && splitsEvenly(kvHeads, tensorParallel)),
      );
}

/** Stable, so types of one price stay in the order of their names. */
function byPrice(a: GpuInstance, b: GpuInstance): number {
  const [left, right] = [a.usdPerHour ?? Number.POSITIVE_INFINITY, b.usdPerHour ?? Number.POSITIVE_INFINITY];
  return left === right ? 0 : left - right;
}

/** To one decimal, so that a need is never shown as less than it is. */
function up(gib: number): number {
  return Math.ceil(gib * 10 - 1e-6) / 10;
}

/** To one decimal, so that a room is never shown as more than it is. */
function down(gib: number): number {
  return Math.floor(gib * 10 + 1e-6) / 10;
}
