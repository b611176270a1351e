import { cpuInstance, cpuInstancesLike } from "../../aws/cpu-instances";
import {
  gpuInstance,
  gpuInstancesMatching,
  gpuInstanceTypes,
  isNewerThanCatalogue,
} from "../../aws/instance-types";
import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { closest, didYouMean } from "../diagnostics/suggest";
import { alternativesText, fits } from "../gpu/fit";
import { leastWeightsGiB, weightsSizeGiB } from "../gpu/memory";
import { reckonedBytes } from "../gpu/model-config/read";
import { candidateInstances, gpuCandidatesOf } from "../plan/candidate-instances";
import { modelMemory } from "../plan/model-memory";
import type { InstanceSettings } from "../plan/overrides";
import { servedModel } from "../plan/served-model";
import { describedModel } from "../plan/serving-memory";
import { BYTES_PER_GIB, formatSize } from "../units";
import { type Check, repetitions, type VariantInRegion, variantsInRegions } from "./check";

/** Instances that exist, that one machine image serves, and that hold the model. */
export const checkInstanceTypes: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...typeDiagnostics(each),
    ...sizeDiagnostics(each),
    ...memoryDiagnostics(each),
  ]);

function typeDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const types = each.variant.settings.instanceTypes;
  const listed = types.flatMap((type, index) => listedTypeDiagnostics(type, index, types, each));
  const architectures = new Set(candidateInstances(each.variant.settings).map(({ arch }) => arch));
  const mixed =
    architectures.size > 1
      ? [
          error(
            "architectures-mixed",
            each.at("instanceTypes"),
            `${types.join(", ")} mix x86_64 and arm64, but instances of a variant share one machine image; make two variants`,
          ),
        ]
      : [];
  return [...listed, ...mixed, ...requirementDiagnostics(each)];
}

const MIB_PER_GIB = 1024;

function requirementDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { instanceTypes: types, instanceRequirements: wanted } = settings;
  if (wanted === undefined) {
    return [];
  }
  const { gpus } = wanted;
  const diagnostics = (["gpuMemory", "memory"] as const)
    .filter((field) => wanted[field] === 0 || !Number.isInteger(wanted[field] * MIB_PER_GIB))
    .map((field) =>
      error("size-not-whole", at("instanceRequirements", field), "must be a whole number of MiB, 1 or more"),
    );
  if (gpus.max !== undefined && gpus.max < gpus.min) {
    return [
      ...diagnostics,
      error(
        "min-above-max",
        at("instanceRequirements", "gpus", "max"),
        `max ${gpus.max} < min ${gpus.min}; swap them`,
      ),
    ];
  }
  return candidateInstances(settings).length === 0 &&
    types.some((type) => gpuInstancesMatching(type).length > 0)
    ? [
        ...diagnostics,
        error(
          "requirements-match-nothing",
          at("instanceRequirements"),
          `none of ${types.join(", ")} meets these requirements; lower them, or add larger types`,
        ),
      ]
    : diagnostics;
}

function listedTypeDiagnostics(
  type: string,
  index: number,
  types: readonly string[],
  { at, variant }: VariantInRegion,
): readonly Diagnostic[] {
  const where = at("instanceTypes", index);
  const repeated = repetitions(types, index, where, { called: (first) => `instanceTypes[${first}]` });
  if (repeated.length > 0) {
    return repeated;
  }
  if (type.includes("*")) {
    if (variant.settings.instanceRequirements === undefined) {
      return [
        error(
          "pattern-without-requirements",
          where,
          `"${type}" is a pattern, which needs instanceRequirements; add them, or name the types`,
        ),
      ];
    }
    return patternDiagnostics(type, variant.settings, where);
  }
  if (cpuInstance(type) !== undefined) {
    return [];
  }
  const instance = gpuInstance(type);
  if (instance === undefined && isNewerThanCatalogue(type)) {
    return [newerThanCatalogue(type, where)];
  }
  if (instance === undefined) {
    return [
      error(
        "unknown-instance-type",
        where,
        `"${type}" is not an instance type that this project knows, with GPUs or without${didYouMean(closest(type, [...gpuInstanceTypes, ...cpuInstancesLike(type)]))}`,
      ),
    ];
  }
  if (instance.vendor !== "nvidia") {
    return [
      error(
        "not-nvidia",
        where,
        `${type} has ${instance.accelerator}, and model servers here run on NVIDIA GPUs; use a g or p type`,
      ),
    ];
  }
  if (instance.gridDriver) {
    return [
      error(
        "grid-driver-needed",
        where,
        `${type} has a part of a GPU, which needs NVIDIA's GRID driver; the Deep Learning image has none: use ${instance.family.replace("f", "")} instead`,
      ),
    ];
  }
  return [];
}

