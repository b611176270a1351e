import { BYTES_PER_GIB } from "../units";
import type { Architecture } from "./model-config/read";
import type { Serving } from "./room";

/** How the weights of a model are stored. AWQ and GPTQ are `int4`. */
export type Precision = "fp32" | "fp16" | "bf16" | "fp8" | "mxfp8" | "int8" | "int4" | "mxfp4" | "nvfp4";

/** How keys and values are stored in the KV cache. */
export type KvPrecision = "fp16" | "bf16" | "fp8";

/** A model by its config.json, and how it is served. */
export interface Described {
  readonly architecture: Architecture;
  /** Bytes of its checkpoint. Default: reckoned. */
  readonly checkpointBytes?: number;
  readonly serving: Serving;
}

/** What decides how much GPU memory a model needs. */
export interface ModelMemory {
  /** Number of parameters, e.g. 8e9. For a mixture of experts: of all experts, because all are loaded. Not needed with {@link weightsGiB}. */
  readonly parameters?: number;
  /** The model by its config.json. Default: it is known by the numbers here alone. */
  readonly described?: Described;
  /** Ranks that the weights are divided over beside the splits above: those over which experts are divided. Default: 1. */
  readonly dataParallel?: number;
  /** Default: `bf16`. */
  readonly precision?: Precision;
  /** Size of the weights in GiB. Default: computed from parameters and precision. */
  readonly weightsGiB?: number;
  /** GPUs over which each layer of one copy of the model is split. Default: 1. */
  readonly tensorParallel?: number;
  /** Pipeline stages of one copy of the model. Each has some of the layers, and uses `tensorParallel` GPUs. Default: 1. */
  readonly pipelineParallel?: number;
  /** `num_hidden_layers` of config.json. Without layers, kvHeads and headDim only the weights are counted. */
  readonly layers?: number;
  /** `num_key_value_heads` of config.json: fewer than the attention heads with grouped-query attention. */
  readonly kvHeads?: number;
  /** `head_dim` of config.json, or `hidden_size / num_attention_heads`. */
  readonly headDim?: number;
  /** Longest context of one request, in tokens. Without it only the weights are counted. */
  readonly contextLength?: number;
  /** Concurrent requests of that length. Default: 1. */
  readonly concurrency?: number;
  /** Default: 2 bytes a value, 4 for `fp32` weights, as vLLM's `--kv-cache-dtype auto`. */
  readonly kvPrecision?: KvPrecision;
  /** Share of a GPU's memory the server may take, above 0, at most 1. Default: {@link DEFAULT_UTILIZATION}. */
  readonly utilization?: number;
}

/** GPU memory a model needs, in GiB. */
export interface GpuMemory {
  /** The whole model. */
  readonly weightsGiB: number;
  /** KV cache of one request of the longest context, over all GPUs; 0 when the model's shape is not given. */
  readonly kvPerRequestGiB: number;
  /** KV cache of all concurrent requests, over all GPUs. */
  readonly kvGiB: number;
  /** Activations, CUDA context and graphs, on each GPU. */
  readonly overheadGiB: number;
  /** Memory used on each GPU of the largest stage: its share of weights and KV cache, and the overhead. */
  readonly perGpuGiB: number;
}

/**
 * Default of vLLM's `--gpu-memory-utilization` for years; newer releases have 0.92. The lower of the two, so that a
 * model that fits here also fits there.
 */
export const DEFAULT_UTILIZATION = 0.9;

/**
 * Activations at the peak, CUDA context, communication buffers and CUDA graphs, in GiB on each GPU, of a model that is known
 * by numbers. Logs of vLLM show 0.6 (consumer GPU) to 3 (8B on an H100) for dense models; the middle of what they show on
 * GPUs of 24 GB.
 */
export const OVERHEAD_GIB = 1.6;

/**
 * Bytes a parameter takes. Quantized models keep the embedding and output layers, 13 % of Llama 3.1 8B and 3 % of
 * its 70B, in 16 bits, and `int4` adds a scale and zero point for each group of 128: 0.71 bytes for the 8B, 0.56 for
 * the 70B. These are the sizes of small models; a large one is better served by its declared size.
 */
const BYTES_PER_PARAMETER: Readonly<Record<Precision, number>> = {
  fp32: 4,
  fp16: 2,
  bf16: 2,
  fp8: 1.1,
  mxfp8: 1.1,
  int8: 1.1,
  int4: 0.7,
  // gpt-oss: 65.2 GB for 117 billion parameters.
  mxfp4: 0.56,
  nvfp4: 0.7,
};

/** Size of a model's weights in GiB, on disk and in GPU memory. */
export function weightsSizeGiB(parameters: number, precision: Precision = "bf16"): number {
  return (parameters * BYTES_PER_PARAMETER[precision]) / BYTES_PER_GIB;
}

/**
 * The fewest bytes of a parameter: as the precision's name says, and a quarter byte for `int4`, because people also use
 * that name for the two and three bits of GGUF.
 */
const LEAST_BYTES_PER_PARAMETER: Readonly<Record<Precision, number>> = {
  fp32: 4,
  fp16: 2,
  bf16: 2,
  fp8: 1,
  mxfp8: 1,
  int8: 1,
  int4: 0.25,
  mxfp4: 0.5,
  nvfp4: 0.5,
};

