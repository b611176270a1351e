import { type Precondition, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";

/** Props of {@link SubnetsInZones}. */
export interface SubnetsInZonesProps {
  /**
   * Terraform expression: the subnets to choose from, such as `network.privateSubnets` or
   * `existingNetwork.instanceSubnets`.
   */
  readonly subnets: string;

  /** The zones, by names or ids. One at least. */
  readonly zones: readonly string[];

  /** What lies in these zones, to begin a sentence with, such as `Capacity Block cr-0123456789abcdef0`. */
  readonly subject: string;
}

/**
 * The subnets that lie in given zones, for a group whose instances can be launched there only. Terraform finds them when it
 * plans: the letter in the name of a zone means another zone in another account.
 *
 * Source: EC2 API reference, DescribeAvailabilityZones; EC2 user guide, "Launch instances using Capacity Blocks" (no subnet of
 * another zone).
 *
 * @example
 * const placed = new SubnetsInZones(this, "zone-of-block", {
 *   subnets: network.privateSubnets,
 *   zones: ["use1-az4"],
 *   subject: "Capacity Block cr-0123456789abcdef0",
 * });
 */
export class SubnetsInZones extends Construct {
  /** Ids of the subnets. */
  public readonly subnetIds: string[];
  /** Refuses a plan in which one of the zones has no subnet. For the `lifecycle.precondition` of the group. */
  public readonly precondition: Precondition;

  /** @throws Error when no zone is given */
  constructor(scope: Construct, id: string, { subnets, zones, subject }: SubnetsInZonesProps) {
    super(scope, id);
    if (zones.length === 0) {
      throw new Error("zones must name at least one zone");
    }
    const wanted = JSON.stringify([...new Set(zones)].sort());
    const there = `concat(${subnets}[*].availability_zone, ${subnets}[*].availability_zone_id)`;
    const found = this.local(
      "found",
      `[for subnet in ${subnets} : subnet.id if contains(${wanted}, subnet.availability_zone) || contains(${wanted}, subnet.availability_zone_id)]`,
    );
    const missing = this.local("missing", `setsubtract(${wanted}, ${there})`);
    this.subnetIds = Token.asList(`\${${found}}`);
    this.precondition = {
      condition: `\${length(${missing}) == 0}`,
      errorMessage: `${subject}: no subnet of the instances is in \${join(", ", sort(${missing}))}; they are in \${join(", ", sort(distinct(${there})))}. Use a network with a subnet there, or leave out what is reserved there.`,
    };
  }

  /** Gives an expression a name, for plans and other expressions. */
  private local(id: string, expression: string): string {
    return `local.${new TerraformLocal(this, id, `\${${expression}}`).friendlyUniqueId}`;
  }
}
