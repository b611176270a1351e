import { Construct } from "constructs";
import { HEALTH_CHECKER_REGIONS } from "../config/aws/door-limits";
import type { Door, DoorHealth, DoorModel, DoorRegion } from "../config/deployment";
import { AlarmHealthCheck, CalculatedHealthCheck, EndpointHealthCheck } from "../constructs/health-check";
import { whenUnknown } from "./region-door";
import type { DeployedRegion } from "./region-outputs";
import { variantId } from "./variant-id";

/** Props of {@link RegionHealth}. */
export interface RegionHealthProps {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly protocol: Door["protocol"];
  readonly health: DoorHealth;
  readonly region: DoorRegion;
  readonly deployed: DeployedRegion;
}

/**
 * Whether a region is in service: while enough models are. A model is, while its servers answer Route 53 through the
 * load balancer, and while enough of its boxes are healthy. The second tells what the first may miss: a load balancer
 * that finds no box healthy sends requests to all of them, and some box may answer.
 */
export class RegionHealth extends Construct {
  /** Id of the health check of the region. */
  public readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: RegionHealthProps) {
    super(scope, id);
    const { deployment, region, health } = props;
    const models = new Construct(this, "model");
    this.healthCheckId = new CalculatedHealthCheck(this, "region", {
      name: `${deployment} ${region.name}`,
      children: region.models.map((model) => this.model(new Construct(models, model.name), model, props)),
      healthyAtLeast: Math.min(health.minimumHealthyModels, region.models.length),
    }).healthCheckId;
  }

  private model(
    scope: Construct,
    model: DoorModel,
    { deployment, protocol, health, region, deployed }: RegionHealthProps,
  ): string {
    const name = `${deployment} ${region.name} ${model.name}`;
    const asked =
      model.asked === undefined
        ? []
        : [
            new EndpointHealthCheck(scope, "requests", {
              name: `${name} requests`,
              protocol: protocol === "https" ? "HTTPS" : "HTTP",
              host: region.hostName,
              path: model.asked,
              interval: health.interval === 30 ? 30 : 10,
              failureThreshold: health.failureThreshold,
              places: HEALTH_CHECKER_REGIONS.names,
            }),
          ];
    const boxes = new Construct(scope, "boxes");
    const counted = model.variants.map((variant) => {
      const alarm = deployed.alarm(variantId(model, variant));
      return new AlarmHealthCheck(boxes, variant.name, {
        name: `${name} boxes of ${variant.name}`,
        alarmName: alarm.name,
        alarmRegion: region.name,
        whenUnknown: whenUnknown(model),
        watches: alarm.watches,
      });
    });
    return new CalculatedHealthCheck(scope, "served", {
      name,
      children: [...asked, ...counted].map(({ healthCheckId }) => healthCheckId),
    }).healthCheckId;
  }
}
