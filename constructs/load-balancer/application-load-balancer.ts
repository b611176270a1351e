import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener, type LbListenerConfig } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import type { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { type ITerraformDependable, type Precondition, Token } from "cdktf";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import {
  CLIENT_KEEP_ALIVE,
  DESYNC_MITIGATIONS,
  type DesyncMitigation,
  IDLE_TIMEOUT,
  LOAD_BALANCER_CAPACITY_UNITS,
  LOAD_BALANCER_NAME,
  LOAD_BALANCER_ZONES,
} from "../../aws/limits";
import { allowsOldTls, DEFAULT_TLS_POLICY, tlsPolicy } from "../../aws/tls-policies";
import { requireAddressRange } from "../network/address-range";
import { requireArn, requireId, requireIds, requireText, requireWithin } from "../require-within";
import { requireBucketName } from "../storage/bucket-name";
import { type LogDestination, requireLogPrefix } from "../storage/log-destination";
import { actionsFor, type CallerAuthentication } from "./caller-authentication";
import { type ListenerDefaultAction, listenerDefaultAction } from "./listener-default-action";
import { isIpv6, LoadBalancerSecurityGroup } from "./load-balancer-security-group";

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** TLS on port 443. */
export interface HttpsListener {
  readonly protocol: "HTTPS";

  /** ARN of an ACM certificate of the same region, preferably of a `DnsValidatedCertificate`. */
  readonly certificateArn: string;

  /**
   * The security policy, which sets the TLS versions and ciphers.
   *
   * @default the policy AWS recommends, see `DEFAULT_TLS_POLICY`; the API's own default is from 2016
   */
  readonly sslPolicy?: string;

  /**
   * Whether port 80 is open too and answers with a permanent redirect to HTTPS.
   *
   * @default true
   */
  readonly redirectHttp?: boolean;

  /**
   * ARN of the trust store whose authorities a client's certificate has to come from. Nobody without one gets through the
   * handshake, health checks of Route 53 among them.
   *
   * @default clients need no certificate
   */
  readonly trustStoreArn?: string;
}

/** HTTP without TLS: for a load balancer inside a network, or before there is a domain. */
export interface HttpListener {
  readonly protocol: "HTTP";

  /**
   * The port it listens on, 1 to 65535.
   *
   * @default 80
   */
  readonly port?: number;
}

/** Props of {@link ApplicationLoadBalancer}. */
export interface ApplicationLoadBalancerProps {
  /**
   * Name, unique among the load balancers of the account in the region: at most 32 letters, digits and inner hyphens.
   * A change of `scheme` replaces the load balancer. The new one is created before the old one is deleted, so the name
   * should change too.
   */
  readonly name: string;

  /** The VPC of its security group. */
  readonly vpcId: string;

  /** One subnet in each of at least two zones; public subnets for an internet-facing load balancer. */
  readonly subnetIds: readonly string[];

  /** Whether its addresses are public or private. */
  readonly scheme: "internet-facing" | "internal";

  /**
   * Whether clients may connect over IPv6 too. The subnets then need IPv6 ranges.
   *
   * @default "ipv4"
   */
  readonly ipAddressType?: "ipv4" | "dualstack";

  /**
   * The address ranges of allowed clients, as IPv4 ranges and, with `dualstack`, IPv6 ranges. Each becomes one ingress
   * rule per open port. The id of the rule is made of the range, so the order does not matter. An empty list allows
   * nobody.
   */
  readonly allowedCidrs: readonly string[];

  /**
   * Ids of prefix lists whose addresses are allowed too, each once. A list counts as many rules: see `PrefixListRoom`.
   *
   * @default none
   */
  readonly allowedPrefixListIds?: readonly string[];

  /**
   * Ids of security groups whose members are allowed too, by their private addresses, each once. They are in the same VPC
   * or in one that is peered with it.
   *
   * @default none
   */
  readonly allowedSecurityGroupIds?: readonly string[];

  /** The protocol for clients. */
  readonly listener: HttpsListener | HttpListener;

  /** What happens to a request that no rule matches. */
  readonly defaultAction: ListenerDefaultAction;

  /**
   * Who may have that happen, where the default action forwards. It needs a listener for HTTPS. A rule has its own.
   *
   * @default everybody who may connect
   */
  readonly authentication?: CallerAuthentication;

  /**
   * Seconds a connection may be idle before it is closed, 1 to 4000. It must be longer than the longest wait for the
   * first or next byte (else clients get 504), and shorter than the keep-alive of the servers behind it (else clients
   * get 502 at random).
   *
   * @default 60
   */
  readonly idleTimeout?: number;

  /**
   * Seconds after which a client's connection is closed, 60 to 604800.
   *
   * @default 3600
   */
  readonly clientKeepAlive?: number;

  /**
   * Whether Amazon Application Recovery Controller may shift traffic away from an impaired zone.
   *
   * @default true; the provider's own default is false
   */
  readonly enableZonalShift?: boolean;

  /**
   * Whether the load balancer refuses to be deleted.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;

  /**
   * Whether headers with invalid names are removed.
   *
   * @default true
   */
  readonly dropInvalidHeaders?: boolean;

  /**
   * How to handle requests that two servers might read differently (HTTP desync).
   *
   * @default "defensive"
   */
  readonly desyncMitigation?: DesyncMitigation;

  /**
   * Destination of the log of requests.
   *
   * @default no such log
   */
  readonly accessLogs?: LogDestination;

  /**
   * Destination of the log of TLS and TCP connections.
   *
   * @default no such log
   */
  readonly connectionLogs?: LogDestination;

  /**
   * Destination of the log of health checks.
   *
   * @default no such log
   */
  readonly healthCheckLogs?: LogDestination;

  /**
   * Reserved load balancer capacity units for a sharp rise of traffic, 100 to 15000. The regional quota is 0 until AWS
   * raises it, and the reservation costs money while it exists.
   *
   * @default none: the capacity grows with the load, over minutes
   */
  readonly reservedCapacityUnits?: number;

  /**
   * Conditions that Terraform checks before it changes the load balancer, e.g. that the subnets are in two zones.
   *
   * @default none
   */
  readonly preconditions?: readonly Precondition[];

  /**
   * What must exist before the load balancer. With logs: the policy of the bucket.
   *
   * @default none
   */
  readonly dependsOn?: readonly ITerraformDependable[];

  /**
   * Tags of the load balancer, its listeners, its security group and the rules of the group.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * An Application Load Balancer with its listener and its security group. Ingress is allowed from what `allowed…` names
 * only, and egress only to what {@link ApplicationLoadBalancer.allowTo} names.
 *
 * Source: ELB user guide, "Application Load Balancers".
 *
 * @example
 * const alb = new ApplicationLoadBalancer(this, "alb", {
 *   name: "chat",
 *   vpcId: network.vpcId,
 *   subnetIds: network.publicSubnetIds,
 *   scheme: "internet-facing",
 *   allowedCidrs: ["203.0.113.0/24"],
 *   listener: { protocol: "HTTPS", certificateArn: certificate.certificateArn },
 *   defaultAction: { notFound: {} },
 *   idleTimeout: 300,
 * });
 * alb.allowTo("llama", instances.securityGroupId, 8000);
 */
export class ApplicationLoadBalancer extends Construct {
  /** The load balancer. */
  public readonly lb: Lb;
  /** The listener for the rules: the one for HTTPS, or the one for HTTP if there is no other. */
  public readonly listener: LbListener;
  /** Id of its security group, which targets allow. */
  public readonly securityGroupId: string;
  /** The ARN. */
  public readonly arn: string;
  /** The end of the ARN, for CloudWatch and Auto Scaling: `app/<name>/<id>`. */
  public readonly arnSuffix: string;
  /** The DNS name that AWS assigns. */
  public readonly dnsName: string;
  /** The hosted zone of that DNS name, for an alias record. */
  public readonly zoneId: string;

  readonly #securityGroup: LoadBalancerSecurityGroup;
  readonly #listens: { readonly id: "https" | "http"; readonly port: number };

  /**
   * @throws RangeError when a number is out of its range
   * @throws Error when AWS would refuse the name, a log prefix, an allowed range or the default action, or there are
   *   fewer than two subnets
   */
  constructor(scope: Construct, id: string, props: ApplicationLoadBalancerProps) {
    super(scope, id);
    requireValidSettings(props);

    this.#securityGroup = new LoadBalancerSecurityGroup(this, "security-group", {
      namePrefix: `${props.name}-`,
      vpcId: props.vpcId,
      tags: props.tags,
    });
    this.securityGroupId = this.#securityGroup.securityGroupId;

    this.lb = this.loadBalancer(props);
    this.arn = this.lb.arn;
    this.arnSuffix = this.lb.arnSuffix;
    this.dnsName = this.lb.dnsName;
    this.zoneId = this.lb.zoneId;

    this.#listens =
      props.listener.protocol === "HTTPS"
        ? { id: "https", port: HTTPS_PORT }
        : { id: "http", port: props.listener.port ?? HTTP_PORT };
    this.listener =
      props.listener.protocol === "HTTPS"
        ? this.https(props, props.listener)
        : this.http(props, props.listener);
  }

  /**
   * Allows the load balancer to open connections to a port of the instances. Requests and health checks need it. Call
   * it for the health-check port and the target control port too, if they differ.
   *
   * @param id a name of `[a-z0-9-]` for what is behind the port; part of the address in the Terraform state
   * @param securityGroupId the security group of the instances
   * @param port 1 to 65535
   * @returns the egress rule
   * @throws RangeError when the port is out of range
   */
  public allowTo(id: string, securityGroupId: string, port: number): VpcSecurityGroupEgressRule {
    return this.#securityGroup.allowTo(id, securityGroupId, port);
  }

  /**
   * Allows the load balancer to reach an identity provider, whose addresses nobody knows beforehand: HTTPS to anywhere.
   * `authentication` needs it, here and at rules.
   */
  public allowToIdentityProvider(): void {
    this.#securityGroup.allowToAnywhere("identity-provider", HTTPS_PORT);
  }

  /**
   * Allows the clients of a prefix list to connect to the listener for the rules.
   *
   * @param list a name of `[a-z0-9-]` for the clients in the list; part of the address in the Terraform state
   * @param prefixListId id of the prefix list, e.g. of an AWS-managed one
   */
  public allowFromPrefixList(list: string, prefixListId: string): void {
    this.#securityGroup.allowFromPrefixList(this.#listens.id, list, prefixListId, this.#listens.port);
  }

  /**
   * Adds a certificate to the HTTPS listener, for clients that request one of its names (SNI).
   *
   * @param scope scope of the attachment
   * @param id id of the attachment
   * @param certificateArn ARN of an issued ACM certificate of the same region
   * @throws Error when the listener is for HTTP
   */
  public addCertificate(scope: Construct, id: string, certificateArn: string): LbListenerCertificate {
    requireArn("certificateArn", certificateArn, ARN_FORMS.certificate);
    if (this.#listens.id === "http") {
      throw new Error("a listener for HTTP has no certificates");
    }
    return new LbListenerCertificate(scope, id, {
      listenerArn: this.listener.arn,
      certificateArn,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /**
   * Has a web ACL of AWS WAF see each request first. Requests that it blocks get a 403 from the load balancer.
   *
   * @param scope scope of the association
   * @param id id of the association
   * @param webAclArn ARN of a web ACL of the same region; a load balancer has one at most
   */
  public attachWebAcl(scope: Construct, id: string, webAclArn: string): Wafv2WebAclAssociation {
    requireArn("webAclArn", webAclArn, ARN_FORMS.webAcl);
    // Not the new one first: the old one would then be taken off the load balancer, and the new one with it.
    return new Wafv2WebAclAssociation(scope, id, { resourceArn: this.arn, webAclArn });
  }

  private loadBalancer(props: ApplicationLoadBalancerProps): Lb {
    return new Lb(this, "Resource", {
      name: props.name,
      loadBalancerType: "application",
      internal: props.scheme === "internal",
      ipAddressType: props.ipAddressType ?? "ipv4",
      // Not copied: it may be a token, which a copy would break.
      subnets: props.subnetIds as string[],
      securityGroups: [this.securityGroupId],
      idleTimeout: props.idleTimeout ?? IDLE_TIMEOUT.default,
      clientKeepAlive: props.clientKeepAlive ?? CLIENT_KEEP_ALIVE.default,
      enableZonalShift: props.enableZonalShift ?? true,
      enableDeletionProtection: props.deletionProtection ?? true,
      dropInvalidHeaderFields: props.dropInvalidHeaders ?? true,
      desyncMitigationMode: props.desyncMitigation ?? DESYNC_MITIGATIONS.values[0],
      accessLogs: logs(props.accessLogs),
      connectionLogs: logs(props.connectionLogs),
      healthCheckLogs: logs(props.healthCheckLogs),
      minimumLoadBalancerCapacity:
        props.reservedCapacityUnits === undefined
          ? undefined
          : { capacityUnits: props.reservedCapacityUnits },
      tags: props.tags,
      dependsOn: props.dependsOn && [...props.dependsOn],
      lifecycle: {
        createBeforeDestroy: true,
        precondition: props.preconditions && [...props.preconditions],
      },
    });
  }

  private https(props: ApplicationLoadBalancerProps, https: HttpsListener): LbListener {
    const listener = this.listen("https", props, {
      port: HTTPS_PORT,
      protocol: "HTTPS",
      certificateArn: https.certificateArn,
      sslPolicy: https.sslPolicy ?? DEFAULT_TLS_POLICY,
      defaultAction: actionsFor(listenerDefaultAction(props.defaultAction), props.authentication),
      mutualAuthentication:
        https.trustStoreArn === undefined
          ? undefined
          : { mode: "verify", trustStoreArn: https.trustStoreArn },
    });
    if (https.redirectHttp ?? true) {
      // It has the same id as the listener for HTTP, so that port 80 changes in place when HTTP becomes HTTPS.
      // A second listener could not be created while the first one uses the port.
      this.listen("http", props, {
        port: HTTP_PORT,
        protocol: "HTTP",
        defaultAction: [REDIRECT_TO_HTTPS],
        // A redirect needs a listener on port 443, which waits for its certificate.
        dependsOn: [listener],
      });
    }
    return listener;
  }

  private http(props: ApplicationLoadBalancerProps, http: HttpListener): LbListener {
    return this.listen("http", props, {
      port: http.port ?? HTTP_PORT,
      protocol: "HTTP",
      defaultAction: [listenerDefaultAction(props.defaultAction)],
    });
  }

  private listen(
    id: string,
    props: ApplicationLoadBalancerProps,
    listener: Omit<LbListenerConfig, "loadBalancerArn"> & { readonly port: number },
  ): LbListener {
    this.#securityGroup.allowFrom(id, props.allowedCidrs, listener.port);
    for (const list of props.allowedPrefixListIds ?? []) {
      this.#securityGroup.allowFromPrefixList(id, list, list, listener.port);
    }
    for (const clients of props.allowedSecurityGroupIds ?? []) {
      this.#securityGroup.allowFromSecurityGroup(id, clients, listener.port);
    }
    return new LbListener(this, id, {
      ...listener,
      loadBalancerArn: this.lb.arn,
      tags: props.tags,
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

const REDIRECT_TO_HTTPS = {
  type: "redirect",
  redirect: { port: String(HTTPS_PORT), protocol: "HTTPS", statusCode: "HTTP_301" },
};

function logs(destination: LogDestination | undefined) {
  return destination && { enabled: true, bucket: destination.bucket, prefix: destination.prefix };
}

function requireTlsPolicy(name: string | undefined): void {
  if (name === undefined || Token.isUnresolved(name)) {
    return;
  }
  const policy = tlsPolicy(name);
  if (policy === undefined) {
    throw new Error(`sslPolicy "${name}" is not a security policy of Application Load Balancers`);
  }
  if (allowsOldTls(policy)) {
    throw new Error(`sslPolicy "${name}" allows TLS below 1.2; use ${DEFAULT_TLS_POLICY}`);
  }
}

function requireValidSettings(props: ApplicationLoadBalancerProps): void {
  requireText("load balancer name", props.name, LOAD_BALANCER_NAME);
  requireId("vpcId", props.vpcId, "vpc");
  requireIds("subnetIds", props.subnetIds, "subnet");
  requireWithin("idleTimeout", props.idleTimeout, IDLE_TIMEOUT);
  requireWithin("clientKeepAlive", props.clientKeepAlive, CLIENT_KEEP_ALIVE);
  requireWithin("reservedCapacityUnits", props.reservedCapacityUnits, LOAD_BALANCER_CAPACITY_UNITS);
  if (props.listener.protocol === "HTTPS") {
    requireArn("certificateArn", props.listener.certificateArn, ARN_FORMS.certificate);
    requireTlsPolicy(props.listener.sslPolicy);
    requireArn("trustStoreArn", props.listener.trustStoreArn, ARN_FORMS.trustStore);
  } else if (props.authentication !== undefined) {
    throw new Error("a listener for HTTP authenticates nobody; use one for HTTPS");
  }
  for (const destination of [props.accessLogs, props.connectionLogs, props.healthCheckLogs]) {
    if (destination !== undefined) {
      requireBucketName("bucket of logs", destination.bucket);
    }
    if (destination?.prefix !== undefined) {
      requireLogPrefix(destination.prefix);
    }
  }
  if (!Token.isUnresolved(props.subnetIds) && new Set(props.subnetIds).size < LOAD_BALANCER_ZONES.min) {
    throw new Error(
      `subnetIds holds ${props.subnetIds.length} subnet(s); a load balancer needs one in each of at least two zones`,
    );
  }
  for (const range of props.allowedCidrs) {
    requireAddressRange("allowed range", range);
  }
  const ipv6 = props.allowedCidrs.find(isIpv6);
  if (ipv6 !== undefined && props.ipAddressType !== "dualstack") {
    throw new Error(
      `allowed range ${ipv6} is IPv6, but the load balancer has no IPv6 address: use ipAddressType "dualstack"`,
    );
  }
}
