import type { Attention, Layer, State } from "../layers";
import { isMapping, type Keys } from "./keys";

/** Architectures whose `kv_lora_rank` means latent attention. Source: vLLM, model_arch_config_convertor.py, is_deepseek_mla. */
const LATENT = new Set([
  ...["deepseek_v2", "deepseek_v3", "deepseek_v32", "deepseek_mtp", "kimi_k2", "kimi_k25", "kimi_linear"],
  ...[
    "glm_moe_dsa",
    "glm4_moe_lite",
    "longcat_flash",
    "pangu_ultra_moe",
    "bailing_hybrid",
    "mistral_large_3",
  ],
]);

/** Encoders, for which no KV cache is kept. */
const ENCODERS = new Set([
  ...["bert", "roberta", "xlm-roberta", "distilbert", "mpnet", "nomic_bert", "modernbert", "gte", "new"],
]);

/** What the names in lists of layers stand for. */
const NAMES: Readonly<Record<string, LayerName>> = {
  full_attention: "full",
  attention: "full",
  global_attention: "full",
  sliding_attention: "sliding",
  chunked_attention: "chunked",
  linear_attention: "state",
  mamba: "state",
  conv: "conv",
  mlp: "none",
  moe: "none",
  no_op: "none",
  "*": "full",
  M: "state",
  E: "none",
  "-": "none",
};

type LayerName = "full" | "sliding" | "chunked" | "state" | "conv" | "none";

/** What each layer keeps, and what about that is not known. */
export interface ReadLayers {
  readonly layers: readonly Layer[];
  readonly unknown: readonly string[];
}

/** What the layers of a model keep of a request, by its config.json. */
export function readLayers(keys: Keys): ReadLayers {
  const type = keys.type;
  const count = keys.number("num_hidden_layers", "n_layer", "num_layers", "decoder_layers");
  if (count === undefined) {
    return { layers: [], unknown: ["it names no number of layers (num_hidden_layers)"] };
  }
  if (ENCODERS.has(type)) {
    return { layers: Array.from({ length: count }, () => ({ kind: "none" }) as const), unknown: [] };
  }
  const compressed = compressedLayers(keys, count);
  if (compressed !== undefined) {
    return { layers: compressed, unknown: ["how its compressed cache is laid out is not known here"] };
  }
  const { names, unknown } = namesOfLayers(keys, type, count);
  const made = layerOf(keys, type, names);
  const shared = keys.number("num_kv_shared_layers") ?? 0;
  const own = names.map((name, index) => (index >= count - shared ? "none" : name));
  const layers = own.map((name) => made(name));
  const cross = crossLayers(keys, type, count);
  return { layers: [...layers, ...cross], unknown: [...unknown, ...made.unknown] };
}

/** Source: vLLM, models/deepseek_v4/attention.py. */
function compressedLayers(keys: Keys, count: number): readonly Layer[] | undefined {
  const ratios = keys.list("compress_ratios");
  keys.number("num_key_value_heads");
  const width = keys.number("head_dim");
  if (ratios === undefined || width === undefined) {
    return undefined;
  }
  const window = keys.number("sliding_window") ?? 0;
  const indexer = keys.number("index_head_dim");
  return ratios.slice(0, count).map((ratio) => ({
    kind: "compressed",
    width,
    ratio: typeof ratio === "number" ? ratio : 0,
    window,
    ...(ratio === 4 && indexer !== undefined ? { indexer } : {}),
  }));
}

/** Decoders of speech attend to all that the encoder has read. */
function crossLayers(keys: Keys, type: string, count: number): readonly Layer[] {
  const tokens = keys.number("max_source_positions");
  if (type !== "whisper" || tokens === undefined) {
    return [];
  }
  const attention = attentionOf(keys);
  return attention === undefined
    ? []
    : Array.from({ length: count }, () => ({ kind: "cross", tokens, ...attention }) as const);
}

