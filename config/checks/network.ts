import ipaddr from "ipaddr.js";
import {
  ELASTIC_ADDRESSES_PER_REGION,
  LOAD_BALANCER_SUBNET,
  LOAD_BALANCER_ZONES,
  SUBNET_RESERVED,
  VPC_PREFIX,
} from "../../aws/limits";
import { region as awsRegion } from "../../aws/regions";
import { bothGiven, type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import type { Region } from "../plan/deployment";
import { entrySetting } from "../plan/overrides";
import type { RegionFile } from "../schema/deployment";
import type { EntryFile } from "../schema/entry";
import type { CreatedNetwork, ExistingNetworkFile } from "../schema/network";
import { type At, type Check, repetitions } from "./check";

/** The VPC of each region: made or found, wide enough, over enough zones, with a way out. */
export const checkNetworks: Check = ({ file, deployment }) => [
  ...Object.entries(file.regions).flatMap(([name, region]) =>
    networkDiagnostics(name, region, entrySetting(file, name, "scheme").value),
  ),
  ...overlapDiagnostics(file.regions),
  ...deployment.regions.flatMap(addressDiagnostics),
];

/** Extra prefix bits of a private subnet of a VPC that is made: it is a 16th of the VPC's block. */
const PRIVATE_SUBNET_BITS = 4;

/** Every instance takes an address of its zone's private subnet, and so does every interface endpoint. */
function addressDiagnostics({ name, network, models }: Region): readonly Diagnostic[] {
  if (network.kind !== "created") {
    return [];
  }
  const [address, bits] = ipaddr.parseCIDR(network.cidr);
  if (address.kind() !== "ipv4" || bits > SMALLEST_VPC) {
    return []; // An error of its own.
  }
  const prefix = bits + PRIVATE_SUBNET_BITS;
  const free = 2 ** (32 - prefix) - SUBNET_RESERVED.addresses;
  const inOneZone = models
    .flatMap(({ variants }) => variants)
    .reduce((sum, { capacity, zones }) => sum + Math.ceil(capacity.max.value / zones.value), 0);
  return inOneZone > free
    ? [
        error(
          "too-few-addresses",
          ["regions", name, "network", "create", "cidr"],
          `the groups at their largest put ${inOneZone} instances into a zone, and its subnet, a /${prefix}, has ${free} addresses; use a larger block, up to /${VPC_PREFIX.min}, or smaller groups`,
        ),
      ]
    : [];
}

/** VPCs whose blocks overlap cannot be connected, now or later: by peering, or by a transit gateway. */
function overlapDiagnostics(regions: Readonly<Record<string, RegionFile>>): readonly Diagnostic[] {
  const made = Object.entries(regions).flatMap(([name, { network }]) =>
    network.create === undefined ? [] : [{ name, cidr: network.create.cidr }],
  );
  return made.flatMap(({ name, cidr }, index) => {
    const overlapped = made.slice(0, index).filter((other) => overlap(cidr, other.cidr));
    return overlapped.length === 0
      ? []
      : [
          warning(
            "networks-overlap",
            ["regions", name, "network", "create", "cidr"],
            `${cidr} overlaps with ${together(overlapped.map((other) => `${other.cidr} of ${other.name}`))}, so these VPCs can never be connected; use blocks apart, such as 10.0.0.0/16 and 10.1.0.0/16`,
          ),
        ];
  });
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [ipaddr.parseCIDR(one), ipaddr.parseCIDR(other)];
  const bits = Math.min(a[1], b[1]);
  return a[0].kind() === b[0].kind() && a[0].match(b[0], bits);
}

function networkDiagnostics(
  region: string,
  { network: { create, existing } }: RegionFile,
  scheme: EntryFile["scheme"],
): readonly Diagnostic[] {
  const at = (...rest: Path): Path => ["regions", region, "network", ...rest];
  if ((create === undefined) === (existing === undefined)) {
    return [
      create === undefined
        ? error("network-missing", at(), 'set "create", with a cidr, or "existing", with a vpcId')
        : bothGiven(at(), at("create"), 'set either "existing" or "create", not both', at("existing")),
    ];
  }
  return [
    ...(create === undefined ? [] : createdDiagnostics(region, create, (...rest) => at("create", ...rest))),
    ...(existing === undefined
      ? []
      : existingDiagnostics(existing, scheme, (...rest) => at("existing", ...rest))),
  ];
}

/** Prefix length of the smallest VPC: a load balancer's subnet is a 64th of it. */
const SMALLEST_VPC = LOAD_BALANCER_SUBNET.prefixMax - Math.log2(64);

function createdDiagnostics(region: string, network: CreatedNetwork, at: At): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const [address, prefix] = ipaddr.parseCIDR(network.cidr);
  if (address.kind() !== "ipv4" || prefix < VPC_PREFIX.min || prefix > SMALLEST_VPC) {
    diagnostics.push(
      error(
        "vpc-size-refused",
        at("cidr"),
        `${network.cidr} must be an IPv4 block from /${VPC_PREFIX.min} to /${SMALLEST_VPC}: AWS allows no larger VPC, and a load balancer needs subnets of /${LOAD_BALANCER_SUBNET.prefixMax} or more`,
      ),
    );
  }
  if (network.nat === "none" && network.endpoints === false) {
    diagnostics.push(
      error(
        "no-way-to-aws",
        at("endpoints"),
        'instances cannot reach ECR, Systems Manager and the rest of AWS: set endpoints to true, or nat to "per-zone"',
      ),
    );
  }
  const zones = typeof network.zones === "number" ? network.zones : network.zones.length;
  const { max, source } = ELASTIC_ADDRESSES_PER_REGION;
  if (network.nat === "per-zone" && zones > max) {
    diagnostics.push(
      warning(
        "too-many-elastic-addresses",
        at("zones"),
        `the NAT gateways of ${zones} zones take ${zones} Elastic IP addresses, and an account has ${max} in a region until AWS raises that (${source}); ask AWS for more, or use fewer zones or nat: none`,
      ),
    );
  }
  return [...diagnostics, ...zoneDiagnostics(region, network.zones, at)];
}

