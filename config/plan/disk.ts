import { DEEP_LEARNING_AMI_ROOT_SNAPSHOT } from "../../aws/limits";

/** What an instance's root volume must hold, in GiB. */
export interface DiskNeeds {
  /** Weights of the model on disk; 0 when their size is not written, or they are not on the volume. */
  readonly weightsGiB: number;
  /** Adapters of the model. Default: 0. */
  readonly adaptersGiB?: number;
  /** What the folders in `mounts` may hold. Default: 0. */
  readonly mountsGiB?: number;
  /** Container image, unpacked. Default: {@link IMAGE_GIB}. */
  readonly imageGiB?: number;
  /** The machine image's own files. Default: {@link MACHINE_IMAGE_GIB}. */
  readonly machineImageGiB?: number;
  /** The snapshot of the machine image. Default: that of the Deep Learning Base AMI. */
  readonly snapshotGiB?: number;
}

/** A model server's container image, unpacked: `vllm/vllm-openai` is 28.6 GB (vLLM pull request 22377). */
export const IMAGE_GIB = 30;

/**
 * What the Deep Learning Base AMI itself occupies: the system and four CUDA toolkits (12.8, 12.9, 13.0, 13.2 in
 * its release notes of 2026-09) of about 10 GB each.
 */
export const MACHINE_IMAGE_GIB = 50;

/** Share added for compressed layers while an image is unpacked, for logs, and for compilation caches. */
export const HEAD_ROOM = 0.2;

const STEP_GIB = 10;

/**
 * The root volume that an instance needs, in GiB: its contents plus 20 %, rounded up to the next 10, and at least the
 * size of the machine image's own snapshot.
 */
export function diskNeededGiB(needs: DiskNeeds): number {
  const { weightsGiB, adaptersGiB = 0, mountsGiB = 0 } = needs;
  const { imageGiB = IMAGE_GIB, machineImageGiB = MACHINE_IMAGE_GIB } = needs;
  const { snapshotGiB = DEEP_LEARNING_AMI_ROOT_SNAPSHOT.gib } = needs;
  const wanted = (weightsGiB + adaptersGiB + mountsGiB + imageGiB + machineImageGiB) * (1 + HEAD_ROOM);
  const rounded = Math.ceil(wanted / STEP_GIB) * STEP_GIB;
  return Math.max(snapshotGiB, rounded);
}

/**
 * What is wrong with a declared volume, as part of a sentence, and which size would be right.
 *
 * @returns `undefined` when the volume is large enough
 */
export function diskDiagnostic(volumeGiB: number, needs: DiskNeeds): string | undefined {
  const needed = diskNeededGiB(needs);
  if (volumeGiB >= needed) {
    return undefined;
  }
  const { weightsGiB, adaptersGiB = 0, mountsGiB = 0 } = needs;
  const { imageGiB = IMAGE_GIB, machineImageGiB = MACHINE_IMAGE_GIB } = needs;
  const parts = [
    weightsGiB > 0 ? `weights ${Math.ceil(weightsGiB)}` : undefined,
    adaptersGiB > 0 ? `adapters ${Math.ceil(adaptersGiB)}` : undefined,
    mountsGiB > 0 ? `mounts ${Math.ceil(mountsGiB)}` : undefined,
    `container image ${Math.ceil(imageGiB)}`,
    machineImageGiB > 0 ? `machine image ${Math.ceil(machineImageGiB)}` : undefined,
  ].filter((part) => part !== undefined);
  return `${volumeGiB} GiB < ${parts.join(" + ")} + ${HEAD_ROOM * 100} % head-room: use ${needed}GiB`;
}
