import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Fn, type Postcondition, type Precondition, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { LOAD_BALANCER_SUBNET, LOAD_BALANCER_ZONES, VPC_PREFIX } from "../../aws/limits";
import { requireWithin } from "../require-within";
import { requireAddressRange } from "./address-range";
import { FlowLogs, type FlowLogsSettings } from "./flow-logs";
import { NetworkZone, type NetworkZoneProps, PUBLIC_SUBNET_BITS } from "./network-zone";

/** Props of {@link Network}. */
export interface NetworkProps {
  /** Prefix of all `Name` tags, e.g. `chat-prod`. */
  readonly name: string;
  /**
   * IPv4 block of the VPC, from /16 to /21. A VPC cannot be larger than /16 (VPC user guide, "VPC CIDR blocks"). A load
   * balancer's subnet must be a /27 or larger (ELB user guide, "Subnets for your load balancer"), and a public subnet
   * is a 64th of the block: a /27 of a /21.
   */
  readonly cidrBlock: string;
  /**
   * The number of Availability Zones, 2–6, or the names of two or more zones of one region.
   *
   * A number takes zones by their ids, in the order of `preferredZoneIds`: the letter in a name means another zone in
   * another account. A subnet that exists stays in its zone. Choose at the start: a change from a number to names
   * replaces all subnets.
   * @default 3
   */
  readonly zones?: number | readonly string[];
  /**
   * Ids of zones to take first where `zones` is a number, such as those that offer the instance types. One that the
   * account does not have is passed over.
   * @default none: the zones in the order of their ids
   */
  readonly preferredZoneIds?: readonly string[];
  /**
   * Ids of zones that are not taken, and whose names are refused when Terraform plans, such as those without NAT
   * gateways.
   * @default none
   */
  readonly excludedZoneIds?: readonly string[];
  /**
   * Egress of the private subnets. `per-zone`: a NAT gateway in each zone, so that the loss of a zone does not affect
   * the egress of others. `none`: VPC endpoints only.
   * @default "per-zone"
   */
  readonly nat?: "per-zone" | "none";
  /**
   * Keeps flow logs of the VPC in CloudWatch Logs.
   * @default none
   */
  readonly flowLogs?: FlowLogsSettings;
}

/** An Availability Zone to build in. */
interface Zone {
  readonly id: string;
  readonly zone: NetworkZoneProps["zone"];
  /**
   * Determines the zone's addresses. It depends on the zone alone, so a change of zones keeps the subnets of others.
   */
  readonly slot: number;
}

/**
 * A VPC for a load balancer and the instances behind it. Each zone has a public subnet for the load balancer, and a
 * private subnet with a route table of its own for the instances. No subnet assigns public addresses, and the default
 * security group allows no traffic. S3 has a gateway endpoint, which is free and keeps the weights of the models off
 * the NAT gateways.
 *
 * The VPC and the public subnets always have IPv6 ranges, so that a load balancer may become dual-stack, and IPv4 again.
 * They cost nothing, and AWS takes none back while something uses it (EC2 API reference, DisassociateVpcCidrBlock).
 * Instances have IPv4 addresses only.
 */
export class Network extends Construct {
  /** The VPC. */
  public readonly vpc: Vpc;
  /** Id of the VPC. */
  public readonly vpcId: string;
  /** One subnet a zone, for the load balancer. What uses the ids waits for the routes to the internet. */
  public readonly publicSubnetIds: string[];
  /**
   * One subnet a zone, for the instances. What uses the ids waits for the routes to S3 and, if any, to the NAT
   * gateways.
   */
  public readonly privateSubnetIds: string[];
  /** One route table a zone, for more routes and gateway endpoints. */
  public readonly privateRouteTableIds: string[];
  /** Number of zones. */
  public readonly zoneCount: number;
  /** The names of the Availability Zones that the subnets lie in. */
  public readonly availabilityZones: string[];
  /** Terraform expression: the ids of the zones of the subnets. */
  public readonly zoneIds: string;
  /** Terraform expression: the names of the same zones in this account. */
  public readonly zoneNames: string;
  /** Conditions that Terraform checks when it plans. For the `lifecycle.precondition` of what lies in the subnets. */
  public readonly preconditions: Precondition[];
  #privateSubnets: string | undefined;

  /**
   * @throws RangeError when the number of zones is not from 2 to 6
   * @throws Error when the block is not an IPv4 block from /16 to /21, or there are fewer than two named zones, or one
   *   of
   * them is not an Availability Zone, or two are the same or of different regions
   */
  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { name, cidrBlock, zones = 3, nat = "per-zone" } = props;
    requireVpcBlock(cidrBlock);