function namesOfLayers(
  keys: Keys,
  type: string,
  count: number,
): { readonly names: readonly LayerName[]; readonly unknown: readonly string[] } {
  const written = writtenNames(keys);
  if (written !== undefined) {
    const strange = [...new Set(written.filter((name) => NAMES[name] === undefined))];
    const unknown = [
      ...strange.map((name) => `it has layers of a kind that is not known here, ${JSON.stringify(name)}`),
      ...(written.length === count
        ? []
        : [`it lists ${written.length} layers and has ${count} (num_hidden_layers)`]),
    ];
    const names = Array.from({ length: count }, (_, index) => NAMES[written[index] ?? ""] ?? "full");
    return { names, unknown };
  }
  return { names: Array.from({ length: count }, namesByRule(keys, type, count)), unknown: [] };
}

/** The kinds of all layers, where a list has them. */
function writtenNames(keys: Keys): readonly string[] | undefined {
  const list = keys.list("layer_types", "layers_block_type");
  if (list !== undefined) {
    return list.map(String);
  }
  const pattern = keys.text("hybrid_override_pattern");
  if (pattern !== undefined) {
    return [...pattern];
  }
  const blocks = keys.list("block_configs");
  if (blocks !== undefined) {
    return blocks.map((block) => {
      const attention = isMapping(block) && isMapping(block.attention) ? block.attention : {};
      return attention.no_op === true ? "no_op" : "full_attention";
    });
  }
  const sliding = keys.list("hybrid_layer_pattern");
  if (sliding !== undefined) {
    return sliding.map((each) => (each === 1 ? "sliding_attention" : "full_attention"));
  }
  const attention = keys.list("attn_type_list");
  return attention?.map((each) => (each === 0 ? "linear_attention" : "full_attention"));
}

/** The kind of a layer by its index, where numbers say it. */
function namesByRule(keys: Keys, type: string, count: number): (_: unknown, index: number) => LayerName {
  const everyNth = (n: number, others: LayerName) => (_: unknown, index: number) =>
    (index + 1) % n === 0 ? "full" : others;
  const kimi = keys.mapping("linear_attn_config");
  if (kimi !== undefined && Array.isArray(kimi.full_attn_layers)) {
    const full = new Set(kimi.full_attn_layers);
    return (_, index) => (full.has(index + 1) ? "full" : "state");
  }
  const linear = keys.number("full_attention_interval") ?? (type === "qwen3_next" ? 4 : undefined);
  if (linear !== undefined) {
    return everyNth(linear, "state");
  }
  const group = keys.number("layer_group_size");
  if (group !== undefined) {
    return everyNth(group, "state");
  }
  const period = keys.number("attn_layer_period");
  if (period !== undefined) {
    const offset = keys.number("attn_layer_offset") ?? 0;
    return (_, index) => (index % period === offset ? "full" : "state");
  }
  const chunk = keys.number("attention_chunk_size");
  if (chunk !== undefined && type.startsWith("llama4")) {
    const global = keys.list("no_rope_layers");
    return global === undefined || global.length === 0
      ? everyNth(4, "chunked")
      : (_, index) => (global[index] === 0 ? "full" : "chunked");
  }
  const pattern = keys.number("sliding_window_pattern", "_sliding_window_pattern");
  if (slidingWindow(keys) === undefined) {
    return () => "full";
  }
  if (pattern !== undefined) {
    return everyNth(pattern, "sliding");
  }
  if (type === "gemma2") {
    return (_, index) => (index % 2 === 0 ? "sliding" : "full");
  }
  const first = keys.number("max_window_layers");
  return keys.value("use_sliding_window") === true && first !== undefined && first < count
    ? (_, index) => (index >= first ? "sliding" : "full")
    : () => "sliding";
}

/** The window, if it shortens anything. */
function slidingWindow(keys: Keys): number | undefined {
  const window = keys.number("sliding_window");
  const context = keys.number("max_position_embeddings") ?? Number.POSITIVE_INFINITY;
  const isOff = keys.value("use_sliding_window") === false;
  return window === undefined || isOff || window >= context ? undefined : window;
}

