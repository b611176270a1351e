import { BYTES_PER_GIB } from "../units";
import { type CacheSettings, longestRequest, requestBytes, sglangTokens, tokensIn } from "./kv-cache";
import { allBytes, bytesOfPart } from "./model-config/parts";
import type { Architecture } from "./model-config/read";

/** How a server is told to serve a model. */
export interface Serving {
  readonly server: "vllm" | "sglang" | "other";
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  /** Copies of the parts that are not experts. */
  readonly dataParallel: number;
  /** Whether experts are divided whole over all GPUs. */
  readonly expertParallel: boolean;
  /** GPUs over which tokens of latent layers are divided. */
  readonly contextParallel: number;
  /** The longest context of a request, in tokens. */
  readonly contextLength: number;
  /** Requests of that length at a time. */
  readonly concurrency: number;
  /** Bytes of a value of the KV cache. */
  readonly kvBytes: number;
  /** Share of the GPU's memory that the server takes. Default: SGLang reckons it; others take 0.9. */
  readonly utilization?: number;
  /** Tokens of one forward pass. Default: by the GPU. */
  readonly batchedTokens?: number;
  /** Requests of one forward pass. Default: by the GPU. */
  readonly batchedRequests?: number;
  readonly prefixCaching: boolean;
  /** Whether layers with windows keep no more than these. */
  readonly hybrid: boolean;
  /** Whether what it takes holds its CUDA graphs too. */
  readonly countsGraphs: boolean;
  /** Whether further tokens are drafted by layers of the model. */
  readonly drafts: boolean;
}

/** A number with the least and the most that it may be. */
export interface Spread {
  readonly least: number;
  readonly likely: number;
  readonly most: number;
}

/** How a model takes the memory of each GPU, in GiB. */
export interface Room {
  /** What CUDA reports. */
  readonly gpuGiB: number;
  /** What the server takes of it. */
  readonly takenGiB: number;
  readonly weightsGiB: Spread;
  /** Activations, context, communication and graphs. */
  readonly overheadGiB: Spread;
  /** What is left for the KV cache; `least` with the most weights and overhead. May be below 0. */
  readonly kvGiB: Spread;
  /** What one request of the longest context takes of it. */
  readonly requestGiB: number;
  /** Tokens that fit, as the server reckons them. */
  readonly tokens: Spread;
  /** The longest request that fits, in tokens, at most the longest context. */
  readonly longest: Spread;
  /** What vLLM's sampler may want more than the server leaves of the GPU, in GiB; below 0 it is enough. */
  readonly samplerLackGiB: number;
}

/** vLLM's, for years. */
const UTILIZATION = 0.9;

/** Reckons how a model takes the memory of a GPU. */
export function roomOf(
  architecture: Architecture,
  /** Bytes of the checkpoint. Default: reckoned. */
  checkpointBytes: number | undefined,
  serving: Serving,
  gpuGiB: number,
): Room {
  const weights = weightsOf(architecture, checkpointBytes, serving);
  const overhead = overheadOf(architecture, serving, gpuGiB);
  const taken =
    serving.server === "sglang"
      ? sglangTaken(serving, gpuGiB)
      : gpuGiB * (serving.utilization ?? UTILIZATION);
  const rest = (each: keyof Spread) => {
    const heavy = each === "least" ? "most" : each === "most" ? "least" : "likely";
    return serving.server === "sglang"
      ? taken - weights[heavy] - SGLANG_CONTEXT_GIB
      : taken - weights[heavy] - overhead[heavy];
  };
  const kv = spread(rest);
  const settings = cacheSettings(architecture, serving, gpuGiB);
  const { contextLength } = serving;
  const drafted = serving.drafts ? 1 + 1 / Math.max(1, architecture.layers.length) : 1;
  const request = requestBytes(architecture.layers, contextLength, settings) * drafted;
  const bytes = (gib: number) => Math.max(0, gib) * BYTES_PER_GIB;
  // Reckoned when they are asked for: a search for what fits does not ask.
  let tokens: Spread | undefined;
  let longest: Spread | undefined;
  return {
    gpuGiB,
    takenGiB: taken,
    weightsGiB: weights,
    overheadGiB: overhead,
    kvGiB: kv,
    requestGiB: request / BYTES_PER_GIB,
    get tokens() {
      tokens ??= spread((each) =>
        serving.server === "sglang"
          ? sglangTokens(architecture.layers, bytes(kv[each]) / drafted, settings)
          : tokensIn(architecture.layers, contextLength, bytes(kv[each]) / drafted, settings),
      );
      return tokens;
    },
    get longest() {
      longest ??= spread((each) =>
        longestRequest(
          architecture.layers,
          contextLength,
          bytes(kv[each]) / drafted / serving.concurrency,
          settings,
        ),
      );
      return longest;
    },
    samplerLackGiB:
      serving.server === "vllm" ? besideTaken(architecture, serving, gpuGiB) - (gpuGiB - taken) : 0,
  };
}

