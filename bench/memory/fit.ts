import { createHash } from "node:crypto";
import type { OverheadPart, Spread } from "../../config/gpu/room";
import { median } from "../figures";
import { type Judgement, judgements, type ObservedModel } from "./observations";

/** The half of the families that constants are fitted on, or the half that is kept back from that. */
export type Half = "fitted" | "kept back";

/** The family of a model: the class that its config.json names, which is the code that a server runs for it. */
export function familyOf({ id, config }: ObservedModel): string {
  const [family = id] = Array.isArray(config.architectures) ? config.architectures : [];
  return String(family);
}

/** The first bit of the SHA-256 of its family decides, so that a further observation moves no family to the other half. */
export function halfOf(model: ObservedModel): Half {
  const digest = createHash("sha256").update(familyOf(model)).digest();
  return digest.readUInt8(0) < 0x80 ? "fitted" : "kept back";
}

/** Fewer observations than this fit nothing: the constant stands on its mechanism alone. */
export const FEWEST = 3;

/** Least and most of a constant that has no span, in GiB. Sources: vLLM issues 10517 and 13061. */
const BOUNDS: Partial<Record<OverheadPart, readonly [number, number]>> = { context: [0.25, 0.35] };

/** A constant of the model of memory, and what the fitted half says of it, in GiB. */
export interface Constant {
  readonly part: OverheadPart;
  /** Observations of it in each half. */
  readonly counts: Readonly<Record<Half, number>>;
  /** The value in the code; absent: it is reckoned from the widths of each model. */
  readonly value?: number;
  /** The median of the fitted half; absent: there are too few. */
  readonly median?: number;
  /** The median, bounded by what the mechanism allows. */
  readonly fitted?: number;
}

/** What a server took for a part: what it printed of it, else what remains without the other parts; absent: not told. */
function seen({ observation, parts, overheadGiB }: Judgement, part: OverheadPart): number | undefined {
  const { server, nonTorchGiB, cudaGraphGiB, cudaGraphEstimateGiB } = observation;
  const printed = part === "graphs" ? (cudaGraphGiB ?? cudaGraphEstimateGiB) : undefined;
  if (printed !== undefined && server.startsWith("vLLM")) {
    return printed;
  }
  if (parts?.[part] === undefined || overheadGiB === undefined) {
    return undefined;
  }
  if (part === "context" && parts.communication === undefined && nonTorchGiB !== undefined) {
    return nonTorchGiB;
  }
  return overheadGiB - sumOf(parts, "likely") + parts[part].likely;
}

function sumOf(parts: NonNullable<Judgement["parts"]>, each: keyof Spread): number {
  return Object.values(parts).reduce((sum, part) => sum + part[each], 0);
}

/** Parts that are one number for all models. */
const CONSTANTS: readonly OverheadPart[] = [
  "context",
  "communication",
  "experts",
  "ranks",
  "tower",
  "graphs",
];

/** Parts that are reckoned from the widths of a model. */
const RECKONED: readonly OverheadPart[] = ["activations", "sampler"];

/**
 * Fits each constant with the others as they are: the median of what was seen of it has the least absolute error. Few
 * servers print the parts, so that fitting all at once would give each the errors of the others.
 */
export function constants(all: readonly Judgement[] = judgements()): readonly Constant[] {
  return [...CONSTANTS, ...RECKONED].map((part) => {
    const of = (half: Half) =>
      all.filter(({ model }) => halfOf(model) === half).flatMap((each) => seen(each, part) ?? []);
    const values = of("fitted");
    const counts = { fitted: values.length, "kept back": of("kept back").length };
    const span = all.flatMap(({ parts }) => parts?.[part] ?? [])[0];
    if (RECKONED.includes(part) || span === undefined) {
      return { part, counts };
    }
    const [least, most] = BOUNDS[part] ?? [span.least, span.most];
    const middle = values.length < FEWEST ? undefined : median(values);
    const fitted = middle === undefined ? undefined : Math.min(most, Math.max(least, middle));
    return { part, counts, value: span.likely, median: middle, fitted };
  });
}

/** Logs round GPU, weights and KV cache to hundredths of a GiB. */
const ROUNDING_GIB = 0.02;

/** Whether what a server took beside weights and KV cache is within the span; absent: it is not told. */
export function isWithinSpan({ parts, overheadGiB }: Judgement): boolean | undefined {
  return parts === undefined || overheadGiB === undefined
    ? undefined
    : sumOf(parts, "least") - ROUNDING_GIB <= overheadGiB &&
        overheadGiB <= sumOf(parts, "most") + ROUNDING_GIB;
}
