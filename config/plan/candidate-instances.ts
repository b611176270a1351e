import { type GpuInstance, gpuInstance, gpuInstancesMatching } from "../../aws/instance-types";
import type { InstanceSettings } from "./overrides";

type Requirements = NonNullable<InstanceSettings["instanceRequirements"]>;

/**
 * The instance types that AWS may launch of a list. Without requirements these are the types named. With requirements
 * they are the types with NVIDIA GPUs that match the names and patterns, and meet the requirements.
 */
export function candidateInstances({
  instanceTypes,
  instanceRequirements: wanted,
}: Pick<InstanceSettings, "instanceTypes" | "instanceRequirements">): readonly GpuInstance[] {
  const candidates = instanceTypes.flatMap((type) => candidatesOf(type, wanted));
  return [...new Set(candidates)];
}

/** The instance types of one entry of the list. */
export function candidatesOf(type: string, wanted: Requirements | undefined): readonly GpuInstance[] {
  return wanted === undefined
    ? [gpuInstance(type)].filter((instance) => instance !== undefined)
    : gpuInstancesMatching(type).filter(
        (instance) => instance.vendor === "nvidia" && meets(instance, wanted),
      );
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