function spread(of: (each: keyof Spread) => number): Spread {
  return { least: of("least"), likely: of("likely"), most: of("most") };
}

export function cacheSettings({ modelBytes }: Architecture, serving: Serving, gpuGiB: number): CacheSettings {
  return {
    tensorParallel: serving.tensorParallel,
    pipelineParallel: serving.pipelineParallel,
    contextParallel: serving.contextParallel,
    modelBytes,
    kvBytes: serving.kvBytes,
    inFlight:
      (serving.batchedTokens ?? usualBatch(gpuGiB).tokens) *
      Math.max(CONCURRENT_BATCHES, serving.pipelineParallel),
    prefixCaching: serving.prefixCaching,
    hybrid: serving.hybrid,
  };
}

/** With asynchronous scheduling. Source: vLLM, config/vllm.py, max_in_flight_tokens. */
const CONCURRENT_BATCHES = 2;

/** The batch of vLLM's API server. Source: vLLM, engine/arg_utils.py. */
function usualBatch(gpuGiB: number): { readonly tokens: number; readonly requests: number } {
  if (gpuGiB >= 160) {
    return { tokens: 16_384, requests: 1024 };
  }
  return gpuGiB >= 70 ? { tokens: 8192, requests: 1024 } : { tokens: 2048, requests: 256 };
}

/** Kernels for fp4 pad the sides of experts to multiples of these. Source: vLLM, layers/fused_moe/oracle/mxfp4.py. */
const PADS = { least: [128, 128], likely: [256, 128], most: [256, 256] } as const;

/** Weights on each GPU. Norms, routers and the first projections of latent attention are whole on every one. */
function weightsOf(
  { parts, widths, quantization, layers }: Architecture,
  checkpointBytes: number | undefined,
  { tensorParallel: tp, pipelineParallel: pp, dataParallel: dp, drafts }: Serving,
): Spread {
  const stage = layers.length === 0 ? 1 / pp : Math.ceil(layers.length / pp) / layers.length;
  if (parts === undefined) {
    const each = ((checkpointBytes ?? 0) / tp) * stage;
    return spread(() => each / BYTES_PER_GIB);
  }
  const { vocabulary, attention, replicated, dense, experts, shared, tower, draft } = parts;
  const scale = checkpointBytes === undefined ? 1 : checkpointBytes / allBytes(parts);
  const split = [vocabulary, attention, dense, shared, tower, ...(drafts ? [draft] : [])];
  const plain = split.reduce((sum, part) => sum + bytesOfPart(part), 0) / tp + bytesOfPart(replicated);
  return spread((each) => {
    const [hiddenPad, innerPad] = PADS[each];
    const inner = widths?.experts?.intermediate ?? 1;
    const hidden = widths?.hidden ?? 1;
    const padded =
      quantization?.padsExperts === true
        ? (up(hidden, hiddenPad) * up(inner, innerPad)) / (hidden * inner)
        : 1;
    return ((plain + (bytesOfPart(experts) * padded) / (tp * dp)) * scale * stage) / BYTES_PER_GIB;
  });
}

const up = (value: number, step: number) => Math.ceil(value / step) * step;

/** CUDA's context, and what libraries keep beside PyTorch, in GiB. Source: vLLM issues 10517 and 13061: 0.25 to 0.35. */
const CONTEXT_GIB = 0.35;

/**
 * Buffers of NCCL and of all-reduce between GPUs, in GiB. Sources: vLLM issue 13061, where two GPUs show none of it; vLLM
 * pull request 14447, with 0.2 for this and the context on sixteen; a log of vLLM of August 2026 on GB300, with 2.4.
 */
const COMMUNICATION_GIB = { least: 0, likely: 0.6, most: 2.05 } as const;

/**
 * What kernels of experts keep beside the activations, such as workspaces, in GiB. No server prints it. It is what remains
 * of four starts without the other parts: 1.5 for DeepSeek R1, 4.0 and 4.2 for gpt-oss 120B, 4.7 for Qwen3 235B.
 */
const EXPERTS_GIB = { least: 0.3, likely: 2.2, most: 5 } as const;

/** CUDA graphs, in GiB. Source: logs of vLLM 0.9 to 0.27: 0.4 to 2.3. */
const GRAPHS_GIB = { least: 0.2, likely: 0.8, most: 1.8 } as const;

/**
 * What ranks that divide experts take more, in GiB: buffers of their exchange, and graphs, which vLLM estimated at 33 GiB
 * where they took 9. Source: a log of vLLM of August 2026 on GB300.
 */
const RANKS_GIB = { least: 0.5, likely: 3, most: 25 } as const;

/** The encoder of images with its cache, in GiB. What remains of a start of Qwen3.8 27B, which prints its graphs, is 0.9. */
const TOWER_GIB = { least: 0, likely: 0.8, most: 3 } as const;

/** Copies of the logits in the sampler, in 32 bits: the logits, their order and their sums. */
const SAMPLER_COPIES = { least: 1, likely: 4, most: 6 } as const;

