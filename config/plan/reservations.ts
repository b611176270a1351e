import type { InstanceSettings } from "./overrides";

type CapacityReservation = NonNullable<InstanceSettings["capacityReservation"]>;

/** A reservation as the file lists it. */
export type Reservation = NonNullable<CapacityReservation["reservations"]>[number];

/** What is reserved for a variant: instances in each zone, and whether none are launched elsewhere. */
export interface ReservedInstances {
  /** In the order of the names of the zones. */
  readonly inZones: readonly number[];
  readonly only: boolean;
}

/** The listed reservations of a variant that uses reservations. */
export function reservationsOf({ capacityReservation }: InstanceSettings): readonly Reservation[] {
  return capacityReservation === undefined || capacityReservation.preference === "none"
    ? []
    : (capacityReservation.reservations ?? []);
}

/** How many instances are reserved in each zone that the reservations name, in the order of these names. */
export function reservedByZone(settings: InstanceSettings): ReadonlyMap<string, number> {
  const zones = new Map<string, number>();
  for (const { zone, count } of reservationsOf(settings)) {
    zones.set(zone, (zones.get(zone) ?? 0) + count);
  }
  return new Map([...zones].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @returns `undefined` where no reservations are listed */
export function reservedInstances(settings: InstanceSettings): ReservedInstances | undefined {
  const inZones = [...reservedByZone(settings).values()];
  return inZones.length === 0
    ? undefined
    : { inZones, only: settings.capacityReservation?.preference === "capacity-reservations-only" };
}

/** How many instances are reserved in all. */
export function reservedInAll({ inZones }: ReservedInstances): number {
  return inZones.reduce((sum, instances) => sum + instances, 0);
}

/**
 * How many of so many instances run in what is reserved, at best. Beside on-demand instances Auto Scaling keeps the zones
 * equal, to within one instance, whatever is reserved in each.
 *
 * Source: Auto Scaling user guide, Use Capacity Reservations to reserve capacity in specific Availability Zones.
 */
export function reservedOf(instances: number, zones: number, reserved: ReservedInstances): number {
  if (reserved.only) {
    return Math.min(instances, reservedInAll(reserved));
  }
  const least = Math.floor(instances / zones);
  const fuller = instances % zones;
  const inLeast = reserved.inZones.reduce((sum, room) => sum + Math.min(room, least), 0);
  return inLeast + Math.min(fuller, reserved.inZones.filter((room) => room > least).length);
}

/** How Auto Scaling spreads instances over zones with so much room: evenly, as far as there is room. */
export function spread(instances: number, room: readonly number[]): readonly number[] {
  const placed = room.map(() => 0);
  for (let left = instances; left > 0; left -= 1) {
    const emptiest = room.reduce<number | undefined>((found, most, zone) => {
      const here = placed[zone] ?? 0;
      return here < most && (found === undefined || here < (placed[found] ?? 0)) ? zone : found;
    }, undefined);
    if (emptiest === undefined) {
      break;
    }
    placed[emptiest] = (placed[emptiest] ?? 0) + 1;
  }
  return placed;
}
