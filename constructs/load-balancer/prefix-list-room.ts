import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list";
import { type Precondition, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { RULES_PER_SECURITY_GROUP } from "../../aws/limits";
import { PREFIX_LIST_WEIGHTS } from "../../aws/prefix-lists";
import { requireIds, requireWithin } from "../require-within";

/** Rules of a security group that are taken, by the family of their addresses, which AWS counts apart. */
export interface RulesTaken {
  readonly ipv4: number;
  readonly ipv6: number;
}

/** Props of {@link PrefixListRoom}. */
export interface PrefixListRoomProps {
  /** Whose security group it is. It is part of the message. */
  readonly whose: "load balancer" | "instances";
  /** Ids of the prefix lists. One that has rules at several ports of its own is repeated. */
  readonly prefixListIds: readonly string[];
  /** How many ports each of them is allowed at, from 1. */
  readonly ports: number;
  /** Rules in the same direction that the security group has besides. */
  readonly besides: RulesTaken;
}

/**
 * Asks AWS, when Terraform plans, whether a security group has room for some prefix lists. A rule for one counts as many
 * rules: as the maximum number of entries of the list, whatever is in it, or as the weight that AWS gives to its own.
 *
 * Source: VPC user guide, "Prefix lists concepts and rules" and "AWS-managed prefix list weight".
 */
export class PrefixListRoom extends Construct {
  /** What Terraform checks: room for IPv4, and room for IPv6. */
  public readonly preconditions: readonly Precondition[];

  /**
   * @throws Error when EC2 gives no prefix list such an id
   * @throws RangeError when a number is out of its range
   */
  constructor(scope: Construct, id: string, { whose, prefixListIds, ports, besides }: PrefixListRoomProps) {
    super(scope, id);
    requireIds("prefixListIds", prefixListIds, "prefixList");
    requireWithin("ports", ports, { min: 1 });
    const addresses = new Map(
      [...new Set(prefixListIds)].map((list) => [
        list,
        `data.aws_ec2_managed_prefix_list.${new DataAwsEc2ManagedPrefixList(this, list, { id: list }).friendlyUniqueId}`,
      ]),
    );
    const lists = prefixListIds.map((list) => addresses.get(list));
    const weights = new TerraformLocal(this, "weights", { ...PREFIX_LIST_WEIGHTS.rules });
    const weight = `list.owner_id == "AWS" ? lookup(local.${weights.friendlyUniqueId}, list.name, length(list.entries)) : list.max_entries`;
    const { max } = RULES_PER_SECURITY_GROUP;
    this.preconditions = [
      { family: "IPv4", taken: besides.ipv4 },
      { family: "IPv6", taken: besides.ipv6 },
    ].map(({ family, taken }) => {
      const each = `[for list in [${lists.join(", ")}] : ${weight} if list.address_family == "${family}"]`;
      const all = `${taken} + ${ports} * sum(concat([0], ${each}))`;
      return {
        condition: `\${${all} <= ${max}}`,
        errorMessage: `The prefix lists, at ${ports} port(s) each, and ${taken} other rule(s) for ${family} take \${${all}} rules of the security group of the ${whose}, which has ${max}. Allow smaller lists (their maximum number of entries counts), or fewer.`,
      };
    });
  }
}
