import type { GpuInstance } from "../../aws/instance-types";
import { gpuOfferingsDate, recordedZones, zonesOffering } from "../../aws/offerings";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { alternatives, alternativesText, largeEnoughTypes } from "../gpu/fit";
import type { ModelMemory } from "../gpu/memory";
import { candidateInstances } from "../plan/candidate-instances";
import { modelMemory } from "../plan/model-memory";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Instances that the region has, and in more than one of its zones. */
export const checkOfferings: Check = (subject) => [
  ...subject.deployment.regions.flatMap(({ name }) =>
    recordedZones(name) === undefined
      ? [
          warning(
            "region-not-recorded",
            ["regions", name],
            `the offerings of ${name} were not recorded, ${gpuOfferingsDate}: whether it has these instance types, and in which zones, is seen when Terraform asks AWS at a plan`,
            "key",
          ),
        ]
      : [],
  ),
  ...variantsInRegions(subject).flatMap(offeringDiagnostics),
];

function offeringDiagnostics({ region, model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { settings } = variant;
  const candidates = candidateInstances(settings).filter(({ vendor }) => vendor === "nvidia");
  const zones = candidates.map(({ type }) => zonesOffering(type, region.name));
  const [first, ...rest] = candidates;
  // A type that is newer than the record may be in any zone.
  if (first === undefined || zones.includes(undefined)) {
    return [];
  }
  const all = new Set(zones.flatMap((each) => each ?? []));
  if (all.size > 1) {
    return [];
  }
  const memory = modelMemory(settings, model.server);
  const names = settings.instanceTypes.join(", ");
  const smallest = rest.reduce(
    (least, each) => (each.acceleratorMemoryGiB < least.acceleratorMemoryGiB ? each : least),
    first,
  );
  const remedy = remedyText(smallest, memory, `regions.${region.name}.models.${model.name}`, region.name);
  return all.size === 0
    ? [
        error(
          "instance-type-not-offered",
          at("instanceTypes"),
          `${region.name} had no ${names} when the offerings were recorded, ${gpuOfferingsDate}; ${remedy}`,
        ),
      ]
    : [
        warning(
          "instance-type-in-one-zone",
          at("instanceTypes"),
          `only one zone of ${region.name} has ${names}, and ${model.name} is lost there with that zone; ${remedy}`,
        ),
      ];
}

/** What to write instead: types of more than one zone of the region that hold the model, or that are no smaller. */
function remedyText(
  smallest: GpuInstance,
  memory: ModelMemory | undefined,
  place: string,
  region: string,
): string {
  const inZones = (type: string) => (zonesOffering(type, region) ?? []).length > 1;
  const others =
    memory === undefined
      ? largeEnoughTypes(smallest, inZones).join(", ")
      : alternativesText(memory, alternatives(memory, smallest.arch, inZones));
  return others === ""
    ? `nothing that would do is in two of its zones: serve the model elsewhere, with ${place}: false`
    : `use ${others}, for this region alone under ${place}`;
}