function zoneDiagnostics(region: string, zones: CreatedNetwork["zones"], at: At): readonly Diagnostic[] {
  if (typeof zones === "number") {
    const most = awsRegion(region)?.zonesMax;
    return most !== undefined && zones > most
      ? [
          error(
            "too-many-zones",
            at("zones"),
            `${region} gives an account ${most} zones; write zones: ${most}`,
          ),
        ]
      : [];
  }
  return zones.flatMap((zone, index) => {
    if (!new RegExp(`^${region}[a-h]$`).test(zone)) {
      return [
        error(
          "unknown-zone",
          at("zones", index),
          `"${zone}" is not a zone of ${region}; write it as ${region}a`,
        ),
      ];
    }
    return repetitions(zones, index, at("zones", index), {
      called: (first) => `zones[${first}]`,
      remedy: "; losing it would lose both: name another zone",
    });
  });
}

function existingDiagnostics(
  network: ExistingNetworkFile,
  scheme: EntryFile["scheme"],
  at: At,
): readonly Diagnostic[] {
  const { albSubnetIds, albSubnetTags, instanceSubnetIds, instanceSubnetTags, zones } = network;
  const diagnostics: Diagnostic[] = [
    ...eitherIdsOrTags("alb", albSubnetIds, albSubnetTags, at),
    ...eitherIdsOrTags("instance", instanceSubnetIds, instanceSubnetTags, at),
    ...repeated("albSubnetIds", albSubnetIds, at),
    ...repeated("instanceSubnetIds", instanceSubnetIds, at),
    ...withoutTag("albSubnetTags", albSubnetTags, at),
    ...withoutTag("instanceSubnetTags", instanceSubnetTags, at),
    ...publicAndPrivate(network, scheme, at),
  ];
  if (albSubnetIds !== undefined && new Set(albSubnetIds).size < LOAD_BALANCER_ZONES.min) {
    diagnostics.push(
      error(
        "load-balancer-in-one-zone",
        at("albSubnetIds"),
        "an Application Load Balancer needs subnets in two zones at least; add one",
      ),
    );
  }
  if (instanceSubnetTags !== undefined && zones === undefined) {
    diagnostics.push(
      error(
        "zones-missing",
        at("instanceSubnetTags"),
        "the number of zones is unknown until Terraform looks up the tags; add zones: 3, or how many there are",
      ),
    );
  }
  if (instanceSubnetIds !== undefined && zones !== undefined && zones > instanceSubnetIds.length) {
    diagnostics.push(
      error(
        "zones-without-subnet",
        at("zones"),
        `${zones} zones cannot be covered by ${instanceSubnetIds.length} subnets; list one subnet for each zone`,
      ),
    );
  }
  if (
    instanceSubnetIds !== undefined &&
    zones === undefined &&
    instanceSubnetIds.length > LOAD_BALANCER_ZONES.max
  ) {
    diagnostics.push(
      error(
        "zones-missing",
        at("instanceSubnetIds"),
        `${instanceSubnetIds.length} subnets cannot each lie in a zone of its own; add zones: 3, or how many they lie in`,
      ),
    );
  }
  const instanceZones = zones ?? instanceSubnetIds?.length;
  if (
    diagnostics.length === 0 &&
    albSubnetIds !== undefined &&
    instanceZones !== undefined &&
    albSubnetIds.length < instanceZones
  ) {
    diagnostics.push(
      error(
        "zones-without-load-balancer",
        at("albSubnetIds"),
        `the instances are in ${instanceZones} zones and the load balancer in at most ${albSubnetIds.length}, so it would not route to instances in the others; add a subnet in each zone${zones === undefined ? ", or write in zones how many the instances use" : ""}`,
      ),
    );
  }
  return diagnostics;
}

