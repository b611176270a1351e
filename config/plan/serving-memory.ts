import type { Described } from "../gpu/memory";
import { isMapping } from "../gpu/model-config/keys";
import { type Architecture, readArchitecture } from "../gpu/model-config/read";
import type { Serving } from "../gpu/room";
import { presetOf, type ServerName, versionOf } from "../servers/presets";
import { isBefore } from "../servers/version";
import { BYTES_PER_GIB } from "../units";
import type { InstanceSettings } from "./overrides";
import { valueOfFlag, writtenArgument } from "./written-argument";

/** Names of arguments about memory. Sources: vLLM docs, vllm serve; SGLang docs, Server Arguments. */
const ARGUMENTS = {
  vllm: {
    dataParallel: ["--data-parallel-size-local", "--data-parallel-size", "-dp"],
    contextParallel: ["--decode-context-parallel-size", "-dcp"],
    kv: ["--kv-cache-dtype"],
    batchedTokens: ["--max-num-batched-tokens"],
    batchedRequests: ["--max-num-seqs"],
    expertParallel: ["--enable-expert-parallel", "-ep"],
    noGraphs: ["--enforce-eager"],
    noPrefixes: ["--no-enable-prefix-caching"],
    noHybrid: ["--disable-hybrid-kv-cache-manager"],
    drafts: ["--speculative-config", "-sc"],
  },
  sglang: {
    dataParallel: ["--dp-size", "--dp"],
    contextParallel: ["--dcp-size"],
    kv: ["--kv-cache-dtype"],
    batchedTokens: ["--chunked-prefill-size"],
    batchedRequests: ["--max-running-requests"],
    expertParallel: ["--ep-size", "--ep", "--enable-ep-moe"],
    noGraphs: ["--disable-cuda-graph"],
    noPrefixes: ["--disable-radix-cache"],
    noHybrid: ["--disable-hybrid-swa-memory"],
    drafts: ["--speculative-algorithm"],
  },
} as const;

/** From this version on vLLM keeps only the windows of layers that have some. */
const HYBRID_SINCE = [0, 10];

/** From this version on vLLM counts its CUDA graphs, and takes 0.92 of a GPU instead of 0.9. Source: vLLM, commit 96a85c57. */
const COUNTS_GRAPHS = [0, 21];
const UTILIZATION_SINCE = 0.92;

/** Models whose windows SGLang knows. Source: SGLang, model_executor/pool_configurator.py. */
const SGLANG_WINDOWS = /^(llama4|gpt_oss|gemma4|mimo_v2|step3|deepseek_v4)/;

/** Those that have been read, by their place in the file: checks, sizes and reports all ask for them. */
const read = new WeakMap<object, { readonly architecture: Architecture | undefined }>();

/** The model that `memory.config` describes; undefined without one, and for one that is no mapping of JSON, or was not read. */
export function describedArchitecture({
  memory,
}: Pick<InstanceSettings, "memory">): Architecture | undefined {
  const file = memory?.config;
  if (typeof file !== "object") {
    return undefined;
  }
  const found = read.get(file) ?? { architecture: architectureIn(file.text) };
  read.set(file, found);
  return found.architecture;
}

function architectureIn(text: string): Architecture | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? readArchitecture(value) : undefined;
  } catch {
    return undefined;
  }
}

/** Ranks over which a server divides its experts, by its arguments; 1: it does not. */
export function expertRanks(settings: InstanceSettings, server: ServerName): number {
  const { expertParallel, dataParallel } = servingOf(settings, server, NOTHING_KNOWN);
  return expertParallel ? dataParallel : 1;
}

/** What is known of a model without a config.json. */
const NOTHING_KNOWN = readArchitecture({});

/** The same with its checkpoint, and how its server is told to serve it. */
export function describedModel(settings: InstanceSettings, server: ServerName): Described | undefined {
  const architecture = describedArchitecture(settings);
  if (architecture === undefined) {
    return undefined;
  }
  const sizeGiB = settings.weights?.size ?? settings.memory?.size;
  return {
    architecture,
    ...(sizeGiB === undefined ? {} : { checkpointBytes: sizeGiB * BYTES_PER_GIB }),
    serving: servingOf(settings, server, architecture),
  };
}

/** The longest context of a request. */
export interface Context {
  /** Of the server, in tokens. */
  readonly tokens: number;
  /** In which of the arguments it is written. Undefined: in `memory.contextLength`, or nowhere. */
  readonly index?: number;
  /** The most that the server lets the model have by its config.json. Undefined: not known. */
  readonly model: number | undefined;
}

