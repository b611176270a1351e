import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener, type LbListenerConfig } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import type { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { type ITerraformDependable, type Precondition, Token } from "cdktf";
import { Construct } from "constructs";
import {
  CLIENT_KEEP_ALIVE,
  DESYNC_MITIGATIONS,
  type DesyncMitigation,
  IDLE_TIMEOUT,
  LOAD_BALANCER_CAPACITY_UNITS,
  LOAD_BALANCER_NAME,
  LOAD_BALANCER_ZONES,
} from "../../aws/limits";
import { DEFAULT_TLS_POLICY } from "../../aws/tls-policies";
import { requireAddressRange } from "../network/address-range";
import { requireText, requireWithin } from "../require-within";
import { type LogDestination, requireLogPrefix } from "../storage/log-destination";
import { type ListenerDefaultAction, listenerDefaultAction } from "./listener-default-action";
import { isIpv6, LoadBalancerSecurityGroup } from "./load-balancer-security-group";

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** TLS on port 443. */
export interface HttpsListener {
  readonly protocol: "HTTPS";

  /** ARN of an ACM certificate of the same region, best that of a `DnsValidatedCertificate`. */
  readonly certificateArn: string;

  /**
   * Which TLS versions and ciphers are spoken.
   *
   * @default the policy AWS recommends, see `DEFAULT_TLS_POLICY`; the API's own default is of 2016
   */
  readonly sslPolicy?: string;

  /**
   * Whether port 80 answers too, with a permanent redirect to HTTPS.
   *
   * @default true
   */
  readonly redirectHttp?: boolean;
}

/** Plain text: for a load balancer inside a network, or before there is a domain. */
export interface HttpListener {
  readonly protocol: "HTTP";

  /**
   * The port it listens at, 1 to 65535.
   *
   * @default 80
   */
  readonly port?: number;
}

/** Props of {@link ApplicationLoadBalancer}. */
export interface ApplicationLoadBalancerProps {
  /**
   * Name, unique among the load balancers of the account in the region: at most 32 letters, digits and inner
   * hyphens. A change of `scheme` forces a replacement, which stands before the old one goes, so the name
   * should change with it.
   */
  readonly name: string;

  /** The network its security group belongs to. */
  readonly vpcId: string;

  /** One subnet in each of at least two zones; public ones for an internet-facing load balancer. */
  readonly subnetIds: readonly string[];

  /** Whether its addresses are public or private. */
  readonly scheme: "internet-facing" | "internal";

  /**
   * Whether clients may come by IPv6 too; the subnets then need IPv6 ranges.
   *
   * @default "ipv4"
   */
  readonly ipAddressType?: "ipv4" | "dualstack";

  /**
   * The networks clients may come from, as IPv4 ranges and, with `dualstack`, IPv6 ranges. Each becomes one
   * ingress rule per open port, whose id is made of the range, so order does not matter. Empty means nobody.
   */
  readonly allowedCidrs: readonly string[];

  /** How clients speak to it. */
  readonly listener: HttpsListener | HttpListener;

  /** What happens to a request that no rule matches. */
  readonly defaultAction: ListenerDefaultAction;

  /**
   * Seconds a connection may be silent before it is cut, 1 to 4000. Must be longer than the longest wait for
   * the first or next byte, and shorter than the keep-alive of the servers behind it: otherwise clients get
   * 504 or, at random, 502.
   *
   * @default 60
   */
  readonly idleTimeout?: number;

  /**
   * Seconds a client may keep one connection, 60 to 604800.
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
   * What happens to requests that two servers might read differently (HTTP desync).
   *
   * @default "defensive"
   */
  readonly desyncMitigation?: DesyncMitigation;

  /**
   * Where the log of requests goes.
   *
   * @default no such log
   */
  readonly accessLogs?: LogDestination;

  /**
   * Where the log of TLS and TCP connections goes.
   *
   * @default no such log
   */
  readonly connectionLogs?: LogDestination;

  /**
   * Where the log of the health of targets goes.
   *
   * @default no such log
   */
  readonly healthCheckLogs?: LogDestination;

  /**
   * Load balancer capacity units held ready for a sharp rise, 100 to 15000. The regional quota is 0
   * until AWS raises it, and the reservation costs money while it stands.
   *
   * @default none: it grows with the load, over minutes
   */
  readonly reservedCapacityUnits?: number;

  /**
   * What must hold before Terraform touches the load balancer, such as: the subnets lie in two zones.
   *
   * @default none
   */
  readonly preconditions?: readonly Precondition[];

  /**
   * What must exist before the load balancer does. With logs: the policy of the bucket.
   *
   * @default none
   */
  readonly dependsOn?: readonly ITerraformDependable[];

  /**
   * Tags of the load balancer, its listeners, its security group and the rules of that.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * An Application Load Balancer with its listener and its security group. Nobody may reach it but
 * `allowedCidrs`, and it may reach nothing but what {@link ApplicationLoadBalancer.allowTo} names.
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
  /** The listener that carries the rules: the one for HTTPS, or the plain one if that is all there is. */
  public readonly listener: LbListener;
  /** Its security group: what targets let in. */
  public readonly securityGroupId: string;
  /** The ARN. */
  public readonly arn: string;
  /** The end of the ARN, as CloudWatch and Auto Scaling want it: `app/<name>/<id>`. */
  public readonly arnSuffix: string;
  /** The DNS name AWS gave it. */
  public readonly dnsName: string;
  /** The hosted zone of that DNS name, for an alias record. */
  public readonly zoneId: string;

  readonly #securityGroup: LoadBalancerSecurityGroup;
  readonly #listens: { readonly id: "https" | "http"; readonly port: number };

  /**
   * @throws RangeError when a number is out of its range
   * @throws Error when the name, a log prefix, an allowed range or the default action is one AWS would refuse, or
   *   when there are fewer than two subnets
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
   * Lets the load balancer open connections to a port of the instances. Without it no request and no health
   * check gets through; call it for the health-check port and the target control port too, if they differ.
   *
   * @param id what is behind the port, in words of `[a-z0-9-]`; part of the address in the Terraform state
   * @param securityGroupId the security group of the instances
   * @param port 1 to 65535
   * @returns the egress rule
   * @throws RangeError when the port is none
   */
  public allowTo(id: string, securityGroupId: string, port: number): VpcSecurityGroupEgressRule {
    return this.#securityGroup.allowTo(id, securityGroupId, port);
  }

  /**
   * Lets clients in a prefix list come to the listener that carries the rules, beside `allowedCidrs`.
   *
   * @param list who is in the list, in words of `[a-z0-9-]`; part of the address in the Terraform state
   * @param prefixListId e.g. that of an AWS-managed prefix list
   */
  public allowFromPrefixList(list: string, prefixListId: string): void {
    this.#securityGroup.allowFromPrefixList(this.#listens.id, list, prefixListId, this.#listens.port);
  }

  /**
   * Adds a certificate to the HTTPS listener, for clients that ask for a name on it (SNI).
   *
   * @param scope of the attachment
   * @param id of the attachment
   * @param certificateArn of an ACM certificate of the same region that is issued
   * @throws Error when the listener speaks plain HTTP
   */
  public addCertificate(scope: Construct, id: string, certificateArn: string): LbListenerCertificate {
    if (this.#listens.id === "http") {
      throw new Error("a listener for plain HTTP has no certificates");
    }
    return new LbListenerCertificate(scope, id, {
      listenerArn: this.listener.arn,
      certificateArn,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private loadBalancer(props: ApplicationLoadBalancerProps): Lb {
    return new Lb(this, "Resource", {
      name: props.name,
      loadBalancerType: "application",
      internal: props.scheme === "internal",
      ipAddressType: props.ipAddressType ?? "ipv4",
      // Not copied: it may be a list that only Terraform knows.
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
      defaultAction: [listenerDefaultAction(props.defaultAction)],
    });
    if (https.redirectHttp ?? true) {
      // It has the id of the plain listener on purpose: when HTTP becomes HTTPS, port 80 changes in place.
      // A second listener could not be created while the first one holds the port.
      this.listen("http", props, {
        port: HTTP_PORT,
        protocol: "HTTP",
        defaultAction: [REDIRECT_TO_HTTPS],
        // Nobody is sent to a port where nothing listens yet: the certificate may take a while.
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

function requireValidSettings(props: ApplicationLoadBalancerProps): void {
  requireText("load balancer name", props.name, LOAD_BALANCER_NAME);
  requireWithin("idleTimeout", props.idleTimeout, IDLE_TIMEOUT);
  requireWithin("clientKeepAlive", props.clientKeepAlive, CLIENT_KEEP_ALIVE);
  requireWithin("reservedCapacityUnits", props.reservedCapacityUnits, LOAD_BALANCER_CAPACITY_UNITS);
  for (const destination of [props.accessLogs, props.connectionLogs, props.healthCheckLogs]) {
    if (destination?.prefix !== undefined) {
      requireLogPrefix(destination.prefix);
    }
  }
  if (!Token.isUnresolved(props.subnetIds) && new Set(props.subnetIds).size < LOAD_BALANCER_ZONES.min) {
    throw new Error(
      `subnetIds holds ${props.subnetIds.length} subnet(s); a load balancer needs one in each of two zones at least`,
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
