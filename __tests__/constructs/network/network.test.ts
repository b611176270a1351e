import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { TerraformOutput, TerraformVariable, Testing } from "cdktf";
import fc from "fast-check";
import { Network, type NetworkProps } from "../../../constructs/network/network";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

type Attributes = Record<string, unknown>;

function synthesize(props: Partial<NetworkProps> = {}) {
  const stack = new ServingStack(Testing.app(), "region");
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  const network = new Network(stack, "network", { name: "chat", cidrBlock: "10.0.0.0/16", ...props });
  new TerraformOutput(stack, "public", { value: network.publicSubnetIds });
  new TerraformOutput(stack, "private", { value: network.privateSubnetIds });
  new TerraformOutput(stack, "tables", { value: network.privateRouteTableIds });
  new TerraformOutput(stack, "vpc", { value: network.vpcId });
  const synthesized = Testing.synth(stack);
  const { resource, data, locals, output } = JSON.parse(synthesized) as {
    locals: Attributes;
    resource: Record<string, Record<string, Attributes>>;
    data: Record<string, Record<string, Attributes>>;
    output: Record<string, { value: unknown }>;
  };
  return { synthesized, resource, data, locals, output, network };
}

/** First and last address of the block that `${cidrsubnet(aws_vpc.x.cidr_block, newbits, n)}` is of a VPC's. */
function rangeIn(vpcBlock: string, expression: unknown): readonly [number, number] {
  const [, newbits, index] =
    /cidrsubnet\(aws_vpc\.network\.cidr_block, (\d+), (\d+)\)/.exec(String(expression)) ?? [];
  const [address = "", prefix] = vpcBlock.split("/");
  const base = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(prefix) - Number(newbits));
  return [base + size * Number(index), base + size * (Number(index) + 1) - 1];
}

