import { Route53Record, type Route53RecordConfig } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import { RECORD_WEIGHT } from "../../aws/route53";
import { requireWithin } from "../require-within";

/** Which of several records of one name is answered with. */
export type RecordRouting =
  /** The one whose region is nearest to the client, by latency. */
  | { readonly latencyTo: string }
  /** One by chance, by its share of all weights, 0 to 255. Those of 0 only when no other is healthy. */
  | { readonly weight: number }
  /** The primary while it is healthy, else the secondary. One of each. */
  | { readonly failover: "PRIMARY" | "SECONDARY" };

/** Where a name can lead to: an AWS resource, or another name of the same hosted zone. */
export interface AliasTarget {
  /** Its DNS name. */
  readonly dnsName: string;

  /**
   * The same for the AAAA record. Of a name in the same hosted zone it is that name's AAAA record: Route 53 takes no
   * alias of a record that is not there yet, and each kind of address waits for its own.
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

  /** The name that leads somewhere. */
  readonly name: string;

  /** Where to. */
  readonly target: AliasTarget;

  /**
   * What stands before it leads there, and goes only when it leads elsewhere: all records of its target's name, say,
   * where there are several. The order alone; it changes no record.
   *
   * @default nothing but the target
   */
  readonly after?: readonly AliasRecord[];

  /** `ipv6` writes an AAAA record beside the A record. The target must have IPv6 addresses. */
  readonly addresses: "ipv4" | "ipv4 and ipv6";

  /**
   * Whether it counts as unhealthy when its target does. A load balancer does as soon as one of its target groups is
   * empty, or holds unhealthy targets only.
   */
  readonly evaluateTargetHealth: boolean;

  /**
   * Which of several records of the name this is. All of them have the same kind of routing.
   *
   * @default the only one
   */
  readonly routing?: RecordRouting & {
    /** Tells the records of a name apart. */
    readonly identifier: string;
    /** Id of the health check by which it is left out of the answers. */
    readonly healthCheckId?: string;
  };
}

/**
 * A name that leads to an AWS resource or to another name of the same hosted zone, at no price for the question. As A
 * record, and as AAAA record if wanted.
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
  /** The name, as a target for other records. */
  public readonly target: AliasTarget;
  /** One record for each kind of address. */
  public readonly records: readonly Route53Record[];

  /** @throws RangeError when the weight is out of range */
  constructor(scope: Construct, id: string, props: AliasRecordProps) {
    super(scope, id);
    const { routing } = props;
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
          // What leads here is changed before this goes.
          lifecycle: { createBeforeDestroy: true },
        }),
    );
    const [ipv4, ipv6] = this.records;
    // By its records, not by its text: whoever leads here waits for them.
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
