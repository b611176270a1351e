import type { GpuInstance } from "../../aws/instance-types";
import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { gpuCandidatesOf } from "../plan/candidate-instances";
import { writtenArgument } from "../plan/written-argument";
import { presetOf } from "../servers/presets";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Types that are too small for the team's own arguments and variables, or for the weights where `memory` is not written. */
export const checkGpuRoom: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...gpuDiagnostics(each),
    ...hiddenGpuDiagnostics(each),
    ...(each.variant.settings.memory === undefined ? weightsDiagnostics(each) : []),
  ]);

/** A number that the GPUs of a server are multiplied by. */
interface Factor {
  readonly times: number;
  /** As people wrote it: `--tensor-parallel-size 4`. */
  readonly words: string;
  /** In which of the arguments it is written; undefined where it is from `memory`. */
  readonly index?: number;
  /** Whether it splits one copy of the model, as `memory` assumes, and makes no other copy. */
  readonly splits: boolean;
}

/** More GPUs in the team's own arguments than a type has. Those of `memory` alone are checked elsewhere. */
function gpuDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { settings } = each.variant;
  const factors = gpuFactors(each);
  const gpus = product(factors);
  const [index] = factors.flatMap((factor) => factor.index ?? []);
  const small = tooSmall(settings, ({ accelerators }) => accelerators < gpus);
  const isCheckedElsewhere = settings.memory !== undefined && factors.every(({ splits }) => splits);
  if (index === undefined || small === undefined || isCheckedElsewhere) {
    return [];
  }
  const needed = factors.length === 1 ? "more GPUs than" : `${gpus} GPUs, more than`;
  return [
    error(
      "too-few-gpus",
      each.at("arguments", index),
      `${wordsOf(factors)} ${factors.length === 1 ? "needs" : "need"} ${needed} the ${small.accelerators} of ${small.type}; use fewer, or larger types`,
    ),
  ];
}

/** The factors of the number of GPUs that the server uses; those of 1 are left out. */
function gpuFactors({ model, variant: { settings } }: VariantInRegion): readonly Factor[] {
  const { server } = model;
  const preset = presetOf(server);
  const read = (name: string | undefined) =>
    name === undefined ? undefined : writtenArgument(server, name, settings);
  const splits = (["tensorParallel", "pipelineParallel"] as const).map((field) => {
    const { [field]: stated = 1 } = settings.memory ?? {};
    const inMemory = { times: stated, words: `memory.${field} ${stated}` };
    return { ...(inArguments(read(preset?.argumentNames[field])) ?? inMemory), splits: true };
  });
  const copies = (preset?.gpuMultipliers ?? [])
    .filter(({ unless }) => read(unless) === undefined)
    .flatMap(({ name, onInstance }) => inArguments(read(onInstance) ?? read(name)) ?? [])
    .map((factor) => ({ ...factor, splits: false }));
  return [...splits, ...copies].filter(({ times }) => times > 1);
}

function inArguments(written: ReturnType<typeof writtenArgument>) {
  return (
    written && {
      times: Number(written.value),
      words: `${written.flag} ${written.value}`,
      index: written.index,
    }
  );
}

const product = (factors: readonly Factor[]) => factors.reduce((gpus, { times }) => gpus * times, 1);
const wordsOf = (factors: readonly Factor[]) => factors.map(({ words }) => words).join(" times ");

const VISIBLE = "CUDA_VISIBLE_DEVICES";

/**
 * GPUs that CUDA_VISIBLE_DEVICES names and a type does not have, and GPUs that the server needs and it hides. Values
 * other than indexes, such as UUIDs, are not checked. Source: CUDA C++ Programming Guide, "CUDA Environment Variables".
 */
function hiddenGpuDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { settings } = each.variant;
  const value = settings.env[VISIBLE] ?? "";
  if (!/^\s*\d+\s*(,\s*\d+\s*)*$/.test(value)) {
    return [];
  }
  const named = value.split(",").map(Number);
  const last = Math.max(...named);
  const small = tooSmall(settings, ({ accelerators }) => last >= accelerators);
  if (small !== undefined) {
    const range = small.accelerators === 1 ? "GPU 0" : `GPUs 0 to ${small.accelerators - 1}`;
    return [
      error(
        "gpu-not-there",
        each.at("env", VISIBLE),
        `names GPU ${last}, but ${small.type} has only ${range}; name GPUs that it has, use larger types, or leave it out: a server sees all GPUs`,
      ),
    ];
  }
  const factors = gpuFactors(each);
  return product(factors) > new Set(named).size
    ? [
        error(
          "gpus-hidden",
          each.at("env", VISIBLE),
          `shows the server fewer GPUs than ${wordsOf(factors)} ${factors.length === 1 ? "needs" : "need"}; leave it out: a server sees all GPUs`,
        ),
      ]
    : [];
}

/** Weights that all the GPUs of an instance together do not hold, on a server that keeps them nowhere else. */
function weightsDiagnostics({ model, variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { server } = model;
  const { weightsInGpus } = presetOf(server) ?? {};
  const size = settings.weights?.size;
  if (weightsInGpus === undefined || size === undefined) {
    return [];
  }
  const { unless } = weightsInGpus;
  const small = tooSmall(settings, (instance) => memoryGiB(instance) < size);
  return small === undefined || (unless !== undefined && writtenArgument(server, unless, settings))
    ? []
    : [
        error(
          "weights-exceed-gpus",
          at("weights", "size"),
          `the GPUs of ${small.type} have ${memoryGiB(small)} GiB together, and the weights ${size} GiB; use larger types${unless === undefined ? "" : `, or ${unless}`}`,
        ),
      ];
}

/** Of all GPUs together, in tenths. */
const memoryGiB = ({ accelerators, acceleratorMemoryGiB }: GpuInstance) =>
  Math.floor(accelerators * acceleratorMemoryGiB * 10) / 10;

/** The first type of the list that AWS may launch and that is too small. */
function tooSmall(
  settings: VariantInRegion["variant"]["settings"],
  isTooSmall: (instance: GpuInstance) => boolean,
): GpuInstance | undefined {
  return settings.instanceTypes
    .flatMap((type) => gpuCandidatesOf(type, settings.instanceRequirements))
    .find((instance) => instance.vendor === "nvidia" && !instance.gridDriver && isTooSmall(instance));
}
