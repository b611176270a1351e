import ipaddr from "ipaddr.js";
import { region as awsRegion } from "../../aws/regions";
import { error, type Path, type Problem } from "../diagnostics/diagnostic";
import type { RegionFile } from "../schema/deployment";
import type { CreatedNetwork, ExistingNetworkFile } from "../schema/network";
import type { Check } from "./check";

/** The VPC of each region: made or found, wide enough, over enough zones, with a way out. */
export const checkNetworks: Check = ({ file }) =>
  Object.entries(file.regions).flatMap(([name, region]) => networkProblems(name, region));

function networkProblems(region: string, { network: { create, existing } }: RegionFile): readonly Problem[] {
  const at = (...rest: Path): Path => ["regions", region, "network", ...rest];
  if ((create === undefined) === (existing === undefined)) {
    return [
      error(
        at(),
        create === undefined
          ? 'set "create", with a cidr, or "existing", with a vpcId'
          : 'set either "existing" or "create", not both',
      ),
    ];
  }
  return [
    ...(create === undefined ? [] : createdProblems(region, create, (...rest) => at("create", ...rest))),
    ...(existing === undefined ? [] : existingProblems(existing, (...rest) => at("existing", ...rest))),
  ];
}

type At = (...rest: Path) => Path;

/** Prefix lengths of a VPC. Sources: VPC user guide, "VPC CIDR blocks"; ELB user guide, "Subnets for your load balancer". */
const LARGEST_VPC = 16;
const SMALLEST_VPC = 21;

/** Zones of a region at most; `us-east-1` has them. */
const ZONES_MAX = 6;

function createdProblems(region: string, network: CreatedNetwork, at: At): readonly Problem[] {
  const problems: Problem[] = [];
  const [address, prefix] = ipaddr.parseCIDR(network.cidr);
  if (address.kind() !== "ipv4" || prefix < LARGEST_VPC || prefix > SMALLEST_VPC) {
    problems.push(
      error(
        at("cidr"),
        `${network.cidr} must be an IPv4 block from /16 to /21: AWS allows no larger VPC, and a load balancer needs subnets of /27 or more`,
      ),
    );
  }
  if (network.nat === "none" && network.endpoints === false) {
    problems.push(
      error(
        at("endpoints"),
        'boxes cannot reach ECR, Systems Manager and the rest of AWS: set endpoints to true, or nat to "per-zone"',
      ),
    );
  }
  return [...problems, ...zoneProblems(region, network.zones, at)];
}

function zoneProblems(region: string, zones: CreatedNetwork["zones"], at: At): readonly Problem[] {
  if (typeof zones === "number") {
    const most = awsRegion(region)?.zonesMax;
    return most !== undefined && zones > most
      ? [error(at("zones"), `${region} gives an account ${most} zones; write zones: ${most}`)]
      : [];
  }
  return zones.flatMap((zone, index) => {
    if (!new RegExp(`^${region}[a-h]$`).test(zone)) {
      return [error(at("zones", index), `"${zone}" is not a zone of ${region}; write it as ${region}a`)];
    }
    const first = zones.indexOf(zone);
    return first < index
      ? [
          error(
            at("zones", index),
            `${zone} repeats zones[${first}]; losing it would lose both: name another zone`,
          ),
        ]
      : [];
  });
}

function existingProblems(network: ExistingNetworkFile, at: At): readonly Problem[] {
  const { albSubnetIds, albSubnetTags, boxSubnetIds, boxSubnetTags, zones } = network;
  const problems: Problem[] = [
    ...eitherIdsOrTags("alb", albSubnetIds, albSubnetTags, at),
    ...eitherIdsOrTags("box", boxSubnetIds, boxSubnetTags, at),
    ...repeated("albSubnetIds", albSubnetIds, at),
    ...repeated("boxSubnetIds", boxSubnetIds, at),
    ...withoutTag("albSubnetTags", albSubnetTags, at),
    ...withoutTag("boxSubnetTags", boxSubnetTags, at),
  ];
  if (albSubnetIds !== undefined && new Set(albSubnetIds).size < 2) {
    problems.push(
      error(at("albSubnetIds"), "an Application Load Balancer needs subnets in two zones at least; add one"),
    );
  }
  if (boxSubnetTags !== undefined && zones === undefined) {
    problems.push(
      error(
        at("boxSubnetTags"),
        "tags do not tell how many zones there are before Terraform plans; add zones: 3, or how many there are",
      ),
    );
  }
  if (boxSubnetIds !== undefined && zones !== undefined && zones > boxSubnetIds.length) {
    problems.push(
      error(
        at("zones"),
        `${zones} zones cannot be covered by ${boxSubnetIds.length} subnets; list one subnet for each zone`,
      ),
    );
  }
  if (boxSubnetIds !== undefined && zones === undefined && boxSubnetIds.length > ZONES_MAX) {
    problems.push(
      error(
        at("boxSubnetIds"),
        `${boxSubnetIds.length} subnets cannot each lie in a zone of its own; add zones: 3, or how many they lie in`,
      ),
    );
  }
  const boxZones = zones ?? boxSubnetIds?.length;
  if (
    problems.length === 0 &&
    albSubnetIds !== undefined &&
    boxZones !== undefined &&
    albSubnetIds.length < boxZones
  ) {
    problems.push(
      error(
        at("albSubnetIds"),
        `the boxes lie in ${boxZones} zones and the load balancer in ${albSubnetIds.length} at most, so that it would use no box of another; add a subnet in each${zones === undefined ? ", or say in zones how many the boxes lie in" : ""}`,
      ),
    );
  }
  return problems;
}

function withoutTag(
  field: string,
  tags: Readonly<Record<string, string>> | undefined,
  at: At,
): readonly Problem[] {
  return tags !== undefined && Object.keys(tags).length === 0
    ? [
        error(
          at(field),
          "names no tag, which would find every subnet of the VPC; write one, such as tier: private",
        ),
      ]
    : [];
}

function eitherIdsOrTags(
  whose: "alb" | "box",
  ids: readonly string[] | undefined,
  tags: Readonly<Record<string, string>> | undefined,
  at: At,
): readonly Problem[] {
  if (ids !== undefined && tags !== undefined) {
    return [error(at(`${whose}SubnetTags`), `set either ${whose}SubnetIds or ${whose}SubnetTags, not both`)];
  }
  return ids === undefined && tags === undefined
    ? [error(at(), `set ${whose}SubnetIds, or ${whose}SubnetTags that find the subnets`)]
    : [];
}

function repeated(field: string, ids: readonly string[] | undefined, at: At): readonly Problem[] {
  return (ids ?? []).flatMap((id, index, all) =>
    all.indexOf(id) < index
      ? [
          error(
            at(field, index),
            `${id} repeats ${field}[${all.indexOf(id)}]; list each subnet once, one in each zone`,
          ),
        ]
      : [],
  );
}
