import type { AutoscalingGroupCapacityReservationSpecification } from "@cdktf/provider-aws/lib/autoscaling-group";

/** Reservations to launch into: at least one of either kind. */
export interface GroupCapacityReservationTarget {
  /** Ids of the reservations. */
  readonly reservationIds?: readonly string[];
  /** ARNs of resource groups of reservations. */
  readonly resourceGroupArns?: readonly string[];
}

/**
 * How the group uses on-demand capacity reservations: it launches into reservations only, or into reservations first
 * and on-demand when they are full. Without a target it uses any open reservation that matches. `none` uses none, and
 * `default` means the setting of the launch template.
 *
 * Source: Auto Scaling API reference, CapacityReservationSpecification.
 */
export type GroupCapacityReservation =
  | {
      readonly preference: "capacity-reservations-only" | "capacity-reservations-first";
      readonly target?: GroupCapacityReservationTarget;
    }
  | { readonly preference: "none" | "default"; readonly target?: never };

/**
 * The capacity reservation specification of an Auto Scaling group.
 *
 * @throws Error when a target names nothing
 */
export function groupCapacityReservation({
  preference,
  target,
}: GroupCapacityReservation): AutoscalingGroupCapacityReservationSpecification {
  if (!target) {
    return { capacityReservationPreference: preference };
  }
  const { reservationIds = [], resourceGroupArns = [] } = target;
  if (reservationIds.length + resourceGroupArns.length === 0) {
    throw new Error("the target of capacityReservation must name a reservation or a resource group");
  }
  return {
    capacityReservationPreference: preference,
    capacityReservationTarget: {
      capacityReservationIds: reservationIds.length > 0 ? [...reservationIds] : undefined,
      capacityReservationResourceGroupArns: resourceGroupArns.length > 0 ? [...resourceGroupArns] : undefined,
    },
  };
}
