import type { Construct } from "constructs";
import { PROTOCOL_VERSIONS } from "../config/plan/boot-config";
import type { Model, Variant } from "../config/plan/deployment";
import { TargetGroup } from "../constructs/load-balancer/target-group";

/** The target group of a variant, with the times its model needs. */
export function variantTargetGroup(
  scope: Construct,
  model: Model,
  variant: Variant,
  vpcId: string,
): TargetGroup {
  const { file, timing, dnsFailover } = model;
  return new TargetGroup(scope, "targets", {
    name: variant.targetGroupName,
    vpcId,
    port: model.targetPort,
    protocol: model.targetProtocol,
    protocolVersion: PROTOCOL_VERSIONS[file.protocol],
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
    anomalyMitigation: file.anomalyMitigation,
    slowStart: timing.slowStart.value,
    stickiness: file.stickiness.instance === undefined ? undefined : { duration: file.stickiness.instance },
    deregistrationDelay: timing.drain.value,
    targetControlPort: model.targetOptimizer?.controlPort,
    crossZone: crossZone(file.crossZone),
    health: { dnsFailover, unhealthyStateRouting: file.healthyTargets.routing },
  });
}

function crossZone(spread: boolean | undefined): "true" | "false" | "use_load_balancer_configuration" {
  if (spread === undefined) {
    return "use_load_balancer_configuration";
  }
  return spread ? "true" : "false";
}
