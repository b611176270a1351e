import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Testing } from "cdktf";
import { NetworkZone, type NetworkZoneProps } from "../../constructs/network-zone";
import { ServingStack } from "../../stacks/serving-stack";

function synthesize(props: Partial<NetworkZoneProps> = {}) {
  const stack = new ServingStack(Testing.app(), "region");
  new NetworkZone(stack, "zone-1", {
    vpc: new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" }),
    availabilityZone: "us-east-1b",
    staysInItsZone: false,
    slot: 1,
    publicRouteTableId: "rtb-public",
    routesToInternet: [],
    gatewayEndpointId: "vpce-s3",
    nat: false,
    dualStack: false,
    name: "chat-1",
    ...props,
  });
  return JSON.parse(Testing.synth(stack)).resource;
}

it("fits a zone into a VPC made elsewhere", () => {
  const { aws_subnet, aws_route_table_association, aws_vpc_endpoint_route_table_association } = synthesize();
  expect(aws_subnet["zone-1_public"]).toMatchObject({
    vpc_id: `\${aws_vpc.vpc.id}`,
    availability_zone: "us-east-1b",
    cidr_block: `\${cidrsubnet(aws_vpc.vpc.cidr_block, 6, 33)}`,
  });
  expect(aws_route_table_association["zone-1_public-routing"].route_table_id).toBe("rtb-public");
  expect(aws_vpc_endpoint_route_table_association["zone-1_to-endpoint"].vpc_endpoint_id).toBe("vpce-s3");
});

it.each([-1, 8])("refuses the slot %d, whose addresses are another's", (slot) => {
  expect(() => synthesize({ slot })).toThrow(`slot must be a whole number from 0 to 7; got ${slot}`);
});
