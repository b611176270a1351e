import { isMapping, type Json, type Keys } from "./keys";

/** The longest context that a server lets a model have by its config.json, in tokens. Undefined: as long as it is told. */
export interface LongestContext {
  readonly vllm: number | undefined;
  readonly sglang: number | undefined;
}

/** Names under which models keep it. */
const VLLM_NAMES = [
  ...["max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "max_target_positions"],
  ...["max_sequence_length", "max_seq_length", "seq_len"],
] as const;

/** In this order. The last is what Transformers calls `max_position_embeddings` of GPT-2 and its kind. */
const SGLANG_NAMES = [
  ...["max_sequence_length", "seq_length", "max_seq_len", "model_max_length", "max_position_embeddings"],
  "n_positions",
] as const;

/** What SGLang takes where config.json says nothing. */
const SGLANG_USUAL = 2048;

/** Kinds of rotary embeddings whose length is that of the model already. */
const SCALED_ALREADY = new Set(["su", "longrope", "llama3"]);

/**
 * Sources: vLLM, config/model.py, `_get_and_verify_max_len`; SGLang, utils/hf_transformers_utils.py,
 * `get_context_length`. What a tokenizer's own file says, which may be less, is not known here.
 */
export function longestContextOf(keys: Keys): LongestContext {
  const rope = keys.mapping("rope_scaling", "rope_parameters") ?? {};
  return { vllm: ofVllm(keys, rope), sglang: ofSglang(keys, rope) };
}

function ofVllm(keys: Keys, rope: Json): number | undefined {
  const named = VLLM_NAMES.flatMap((name) => keys.number(name) ?? []);
  const own = keys.number("model_max_length") ?? (named.length === 0 ? undefined : Math.min(...named));
  if (own === undefined || keys.type.includes("gemma3")) {
    return own;
  }
  // One for the model, or one for each kind of its layers.
  const inner = Object.values(rope).filter(isMapping);
  const scalings = (inner.length === 0 ? [rope] : inner).filter(
    (scaling) => !SCALED_ALREADY.has(String(kindOf(scaling))),
  );
  const factor = scalings.flatMap((scaling) => numberOf(scaling.factor) ?? []).at(-1) ?? 1;
  const original = scalings
    .filter((scaling) => kindOf(scaling) === "yarn")
    .flatMap((scaling) => numberOf(scaling.original_max_position_embeddings) ?? [])
    .at(-1);
  return Math.floor((original ?? own) * factor);
}

function ofSglang(keys: Keys, rope: Json): number {
  const isScaled = rope.original_max_position_embeddings !== undefined || rope.rope_type === "llama3";
  const factor = isScaled ? 1 : (numberOf(rope.factor) ?? 1);
  return Math.floor((keys.number(...SGLANG_NAMES) ?? SGLANG_USUAL) * factor);
}

const kindOf = ({ rope_type, type }: Json) => rope_type ?? type;
const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);
