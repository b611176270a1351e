import { readFileSync } from "node:fs";
import path from "node:path";
import { sglangTokens, tokensIn } from "../../config/gpu/kv-cache";
import type { Json } from "../../config/gpu/model-config/keys";
import { type Architecture, readArchitecture, reckonedBytes } from "../../config/gpu/model-config/read";
import {
  cacheSettings,
  type OverheadPart,
  overheadParts,
  type Room,
  roomOf,
  type Serving,
  type Spread,
} from "../../config/gpu/room";
import { BYTES_PER_GIB } from "../../config/units";

/** What somebody has published of a start of a server. */
export interface Observation {
  readonly gpu: string;
  readonly tp: number;
  readonly dp: number;
  readonly ep: boolean;
  /** Ranks over which the tokens of latent layers are divided. */
  readonly dcp?: number;
  readonly kvDtype: string;
  readonly maxModelLen?: number;
  readonly utilization?: number;
  readonly server: string;
  /** Whether it started. Absent: it is not told. */
  readonly fits?: boolean;
  readonly gpuTotalGiB?: number;
  readonly weightsGiB?: number;
  readonly kvGiB?: number;
  readonly kvTokens?: number;
  /** What PyTorch has not allocated, beside the weights. */
  readonly nonTorchGiB?: number;
  readonly cudaGraphGiB?: number;
  readonly cudaGraphEstimateGiB?: number;
  readonly maxNumBatchedTokens?: number;
  readonly prefixCaching?: boolean;
  /** Of a checkpoint other than the model's own. */
  readonly quantization?: string;
  readonly source: string;
}

/** A model with its config.json and what is known of it. */
export interface ObservedModel {
  readonly id: string;
  readonly families: readonly string[];
  readonly config: Json;
  readonly checkpointBytes?: number;
  readonly observations: readonly Observation[];
}

/** All models that were observed, of November 2026. */
export function observedModels(): readonly ObservedModel[] {
  return JSON.parse(readFileSync(path.join(__dirname, "models.json"), "utf8"));
}

/** Memory that CUDA reports of the GPUs in the observations, in GiB. Of several kinds the smallest. */
const GPUS: readonly (readonly [RegExp, number])[] = [
  [/RTX 3090/, 23.58],
  [/RTX 5090/, 31.4],
  [/RTX A6000/, 47.4],
  [/^L4\b/, 22.03],
  [/^L40S/, 44.39],
  [/H100 NVL/, 93.02],
  [/GH200/, 94.5],
  [/^H20$/, 95],
  [/^B200/, 178.35],
  [/^H200$|141 GB class/, 139.72],
  [/A100|H100|H800|80GB/, 79.14],
];

/** Versions of vLLM by the month of an observation. */
const VERSIONS: readonly (readonly [RegExp, number])[] = [
  [/V0|2024|2025|v0\.1[0-9]/, 0.9],
  [/Feb 2026|Apr 2026/, 0.9],
  [/2026|≥ 0\.2|v0\.2[1-9]/, 0.92],
];

/** Where an observation does not tell the utilization, the server may have had as much as this. */
const MOST_UTILIZATION = 0.95;

/** What the model of memory says of an observation. */
export interface Judgement {
  readonly model: ObservedModel;
  readonly observation: Observation;
  /** Tokens in the observed room, over those that were observed; absent: they were not. */
  readonly tokens?: number;
  /** Whether it fits: certainly, certainly not, or one cannot say; absent: the GPU is not known. */
  readonly verdict?: "fits" | "may fit" | "does not fit";
  readonly room?: Room;
  /** What the server takes beside weights and KV cache, by what it is for. */
  readonly parts?: Partial<Record<OverheadPart, Spread>>;
  /** What the server took beside weights and KV cache, in GiB; absent: it does not follow from what is told. */
  readonly overheadGiB?: number;
}

/** Compares the model of memory with all that was observed. */
export function judgements(): readonly Judgement[] {
  return observedModels().flatMap((model) => {
    const architecture = readArchitecture(model.config);
    return model.observations.map((observation) => judged(model, architecture, observation));
  });
}