    this.vpc = new Vpc(this, "Resource", {
      cidrBlock,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      assignGeneratedIpv6CidrBlock: true,
      tags: { Name: name },
    });
    this.vpcId = this.vpc.id;
    new DefaultSecurityGroup(this, "default-security-group", {
      vpcId: this.vpcId,
      tags: { Name: `${name}-default-closed` },
    });
    if (props.flowLogs) {
      new FlowLogs(this, "flow-logs", {
        ...props.flowLogs,
        vpcId: this.vpcId,
        logGroupName: `/vpc/${name}/flow-logs`,
      });
    }

    const internet = this.routesToInternet(name);
    const gatewayEndpointId = this.gatewayEndpointForS3(name).id;
    const available = this.availableZones(props);
    const subnets = this.chooseZones(zones, available, props).map(
      (zone) =>
        new NetworkZone(this, zone.id, {
          vpc: this.vpc,
          zone: zone.zone,
          slot: zone.slot,
          publicRouteTableId: internet.routeTableId,
          routesToInternet: internet.routes,
          gatewayEndpointId,
          nat: nat === "per-zone",
          name: `${name}-${zone.id}`,
        }),
    );
    this.publicSubnetIds = subnets.map(({ publicSubnetId }) => publicSubnetId);
    this.privateSubnetIds = subnets.map(({ privateSubnetId }) => privateSubnetId);
    this.privateRouteTableIds = subnets.map(({ privateRouteTableId }) => privateRouteTableId);
    this.zoneCount = subnets.length;

    const names = `data.aws_availability_zones.${available.friendlyUniqueId}.names`;
    const ids = `data.aws_availability_zones.${available.friendlyUniqueId}.zone_ids`;
    this.zoneIds = this.local(
      "zone-ids",
      typeof zones === "number"
        ? subnets.map(({ zoneId }) => zoneId)
        : `\${[for name in ${JSON.stringify([...zones].sort())} : lookup(zipmap(${names}, ${ids}), name, name)]}`,
    );
    this.zoneNames = this.local(
      "zone-names",
      `\${[for id in ${this.zoneIds} : lookup(zipmap(${ids}, ${names}), id, id)]}`,
    );
    this.availabilityZones = Token.asList(`\${${this.zoneNames}}`);
    this.preconditions = [
      {
        condition: `\${length(distinct(${this.zoneIds})) == ${this.zoneCount}}`,
        errorMessage: `The network's subnets must be in ${this.zoneCount} different Availability Zones; they are in: \${join(", ", ${this.zoneIds})}. A zone was added after AWS or this project came to prefer others. Name the zones in a new network, or take back the number of zones.`,
      },
    ];
  }

  /**
   * Terraform expression: the private subnets, each with `id`, `availability_zone` and `availability_zone_id`, for
   * `SubnetsInZones`.
   */
  public get privateSubnets(): string {
    this.#privateSubnets ??= new TerraformLocal(
      this,
      "private-subnets",
      this.privateSubnetIds.map((subnetId, index) => ({
        id: subnetId,
        availability_zone: `\${${this.zoneNames}[${index}]}`,
        availability_zone_id: `\${${this.zoneIds}[${index}]}`,
      })),
    ).friendlyUniqueId;
    return `local.${this.#privateSubnets}`;
  }

  /** Gives a value a name, for use in expressions. */
  private local(id: string, value: string | readonly string[]): string {
    return `local.${new TerraformLocal(this, id, value).friendlyUniqueId}`;
  }

  private routesToInternet(name: string) {
    const gateway = new InternetGateway(this, "internet-gateway", {
      vpcId: this.vpcId,
      tags: { Name: name },
    });
    const routeTableId = new RouteTable(this, "public-routes", {
      vpcId: this.vpcId,
      tags: { Name: `${name}-public` },
    }).id;
    const routes = [
      new Route(this, "to-internet", {
        routeTableId,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: gateway.id,
      }),
      new Route(this, "to-internet-ipv6", {
        routeTableId,
        destinationIpv6CidrBlock: "::/0",
        gatewayId: gateway.id,
      }),
    ];
    return { routeTableId, routes };
  }

  private gatewayEndpointForS3(name: string): VpcEndpoint {
    const service = new DataAwsVpcEndpointService(this, "s3-service", {
      service: "s3",
      serviceType: "Gateway",
    });
    return new VpcEndpoint(this, "s3", {
      vpcId: this.vpcId,
      vpcEndpointType: "Gateway",
      serviceName: service.serviceName,
      tags: { Name: `${name}-s3` },
    });
  }

  /** The zones that AWS lets the account use now. */
  private availableZones({ zones = 3, excludedZoneIds = [] }: NetworkProps): DataAwsAvailabilityZones {
    if (typeof zones === "number") {
      requireWithin("zones", zones, LOAD_BALANCER_ZONES);
    }
    const excluded = JSON.stringify(excludedZoneIds);
    const usable = `[for id in self.zone_ids : id if !contains(${excluded}, id)]`;
    const listOf = (list: string) => `\${length(${list}) > 0 ? join(", ", ${list}) : "none"}`;
    const without = excludedZoneIds.length === 0 ? "" : ` without ${excludedZoneIds.join(", ")}`;
    const postcondition: Postcondition[] =
      typeof zones === "number"
        ? [
            {
              // With too few zones element() would wrap around and use one zone twice.
              condition: `\${length(${usable}) >= ${zones}}`,
              errorMessage: `The network needs ${zones} Availability Zones, but this region has only \${length(${usable})}${without}: ${listOf(usable)}. Set no more than that.`,
            },
          ]
        : [
            {
              condition: `\${length(setsubtract(${JSON.stringify(zones)}, self.names)) == 0}`,
              errorMessage: `The network names Availability Zones that this account does not have, or that are not available: ${listOf(`sort(setsubtract(${JSON.stringify(zones)}, self.names))`)}. Available are \${join(", ", self.names)}.`,
            },
            ...(excludedZoneIds.length === 0
              ? []
              : [
                  {
                    condition: `\${length(${refusedNames(zones, excluded)}) == 0}`,
                    errorMessage: `AWS does not have all that the network needs in ${listOf(refusedNames(zones, excluded))}, because the ids of ${excludedZoneIds.join(", ")} are among them. Name other zones.`,
                  },
                ]),
          ];
    return new DataAwsAvailabilityZones(this, "zones", {
      state: "available",
      // Excludes Local Zones and Wavelength Zones, which need an opt-in.
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      lifecycle: { postcondition },
    });
  }

  private chooseZones(
    zones: number | readonly string[],
    available: DataAwsAvailabilityZones,
    { preferredZoneIds = [], excludedZoneIds = [] }: NetworkProps,
  ): readonly Zone[] {
    if (typeof zones !== "number") {
      return zonesByName(zones);
    }
    const ids = `data.aws_availability_zones.${available.friendlyUniqueId}.zone_ids`;
    const chosen = new TerraformLocal(
      this,
      "chosen-zones",
      `\${[for id in distinct(concat(${JSON.stringify(preferredZoneIds)}, sort(${ids}))) : id if contains(${ids}, id) && !contains(${JSON.stringify(excludedZoneIds)}, id)]}`,
    );
    return Array.from({ length: zones }, (_, slot) => ({
      id: `zone-${slot + 1}`,
      zone: { id: Fn.element(chosen.expression, slot) },
      slot,
    }));
  }
}

