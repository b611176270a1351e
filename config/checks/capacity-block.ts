import { gpuCatalogueSources, gpuInstance } from "../../aws/instance-types";
import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import type { InstanceSettings } from "../plan/overrides";
import { reservationsOf } from "../plan/reservations";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";
import { rolloutInFull } from "./rollout-in-full";

/** Capacity Blocks: what AWS takes with them, what Terraform cannot say, and what a full block has no room for. */
export const checkCapacityBlocks: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) =>
    each.variant.settings.capacityBlock === undefined
      ? blockByOldWay(each)
      : [...combinations(each), ...typeDiagnostics(each), ...rolloutDiagnostics(each)],
  );

/** What Terraform would have to know for groups of more than one block, or of a block and other capacity. */
const SEGMENTS =
  "AWS needs distribution segments for that (mixed_instances_policy.instances_distribution.distribution_segments), which Terraform's AWS provider does not have, neither in the version of this project nor in 6.66";

/** Fields that AWS takes in no group with a Capacity Block, and why. */
const EXCLUDED: readonly (readonly [keyof InstanceSettings, string])[] = [
  [
    "spot",
    `its instances are paid up front, and none is Spot; for both in one group ${SEGMENTS}; use two variants`,
  ],
  [
    "capacityReservation",
    `its launch template has one target, the block; for both in one group ${SEGMENTS}; use two variants`,
  ],
  ["instanceRequirements", "it has instances of one type; name that type in instanceTypes"],
  ["schedules", "it is paid for at all hours, and they would go on after its end; leave schedules out"],
  ["warmPool", "AWS keeps no warm pool of its instances; leave warmPool out"],
];

function combinations({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  return [
    ...EXCLUDED.filter(([field]) => settings[field] !== undefined).map(([field, why]) =>
      refused(at(field), why),
    ),
    ...(settings.instanceTypes.length > 1 && settings.instanceRequirements === undefined
      ? [
          refused(
            at("instanceTypes"),
            `it has instances of one type, and ${settings.instanceTypes.length} are listed; name that type alone. For blocks of several types in one group ${SEGMENTS}`,
          ),
        ]
      : []),
  ];
}

function refused(path: Path, why: string): Diagnostic {
  return error("capacity-block-combination", path, `does not go with a Capacity Block: ${why}`);
}

/** A type that is newer than the catalogue may be sold in blocks. */
function typeDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const others = settings.instanceTypes.filter((type) => gpuInstance(type)?.capacityBlock === false);
  return settings.instanceRequirements !== undefined || others.length === 0
    ? []
    : [
        error(
          "capacity-block-type",
          at("instanceTypes"),
          `AWS sells no Capacity Blocks of ${together(others)} (${gpuCatalogueSources.specs}; EC2 user guide, July 2026), but of P4d, P4de, P5, P5e, P5en, P6-B200, P6-B300 and newer P types; for the others use capacityReservation`,
        ),
      ];
}

function rolloutDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  return rolloutInFull(each, {
    path: each.at("capacityBlock"),
    name: `Capacity Block ${each.variant.settings.capacityBlock?.id}`,
    what: "the block",
    remedy: "buy a block of one more and raise min and max, or roll out by a variant with a block of its own",
  });
}

/** The id of a block looks like that of any reservation. */
function blockByOldWay({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { capacityReservation: reservation, instanceTypes } = settings;
  const listed = reservationsOf(settings);
  const named =
    reservation?.id === undefined || reservation.preference === "none"
      ? listed.map(({ id, type }, index) => ({
          id,
          types: type === undefined ? instanceTypes : [type],
          path: at("capacityReservation", "reservations", index, "id"),
        }))
      : [{ id: reservation.id, types: instanceTypes, path: at("capacityReservation", "id") }];
  return named.flatMap(({ id, types, path }) => {
    const sold = types.filter((type) => gpuInstance(type)?.capacityBlock === true);
    return sold.length === 0
      ? []
      : [
          warning(
            "reservation-may-be-block",
            path,
            `AWS sells ${together(sold)} in Capacity Blocks. If ${id} is one, every launch fails this way; write capacityBlock: { id: ${id}, zone: its AvailabilityZoneId, until: its EndDate } instead, as aws ec2 describe-capacity-reservations shows them. If it is an on-demand capacity reservation, accept this`,
          ),
        ];
  });
}
