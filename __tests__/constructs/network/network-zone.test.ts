import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpointRouteTableAssociation } from "@cdktf/provider-aws/lib/vpc-endpoint-route-table-association";
import { Testing } from "cdktf";
import { NetworkZone, type NetworkZoneProps } from "../../../constructs/network/network-zone";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";
import { addressesIn } from "../../support/addresses";

function synthesize(props: Partial<NetworkZoneProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "region");
  new NetworkZone(stack, "zone-1", {
    vpc: new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" }),
    zone: { name: "us-east-1b" },
    slot: 1,
    publicRouteTableId: "rtb-public",
    routesToInternet: [],
    gatewayEndpointId: "vpce-s3",
    nat: false,
    name: "chat-1",
    ...props,
  });
  return Testing.synth(stack);
}

const synthesized = synthesize();

it("fits a zone into a VPC made elsewhere", () => {
  expect(synthesized).toHaveResourceWithProperties(Subnet, {
    vpc_id: `\${aws_vpc.vpc.id}`,
    availability_zone: "us-east-1b",
    cidr_block: `\${cidrsubnet(aws_vpc.vpc.cidr_block, 6, 33)}`,
    tags: { Name: "chat-1-public" },
  });
  expect(synthesized).toHaveResourceWithProperties(RouteTableAssociation, {
    subnet_id: `\${aws_subnet.zone-1_public.id}`,
    route_table_id: "rtb-public",
  });
  expect(synthesized).toHaveResourceWithProperties(VpcEndpointRouteTableAssociation, {
    vpc_endpoint_id: "vpce-s3",
  });
});

it("has addresses that say what each part is", () => {
  expect(addressesIn(synthesized)).toEqual([
    "aws_route_table.zone-1_private-routes",
    "aws_route_table_association.zone-1_private-routing",
    "aws_route_table_association.zone-1_public-routing",
    "aws_subnet.zone-1_private",
    "aws_subnet.zone-1_public",
    "aws_vpc.vpc",
    "aws_vpc_endpoint_route_table_association.zone-1_to-endpoint",
  ]);
  const { aws_subnet, aws_route_table_association } = JSON.parse(synthesized).resource;
  expect(aws_subnet["zone-1_public"].tags).toEqual({ Name: "chat-1-public" });
  expect(aws_route_table_association["zone-1_public-routing"].route_table_id).toBe("rtb-public");
});

it.each([-1, 8])("refuses the slot %d, whose addresses are another's", (slot) => {
  expect(() => synthesize({ slot })).toThrow(`slot must be a whole number from 0 to 7; got ${slot}`);
});
