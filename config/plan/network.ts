import type { RegionFile, ServingFile } from "../schema/deployment";
import type { CreatedNetwork, ExistingNetworkFile } from "../schema/network";
import { SECONDS_PER_DAY } from "../units";
import type { NetworkToFind, NetworkToMake, RegionNetwork, Subnets, ZoneChoice } from "./deployment";
import { excludedZones, zoneChoice } from "./zones";

/** The VPC of a region, resolved from the file. */
export function resolveNetwork(
  file: ServingFile,
  region: string,
  { network: { create, existing } }: RegionFile,
): RegionNetwork {
  return create === undefined
    ? networkToFind(existing ?? { vpcId: "", publicAddresses: false }, excludedZones(file, "none"))
    : networkToMake(create, zoneChoice(file, region, create.nat));
}

function networkToMake(
  { cidr, zones, nat, endpoints, flowLogs }: CreatedNetwork,
  choice: ZoneChoice,
): NetworkToMake {
  return {
    kind: "created",
    cidr,
    zones,
    zoneCount: typeof zones === "number" ? zones : zones.length,
    zoneChoice: choice,
    nat,
    withEndpoints: endpoints ?? nat === "none",
    flowLogDays: flowLogs === false ? undefined : flowLogs / SECONDS_PER_DAY,
  };
}

function networkToFind(network: ExistingNetworkFile, excluded: readonly string[]): NetworkToFind {
  return {
    kind: "existing",
    vpcId: network.vpcId,
    albSubnets: subnets(network.albSubnetIds, network.albSubnetTags),
    instanceSubnets: subnets(network.instanceSubnetIds, network.instanceSubnetTags),
    zoneCount: network.zones ?? network.instanceSubnetIds?.length ?? 2,
    publicAddresses: network.publicAddresses,
    excludedZones: excluded,
  };
}

function subnets(
  ids: readonly string[] | undefined,
  tags: Readonly<Record<string, string>> | undefined,
): Subnets {
  return ids === undefined ? { tags: tags ?? {} } : { ids };
}

/** Whether instances have no route to the internet. False for an existing VPC, whose routes are not in the file. */
export function isClosed(network: RegionNetwork): boolean {
  return network.kind === "created" && network.nat === "none";
}

/** What identifies a VPC in names: another VPC needs new target groups and a new load balancer. */
export function networkIdentity(network: RegionNetwork): string {
  return network.kind === "created" ? network.cidr : network.vpcId;
}
