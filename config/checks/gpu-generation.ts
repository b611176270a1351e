import { computeCapability } from "../../aws/instance-types";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { gpuCandidatesOf } from "../plan/candidate-instances";
import { describedArchitecture } from "../plan/serving-memory";
import { writtenArgument } from "../plan/written-argument";
import type { GpuNeed } from "../servers/preset";
import { presetOf, versionOf } from "../servers/presets";
import { isAtLeast, isBefore } from "../servers/version";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** GPUs that are too old for the weights, the arguments or the image of a server. */
export const checkGpuGenerations: Check = (subject) =>
  variantsInRegions(subject).flatMap(generationDiagnostics);

function generationDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { model, variant, at } = each;
  const { settings } = variant;
  const version = versionOf(model.server, settings.image);
  const needs = (presetOf(model.server)?.gpus?.needs ?? [])
    .filter(
      ({ since, before }) => (before === undefined || isBefore(version, before)) && isAtLeast(version, since),
    )
    .flatMap((need) => {
      const what = whatNeeds(need, each);
      return what === undefined ? [] : [{ ...need, what }];
    });
  return settings.instanceTypes.flatMap((entry, index): readonly Diagnostic[] => {
    const found = gpuCandidatesOf(entry, settings.instanceRequirements).flatMap((instance) => {
      const capability = computeCapability(instance) ?? Number.POSITIVE_INFINITY;
      const lacking = needs.filter(({ least }) => capability < least);
      return lacking.map((need) => ({ need, capability, instance, isOfImage: need.what === model.server }));
    });
    // What certainly fails says enough.
    const worst = found.find(({ isOfImage }) => !isOfImage) ?? found[0];
    if (worst === undefined) {
      return [];
    }
    const { need, capability, instance, isOfImage } = worst;
    const has = `the ${instance.accelerator} of ${instance.type} has compute capability ${capability.toFixed(1)}`;
    return isOfImage
      ? [
          warning(
            "gpu-without-kernels",
            at("instanceTypes", index),
            `${has}, and images of ${model.server} are built for ${need.least.toFixed(1)} and later; use a newer type, or an image that is built for it`,
          ),
        ]
      : [
          error(
            "gpu-too-old",
            at("instanceTypes", index),
            `${has}, and ${model.server} needs ${need.least.toFixed(1)} for ${need.what}; use a newer type, or other weights`,
          ),
        ];
  });
}

/** What of a variant has a need, in words; the server itself for a need of its images; undefined: nothing. */
function whatNeeds({ weights, argument }: GpuNeed, { model, variant }: VariantInRegion): string | undefined {
  const { settings } = variant;
  if (weights !== undefined) {
    const precision = precisionOf(variant.settings, model.server);
    return precision !== undefined && weights.test(precision) ? `weights in ${precision}` : undefined;
  }
  if (argument !== undefined) {
    const { value, flag } = writtenArgument(model.server, argument.name, settings) ?? {};
    return value !== undefined && argument.values.test(value) ? `${flag} ${value}` : undefined;
  }
  return model.server;
}

/** How the weights are stored: by the argument, else by config.json, else as written. */
function precisionOf(
  settings: VariantInRegion["variant"]["settings"],
  server: VariantInRegion["model"]["server"],
): string | undefined {
  const method = writtenArgument(server, "--quantization", settings)?.value.replace(
    /^modelopt_fp4$/,
    "nvfp4",
  );
  const told = /^(fp8|mxfp8|mxfp4|nvfp4|awq|gptq)/.exec(method ?? "")?.[0];
  return told ?? describedArchitecture(settings)?.quantization?.scheme ?? settings.memory?.precision;
}
