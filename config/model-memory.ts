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
