import { Construct } from "constructs";
import type {
  GlobalEndpoint,
  GlobalEndpointHealth,
  GlobalEndpointModel,
  GlobalEndpointRegion,
} from "../config/plan/deployment";
import { CHECKED_FROM } from "../config/plan/failover-times";
import { allowedUnhealthyModels } from "../config/plan/global-endpoint";
import { variantId } from "../config/plan/variant-id";
import {
  AlarmHealthCheck,
  CalculatedHealthCheck,
  EndpointHealthCheck,
} from "../constructs/global/health-check";
import type { DeployedRegion } from "./region-outputs";

/** Props of {@link RegionHealth}. */
export interface RegionHealthProps {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly protocol: GlobalEndpoint["protocol"];
  readonly health: GlobalEndpointHealth;
  readonly region: GlobalEndpointRegion;
  readonly deployed: DeployedRegion;
}

/** The health checks by which Route 53 judges a region, which is in service while both are healthy. */
export interface RegionHealthChecks {
  /** Enough models have enough healthy instances. */
  readonly instances: string;
  /** Enough models answer through the load balancer; absent if Route 53 health-checks none. */
  readonly requests?: string;
}

/**
 * Whether a region is in service: while enough of its models answer Route 53 through the load balancer, and while
 * enough of them have enough healthy instances. The second detects what the first may miss: a load balancer that finds
 * no instance healthy sends requests to all of them, and one of them may answer.
 *
 * These are two health checks, because a calculated health check cannot monitor other calculated ones. Source: Route 53 developer guide, "Values that you specify when you create or update
 * health checks".
 */
export class RegionHealth extends Construct {
  /** Ids of the health checks of the region. */
  public readonly healthCheckIds: RegionHealthChecks;

  readonly #props: RegionHealthProps;

  constructor(scope: Construct, id: string, props: RegionHealthProps) {
    super(scope, id);
    this.#props = props;
    const models = new Construct(this, "model");
    const checks = props.region.models.map((model) => {
      const within = new Construct(models, model.name);
      return { endpoint: this.endpointChecks(within, model), alarm: this.alarmChecks(within, model) };
    });
    const instances = this.enough(
      "instances",
      checks.flatMap(({ alarm }) => alarm),
    );
    if (instances === undefined) {
      throw new Error(`${props.region.name} has no health check of its instances`);
    }
    this.healthCheckIds = {
      instances,
      requests: this.enough(
        "requests",
        checks.flatMap(({ endpoint }) => endpoint),
      ),
    };
  }

  /** A check that is healthy while no more children fail than models may be out; `undefined` without children. */
  private enough(id: "instances" | "requests", children: readonly string[]): string | undefined {
    const { deployment, region, health } = this.#props;
    const spare = allowedUnhealthyModels(region.models.length, health.minimumHealthyModels);
    return children.length === 0
      ? undefined
      : new CalculatedHealthCheck(this, id, {
          name: `${deployment} ${region.name} ${id}`,
          children,
          healthyAtLeast: children.length - spare,
        }).healthCheckId;
  }

  /** The health check that sends requests to a model; none if Route 53 cannot health-check the model. */
  private endpointChecks(
    scope: Construct,
    { name, healthCheckPath: path }: GlobalEndpointModel,
  ): readonly string[] {
    const { deployment, protocol, health, region } = this.#props;
    if (path === undefined) {
      return [];
    }
    const { healthCheckId } = new EndpointHealthCheck(scope, "requests", {
      name: `${deployment} ${region.name} ${name} requests`,
      protocol: protocol === "https" ? "HTTPS" : "HTTP",
      host: region.hostName,
      path,
      interval: health.interval,
      failureThreshold: health.failureThreshold,
      places: CHECKED_FROM,
    });
    return [healthCheckId];
  }

  /** The health checks that follow the alarms on healthy instances, for each variant that the model is in service by. */
  private alarmChecks(scope: Construct, model: GlobalEndpointModel): readonly string[] {
    const { deployment, region, deployed } = this.#props;
    const instances = new Construct(scope, "instances");
    return model.variants.map((variant) => {
      const alarm = deployed.alarm(variantId(model, variant));
      return new AlarmHealthCheck(instances, variant.name, {
        name: `${deployment} ${region.name} ${model.name} instances of ${variant.name}`,
        alarmName: alarm.name,
        alarmRegion: region.name,
        whenUnknown: model.whenUnknown === "as before" ? "LastKnownStatus" : "Unhealthy",
        watches: alarm.watches,
      }).healthCheckId;
    });
  }
}
