import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import {
  VpcSecurityGroupIngressRule,
  type VpcSecurityGroupIngressRuleConfig,
} from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { PORT, SECURITY_GROUP_NAME } from "../../aws/limits";
import { prefixOf } from "../name-prefix";
import { requireAddressRange } from "../network/address-range";
import { requireId, requireText, requireWithin } from "../require-within";

/** Props of {@link LoadBalancerSecurityGroup}. */
export interface LoadBalancerSecurityGroupProps {
  /** The prefix of its name: at most 229 characters, not beginning with `sg-`. Terraform adds a unique ending, so that old and new can exist at the same time. */
  readonly namePrefix: string;

  /** Its VPC. */
  readonly vpcId: string;

  /**
   * Tags of the security group and its rules.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * The security group of a load balancer. It starts without rules. Ingress can be allowed from address ranges, prefix
 * lists and security groups, egress to other security groups and, at a single port, to anywhere. Each rule is a resource of its own, so a new one touches no other.
 *
 * Source: ELB user guide, "Security groups for your Application Load Balancer".
 *
 * @example
 * const group = new LoadBalancerSecurityGroup(this, "security-group", { namePrefix: "chat-", vpcId });
 * group.allowFrom("https", ["203.0.113.0/24"], 443);
 * group.allowTo("llama", instancesSecurityGroupId, 8000);
 */
export class LoadBalancerSecurityGroup extends Construct {
  /** Id of the security group. */
  public readonly securityGroupId: string;

  readonly #tags: { readonly [key: string]: string } | undefined;

  /** @throws Error when EC2 would refuse the name prefix */
  constructor(scope: Construct, id: string, props: LoadBalancerSecurityGroupProps) {
    super(scope, id);
    requireText("namePrefix", props.namePrefix, prefixOf(SECURITY_GROUP_NAME));
    requireId("vpcId", props.vpcId, "vpc");
    this.#tags = props.tags;
    this.securityGroupId = new SecurityGroup(this, "Resource", {
      namePrefix: props.namePrefix,
      description: "Application Load Balancer",
      vpcId: props.vpcId,
      tags: props.tags,
      lifecycle: { createBeforeDestroy: true },
    }).id;
  }

  /**
   * Allows clients in the ranges to connect to a port.
   *
   * @param id a name of `[a-z0-9-]` for what listens on the port
   * @param cidrs IPv4 and IPv6 ranges; each becomes a rule whose id is made of `id` and the range
   * @param port 1 to 65535
   * @throws RangeError when the port is out of range
   * @throws Error when a range is a token
   */
  public allowFrom(id: string, cidrs: readonly string[], port: number): void {
    requireWithin("port", port, PORT);
    for (const cidr of new Set(cidrs)) {
      if (Token.isUnresolved(cidr)) {
        throw new Error(
          "an allowed range must be a plain text, not a reference: the id of its rule is made of it",
        );
      }
      requireAddressRange("allowed range", cidr);
      this.ingress(id, cidr, port, isIpv6(cidr) ? { cidrIpv6: cidr } : { cidrIpv4: cidr });
    }
  }

  /**
   * Allows clients in a prefix list to connect to a port. The list counts as many rules as its weight.
   *
   * @param id a name of `[a-z0-9-]` for what listens on the port
   * @param list a name of `[a-z0-9-]` for the clients in the list
   * @param prefixListId id of the prefix list, e.g. of an AWS-managed one
   * @param port 1 to 65535
   * @throws RangeError when the port is out of range
   */
  public allowFromPrefixList(id: string, list: string, prefixListId: string, port: number): void {
    requireWithin("port", port, PORT);
    requireId("prefixListId", prefixListId, "prefixList");
    this.ingress(id, list, port, { prefixListId });
  }

  /**
   * Allows the members of another security group to connect to a port, by their private addresses.
   *
   * @param id a name of `[a-z0-9-]` for what listens on the port
   * @param clients the security group of the clients, in the same VPC or one that is peered with it
   * @param port 1 to 65535
   * @throws RangeError when the port is out of range
   */
  public allowFromSecurityGroup(id: string, clients: string, port: number): void {
    requireWithin("port", port, PORT);
    requireId("clients", clients, "securityGroup");
    this.ingress(id, clients, port, { referencedSecurityGroupId: clients });
  }

  /**
   * Allows the load balancer to connect to a port of the members of another security group.
   *
   * @param id a name of `[a-z0-9-]` for what is behind the port
   * @param securityGroupId the other security group
   * @param port 1 to 65535
   * @returns the egress rule
   * @throws RangeError when the port is out of range
   */
  public allowTo(id: string, securityGroupId: string, port: number): VpcSecurityGroupEgressRule {
    requireWithin("port", port, PORT);
    requireId("securityGroupId", securityGroupId, "securityGroup");
    return new VpcSecurityGroupEgressRule(this, `to-${id}`, {
      securityGroupId: this.securityGroupId,
      referencedSecurityGroupId: securityGroupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: `to ${id}`,
      tags: this.#tags,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /**
   * Allows the load balancer to connect to a port of any IPv4 address. A load balancer asks identity providers over IPv4
   * alone. Source: ELB user guide, "Authenticate users using an Application Load Balancer".
   *
   * @param id a name of `[a-z0-9-]` for what is there
   * @param port 1 to 65535
   * @throws RangeError when the port is out of range
   */
  public allowToAnywhere(id: string, port: number): void {
    requireWithin("port", port, PORT);
    new VpcSecurityGroupEgressRule(this, `to-${id}`, {
      securityGroupId: this.securityGroupId,
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: `to ${id}`,
      tags: this.#tags,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /** @param clients a name for them, of which the id of the rule is made */
  private ingress(
    id: string,
    clients: string,
    port: number,
    source: Pick<
      VpcSecurityGroupIngressRuleConfig,
      "cidrIpv4" | "cidrIpv6" | "prefixListId" | "referencedSecurityGroupId"
    >,
  ): void {
    new VpcSecurityGroupIngressRule(this, `${id}-from-${clients.replace(/[.:/]/g, "-")}`, {
      securityGroupId: this.securityGroupId,
      ...source,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: `${id} from ${clients}`,
      tags: this.#tags,
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

/** Whether a range is an IPv6 range. */
export function isIpv6(cidr: string): boolean {
  return cidr.includes(":");
}
