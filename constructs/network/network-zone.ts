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

/** Extra prefix bits of a public subnet: it is a 64th of the VPC's block. */
export const PUBLIC_SUBNET_BITS = 6;

/** Props of {@link NetworkZone}. */
export interface NetworkZoneProps {
  /** The VPC, whose blocks are divided into subnets. */
  readonly vpc: Vpc;
  /**
   * The Availability Zone of the subnets, by its name or its id. With an id the subnets stay where they were made: it is
   * an index in a list, which may change, and a subnet that moves to another zone destroys everything in it.
   */
  readonly zone: { readonly name: string } | { readonly id: string };
  /** Index of this zone's share of the VPC's blocks, 0–7, different for each zone of a VPC. */
  readonly slot: number;
  /** The route table with the routes to the internet. */
  readonly publicRouteTableId: string;
  /** Those routes. What uses the id of the public subnet waits for them. */
  readonly routesToInternet: readonly ITerraformDependable[];
  /** The gateway endpoint for S3 (or for another service that has one). */
  readonly gatewayEndpointId: string;
  /** Whether the zone gets a NAT gateway for the egress of its private subnet. */
  readonly nat: boolean;
  /** Prefix of the `Name` tags, e.g. `chat-prod-us-east-1a`. */
  readonly name: string;
}

/** The part of a network in one zone: a public subnet, and a private subnet with a route table of its own. */
export class NetworkZone extends Construct {
  /** The subnet for a load balancer or NAT gateway. What uses this id waits for the routes to the internet. */
  public readonly publicSubnetId: string;
  /** The subnet for instances. What uses this id waits for the routes to S3 and, if any, to the NAT gateway. */
  public readonly privateSubnetId: string;
  /** The private subnet's route table. */
  public readonly privateRouteTableId: string;
  /** Id of the zone that the private subnet is in. */
  public readonly zoneId: string;

  /** @throws RangeError when the slot is not from 0 to 7 */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkZoneProps,
  ) {
    super(scope, id);
    requireWithin("slot", props.slot, { min: 0, max: 7 });

    // The id comes from the association, not from the subnet, so that what uses it waits for the routes.
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
    const subnet = this.privateSubnet();
    this.zoneId = subnet.availabilityZoneId;
    this.privateSubnetId = new RouteTableAssociation(this, "private-routing", {
      subnetId: subnet.id,
      routeTableId: routes.id,
      dependsOn: [toEndpoint, ...(props.nat ? [this.routeToNat(routes.id)] : [])],
    }).subnetId;
  }

  private publicSubnet(): Subnet {
    const { vpc, slot } = this.props;
    return this.subnet("public", {
      // The public subnets are 64ths of the second half of the block.
      cidrBlock: Fn.cidrsubnet(vpc.cidrBlock, PUBLIC_SUBNET_BITS, 32 + slot),
      ipv6CidrBlock: Fn.cidrsubnet(vpc.ipv6CidrBlock, 8, slot),
    });
  }

  private privateSubnet(): Subnet {
    const { vpc, slot } = this.props;
    // The private subnets are 16ths of the first half of the block.
    return this.subnet("private", { cidrBlock: Fn.cidrsubnet(vpc.cidrBlock, 4, slot) });
  }

  private subnet(id: string, blocks: { cidrBlock: string; ipv6CidrBlock?: string }): Subnet {
    const { vpc, zone } = this.props;
    return new Subnet(this, id, {
      ...blocks,
      vpcId: vpc.id,
      ...("id" in zone ? { availabilityZoneId: zone.id } : { availabilityZone: zone.name }),
      mapPublicIpOnLaunch: false,
      tags: this.nameTag(id),
      lifecycle: "id" in zone ? { ignoreChanges: ["availability_zone", "availability_zone_id"] } : undefined,
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
