import { cpuInstance } from "../../aws/cpu-instances";
import { gpuInstancesMatching, type Instance, isNewerThanCatalogue } from "../../aws/instance-types";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { candidatesOf, hasGpus } from "../plan/candidate-instances";
import { weightsOnDiskGiB } from "../plan/model-memory";
import { presetOf, serversWithoutGpus } from "../servers/presets";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";
import { nameAndTag } from "./software";

/** Instances without GPUs: all of a variant, for a server that works there, with main memory for its weights. */
export const checkCpuInstances: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) =>
    hasGpus(each.variant.settings)
      ? [...mixedDiagnostics(each), ...idleDiagnostics(each)]
      : [
          ...serverDiagnostics(each),
          ...imageDiagnostics(each),
          ...fieldDiagnostics(each),
          ...memoryDiagnostics(each),
        ],
  );

function mixedDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const types = settings.instanceTypes;
  const without = types.find((type) => cpuInstance(type) !== undefined);
  const beside = types.find((type) => gpuInstancesMatching(type).length > 0 || isNewerThanCatalogue(type));
  return without === undefined || beside === undefined
    ? []
    : [
        error(
          "gpus-mixed",
          at("instanceTypes"),
          `${without} has no GPU, unlike ${beside}, but instances of a variant share one machine image; make two variants`,
        ),
      ];
}

function serverDiagnostics({ model: { server }, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const preset = presetOf(server);
  return preset === undefined || preset.withoutGpus !== undefined
    ? []
    : [
        error(
          "server-needs-gpus",
          at("instanceTypes"),
          `${server} needs NVIDIA GPUs, and ${variant.settings.instanceTypes.join(", ")} has none; use a g or p type. Without GPUs there are ${serversWithoutGpus.join(", ")}, and custom for any other`,
        ),
      ];
}

/** Words in names and tags of images that say for which processor they are built. */
const FOR_GPUS = /(?:^|[^a-z])(?:cuda|gpu|cu1\d\d)(?:[^a-z]|$)/;
const FOR_CPUS = /(?:^|[^a-z])cpu(?:[^a-z]|$)/;

function imageDiagnostics({ model: { server }, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { image } = variant.settings;
  const { gpuImages, image: instead } = presetOf(server)?.withoutGpus ?? {};
  return (gpuImages?.test(image) ?? FOR_GPUS.test(nameAndTag(image).toLowerCase()))
    ? [
        warning(
          "image-for-gpus",
          at("image"),
          `by its name "${image}" is built for GPUs, and its instances have none; use one ${instead === undefined ? "for the CPU" : `such as ${instead}`}`,
        ),
      ]
    : [];
}

/** An image that leaves the GPUs of its instances idle. */
function idleDiagnostics({ model: { server }, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { image, instanceTypes } = variant.settings;
  const { cpuImages } = presetOf(server)?.withoutGpus ?? {};
  const isOfCpu = FOR_CPUS.test(nameAndTag(image).toLowerCase()) || cpuImages?.test(image) === true;
  return isOfCpu && instanceTypes.every((type) => cpuInstance(type) === undefined)
    ? [
        warning(
          "image-for-cpus",
          at("image"),
          `by its name "${image}" is built for the CPU, so the GPUs of ${instanceTypes[0]} would be paid for and idle; use the image for CUDA, or types without GPUs`,
        ),
      ]
    : [];
}

/** Fields of `memory` that divide a model among GPUs. */
const OF_GPUS = ["tensorParallel", "pipelineParallel", "utilization"] as const;

function fieldDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const fields = [
    ...(settings.instanceRequirements === undefined ? [] : [at("instanceRequirements")]),
    ...OF_GPUS.filter((field) => settings.memory?.[field] !== undefined).map((field) => at("memory", field)),
  ];
  return fields.map((path) =>
    error("field-needs-gpus", path, "is about GPUs, and the instances have none; leave it out"),
  );
}

/** What is not left to the server, in GiB: model-server.sh limits its memory. */
const RESERVED_GIB = 2;
const RESERVED_SHARE = 1 / 32;

function memoryDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const weightsGiB = weightsOnDiskGiB(settings) ?? 0;
  const room = ({ memoryGiB }: Instance) => memoryGiB * (1 - RESERVED_SHARE) - RESERVED_GIB;
  return settings.instanceTypes.flatMap((type, index) =>
    candidatesOf(type, undefined)
      .filter((instance) => weightsGiB > room(instance))
      .map((instance) =>
        error(
          "weights-exceed-memory",
          at("instanceTypes", index),
          `${type} has ${instance.memoryGiB} GiB of main memory and leaves a server ${Math.floor(room(instance) * 10) / 10} GiB, less than the weights of ${Math.ceil(weightsGiB * 10) / 10} GiB; every type listed must hold them`,
        ),
      ),
  );
}
