import { GP3_IOPS_PER_GIB, GP3_SIZE, GP3_THROUGHPUT_PER_IOPS } from "../../aws/limits";
import { bothGiven, type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { diskDiagnostic } from "../plan/disk";
import { diskNeeds, weightsOnDiskGiB } from "../plan/model-memory";
import { type InstanceSettings, isOfOneRegion } from "../plan/overrides";
import type { ServingFile } from "../schema/deployment";
import { formatSize } from "../units";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Root volumes that hold what the instances need within the limits of gp3, and their machine images. */
export const checkVolumes: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...volumeDiagnostics(each),
    ...amiDiagnostics(subject.file, each),
  ]);

function volumeDiagnostics({ variant, model, at }: VariantInRegion): readonly Diagnostic[] {
  const { volume } = variant.settings;
  const weightsGiB = weightsOnDiskGiB(variant.settings);
  const diagnostics: Diagnostic[] = [];
  if (volume.size === undefined && weightsGiB === undefined) {
    diagnostics.push(
      warning(
        "disk-size-unknown",
        at("volume"),
        `${model.name}: the size of the weights is not known, and ${variant.volume.value}GiB holds only the images; add ${variant.settings.weights === undefined ? "memory.config, memory.parameters" : "weights.size"}, or volume.size`,
      ),
    );
  }
  const tooSmall =
    volume.size === undefined ? undefined : diskDiagnostic(volume.size, diskNeeds(variant.settings));
  if (tooSmall !== undefined) {
    diagnostics.push(error("volume-too-small", at("volume", "size"), tooSmall));
  }
  if (volume.size !== undefined && !Number.isInteger(volume.size)) {
    const next = Math.ceil(volume.size);
    diagnostics.push(
      error(
        "size-not-whole",
        at("volume", "size"),
        `${formatSize(volume.size)} is not a whole number of GiB; use ${next}GiB`,
      ),
    );
  }
  if (variant.volume.value > GP3_SIZE.max) {
    diagnostics.push(
      error(
        "volume-too-large",
        volumePath(variant.settings, at),
        `needs a volume of ${formatSize(variant.volume.value)}, and gp3 has ${formatSize(GP3_SIZE.max)} at most`,
      ),
    );
  }
  const mostIops = variant.volume.value * GP3_IOPS_PER_GIB.max;
  if (volume.iops > mostIops) {
    diagnostics.push(
      error(
        "too-many-iops",
        at("volume", "iops"),
        `${volume.iops} IOPS need ${Math.ceil(volume.iops / GP3_IOPS_PER_GIB.max)}GiB of volume; ${variant.volume.value}GiB may have ${mostIops}`,
      ),
    );
  }
  const mostThroughput = volume.iops * GP3_THROUGHPUT_PER_IOPS.max;
  if (volume.throughput > mostThroughput) {
    diagnostics.push(
      error(
        "too-much-throughput",
        at("volume", "throughput"),
        `${volume.throughput} MiB/s need ${volume.throughput / GP3_THROUGHPUT_PER_IOPS.max} IOPS; ${volume.iops} IOPS may have ${mostThroughput}`,
      ),
    );
  }
  return diagnostics;
}

/** What the size of the volume comes from. */
function volumePath({ volume, weights }: InstanceSettings, at: VariantInRegion["at"]): Path {
  if (volume.size !== undefined) {
    return at("volume", "size");
  }
  return weights?.size === undefined ? at("memory", "parameters") : at("weights", "size");
}

const AMI_FIELDS = ["id", "parameterVersion", "release"] as const;

function amiDiagnostics(file: ServingFile, { region, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { ami } = variant.settings;
  const given = AMI_FIELDS.filter((field) => ami[field] !== undefined);
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    return [bothGiven(at("ami", second), at("ami", first), `set either ${first} or ${second}, not both`)];
  }
  const everywhere = !isOfOneRegion(at("ami")) && Object.keys(file.regions).length > 1;
  return everywhere && (first === "id" || first === "parameterVersion")
    ? [
        error(
          "ami-of-one-region",
          at("ami", first),
          `an image's ${first} differs from region to region; write it under regions.${region.name}.models`,
        ),
      ]
    : [];
}
