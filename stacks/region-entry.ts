import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { Precondition } from "cdktf";
import { Construct } from "constructs";
import { asksIdentityProvider } from "../config/plan/callers";
import type { RegionEntry as RegionEntryPlan } from "../config/plan/deployment";
import type { inboundRules } from "../config/plan/entry";
import { HEALTH_CHECKS_UNDER } from "../config/plan/global-endpoint";
import { urlOf } from "../config/plan/urls";
import type { Waf } from "../config/plan/waf";
import {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
} from "../constructs/load-balancer/application-load-balancer";
import type { CallerAuthentication } from "../constructs/load-balancer/caller-authentication";
import { DnsValidatedCertificate } from "../constructs/load-balancer/certificate";
import type { ListenerDefaultAction } from "../constructs/load-balancer/listener-default-action";
import { PrefixListRoom } from "../constructs/load-balancer/prefix-list-room";
import { TrustStore } from "../constructs/load-balancer/trust-store";
import { WebAcl } from "../constructs/load-balancer/web-acl";
import { LogBucket } from "../constructs/storage/log-bucket";
import { hostedZoneId } from "./hosted-zone";
import { keepLogs } from "./kept-logs";
import type { RegionNetwork } from "./region-network";

/** Props of {@link RegionEntry}. */
export interface RegionEntryProps {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly plan: RegionEntryPlan;
  readonly network: RegionNetwork;
  readonly defaultAction: ListenerDefaultAction;
  /** Who may have the default action forward. */
  readonly authentication?: CallerAuthentication;
  /** Inbound rules of its security group, beside those for prefix lists. */
  readonly inbound: ReturnType<typeof inboundRules>;
  /** Whether Route 53 sends health checks to it. */
  readonly isHealthChecked: boolean;
  /** ARN of the KMS key of logs in CloudWatch. Absent: the one that CloudWatch Logs manages. */
  readonly logKeyArn?: string;
}

/** Id of the bucket that is made for the logs. */
const LOGS = "logs";

/** The load balancer of a region, with its certificate, its name and its logs. */
export class RegionEntry extends Construct {
  public readonly alb: ApplicationLoadBalancer;
  /** Where clients send requests, e.g. `https://us-east-1.models.example.com`. */
  public readonly url: string;

  constructor(scope: Construct, id: string, props: RegionEntryProps) {
    super(scope, id);
    const { deployment, plan, network, defaultAction, authentication, inbound, isHealthChecked, logKeyArn } =
      props;
    const zoneId = plan.hostedZone && hostedZoneId(this, plan.hostedZone);
    this.alb = new ApplicationLoadBalancer(this, "alb", {
      name: plan.balancerName,
      vpcId: network.vpcId,
      subnetIds: network.albSubnetIds,
      scheme: plan.scheme,
      ipAddressType: plan.dualStack ? "dualstack" : "ipv4",
      allowedCidrs: plan.allowedCidrs,
      allowedPrefixListIds: plan.allowedPrefixLists,
      allowedSecurityGroupIds: plan.allowedSecurityGroups,
      listener: this.listener(plan, zoneId),
      defaultAction,
      authentication,
      idleTimeout: plan.timing.idleTimeout.value,
      clientKeepAlive: plan.timing.clientKeepAlive.value,
      enableZonalShift: plan.zonalShift,
      deletionProtection: plan.deletionProtection,
      dropInvalidHeaders: plan.dropInvalidHeaders,
      desyncMitigation: plan.desyncMitigation,
      reservedCapacityUnits: plan.reservedCapacityUnits,
      preconditions: [...network.preconditions, ...this.roomForPrefixLists(plan, inbound)],
      ...this.logs(deployment, plan),
    });
    if (asksIdentityProvider(plan.callers)) {
      this.alb.allowToIdentityProvider();
    }
    const webAclArn =
      plan.waf === undefined
        ? plan.webAclArn
        : this.webAclArn(deployment, plan.waf, isHealthChecked, logKeyArn);
    if (webAclArn !== undefined) {
      this.alb.attachWebAcl(this, "web-acl", webAclArn);
    }
    this.url = this.name(plan, zoneId);
  }

