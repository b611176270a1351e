import type { Layer } from "../layers";
import { isMapping, type Keys } from "./keys";
import { attentionOf } from "./layers";
import type { Quantization } from "./quantization";

/** Weights of a part of a model. */
export interface Part {
  readonly parameters: number;
  /** Of each parameter, on disk. */
  readonly bits: number;
}

/** The weights of a model by how they are split over GPUs. */
export interface Parts {
  /** Embeddings and output layer. */
  readonly vocabulary: Part;
  readonly attention: Part;
  /** Those of attention that every GPU holds whole. */
  readonly replicated: Part;
  readonly dense: Part;
  readonly experts: Part;
  /** Experts that all tokens pass. */
  readonly shared: Part;
  /** The tower for images or speech. */
  readonly tower: Part;
  /** Layers that draft further tokens, which are loaded only for that. */
  readonly draft: Part;
}

/** Bytes of a part of a checkpoint. */
export function bytesOfPart({ parameters, bits }: Part): number {
  return (parameters * bits) / 8;
}

/** Bytes of a whole checkpoint. */
export function allBytes(parts: Parts): number {
  return Object.values(parts).reduce((sum, part) => sum + bytesOfPart(part), 0);
}

/** Sizes by which activations are reckoned. */
export interface Widths {
  readonly hidden: number;
  /** Of a dense layer, or of the shared experts. */
  readonly intermediate: number;
  readonly vocabulary: number;
  /** Absent: the model has no experts. */
  readonly experts?: { readonly count: number; readonly perToken: number; readonly intermediate: number };
}

/** The widths of a model; undefined when the file has no hidden size. */
export function widthsOf(keys: Keys): Widths | undefined {
  const hidden = keys.number("hidden_size", "n_embd", "d_model");
  if (hidden === undefined) {
    return undefined;
  }
  const count = keys.number("num_experts", "moe_num_experts", "n_routed_experts", "num_local_experts");
  const perToken = keys.number("num_experts_per_tok", "moe_topk", "top_k_experts", "experts_per_token") ?? 1;
  const dense = keys.number("intermediate_size_mlp", "intermediate_size", "ffn_dim", "n_inner");
  const ofExperts =
    keys.number("moe_intermediate_size", "expert_intermediate_size") ?? keys.number("intermediate_size");
  const vocabulary = keys.number("vocab_size") ?? 0;
  return {
    hidden,
    intermediate: dense ?? 4 * hidden,
    vocabulary,
    ...(count === undefined || count <= 1 || ofExperts === undefined
      ? {}
      : { experts: { count, perToken, intermediate: ofExperts } }),
  };
}

/** Gated layers have three matrices, others two. */
function matricesOf(keys: Keys, type: string): number {
  const activation = keys.text("mlp_hidden_act", "hidden_act", "activation_function") ?? "silu";
  const isPlain = /^(relu2?|gelu|gelu_new|quick_gelu)$/.test(activation);
  return (isPlain && !type.startsWith("gemma")) || ["whisper", "bert", "nemotron_h"].includes(type) ? 2 : 3;
}

/** The weights of a model, reckoned from its widths. */
export function partsOf(
  keys: Keys,
  widths: Widths,
  layers: readonly Layer[],
  quantization: Quantization | undefined,
  modelBytes: number,
): Parts {
  const type = keys.type;
  const own = modelBytes * 8;
  const bits = quantization?.bits ?? own;
  const { hidden, experts } = widths;
  const matrices = matricesOf(keys, type);
  const count = layers.filter(({ kind }) => kind !== "cross").length;
  const attention = attentionParameters(keys, hidden, layers);
  const { withExperts, withDense } = feedForwardLayers(keys, type, count, experts !== undefined);
  const ofExpert = matrices * hidden * (experts?.intermediate ?? 0);
  const sharedWidth =
    keys.number("shared_expert_intermediate_size", "moe_shared_expert_intermediate_size") ??
    (keys.number("n_shared_experts") ?? (type.startsWith("llama4") ? 1 : 0)) * (experts?.intermediate ?? 0);
  const drafts = keys.number("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules") ?? 0;
  const isTied = keys.value("tie_word_embeddings") ?? /^gemma|^qwen3_5$/.test(type);
  const kept = quantization?.keeps;
  const ofKept = (isKept: boolean | undefined) => (isKept ? own : bits);
  const routers = withExperts * hidden * (experts?.count ?? 0);
  return {
    vocabulary: { parameters: widths.vocabulary * hidden * (isTied === true ? 1 : 2), bits: own },
    attention: { parameters: attention.split, bits: ofKept(kept?.attention) },
    replicated: { parameters: attention.whole + routers + 2 * count * hidden, bits: own },
    dense: { parameters: withDense * matrices * hidden * widths.intermediate, bits: ofKept(kept?.dense) },
    experts: {
      parameters: withExperts * (experts?.count ?? 0) * ofExpert,
      bits: quantization?.expertBits ?? bits,
    },
    shared: { parameters: withExperts * matrices * hidden * sharedWidth, bits: ofKept(kept?.shared) },
    tower: { parameters: towerParameters(keys), bits: 16 },
    draft: {
      parameters:
        drafts *
        ((experts?.count ?? 0) * ofExpert +
          matrices * hidden * (experts === undefined ? widths.intermediate : sharedWidth) +
          (attention.split + attention.whole) / Math.max(1, count) +
          2 * hidden * hidden),
      bits: quantization?.expertBits ?? bits,
    },
  };
}

