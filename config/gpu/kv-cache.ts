import { bytesPerToken, compressedBytes, type Layer, type Storage, stateBytes } from "./layers";

/** How a server divides the room of its KV cache. */
export interface CacheSettings extends Storage {
  /** Consecutive stages into which the layers are split. */
  readonly pipelineParallel: number;
  /** GPUs over which the tokens of latent layers are divided. Default: 1. */
  readonly contextParallel?: number;
  /**
   * Tokens of one request that may be on their way beside those of its windows. Source: vLLM, config/vllm.py,
   * max_in_flight_tokens.
   */
  readonly inFlight: number;
  /** Whether states are kept for prefixes too. */
  readonly prefixCaching: boolean;
  /** Whether layers with windows keep no more than these. */
  readonly hybrid: boolean;
}

/** Tokens of a block. Source: vLLM, config/cache.py. */
const BLOCK = 16;

/** Tokens of a block of latent vectors, by FlashMLA. Source: vLLM, v1/attention/backends/mla/flashmla.py. */
const LATENT_BLOCK = 64;

/** The steps in which a block grows to hold a state: 16 tokens, 128 of latent vectors. Source: vLLM, platforms/interface.py. */
const STATE_STEP = { full: 16, latent: 128 } as const;

/**
 * Kinds with this many times the layers of the rarest share its groups. Source: vLLM, v1/core/kv_cache_utils.py,
 * _get_kv_cache_groups_uniform_page_size.
 */
const SAME_GROUPS = 1.5;

/** Layers that keep the same. */
interface Kind {
  readonly layer: Layer;
  readonly count: number;
}

/**
 * Bytes that one request of so many tokens takes on the fullest GPU, in vLLM's cache. Layers of several kinds share one
 * pool of pages: the layers of a kind are divided into groups of the same size, and a page is as large as the block of
 * the largest kind.
 *
 * Source: vLLM, v1/core/kv_cache_utils.py and docs/design/hybrid_kv_cache_manager.md.
 */
export function requestBytes(layers: readonly Layer[], tokens: number, settings: CacheSettings): number {
  return Math.max(0, ...kindsOfStages(layers, settings).map((each) => ofStage(each, tokens, settings)));
}

function ofStage(kinds: readonly Kind[], tokens: number, settings: CacheSettings): number {
  const [only] = kinds;
  if (only === undefined) {
    return 0;
  }
  const compressed = kinds.filter(({ layer }) => layer.kind === "compressed");
  if (compressed.length > 0) {
    return sum(
      compressed.map(({ layer, count }) =>
        layer.kind === "compressed" ? count * compressedBytes(layer, tokens, settings) : 0,
      ),
    );
  }
  if (kinds.length === 1 && only.layer.kind !== "state") {
    return only.count * pagesBytes(only.layer, tokens, settings);
  }
  return ofGroups(kinds, tokens, settings);
}

/** Bytes of one layer where all layers are of one kind. */
function pagesBytes(layer: Layer, tokens: number, settings: CacheSettings): number {
  const block = layer.kind === "latent" ? LATENT_BLOCK : BLOCK;
  return blocksOf(layer, block, tokens, settings) * block * bytesPerToken(layer, settings);
}

function ofGroups(kinds: readonly Kind[], tokens: number, settings: CacheSettings): number {
  const counts = kinds.map(({ count }) => count);
  const [least, greatest] = [Math.min(...counts), Math.max(...counts)];
  const size = greatest < SAME_GROUPS * least ? greatest : least;
  const page = pageBytes(kinds, settings);
  const blocks = kinds.map(({ layer, count }) => {
    const block = Math.floor(page / Math.max(1, bytesPerToken(layer, settings)));
    return Math.ceil(count / size) * blocksOf(layer, block, tokens, settings);
  });
  return size * page * sum(blocks);
}

/** The block of the largest kind; with states, one that holds a state too. */
function pageBytes(kinds: readonly Kind[], settings: CacheSettings): number {
  const withTokens = kinds.filter(({ layer }) => layer.kind !== "state");
  const largest = Math.max(0, ...withTokens.map(({ layer }) => bytesPerToken(layer, settings)));
  const states = kinds.flatMap(({ layer }) => (layer.kind === "state" ? stateBytes(layer, settings) : []));
  if (states.length === 0) {
    return BLOCK * largest;
  }
  const state = Math.max(...states);
  if (largest === 0) {
    return state;
  }
  const step = withTokens.some(({ layer }) => layer.kind === "latent") ? STATE_STEP.latent : STATE_STEP.full;
  return Math.ceil(state / largest / step) * step * largest;
}

