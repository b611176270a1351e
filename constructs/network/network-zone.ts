import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpointRouteTableAssociation } from "@cdktf/provider-aws/lib/vpc-endpoint-route-table-association";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { requireWithin } from "../require-within";

/** By how much the prefix of a public subnet is longer than that of the VPC's block: it is a 64th of the block. */
export const PUBLIC_SUBNET_BITS = 6;

/** Props of {@link NetworkZone}. */
export interface NetworkZoneProps {
  /** The VPC, whose blocks the subnets are cut from. */
  readonly vpc: Vpc;
  /** The Availability Zone the subnets lie in. */
  readonly availabilityZone: string;
  /**
   * Whether the subnets stay where they are when `availabilityZone` comes out differently later, as it may when
   * it is a place in a list of AWS's. Moving a subnet would destroy all that stands in it.
   */
  readonly staysInItsZone: boolean;
  /** Which share of the VPC's blocks is this zone's, 0–7; no two zones of a VPC have the same. */
  readonly slot: number;
  /** The route table that leads to the internet. */
  readonly publicRouteTableId: string;
  /** The routes in it. What is in the public subnet waits for them. */
  readonly routesToInternet: readonly ITerraformDependable[];
  /** The gateway endpoint for S3, or another service with one. */
  readonly gatewayEndpointId: string;
  /** Whether the zone gets a NAT gateway, to be its private subnet's way out. */
  readonly nat: boolean;
  /** Whether the public subnet gets an IPv6 range of the VPC's. */
  readonly dualStack: boolean;
  /** Begins the `Name` tags, e.g. `chat-prod-us-east-1a`. */
  readonly name: string;
}

/** A zone's share of a network: a public subnet, and a private one whose route table serves no other zone. */
export class NetworkZone extends Construct {
  /** The subnet a load balancer or NAT gateway may stand in; known once the route to the internet stands. */
  public readonly publicSubnetId: string;
  /** The subnet instances may stand in; known once its ways out stand. */
  public readonly privateSubnetId: string;
  /** The private subnet's route table. */
  public readonly privateRouteTableId: string;

  /** @throws RangeError when the slot is not from 0 to 7 */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkZoneProps,
  ) {
    super(scope, id);
    requireWithin("slot", props.slot, { min: 0, max: 7 });

    // An id comes from the association, not from the subnet, so that whatever is put there waits for the routes.
    this.publicSubnetId = new RouteTableAssociation(this, "public-routing", {
      subnetId: this.publicSubnet().id,
      routeTableId: props.publicRouteTableId,
      dependsOn: [...props.routesToInternet],
    }).subnetId;

    const routes = new RouteTable(this, "private-routes", {
      vpcId: props.vpc.id,
      tags: this.nameTag("private"),
    });
    this.privateRouteTableId = routes.id;
    const toEndpoint = new VpcEndpointRouteTableAssociation(this, "to-endpoint", {
      routeTableId: routes.id,
      vpcEndpointId: props.gatewayEndpointId,
    });
    this.privateSubnetId = new RouteTableAssociation(this, "private-routing", {
      subnetId: this.privateSubnet().id,
      routeTableId: routes.id,
      dependsOn: [toEndpoint, ...(props.nat ? [this.routeToNat(routes.id)] : [])],
    }).subnetId;
  }

  private publicSubnet(): Subnet {
    const { vpc, slot, dualStack } = this.props;
    return this.subnet("public", {
      // 64ths, from the 32nd on: the second half of the block.
      cidrBlock: Fn.cidrsubnet(vpc.cidrBlock, PUBLIC_SUBNET_BITS, 32 + slot),
      ipv6CidrBlock: dualStack ? Fn.cidrsubnet(vpc.ipv6CidrBlock, 8, slot) : undefined,
    });
  }

  private privateSubnet(): Subnet {
    const { vpc, slot } = this.props;
    // 16ths, from the start: with eight slots the first half of the block.
    return this.subnet("private", { cidrBlock: Fn.cidrsubnet(vpc.cidrBlock, 4, slot) });
  }

  private subnet(id: string, blocks: { cidrBlock: string; ipv6CidrBlock?: string }): Subnet {
    const { vpc, availabilityZone, staysInItsZone } = this.props;
    return new Subnet(this, id, {
      ...blocks,
      vpcId: vpc.id,
      availabilityZone,
      mapPublicIpOnLaunch: false,
      tags: this.nameTag(id),
      lifecycle: staysInItsZone ? { ignoreChanges: ["availability_zone"] } : undefined,
    });
  }

  private routeToNat(routeTableId: string): Route {
    const address = new Eip(this, "nat-address", { domain: "vpc", tags: this.nameTag("nat") });
    const nat = new NatGateway(this, "nat", {
      allocationId: address.id,
      subnetId: this.publicSubnetId,
      tags: this.nameTag("nat"),
    });
    return new Route(this, "to-nat", {
      routeTableId,
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: nat.id,
    });
  }

  private nameTag(what: string): { Name: string } {
    return { Name: `${this.props.name}-${what}` };
  }
}
