import { isMapping, type Json, type Keys } from "./keys";

/** How a checkpoint stores its weights. */
export interface Quantization {
  /** As its config.json names it, such as `fp8` or `nvfp4`. */
  readonly scheme: string;
  /** Bits of a quantized weight, with its share of scales and zero points. */
  readonly bits: number;
  /** Bits of the weights of experts, where they differ. */
  readonly expertBits?: number;
  /** Which parts of a layer keep the model's own bits. */
  readonly keeps: { readonly attention: boolean; readonly dense: boolean; readonly shared: boolean };
  /** Whether kernels pad the experts. */
  readonly padsExperts?: true;
}

/** Bits of a scale or zero point beside each group. Sources: vLLM, layers/quantization/{modelopt,mxfp4,auto_awq}.py. */
const SCALE_BITS = 16;

const MXFP4_BITS = 4 + 8 / 32;
const MXFP8_BITS = 8 + 8 / 32;
const NVFP4_BITS = 4 + 8 / 16;

/** What a config.json says of quantization; undefined: nothing is quantized. `unknown`: it says something else. */
export function quantizationOf(keys: Keys): Quantization | "unknown" | undefined {
  const config = keys.mapping("quantization_config", "compression_config");
  if (config === undefined) {
    return undefined;
  }
  const bits = bitsOf(config);
  if (bits === undefined) {
    return "unknown";
  }
  const expertBits = keys.text("expert_dtype") === "fp4" ? MXFP4_BITS : undefined;
  const method = String(config.quant_method ?? config.quant_algo ?? "").toLowerCase();
  const isForExperts = method === "mxfp4";
  const left = keptModules(config);
  return {
    ...bits,
    ...(expertBits === undefined ? {} : { expertBits }),
    keeps: {
      attention: isForExperts || left.some((name) => name.includes("self_attn")),
      dense: isForExperts || left.some((name) => /mlp\\?\.\(/.test(name) || name === "re:.*mlp.*"),
      shared: isForExperts || left.some((name) => name.includes("shared_expert")),
    },
    ...(isForExperts ? { padsExperts: true } : {}),
  };
}

function keptModules(config: Json): readonly string[] {
  return [config.modules_to_not_convert, config.ignore, config.exclude_modules]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map(String);
}

function bitsOf(config: Json): Pick<Quantization, "scheme" | "bits"> | undefined {
  const method = String(config.quant_method ?? "").toLowerCase();
  const algorithm = String(config.quant_algo ?? "").toLowerCase();
  const bits = typeof config.bits === "number" ? config.bits : undefined;
  if (algorithm.includes("nvfp4")) {
    return { scheme: "nvfp4", bits: NVFP4_BITS };
  }
  if (algorithm.includes("fp8")) {
    return { scheme: "fp8", bits: 8 };
  }
  switch (method) {
    case "mxfp4":
      return { scheme: "mxfp4", bits: MXFP4_BITS };
    case "fp8":
    case "fbgemm_fp8":
      return { scheme: "fp8", bits: 8 };
    case "gptq":
    case "awq":
    case "auto-round":
      return { scheme: method, bits: grouped(bits ?? 4, config.group_size, bits ?? 4) };
    case "bitsandbytes":
      return config.load_in_8bit === true
        ? { scheme: "int8", bits: 8 }
        : { scheme: "nf4", bits: config.bnb_4bit_use_double_quant === true ? 4.127 : 4.5 };
    case "compressed-tensors":
    case "modelopt":
      return compressedTensors(config);
    default:
      return undefined;
  }
}

function compressedTensors(config: Json): Pick<Quantization, "scheme" | "bits"> | undefined {
  const groups = isMapping(config.config_groups) ? Object.values(config.config_groups) : [];
  const [weights] = groups.flatMap((group) =>
    isMapping(group) && isMapping(group.weights) ? [group.weights] : [],
  );
  const bits = weights?.num_bits;
  if (weights === undefined || typeof bits !== "number") {
    return undefined;
  }
  const format = String(config.format ?? "");
  if (format.includes("mxfp4")) {
    return { scheme: "mxfp4", bits: MXFP4_BITS };
  }
  if (weights.type === "float") {
    if (bits === 4) {
      return { scheme: "nvfp4", bits: NVFP4_BITS };
    }
    return weights.group_size === 32 ? { scheme: "mxfp8", bits: MXFP8_BITS } : { scheme: "fp8", bits };
  }
  const zero = weights.symmetric === false ? bits : 0;
  return { scheme: `int${bits}`, bits: grouped(bits, weights.group_size, zero) };
}

/** Bits of a weight with the scale and zero point of its group. A group of −1 is a whole row. */
function grouped(bits: number, size: unknown, zeroBits: number): number {
  return typeof size === "number" && size > 0 ? bits + (SCALE_BITS + zeroBits) / size : bits;
}
