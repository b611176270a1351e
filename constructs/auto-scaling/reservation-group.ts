import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { ResourcegroupsGroup } from "@cdktf/provider-aws/lib/resourcegroups-group";
import { ResourcegroupsResource } from "@cdktf/provider-aws/lib/resourcegroups-resource";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { RESOURCE_GROUP_NAME } from "../../aws/limits";
import { requireIds, requireText } from "../require-within";

/** Props of {@link ReservationGroup}. */
export interface ReservationGroupProps {
  /** Name of the resource group, unique in the region: 1 to 300 letters, digits, hyphens, dots and _, not `aws` first. */
  readonly name: string;

  /** Ids of on-demand capacity reservations of this account and region, one at least: of any zones and instance types. */
  readonly reservationIds: readonly string[];
}

/**
 * A resource group of on-demand capacity reservations. Each of these is in one zone and of one instance type, and an Auto
 * Scaling group takes one target: such a group, with a reservation in each zone.
 *
 * Auto Scaling reads the group with its own service-linked role (managed policy AutoScalingServiceRolePolicy,
 * `resource-groups:ListGroupResources`). Deleting the group leaves the reservations as they are.
 *
 * Source: Resource Groups user guide, "Service configurations for resource groups"; EC2 user guide, "Capacity Reservation
 * groups".
 *
 * @example
 * const reserved = new ReservationGroup(this, "reserved", {
 *   name: "reserved.chat.llama.main",
 *   reservationIds: ["cr-0123456789abcdef0", "cr-0fedcba9876543210"],
 * });
 */
export class ReservationGroup extends Construct {
  /** ARN of the resource group, for the `capacityReservation` of a GpuAutoScalingGroup. */
  public readonly arn: string;
  /** The reservations as members of the group. What launches into the group has to wait for them. */
  public readonly members: readonly ITerraformDependable[];

  /** @throws Error when AWS would refuse the name, or an id has another form, is there twice, or none is given */
  constructor(scope: Construct, id: string, { name, reservationIds }: ReservationGroupProps) {
    super(scope, id);
    requireText("name", name, RESOURCE_GROUP_NAME);
    if (reservationIds.length === 0 || new Set(reservationIds).size < reservationIds.length) {
      throw new Error(
        `reservationIds must name at least one reservation, and none twice; got ${JSON.stringify(reservationIds)}`,
      );
    }
    requireIds("reservationIds", reservationIds, "reservation");

    const group = new ResourcegroupsGroup(this, "Resource", {
      name,
      configuration: [
        { type: "AWS::EC2::CapacityReservationPool" },
        {
          type: "AWS::ResourceGroups::Generic",
          parameters: [{ name: "allowed-resource-types", values: ["AWS::EC2::CapacityReservation"] }],
        },
      ],
    });
    const { partition } = new DataAwsPartition(this, "partition");
    const { id: region } = new DataAwsRegion(this, "region");
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    this.arn = group.arn;
    this.members = [...reservationIds].sort().map(
      (reservation) =>
        new ResourcegroupsResource(this, reservation, {
          groupArn: group.arn,
          resourceArn: `arn:${partition}:ec2:${region}:${accountId}:capacity-reservation/${reservation}`,
        }),
    );
  }
}
