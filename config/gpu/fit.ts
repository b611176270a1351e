import { type GpuInstance, gpuInstance, gpuInstanceTypes } from "../../aws/instance-types";
import { onDemandPrice } from "../../aws/prices";
import { formatDollars } from "../units";
import type { Layer } from "./layers";
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
import { reportedGiB } from "./reported";
import { type Room, roomOf } from "./room";

/** Why a model does not fit on an instance type. */
export type MisfitReason =
  | "unknown type"
  | "no NVIDIA GPU"
  | "too few GPUs"
  | "uneven split"
  | "weights"
  | "context";

/** A type on which the model fits with the given pipeline stages, and the number of GPUs of each stage. */
export interface Alternative {
  readonly type: string;
  readonly tensorParallel: number;
}

/** Whether a model fits on an instance type. */
export type GpuFit =
  | {
      readonly ok: true;
      /** Of a model that is known by numbers. */
      readonly memory?: GpuMemory;
      /** Of a model that is known by its config.json. */
      readonly room?: Room;
      /** Why it may not fit all the same, as a sentence. */
      readonly doubt?: string;
      /** GPUs of the type that one copy of the model does not use. */
      readonly idleGpus: number;
      /** The longest context, in tokens, that would fit; `undefined` when the model's shape is not given. */
      readonly longestContext?: number;
    }
  | {
      readonly ok: false;
      readonly reason: MisfitReason;
      /** What is wrong, as part of a sentence. */
      readonly diagnostic: string;
      /** The cheapest types on which the model fits, few and of different kinds; may be empty. */
      readonly alternatives: readonly Alternative[];
    };

const ALTERNATIVES_MAX = 3;

/**
 * Whether a model fits on an instance type; if not, why not, and on which types it does.
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
    return misfit("no NVIDIA GPU", diagnostic, () => alternatives(model, instance.arch));
  }
  const wrong = splitDiagnostic(model, instance) ?? memoryDiagnostic(model, instance);
  if (wrong !== undefined) {
    return wrong.reason === "uneven split"
      ? misfit(wrong.reason, wrong.diagnostic)
      : misfit(wrong.reason, wrong.diagnostic, () => alternatives(model, instance.arch));
  }
  const idleGpus = instance.accelerators - gpusOfCopy(model);
  const room = roomOn(model, instance);
  return room === undefined
    ? {
        ok: true,
        memory: gpuMemoryNeeded(model),
        idleGpus,
        longestContext: longestContext(model, reportedGiB(instance)),
      }
    : {
        ok: true,
        room,
        doubt: doubtOf(model, room, type),
        idleGpus,
        longestContext: room.longest.likely,
      };
}

/** How a model that is known by its config.json takes the memory of a type. */
function roomOn(
  { described, tensorParallel, pipelineParallel }: ModelMemory,
  instance: GpuInstance,
): Room | undefined {
  if (described === undefined) {
    return undefined;
  }
  const { architecture, checkpointBytes, serving } = described;
  const split = {
    ...serving,
    tensorParallel: tensorParallel ?? serving.tensorParallel,
    pipelineParallel: pipelineParallel ?? serving.pipelineParallel,
  };
  return roomOf(architecture, checkpointBytes, split, reportedGiB(instance));
}

/** What is not certain about a model that may fit; undefined: it fits. */
function doubtOf({ described }: ModelMemory, room: Room, type: string): string | undefined {
  const { contextLength = 0, concurrency = 1 } = described?.serving ?? {};
  const { kvGiB, requestGiB, longest, samplerLackGiB, gpuGiB, takenGiB } = room;
  const isUnknown = (described?.architecture.unknown.length ?? 0) > 0;
  const holdsRequests = kvGiB.least >= requestGiB * concurrency;
  if (isUnknown || (holdsRequests && samplerLackGiB <= 0)) {
    return undefined;
  }
  if (holdsRequests) {
    const left = gpuGiB - takenGiB;
    return `the server leaves ${down(left)} GiB of ${type}, and the sampler of a full batch may need ${up(left + samplerLackGiB)}: it would start, and run out of memory when it warms up; lower --gpu-memory-utilization or --max-num-seqs`;
  }
  const times = concurrency === 1 ? "" : ` times concurrency ${concurrency}`;
  const remain = `${down(Math.max(0, kvGiB.least))} to ${down(kvGiB.most)} GiB remain on ${type}`;
  const sure = longest.least > 0 ? `; ${longest.least} tokens fit in any case` : "";
  return `contextLength ${contextLength}${times} needs ${up(requestGiB * concurrency)} GiB KV per GPU, and ${remain}, by what is known of the server${sure}; lower memory.contextLength or the batch of the server, use more GPUs or a larger type`;
}

/**
 * `g6e.xlarge ($1.86/h), g5.12xlarge with tensorParallel 4 ($5.67/h)`: with the price in the region where one is recorded.
 * Empty when there is none.
 */