describe("a network by default", () => {
  const { synthesized, resource, output, network } = synthesize();

  it("is a VPC with DNS, and an IPv6 range", () => {
    expect(synthesized).toHaveResourceWithProperties(Vpc, {
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
      assign_generated_ipv6_cidr_block: true,
      tags: { Name: "chat" },
    });
    expect(output.vpc?.value).toBe(`\${aws_vpc.network.id}`);
  });

  it("spans three zones", () => {
    expect(network.zoneCount).toBe(3);
    expect(Object.keys(resource.aws_subnet ?? {}).sort()).toEqual([
      "network_zone-1_private",
      "network_zone-1_public",
      "network_zone-2_private",
      "network_zone-2_public",
      "network_zone-3_private",
      "network_zone-3_public",
    ]);
  });

  it("takes the zones every account has, and says so when there are too few", () => {
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsAvailabilityZones, {
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      lifecycle: {
        postcondition: [
          {
            condition: `\${length([for id in self.zone_ids : id if !contains([], id)]) >= 3}`,
            error_message: expect.stringContaining("needs 3 Availability Zones"),
          },
        ],
      },
    });
    expect(synthesized).toHaveResourceWithProperties(Subnet, {
      tags: { Name: "chat-zone-2-private" },
      availability_zone_id: `\${element(local.network_chosen-zones, 1)}`,
    });
  });

  it("takes zones by their ids, the preferred ones first, and none that is excluded", () => {
    const { locals, data } = synthesize({
      preferredZoneIds: ["use1-az4", "use1-az2"],
      excludedZoneIds: ["use1-az3"],
    });
    const ids = "data.aws_availability_zones.network_zones.zone_ids";
    expect(locals["network_chosen-zones"]).toBe(
      `\${[for id in distinct(concat(["use1-az4","use1-az2"], sort(${ids}))) : id if contains(${ids}, id) && !contains(["use1-az3"], id)]}`,
    );
    expect(JSON.stringify(data)).toContain("has only");
    expect(JSON.stringify(data)).toContain("without use1-az3");
  });

  it("leaves subnets in their zones when others come to be preferred", () => {
    for (const subnet of Object.values(resource.aws_subnet ?? {})) {
      expect(subnet.lifecycle).toEqual({ ignore_changes: ["availability_zone", "availability_zone_id"] });
    }
    expect(synthesize().locals["network_zone-ids"]).toEqual(
      [1, 2, 3].map((zone) => `\${aws_subnet.network_zone-${zone}_private.availability_zone_id}`),
    );
    expect(network.preconditions).toEqual([
      {
        condition: `\${length(distinct(local.network_zone-ids)) == 3}`,
        errorMessage: expect.stringContaining("must be in 3 different Availability Zones"),
      },
    ]);
  });

  it("assigns public addresses in no subnet", () => {
    for (const subnet of Object.values(resource.aws_subnet ?? {})) {
      expect(subnet.map_public_ip_on_launch).toBe(false);
    }
  });

  it("closes the default security group", () => {
    const group = resource.aws_default_security_group?.["network_default-security-group"];
    expect(synthesized).toHaveResourceWithProperties(DefaultSecurityGroup, {
      vpc_id: `\${aws_vpc.network.id}`,
    });
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });

  it("routes the public subnets to the internet", () => {
    expect(synthesized).toHaveResourceWithProperties(Route, {
      route_table_id: `\${aws_route_table.network_public-routes.id}`,
      destination_cidr_block: "0.0.0.0/0",
      gateway_id: `\${aws_internet_gateway.network_internet-gateway.id}`,
    });
    expect(synthesized).toHaveResourceWithProperties(RouteTableAssociation, {
      subnet_id: `\${aws_subnet.network_zone-2_public.id}`,
      route_table_id: `\${aws_route_table.network_public-routes.id}`,
    });
  });

  it("routes each private subnet to the NAT gateway of its own zone", () => {
    expect(synthesized).toHaveResourceWithProperties(Route, {
      route_table_id: `\${aws_route_table.network_zone-2_private-routes.id}`,
      destination_cidr_block: "0.0.0.0/0",
      nat_gateway_id: `\${aws_nat_gateway.network_zone-2_nat.id}`,
    });
    expect(synthesized).toHaveResourceWithProperties(RouteTableAssociation, {
      subnet_id: `\${aws_subnet.network_zone-2_private.id}`,
      route_table_id: `\${aws_route_table.network_zone-2_private-routes.id}`,
    });
    expect(synthesized).toHaveResourceWithProperties(NatGateway, {
      allocation_id: `\${aws_eip.network_zone-2_nat-address.id}`,
      subnet_id: `\${aws_route_table_association.network_zone-2_public-routing.subnet_id}`,
    });
    expect(synthesized).toHaveResourceWithProperties(Eip, {
      tags: { Name: "chat-zone-2-nat" },
      domain: "vpc",
    });
  });

  it("reaches S3 through a gateway endpoint from every private subnet", () => {
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsVpcEndpointService, {
      service: "s3",
      service_type: "Gateway",
    });
    expect(synthesized).toHaveResourceWithProperties(VpcEndpoint, {
      vpc_id: `\${aws_vpc.network.id}`,
      vpc_endpoint_type: "Gateway",
      service_name: `\${data.aws_vpc_endpoint_service.network_s3-service.service_name}`,
    });
    expect(
      Object.values(resource.aws_vpc_endpoint_route_table_association ?? {}).map(
        ({ route_table_id, vpc_endpoint_id }) => ({ route_table_id, vpc_endpoint_id }),
      ),
    ).toEqual(
      [1, 2, 3].map((zone) => ({
        route_table_id: `\${aws_route_table.network_zone-${zone}_private-routes.id}`,
        vpc_endpoint_id: `\${aws_vpc_endpoint.network_s3.id}`,
      })),
    );
  });

  it("outputs ids of subnets that wait for their routes", () => {
    expect(output.public?.value).toEqual(
      [1, 2, 3].map(
        (zone) => `\${aws_route_table_association.network_zone-${zone}_public-routing.subnet_id}`,
      ),
    );
    expect(output.private?.value).toEqual(
      [1, 2, 3].map(
        (zone) => `\${aws_route_table_association.network_zone-${zone}_private-routing.subnet_id}`,
      ),
    );
    expect(resource.aws_route_table_association?.["network_zone-1_public-routing"]?.depends_on).toEqual([
      "aws_route.network_to-internet",
      "aws_route.network_to-internet-ipv6",
    ]);
    expect(resource.aws_route_table_association?.["network_zone-1_private-routing"]?.depends_on).toEqual([
      "aws_vpc_endpoint_route_table_association.network_zone-1_to-endpoint",
      "aws_route.network_zone-1_to-nat",
    ]);
  });

  it("outputs a route table for each zone", () => {
    expect(output.tables?.value).toEqual(
      [1, 2, 3].map((zone) => `\${aws_route_table.network_zone-${zone}_private-routes.id}`),
    );
  });

  it("names what it makes", () => {
    expect(resource.aws_subnet?.["network_zone-1_public"]?.tags).toEqual({ Name: "chat-zone-1-public" });
    expect(resource.aws_nat_gateway?.["network_zone-3_nat"]?.tags).toEqual({ Name: "chat-zone-3-nat" });
  });

  it("keeps no flow logs", () => {
    expect(resource).not.toHaveProperty("aws_flow_log");
  });
});

