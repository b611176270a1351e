import { DataAwsInternetGateway } from "@cdktf/provider-aws/lib/data-aws-internet-gateway";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformOutput, Testing } from "cdktf";
import { ExistingNetwork, type ExistingNetworkProps } from "../../../constructs/network/existing-network";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const byId: ExistingNetworkProps = {
  vpcId: "vpc-1",
  albSubnets: { ids: ["subnet-b", "subnet-a"] },
  instanceSubnets: { ids: ["subnet-3", "subnet-1", "subnet-2"] },
};
const byTags: ExistingNetworkProps = {
  vpcId: "vpc-1",
  albSubnets: { tags: { tier: "public" } },
  instanceSubnets: { tags: { tier: "private", app: "chat" } },
  zoneCount: 3,
};

interface Synthesized {
  readonly data: Record<string, Record<string, Record<string, unknown>>>;
  readonly locals: Record<string, unknown>;
  readonly resource: {
    aws_security_group: {
      guarded: { lifecycle: { precondition: { condition: string; error_message: string }[] } };
    };
  };
  readonly output: Record<string, { value: unknown }>;
}

function synthesize(props: ExistingNetworkProps) {
  const stack = new ServingStack(Testing.app(), "region");
  const network = new ExistingNetwork(stack, "network", props);
  new SecurityGroup(stack, "guarded", { lifecycle: { precondition: network.preconditions } });
  new TerraformOutput(stack, "vpc", { value: network.vpcId });
  new TerraformOutput(stack, "cidr", { value: network.cidrBlock });
  new TerraformOutput(stack, "alb", { value: network.albSubnetIds });
  new TerraformOutput(stack, "instance", { value: network.instanceSubnetIds });
  const synthesized = Testing.synth(stack);
  const { data, locals, resource, output } = JSON.parse(synthesized) as Synthesized;
  const preconditions = resource.aws_security_group.guarded.lifecycle.precondition;
  /** The message of the one check with this condition. */
  const messageOf = (condition: string) => {
    const found = preconditions.filter((precondition) => precondition.condition === condition);
    expect(found).toHaveLength(1);
    return found[0]?.error_message;
  };
  return { synthesized, data, locals, output, preconditions, messageOf, network };
}

it("needs an attached internet gateway when its load balancer is an endpoint of an accelerator", () => {
  const { synthesized, data } = synthesize({ ...byId, accelerated: true });
  expect(Object.keys(data.aws_internet_gateway ?? {})).toEqual(["network_internet-gateway-for-accelerator"]);
  expect(synthesized).toHaveDataSourceWithProperties(DataAwsInternetGateway, {
    filter: [{ name: "attachment.vpc-id", values: [`\${data.aws_vpc.network_vpc.id}`] }],
  });
});

describe("a network whose subnets are given by id", () => {
  const { synthesized, data, output, network } = synthesize(byId);

  it("is the VPC with that id", () => {
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsVpc, { id: "vpc-1" });
    expect(output.vpc?.value).toBe(`\${data.aws_vpc.network_vpc.id}`);
    expect(output.cidr?.value).toBe(`\${data.aws_vpc.network_vpc.cidr_block}`);
  });

  it("outputs the ids, sorted", () => {
    expect(output.alb?.value).toEqual(["subnet-a", "subnet-b"]);
    expect(output.instance?.value).toEqual(["subnet-1", "subnet-2", "subnet-3"]);
    expect(network.albSubnetIds).toEqual(["subnet-a", "subnet-b"]);
  });

  it("looks each up by its id", () => {
    expect(data.aws_subnet?.["network_alb-subnet"]).toMatchObject({
      for_each: `\${toset(["subnet-a", "subnet-b"])}`,
      id: `\${each.value}`,
    });
    expect(data.aws_subnet?.["network_instance-subnet"]).toMatchObject({
      for_each: `\${toset(["subnet-1", "subnet-2", "subnet-3"])}`,
      id: `\${each.value}`,
    });
  });

  it("needs no internet gateway", () => {
    expect(data).not.toHaveProperty("aws_internet_gateway");
  });

  it("counts a zone for each of the instances' subnets", () => {
    expect(network.zoneCount).toBe(3);
  });

  it("counts as many zones as the caller gives", () => {
    expect(synthesize({ ...byId, zoneCount: 2 }).network.zoneCount).toBe(2);
  });
});

