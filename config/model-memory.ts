import { type Derived, orWritten } from "./derived";
import { diskNeededGiB, HEAD_ROOM, IMAGE_GIB, MACHINE_IMAGE_GIB } from "./disk";
import { type ModelMemory, weightsSizeGiB } from "./gpu-memory";
import type { BoxSettings } from "./settings";

/** What a variant says of the GPU memory it needs; nothing, when it says nothing. */
export function modelMemory({ memory, weights }: BoxSettings): ModelMemory | undefined {
  return memory && { ...memory, weightsGiB: weights?.size };
}

/** Size of a variant's weights on disk in GiB, as declared or as it follows from the parameters. */
export function weightsOnDiskGiB({ memory, weights }: BoxSettings): number | undefined {
  return weights?.size ?? (memory && weightsSizeGiB(memory.parameters, memory.precision));
}

/** Size of a variant's root volume: what it must hold, or what the team wrote. */
export function diskNeeded(settings: BoxSettings): Derived {
  const weightsGiB = weightsOnDiskGiB(settings) ?? 0;
  return orWritten(
    {
      value: diskNeededGiB({ weightsGiB }),
      unit: "GiB",
      rule: `weights + container image (${IMAGE_GIB}) + machine image (${MACHINE_IMAGE_GIB}) and ${HEAD_ROOM * 100} % to spare, rounded up to tens, at least 75`,
      inputs: { weightsGiB: Math.ceil(weightsGiB) },
      source: "config/disk.ts",
    },
    settings.volume.size,
  );
}
