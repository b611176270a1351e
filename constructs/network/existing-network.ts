import { DataAwsInternetGateway } from "@cdktf/provider-aws/lib/data-aws-internet-gateway";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { type Precondition, TerraformIterator, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { LOAD_BALANCER_ZONES } from "../../aws/limits";
import { requireWithin } from "../require-within";
import { SubnetsWithInternetRoute } from "./subnets-with-internet-route";

/** How subnets are found: by their ids, known before Terraform plans, or by the tags they all carry. */
export type SubnetLookup =
  | { readonly ids: readonly string[] }
  | { readonly tags: { readonly [key: string]: string } };

/** Props of {@link ExistingNetwork}. */
export interface ExistingNetworkProps {
  /** The VPC. */
  readonly vpcId: string;
  /** The load balancer's subnets, one in each zone that has instances, in two zones at least. */
  readonly albSubnets: SubnetLookup;
  /** The instances' subnets. */
  readonly instanceSubnets: SubnetLookup;
  /**
   * How many Availability Zones the instances' subnets lie in, 1–6: what the number of instances was reckoned with.
   * @default the number of the instances' subnets given by id; needed when they are found by tags
   */
  readonly zoneCount?: number;
  /**
   * Whether instances get public addresses, and so belong into subnets with a route to an internet gateway. Otherwise
   * they belong into subnets without one, where they reach out through a NAT gateway or VPC endpoints.
   * @default false
   */
  readonly publicAddresses?: boolean;
  /**
   * Whether an accelerator leads to an internal load balancer here. AWS then wants an internet gateway attached to the
   * VPC, without any route to it (Global Accelerator developer guide, "Secure VPC connections"). Without one Terraform
   * finds none when it plans, and goes no further.
   * @default false
   */
  readonly accelerated?: boolean;
}

/** Subnets of one use, and what Terraform expressions and messages call them. */
interface Subnets {
  readonly ids: string[];
  /** Expression: the list of `aws_subnet` objects. */
  readonly objects: string;
  /** Expression: the zones they lie in, sorted, each once. */
  readonly zones: string;
  /** Begins a sentence. */
  readonly called: string;
}

/**
 * A VPC with subnets that are there. What was made by others is checked before anything is built on it: hand
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
  /** Id of the VPC, once Terraform has found it. */
  public readonly vpcId: string;
  /** The VPC's IPv4 block. */
  public readonly cidrBlock: string;
  /** The load balancer's subnets. */
  public readonly albSubnetIds: string[];
  /** The instances' subnets. */
  public readonly instanceSubnetIds: string[];
  /** How many zones the instances' subnets lie in, as the caller said. */
  public readonly zoneCount: number;
  /**
   * What must hold of the subnets; Terraform looks when it plans. For the `lifecycle.precondition` of whatever is
   * built on them first.
   */
  public readonly preconditions: Precondition[];

  /** Expression: the id of the VPC. */
  private readonly vpcAddress: string;

  /**
   * @throws Error when a lookup names no id or no tag, and when the number of zones is not known
   * @throws RangeError when `zoneCount` is not from 1 to 6
   */
  constructor(scope: Construct, id: string, props: ExistingNetworkProps) {
    super(scope, id);
    this.zoneCount = zoneCountOf(props);
    const vpc = new DataAwsVpc(this, "vpc", { id: props.vpcId });
    this.vpcId = vpc.id;
    this.cidrBlock = vpc.cidrBlock;
    this.vpcAddress = `data.aws_vpc.${vpc.friendlyUniqueId}.id`;
    if (props.accelerated) {
      // The provider's error says nothing of why one is looked for, but names what looks: hence this id.
      new DataAwsInternetGateway(this, "internet-gateway-for-accelerator", {
        filter: [{ name: "attachment.vpc-id", values: [this.vpcId] }],
      });
    }

    const alb = this.lookUp("alb", "The load balancer's subnets", props.albSubnets);
    const instance = this.lookUp("instance", "The instances' subnets", props.instanceSubnets);
    this.albSubnetIds = alb.ids;
    this.instanceSubnetIds = instance.ids;

    this.preconditions = [
      this.liesInVpc("alb", alb),
      this.liesInVpc("instance", instance),
      spansTwoZones(alb),
      this.hasOneSubnetPerZone(alb),
      spansZones(this.zoneCount, instance),
      this.coversZonesOf(instance, alb),
      this.routesOut(instance, props.publicAddresses ?? false),
    ];
  }

  private lookUp(use: "alb" | "instance", called: string, lookup: SubnetLookup): Subnets {
    const ids = "ids" in lookup ? [...lookup.ids].sort() : this.findByTags(use, lookup.tags);
    if ("ids" in lookup && ids.length === 0) {
      throw new Error(`${this.node.path}: ${use}Subnets names no subnet id`);
    }
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
      called: "tags" in lookup ? `${called}, found by ${describeTags(lookup.tags)},` : called,
    };
  }

  private findByTags(use: "alb" | "instance", tags: { readonly [key: string]: string }): string[] {
    if (Object.keys(tags).length === 0) {
      throw new Error(
        `${this.node.path}: ${use}Subnets names no tag, which would find every subnet of the VPC`,
      );
    }
    return new DataAwsSubnets(this, `${use}-subnets`, {
      filter: [{ name: "vpc-id", values: [this.vpcId] }],
      tags: { ...tags },
    }).ids;
  }

  private liesInVpc(use: "alb" | "instance", { called, objects }: Subnets): Precondition {
    const strays = this.local(
      `${use}-strays`,
      `[for subnet in ${objects} : subnet.id if subnet.vpc_id != ${this.vpcAddress}]`,
    );
    return noneOf(
      strays,
      `${called} must lie in \${${this.vpcAddress}}`,
      "these do not",
      "Give subnets of that VPC, or the VPC they lie in.",
    );
  }

  private hasOneSubnetPerZone({ called, objects, zones }: Subnets): Precondition {
    const crowded = this.local(
      "alb-crowded-zones",
      `[for zone in ${zones} : zone if length([for subnet in ${objects} : subnet if subnet.availability_zone == zone]) > 1]`,
    );
    return noneOf(
      crowded,
      `${called} must be one in each Availability Zone, as an Application Load Balancer takes no more`,
      "there are several in",
      "Leave out all but one of a zone.",
    );
  }

  private coversZonesOf(instance: Subnets, alb: Subnets): Precondition {
    const missed = this.local("zones-without-alb", `sort(setsubtract(${instance.zones}, ${alb.zones}))`);
    return noneOf(
      missed,
      `${alb.called} must cover every Availability Zone that has instances, or the instances there get no requests`,
      "none lies in",
      "Add a subnet of the load balancer's there, or leave out that zone's instances.",
    );
  }

  private routesOut({ called, ids, objects }: Subnets, publicAddresses: boolean): Precondition {
    const { address } = new SubnetsWithInternetRoute(this, "internet", { vpcId: this.vpcId, subnetIds: ids });
    return publicAddresses
      ? noneOf(
          this.local("private-instance-subnets", `sort(setsubtract(${objects}[*].id, ${address}))`),
          `${called} must have a default route to an internet gateway, or the instances' public addresses are of no use`,
          "these have none",
          "Give subnets with such a route, or give the instances no public addresses.",
        )
      : noneOf(
          address,
          `${called} must have no default route to an internet gateway, which lets nothing out without a public address`,
          "these have one",
          "Give subnets that lead to a NAT gateway or VPC endpoints, or give the instances public addresses.",
        );
  }

  /** Names an expression, so that plans and other expressions can. */
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

