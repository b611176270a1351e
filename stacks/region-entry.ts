import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { RegionEntry as RegionEntryPlan } from "../config/plan/deployment";
import {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
} from "../constructs/load-balancer/application-load-balancer";
import { DnsValidatedCertificate } from "../constructs/load-balancer/certificate";
import type { ListenerDefaultAction } from "../constructs/load-balancer/listener-default-action";
import { LogBucket } from "../constructs/storage/log-bucket";
import type { RegionNetwork } from "./region-network";

/** Seconds in a day; logs are kept for whole days. */
const DAY = 86_400;
const LOG_RETENTION_DAYS = 90;

/** Props of {@link RegionEntry}. */
export interface RegionEntryProps {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly plan: RegionEntryPlan;
  readonly network: RegionNetwork;
  readonly defaultAction: ListenerDefaultAction;
}

/** The load balancer of a region, with its certificate, its name and its logs. */
export class RegionEntry extends Construct {
  public readonly alb: ApplicationLoadBalancer;
  /** Where clients send requests, e.g. `https://us-east-1.models.example.com`. */
  public readonly url: string;

  constructor(scope: Construct, id: string, { deployment, plan, network, defaultAction }: RegionEntryProps) {
    super(scope, id);
    const zoneId = this.hostedZoneId(plan);
    this.alb = new ApplicationLoadBalancer(this, "alb", {
      name: plan.balancerName,
      vpcId: network.vpcId,
      subnetIds: network.albSubnetIds,
      scheme: plan.scheme,
      ipAddressType: plan.dualStack ? "dualstack" : "ipv4",
      allowedCidrs: plan.allowedCidrs,
      listener: this.listener(plan, zoneId),
      defaultAction,
      idleTimeout: plan.timing.idleTimeout.value,
      clientKeepAlive: plan.timing.clientKeepAlive.value,
      enableZonalShift: plan.zonalShift,
      deletionProtection: plan.deletionProtection,
      dropInvalidHeaders: plan.dropInvalidHeaders,
      desyncMitigation: plan.desyncMitigation,
      reservedCapacityUnits: plan.reservedCapacityUnits,
      preconditions: network.preconditions,
      ...this.logs(deployment, plan),
    });
    this.url = this.name(plan, zoneId);
  }

  private hostedZoneId({ domain, hostedZone, hostedZoneId }: RegionEntryPlan): string | undefined {
    if (domain === undefined || hostedZoneId !== undefined) {
      return hostedZoneId;
    }
    return new DataAwsRoute53Zone(this, "zone", { name: hostedZone ?? domain, privateZone: false }).zoneId;
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
    };
  }

  private certificateArn({ hostName }: RegionEntryPlan, zoneId: string | undefined): string {
    if (hostName === undefined || zoneId === undefined) {
      throw new Error("HTTPS needs a certificateArn or a domain");
    }
    return new DnsValidatedCertificate(this, "certificate", {
      domainName: hostName,
      hostedZone: { id: zoneId },
    }).certificateArn;
  }

  private logs(
    deployment: string,
    { logs, deletionProtection }: RegionEntryPlan,
  ): Partial<ApplicationLoadBalancerProps> {
    if (!logs.access && !logs.connections) {
      return {};
    }
    const made =
      logs.bucket === undefined
        ? new LogBucket(this, "logs", {
            bucketPrefix: `${deployment}-logs-`,
            prefixes: logs.prefix === undefined ? undefined : [logs.prefix],
            retentionDays: logs.retention === undefined ? LOG_RETENTION_DAYS : logs.retention / DAY,
            forceDestroy: !deletionProtection,
          })
        : undefined;
    const destination = { bucket: made?.bucketName ?? logs.bucket ?? "", prefix: logs.prefix };
    return {
      accessLogs: logs.access ? destination : undefined,
      connectionLogs: logs.connections ? destination : undefined,
      dependsOn: made && [made.policy],
    };
  }

  private name(plan: RegionEntryPlan, zoneId: string | undefined): string {
    const scheme = plan.protocol === "https" ? "https" : "http";
    if (plan.hostName === undefined || zoneId === undefined) {
      return `${scheme}://${this.alb.dnsName}`;
    }
    for (const type of plan.dualStack ? ["A", "AAAA"] : ["A"]) {
      new Route53Record(this, `name-${type.toLowerCase()}`, {
        zoneId,
        name: plan.hostName,
        type,
        alias: { name: this.alb.dnsName, zoneId: this.alb.zoneId, evaluateTargetHealth: true },
      });
    }
    return `${scheme}://${plan.hostName}`;
  }
}
