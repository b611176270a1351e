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

/** A region that records can lead to. */
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
 * The records that choose a region, each kind of routing under a name of its own:
 *
 * ```
 * models.example.com ─▶ _latency.models.example.com ─▶ _us-east-1.models.example.com ─▶ its load balancer
 *                                                   └▶ _eu-central-1.models.example.com ─▶ …
 * ```
 *
 * The name itself is one plain record, that changes in place: another kind of routing, or another order, stands
 * complete before the name leads to it. Route 53 would not take records of two kinds under one name. An order has a
 * name that says all of it, `us-east-1.eu-central-1._failover.models.example.com`: under one name that means another
 * order today, the two would lead to one another while they change.
 *
 * A record has one health check, and a region two: that of its instances stands where it is chosen, that of its requests
 * at its own record, `_us-east-1…`, whose health the choice takes over. The load balancer's own health is left out: to
 * Route 53 it is unhealthy as soon as one target group is empty, a trial's say.
 */
export class GlobalEndpointRecords extends Construct {
  /** What the name leads to. */
  public readonly target: AliasTarget;
  /** The records that choose a region, all of which stand before the name leads to them. */
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
      // The only one of its name, which may have a health check as it has a weight.
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

  /** One of all regions, by some measure. */
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

  /** The first that is healthy; records know a primary and a secondary only, so the others are nested within that. */
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

  /** A record that leads to a region while that is healthy. */
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