function judged(model: ObservedModel, read: Architecture, observation: Observation): Judgement {
  const { families, id } = model;
  // The files of some models are told in part.
  const architecture = { ...read, hasTower: read.hasTower || families.includes("vision") };
  const serving = servingOf(architecture, observation);
  const { kvGiB = 0, kvTokens } = observation;
  const gpuGiB = observation.gpuTotalGiB ?? GPUS.find(([name]) => name.test(observation.gpu))?.[1];
  const settings = cacheSettings(architecture, serving, gpuGiB ?? 80);
  const bytes = kvGiB * BYTES_PER_GIB;
  const tokens =
    kvTokens === undefined || kvGiB <= 0
      ? undefined
      : (serving.server === "sglang"
          ? sglangTokens(architecture.layers, bytes, settings)
          : tokensIn(architecture.layers, serving.contextLength, bytes, settings)) / kvTokens;
  if (gpuGiB === undefined || id.startsWith("black-forest-labs/")) {
    return { model, observation, tokens };
  }
  const checkpoint = checkpointOf(model, observation);
  const room = (utilization: number | undefined) =>
    roomOf(architecture, checkpoint, { ...serving, utilization }, gpuGiB);
  const usual = room(serving.utilization);
  const most =
    observation.utilization === undefined && serving.server === "vllm" ? room(MOST_UTILIZATION) : usual;
  const isCertain = architecture.unknown.length === 0;
  const verdict =
    most.kvGiB.most <= 0 || (isCertain && most.kvGiB.most < most.requestGiB)
      ? "does not fit"
      : isCertain && usual.kvGiB.least >= usual.requestGiB && usual.samplerLackGiB <= 0
        ? "fits"
        : "may fit";
  return {
    model,
    observation,
    tokens,
    verdict,
    room: usual,
    parts: overheadParts(architecture, serving, gpuGiB),
    overheadGiB: serving.server === "vllm" ? overheadSeen(observation, usual, isCertain) : undefined,
  };
}

/**
 * What remains of that which a server took, without the KV cache and the weights that it printed. Weights that it did not
 * print are reckoned, if they are those of the model's own checkpoint and all of its config.json is known.
 */
function overheadSeen(
  { kvGiB, weightsGiB, quantization }: Observation,
  { takenGiB, weightsGiB: reckoned }: Room,
  isCertain: boolean,
): number | undefined {
  if (kvGiB === undefined || (weightsGiB === undefined && (quantization !== undefined || !isCertain))) {
    return undefined;
  }
  const rest = takenGiB - (weightsGiB ?? reckoned.likely) - kvGiB;
  // Unified memory is not divided as this says.
  return rest > 0 ? rest : undefined;
}

function servingOf(architecture: Architecture, observation: Observation): Serving {
  const {
    server,
    tp,
    dp,
    ep,
    dcp = 1,
    kvDtype,
    maxModelLen,
    utilization,
    prefixCaching = true,
  } = observation;
  const isOld = server.includes("V0");
  // The first engine profiled the whole prompt, up to 32,768 tokens.
  const profiled = isOld ? ((maxModelLen ?? 0) > 32_768 ? 512 : maxModelLen) : undefined;
  const usual = VERSIONS.find(([when]) => when.test(server))?.[1] ?? 0.9;
  return {
    server: server.startsWith("SGLang") ? "sglang" : server.startsWith("vLLM") ? "vllm" : "other",
    tensorParallel: tp,
    pipelineParallel: 1,
    dataParallel: dp,
    expertParallel: ep,
    contextParallel: dcp,
    contextLength: maxModelLen ?? Math.min(architecture.longestContext.vllm ?? 8192, 8192),
    concurrency: 1,
    kvBytes: /fp8/.test(kvDtype) ? 1 : (architecture.kvBytes ?? architecture.modelBytes),
    utilization: server.startsWith("SGLang") ? utilization : (utilization ?? usual),
    batchedTokens: observation.maxNumBatchedTokens ?? profiled,
    batchedRequests: isOld ? 256 : undefined,
    prefixCaching,
    hybrid: true,
    countsGraphs: usual === 0.92,
    drafts: false,
  };
}

/** Bytes of the checkpoint that was served, which may be another one than the model's own. */
function checkpointOf(
  { checkpointBytes, config }: ObservedModel,
  { quantization = "" }: Observation,
): number | undefined {
  const told = /NVFP4 ([\d.]+) GiB|about (\d+) GB/.exec(quantization);
  if (told !== null) {
    return told[1] === undefined ? Number(told[2]) * 1e9 : Number(told[1]) * BYTES_PER_GIB;
  }
  const bits = /NVFP4|W4A16/.test(quantization)
    ? 4.5
    : quantization.startsWith("fp8")
      ? 8
      : quantization.startsWith("bf16")
        ? 16
        : undefined;
  if (bits === undefined) {
    return checkpointBytes;
  }
  // The widths give the bytes of a checkpoint with other bits a weight.
  const plain = readArchitecture({ ...config, quantization_config: undefined });
  return ((reckonedBytes(plain) ?? 0) * bits) / 16;
}
