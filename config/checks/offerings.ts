import { type GpuInstance, hasAccelerators } from "../../aws/instance-types";
import { LOAD_BALANCER_ZONES } from "../../aws/limits";
import { gpuOfferingsDate, recordedZones, zonesOffering } from "../../aws/offerings";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import { alternatives, alternativesText, largeEnoughTypes } from "../gpu/fit";
import { candidateInstances } from "../plan/candidate-instances";
import type { Region } from "../plan/deployment";
import { modelMemory } from "../plan/model-memory";
import type { InstanceSettings } from "../plan/overrides";
import { reservedZoneCount, zonesOfTypes } from "../plan/zones";
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
  ...subject.deployment.regions.flatMap(fewerZonesDiagnostics),
];

function offeringDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { region, model, variant, at } = each;
  const { settings } = variant;
  const offered = zonesOfTypes(settings, region.name);
  // A type that is newer than the record may be in any zone.
  if (offered === undefined || reservedZoneCount(settings) !== undefined) {
    return [];
  }
  const names = settings.instanceTypes.join(", ");
  if (offered.length === 0) {
    return [
      error(
        "instance-type-not-offered",
        at("instanceTypes"),
        `${region.name} had no ${names} when the offerings were recorded, ${gpuOfferingsDate}; ${remedyText(each)}`,
      ),
    ];
  }
  const zones = variant.zones.value;
  if (zones > 1) {
    return [];
  }
  const where =
    offered.length === 1
      ? `only one zone of ${region.name} has ${names}, and ${model.name} is lost there with that zone`
      : `of the zones of the network in ${region.name} only one has ${names}, and ${model.name} is lost there with that zone`;
  if (model.survivesZone && variant.weight > 0) {
    // A network in one zone is an error of its own.
    return region.network.zoneCount === 1
      ? []
      : [
          error(
            "instances-in-one-zone",
            at("instanceTypes"),
            `${where}; ${remedyText(each)}, or write survive: nothing`,
          ),
        ];
  }
  return [warning("instance-type-in-one-zone", at("instanceTypes"), `${where}; ${remedyText(each)}`)];
}

/** One warning of a region, however many of its models lie in fewer zones than the network. */
function fewerZonesDiagnostics({ name, network, models }: Region): readonly Diagnostic[] {
  const fewer = models.flatMap(({ variants }) =>
    variants
      .filter(
        ({ zones, settings }) =>
          zones.value > 1 && zones.value < network.zoneCount && reservedZoneCount(settings) === undefined,
      )
      .map(
        ({ settings }) =>
          `${settings.instanceTypes.join(", ")} in ${together(zonesOfTypes(settings, name) ?? [])}`,
      ),
  );
  // A region that has fewer zones altogether is an error of its own.
  return fewer.length === 0 || network.zoneCount > (recordedZones(name) ?? []).length
    ? []
    : [
        warning(
          "instance-type-in-fewer-zones",
          ["regions", name, "network"],
          `not all ${network.zoneCount} zones of the network can have instances of every model, so some sizes count fewer zones (npm run explain); AWS offers (${gpuOfferingsDate}) ${[...new Set(fewer)].sort().join("; ")}`,
        ),
      ];
}

/** What to write instead: types of more than one zone of the region that hold the model, or that are no smaller. */
function remedyText({ region: here, model, variant: { settings } }: VariantInRegion): string {
  const { name: region } = here;
  const place = `regions.${region}.models.${model.name}`;
  const memory = modelMemory(settings, model.server);
  const [first, ...rest] = candidateInstances(settings).filter(hasAccelerators);
  const inZones = (type: string) =>
    !settings.instanceTypes.includes(type) && (zonesOffering(type, region) ?? []).length > 1;
  const others =
    first === undefined
      ? ""
      : memory === undefined
        ? largeEnoughTypes(leastMemory(first, rest), inZones).join(", ")
        : alternativesText(memory, alternatives(memory, first.arch, inZones), region);
  const more = enoughZones(here, settings);
  const wider = more === undefined ? [] : [`write zones: ${more} under regions.${region}.network.create`];
  const remedies = [
    ...wider,
    ...(others === "" ? [] : [`use ${others}, for this region alone under ${place}`]),
  ];
  return remedies.length === 0
    ? `nothing that would do is in two of its zones: serve the model elsewhere, with ${place}: false`
    : remedies.join(", or ");
}

/** The fewest zones of a network to make with which two of them have the types; they are taken in a fixed order. */
function enoughZones({ name, network }: Region, settings: InstanceSettings): number | undefined {
  if (network.kind !== "created" || typeof network.zones !== "number") {
    return undefined;
  }
  const offered = zonesOfTypes(settings, name) ?? [];
  const { preferred } = network.zoneChoice;
  const places = preferred.flatMap((id, index) => (offered.includes(id) ? [index + 1] : []));
  return places[1] !== undefined && places[1] <= LOAD_BALANCER_ZONES.max ? places[1] : undefined;
}

function leastMemory(first: GpuInstance, rest: readonly GpuInstance[]): GpuInstance {
  return rest.reduce(
    (least, each) => (each.acceleratorMemoryGiB < least.acceleratorMemoryGiB ? each : least),
    first,
  );
}