function newerThanCatalogue(type: string, where: Path): Diagnostic {
  return warning(
    "newer-instance-type",
    where,
    `${type} is not in this project's list${misspelt(type)}: nothing is checked of its GPUs, memory, processor and quota; Terraform asks AWS when it plans whether the region has it`,
  );
}

/** A size that a known family has not may be a slip of the pen. */
function misspelt(type: string): string {
  const [family] = type.split(".");
  const ofFamily = gpuInstanceTypes.filter((each) => each.startsWith(`${family}.`));
  return type.includes("*") ? "" : didYouMean(closest(type, ofFamily));
}

function patternDiagnostics(
  pattern: string,
  { instanceRequirements }: InstanceSettings,
  where: Path,
): readonly Diagnostic[] {
  if (gpuInstancesMatching(pattern).length === 0) {
    if (isNewerThanCatalogue(pattern)) {
      return [newerThanCatalogue(pattern, where)];
    }
    return [
      error("unknown-instance-type", where, `"${pattern}" matches no GPU instance type; write it as g6.*`),
    ];
  }
  const inPart = gpuCandidatesOf(pattern, instanceRequirements).find(({ gridDriver }) => gridDriver);
  return inPart === undefined
    ? []
    : [
        error(
          "grid-driver-needed",
          where,
          `"${pattern}" also matches ${inPart.type}, which has a part of a GPU and needs NVIDIA's GRID driver; the Deep Learning image has none: write it as ${inPart.family.replace("f", "")}.*`,
        ),
      ];
}

/** A model has millions of parameters at least; a bare `8` was meant to be `8B`. */
const PARAMETERS_MIN = 1e6;

/** What `memory` says of the model: enough to reckon with, and nothing that contradicts something else. */
function sizeDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { memory } = each.variant.settings;
  if (memory === undefined) {
    return [];
  }
  return memory.config === undefined ? numberDiagnostics(each, memory) : configDiagnostics(each, memory);
}

type Memory = NonNullable<InstanceSettings["memory"]>;

/** A declared size counts instead of the parameters, so the two must agree. */
function numberDiagnostics(
  { variant: { settings }, at }: VariantInRegion,
  { parameters, precision = "bf16", size }: Memory,
): readonly Diagnostic[] {
  if (parameters === undefined) {
    return [
      error(
        "model-not-described",
        at("memory"),
        "says nothing of the model; write config, with its config.json from the hub, or parameters, as 8B",
      ),
    ];
  }
  if (parameters < PARAMETERS_MIN) {
    return [
      error(
        "parameters-too-few",
        at("memory", "parameters"),
        `${parameters} parameters are too few for a model; write it as 8B or 560M`,
      ),
    ];
  }
  const written = settings.weights?.size ?? size;
  return written !== undefined && written < leastWeightsGiB(parameters, precision)
    ? [
        error(
          "weights-contradict-parameters",
          settings.weights?.size === undefined ? at("memory", "size") : at("weights", "size"),
          `${formatSize(written)} cannot hold memory.parameters in ${precision}, about ${Math.ceil(weightsSizeGiB(parameters, precision))}GiB; correct one of them, or write the memory.precision they have`,
        ),
      ]
    : [];
}

/** A checkpoint and its config.json differ by no more than this, in either direction: else one is of another model. */
const SAME_MODEL = 2.5;

