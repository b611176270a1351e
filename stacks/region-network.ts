import type { Precondition } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { changeOf, refusal } from "../config/plan/changes";
import type { NetworkToFind, NetworkToMake, Region } from "../config/plan/deployment";
import { ExistingNetwork } from "../constructs/network/existing-network";
import { InstancesElsewhere } from "../constructs/network/instances-elsewhere";
import { InterfaceEndpoints } from "../constructs/network/interface-endpoints";
import { Network } from "../constructs/network/network";

/** The parts of a region's network that the rest of the region needs. */
export interface RegionNetwork {
  readonly vpcId: string;
  /** One subnet a zone, for the load balancer. */
  readonly albSubnetIds: string[];
  /** One subnet a zone, for the instances. */
  readonly instanceSubnetIds: string[];
  /** Terraform expression: the ids of the zones of the instances. */
  readonly instanceZoneIds: string;
  /** Terraform expression: the instances' subnets, for `SubnetsInZones`. */
  readonly instanceSubnets: () => string;
  /** Whether instances need public addresses to reach anything. */
  readonly publicAddresses: boolean;
  /** What Terraform checks of the subnets it finds, before it uses them. */
  readonly preconditions: Precondition[];
  /** What must exist before an instance starts, because the instance reaches AWS through it. */
  readonly waysOut: readonly IConstruct[];
}

/**
 * Makes the region's VPC, or finds an existing one.
 *
 * @param logKeyArn ARN of the KMS key of the flow logs; `undefined`: the one that CloudWatch Logs manages
 */
export function regionNetwork(
  scope: Construct,
  deployment: string,
  region: Region,
  logKeyArn: string | undefined,
): RegionNetwork {
  const { network, entry, globalEndpoint } = region;
  return network.kind === "created"
    ? created(scope, deployment, network, logKeyArn)
    : existing(scope, deployment, network, entry.scheme, globalEndpoint?.accelerated === true);
}

function created(
  scope: Construct,
  deployment: string,
  plan: NetworkToMake,
  logKeyArn: string | undefined,
): RegionNetwork {
  const network = new Network(scope, "network", {
    name: deployment,
    cidrBlock: plan.cidr,
    zones: plan.zones,
    preferredZoneIds: plan.zoneChoice.preferred,
    excludedZoneIds: plan.zoneChoice.excluded,
    nat: plan.nat,
    flowLogs:
      plan.flowLogDays === undefined ? undefined : { retentionDays: plan.flowLogDays, kmsKeyArn: logKeyArn },
  });
  const endpoints = plan.withEndpoints
    ? [
        new InterfaceEndpoints(scope, "endpoints", {
          name: deployment,
          vpcId: network.vpcId,
          subnetIds: network.privateSubnetIds,
          zoneNames: network.zoneNames,
          allowedCidr: plan.cidr,
        }),
      ]
    : [];
  return {
    vpcId: network.vpcId,
    albSubnetIds: network.publicSubnetIds,
    instanceSubnetIds: network.privateSubnetIds,
    instanceZoneIds: network.zoneIds,
    instanceSubnets: () => network.privateSubnets,
    publicAddresses: false,
    preconditions: [
      ...network.preconditions,
      keepsZonesOfInstances(scope, deployment, network.availabilityZones),
    ],
    waysOut: endpoints,
  };
}

function existing(
  scope: Construct,
  deployment: string,
  plan: NetworkToFind,
  scheme: Region["entry"]["scheme"],
  accelerated: boolean,
): RegionNetwork {
  const network = new ExistingNetwork(scope, "network", {
    vpcId: plan.vpcId,
    albSubnets: plan.albSubnets,
    instanceSubnets: plan.instanceSubnets,
    zoneCount: plan.zoneCount,
    publicAddresses: plan.publicAddresses,
    excludedZoneIds: plan.excludedZones,
    internetFacing: scheme === "internet-facing",
    accelerated: accelerated && scheme === "internal",
  });
  return {
    vpcId: plan.vpcId,
    albSubnetIds: network.albSubnetIds,
    instanceSubnetIds: network.instanceSubnetIds,
    instanceZoneIds: network.instanceZoneIds,
    instanceSubnets: () => network.instanceSubnets,
    publicAddresses: plan.publicAddresses,
    preconditions: [...network.preconditions, keepsZonesOfInstances(scope, deployment, network.albZones)],
    waysOut: [],
  };
}

/** Refuses to take a zone from the load balancer while instances run there. */
function keepsZonesOfInstances(scope: Construct, deployment: string, zones: string[]): Precondition {
  return new InstancesElsewhere(scope, "instances-elsewhere", {
    tags: { deployment },
    availabilityZones: zones,
    refusal: (instances) =>
      refusal(
        changeOf("zone-left"),
        `The load balancer would leave Availability Zones in which instances of this deployment run: ${instances}.`,
      ),
  }).precondition;
}
