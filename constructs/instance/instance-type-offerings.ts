import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";
import { type Precondition, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { LOAD_BALANCER_ZONES } from "../../aws/limits";
import { requireWithin } from "../require-within";

/** Props of {@link InstanceTypeOfferings}. */
export interface InstanceTypeOfferingsProps {
  /** Instance types, or patterns with `*`. One of them in a zone is enough. */
  readonly types: readonly string[];
  /** Terraform expression: the ids of the zones of the instances' subnets, such as `network.instanceZoneIds`. */
  readonly zoneIds: string;
  /** The number of those zones that the number of instances is based on, 1–6. */
  readonly zoneCount: number;
}

/**
 * Asks AWS, when Terraform plans, which zones offer some instance types. Without such a type a zone gets no instances,
 * and the loss of another one then takes more of them than was computed.
 *
 * Source: EC2 API, DescribeInstanceTypeOfferings.
 */
export class InstanceTypeOfferings extends Construct {
  /** For the `lifecycle.precondition` of the Auto Scaling group. */
  public readonly precondition: Precondition;

  /**
   * @throws Error when no type is given
   * @throws RangeError when `zoneCount` is not from 1 to 6
   */
  constructor(scope: Construct, id: string, { types, zoneIds, zoneCount }: InstanceTypeOfferingsProps) {
    super(scope, id);
    if (types.length === 0) {
      throw new Error("types must name at least one instance type");
    }
    requireWithin("zoneCount", zoneCount, { ...LOAD_BALANCER_ZONES, min: 1 });
    const names = [...new Set(types)].sort();
    const { locations } = new DataAwsEc2InstanceTypeOfferings(this, "Resource", {
      locationType: "availability-zone-id",
      filter: [{ name: "instance-type", values: names }],
    });
    const offering = new TerraformLocal(this, "zones", locations).friendlyUniqueId;
    const shared = new TerraformLocal(
      this,
      "instance-zones",
      `\${sort(setintersection(local.${offering}, ${zoneIds}))}`,
    ).friendlyUniqueId;
    const listOf = (list: string) => `\${length(${list}) > 0 ? join(", ", sort(distinct(${list}))) : "none"}`;
    this.precondition = {
      condition: `\${length(local.${shared}) >= ${zoneCount}}`,
      errorMessage: `The number of instances is based on ${zoneCount} Availability Zone(s) that offer ${names.join(" or ")}; the subnets of the instances are in ${listOf(zoneIds)}, and AWS offers them in ${listOf(`local.${offering}`)}. Use subnets in zones that offer them, or types that the subnets' zones offer.`,
    };
  }
}
