import type { AutoscalingGroupCapacityReservationSpecification } from "@cdktf/provider-aws/lib/autoscaling-group";
import { ARN_FORMS } from "../../aws/arn";
import { requireArns, requireIds } from "../require-within";

/**
 * What to launch into: exactly one reservation, which is in one zone and of one instance type, or exactly one resource
 * group of reservations. The API has lists of both, and Auto Scaling takes one item (Auto Scaling user guide, Use Capacity
 * Reservations to reserve capacity in specific Availability Zones).
 */
export interface GroupCapacityReservationTarget {
  /** Id of the reservation. */
  readonly reservationIds?: readonly string[];
  /** ARN of the resource group. */
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
 * @throws Error when a target names nothing, or more than one
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
  if (reservationIds.length + resourceGroupArns.length > 1) {
    throw new Error(
      "the target of capacityReservation takes exactly one reservation or resource group; put several reservations into one resource group",
    );
  }
  requireIds("capacityReservation.target.reservationIds", reservationIds, "reservation");
  requireArns("capacityReservation.target.resourceGroupArns", resourceGroupArns, ARN_FORMS.resourceGroup);
  return {
    capacityReservationPreference: preference,
    capacityReservationTarget: {
      capacityReservationIds: reservationIds.length > 0 ? [...reservationIds] : undefined,
      capacityReservationResourceGroupArns: resourceGroupArns.length > 0 ? [...resourceGroupArns] : undefined,
    },
  };
}