/** Subnets that would need a route to an internet gateway for the load balancer, and none for the instances. */
function publicAndPrivate(
  {
    albSubnetIds,
    albSubnetTags,
    instanceSubnetIds,
    instanceSubnetTags,
    publicAddresses,
  }: ExistingNetworkFile,
  scheme: EntryFile["scheme"],
  at: At,
): readonly Diagnostic[] {
  if (scheme !== "internet-facing" || publicAddresses) {
    return [];
  }
  const why = (both: string) =>
    `${both} hold the instances and an internet-facing load balancer, which needs a route to an internet gateway there; instances without public addresses must have none: write publicAddresses: true, or use other subnets for the instances`;
  const shared = (instanceSubnetIds ?? []).filter((id) => albSubnetIds?.includes(id));
  if (shared.length > 0) {
    return [
      error("subnets-public-and-private", at("instanceSubnetIds"), why(together([...new Set(shared)]))),
    ];
  }
  return includesTags(albSubnetTags, instanceSubnetTags) || includesTags(instanceSubnetTags, albSubnetTags)
    ? [error("subnets-public-and-private", at("instanceSubnetTags"), why("the same subnets"))]
    : [];
}

/** Whether every subnet that the one set of tags finds is found by the other, too. */
function includesTags(finding: Tags | undefined, fewer: Tags | undefined): boolean {
  return (
    finding !== undefined &&
    fewer !== undefined &&
    Object.keys(fewer).length > 0 &&
    Object.entries(fewer).every(([key, value]) => finding[key] === value)
  );
}

type Tags = Readonly<Record<string, string>>;

function withoutTag(
  field: string,
  tags: Readonly<Record<string, string>> | undefined,
  at: At,
): readonly Diagnostic[] {
  return tags !== undefined && Object.keys(tags).length === 0
    ? [
        error(
          "subnet-tags-empty",
          at(field),
          "has no tag, so it would find every subnet of the VPC; write one, such as tier: private",
        ),
      ]
    : [];
}

function eitherIdsOrTags(
  whose: "alb" | "instance",
  ids: readonly string[] | undefined,
  tags: Readonly<Record<string, string>> | undefined,
  at: At,
): readonly Diagnostic[] {
  if (ids !== undefined && tags !== undefined) {
    return [
      bothGiven(
        at(`${whose}SubnetTags`),
        at(`${whose}SubnetIds`),
        `set either ${whose}SubnetIds or ${whose}SubnetTags, not both`,
      ),
    ];
  }
  return ids === undefined && tags === undefined
    ? [error("subnets-missing", at(), `set ${whose}SubnetIds, or ${whose}SubnetTags that find the subnets`)]
    : [];
}

function repeated(field: string, ids: readonly string[] | undefined, at: At): readonly Diagnostic[] {
  return (ids ?? []).flatMap((_, index, all) =>
    repetitions(all, index, at(field, index), {
      called: (first) => `${field}[${first}]`,
      remedy: "; list each subnet once, one in each zone",
    }),
  );
}
