import { Construct } from "constructs";
import type { GlobalEndpoint, GlobalEndpointRegion } from "../config/plan/deployment";
import { orderLabel } from "../config/plan/global-endpoint";
import {
  AliasRecord,
  type AliasRecordProps,
  type AliasTarget,
  type RecordRouting,
} from "../constructs/global/alias-record";
import { RegionHealth, type RegionHealthChecks } from "./region-health";
import type { DeployedRegion } from "./region-outputs";

/** A region that records can route to. */
interface ReachableRegion {
  readonly region: GlobalEndpointRegion;
  readonly entry: AliasTarget;
  readonly healthCheckIds: RegionHealthChecks;
}

/** Props of {@link GlobalEndpointRecords}. */
export interface GlobalEndpointRecordsProps {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly globalEndpoint: GlobalEndpoint;
  readonly zoneId: string;
  readonly deployedRegion: (region: string) => DeployedRegion;
}

/**
 * The records that choose a region. Each kind of routing has a name of its own:
 *
 * ```
 * models.example.com ─▶ _latency.models.example.com ─▶ _us-east-1.models.example.com ─▶ its load balancer
 *                                                   └▶ _eu-central-1.models.example.com ─▶ …
 * ```
 *
 * The name itself is one plain record, which changes in place: the records of another kind of routing, or of another
 * order, are complete before the name points to them. Route 53 refuses records of two kinds under one name. The name of
 * an order states the whole order, `us-east-1.eu-central-1._failover.models.example.com`: were a name reused for another
 * order, the records of the two would point to one another during the change.
 *
 * A record has one health check, and a region has two. That of its instances is at the record that chooses the region.
 * That of its requests is at the region's own record, `_us-east-1…`, whose health the choice inherits (it evaluates the
 * target's health). The load balancer's own health is not evaluated: Route 53 takes a load balancer for unhealthy as soon
 * as one target group is empty, such as that of a trial.
 */
export class GlobalEndpointRecords extends Construct {
  /** What the name points to. */
  public readonly target: AliasTarget;
  /** The records that choose a region. All of them are created before the name points to them. */
  public readonly choices: readonly AliasRecord[];
  /** Ids of the regions' health checks, by region. */
  public readonly healthCheckIds: Readonly<Record<string, RegionHealthChecks>>;

  readonly #props: GlobalEndpointRecordsProps;
  readonly #choices: AliasRecord[] = [];

  constructor(scope: Construct, id: string, props: GlobalEndpointRecordsProps) {
    super(scope, id);
    this.#props = props;
    const { globalEndpoint } = props;
    const health = new Construct(this, "health");
    const entries = new Construct(this, "entry");
    const regions = globalEndpoint.regions.map((region) => this.reachable(health, entries, region));
    this.healthCheckIds = Object.fromEntries(
      regions.map(({ region, healthCheckIds }) => [region.name, healthCheckIds]),
    );
    const served = regions.filter(({ region }) => !region.drained);
    this.target = this.routed(globalEndpoint.routing, served);
    this.choices = this.#choices;
  }

  private reachable(health: Construct, entries: Construct, region: GlobalEndpointRegion): ReachableRegion {
    const { deployment, globalEndpoint, deployedRegion } = this.#props;
    if (globalEndpoint.health === undefined) {
      throw new Error("records choose a region by its health");
    }
    const deployed = deployedRegion(region.name);
    const { healthCheckIds } = new RegionHealth(health, region.name, {
      deployment,
      protocol: globalEndpoint.protocol,
      health: globalEndpoint.health,
      region,
      deployed,
    });
    const { target } = this.record(entries, region.name, `_${region.name}`, {
      target: { dnsName: deployed.text("alb_dns_name"), zoneId: deployed.text("alb_zone_id") },
      evaluateTargetHealth: false,
      // A record without a routing policy cannot have a health check. So it has a weight, alone under its name.
      routing: { weight: 1, identifier: region.name, healthCheckId: healthCheckIds.requests },
    });
    return { region, entry: target, healthCheckIds };
  }

  private routed(routing: GlobalEndpoint["routing"], served: readonly ReachableRegion[]): AliasTarget {
    switch (routing) {
      case "latency":
        return this.chosen("latency", served, ({ region }) => ({ latencyTo: region.name }));
      case "weighted":
        return this.chosen("weighted", served, ({ region }) => ({ weight: region.weight }));
      case "failover":
        return this.firstHealthy(new Construct(this, "failover"), served);
      case "accelerator":
        throw new Error("an accelerator chooses a region without records");
    }
  }

  /** Chooses among all regions by latency or weight. */
  private chosen(
    kind: string,
    served: readonly ReachableRegion[],
    measure: (region: ReachableRegion) => RecordRouting,
  ): AliasTarget {
    const scope = new Construct(this, kind);
    const [target] = served.map((region) =>
      this.choice(scope, region.region.name, `_${kind}`, region, measure(region)),
    );
    return requireServed(target);
  }

  /** Chooses the first healthy region. Failover records are primary or secondary only, so the other regions are nested. */
  private firstHealthy(scope: Construct, served: readonly ReachableRegion[]): AliasTarget {
    const [first, second, ...others] = served;
    const { entry } = requireServed(first);
    if (first === undefined || second === undefined) {
      return entry;
    }
    const order = served.map(({ region }) => region.name);
    const within = new Construct(scope, order.join("--"));
    const name = orderLabel(order);
    if (others.length === 0) {
      this.choice(within, "secondary", name, second, { failover: "SECONDARY" });
    } else {
      const [, ...rest] = served;
      this.chosenBy(within, "secondary", name, {
        target: this.firstHealthy(scope, rest),
        routing: { failover: "SECONDARY", identifier: "the others" },
      });
    }
    return this.choice(within, "primary", name, first, { failover: "PRIMARY" });
  }

  /** A record that points to a region while the region is healthy. */
  private choice(
    scope: Construct,
    id: string,
    name: string,
    { region, entry, healthCheckIds }: ReachableRegion,
    routing: RecordRouting,
  ): AliasTarget {
    return this.chosenBy(scope, id, name, {
      target: entry,
      routing: { ...routing, identifier: region.name, healthCheckId: healthCheckIds.instances },
    });
  }

  private chosenBy(
    scope: Construct,
    id: string,
    label: string,
    props: Pick<AliasRecordProps, "target" | "routing">,
  ): AliasTarget {
    const record = this.record(scope, id, label, { ...props, evaluateTargetHealth: true });
    this.#choices.push(record);
    return record.target;
  }

  private record(
    scope: Construct,
    id: string,
    label: string,
    props: Pick<AliasRecordProps, "target" | "evaluateTargetHealth" | "routing">,
  ): AliasRecord {
    const { globalEndpoint, zoneId } = this.#props;
    return new AliasRecord(scope, id, {
      zoneId,
      name: `${label}.${globalEndpoint.name}`,
      addresses: globalEndpoint.dualStack ? "ipv4 and ipv6" : "ipv4",
      ...props,
    });
  }
}

function requireServed<T>(target: T | undefined): T {
  if (target === undefined) {
    throw new Error("no region is served");
  }
  return target;
}
