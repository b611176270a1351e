import type { GpuInstance } from "../../aws/instance-types";

/**
 * Memory that CUDA reports, in GiB, of GPUs with so many GiB by EC2. Read from messages of PyTorch, "GPU 0 has a total
 * capacity of … GiB", of 2024 to 2026; where they differ, the least. A T4 keeps a part for error correction.
 */
const REPORTED: Readonly<Record<string, number>> = {
  "NVIDIA T4 16": 14.56,
  "NVIDIA T4g 16": 14.56,
  "NVIDIA A10G 22.4": 22.05,
  "NVIDIA L4 22.4": 22.03,
  "NVIDIA L40S 44.7": 44.34,
  "NVIDIA A100 40": 39.39,
  "NVIDIA A100 80": 79.14,
  "NVIDIA H100 80": 79.14,
  "NVIDIA H200 141": 139.72,
  "NVIDIA B200 179.1": 178.35,
};

/** The share of others, of which no message is known: the least of those above but the T4. */
const USUAL_SHARE = 0.983;

/** Memory of one GPU of an instance as CUDA reports it, in GiB, rounded down to a hundredth. */
export function reportedGiB({ accelerator, acceleratorMemoryGiB }: GpuInstance): number {
  return (
    REPORTED[`${accelerator} ${acceleratorMemoryGiB}`] ??
    Math.floor(acceleratorMemoryGiB * USUAL_SHARE * 100) / 100
  );
}
