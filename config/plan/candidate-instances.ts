import { cpuInstance } from "../../aws/cpu-instances";
import {
  type GpuInstance,
  gpuInstance,
  gpuInstancesMatching,
  hasAccelerators,
  type Instance,
} from "../../aws/instance-types";
import type { InstanceSettings } from "./overrides";

type Requirements = NonNullable<InstanceSettings["instanceRequirements"]>;

/**
 * The instance types that AWS may launch of a list. Without requirements these are the types named. With requirements
 * they are the types with NVIDIA GPUs that match the names and patterns, and meet the requirements.
 */
export function candidateInstances({
  instanceTypes,
  instanceRequirements: wanted,
}: Pick<InstanceSettings, "instanceTypes" | "instanceRequirements">): readonly Instance[] {
  const candidates = new Map(
    instanceTypes.flatMap((type) => candidatesOf(type, wanted)).map((each) => [each.type, each]),
  );
  return [...candidates.values()];
}

/** The instance types of one entry of the list. */
export function candidatesOf(type: string, wanted: Requirements | undefined): readonly Instance[] {
  return wanted === undefined
    ? [gpuInstance(type) ?? cpuInstance(type)].filter((instance) => instance !== undefined)
    : gpuInstancesMatching(type).filter(
        (instance) => instance.vendor === "nvidia" && meets(instance, wanted),
      );
}

/** Those of one entry that have accelerators. */
export function gpuCandidatesOf(type: string, wanted: Requirements | undefined): readonly GpuInstance[] {
  return candidatesOf(type, wanted).filter(hasAccelerators);
}

/** Whether the instances of a variant have GPUs: all have, or none has. A type that is not known counts as one with GPUs. */
export function hasGpus({ instanceTypes }: Pick<InstanceSettings, "instanceTypes">): boolean {
  return instanceTypes.some((type) => cpuInstance(type) === undefined);
}

function meets(instance: GpuInstance, { gpus, gpuMemory, vcpus, memory }: Requirements): boolean {
  const { accelerators, acceleratorMemoryGiB } = instance;
  return (
    accelerators >= gpus.min &&
    accelerators <= (gpus.max ?? Number.POSITIVE_INFINITY) &&
    accelerators * acceleratorMemoryGiB >= gpuMemory &&
    instance.vcpus >= vcpus &&
    instance.memoryGiB >= memory
  );
}