/** Makes a layer of a kind. */
function layerOf(
  keys: Keys,
  type: string,
  names: readonly LayerName[],
): ((name: LayerName) => Layer) & { readonly unknown: readonly string[] } {
  const full = fullLayer(keys, type);
  const attention = attentionOf(keys);
  const window = keys.number("sliding_window");
  const chunk = keys.number("attention_chunk_size");
  // Read also where no layer has one: models carry the keys of others.
  const state = stateOf(keys, type);
  const conv = convOf(keys);
  const unknown = [
    ...(full === undefined && names.includes("full") ? ["its attention heads are not known here"] : []),
    ...(names.includes("state") && state === undefined ? ["the state of its layers is not known here"] : []),
    ...(names.includes("conv") && conv === undefined
      ? ["the state of its convolutions is not known here"]
      : []),
    ...(names.includes("sliding") && window === undefined ? ["it has sliding layers without a window"] : []),
  ];
  const make = (name: LayerName): Layer => {
    const plain: Layer = full ?? { kind: "none" };
    switch (name) {
      case "none":
        return { kind: "none" };
      case "state":
        return state === undefined ? plain : { kind: "state", ...state };
      case "conv":
        return conv === undefined ? plain : { kind: "state", ...conv };
      case "sliding": {
        const own = slidingAttention(keys) ?? attention;
        return own === undefined || window === undefined ? plain : { kind: "sliding", window, ...own };
      }
      case "chunked":
        return attention === undefined || chunk === undefined
          ? plain
          : { kind: "chunked", chunk, ...attention };
      default:
        return plain;
    }
  };
  return Object.assign(make, { unknown });
}

function fullLayer(keys: Keys, type: string): Layer | undefined {
  const rank = keys.number("kv_lora_rank");
  if (rank !== undefined && LATENT.has(type.replace(/_text$/, ""))) {
    const rotary = keys.number("qk_rope_head_dim") ?? 0;
    const indexer = keys.number("index_topk") === undefined ? undefined : keys.number("index_head_dim");
    return { kind: "latent", width: rank + rotary, ...(indexer === undefined ? {} : { indexer }) };
  }
  const attention = attentionOf(keys);
  if (attention === undefined) {
    return undefined;
  }
  const globalDim = keys.number("global_head_dim");
  if (globalDim === undefined) {
    return { kind: "full", ...attention };
  }
  const isShared = keys.value("attention_k_eq_v") === true;
  const kvHeads = (isShared ? keys.number("num_global_key_value_heads") : undefined) ?? attention.kvHeads;
  return { kind: "full", kvHeads, keyDim: globalDim, valueDim: globalDim };
}

/** Keys and values of plain attention. Without KV heads there are as many as attention heads. */
export function attentionOf(keys: Keys): Attention | undefined {
  const heads = keys.number("num_attention_heads", "n_head", "decoder_attention_heads", "num_heads");
  const kvHeads =
    keys.number(
      "n_head_kv",
      "num_kv_heads",
      "num_key_value_heads",
      "multi_query_group_num",
      "num_attention_groups",
    ) ?? heads;
  const hidden = keys.number("hidden_size", "n_embd", "d_model");
  const written = keys.number("head_dim", "hidden_size_per_head");
  const keyDim =
    written !== undefined && written > 0
      ? written
      : hidden !== undefined && heads !== undefined
        ? hidden / heads
        : undefined;
  return kvHeads === undefined || keyDim === undefined
    ? undefined
    : { kvHeads, keyDim, valueDim: keys.number("v_head_dim") ?? keyDim };
}

/** Sliding layers may have heads of their own. */
function slidingAttention(keys: Keys): Attention | undefined {
  const kvHeads = keys.number("swa_num_key_value_heads");
  const keyDim = keys.number("swa_head_dim");
  return kvHeads === undefined || keyDim === undefined
    ? undefined
    : { kvHeads, keyDim, valueDim: keys.number("swa_v_head_dim") ?? keyDim };
}

/** Bytes of a value by the name of its type. */
export function bytesOf(dtype: string | undefined): number | undefined {
  switch (dtype?.replace(/^torch\./, "")) {
    case "float32":
      return 4;
    case "float16":
    case "bfloat16":
      return 2;
    default:
      return undefined;
  }
}

/** Source: vLLM, model_executor/layers/mamba/mamba_utils.py; the names of keys by the models that have them. */
function stateOf(keys: Keys, type: string): State | undefined {
  return deltaNet(keys) ?? kimi(keys) ?? mamba2(keys) ?? mamba1(keys) ?? lightning(keys, type);
}