describe("a network whose subnets are found by tags", () => {
  const { synthesized, data, output, network } = synthesize(byTags);

  it("takes the subnets of the VPC that have them", () => {
    const filter = [{ name: "vpc-id", values: [`\${data.aws_vpc.network_vpc.id}`] }];
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsSubnets, { filter, tags: { tier: "public" } });
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsSubnets, {
      filter,
      tags: { tier: "private", app: "chat" },
    });
  });

  it("keeps the load balancer's apart from the instances'", () => {
    expect(data.aws_subnets).toMatchObject({
      "network_alb-subnets": { tags: { tier: "public" } },
      "network_instance-subnets": { tags: { tier: "private", app: "chat" } },
    });
  });

  it("outputs the ids that are found", () => {
    expect(output.alb?.value).toBe(`\${data.aws_subnets.network_alb-subnets.ids}`);
    expect(output.instance?.value).toBe(`\${data.aws_subnets.network_instance-subnets.ids}`);
  });

  it("looks each up by its id", () => {
    expect(data.aws_subnet?.["network_alb-subnet"]).toMatchObject({
      for_each: `\${toset(data.aws_subnets.network_alb-subnets.ids)}`,
      id: `\${each.value}`,
    });
  });

  it("counts as many zones as the caller gives", () => {
    expect(network.zoneCount).toBe(3);
  });

  it("names the tags in a message when something is wrong", () => {
    const { messageOf } = synthesize(byTags);
    expect(messageOf(`\${length(local.network_alb-zones) >= 2}`)).toMatch(
      /^The load balancer's subnets, found by the tag tier=public, must be in at least two/,
    );
    expect(messageOf(`\${length(local.network_instance-zones) == 3}`)).toMatch(
      /^The instances' subnets, found by the tags app=chat and tier=private, must be in 3/,
    );
  });
});

describe("before anything is built on it, Terraform checks that", () => {
  const { locals, data, preconditions, messageOf } = synthesize(byId);
  const subnets = {
    alb: "values(data.aws_subnet.network_alb-subnet)",
    instance: "values(data.aws_subnet.network_instance-subnet)",
  };

  it("seven things hold", () => {
    expect(preconditions).toHaveLength(7);
  });

  it.each([
    ["alb", "The load balancer's subnets"],
    ["instance", "The instances' subnets"],
  ] as const)("the %s subnets are in the VPC", (use, subject) => {
    expect(locals[`network_${use}-strays`]).toBe(
      `\${[for subnet in ${subnets[use]} : subnet.id if subnet.vpc_id != data.aws_vpc.network_vpc.id]}`,
    );
    expect(messageOf(`\${length(local.network_${use}-strays) == 0}`)).toBe(
      `${subject} must be in \${data.aws_vpc.network_vpc.id}; these are not: \${join(", ", local.network_${use}-strays)}. Give subnets of that VPC, or give their VPC.`,
    );
  });

  it("the load balancer's subnets are in two zones", () => {
    expect(locals["network_alb-zones"]).toBe(`\${sort(distinct(${subnets.alb}[*].availability_zone))}`);
    expect(messageOf(`\${length(local.network_alb-zones) >= 2}`)).toBe(
      `The load balancer's subnets must be in at least two Availability Zones, because an Application Load Balancer requires two; they are in: \${length(local.network_alb-zones) > 0 ? join(", ", local.network_alb-zones) : "none"}. Add a subnet in another zone.`,
    );
  });

  it("the load balancer has one subnet in each zone", () => {
    expect(locals["network_alb-crowded-zones"]).toBe(
      `\${[for zone in local.network_alb-zones : zone if length([for subnet in ${subnets.alb} : subnet if subnet.availability_zone == zone]) > 1]}`,
    );
    expect(messageOf(`\${length(local.network_alb-crowded-zones) == 0}`)).toContain("there are several in:");
  });

  it("the instances' subnets are in as many zones as the props give", () => {
    expect(locals["network_instance-zones"]).toBe(
      `\${sort(distinct(${subnets.instance}[*].availability_zone))}`,
    );
    expect(messageOf(`\${length(local.network_instance-zones) == 3}`)).toContain(
      "must be in 3 Availability Zone(s)",
    );
  });

  it("the load balancer has a subnet in every zone that has instances", () => {
    expect(locals["network_zones-without-alb"]).toBe(
      `\${sort(setsubtract(local.network_instance-zones, local.network_alb-zones))}`,
    );
    expect(messageOf(`\${length(local.network_zones-without-alb) == 0}`)).toContain(
      "must cover every Availability Zone that has instances, or the instances there get no requests; there is none in:",
    );
  });

  it("instances without public addresses are in no public subnet", () => {
    expect(data.aws_route_tables).toHaveProperty("network_internet_route-tables");
    expect(messageOf(`\${length(local.network_internet_instance-subnets) == 0}`)).toContain(
      "must have no default route to an internet gateway",
    );
  });

  it("instances with public addresses are in public subnets", () => {
    const open = synthesize({ ...byId, publicAddresses: true });
    expect(open.preconditions).toHaveLength(7);
    expect(open.locals["network_private-instance-subnets"]).toBe(
      `\${sort(setsubtract(${subnets.instance}[*].id, local.network_internet_instance-subnets))}`,
    );
    expect(open.messageOf(`\${length(local.network_private-instance-subnets) == 0}`)).toContain(
      "must have a default route to an internet gateway",
    );
  });
});

