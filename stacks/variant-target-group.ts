import type { Construct } from "constructs";
import { PROTOCOL_VERSIONS } from "../config/plan/boot-config";
import type { Model, Variant } from "../config/plan/model";
import { TargetGroup } from "../constructs/load-balancer/target-group";

/** The target group of a variant, with the times its model needs. */
export function variantTargetGroup(
  scope: Construct,
  model: Model,
  variant: Variant,
  vpcId: string,
): TargetGroup {
  const { timing, stickiness, dnsFailover, unhealthyStateRouting } = model;
  return new TargetGroup(scope, "targets", {
    name: variant.targetGroupName,
    vpcId,
    port: model.targetPort,
    protocol: model.targetProtocol,
    protocolVersion: PROTOCOL_VERSIONS[model.protocol],
    healthCheck: {
      path: model.healthPath,
      ...(model.healthPort === model.targetPort ? {} : { port: model.healthPort, protocol: "HTTP" }),
      interval: timing.healthInterval.value,
      timeout: timing.healthTimeout.value,
      healthyThreshold: timing.healthyThreshold.value,
      unhealthyThreshold: timing.unhealthyThreshold.value,
      matcher: model.matcher,
    },
    algorithm: model.algorithm,
    anomalyMitigation: model.anomalyMitigation,
    slowStart: timing.slowStart.value,
    stickiness: stickiness.instance === undefined ? undefined : { duration: stickiness.instance },
    deregistrationDelay: timing.drain.value,
    targetControlPort: model.targetOptimizer?.controlPort,
    crossZone: crossZone(model),
    health: { dnsFailover, unhealthyStateRouting },
  });
}

function crossZone({ crossZone: spread }: Model): "true" | "false" | "use_load_balancer_configuration" {
  if (spread === "as the load balancer does") {
    return "use_load_balancer_configuration";
  }
  return spread ? "true" : "false";
}
