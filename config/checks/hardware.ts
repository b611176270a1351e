import {
  type GpuInstance,
  gpuInstance,
  gpuInstancesMatching,
  gpuInstanceTypes,
  onDemandQuota,
  spotQuota,
} from "../aws/gpu-instances";
import { GP3_IOPS_PER_GIB_MAX, GP3_THROUGHPUT_PER_IOPS_MAX } from "../aws/limits";
import type { Region } from "../deployment";
import { diskProblem } from "../disk";
import { alternativesText, fits } from "../gpu-fit";
import { modelMemory, weightsOnDiskGiB } from "../model-memory";
import { error, type Problem, warning } from "../problem";
import type { RegionFile, ServingFile } from "../schema/deployment";
import { closest, didYouMean } from "../suggest";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Boxes that exist, hold the model, start the machine image, and fit into the account's quotas. */
export const checkHardware: Check = (subject) => [
  ...variantsInRegions(subject).flatMap((each) => [
    ...typeProblems(each),
    ...memoryProblems(each),
    ...volumeProblems(each),
    ...amiProblems(subject.file, each),
  ]),
  ...subject.deployment.regions.flatMap((region) => quotaProblems(subject.file, region)),
];

/** The types that a list, with or without patterns, stands for. */
function instancesOf({ variant }: VariantInRegion): readonly GpuInstance[] {
  return variant.settings.instanceTypes.flatMap((type) => gpuInstancesMatching(type));
}

function typeProblems(each: VariantInRegion): readonly Problem[] {
  const { instanceTypes: types, instanceRequirements: requirements } = each.variant.settings;
  const listed = types.flatMap((type, index) => listedTypeProblems(type, index, types, each));
  const architectures = new Set(instancesOf(each).map(({ arch }) => arch));
  const mixed =
    architectures.size > 1
      ? [
          error(
            each.at("instanceTypes"),
            `${types.join(", ")} mix x86_64 and arm64, and one machine image serves them all; make two variants`,
          ),
        ]
      : [];
  return [
    ...listed,
    ...mixed,
    ...(requirements?.gpus.max !== undefined && requirements.gpus.max < requirements.gpus.min
      ? [
          error(
            each.at("instanceRequirements", "gpus", "max"),
            `max ${requirements.gpus.max} < min ${requirements.gpus.min}; swap them`,
          ),
        ]
      : []),
  ];
}

function listedTypeProblems(
  type: string,
  index: number,
  types: readonly string[],
  { at, variant }: VariantInRegion,
): readonly Problem[] {
  const where = at("instanceTypes", index);
  if (types.indexOf(type) < index) {
    return [error(where, `${type} repeats instanceTypes[${types.indexOf(type)}]; remove it`)];
  }
  if (type.includes("*")) {
    if (variant.settings.instanceRequirements === undefined) {
      return [
        error(where, `"${type}" is a pattern, which needs instanceRequirements; add them, or name the types`),
      ];
    }
    return gpuInstancesMatching(type).length === 0
      ? [error(where, `"${type}" matches no GPU instance type; write it as g6.*`)]
      : [];
  }
  const instance = gpuInstance(type);
  if (instance === undefined) {
    return [
      error(
        where,
        `"${type}" is no GPU instance type this project knows${didYouMean(closest(type, gpuInstanceTypes))}`,
      ),
    ];
  }
  if (instance.vendor !== "nvidia") {
    return [
      error(
        where,
        `${type} has ${instance.accelerator}, and model servers here run on NVIDIA GPUs; use a g or p type`,
      ),
    ];
  }
  if (instance.gridDriver) {
    return [
      error(
        where,
        `${type} has a part of a GPU, which needs NVIDIA's GRID driver; the Deep Learning image has none: use ${instance.family.replace("f", "")} instead`,
      ),
    ];
  }
  return variant.settings.spot !== undefined && instance.spot === false
    ? [error(where, `${type} cannot be had as a Spot instance; remove it, or spot`)]
    : [];
}

function memoryProblems(each: VariantInRegion): readonly Problem[] {
  const memory = modelMemory(each.variant.settings);
  if (memory === undefined) {
    return [];
  }
  return each.variant.settings.instanceTypes.flatMap((type, index) => {
    const fit = gpuInstance(type)?.vendor === "nvidia" ? fits(memory, type) : undefined;
    if (fit === undefined || fit.ok) {
      return [];
    }
    const holds = alternativesText(memory, fit.alternatives);
    const right = holds === "" ? "" : `; types that do hold it: ${holds}`;
    return fit.reason === "uneven split"
      ? [error(each.at("memory", "tensorParallel"), fit.problem)]
      : [error(each.at("instanceTypes", index), `every type must hold the model: ${fit.problem}${right}`)];
  });
}