/** Expression: those of the named zones whose ids are excluded. */
function refusedNames(names: readonly string[], excluded: string): string {
  return `[for name in ${JSON.stringify(names)} : name if contains(${excluded}, lookup(zipmap(self.names, self.zone_ids), name, ""))]`;
}

/** Zones in the order of their names. The letter determines the slot: `us-east-1a` has 0, `us-east-1h` has 7. */
function zonesByName(names: readonly string[]): readonly Zone[] {
  if (names.length < LOAD_BALANCER_ZONES.min) {
    throw new Error(`zones names ${names.length} zone(s); a load balancer needs at least two`);
  }
  const zones = [...names].sort().map((name) => ({ id: name, zone: { name }, slot: slotOf(name) }));
  const regions = new Set(zones.map(({ id }) => id.slice(0, -1)));
  if (regions.size > 1 || new Set(names).size < names.length) {
    throw new Error(`zones must be different zones of one region; got ${names.join(", ")}`);
  }
  return zones;
}

function slotOf(name: string): number {
  if (!/^[a-z]{2}(-[a-z]+)+-[0-9]+[a-h]$/.test(name)) {
    throw new Error(`zones: "${name}" is not an Availability Zone; write a name such as us-east-1a`);
  }
  return name.charCodeAt(name.length - 1) - "a".charCodeAt(0);
}

/** Prefix length of the smallest block whose public subnets are large enough for a load balancer. */
const SMALLEST_BLOCK = LOAD_BALANCER_SUBNET.prefixMax - PUBLIC_SUBNET_BITS;

function requireVpcBlock(cidrBlock: string): void {
  requireAddressRange("cidrBlock", cidrBlock);
  if (Token.isUnresolved(cidrBlock)) {
    return;
  }
  const [address = "", prefix] = cidrBlock.split("/");
  if (address.includes(":") || Number(prefix) < VPC_PREFIX.min || Number(prefix) > SMALLEST_BLOCK) {
    throw new Error(
      `cidrBlock must be an IPv4 block from /${VPC_PREFIX.min} to /${SMALLEST_BLOCK}, such as 10.0.0.0/16; got ${cidrBlock}`,
    );
  }
}