/** What is not known of a model without widths, in GiB. */
const UNKNOWN_GIB = { least: 0.6, likely: 2, most: 3.5 } as const;

/** What memory beside weights and KV cache is for; `unknown` is all of a model without widths. */
export type OverheadPart =
  | "context"
  | "communication"
  | "activations"
  | "sampler"
  | "experts"
  | "ranks"
  | "tower"
  | "graphs"
  | "unknown";

/**
 * What the server takes beside weights and KV cache. The peak of one forward pass holds three vectors of the hidden size
 * and three of the intermediate size for each token: 2.06 GiB for 20,000 tokens of Llama 3.1 8B, as vLLM issue 10517
 * shows, 2.99 for 29,000.
 */
export function overheadParts(
  { widths, hasTower }: Architecture,
  serving: Serving,
  gpuGiB: number,
): Partial<Record<OverheadPart, Spread>> {
  const { tensorParallel: tp, dataParallel, countsGraphs } = serving;
  if (widths === undefined) {
    return { unknown: UNKNOWN_GIB };
  }
  const { experts } = widths;
  const { forward, logits } = batchOf(widths, serving, gpuGiB);
  const peak = (each: keyof Spread) =>
    Math.max(each === "least" ? forward / 2 : forward, logits * SAMPLER_COPIES[each]);
  return {
    context: spread(() => CONTEXT_GIB),
    ...(tp * dataParallel > 1 && { communication: COMMUNICATION_GIB }),
    // The larger of the two is the peak.
    [logits * SAMPLER_COPIES.likely > forward ? "sampler" : "activations"]: spread(peak),
    ...(experts !== undefined && { experts: EXPERTS_GIB }),
    ...(experts !== undefined && dataParallel > 1 && { ranks: RANKS_GIB }),
    ...(hasTower && { tower: TOWER_GIB }),
    ...(countsGraphs && { graphs: GRAPHS_GIB }),
  };
}

function overheadOf(architecture: Architecture, serving: Serving, gpuGiB: number): Spread {
  const parts = Object.values(overheadParts(architecture, serving, gpuGiB));
  return spread((each) => parts.reduce((sum, part) => sum + part[each], 0));
}

/** What a full batch takes for its forward pass, and for its logits in 32 bits, in GiB. */
function batchOf(
  { hidden, intermediate, vocabulary, experts }: NonNullable<Architecture["widths"]>,
  { batchedTokens, batchedRequests, tensorParallel: tp }: Serving,
  gpuGiB: number,
): { readonly forward: number; readonly logits: number } {
  const { tokens, requests } = usualBatch(gpuGiB);
  const inner =
    experts === undefined
      ? (3 * intermediate) / tp
      : experts.perToken * (hidden + (3 * experts.intermediate) / tp);
  return {
    forward: ((batchedTokens ?? tokens) * 2 * (3 * hidden + inner)) / BYTES_PER_GIB,
    logits: ((batchedRequests ?? requests) * vocabulary * 4) / BYTES_PER_GIB,
  };
}

/**
 * What the sampler of a full batch, and graphs that are not counted, may take beside what the server has taken. The
 * sampler has the room of a forward pass, which is large for all but small models. Source: a log of vLLM with Qwen3 0.6B,
 * a utilization of 0.95 and 1024 requests, which started and then ran out of memory.
 */
function besideTaken({ widths }: Architecture, serving: Serving, gpuGiB: number): number {
  if (widths === undefined) {
    return 0;
  }
  const { forward, logits } = batchOf(widths, serving, gpuGiB);
  const graphs = serving.countsGraphs ? 0 : GRAPHS_GIB.likely;
  return Math.max(0, logits * SAMPLER_COPIES.most - forward) + graphs;
}

/** What is gone before SGLang measures what is free, in GiB. */
const SGLANG_CONTEXT_GIB = 0.5;

/** What SGLang takes for weights and KV cache, in GiB. Source: SGLang, server_args.py, _handle_gpu_memory_settings. */
function sglangTaken(
  { tensorParallel: tp, pipelineParallel: pp, utilization, batchedTokens }: Serving,
  gpuGiB: number,
): number {
  if (utilization !== undefined) {
    return gpuGiB * utilization;
  }
  const [chunk, few, many] =
    gpuGiB < 20
      ? [2048, 8, 8]
      : gpuGiB < 35
        ? [2048, 24, 80]
        : gpuGiB < 60
          ? [4096, 32, 160]
          : gpuGiB < 160
            ? [8192, 256, 512]
            : [16_384, 512, 512];
  const graphs = 2 * (tp >= 4 ? many : few) + 8 * 64;
  const reserve = 512 + 1.5 * Math.max(batchedTokens ?? chunk, 2048) + ((tp * pp) / 8) * 1024 + graphs;
  return gpuGiB - Math.max(reserve, gpuGiB > 60 ? 10_240 : 0) / 1024;
}
