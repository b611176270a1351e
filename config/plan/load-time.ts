import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { BYTES_PER_GIB } from "../units";
import { candidateInstances, hasGpus } from "./candidate-instances";
import type { Derived } from "./derived";
import { orWritten } from "./derived";
import { weightsOnDiskGiB } from "./model-memory";
import { type InstanceSettings, instanceSettings, variantsOf } from "./overrides";

/** What usually is, and what has been seen at worst. */
interface Spread {
  readonly likely: number;
  readonly most: number;
}

/**
 * Seconds from the launch until Docker runs. Source: kaito-project/kaito issue 2325 of September 2026: 126 s for a node
 * with one A100, its registration included.
 */
const SYSTEM_SECONDS: Spread = { likely: 60, most: 130 };

/** GB of a container image as its registry has it. Source: tensorfuse.io of 2025: those of vLLM, SGLang, TensorRT-LLM exceed 10 GB. */
const IMAGE_GB = { gpus: 10, noGpus: 2 } as const;

/**
 * Seconds for each GB of an image: Docker unpacks its layers one after the other. Sources: kaito issue 2325, 5.6 GB in
 * 101 s; vertexcover.io of 2026, 13 GB in 571 s on AWS.
 */
const IMAGE_SECONDS_PER_GB: Spread = { likely: 18, most: 44 };

/** Seconds for each GB of weights from the network: of a gigabyte a second, or a quarter of it. */
const WEIGHTS_SECONDS_PER_GB: Spread = { likely: 1, most: 4 };

/**
 * Seconds for each GB of weights from the disk into the GPUs. Sources: vLLM issue 44881, 21.8 GiB in 18 s; pull request
 * 44106, 7.6 GiB in 27 s.
 */
const LOAD_SECONDS_PER_GB: Spread = { likely: 0.8, most: 3.3 };

/**
 * Seconds that a server takes besides: its libraries, profiling, compilation, graphs. Sources: vLLM issues 20264, 59 s for
 * a model of 3 GiB whose compilation was kept, and 44881, 270 s for 35B in fp4; kaito issue 2325, 290 s for 27B.
 */
const SERVER_SECONDS: Spread = { likely: 120, most: 300 };

const MB_PER_MIB = 1.048576;

/** Estimates are rounded up to this, in seconds. */
const STEP = 30;

/** The load time of a model in a region: as written, or else an estimate, and where it comes from. */
export interface LoadTime {
  readonly value: Derived;
  /** Seconds that it takes usually, by the estimate. */
  readonly likely: number;
  /** `unknown`: it is neither written nor can be estimated, because the size of the weights is not known. */
  readonly by: "written" | "estimate" | "unknown";
}

/**
 * The load time of a model in a region. The estimate is the most that has been seen of each of its parts, for the slowest
 * variant, so that what follows from it has headroom.
 */
export function loadTimeOf(file: ServingFile, region: string, name: string, model: ModelFile): LoadTime {
  const estimates = Object.keys(variantsOf(model)).map((variant) =>
    estimateOf(instanceSettings(file, region, name, variant)),
  );
  const known = estimates.filter((each) => each !== undefined);
  const slowest = known.reduce<Estimate | undefined>(
    (slow, each) => (slow === undefined || each.most > slow.most ? each : slow),
    undefined,
  );
  if (slowest === undefined || known.length < estimates.length) {
    const value = model.loadTime ?? 0;
    const derived: Derived = {
      value,
      unit: "s",
      rule: "as written: the size of the weights is not known, so it cannot be estimated",
      inputs: {},
      source: "the deployment's own measurements",
    };
    return { value: derived, likely: value, by: model.loadTime === undefined ? "unknown" : "written" };
  }
  const { likely, most, parts } = slowest;
  const estimate: Derived = {
    value: most,
    unit: "s",
    rule: "the most that was seen of system, image, weights and start of a server; measure it, and write it",
    inputs: { ...parts, likely },
    source: "docs/capacity-and-timing.md",
  };
  return {
    value: orWritten(estimate, model.loadTime),
    likely,
    by: model.loadTime === undefined ? "estimate" : "written",
  };
}

interface Estimate extends Spread {
  /** The most of each part, in seconds. */
  readonly parts: { readonly [part in "system" | "image" | "weights" | "server"]: number };
}

/** @returns `undefined` when the size of the weights is not known */
function estimateOf(settings: InstanceSettings): Estimate | undefined {
  const weightsGiB = weightsOnDiskGiB(settings);
  if (weightsGiB === undefined) {
    return undefined;
  }
  const gb = (weightsGiB * BYTES_PER_GIB) / 1e9;
  const imageGb = hasGpus(settings) ? IMAGE_GB.gpus : IMAGE_GB.noGpus;
  const partsOf = (each: keyof Spread) => ({
    system: SYSTEM_SECONDS[each],
    image: Math.round(imageGb * IMAGE_SECONDS_PER_GB[each]),
    weights: Math.round(
      gb *
        (Math.max(WEIGHTS_SECONDS_PER_GB[each], volumeSecondsPerGb(settings)) +
          Math.max(LOAD_SECONDS_PER_GB[each], volumeSecondsPerGb(settings))),
    ),
    server: SERVER_SECONDS[each],
  });
  const sum = (parts: Estimate["parts"]) =>
    Math.ceil(Object.values(parts).reduce((total, seconds) => total + seconds, 0) / STEP) * STEP;
  const parts = partsOf("most");
  return { likely: sum(partsOf("likely")), most: sum(parts), parts };
}

/** Seconds in which the volume writes or reads a GB; 0 where all types have an instance store, which is faster than the network. */
function volumeSecondsPerGb(settings: InstanceSettings): number {
  const { warmPool, volume } = settings;
  const types = candidateInstances(settings);
  const hasStore = types.length > 0 && types.every((type) => "nvmeGB" in type && type.nvmeGB !== 0);
  return hasStore && warmPool?.state !== "Stopped" ? 0 : 1000 / (volume.throughput * MB_PER_MIB);
}