/** Tolerance for parameters that are rounded in a model's name: Llama 3 8B has 8.03 billion, Mistral 7B has 7.25. */
const NAME_TOLERANCE = 0.8;

/** The smallest possible size of the weights in GiB. A smaller written size is a mistake. */
export function leastWeightsGiB(parameters: number, precision: Precision = "bf16"): number {
  return (NAME_TOLERANCE * parameters * LEAST_BYTES_PER_PARAMETER[precision]) / BYTES_PER_GIB;
}

/**
 * Bytes of KV cache that one token of context takes, over all GPUs: a key and a value for every layer and KV head
 * ("Efficient Memory Management for Large Language Model Serving with PagedAttention", section 3).
 * With more GPUs than KV heads every GPU holds one head, so heads are held several times (vLLM, QKVParallelLinear).
 *
 * @returns `undefined` when layers, kvHeads or headDim is not given
 */
export function kvBytesPerToken(model: ModelMemory): number | undefined {
  const { layers, kvHeads, headDim, tensorParallel = 1 } = model;
  if (layers === undefined || kvHeads === undefined || headDim === undefined) {
    return undefined;
  }
  return 2 * layers * Math.max(kvHeads, tensorParallel) * headDim * kvBytesPerValue(model);
}

/** GPUs of one copy of the model: `tensorParallel` for each pipeline stage. */
export function gpusOfCopy({ tensorParallel = 1, pipelineParallel = 1 }: ModelMemory): number {
  return tensorParallel * pipelineParallel;
}

/**
 * The number of GPUs, each as full as those of the largest stage, that would hold a copy's weights and KV cache: all of
 * the copy's GPUs, or somewhat fewer when the layers do not divide evenly among the stages. No stage has more layers than
 * layers ÷ stages, rounded up. Embeddings and output layer, which are in the first and the last stage, are counted as if
 * they were spread over all stages.
 *
 * Source: vLLM docs, "Parallelism and Scaling"; get_pp_indices of vllm/distributed/utils.py, and SGLang's.
 */
function fullestGpusOfCopy(model: ModelMemory): number {
  const { layers, tensorParallel = 1, pipelineParallel = 1, dataParallel = 1 } = model;
  const fullestStages =
    layers === undefined ? pipelineParallel : layers / Math.ceil(layers / pipelineParallel);
  return tensorParallel * dataParallel * fullestStages;
}

function kvBytesPerValue({ kvPrecision, precision }: ModelMemory): number {
  if (kvPrecision === undefined) {
    return precision === "fp32" ? 4 : 2;
  }
  return kvPrecision === "fp8" ? 1 : 2;
}

/** GPU memory the model needs: its weights, the KV cache of the concurrent requests, and the overhead. */
export function gpuMemoryNeeded(model: ModelMemory): GpuMemory {
  const { contextLength = 0, concurrency = 1 } = model;
  const weightsGiB = model.weightsGiB ?? weightsSizeGiB(model.parameters ?? 0, model.precision);
  const kvPerRequestGiB = ((kvBytesPerToken(model) ?? 0) * contextLength) / BYTES_PER_GIB;
  const kvGiB = kvPerRequestGiB * concurrency;
  return {
    weightsGiB,
    kvPerRequestGiB,
    kvGiB,
    overheadGiB: OVERHEAD_GIB,
    perGpuGiB: (weightsGiB + kvGiB) / fullestGpusOfCopy(model) + OVERHEAD_GIB,
  };
}

/**
 * GPU memory left for the KV cache, over all GPUs of a copy, in GiB; negative when the weights do not fit. The largest
 * stage decides, because every stage holds the same number of tokens.
 *
 * @param gpuMemoryGiB memory of one GPU
 */
export function kvRoomGiB(model: ModelMemory, gpuMemoryGiB: number): number {
  const { utilization = DEFAULT_UTILIZATION } = model;
  const { weightsGiB, overheadGiB } = gpuMemoryNeeded(model);
  return (gpuMemoryGiB * utilization - overheadGiB) * fullestGpusOfCopy(model) - weightsGiB;
}

/**
 * The longest context that fits beside the weights with the model's concurrency, in whole tokens; 0 when none does.
 *
 * @param gpuMemoryGiB memory of one GPU
 * @returns `undefined` when layers, kvHeads or headDim is not given
 */
export function longestContext(model: ModelMemory, gpuMemoryGiB: number): number | undefined {
  const perToken = kvBytesPerToken(model);
  if (perToken === undefined) {
    return undefined;
  }
  const room = kvRoomGiB(model, gpuMemoryGiB) * BYTES_PER_GIB;
  return Math.max(0, Math.floor(room / (perToken * (model.concurrency ?? 1))));
}

/**
 * Whether vLLM can split the model's KV heads over so many GPUs: the number must divide them, or be a multiple of
 * them (vLLM, QKVParallelLinear). It must divide the attention heads too, which a number that divides the KV heads does.
 */
export function splitsEvenly(kvHeads: number, tensorParallel: number): boolean {
  return kvHeads % tensorParallel === 0 || tensorParallel % kvHeads === 0;
}
