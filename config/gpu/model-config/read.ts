import type { Layer } from "../layers";
import { type LongestContext, longestContextOf } from "./context";
import { isMapping, type Json, Keys } from "./keys";
import { bytesOf, readLayers } from "./layers";
import { allBytes, type Parts, partsOf, type Widths, widthsOf } from "./parts";
import { type Quantization, quantizationOf } from "./quantization";

/** A model by its config.json. */
export interface Architecture {
  /** As `model_type` has it. */
  readonly type: string;
  /** As `architectures` has it, the first; undefined: it has none. */
  readonly className: string | undefined;
  /** How many labels a classifier tells apart. */
  readonly labels: number;
  readonly layers: readonly Layer[];
  /** Bytes of a value that is not quantized. */
  readonly modelBytes: number;
  /** Bytes of a value of the KV cache, where the checkpoint asks for it. */
  readonly kvBytes?: number;
  readonly longestContext: LongestContext;
  readonly quantization?: Quantization;
  readonly widths?: Widths;
  /** Absent: the widths are not known. */
  readonly parts?: Parts;
  /** Whether it reads images or speech. */
  readonly hasTower: boolean;
  /** What about it is not known, each in words that follow "config.json: ". Then what fits is not certain. */
  readonly unknown: readonly string[];
}

/** Reads the config.json of a model of the hub. It never throws: what it does not know is said. */
export function readArchitecture(config: Json): Architecture {
  const keys = new Keys(config);
  const { layers, unknown } = readLayers(keys);
  const quantization = quantizationOf(keys);
  const scheme = quantization === "unknown" ? undefined : quantization;
  const dtype = keys.text("dtype", "torch_dtype");
  const modelBytes = bytesOf(dtype) ?? 2;
  const widths = widthsOf(keys);
  const tower = [keys.mapping("vision_config"), keys.mapping("audio_config")];
  const parts = widths && partsOf(keys, widths, layers, scheme, modelBytes);
  return {
    type: keys.type,
    className: keys.className,
    labels: keys.number("num_labels") ?? Object.keys(keys.mapping("id2label") ?? USUAL_LABELS).length,
    layers,
    modelBytes,
    ...cacheBytes(keys),
    longestContext: longestContextOf(keys),
    quantization: scheme,
    widths,
    parts,
    hasTower: tower.some((each) => each !== undefined),
    unknown: [
      ...unknown,
      ...(quantization === "unknown" ? ["its quantization is not known here"] : []),
      ...keys.unread().map((name) => `its key ${name} is not known here`),
    ],
  };
}

/** Of Transformers, where config.json names none. */
const USUAL_LABELS = { 0: "LABEL_0", 1: "LABEL_1" };

/** Checkpoints may ask for a KV cache of 8 bits: in compressed-tensors, and in ModelOpt. */
function cacheBytes(keys: Keys): Pick<Architecture, "kvBytes"> {
  const quantization = keys.mapping("quantization_config") ?? {};
  const { kv_cache_scheme: scheme, kv_cache_quant_algo: algorithm } = quantization;
  const isEight = (isMapping(scheme) && scheme.num_bits === 8) || algorithm === "FP8";
  return isEight ? { kvBytes: 1 } : {};
}

/** Bytes of the checkpoint by its widths; undefined when these are not known. */
export function reckonedBytes({ parts }: Architecture): number | undefined {
  return parts && allBytes(parts);
}
