import { DataAwsInternetGateway } from "@cdktf/provider-aws/lib/data-aws-internet-gateway";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { type Precondition, TerraformIterator, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { LOAD_BALANCER_ZONES } from "../../aws/limits";
import { requireId, requireIds, requireWithin } from "../require-within";
import { SubnetsWithInternetRoute } from "./subnets-with-internet-route";

/** How to find subnets: by their ids, or by tags that they all have. */
export type SubnetLookup =
  | { readonly ids: readonly string[] }
  | { readonly tags: { readonly [key: string]: string } };

/** Props of {@link ExistingNetwork}. */
export interface ExistingNetworkProps {
  /** The VPC. */
  readonly vpcId: string;
  /** The load balancer's subnets: one in each zone that has instances, in at least two zones. */
  readonly albSubnets: SubnetLookup;
  /** The instances' subnets. */
  readonly instanceSubnets: SubnetLookup;
  /**
   * Number of Availability Zones of the instances' subnets, 1–6: the number of instances is based on it.
   * @default the number of the instances' subnets given by id; needed when they are found by tags
   */
  readonly zoneCount?: number;
  /**
   * Whether instances get public addresses. They then need subnets with a route to an internet gateway. Otherwise they
   * need subnets without one, which use a NAT gateway or VPC endpoints.
   * @default false
   */
  readonly publicAddresses?: boolean;
  /**
   * Ids of zones that the load balancer must not be in, such as those that Global Accelerator excludes.
   * @default none
   */
  readonly excludedZoneIds?: readonly string[];
  /**
   * Whether the load balancer is internet-facing. Its subnets then need a default route to an internet gateway, or its
   * answers find no way back to the clients (ELB user guide, "Subnets for your load balancer").
   * @default false
   */
  readonly internetFacing?: boolean;
  /**
   * Whether an internal load balancer here is an endpoint of an accelerator. AWS then requires an internet gateway
   * attached to the VPC, but no route to it (Global Accelerator developer guide, "Secure VPC connections"). Without one
   * `terraform plan` fails.
   * @default false
   */
  readonly accelerated?: boolean;
}

/** Subnets of one use, with their names in Terraform expressions and in messages. */
interface Subnets {
  readonly ids: string[];
  /** Expression: the list of `aws_subnet` objects. */
  readonly objects: string;
  /** Expression: their zones, sorted, each once. */
  readonly zones: string;
  /** The beginning of a sentence about them. */
  readonly subject: string;
}

/**
 * An existing VPC with its subnets. Terraform checks them before it creates anything in them: pass
 * {@link ExistingNetwork.preconditions} to the load balancer's lifecycle.
 *
 * @example
 * const network = new ExistingNetwork(this, "network", {
 *   vpcId: "vpc-0123456789abcdef0",
 *   albSubnets: { tags: { tier: "public" } },
 *   instanceSubnets: { ids: ["subnet-0a", "subnet-0b", "subnet-0c"] },
 * });
 */
export class ExistingNetwork extends Construct {
  /** Id of the VPC, as a reference to the data source. */
  public readonly vpcId: string;
  /** The VPC's IPv4 block. */
  public readonly cidrBlock: string;
  /** The load balancer's subnets. */
  public readonly albSubnetIds: string[];
  /** The instances' subnets. */
  public readonly instanceSubnetIds: string[];
  /** The Availability Zones of the load balancer's subnets. */
  public readonly albZones: string[];
  /** Terraform expression: the ids of the zones of the instances' subnets, each once. */
  public readonly instanceZoneIds: string;
  /**
   * Terraform expression: the instances' subnets, each with `id`, `availability_zone` and `availability_zone_id`, for
   * `SubnetsInZones`.
   */
  public readonly instanceSubnets: string;
  /** Number of zones of the instances' subnets, as given by the props. */
  public readonly zoneCount: number;
  /**
   * Conditions on the subnets, which Terraform checks during plan. For the `lifecycle.precondition` of the first
   * resource in them.
   */
  public readonly preconditions: Precondition[];

  /** Expression: the id of the VPC. */
  private readonly vpcAddress: string;
  private readonly publicOnes: SubnetsWithInternetRoute;

  /**
   * @throws Error when a lookup names no id or no tag, or `zoneCount` is missing with tags
   * @throws RangeError when `zoneCount` is not from 1 to 6
   */
  constructor(scope: Construct, id: string, props: ExistingNetworkProps) {
    super(scope, id);
    requireId("vpcId", props.vpcId, "vpc");
    this.zoneCount = zoneCountOf(props);
    const vpc = new DataAwsVpc(this, "vpc", { id: props.vpcId });
    this.vpcId = vpc.id;
    this.cidrBlock = vpc.cidrBlock;
    this.vpcAddress = `data.aws_vpc.${vpc.friendlyUniqueId}.id`;
    if (props.accelerated) {
      // The provider's error does not explain why it needs a gateway, but it shows this id.
      new DataAwsInternetGateway(this, "internet-gateway-for-accelerator", {
        filter: [{ name: "attachment.vpc-id", values: [this.vpcId] }],
      });
    }

    const alb = this.lookUp("alb", "The load balancer's subnets", props.albSubnets);
    const instance = this.lookUp("instance", "The instances' subnets", props.instanceSubnets);
    this.albSubnetIds = alb.ids;
    this.instanceSubnetIds = instance.ids;
    this.albZones = Token.asList(`\${${alb.zones}}`);

    this.instanceSubnets = instance.objects;
    this.instanceZoneIds = this.local(
      "instance-zone-ids",
      `sort(distinct(${instance.objects}[*].availability_zone_id))`,
    );
    const excluded = props.excludedZoneIds ?? [];
    this.publicOnes = new SubnetsWithInternetRoute(this, "internet", { vpcId: this.vpcId });
    this.preconditions = [
      this.liesInVpc("alb", alb),
      this.liesInVpc("instance", instance),
      spansTwoZones(alb),
      this.hasOneSubnetPerZone(alb),
      spansZones(this.zoneCount, instance),
      this.coversZonesOf(instance, alb),
      this.routesOut(instance, props.publicAddresses ?? false),
      ...(excluded.length > 0 ? [this.avoidsZones(alb, excluded)] : []),
      ...(props.internetFacing ? [this.routesToInternet(alb)] : []),
    ];
  }

  private lookUp(use: "alb" | "instance", subject: string, lookup: SubnetLookup): Subnets {
    const ids = "ids" in lookup ? [...lookup.ids].sort() : this.findByTags(use, lookup.tags);
    if ("ids" in lookup && ids.length === 0) {
      throw new Error(`${this.node.path}: ${use}Subnets names no subnet id`);
    }
    requireIds(`${use}Subnets.ids`, ids, "subnet");
    const each = TerraformIterator.fromList(ids);
    const subnet = new DataAwsSubnet(this, `${use}-subnet`, {
      forEach: each,
      id: Token.asString(each.value),
    });
    const objects = `values(data.aws_subnet.${subnet.friendlyUniqueId})`;
    return {
      ids,
      objects,
      zones: this.local(`${use}-zones`, `sort(distinct(${objects}[*].availability_zone))`),
      subject: "tags" in lookup ? `${subject}, found by ${describeTags(lookup.tags)},` : subject,
    };
  }

  private findByTags(use: "alb" | "instance", tags: { readonly [key: string]: string }): string[] {
    if (Object.keys(tags).length === 0) {
      throw new Error(
        `${this.node.path}: ${use}Subnets names no tag; without one it would find every subnet of the VPC`,
      );
    }
    return new DataAwsSubnets(this, `${use}-subnets`, {
      filter: [{ name: "vpc-id", values: [this.vpcId] }],
      tags: { ...tags },
    }).ids;
  }

  private liesInVpc(use: "alb" | "instance", { subject, objects }: Subnets): Precondition {
    const strays = this.local(
      `${use}-strays`,
      `[for subnet in ${objects} : subnet.id if subnet.vpc_id != ${this.vpcAddress}]`,
    );
    return noneOf(
      strays,
      `${subject} must be in \${${this.vpcAddress}}`,
      "these are not",
      "Give subnets of that VPC, or give their VPC.",
    );
  }

  private hasOneSubnetPerZone({ subject, objects, zones }: Subnets): Precondition {
    const crowded = this.local(
      "alb-crowded-zones",
      `[for zone in ${zones} : zone if length([for subnet in ${objects} : subnet if subnet.availability_zone == zone]) > 1]`,
    );
    return noneOf(
      crowded,
      `${subject} must be in different Availability Zones, because an Application Load Balancer accepts one subnet in each zone`,
      "there are several in",
      "Give only one subnet in each zone.",
    );
  }

  private coversZonesOf(instance: Subnets, alb: Subnets): Precondition {
    const missed = this.local("zones-without-alb", `sort(setsubtract(${instance.zones}, ${alb.zones}))`);
    return noneOf(
      missed,
      `${alb.subject} must cover every Availability Zone that has instances, or the instances there get no requests`,
      "there is none in",
      "Add a subnet for the load balancer in that zone, or leave out its subnets for instances.",
    );
  }

  private routesOut({ subject, ids, objects }: Subnets, publicAddresses: boolean): Precondition {
    const address = this.publicOnes.among("instance", ids);
    return publicAddresses
      ? noneOf(
          this.local("private-instance-subnets", `sort(setsubtract(${objects}[*].id, ${address}))`),
          `${subject} must have a default route to an internet gateway, or the instances' public addresses are of no use`,
          "these have none",
          "Give subnets with such a route, or give the instances no public addresses.",
        )
      : noneOf(
          address,
          `${subject} must have no default route to an internet gateway, because instances without a public address cannot use it`,
          "these have one",
          "Give subnets with a route to a NAT gateway or with VPC endpoints, or give the instances public addresses.",
        );
  }

  private avoidsZones({ subject, objects }: Subnets, excluded: readonly string[]): Precondition {
    return noneOf(
      this.local(
        "alb-excluded-zones",
        `sort(setintersection(${objects}[*].availability_zone_id, ${JSON.stringify(excluded)}))`,
      ),
      `${subject} must be in zones where AWS has all that they need`,
      "these are in others",
      "Give subnets in other zones.",
    );
  }

  private routesToInternet({ subject, ids, objects }: Subnets): Precondition {
    const address = this.publicOnes.among("alb", ids);
    return noneOf(
      this.local("private-alb-subnets", `sort(setsubtract(${objects}[*].id, ${address}))`),
      `${subject} must have a default route to an internet gateway, because it is internet-facing`,
      "these have none",
      "Give subnets with such a route, or make the load balancer internal.",
    );
  }

  /** Gives an expression a name, for plans and other expressions. */
  private local(id: string, expression: string): string {
    return `local.${new TerraformLocal(this, id, `\${${expression}}`).friendlyUniqueId}`;
  }
}

function noneOf(offenders: string, rule: string, finding: string, remedy: string): Precondition {
  return {
    condition: `\${length(${offenders}) == 0}`,
    errorMessage: `${rule}; ${finding}: \${join(", ", ${offenders})}. ${remedy}`,
  };
}

function spansTwoZones({ subject, zones }: Subnets): Precondition {
  return {
    condition: `\${length(${zones}) >= ${LOAD_BALANCER_ZONES.min}}`,
    errorMessage: `${subject} must be in at least two Availability Zones, because an Application Load Balancer requires two; they are in: ${listOf(zones)}. Add a subnet in another zone.`,
  };
}

function spansZones(zoneCount: number, { subject, zones }: Subnets): Precondition {
  return {
    condition: `\${length(${zones}) == ${zoneCount}}`,
    errorMessage: `${subject} must be in ${zoneCount} Availability Zone(s), because the number of instances is based on that; they are in \${length(${zones})}: ${listOf(zones)}. Give subnets in ${zoneCount}, or change the number of zones.`,
  };
}

/** Expression: the items of a list, separated by commas, or "none". */
function listOf(list: string): string {
  return `\${length(${list}) > 0 ? join(", ", ${list}) : "none"}`;
}

function zoneCountOf({ instanceSubnets, zoneCount }: ExistingNetworkProps): number {
  const count = zoneCount ?? ("ids" in instanceSubnets ? new Set(instanceSubnets.ids).size : undefined);
  if (count === undefined) {
    throw new Error(
      "zoneCount is needed with instanceSubnets found by tags, because only Terraform can count those",
    );
  }
  requireWithin("zoneCount", count, { ...LOAD_BALANCER_ZONES, min: 1 });
  return count;
}

function describeTags(tags: { readonly [key: string]: string }): string {
  const pairs = Object.keys(tags)
    .sort()
    .map((key) => `${key}=${tags[key]}`);
  return `the tag${pairs.length > 1 ? "s" : ""} ${pairs.join(" and ")}`;
}
