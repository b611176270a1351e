/** A mapping of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text stack of a model that reads images or speech too. */
const NESTED = ["text_config", "language_config", "llm_config", "thinker_config"] as const;

/** Words in the names of keys that decide what a layer keeps. */
const STRUCTURAL =
  /layer_types|layer_pattern|attention_chunk|window|mamba|ssm|linear_|lora_rank|kv_heads|key_value_heads|compress_|cross_attention|recurrent|index_|kv_shared|state_size|block_types|mhc_|hybrid/;

/** Keys with such a word that decide nothing here. */
const HARMLESS = new Set([
  ...[
    "index_n_heads",
    "index_topk",
    "max_window_layers",
    "sliding_window_size",
    "q_lora_rank",
    "o_lora_rank",
  ],
  ...["compress_rope_theta", "use_mamba_kernels", "mamba_hidden_act", "mamba_proj_bias", "mamba_conv_bias"],
  ...["mamba_dt_rank", "mamba_chunk_size", "mamba_ssm_dtype", "mamba_ssm_cache_dtype", "mamba_rms_norm"],
  ...["linear_bias", "mamba_norm_before_gate", "mamba_use_mlp", "mamba_headdim", "mamba_inner_layernorms"],
  ...["swa_num_attention_heads", "attention_chunk_size"],
]);

/** Reads the keys of a config.json, from the text stack first, and knows which nobody has asked for. */
export class Keys {
  readonly #read = new Set<string>();
  readonly #text: Json;

  constructor(private readonly config: Json) {
    const found = NESTED.map((name) => config[name]).find(isMapping);
    const inner = found && isMapping(found.text_config) ? found.text_config : found;
    this.#text = inner ?? config;
  }

  /** The value of the first of these keys that has one. */
  value(...names: readonly string[]): unknown {
    for (const name of names) {
      this.#read.add(name);
    }
    return names
      .map((name) => this.#text[name] ?? this.config[name])
      .find((each) => each !== undefined && each !== null);
  }

  /** The first of its `architectures`; undefined: it has none. */
  get className(): string | undefined {
    const [name] = this.list("architectures") ?? [];
    return typeof name === "string" ? name : undefined;
  }

  /** Its `model_type`; where that is missing, the beginning of its class: `gemma3` of `Gemma3ForCausalLM`. */
  get type(): string {
    return this.text("model_type") ?? (this.className ?? "").replace(/(For|Model).*/, "").toLowerCase();
  }

  number(...names: readonly string[]): number | undefined {
    const value = this.value(...names);
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  text(...names: readonly string[]): string | undefined {
    const value = this.value(...names);
    return typeof value === "string" ? value : undefined;
  }

  list(...names: readonly string[]): readonly unknown[] | undefined {
    const value = this.value(...names);
    return Array.isArray(value) ? value : undefined;
  }

  mapping(...names: readonly string[]): Json | undefined {
    const value = this.value(...names);
    return isMapping(value) ? value : undefined;
  }

  /** Keys that may decide what layers keep, and that nobody has read. */
  unread(): readonly string[] {
    return Object.entries(this.#text)
      .filter(([, value]) => value !== null && value !== false)
      .map(([name]) => name)
      .filter((name) => STRUCTURAL.test(name) && !HARMLESS.has(name) && !this.#read.has(name))
      .sort();
  }
}