describe("a network of named zones", () => {
  const { synthesized, resource, data, locals, network } = synthesize({
    zones: ["us-east-1d", "us-east-1a"],
  });

  it("is in those zones, if this account has them", () => {
    expect(network.zoneCount).toBe(2);
    expect(data.aws_availability_zones?.network_zones?.lifecycle).toEqual({
      postcondition: [
        {
          condition: `\${length(setsubtract(["us-east-1d","us-east-1a"], self.names)) == 0}`,
          error_message: expect.stringContaining("names Availability Zones that this account does not have"),
        },
      ],
    });
    expect(synthesized).toHaveResourceWithProperties(Subnet, {
      tags: { Name: "chat-us-east-1d-private" },
      availability_zone: "us-east-1d",
    });
  });

  it("has the ids that the names mean in this account", () => {
    const zones = "data.aws_availability_zones.network_zones";
    expect(locals["network_zone-ids"]).toBe(
      `\${[for name in ["us-east-1a","us-east-1d"] : lookup(zipmap(${zones}.names, ${zones}.zone_ids), name, name)]}`,
    );
    expect(locals["network_zone-names"]).toBe(
      `\${[for id in local.network_zone-ids : lookup(zipmap(${zones}.zone_ids, ${zones}.names), id, id)]}`,
    );
  });

  it("is refused in an excluded zone, whatever its name", () => {
    const refused = synthesize({ zones: ["us-east-1d", "us-east-1a"], excludedZoneIds: ["use1-az3"] });
    expect(JSON.stringify(refused.data.aws_availability_zones)).toContain(
      "AWS does not have all that the network needs in",
    );
  });

  it("moves a subnet whose zone is changed by hand", () => {
    expect(resource.aws_subnet?.["network_us-east-1d_private"]).not.toHaveProperty("lifecycle");
  });

  it("gives each zone the addresses of its letter", () => {
    expect(synthesized).toHaveResourceWithProperties(Subnet, {
      tags: { Name: "chat-us-east-1d-private" },
      cidr_block: `\${cidrsubnet(aws_vpc.network.cidr_block, 4, 3)}`,
    });
    expect(synthesized).toHaveResourceWithProperties(Subnet, {
      tags: { Name: "chat-us-east-1d-public" },
      cidr_block: `\${cidrsubnet(aws_vpc.network.cidr_block, 6, 35)}`,
    });
  });

  it("is the same in whatever order they are named", () => {
    const reordered = synthesize({ zones: ["us-east-1a", "us-east-1d"] });
    expect(reordered.resource).toEqual(resource);
    expect(reordered.output).toEqual(synthesize({ zones: ["us-east-1d", "us-east-1a"] }).output);
  });
});

