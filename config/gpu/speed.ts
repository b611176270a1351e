import type { GpuInstance } from "../../aws/instance-types";

/** How fast a GPU is, by its maker, at its best. */
export interface GpuSpeed {
  /** Memory, in GB a second. */
  readonly memory: number;
  /** Dense multiplications of 16-bit numbers, in 10¹² operations a second. */
  readonly compute: number;
}

/**
 * By NVIDIA's data sheets; where a sheet counts multiplications that are half zeros, the half of that. Of an A100 those
 * with 40 GB, and of an A10G what AWS has.
 */
const SPEEDS: Readonly<Record<string, GpuSpeed>> = {
  "NVIDIA T4": { memory: 300, compute: 65 },
  "NVIDIA T4g": { memory: 300, compute: 65 },
  "NVIDIA A100": { memory: 1555, compute: 312 },
  "NVIDIA A10G": { memory: 600, compute: 70 },
  "NVIDIA L4": { memory: 300, compute: 121 },
  "NVIDIA L40S": { memory: 864, compute: 362 },
  "NVIDIA H100": { memory: 3350, compute: 989 },
  "NVIDIA H200": { memory: 4800, compute: 989 },
  "NVIDIA B200": { memory: 8000, compute: 2250 },
  "NVIDIA B300": { memory: 8000, compute: 2250 },
  "NVIDIA RTX PRO Server 6000": { memory: 1597, compute: 500 },
};

/** @returns `undefined` for GPUs that are newer than the table, and for parts of a GPU */
export function speedOf({ accelerator, part }: GpuInstance): GpuSpeed | undefined {
  return part === 1 ? SPEEDS[accelerator] : undefined;
}

/** What takes the time of a request on one copy of a model. */
export interface Work {
  /** GPUs of the copy. */
  readonly gpus: number;
  /** Bytes of its weights, over all its GPUs. */
  readonly weightsBytes: number;
  /** Parameters that each token is multiplied with. */
  readonly activeParameters: number;
  /** Bytes of KV cache of a token, over all its GPUs. */
  readonly tokenBytes: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
  /** Requests that run at a time. */
  readonly atATime: number;
}

/**
 * Seconds that a request takes while so many run, with a share of the GPU's speed. Its prompt takes two operations for each
 * parameter and token. Each step of the answers reads the weights, and the keys and values of all requests, which hold half
 * of their answers on average; it makes one token of each. All requests share the GPU, so each waits for the prompts of the
 * others.
 *
 * Source: "Efficiently Scaling Transformer Inference" (Pope et al., 2022), sections 2 and 3.
 */
export function secondsOfRequest(work: Work, speed: GpuSpeed, share: number): number {
  const { gpus, weightsBytes, activeParameters, tokenBytes, promptTokens, answerTokens, atATime } = work;
  const prompt = (2 * activeParameters * promptTokens) / (gpus * speed.compute * 1e12 * share);
  const held = atATime * (promptTokens + answerTokens / 2) * tokenBytes;
  const step = (weightsBytes + held) / (gpus * speed.memory * 1e9 * share);
  return atATime * prompt + answerTokens * step;
}