/** The longest context that a server lets a model have, in tokens. Undefined: its config.json does not say. */
export function longestContextOn(server: ServerName, { longestContext }: Architecture): number | undefined {
  return longestContext[server === "sglang" ? "sglang" : "vllm"];
}

/** The longest context of a variant: as written, or all that the model has. Undefined: it is not known. */
export function contextOf(settings: InstanceSettings, server: ServerName): Context | undefined {
  return contextWith(settings, server, describedArchitecture(settings));
}

function contextWith(
  settings: InstanceSettings,
  server: ServerName,
  architecture: Architecture | undefined,
): Context | undefined {
  const name = presetOf(server)?.argumentNames.contextLength;
  const argument = name === undefined ? undefined : writtenArgument(server, name, settings);
  const model = architecture && longestContextOn(server, architecture);
  const written = Number(argument?.value);
  const { contextLength } = settings.memory ?? {};
  if (contextLength !== undefined) {
    return { tokens: contextLength, model };
  }
  if (argument !== undefined && Number.isInteger(written) && written > 0) {
    return { tokens: written, index: argument.index, model };
  }
  return model === undefined ? undefined : { tokens: model, model };
}

function servingOf(settings: InstanceSettings, server: ServerName, architecture: Architecture): Serving {
  const { memory } = settings;
  // NIM for LLMs serves by vLLM.
  const kind = server === "nim" ? "vllm" : server === "vllm" || server === "sglang" ? server : "other";
  const names = kind === "other" ? undefined : ARGUMENTS[kind];
  const preset = presetOf(server)?.argumentNames;
  const number = (flags: readonly string[] | undefined) => {
    const [found] = (flags ?? []).flatMap((flag) => valueOfFlag(flag, settings.arguments)?.value ?? []);
    const value = Number(found);
    return found !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const has = (flags: readonly string[] | undefined) =>
    (flags ?? []).some((flag) => valueOfFlag(flag, settings.arguments) !== undefined);
  const written = (name: string | undefined) => {
    const value = Number(name && writtenArgument(server, name, settings)?.value);
    return Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const version = server === "nim" ? undefined : versionOf(server, settings.image);
  const tensorParallel = memory?.tensorParallel ?? written(preset?.tensorParallel) ?? 1;
  const dataParallel = number(names?.dataParallel) ?? 1;
  // SGLang's attention is divided by its ranks within the GPUs of tensor parallelism.
  const withinTensors = kind === "sglang" && has(["--enable-dp-attention"]) ? dataParallel : 1;
  const isRecent = kind === "vllm" && version !== undefined && !isBefore(version, COUNTS_GRAPHS);
  const kvType = names?.kv.flatMap((flag) => valueOfFlag(flag, settings.arguments)?.value ?? [])[0];
  return {
    server: kind,
    ...(version === undefined ? {} : { version }),
    tensorParallel: Math.max(1, Math.floor(tensorParallel / withinTensors)),
    pipelineParallel: memory?.pipelineParallel ?? written(preset?.pipelineParallel) ?? 1,
    dataParallel,
    expertParallel: has(names?.expertParallel),
    contextParallel: number(names?.contextParallel) ?? 1,
    contextLength: contextWith(settings, server, architecture)?.tokens ?? 1,
    concurrency: memory?.concurrency ?? 1,
    kvBytes: kvBytesOf(memory?.kvPrecision ?? kvType, architecture),
    ...defined(
      "utilization",
      memory?.utilization ?? written(preset?.utilization) ?? (isRecent ? UTILIZATION_SINCE : undefined),
    ),
    ...defined("batchedTokens", number(names?.batchedTokens)),
    ...defined("batchedRequests", number(names?.batchedRequests)),
    prefixCaching: !has(names?.noPrefixes),
    hybrid:
      kind === "vllm"
        ? !isBefore(version, HYBRID_SINCE) && !has(names?.noHybrid)
        : kind === "sglang" && SGLANG_WINDOWS.test(architecture.type) && !has(names?.noHybrid),
    countsGraphs: isRecent && !has(names?.noGraphs),
    drafts: has(names?.drafts),
  };
}

function kvBytesOf(type: string | undefined, { kvBytes, modelBytes }: Architecture): number {
  if (type === undefined || type === "auto") {
    return kvBytes ?? modelBytes;
  }
  return /^(fp8|int8)/.test(type) ? 1 : 2;
}

function defined<Name extends string>(
  name: Name,
  value: number | undefined,
): { readonly [Key in Name]?: number } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: number };
}
