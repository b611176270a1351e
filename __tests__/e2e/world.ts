import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./processes";
import { EMULATED_PARAMETERS } from "./rewrites/emulator-gaps";
import type { Surroundings } from "./surroundings";

/** A VPC that was there before, with subnets in as many zones as asked for. */
export interface FoundNetwork {
  readonly vpcId: string;
  /** One in each zone, with a route to the internet. */
  readonly publicSubnetIds: readonly string[];
  /** One in each zone, without such a route. */
  readonly privateSubnetIds: readonly string[];
}

/** What AWS, and the team, have before the first deploy. */
export interface World {
  networkIn(region: string): FoundNetwork;
  readonly hostedZoneId: string;
}

const DOMAIN = "example.com";

/**
 * Makes it with Terraform, but with none of the project's code.
 *
 * @param regions how many zones to have subnets in, by region
 */
export async function createWorld(
  { folder: parent, tools, env }: Surroundings,
  regions: Readonly<Record<string, number>>,
): Promise<World> {
  const folder = path.join(parent, "world");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "main.tf.json"),
    JSON.stringify(configuration(tools.mirror?.awsVersion, regions)),
  );
  const options = { cwd: folder, env, log: path.join(folder, "log.txt") };
  await run(tools.terraform, ["init", "-no-color"], options);
  await run(tools.terraform, ["apply", "-no-color", "-auto-approve"], options);
  const outputs = JSON.parse(await run(tools.terraform, ["output", "-json"], options));
  return {
    networkIn: (region) => outputs[region].value,
    hostedZoneId: outputs["hosted-zone"].value,
  };
}

function configuration(awsVersion: string | undefined, regions: Readonly<Record<string, number>>) {
  const found = Object.entries(regions).map(([region, zones]) => network(region, zones));
  const merged = (kind: "resource" | "data") =>
    found.reduce<Record<string, object>>((all, part) => {
      for (const [type, blocks] of Object.entries(part[kind])) {
        all[type] = { ...all[type], ...blocks };
      }
      return all;
    }, {});
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: awsVersion } } },
    provider: {
      aws: [{ region: "us-east-1" }, ...Object.keys(regions).map((region) => ({ alias: region, region }))],
    },
    data: merged("data"),
    resource: { ...merged("resource"), aws_route53_zone: { zone: { name: DOMAIN } } },
    output: {
      "hosted-zone": { value: `\${aws_route53_zone.zone.zone_id}` },
      ...Object.fromEntries(found.map(({ region, value }) => [region, { value }])),
    },
  };
}

function network(region: string, zones: number) {
  const provider = `aws.${region}`;
  const vpc_id = `\${aws_vpc.${region}.id}`;
  const names = Array.from({ length: zones }, (_, index) => `${region}-${index}`);
  const subnets = (kind: "public" | "private", offset: number) =>
    Object.fromEntries(
      names.map((name, index) => [
        `${kind}-${name}`,
        {
          provider,
          vpc_id,
          cidr_block: `10.99.${offset + index}.0/24`,
          availability_zone: `\${data.aws_availability_zones.${region}.names[${index}]}`,
          // Found by tags, a number of zones is a set of subnets: those whose tags say they are for that many.
          tags: Object.fromEntries(
            Array.from({ length: zones - index }, (_, more) => [`${kind}-${index + more + 1}`, "yes"]),
          ),
        },
      ]),
    );
  const ids = (kind: string) => names.map((name) => `\${aws_subnet.${kind}-${name}.id}`);
  return {
    region,
    value: { vpcId: vpc_id, publicSubnetIds: ids("public"), privateSubnetIds: ids("private") },
    data: { aws_availability_zones: { [region]: { provider } } },
    resource: {
      aws_vpc: { [region]: { provider, cidr_block: "10.99.0.0/16" } },
      aws_internet_gateway: { [region]: { provider, vpc_id } },
      aws_subnet: { ...subnets("public", 0), ...subnets("private", 100) },
      aws_route_table: {
        [region]: {
          provider,
          vpc_id,
          route: [routeToInternet(`\${aws_internet_gateway.${region}.id}`)],
        },
      },
      aws_route_table_association: Object.fromEntries(
        names.map((name) => [
          name,
          {
            provider,
            subnet_id: `\${aws_subnet.public-${name}.id}`,
            route_table_id: `\${aws_route_table.${region}.id}`,
          },
        ]),
      ),
      aws_ssm_parameter: Object.fromEntries(
        ["x86_64", "arm64"].map((architecture) => [
          `${region}-${architecture}`,
          {
            provider,
            type: "String",
            name: `${EMULATED_PARAMETERS}/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id`,
            value: "ami-0123456789abcdef0",
          },
        ]),
      ),
    },
  };
}

/** Terraform wants every attribute of a route named that is written inside a table. */
function routeToInternet(gateway_id: string) {
  const others = [
    "carrier_gateway_id",
    "core_network_arn",
    "destination_prefix_list_id",
    "egress_only_gateway_id",
    "ipv6_cidr_block",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
  ];
  return { ...Object.fromEntries(others.map((name) => [name, null])), cidr_block: "0.0.0.0/0", gateway_id };
}