/** Blocks that one request takes in one layer. */
function blocksOf(layer: Layer, block: number, tokens: number, settings: CacheSettings): number {
  const { inFlight, prefixCaching, contextParallel = 1 } = settings;
  switch (layer.kind) {
    case "state":
      return prefixCaching ? 2 : 1;
    case "sliding":
      return Math.ceil(Math.min(layer.window - 1 + inFlight, tokens) / block) + 1;
    case "chunked":
      return Math.ceil(Math.min(layer.chunk + inFlight, tokens) / block);
    case "cross":
      return Math.ceil(layer.tokens / block);
    case "latent":
      return Math.ceil(tokens / contextParallel / block);
    default:
      return Math.ceil(tokens / block);
  }
}

/** What the stages keep, by the layers: a search for what fits asks for the same ones many times. */
const kept = new WeakMap<readonly Layer[], Map<string, readonly (readonly Kind[])[]>>();

function kindsOfStages(
  layers: readonly Layer[],
  { pipelineParallel, hybrid }: CacheSettings,
): readonly (readonly Kind[])[] {
  const bySplit = kept.get(layers) ?? new Map<string, readonly (readonly Kind[])[]>();
  const split = `${pipelineParallel} ${hybrid}`;
  const found =
    bySplit.get(split) ?? stagesOf(layers, pipelineParallel).map((stage) => kindsOf(stage, hybrid));
  kept.set(layers, bySplit.set(split, found));
  return found;
}

/** Layers by what they keep. Without the hybrid manager windows count like whole contexts. */
function kindsOf(layers: readonly Layer[], hybrid: boolean): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const each of layers.filter(({ kind }) => kind !== "none")) {
    const layer = hybrid ? each : withoutWindow(each);
    const key = JSON.stringify(layer);
    kinds.set(key, { layer, count: (kinds.get(key)?.count ?? 0) + 1 });
  }
  return [...kinds.values()];
}

/** A layer with a window or a chunk, as one that keeps all tokens. */
export function withoutWindow(layer: Layer): Layer {
  if (layer.kind !== "sliding" && layer.kind !== "chunked") {
    return layer;
  }
  const { kvHeads, keyDim, valueDim } = layer;
  return { kind: "full", kvHeads, keyDim, valueDim };
}

/** Consecutive layers, as many for each stage as go, the first stages with one more. */
function stagesOf(layers: readonly Layer[], stages: number): readonly (readonly Layer[])[] {
  const each = Math.ceil(layers.length / stages);
  return Array.from({ length: stages }, (_, index) => layers.slice(index * each, (index + 1) * each)).filter(
    (stage) => stage.length > 0,
  );
}

/**
 * Whole tokens of requests of a length that fit into the room: the number of such requests, times the length. As vLLM
 * prints them at its start.
 */
export function tokensIn(
  layers: readonly Layer[],
  tokens: number,
  roomBytes: number,
  settings: CacheSettings,
): number {
  const each = requestBytes(layers, tokens, settings);
  return each === 0 ? Number.POSITIVE_INFINITY : Math.floor((roomBytes / each) * tokens);
}

/** The longest request that fits into the room, in tokens; 0 when none does. */
export function longestRequest(
  layers: readonly Layer[],
  most: number,
  roomBytes: number,
  settings: CacheSettings,
): number {
  let [fits, isTooLong] = [0, most + 1];
  while (isTooLong - fits > 1) {
    const middle = Math.floor((fits + isTooLong) / 2);
    [fits, isTooLong] =
      requestBytes(layers, middle, settings) <= roomBytes ? [middle, isTooLong] : [fits, middle];
  }
  return fits;
}

/** The share of the tokens that SGLang's cache keeps of layers with windows. Source: SGLang, server_args.py, swa_full_tokens_ratio. */
const SGLANG_WINDOW_SHARE = 0.8;

/** The share of the room that states get beside KV. Source: SGLang, server_args.py, mamba_full_memory_ratio: state : KV. */
const SGLANG_STATE_RATIO = 0.9;

/**
 * Tokens that SGLang's cache holds in the room. All requests share them.
 *
 * Source: SGLang, model_executor/pool_configurator.py.
 */
export function sglangTokens(layers: readonly Layer[], roomBytes: number, settings: CacheSettings): number {
  const stages = stagesOf(layers, settings.pipelineParallel);
  const cell = Math.max(0, ...stages.map((stage) => cellBytes(stage, settings)));
  const hasStates = layers.some(({ kind }) => kind === "state");
  const room = hasStates ? roomBytes / (1 + SGLANG_STATE_RATIO) : roomBytes;
  return cell === 0 ? Number.POSITIVE_INFINITY : Math.floor(room / cell);
}

function cellBytes(layers: readonly Layer[], settings: CacheSettings): number {
  return sum(
    layers.map((layer) => {
      if (layer.kind === "compressed") {
        return compressedBytes(layer, 1e6, settings) / 1e6;
      }
      const hasWindow = layer.kind === "sliding" || layer.kind === "chunked";
      return bytesPerToken(layer, settings) * (hasWindow && settings.hybrid ? SGLANG_WINDOW_SHARE : 1);
    }),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