  private webAclArn(
    deployment: string,
    waf: Waf,
    isHealthChecked: boolean,
    kmsKeyArn: string | undefined,
  ): string {
    const { requestsOfAddress, requestsOfKey, retentionDays, ...rules } = waf;
    if (requestsOfAddress === undefined || requestsOfKey === undefined) {
      throw new Error("a web ACL needs the limits of one client");
    }
    return new WebAcl(this, "waf", {
      name: deployment,
      requestsPerMinute: { address: requestsOfAddress.value, key: requestsOfKey.value },
      healthChecksUnder: isHealthChecked ? HEALTH_CHECKS_UNDER : undefined,
      ...rules,
      logs: { retentionDays, kmsKeyArn },
    }).arn;
  }

  private roomForPrefixLists(
    { allowedPrefixLists, ports }: RegionEntryPlan,
    inbound: RegionEntryProps["inbound"],
  ): readonly Precondition[] {
    return allowedPrefixLists.length === 0
      ? []
      : new PrefixListRoom(this, "allowed", {
          whose: "load balancer",
          prefixListIds: allowedPrefixLists,
          ports: ports.length,
          besides: { ipv4: inbound.ipv4.taken, ipv6: inbound.ipv6.taken },
        }).preconditions;
  }

  private listener(
    plan: RegionEntryPlan,
    zoneId: string | undefined,
  ): ApplicationLoadBalancerProps["listener"] {
    if (plan.protocol === "unencrypted-http") {
      return { protocol: "HTTP" };
    }
    return {
      protocol: "HTTPS",
      certificateArn: plan.certificateArn ?? this.certificateArn(plan, zoneId),
      sslPolicy: plan.tlsPolicy,
      redirectHttp: plan.redirectHttp,
      trustStoreArn: this.trustStoreArn(plan),
    };
  }

  private trustStoreArn({ callers, balancerName }: RegionEntryPlan): string | undefined {
    return callers.kind === "mtls"
      ? new TrustStore(this, "clients", { ...callers, name: balancerName }).arn
      : undefined;
  }

  private certificateArn({ certifiedName }: RegionEntryPlan, zoneId: string | undefined): string {
    if (certifiedName === undefined || zoneId === undefined) {
      throw new Error("HTTPS needs a certificateArn or a domain");
    }
    return new DnsValidatedCertificate(this, "certificate", {
      domainName: certifiedName,
      hostedZone: { id: zoneId },
    }).certificateArn;
  }

  private logs(
    deployment: string,
    { logs, deletionProtection }: RegionEntryPlan,
  ): Partial<ApplicationLoadBalancerProps> {
    if (logs === undefined || "bucket" in logs) {
      keepLogs(this, LOGS);
    }
    if (logs === undefined) {
      return {};
    }
    const { access, connections, prefix } = logs;
    const to = (bucket: string): Partial<ApplicationLoadBalancerProps> => ({
      accessLogs: access ? { bucket, prefix } : undefined,
      connectionLogs: connections ? { bucket, prefix } : undefined,
    });
    if ("bucket" in logs) {
      return to(logs.bucket);
    }
    const { bucketName, policy } = new LogBucket(this, LOGS, {
      bucketPrefix: `${deployment}-logs-`,
      prefixes: prefix === undefined ? undefined : [prefix],
      retentionDays: logs.retentionDays,
      forceDestroy: !deletionProtection,
    });
    return { ...to(bucketName), dependsOn: [policy] };
  }

  private name(plan: RegionEntryPlan, zoneId: string | undefined): string {
    if (plan.hostName === undefined || zoneId === undefined) {
      return urlOf(plan.protocol, this.alb.dnsName);
    }
    for (const type of plan.dualStack ? ["A", "AAAA"] : ["A"]) {
      new Route53Record(this, `name-${type.toLowerCase()}`, {
        zoneId,
        name: plan.hostName,
        type,
        alias: { name: this.alb.dnsName, zoneId: this.alb.zoneId, evaluateTargetHealth: true },
        // Another hosted zone has the record before this one loses it.
        lifecycle: { createBeforeDestroy: true },
      });
    }
    return urlOf(plan.protocol, plan.hostName);
  }
}
