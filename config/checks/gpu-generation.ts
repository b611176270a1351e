import { computeCapability, type GpuInstance } from "../../aws/instance-types";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { gpuCandidatesOf, hasGpus } from "../plan/candidate-instances";
import { describedArchitecture } from "../plan/serving-memory";
import { writtenArgument } from "../plan/written-argument";
import type { GpuNeed } from "../servers/preset";
import { presetOf, versionOf } from "../servers/presets";
import { isAtLeast, isBefore } from "../servers/version";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** GPUs that are too old for the weights or the arguments of a server, or that its image is not built for. */
export const checkGpuGenerations: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...generationDiagnostics(each),
    ...hardwareDiagnostics(each),
  ]);

/** What needs a generation, and how sure it is that the server does not start on another. */
interface Need extends GpuNeed {
  /** What of the variant has the need, in words. */
  readonly what: string;
  readonly kind: "image" | "kernels" | "weights";
}

function generationDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { model, variant, at } = each;
  const { settings } = variant;
  const version = versionOf(model.server, settings.image);
  const needs = (presetOf(model.server)?.gpus?.needs ?? [])
    .filter(
      ({ since, before }) => (before === undefined || isBefore(version, before)) && isAtLeast(version, since),
    )
    .flatMap((need) => needOf(need, each) ?? []);
  return settings.instanceTypes.flatMap((entry, index): readonly Diagnostic[] => {
    const lacking = gpuCandidatesOf(entry, settings.instanceRequirements).flatMap((instance) => {
      const capability = computeCapability(instance);
      return capability === undefined
        ? []
        : needs
            .filter(({ least, most = capability }) => capability < least || capability > most)
            .map((need) => ({ need, capability, instance }));
    });
    // What certainly fails says enough.
    const worst = lacking.find(({ need }) => need.kind !== "kernels") ?? lacking[0];
    return worst === undefined
      ? []
      : [
          diagnosticOf(
            worst.need,
            worst.capability,
            worst.instance,
            model.server,
            at("instanceTypes", index),
          ),
        ];
  });
}

function diagnosticOf(
  { kind, what, least, most }: Need,
  capability: number,
  { accelerator, type }: GpuInstance,
  server: string,
  path: Diagnostic["path"],
): Diagnostic {
  const has = `the ${accelerator} of ${type} has compute capability ${capability.toFixed(1)}`;
  const upTo = most === undefined || most === least ? "" : ` to ${most.toFixed(1)}`;
  switch (kind) {
    case "image":
      return error(
        "image-for-another-gpu",
        path,
        `${has}, and ${what} is built for ${least.toFixed(1)}${upTo} alone; use the image for this GPU, or another type`,
      );
    case "kernels":
      return warning(
        "gpu-without-kernels",
        path,
        `${has}, and images of ${server} are built for ${least.toFixed(1)} and later; use a newer type, or an image that is built for it`,
      );
    case "weights":
      return error(
        "gpu-too-old",
        path,
        `${has}, and ${server} needs ${least.toFixed(1)} for ${what}; use a newer type, or other weights`,
      );
  }
}

/** A need of a variant; undefined when nothing of it has that. */
function needOf(need: GpuNeed, { model, variant }: VariantInRegion): Need | undefined {
  const { settings } = variant;
  const { image, weights, argument } = need;
  if (image !== undefined) {
    return image.test(settings.image) ? { ...need, what: `"${settings.image}"`, kind: "image" } : undefined;
  }
  if (weights !== undefined) {
    const precision = precisionOf(settings, model.server);
    return precision !== undefined && weights.test(precision)
      ? { ...need, what: `weights in ${precision}`, kind: "weights" }
      : undefined;
  }
  if (argument !== undefined) {
    const { value, flag } = writtenArgument(model.server, argument.name, settings) ?? {};
    return value !== undefined && argument.values.test(value)
      ? { ...need, what: `${flag} ${value}`, kind: "weights" }
      : undefined;
  }
  return { ...need, what: model.server, kind: "kernels" };
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

/** Words in names of images that are built for accelerators of other makers, and whose. */
const OTHER_HARDWARE: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[^a-z])rocm(?:[^a-z]|$)/, "AMD"],
  [/(?:^|[^a-z])(?:xpu|gaudi|hpu|habana)(?:[^a-z]|$)/, "Intel"],
  [/(?:^|[^a-z])neuronx?(?:[^a-z]|$)/, "AWS (Inferentia, Trainium)"],
];

/** An image that by its name has no kernels for NVIDIA's GPUs. */
function hardwareDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { image } = settings;
  const [, maker] = OTHER_HARDWARE.find(([name]) => name.test(image.toLowerCase())) ?? [];
  return maker === undefined || !hasGpus(settings)
    ? []
    : [
        warning(
          "image-for-other-hardware",
          at("image"),
          `by its name "${image}" is built for accelerators of ${maker}, and instances here have NVIDIA GPUs; use the image for CUDA`,
        ),
      ];
}