export function alternativesText(model: ModelMemory, found: readonly Alternative[], region: string): string {
  const wanted = model.tensorParallel ?? 1;
  return found
    .map(({ type, tensorParallel }) => {
      const split = tensorParallel === wanted ? "" : ` with tensorParallel ${tensorParallel}`;
      const usd = onDemandPrice(type, region);
      return `${type}${split}${usd === undefined ? "" : ` (${formatDollars(usd)}/h)`}`;
    })
    .join(", ");
}

/**
 * The cheapest types on which the model fits, few, each with its smallest split: the cheapest of each kind of GPU and split,
 * in the order of {@link placements}.
 *
 * @param arch only types with this CPU, because a group has one machine image
 * @param where only types for which it is true
 */
export function alternatives(
  model: ModelMemory,
  arch: GpuInstance["arch"],
  where: (type: string) => boolean = () => true,
): readonly Alternative[] {
  const smallest = placements(model, arch, where).filter(
    ({ type }, index, all) => all[index - 1]?.type !== type,
  );
  return firstOfEachKind(smallest, kindOfPlacement).slice(0, ALTERNATIVES_MAX);
}

/**
 * Every type and split on which the model may fit, sorted by the price of the type, then by its name, then by the split.
 * Types with a part of a GPU are left out, because the Deep Learning Base AMI has no driver for them.
 *
 * @param arch only types with this CPU, because a group has one machine image
 * @param where only types for which it is true
 */
export function placements(
  model: ModelMemory,
  arch: GpuInstance["arch"],
  where: (type: string) => boolean = () => true,
): readonly Alternative[] {
  return usableTypes(arch)
    .filter(({ type }) => where(type))
    .flatMap((instance) =>
      splits(model, instance.accelerators)
        .filter((tensorParallel) => memoryDiagnostic({ ...model, tensorParallel }, instance) === undefined)
        .map((tensorParallel) => ({ type: instance.type, tensorParallel })),
    );
}

/** What two placements have in common that differ by price alone: the kind of GPU, and the split. */
export function kindOfPlacement({ type, tensorParallel }: Alternative): string {
  return `${gpuInstance(type)?.accelerator} ${tensorParallel}`;
}

/**
 * The types that can replace another one when the model's memory is not written: with as many GPUs, and no less memory
 * on each. The cheapest of each kind of GPU, sorted by price, few.
 *
 * @param where only types for which it is true
 */
export function largeEnoughTypes(than: GpuInstance, where: (type: string) => boolean): readonly string[] {
  const found = usableTypes(than.arch)
    .filter(({ accelerators }) => accelerators === than.accelerators)
    .filter(({ acceleratorMemoryGiB }) => acceleratorMemoryGiB >= than.acceleratorMemoryGiB)
    .filter(({ type }) => where(type));
  return firstOfEachKind(found, ({ accelerator }) => accelerator)
    .slice(0, ALTERNATIVES_MAX)
    .map(({ type }) => type);
}

function firstOfEachKind<T>(found: readonly T[], kindOf: (each: T) => string): readonly T[] {
  const first = new Map<string, T>();
  for (const each of found) {
    const kind = kindOf(each);
    first.set(kind, first.get(kind) ?? each);
  }
  return [...first.values()];
}

/** Types with whole NVIDIA GPUs, sorted by price, then by name. */
function usableTypes(arch: GpuInstance["arch"]): readonly GpuInstance[] {
  return gpuInstanceTypes
    .flatMap((type) => gpuInstance(type) ?? [])
    .filter((instance) => instance.vendor === "nvidia" && instance.arch === arch && !instance.gridDriver)
    .sort(byPrice);
}

/** @param find looks for the alternatives, when they are asked for: that tries every type */
function misfit(
  reason: MisfitReason,
  diagnostic: string,
  find: () => readonly Alternative[] = () => [],
): GpuFit {
  let found: readonly Alternative[] | undefined;
  return {
    ok: false,
    reason,
    diagnostic,
    get alternatives() {
      found ??= find();
      return found;
    },
  };
}

interface Wrong {
  readonly reason: MisfitReason;
  readonly diagnostic: string;
}