function spansTwoZones({ called, zones }: Subnets): Precondition {
  return {
    condition: `\${length(${zones}) >= ${LOAD_BALANCER_ZONES.min}}`,
    errorMessage: `${called} must lie in two Availability Zones at least, as an Application Load Balancer needs; they lie in: ${written(zones)}. Add a subnet in another zone.`,
  };
}

function spansZones(zoneCount: number, { called, zones }: Subnets): Precondition {
  return {
    condition: `\${length(${zones}) == ${zoneCount}}`,
    errorMessage: `${called} must lie in ${zoneCount} Availability Zone(s), which the number of instances was reckoned with; they lie in \${length(${zones})}: ${written(zones)}. Give subnets in ${zoneCount}, or change the number of zones.`,
  };
}

/** Expression: a list that may be empty, as a person would write it. */
function written(list: string): string {
  return `\${length(${list}) > 0 ? join(", ", ${list}) : "none"}`;
}

function zoneCountOf({ instanceSubnets, zoneCount }: ExistingNetworkProps): number {
  const known = zoneCount ?? ("ids" in instanceSubnets ? new Set(instanceSubnets.ids).size : undefined);
  if (known === undefined) {
    throw new Error(
      "zoneCount is needed with instanceSubnets found by tags, which are counted only when Terraform plans",
    );
  }
  requireWithin("zoneCount", known, { ...LOAD_BALANCER_ZONES, min: 1 });
  return known;
}

function describeTags(tags: { readonly [key: string]: string }): string {
  const pairs = Object.keys(tags)
    .sort()
    .map((key) => `${key}=${tags[key]}`);
  return `the tag${pairs.length > 1 ? "s" : ""} ${pairs.join(" and ")}`;
}
