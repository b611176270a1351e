import type { Precondition } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { Region, RegionNetwork as RegionNetworkPlan } from "../config/plan/deployment";
import { ExistingNetwork, type SubnetLookup } from "../constructs/network/existing-network";
import { InterfaceEndpoints } from "../constructs/network/interface-endpoints";
import { Network } from "../constructs/network/network";

/** What the rest of a region needs of its network. */
export interface RegionNetwork {
  readonly vpcId: string;
  /** One subnet a zone, for the load balancer. */
  readonly albSubnetIds: string[];
  /** One subnet a zone, for the instances. */
  readonly instanceSubnetIds: string[];
  /** Whether instances need public addresses to reach anything. */
  readonly publicAddresses: boolean;
  /** What Terraform checks of subnets it finds before it builds on them. */
  readonly preconditions: Precondition[];
  /** What must stand before an instance starts, for it to reach anything. */
  readonly waysOut: readonly IConstruct[];
}

/** Makes the region's VPC, or finds the one that is there. */
export function regionNetwork(scope: Construct, deployment: string, region: Region): RegionNetwork {
  const { network, entry, globalEndpoint } = region;
  return network.kind === "created"
    ? created(scope, deployment, network, entry.dualStack)
    : existing(scope, network, globalEndpoint?.accelerated === true && entry.scheme === "internal");
}

type CreatedPlan = Extract<RegionNetworkPlan, { kind: "created" }>;
type ExistingPlan = Extract<RegionNetworkPlan, { kind: "existing" }>;

function created(scope: Construct, deployment: string, plan: CreatedPlan, dualStack: boolean): RegionNetwork {
  const network = new Network(scope, "network", {
    name: deployment,
    cidrBlock: plan.cidr,
    zones: plan.zones,
    nat: plan.nat,
    dualStack,
    flowLogs: plan.flowLogs === false ? undefined : { retentionDays: plan.flowLogs / 86_400 },
  });
  const endpoints = plan.withEndpoints
    ? [
        new InterfaceEndpoints(scope, "endpoints", {
          name: deployment,
          vpcId: network.vpcId,
          subnetIds: network.privateSubnetIds,
          allowedCidr: plan.cidr,
        }),
      ]
    : [];
  return {
    vpcId: network.vpcId,
    albSubnetIds: network.publicSubnetIds,
    instanceSubnetIds: network.privateSubnetIds,
    publicAddresses: false,
    preconditions: [],
    waysOut: endpoints,
  };
}

function existing(scope: Construct, plan: ExistingPlan, accelerated: boolean): RegionNetwork {
  const network = new ExistingNetwork(scope, "network", {
    vpcId: plan.vpcId,
    albSubnets: lookup(plan.albSubnetIds, plan.albSubnetTags),
    instanceSubnets: lookup(plan.instanceSubnetIds, plan.instanceSubnetTags),
    zoneCount: plan.zoneCount,
    publicAddresses: plan.publicAddresses,
    accelerated,
  });
  return {
    vpcId: plan.vpcId,
    albSubnetIds: network.albSubnetIds,
    instanceSubnetIds: network.instanceSubnetIds,
    publicAddresses: plan.publicAddresses,
    preconditions: network.preconditions,
    waysOut: [],
  };
}

function lookup(
  ids: readonly string[] | undefined,
  tags: Readonly<Record<string, string>> | undefined,
): SubnetLookup {
  return ids === undefined ? { tags: tags ?? {} } : { ids };
}
