import type { GpuInstance } from "../../aws/instance-types";
import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { candidatesOf } from "../plan/candidate-instances";
import { writtenArgument } from "../plan/server-start";
import { presetOf } from "../servers/presets";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Types that are too small by the team's own arguments and variables, or by what is known without `memory`. */
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
  /** In which of the arguments it is written; undefined where `memory` says it. */
  readonly index?: number;
  /** Whether it splits a copy of the model, as `memory` reckons with, and makes no other. */
  readonly splits: boolean;
}

/** More GPUs asked for in the team's own arguments than a type has. Those of `memory` alone are reckoned elsewhere. */
function gpuDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { settings } = each.variant;
  const factors = gpuFactors(each);
  const gpus = product(factors);
  const [index] = factors.flatMap((factor) => factor.index ?? []);
  const small = tooSmall(settings, ({ accelerators }) => accelerators < gpus);
  const reckoned = settings.memory !== undefined && factors.every(({ splits }) => splits);
  if (index === undefined || small === undefined || reckoned) {
    return [];
  }
  const asked = factors.length === 1 ? "more GPUs than" : `${gpus} GPUs, more than`;
  return [
    error(
      "too-few-gpus",
      each.at("arguments", index),
      `${wordsOf(factors)} ${factors.length === 1 ? "asks" : "ask"} for ${asked} ${small.type} has, ${small.accelerators}; ask for fewer, or use larger types`,
    ),
  ];
}

/** What the GPUs of an instance are multiplied by to serve the model; of one that is 1 nothing. */
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
 * GPUs that CUDA_VISIBLE_DEVICES names and a type has not, and those that the server asks for and it hides. Other values
 * than indexes, such as UUIDs, are not known. Source: CUDA C++ Programming Guide, "CUDA Environment Variables".
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
    const range = small.accelerators === 1 ? "0 alone" : `0 to ${small.accelerators - 1}`;
    return [
      error(
        "gpu-not-there",
        each.at("env", VISIBLE),
        `names GPU ${last}, and ${small.type} has ${range}; name those it has, use larger types, or leave it out: a server sees all GPUs`,
      ),
    ];
  }
  const factors = gpuFactors(each);
  return product(factors) > new Set(named).size
    ? [
        error(
          "gpus-hidden",
          each.at("env", VISIBLE),
          `shows the server fewer GPUs than ${wordsOf(factors)} ${factors.length === 1 ? "asks" : "ask"} for; leave it out: a server sees all GPUs`,
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

/** The first type of the list that AWS may launch and of which this is so. */
function tooSmall(
  settings: VariantInRegion["variant"]["settings"],
  isTooSmall: (instance: GpuInstance) => boolean,
): GpuInstance | undefined {
  return settings.instanceTypes
    .flatMap((type) => candidatesOf(type, settings.instanceRequirements))
    .find((instance) => instance.vendor === "nvidia" && !instance.gridDriver && isTooSmall(instance));
}