function splitDiagnostic(model: ModelMemory, { type, accelerators }: GpuInstance): Wrong | undefined {
  const { tensorParallel = 1, pipelineParallel = 1 } = model;
  const kvHeads = leastKvHeads(model);
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

/** KV heads of the layers with the fewest; a latent vector has none to split. */
function leastKvHeads({ described, kvHeads }: ModelMemory): number | undefined {
  if (described === undefined) {
    return kvHeads;
  }
  const heads = described.architecture.layers.flatMap((layer: Layer) =>
    "kvHeads" in layer ? layer.kvHeads : [],
  );
  return heads.length === 0 ? undefined : Math.min(...heads);
}

function memoryDiagnostic(model: ModelMemory, instance: GpuInstance): Wrong | undefined {
  const reckoned = roomOn(model, instance);
  if (reckoned !== undefined) {
    return certainMisfit(model, reckoned, instance);
  }
  const room = kvRoomGiB(model, reportedGiB(instance));
  if (room < 0) {
    return { reason: "weights", diagnostic: weightsDiagnostic(model, instance) };
  }
  return gpuMemoryNeeded(model).kvGiB > room
    ? { reason: "context", diagnostic: contextDiagnostic(model, instance) }
    : undefined;
}

/** What does not fit even with the least that weights and server may take. What is not known of the model leaves only the weights certain. */
function certainMisfit({ described }: ModelMemory, room: Room, { type }: GpuInstance): Wrong | undefined {
  const { contextLength = 0, concurrency = 1 } = described?.serving ?? {};
  const { kvGiB, weightsGiB, overheadGiB, takenGiB, requestGiB, gpuGiB } = room;
  if (kvGiB.most <= 0) {
    const diagnostic = `${type} (${down(gpuGiB)} GiB a GPU, as CUDA reports it) does not hold the model: the weights take ${up(weightsGiB.least)} GiB per GPU, the server at least ${up(overheadGiB.least)} GiB more, and it has ${down(takenGiB)} GiB`;
    return { reason: "weights", diagnostic };
  }
  if (kvGiB.most >= requestGiB * concurrency || (described?.architecture.unknown.length ?? 0) > 0) {
    return undefined;
  }
  const times = concurrency === 1 ? "" : ` times concurrency ${concurrency}`;
  const each = concurrency === 1 ? "" : " each";
  const diagnostic = `contextLength ${contextLength}${times} needs ${up(requestGiB * concurrency)} GiB KV per GPU; at most ${down(kvGiB.most)} GiB remain on ${type}, enough for ${room.longest.most} tokens${each}`;
  return { reason: "context", diagnostic };
}

function weightsDiagnostic(model: ModelMemory, instance: GpuInstance): string {
  const { type } = instance;
  const gpuGiB = reportedGiB(instance);
  const { utilization = DEFAULT_UTILIZATION } = model;
  const needs = up(gpuMemoryNeeded({ ...model, contextLength: 0 }).perGpuGiB);
  const usable = down(gpuGiB * utilization);
  return `${type} (${gpuGiB} GiB a GPU, as CUDA reports it) does not hold the model: it needs ${needs} GiB per GPU before any KV cache, and utilization ${utilization} leaves ${usable} GiB`;
}

function contextDiagnostic(model: ModelMemory, instance: GpuInstance): string {
  const { type } = instance;
  const gpuGiB = reportedGiB(instance);
  const { contextLength, concurrency = 1 } = model;
  const { kvPerRequestGiB, kvGiB } = gpuMemoryNeeded(model);
  const [needs, each] =
    concurrency === 1
      ? [`needs ${up(kvPerRequestGiB)} GiB KV per request`, ""]
      : [`times concurrency ${concurrency} needs ${up(kvGiB)} GiB KV`, " each"];
  const room = down(kvRoomGiB(model, gpuGiB));
  const longest = longestContext(model, gpuGiB);
  return `contextLength ${contextLength} ${needs}; ${room} GiB remain on ${type}, enough for ${longest} tokens${each}`;
}

/** Splits that are safe to suggest: the written one, and the divisors of the KV heads, or powers of two when these are not written. */
function splits(model: ModelMemory, accelerators: number): readonly number[] {
  const { tensorParallel = 1, pipelineParallel = 1 } = model;
  const kvHeads = leastKvHeads(model);
  const counts = Array.from({ length: Math.floor(accelerators / pipelineParallel) }, (_, index) => index + 1);
  return kvHeads === undefined
    ? counts.filter((count) => count === tensorParallel || Number.isInteger(Math.log2(count)))
    : counts.filter(
        (count) =>
          kvHeads % count === 0 || (count === tensorParallel && splitsEvenly(kvHeads, tensorParallel)),
      );
}

/** The factor between two regions is about the same for all families, so that the order is. */
export const PRICED_REGION = "us-east-1";

/** Sorting is stable, so types of one price stay in the order of their names. */
function byPrice(a: GpuInstance, b: GpuInstance): number {
  const [left = 0, right = 0] = [a, b].map(
    ({ type }) => onDemandPrice(type, PRICED_REGION) ?? Number.POSITIVE_INFINITY,
  );
  return left === right ? 0 : left - right;
}

/** Rounds up to one decimal, so that a need is never shown too small. */
function up(gib: number): number {
  return Math.ceil(gib * 10 - 1e-6) / 10;
}

/** Rounds down to one decimal, so that free memory is never shown too large. */
function down(gib: number): number {
  return Math.floor(gib * 10 + 1e-6) / 10;
}
