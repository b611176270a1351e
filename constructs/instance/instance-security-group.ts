import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable, Precondition } from "cdktf";
import { Construct } from "constructs";
import { PORT, SECURITY_GROUP_NAME } from "../../aws/limits";
import { prefixOf } from "../name-prefix";
import { requireAddressRange } from "../network/address-range";
import { requireId, requireText, requireWithin } from "../require-within";

/** A destination of connections from an instance. */
export type EgressDestination =
  | { readonly cidr: string }
  | { readonly prefixListId: string }
  | { readonly securityGroupId: string };

/** One egress rule of an instance: TCP, to one destination, on one port. */
export interface InstanceEgress {
  /**
   * A name for the destination, of letters, digits and hyphens, e.g. `internet`, `s3`, `proxy`. It is part of the
   * rule's address in Terraform, so changes of other rules do not replace this one.
   */
  readonly name: string;

  /** An IPv4 or IPv6 block, a prefix list (such as the one of S3), or another security group. */
  readonly to: EgressDestination;

  /**
   * TCP port, 1 to 65535.
   *
   * @default 443
   */
  readonly port?: number;
}

/** Props of {@link InstanceSecurityGroup}. */
export interface InstanceSecurityGroupProps {
  /**
   * The prefix of the group's name: at most 229 characters, not beginning with `sg-`. Terraform adds a unique ending.
   */
  readonly namePrefix: string;

  /** The VPC of the instances. */
  readonly vpcId: string;

  /** The security group of the load balancer: the only one that may open connections to the instances. */
  readonly loadBalancerSecurityGroupId: string;

  /**
   * TCP ports of the instances that the load balancer connects to: the server's, and the health check's if it differs.
   * 1 to 65535; repeated ports count once.
   */
  readonly ports: readonly number[];

  /**
   * The destinations that the instances may connect to. To keep them off the internet, give the prefix list of S3, the
   * security group of the VPC endpoints and so on. An empty list allows no connection.
   *
   * The default is HTTPS to anywhere: images, weights, Secrets Manager, Auto Scaling and the packages of Amazon Linux
   * 2023 all use port 443, so port 80 stays closed. The Amazon DNS server, the Amazon Time Sync Service and the
   * instance metadata service need no rule: security groups do not filter traffic to them (VPC user guide, "Control
   * traffic to your AWS resources using security groups").
   *
   * @default HTTPS to any IPv4 address
   */
  readonly egress?: readonly InstanceEgress[];

  /**
   * Conditions that Terraform checks before it changes the group, e.g. that it has room for prefix lists.
   *
   * @default none
   */
  readonly preconditions?: readonly Precondition[];

  /**
   * Tags of the group and its rules.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

const HTTPS = 443;
const HTTPS_TO_ANYWHERE: InstanceEgress = { name: "internet", to: { cidr: "0.0.0.0/0" } };

/**
 * The security group of the instances of a model. It allows ingress from the load balancer on the given ports, egress
 * to the given destinations, and nothing else.
 *
 * Each rule is a resource of its own, so that a change of one does not touch the others. The ingress rules refer to the
 * security group of the load balancer, so that its addresses may change.
 *
 * @example
 * const group = new InstanceSecurityGroup(this, "instances", {
 *   namePrefix: "chat-llama-3-",
 *   vpcId: network.vpcId,
 *   loadBalancerSecurityGroupId: alb.securityGroupId,
 *   ports: [8000],
 * });
 */
export class InstanceSecurityGroup extends Construct {
  /** The security group. */
  public readonly securityGroup: SecurityGroup;
  /** Id of the security group. */
  public readonly securityGroupId: string;
  /** The rules. They must exist before the first instance starts: pass them to the group as its `dependsOn`. */
  public readonly rules: readonly ITerraformDependable[];

  /**
   * @throws Error when there is no port, EC2 would refuse the name prefix, or a name in `egress` has other characters
   *   or is used twice
   * @throws RangeError when a port is not a whole number from 1 to 65535
   */
  constructor(scope: Construct, id: string, props: InstanceSecurityGroupProps) {
    super(scope, id);
    const { namePrefix, ports, egress = [HTTPS_TO_ANYWHERE], preconditions, tags } = props;
    requireText("namePrefix", namePrefix, prefixOf(SECURITY_GROUP_NAME));
    requireId("vpcId", props.vpcId, "vpc");
    requireId("loadBalancerSecurityGroupId", props.loadBalancerSecurityGroupId, "securityGroup");
    requireSomePort(ports);
    requireDistinctNames(egress);

    this.securityGroup = new SecurityGroup(this, "Resource", {
      namePrefix,
      description: "GPU instances that serve models behind the load balancer",
      vpcId: props.vpcId,
      tags,
      lifecycle: { createBeforeDestroy: true, precondition: preconditions && [...preconditions] },
    });
    this.securityGroupId = this.securityGroup.id;

    this.rules = [
      ...[...new Set(ports)].map((port) => this.allowFrom(port, props.loadBalancerSecurityGroupId, tags)),
      ...egress.map((rule) => this.allowTo(rule, tags)),
    ];
  }

  private allowFrom(port: number, fromSecurityGroupId: string, tags: InstanceSecurityGroupProps["tags"]) {
    requireWithin("ports", port, PORT);
    return new VpcSecurityGroupIngressRule(this, `from-alb-${port}`, {
      securityGroupId: this.securityGroupId,
      description: `Port ${port} from the load balancer`,
      ...tcp(port),
      referencedSecurityGroupId: fromSecurityGroupId,
      tags,
    });
  }

  private allowTo({ name, to, port = HTTPS }: InstanceEgress, tags: InstanceSecurityGroupProps["tags"]) {
    requireWithin(`port of egress "${name}"`, port, PORT);
    return new VpcSecurityGroupEgressRule(this, `to-${name}`, {
      securityGroupId: this.securityGroupId,
      description: `Port ${port} to ${name}`,
      ...tcp(port),
      ...destination(to),
      tags,
    });
  }
}

function tcp(port: number) {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}

function destination(to: EgressDestination) {
  if ("prefixListId" in to) {
    requireId("prefixListId of egress", to.prefixListId, "prefixList");
    return { prefixListId: to.prefixListId };
  }
  if ("securityGroupId" in to) {
    requireId("securityGroupId of egress", to.securityGroupId, "securityGroup");
    return { referencedSecurityGroupId: to.securityGroupId };
  }
  requireAddressRange("cidr of egress", to.cidr);
  return to.cidr.includes(":") ? { cidrIpv6: to.cidr } : { cidrIpv4: to.cidr };
}

function requireSomePort(ports: readonly number[]): void {
  if (ports.length === 0) {
    throw new Error("ports must name at least the port the server listens on");
  }
}

function requireDistinctNames(egress: readonly InstanceEgress[]): void {
  const names = new Set<string>();
  for (const { name } of egress) {
    if (!/^[A-Za-z0-9-]+$/.test(name)) {
      throw new Error(`the name of egress "${name}" may hold only letters, digits and hyphens`);
    }
    if (names.has(name)) {
      throw new Error(`two rules in egress are called "${name}"; names must differ`);
    }
    names.add(name);
  }
}
