import { Route53Record, type Route53RecordConfig } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import { HOSTED_ZONE_ID } from "../../aws/limits";
import { RECORD_WEIGHT } from "../../aws/route53";
import { requireText, requireWithin } from "../require-within";

/** Which of several records of one name Route 53 answers with. */
export type RecordRouting =
  /** The one whose region is nearest to the client, by latency. */
  | { readonly latencyTo: string }
  /** A random one, by its share of all weights, 0 to 255. A record of weight 0 only when no other is healthy. */
  | { readonly weight: number }
  /** The primary while it is healthy, else the secondary. A name has one of each. */
  | { readonly failover: "PRIMARY" | "SECONDARY" };

/** The target of an alias record: an AWS resource, or another name of the same hosted zone. */
export interface AliasTarget {
  /** Its DNS name. */
  readonly dnsName: string;

  /**
   * The DNS name for the AAAA record. If the target is a name of the same hosted zone, take the reference to its AAAA
   * record: Route 53 refuses an alias of a record that does not exist yet, and so each record waits for its own target.
   *
   * @default dnsName
   */
  readonly ipv6DnsName?: string;

  /** The hosted zone of that name. */
  readonly zoneId: string;
}

/** Props of {@link AliasRecord}. */
export interface AliasRecordProps {
  /** Id of the hosted zone. */
  readonly zoneId: string;

  /** The name of the record. */
  readonly name: string;

  /** What the name resolves to. */
  readonly target: AliasTarget;

  /**
   * Records that are created before this one and deleted after it, for example all records of its target's name. It
   * sets this order only, and changes no record.
   *
   * @default nothing but the target
   */
  readonly after?: readonly AliasRecord[];

  /** "ipv4 and ipv6" creates an AAAA record beside the A record. The target must have IPv6 addresses. */
  readonly addresses: "ipv4" | "ipv4 and ipv6";

  /**
   * Whether the record is unhealthy when its target is. A load balancer is unhealthy as soon as one of its target
   * groups is empty or has unhealthy targets only.
   */
  readonly evaluateTargetHealth: boolean;

  /**
   * The routing of this record among several of the same name. All of them have the same kind of routing.
   *
   * @default simple routing: it is the only record of the name
   */
  readonly routing?: RecordRouting & {
    /** Distinguishes the records of a name. */
    readonly identifier: string;
    /** Id of a health check. Route 53 leaves the record out of its answers while the check is unhealthy. */
    readonly healthCheckId?: string;
  };
}

/**
 * A name that resolves to an AWS resource or to another name of the same hosted zone. It is an A record and, if wanted,
 * an AAAA record. Queries of alias records to AWS resources are free.
 *
 * Source: Route 53 developer guide, "Choosing between alias and non-alias records" and "How Amazon Route 53 chooses
 * records when health checking is configured".
 *
 * @example
 * new AliasRecord(this, "name", {
 *   zoneId: zone.zoneId,
 *   name: "chat.example.com",
 *   target: { dnsName: alb.dnsName, zoneId: alb.zoneId },
 *   addresses: "ipv4",
 *   evaluateTargetHealth: true,
 * });
 */
export class AliasRecord extends Construct {
  /** The name, as a target of other records. */
  public readonly target: AliasTarget;
  /** One record for each kind of address. */
  public readonly records: readonly Route53Record[];

  /** @throws RangeError when the weight is out of range */
  constructor(scope: Construct, id: string, props: AliasRecordProps) {
    super(scope, id);
    const { routing } = props;
    requireText("zoneId", props.zoneId, HOSTED_ZONE_ID);
    requireText("target.zoneId", props.target.zoneId, HOSTED_ZONE_ID);
    requireWithin("weight", routing && "weight" in routing ? routing.weight : undefined, RECORD_WEIGHT);
    const types = props.addresses === "ipv4" ? ["A"] : ["A", "AAAA"];
    this.records = types.map(
      (type) =>
        new Route53Record(this, type.toLowerCase(), {
          zoneId: props.zoneId,
          name: props.name,
          type,
          alias: {
            name: type === "AAAA" ? (props.target.ipv6DnsName ?? props.target.dnsName) : props.target.dnsName,
            zoneId: props.target.zoneId,
            evaluateTargetHealth: props.evaluateTargetHealth,
          },
          ...(routing && policy(routing)),
          setIdentifier: routing?.identifier,
          healthCheckId: routing?.healthCheckId,
          dependsOn: props.after?.flatMap(({ records }) => records),
          // Records that point here are changed before this one is deleted.
          lifecycle: { createBeforeDestroy: true },
        }),
    );
    const [ipv4, ipv6] = this.records;
    // References, not plain text: records that point here wait for these.
    this.target = { dnsName: ipv4?.fqdn ?? props.name, ipv6DnsName: ipv6?.fqdn, zoneId: props.zoneId };
  }
}

function policy(routing: RecordRouting): Partial<Route53RecordConfig> {
  if ("latencyTo" in routing) {
    return { latencyRoutingPolicy: { region: routing.latencyTo } };
  }
  return "weight" in routing
    ? { weightedRoutingPolicy: { weight: routing.weight } }
    : { failoverRoutingPolicy: { type: routing.failover } };
}
