import { AMAZON_LINUX_AMI_ROOT_SNAPSHOT, DEEP_LEARNING_AMI_ROOT_SNAPSHOT } from "../../aws/limits";
import { type ModelMemory, weightsSizeGiB } from "../gpu/memory";
import { reckonedBytes } from "../gpu/model-config/read";
import { ADAPTER_GIB } from "../schema/instance";
import { presetOf, type ServerName } from "../servers/presets";
import { BYTES_PER_GIB } from "../units";
import { adaptersOf } from "./adapters";
import { hasGpus } from "./candidate-instances";
import { type Derived, orWritten } from "./derived";
import { type DiskNeeds, diskNeededGiB, HEAD_ROOM, IMAGE_GIB, MACHINE_IMAGE_GIB } from "./disk";
import type { InstanceSettings } from "./overrides";
import { describedArchitecture, describedModel, expertRanks } from "./serving-memory";
import { writtenArgument } from "./written-argument";

/** The `memory` of a variant. Pipeline stages may be written in its arguments instead. Undefined when `memory` is not written. */
export function modelMemory(settings: InstanceSettings, server: ServerName): ModelMemory | undefined {
  const { memory, weights } = settings;
  if (memory === undefined) {
    return undefined;
  }
  const described = describedModel(settings, server);
  const { config: _config, size, ...numbers } = memory;
  return {
    ...numbers,
    tensorParallel: numbers.tensorParallel ?? described?.serving.tensorParallel,
    pipelineParallel: numbers.pipelineParallel ?? writtenStages(settings, server),
    dataParallel: expertRanks(settings, server),
    weightsGiB: weights?.size ?? size,
    described,
  };
}

function writtenStages(settings: InstanceSettings, server: ServerName): number | undefined {
  const name = presetOf(server)?.argumentNames.pipelineParallel;
  const stages = Number(name && writtenArgument(server, name, settings)?.value);
  return Number.isInteger(stages) && stages > 0 ? stages : undefined;
}

/** Size of a variant's weights on disk in GiB: as written, or reckoned from `memory.config`, or from the parameters. */
export function weightsOnDiskGiB(settings: Pick<InstanceSettings, "memory" | "weights">): number | undefined {
  const { memory, weights } = settings;
  return weights?.size ?? memory?.size ?? reckonedGiB(settings);
}

function reckonedGiB(settings: Pick<InstanceSettings, "memory">): number | undefined {
  const architecture = describedArchitecture(settings);
  const bytes = architecture && reckonedBytes(architecture);
  if (bytes !== undefined) {
    return bytes / BYTES_PER_GIB;
  }
  const { parameters, precision } = settings.memory ?? {};
  return parameters === undefined ? undefined : weightsSizeGiB(parameters, precision);
}

/** What a variant's root volume must hold beside the images. */
export function diskNeeds(settings: InstanceSettings): Required<Omit<DiskNeeds, "imageGiB">> {
  return {
    weightsGiB: weightsOnDiskGiB(settings) ?? 0,
    adaptersGiB: sum(adaptersOf(settings).map(({ size = ADAPTER_GIB }) => size)),
    mountsGiB: sum(Object.values(settings.mounts).map(({ size }) => size)),
    ...machineImageNeeds(settings),
  };
}

/** Without GPUs it is Amazon Linux, whose files are no more than its snapshot. */
function machineImageNeeds(settings: InstanceSettings) {
  const { gib } = AMAZON_LINUX_AMI_ROOT_SNAPSHOT;
  return hasGpus(settings)
    ? { machineImageGiB: MACHINE_IMAGE_GIB, snapshotGiB: DEEP_LEARNING_AMI_ROOT_SNAPSHOT.gib }
    : { machineImageGiB: gib, snapshotGiB: gib };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Size of a variant's root volume: derived from what it must hold, or as written. */
export function diskNeeded(settings: InstanceSettings): Derived {
  const needs = diskNeeds(settings);
  const { weightsGiB, adaptersGiB, mountsGiB, machineImageGiB, snapshotGiB } = needs;
  return orWritten(
    {
      value: diskNeededGiB(needs),
      unit: "GiB",
      rule: `(weights + adapters + mounts + container image ${IMAGE_GIB} + machine image ${machineImageGiB}) × ${1 + HEAD_ROOM}, rounded up to tens, at least ${snapshotGiB}`,
      inputs: {
        weightsGiB: Math.ceil(weightsGiB),
        ...(adaptersGiB > 0 ? { adaptersGiB } : {}),
        ...(mountsGiB > 0 ? { mountsGiB } : {}),
      },
      source: "docs/capacity-and-timing.md",
    },
    settings.volume.size,
  );
}