/** Qwen3-Next and Qwen3.5. */
function deltaNet(keys: Keys): State | undefined {
  const keyHeads = keys.number("linear_num_key_heads");
  const valueHeads = keys.number("linear_num_value_heads");
  const keyDim = keys.number("linear_key_head_dim");
  const valueDim = keys.number("linear_value_head_dim");
  const kernel = keys.number("linear_conv_kernel_dim");
  if (
    keyHeads === undefined ||
    valueHeads === undefined ||
    keyDim === undefined ||
    valueDim === undefined ||
    kernel === undefined
  ) {
    return undefined;
  }
  return {
    conv: {
      channels: 2 * keyHeads * keyDim + valueHeads * valueDim,
      groups: 0,
      groupWidth: 0,
      length: kernel - 1,
    },
    recurrent: valueHeads * valueDim * keyDim,
    ...written(bytesOf(keys.text("mamba_ssm_dtype"))),
  };
}

function kimi(keys: Keys): State | undefined {
  const config = keys.mapping("linear_attn_config");
  const { num_heads: heads, head_dim: width, short_conv_kernel_size: kernel } = config ?? {};
  return typeof heads === "number" && typeof width === "number" && typeof kernel === "number"
    ? {
        conv: { channels: 3 * heads * width, groups: 0, groupWidth: 0, length: kernel - 1 },
        recurrent: heads * width * width,
        recurrentBytes: 4,
      }
    : undefined;
}

/** Nemotron-H, Granite-4, Bamba, Falcon-H1, Zamba2. */
function mamba2(keys: Keys): State | undefined {
  const heads = keys.number("mamba_num_heads", "mamba_n_heads", "n_mamba_heads");
  const width = keys.number("mamba_head_dim", "mamba_d_head", "mamba_headdim");
  const state = keys.number("ssm_state_size", "mamba_d_state");
  const kernel = keys.number("conv_kernel", "mamba_d_conv");
  if (heads === undefined || width === undefined || state === undefined || kernel === undefined) {
    return undefined;
  }
  const isNemotron = keys.type === "nemotron_h";
  const dtype = keys.text("mamba_ssm_cache_dtype") ?? (isNemotron ? "float32" : undefined);
  return {
    conv: {
      channels: heads * width,
      groups: keys.number("n_groups", "mamba_n_groups", "mamba_ngroups") ?? 1,
      groupWidth: state,
      length: kernel - 1,
    },
    recurrent: heads * width * state,
    ...written(bytesOf(dtype)),
  };
}

/** Jamba. */
function mamba1(keys: Keys): State | undefined {
  const hidden = keys.number("hidden_size");
  const expand = keys.number("mamba_expand", "expand");
  const state = keys.number("mamba_d_state", "state_size");
  const kernel = keys.number("mamba_d_conv", "conv_kernel");
  return hidden === undefined || expand === undefined || state === undefined || kernel === undefined
    ? undefined
    : {
        conv: { channels: hidden * expand, groups: 0, groupWidth: 0, length: kernel - 1 },
        recurrent: hidden * expand * state,
      };
}

/** MiniMax-Text-01, Ling. */
function lightning(keys: Keys, type: string): State | undefined {
  const attention = attentionOf(keys);
  const heads = keys.number("num_attention_heads");
  return attention === undefined || heads === undefined || !/minimax|bailing/.test(type)
    ? undefined
    : {
        conv: { channels: 0, groups: 0, groupWidth: 0, length: 0 },
        recurrent: heads * attention.keyDim ** 2,
      };
}

/** LFM2: short convolutions without a recurrent state. */
function convOf(keys: Keys): State | undefined {
  const channels = keys.number("conv_dim", "hidden_size");
  const kernel = keys.number("conv_L_cache");
  return channels === undefined || kernel === undefined
    ? undefined
    : { conv: { channels, groups: 0, groupWidth: 0, length: kernel - 1 }, recurrent: 0 };
}

function written(recurrentBytes: number | undefined): Pick<State, "recurrentBytes"> {
  return recurrentBytes === undefined ? {} : { recurrentBytes };
}