it("has the subnets of an internet-facing load balancer lead to the internet", () => {
  const { preconditions, locals, messageOf } = synthesize({ ...byId, internetFacing: true });
  expect(preconditions).toHaveLength(8);
  expect(locals["network_private-alb-subnets"]).toBe(
    `\${sort(setsubtract(values(data.aws_subnet.network_alb-subnet)[*].id, local.network_internet_alb-subnets))}`,
  );
  expect(messageOf(`\${length(local.network_private-alb-subnets) == 0}`)).toContain(
    "The load balancer's subnets must have a default route to an internet gateway, because it is internet-facing",
  );
});

it("keeps the load balancer out of zones", () => {
  const { preconditions, locals, messageOf } = synthesize({ ...byId, excludedZoneIds: ["cac1-az3"] });
  expect(preconditions).toHaveLength(8);
  expect(locals["network_alb-excluded-zones"]).toBe(
    `\${sort(setintersection(values(data.aws_subnet.network_alb-subnet)[*].availability_zone_id, ["cac1-az3"]))}`,
  );
  expect(messageOf(`\${length(local.network_alb-excluded-zones) == 0}`)).toContain("where AWS has all");
});

it("knows the zones of its instances by their ids", () => {
  const { network, locals } = synthesize(byId);
  expect(network.instanceZoneIds).toBe("local.network_instance-zone-ids");
  expect(locals["network_instance-zone-ids"]).toBe(
    `\${sort(distinct(values(data.aws_subnet.network_instance-subnet)[*].availability_zone_id))}`,
  );
});

describe("an existing network is refused", () => {
  it("without a subnet id", () => {
    expect(() => synthesize({ ...byId, albSubnets: { ids: [] } })).toThrow(
      "region/network: albSubnets names no subnet id",
    );
  });

  it("without a tag, as every subnet has none", () => {
    expect(() => synthesize({ ...byTags, instanceSubnets: { tags: {} } })).toThrow(
      "region/network: instanceSubnets names no tag; without one it would find every subnet of the VPC",
    );
  });

  it("with tags for the instances' subnets, but no number of zones", () => {
    expect(() => synthesize({ ...byTags, zoneCount: undefined })).toThrow(
      "zoneCount is needed with instanceSubnets found by tags",
    );
  });
});
