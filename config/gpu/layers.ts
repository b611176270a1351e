/** A key and a value of each token. Heads are those of the whole model. */
export interface Attention {
  readonly kvHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
}

/** A state of fixed size for each request. */
export interface State {
  /** The state of the convolution: of so many channels, and of two channels of `groupWidth` for each group. */
  readonly conv: {
    readonly channels: number;
    readonly groups: number;
    readonly groupWidth: number;
    /** Tokens that it looks back. */
    readonly length: number;
  };
  /** Elements of the recurrent state. */
  readonly recurrent: number;
  /** Bytes of each; absent: those of the model's own values. */
  readonly recurrentBytes?: number;
}

/**
 * What a layer keeps of a request: of all tokens, of those in a window or a chunk, of the encoder's tokens, one latent
 * vector a token, fewer vectors than tokens, a state, or nothing.
 */
export type Layer =
  | ({ readonly kind: "full" } & Attention)
  | ({ readonly kind: "sliding"; readonly window: number } & Attention)
  | ({ readonly kind: "chunked"; readonly chunk: number } & Attention)
  | ({ readonly kind: "cross"; readonly tokens: number } & Attention)
  /** `indexer`: elements of the vector by which sparse attention finds its tokens. */
  | { readonly kind: "latent"; readonly width: number; readonly indexer?: number }
  | {
      readonly kind: "compressed";
      readonly width: number;
      /** Tokens of one vector; 0: only the window is kept. */
      readonly ratio: number;
      readonly window: number;
      readonly indexer?: number;
    }
  | ({ readonly kind: "state" } & State)
  | { readonly kind: "none" };

/** How values are stored, and over how many GPUs a layer is split. */
export interface Storage {
  readonly tensorParallel: number;
  /** Bytes of a value of the model: 2, or 4 for fp32. */
  readonly modelBytes: number;
  /** Bytes of a value of the KV cache. */
  readonly kvBytes: number;
}

/** The tokens of a scale in a vector of 8 bits. Source: vLLM, DeepseekV32IndexerCache. */
const SCALED_TOGETHER = 128;

const SCALE_BYTES = 4;

/** Bytes that an indexer keeps of a token: 8 bits an element, and a scale for every 128. */
function indexerBytes(elements = 0): number {
  return elements + (elements / SCALED_TOGETHER) * SCALE_BYTES;
}

/**
 * Bytes of a token of a latent layer in DeepSeek's layout of 8 bits: its rotary part keeps 16.
 *
 * Source: vLLM, attention/mla_attention.py: 512 + 512 / 128 × 4 + 64 × 2 for DeepSeek-V3.2.
 */
function sparseLatentBytes(width: number): number {
  const rotary = 64;
  const rest = width - rotary;
  return rest + (rest / SCALED_TOGETHER) * SCALE_BYTES + rotary * 2;
}

/**
 * Bytes that one GPU keeps of one token in a layer; of a state, which has no tokens, 0. A GPU holds at least one whole
 * head, and a latent vector is not split.
 *
 * Source: vLLM, v1/kv_cache_interface.py (AttentionSpec, MLAAttentionSpec) and config/model.py (get_num_kv_heads).
 */
export function bytesPerToken(layer: Layer, { tensorParallel, kvBytes }: Storage): number {
  switch (layer.kind) {
    case "none":
    case "state":
      return 0;
    case "latent": {
      const isSparse = layer.indexer !== undefined;
      const own = isSparse && kvBytes === 1 ? sparseLatentBytes(layer.width) : layer.width * kvBytes;
      return own + indexerBytes(layer.indexer);
    }
    case "compressed":
      return layer.width * kvBytes;
    default:
      return headsOnGpu(layer.kvHeads, tensorParallel) * (layer.keyDim + layer.valueDim) * kvBytes;
  }
}

/** KV heads on each GPU. */
export function headsOnGpu(kvHeads: number, tensorParallel: number): number {
  return Math.max(1, Math.floor(kvHeads / tensorParallel));
}

/**
 * Bytes of the state of one request in one layer on one GPU. Groups are as many as GPUs where these do not divide them.
 *
 * Source: vLLM, model_executor/layers/mamba/mamba_utils.py.
 */
export function stateBytes({ conv, recurrent, recurrentBytes }: State, storage: Storage): number {
  const { tensorParallel, modelBytes } = storage;
  const groups = conv.groups % tensorParallel === 0 ? conv.groups : tensorParallel;
  const channels = conv.channels + 2 * groups * conv.groupWidth;
  return (
    (channels / tensorParallel) * conv.length * modelBytes +
    (recurrent / tensorParallel) * (recurrentBytes ?? modelBytes)
  );
}

/** Bytes that an indexer of a compressed layer keeps for each of its vectors. */
export function compressedBytes(
  layer: Extract<Layer, { kind: "compressed" }>,
  tokens: number,
  storage: Storage,
): number {
  const vectors = layer.ratio === 0 ? 0 : Math.ceil(tokens / layer.ratio);
  const inWindow = Math.min(layer.window, tokens);
  return (vectors + inWindow) * bytesPerToken(layer, storage) + vectors * indexerBytes(layer.indexer);
}
