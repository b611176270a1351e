import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { PORT } from "../../aws/limits";
import { requireWithin } from "../require-within";

/** Props of {@link LoadBalancerSecurityGroup}. */
export interface LoadBalancerSecurityGroupProps {
  /** What its name begins with; Terraform adds a unique ending, so that a new one can stand beside the old. */
  readonly namePrefix: string;

  /** The network it belongs to. */
  readonly vpcId: string;

  /**
   * Tags of the security group and its rules.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * The security group of a load balancer. It starts closed in both directions: ingress is opened to ranges,
 * egress only to other security groups. Each rule is a resource of its own, so adding one touches no other.
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

  constructor(scope: Construct, id: string, props: LoadBalancerSecurityGroupProps) {
    super(scope, id);
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
   * Lets clients in the ranges connect to a port.
   *
   * @param id what listens at the port, in words of `[a-z0-9-]`
   * @param cidrs IPv4 and IPv6 ranges; each becomes a rule whose id is made of `id` and the range
   * @param port 1 to 65535
   * @throws RangeError when the port is none
   * @throws Error when a range is known only to Terraform
   */
  public allowFrom(id: string, cidrs: readonly string[], port: number): void {
    requireWithin("port", port, PORT);
    for (const cidr of new Set(cidrs)) {
      if (Token.isUnresolved(cidr)) {
        throw new Error("an allowed range must be known at synthesis: the id of its rule is made of it");
      }
      new VpcSecurityGroupIngressRule(this, `${id}-from-${cidr.replace(/[^0-9a-z]/gi, "-")}`, {
        securityGroupId: this.securityGroupId,
        ...(isIpv6(cidr) ? { cidrIpv6: cidr } : { cidrIpv4: cidr }),
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description: `${id} from ${cidr}`,
        tags: this.#tags,
        lifecycle: { createBeforeDestroy: true },
      });
    }
  }

  /**
   * Lets clients in a prefix list connect to a port. The list counts as many rules as its weight is.
   *
   * @param id what listens at the port, in words of `[a-z0-9-]`
   * @param list who is in the list, in such words
   * @param prefixListId e.g. that of an AWS-managed prefix list
   * @param port 1 to 65535
   * @throws RangeError when the port is none
   */
  public allowFromPrefixList(id: string, list: string, prefixListId: string, port: number): void {
    requireWithin("port", port, PORT);
    new VpcSecurityGroupIngressRule(this, `${id}-from-${list}`, {
      securityGroupId: this.securityGroupId,
      prefixListId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: `${id} from ${list}`,
      tags: this.#tags,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /**
   * Lets the load balancer connect to a port of the members of another security group.
   *
   * @param id what is behind the port, in words of `[a-z0-9-]`
   * @param securityGroupId the other security group
   * @param port 1 to 65535
   * @returns the egress rule
   * @throws RangeError when the port is none
   */
  public allowTo(id: string, securityGroupId: string, port: number): VpcSecurityGroupEgressRule {
    requireWithin("port", port, PORT);
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
}

/** Whether a range is one of IPv6 addresses. */
export function isIpv6(cidr: string): boolean {
  return cidr.includes(":");
}