describe("adding a zone", () => {
  const letters = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { minLength: 3, maxLength: 8 });

  it("changes nothing of the others, when zones are named", () => {
    fc.assert(
      fc.property(letters, (all) => {
        const zones = all.map((letter) => `us-east-1${letter}`);
        const before = synthesize({ zones: zones.slice(1) }).resource;
        const after = synthesize({ zones }).resource;
        for (const [type, resources] of Object.entries(before)) {
          expect(after[type]).toMatchObject(resources);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("changes nothing of the others, when they are counted", () => {
    for (const count of [2, 3, 4, 5]) {
      const before = synthesize({ zones: count }).resource;
      const after = synthesize({ zones: count + 1 }).resource;
      for (const [type, resources] of Object.entries(before)) {
        expect(after[type]).toMatchObject(resources);
      }
    }
  });
});

describe("the subnets", () => {
  const zones = [..."abcdefgh"].map((letter) => `eu-west-1${letter}`);
  const subnets = synthesize({ zones }).resource.aws_subnet ?? {};

  it.each(["10.0.0.0/16", "10.1.240.0/20", "172.31.248.0/21"])(
    "of all eight zones lie apart, within %s",
    (block) => {
      const ranges = Object.values(subnets)
        .map(({ cidr_block }) => rangeIn(block, cidr_block))
        .sort(([a], [b]) => a - b);
      const [first] = rangeIn(block, "cidrsubnet(aws_vpc.network.cidr_block, 0, 0)");
      const [, last] = rangeIn(block, "cidrsubnet(aws_vpc.network.cidr_block, 0, 0)");
      expect(ranges).toHaveLength(16);
      expect(ranges[0]?.[0]).toBe(first);
      expect(ranges.at(-1)?.[1]).toBeLessThanOrEqual(last);
      ranges.slice(1).forEach(([start], before) => {
        expect(start).toBeGreaterThan(ranges[before]?.[1] ?? Number.POSITIVE_INFINITY);
      });
    },
  );

  it("for the load balancer have 32 addresses in the smallest VPC, which is a /27", () => {
    const [start, end] = rangeIn("10.0.0.0/21", subnets["network_eu-west-1h_public"]?.cidr_block);
    expect(end - start + 1).toBe(32);
  });
});

describe("a network without NAT", () => {
  const { resource } = synthesize({ nat: "none" });

  it("has no NAT gateway, address or default route in the private subnets", () => {
    expect(resource).not.toHaveProperty("aws_nat_gateway");
    expect(resource).not.toHaveProperty("aws_eip");
    expect(Object.keys(resource.aws_route ?? {})).toEqual([
      "network_to-internet",
      "network_to-internet-ipv6",
    ]);
  });

  it("outputs ids of private subnets that wait for the route to S3", () => {
    expect(resource.aws_route_table_association?.["network_zone-1_private-routing"]?.depends_on).toEqual([
      "aws_vpc_endpoint_route_table_association.network_zone-1_to-endpoint",
    ]);
  });
});

describe("the IPv6 ranges", () => {
  const { synthesized, resource } = synthesize();

  it("has an IPv6 block, of which the public subnets get a share", () => {
    expect(synthesized).toHaveResourceWithProperties(Vpc, { assign_generated_ipv6_cidr_block: true });
    expect(synthesized).toHaveResourceWithProperties(Subnet, {
      tags: { Name: "chat-zone-3-public" },
      ipv6_cidr_block: `\${cidrsubnet(aws_vpc.network.ipv6_cidr_block, 8, 2)}`,
    });
    expect(resource.aws_subnet?.["network_zone-3_private"]).not.toHaveProperty("ipv6_cidr_block");
  });

  it("routes the public subnets to the IPv6 internet before their ids are used", () => {
    expect(synthesized).toHaveResourceWithProperties(Route, {
      route_table_id: `\${aws_route_table.network_public-routes.id}`,
      destination_ipv6_cidr_block: "::/0",
      gateway_id: `\${aws_internet_gateway.network_internet-gateway.id}`,
    });
    expect(resource.aws_route_table_association?.["network_zone-1_public-routing"]?.depends_on).toEqual([
      "aws_route.network_to-internet",
      "aws_route.network_to-internet-ipv6",
    ]);
  });
});

it("keeps flow logs of the VPC when configured", () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const { synthesized, resource } = synthesize({ flowLogs: { retentionDays: 365, kmsKeyArn } });
  expect(Object.keys(resource.aws_flow_log ?? {})).toEqual(["network_flow-logs_flow-log"]);
  expect(synthesized).toHaveResourceWithProperties(FlowLog, { vpc_id: `\${aws_vpc.network.id}` });
  expect(synthesized).toHaveResourceWithProperties(CloudwatchLogGroup, {
    name: "/vpc/chat/flow-logs",
    retention_in_days: 365,
    kms_key_id: kmsKeyArn,
  });
});

describe("a network is refused", () => {
  it("with one named zone", () => {
    expect(() => synthesize({ zones: ["us-east-1a"] })).toThrow(
      "zones names 1 zone(s); a load balancer needs at least two",
    );
  });

  it.each([[["us-east-1a", "us-east-1a"]], [["us-east-1a", "us-west-2b"]]])("with the zones %j", (zones) => {
    expect(() => synthesize({ zones })).toThrow("zones must be different zones of one region");
  });

  it.each(["us-east-1", "us-east-1-bos-1a", "us-east-1z", "use1-az1"])("with %s for a zone", (zone) => {
    expect(() => synthesize({ zones: ["us-east-1a", zone] })).toThrow(
      `zones: "${zone}" is not an Availability Zone; write a name such as us-east-1a`,
    );
  });

  it.each(["10.0.0.0/15", "10.0.0.0/22", "fd00::/16"])("with the block %s", (cidrBlock) => {
    expect(() => synthesize({ cidrBlock })).toThrow("cidrBlock must be an IPv4 block from /16 to /21");
  });
});

it("refuses a block with bits set after its prefix", () => {
  expect(() => synthesize({ cidrBlock: "10.0.0.1/16" })).toThrow("write 10.0.0.0/16");
});

it("accepts a block that is a token", () => {
  const stack = new ServingStack(Testing.app(), "region");
  const cidrBlock = new TerraformVariable(stack, "block", { type: "string" }).stringValue;
  new Network(stack, "network", { name: "chat", cidrBlock });
  expect(Testing.synth(stack)).toHaveResourceWithProperties(Vpc, { cidr_block: `\${var.block}` });
});

it.each(["us-gov-west-1a", "ap-southeast-10b"])("takes a zone of any region, such as %s", (zone) => {
  const sibling = `${zone.slice(0, -1)}c`;
  expect(synthesize({ zones: [zone, sibling] }).network.zoneCount).toBe(2);
});