function volumeProblems({ variant, model, at }: VariantInRegion): readonly Problem[] {
  const { volume } = variant.settings;
  const weightsGiB = weightsOnDiskGiB(variant.settings);
  const problems: Problem[] = [];
  if (volume.size === undefined && weightsGiB === undefined) {
    problems.push(
      warning(
        at("volume"),
        `${model.name}: how much disk the weights take is not known, and ${variant.volume.value}GiB holds only the images; add weights.size, memory.parameters, or volume.size`,
      ),
    );
  }
  const tooSmall =
    volume.size === undefined ? undefined : diskProblem(volume.size, { weightsGiB: weightsGiB ?? 0 });
  if (tooSmall !== undefined) {
    problems.push(error(at("volume", "size"), tooSmall));
  }
  const mostIops = variant.volume.value * GP3_IOPS_PER_GIB_MAX;
  if (volume.iops > mostIops) {
    problems.push(
      error(
        at("volume", "iops"),
        `${volume.iops} IOPS need ${Math.ceil(volume.iops / GP3_IOPS_PER_GIB_MAX)}GiB of volume; ${variant.volume.value}GiB may have ${mostIops}`,
      ),
    );
  }
  const mostThroughput = volume.iops * GP3_THROUGHPUT_PER_IOPS_MAX;
  if (volume.throughput > mostThroughput) {
    problems.push(
      error(
        at("volume", "throughput"),
        `${volume.throughput} MiB/s need ${volume.throughput / GP3_THROUGHPUT_PER_IOPS_MAX} IOPS; ${volume.iops} IOPS may have ${mostThroughput}`,
      ),
    );
  }
  return problems;
}

const AMI_FIELDS = ["id", "parameterVersion", "release"] as const;

function amiProblems(file: ServingFile, { region, variant, at }: VariantInRegion): readonly Problem[] {
  const { ami } = variant.settings;
  const given = AMI_FIELDS.filter((field) => ami[field] !== undefined);
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    return [error(at("ami", second), `set either ${first} or ${second}, not both`)];
  }
  const everywhere = at("ami")[0] === "models" && Object.keys(file.regions).length > 1;
  return everywhere && (first === "id" || first === "parameterVersion")
    ? [
        error(
          at("ami", first),
          `an image's ${first} differs from region to region; write it under regions.${region.name}.models`,
        ),
      ]
    : [];
}

type QuotaField = keyof NonNullable<RegionFile["vcpuQuotas"]>;

/** Which declared quota a quota code is. */
const QUOTA_FIELDS: ReadonlyMap<string, QuotaField> = new Map([
  ["L-DB2E81BA", "onDemandG"],
  ["L-417A185B", "onDemandP"],
  ["L-3819A6DF", "spotG"],
  ["L-7212CCBC", "spotP"],
  ["L-C4BD4855", "spotP5"],
]);

/** The most vCPUs of each declared quota that a region may come to use, with each group at its largest. */
function quotaProblems(file: ServingFile, region: Region): readonly Problem[] {
  const declared = file.regions[region.name]?.vcpuQuotas ?? {};
  const used = new Map<QuotaField, number>();
  for (const model of region.models) {
    for (const { settings, capacity } of model.variants) {
      const instances = settings.instanceTypes.flatMap((type) => gpuInstancesMatching(type));
      const most = capacity.max.value;
      const onDemand =
        settings.spot === undefined
          ? most
          : Math.min(
              most,
              capacity.onDemandBase.value +
                Math.ceil(((most - capacity.onDemandBase.value) * capacity.onDemandShare.value) / 100),
            );
      addLargest(used, instances, onDemand, onDemandQuota);
      addLargest(used, instances, most - onDemand, spotQuota);
    }
  }
  return [...used].flatMap(([field, vcpus]) => {
    const quota = declared[field];
    return quota !== undefined && vcpus > quota
      ? [
          error(
            ["regions", region.name, "vcpuQuotas", field],
            `${quota} vCPUs are fewer than the ${vcpus} that the groups of ${region.name} take at their largest; ask AWS for more, or lower max`,
          ),
        ]
      : [];
  });
}

function addLargest(
  used: Map<QuotaField, number>,
  instances: readonly GpuInstance[],
  boxes: number,
  quotaOf: typeof onDemandQuota,
): void {
  const largest = new Map<QuotaField, number>();
  for (const { type, vcpus } of instances) {
    const field = QUOTA_FIELDS.get(quotaOf(type)?.code ?? "");
    if (field !== undefined) {
      largest.set(field, Math.max(largest.get(field) ?? 0, vcpus));
    }
  }
  for (const [field, vcpus] of largest) {
    used.set(field, (used.get(field) ?? 0) + vcpus * boxes);
  }
}