function configDiagnostics(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  memory: Memory,
): readonly Diagnostic[] {
  const idle = (["parameters", "layers", "kvHeads", "headDim"] as const)
    .filter((field) => memory[field] !== undefined)
    .map((field) =>
      error(
        "field-without-effect",
        at("memory", field),
        `${field} means nothing beside config, which says it; remove it`,
      ),
    );
  const described = describedModel(settings, server);
  if (described === undefined) {
    // A file that could not be read is reported where it is read.
    return typeof memory.config === "string"
      ? idle
      : [
          ...idle,
          error(
            "config-not-json",
            at("memory", "config"),
            "is no mapping of JSON; copy config.json of the model from the hub",
          ),
        ];
  }
  const { architecture, checkpointBytes } = described;
  const reckoned = reckonedBytes(architecture);
  const times = checkpointBytes === undefined || !reckoned ? 1 : checkpointBytes / reckoned;
  const contradicts =
    architecture.unknown.length === 0 && (times > SAME_MODEL || times < 1 / SAME_MODEL)
      ? [
          error(
            "size-contradicts-config",
            settings.weights?.size === undefined ? at("memory", "size") : at("weights", "size"),
            `config describes a checkpoint of about ${formatSize(Math.ceil((reckoned ?? 0) / BYTES_PER_GIB))}; correct the size, or take the config.json of the same model`,
          ),
        ]
      : [];
  const unknown =
    architecture.unknown.length === 0
      ? []
      : [
          warning(
            "config-not-known",
            at("memory", "config"),
            `${architecture.unknown.join("; ")}: what the KV cache takes is not checked, only the weights`,
          ),
        ];
  return [...idle, ...contradicts, ...unknown];
}

/** Models whose layers do not all keep the whole context: numbers for one kind of layer make them too large. */
const UNLIKE_LAYERS =
  /gemma-?[234]|qwen3-next|qwen3\.[5-9]|llama-4|gpt-oss|deepseek-(v[2-9]|r1)|kimi|mimo|nemotron-(h|3)|minimax|granite-4|jamba|mamba|falcon-h1|lfm2|glm-[5-9]/i;

function memoryDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { settings } = each.variant;
  const memory = modelMemory(settings, each.model.server);
  if (memory === undefined || (memory.described === undefined && settings.memory?.config !== undefined)) {
    return [];
  }
  return settings.instanceTypes.flatMap((type, index) => {
    const fitted = gpuCandidatesOf(type, settings.instanceRequirements)
      .filter(({ vendor }) => vendor === "nvidia")
      .map((candidate) => fits(memory, candidate.type));
    const fit = fitted.find(({ ok }) => !ok);
    const place = each.at("instanceTypes", index);
    if (fit === undefined || fit.ok) {
      const [doubt] = fitted.flatMap((other) => (other.ok ? (other.doubt ?? []) : []));
      return doubt === undefined
        ? []
        : [warning("model-may-not-fit", place, `${doubt}, or try it and accept this warning`)];
    }
    if (fit.reason === "uneven split") {
      return [error("uneven-split", each.at("memory", "tensorParallel"), fit.diagnostic)];
    }
    if (fit.reason === "context" && isUnlikeItsNumbers(each)) {
      return [
        warning(
          "model-may-not-fit",
          place,
          `${fit.diagnostic}, if every layer keeps the whole context; those of this model do not: write memory.config, with its config.json from the hub`,
        ),
      ];
    }
    const holds = alternativesText(memory, fit.alternatives, each.region.name);
    const right = holds === "" ? "" : `; types that do: ${holds}`;
    return [
      error("model-does-not-fit", place, `${fit.diagnostic}; every type listed must hold the model${right}`),
    ];
  });
}

/** Whether layers, kvHeads and headDim are of a model that they do not describe. */
function isUnlikeItsNumbers({ model: { server }, variant: { settings } }: VariantInRegion): boolean {
  return (
    settings.memory?.config === undefined && UNLIKE_LAYERS.test(servedModel(server, settings)?.source ?? "")
  );
}