/** How many layers have experts, and how many a dense feed-forward part. */
function feedForwardLayers(
  keys: Keys,
  type: string,
  count: number,
  hasExperts: boolean,
): { readonly withExperts: number; readonly withDense: number } {
  const pattern = keys.text("hybrid_override_pattern");
  if (pattern !== undefined) {
    const has = (letter: string) => [...pattern].filter((each) => each === letter).length;
    return { withExperts: has("E"), withDense: has("-") };
  }
  if (!hasExperts) {
    return { withExperts: 0, withDense: count };
  }
  const frequencies = keys.list("moe_layer_freq");
  if (frequencies !== undefined) {
    const withExperts = frequencies.filter((each) => each === 1).length;
    return { withExperts, withDense: count - withExperts };
  }
  const first = keys.number("first_k_dense_replace") ?? 0;
  const only = keys.list("mlp_only_layers")?.length ?? 0;
  const step = type.startsWith("llama4")
    ? (keys.number("interleave_moe_layer_step") ?? 1)
    : (keys.number("decoder_sparse_step") ?? 1);
  const withExperts = Math.max(0, Math.floor((count - first - only) / step));
  return { withExperts, withDense: count - withExperts };
}

/** Parameters of attention and of states: those that GPUs share, and those that each holds whole. */
function attentionParameters(
  keys: Keys,
  hidden: number,
  layers: readonly Layer[],
): { readonly split: number; readonly whole: number } {
  const heads = keys.number("num_attention_heads", "n_head", "decoder_attention_heads") ?? 0;
  let [split, whole] = [0, 0];
  for (const layer of layers) {
    switch (layer.kind) {
      case "none":
        // Encoders keep nothing of a request, and attend all the same.
        split += isEncoder(layers) ? 4 * hidden * hidden : 0;
        break;
      case "latent": {
        const rank = keys.number("q_lora_rank") ?? 0;
        const [nope, rotary, value] = ["qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim"].map(
          (name) => keys.number(name) ?? 0,
        ) as [number, number, number];
        const query = heads * (nope + rotary);
        split += rank > 0 ? rank * query : hidden * query;
        split += (layer.width - rotary) * heads * (nope + value) + heads * value * hidden;
        whole += hidden * (rank + layer.width);
        whole += layer.indexer === undefined ? 0 : indexerParameters(keys, hidden, rank, layer.indexer);
        break;
      }
      case "compressed": {
        const rank = keys.number("q_lora_rank") ?? 0;
        split += rank * heads * layer.width + heads * layer.width * (keys.number("o_lora_rank") ?? 0);
        whole += hidden * (rank + layer.width);
        break;
      }
      case "state": {
        const { conv, recurrent } = layer;
        const channels = conv.channels + 2 * conv.groups * conv.groupWidth;
        // Gate, input and output of about the width of the recurrent part.
        const inner =
          conv.groupWidth > 0
            ? conv.channels
            : (keys.number("linear_num_value_heads") ?? heads) * (keys.number("linear_value_head_dim") ?? 0);
        split += recurrent === 0 ? 3 * hidden * conv.channels : hidden * (channels + 2 * inner);
        break;
      }
      default: {
        const perHead = attentionOf(keys)?.keyDim ?? 0;
        const width = "keyDim" in layer ? layer.keyDim : perHead;
        const value = "valueDim" in layer ? layer.valueDim : width;
        const gate = keys.type.startsWith("qwen3_") && hasStates(layers) ? 2 : 1;
        split += hidden * heads * width * gate + heads * value * hidden;
        split += hidden * layer.kvHeads * (width + value);
      }
    }
  }
  return { split, whole };
}

const isEncoder = (layers: readonly Layer[]) => layers.every(({ kind }) => kind === "none");
const hasStates = (layers: readonly Layer[]) => layers.some(({ kind }) => kind === "state");

function indexerParameters(keys: Keys, hidden: number, rank: number, width: number): number {
  const heads = keys.number("index_n_heads") ?? 0;
  return rank * heads * width + hidden * (width + heads);
}

/** The transformer before the text stack, roughly: of images, of speech, or the encoder. */
function towerParameters(keys: Keys): number {
  const encoders = keys.number("encoder_layers") ?? 0;
  const width = keys.number("d_model") ?? 0;
  if (encoders > 0) {
    return encoders * (4 + 8) * width * width;
  }
  return ["vision_config", "audio_config"].reduce((sum, name) => {
    const config = keys.mapping(name);
    const { hidden_size: hidden, intermediate_size: inner } = config ?? {};
    const depth = config?.depth ?? config?.num_hidden_layers;
    return isMapping(config) &&
      typeof hidden === "number" &&
      typeof inner === "number" &&
      typeof depth === "number"
      ? sum + depth * (4 * hidden * hidden + 3 * hidden * inner)
      : sum;
  }, 0);
}
