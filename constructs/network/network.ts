import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { LOAD_BALANCER_SUBNET, LOAD_BALANCER_ZONES, VPC_PREFIX } from "../../aws/limits";
import { requireWithin } from "../require-within";
import { requireAddressRange } from "./address-range";
import { FlowLogs, type FlowLogsSettings } from "./flow-logs";
import { NetworkZone, PUBLIC_SUBNET_BITS } from "./network-zone";

/** Props of {@link Network}. */
export interface NetworkProps {
  /** Begins the `Name` tags of all that is made, e.g. `chat-prod`. */
  readonly name: string;
  /**
   * IPv4 block of the VPC, from /16 to /21. A VPC can be no larger than /16 (VPC user guide, "VPC CIDR blocks").
   * A load balancer's subnet must be a /27 or larger (ELB user guide, "Subnets for your load balancer"), and a
   * public subnet is a 64th of the block: of a /21, a /27.
   */
  readonly cidrBlock: string;
  /**
   * How many Availability Zones, 2–6, or the names of two or more of one region.
   *
   * A number takes the first zones of the region, by name. Not every GPU type is offered in every zone: name the
   * zones that have yours. Choose at the start: going from a number to names builds all subnets anew.
   * @default 3
   */
  readonly zones?: number | readonly string[];
  /**
   * The private subnets' way out. `per-zone`: a NAT gateway in each zone, so that the loss of a zone takes no
   * other zone's egress. `none`: VPC endpoints only.
   * @default "per-zone"
   */
  readonly nat?: "per-zone" | "none";
  /**
   * Whether the VPC and the public subnets get IPv6 ranges too, as a dual-stack load balancer needs. Instances stay
   * on IPv4.
   * @default false
   */
  readonly dualStack?: boolean;
  /**
   * Keeps flow logs of the VPC in CloudWatch Logs.
   * @default none
   */
  readonly flowLogs?: FlowLogsSettings;
}

/** An Availability Zone to build in. */
interface Zone {
  readonly id: string;
  readonly availabilityZone: string;
  /** Decides the zone's addresses. It follows from the zone alone, so that a change of zones moves no other's subnets. */
  readonly slot: number;
}

/**
 * A VPC for a load balancer and the instances behind it: in each zone a public subnet for the one, and for the others
 * a private subnet with a route table of its own. No subnet gives out public addresses, and the default security
 * group lets nothing through. S3 is reached through a gateway endpoint, which costs nothing and spares the NAT
 * gateways the weights of the models.
 */
export class Network extends Construct {
  /** The VPC. */
  public readonly vpc: Vpc;
  /** Id of the VPC. */
  public readonly vpcId: string;
  /** One subnet a zone, for the load balancer. The ids are known once the route to the internet stands. */
  public readonly publicSubnetIds: string[];
  /** One subnet a zone, for the instances. The ids are known once the routes to S3 and, if any, to the NAT gateways stand. */
  public readonly privateSubnetIds: string[];
  /** One route table a zone, for more routes and gateway endpoints. */
  public readonly privateRouteTableIds: string[];
  /** How many zones there are. */
  public readonly zoneCount: number;

  /**
   * @throws RangeError when the number of zones is not from 2 to 6
   * @throws Error when the block is not IPv4 from /16 to /21, or when the named zones are fewer than two, no
   * Availability Zones, or the same
   */
  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { name, cidrBlock, zones = 3, nat = "per-zone", dualStack = false } = props;
    requireVpcBlock(cidrBlock);

    this.vpc = new Vpc(this, "Resource", {
      cidrBlock,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      assignGeneratedIpv6CidrBlock: dualStack,
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

    const internet = this.routesToInternet(name, dualStack);
    const gatewayEndpointId = this.gatewayEndpointForS3(name).id;
    const subnets = this.chooseZones(zones).map(
      (zone) =>
        new NetworkZone(this, zone.id, {
          vpc: this.vpc,
          availabilityZone: zone.availabilityZone,
          staysInItsZone: typeof zones === "number",
          slot: zone.slot,
          publicRouteTableId: internet.routeTableId,
          routesToInternet: internet.routes,
          gatewayEndpointId,
          nat: nat === "per-zone",
          dualStack,
          name: `${name}-${zone.id}`,
        }),
    );
    this.publicSubnetIds = subnets.map(({ publicSubnetId }) => publicSubnetId);
    this.privateSubnetIds = subnets.map(({ privateSubnetId }) => privateSubnetId);
    this.privateRouteTableIds = subnets.map(({ privateRouteTableId }) => privateRouteTableId);
    this.zoneCount = subnets.length;
  }

  private routesToInternet(name: string, dualStack: boolean) {
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
    ];
    if (dualStack) {
      routes.push(
        new Route(this, "to-internet-ipv6", {
          routeTableId,
          destinationIpv6CidrBlock: "::/0",
          gatewayId: gateway.id,
        }),
      );
    }
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

  private chooseZones(zones: number | readonly string[]): readonly Zone[] {
    return typeof zones === "number" ? this.firstZones(zones) : zonesByName(zones);
  }

  private firstZones(count: number): readonly Zone[] {
    requireWithin("zones", count, LOAD_BALANCER_ZONES);
    const { names } = new DataAwsAvailabilityZones(this, "zones", {
      // Leaves out Local Zones and Wavelength Zones, which an account opts in to.
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      lifecycle: {
        postcondition: [
          {
            // element() would wrap around, and put two shares of the network into one zone.
            condition: `\${length(self.names) >= ${count}}`,
            errorMessage: `The network is to span ${count} Availability Zones, but this region has only \${length(self.names)}: \${join(", ", self.names)}. Ask for no more than that.`,
          },
        ],
      },
    });
    return Array.from({ length: count }, (_, slot) => ({
      id: `zone-${slot + 1}`,
      availabilityZone: Fn.element(names, slot),
      slot,
    }));
  }
}

/** Zones in the order of their names, each in the slot of its letter: `us-east-1a` in 0, `us-east-1h` in 7. */
function zonesByName(names: readonly string[]): readonly Zone[] {
  if (names.length < LOAD_BALANCER_ZONES.min) {
    throw new Error(`zones names ${names.length} zone(s); a load balancer needs two at least`);
  }
  const zones = [...names].sort().map((name) => ({ id: name, availabilityZone: name, slot: slotOf(name) }));
  const regions = new Set(zones.map(({ id }) => id.slice(0, -1)));
  if (regions.size > 1 || new Set(names).size < names.length) {
    throw new Error(`zones must be different zones of one region; got ${names.join(", ")}`);
  }
  return zones;
}

function slotOf(name: string): number {
  if (!/^[a-z]{2}(-[a-z]+)+-[0-9]+[a-h]$/.test(name)) {
    throw new Error(`zones: "${name}" is no Availability Zone; write a name such as us-east-1a`);
  }
  return name.charCodeAt(name.length - 1) - "a".charCodeAt(0);
}

/** Prefix length of the smallest block whose public subnets a load balancer can stand in. */
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
