import { type Algorithm, HEALTHY_TARGETS_COUNT } from "../../aws/limits";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { presetOf } from "../servers/presets";
import type { HealthyShare, Model } from "./model";

/** Settings of a model's target groups, without the times. */
type TargetSettings = Pick<
  Model,
  | "algorithm"
  | "anomalyMitigation"
  | "stickiness"
  | "crossZone"
  | "healthPath"
  | "matcher"
  | "dnsFailover"
  | "unhealthyStateRouting"
>;

/** Settings of a model's target groups, resolved from the file. */
export function targetSettings(file: ServingFile, model: ModelFile): TargetSettings {
  const { routing, dnsFailover } = model.healthyTargets;
  return {
    algorithm: algorithmOf(model),
    anomalyMitigation: model.anomalyMitigation,
    stickiness: model.stickiness,
    crossZone: model.crossZone ?? "as the load balancer does",
    healthPath: healthPathOf(model),
    matcher: model.health.matcher ?? (model.protocol === "grpc" ? "12" : "200"),
    dnsFailover: dnsFailoverOf(file, dnsFailover),
    unhealthyStateRouting: { ...routing, count: routing.count ?? ONE.count },
  };
}

/** The algorithm: as written; else least outstanding requests, because requests to language models differ in length, or the one that Target Optimizer requires. */
export function algorithmOf({
  algorithm,
  targetOptimizer,
}: Pick<ModelFile, "algorithm" | "targetOptimizer">): Algorithm {
  return algorithm ?? (targetOptimizer ? "round_robin" : "least_outstanding_requests");
}

/** Default of both thresholds of healthy instances. */
const ONE = { count: HEALTHY_TARGETS_COUNT.default } as const;

/**
 * Below which number of healthy instances a zone is removed from DNS: as written, or one. Default behind an
 * accelerator: `off`, as AWS requires.
 */
export function dnsFailoverOf(
  { globalEndpoint }: ServingFile,
  written: ModelFile["healthyTargets"]["dnsFailover"],
): HealthyShare | "off" {
  if (written === undefined) {
    return globalEndpoint?.routing === "accelerator" ? "off" : ONE;
  }
  return written === "off" || written.count !== undefined || written.percentage !== undefined ? written : ONE;
}

/** Default path of gRPC health checks, as in AWS. A server without this method answers UNIMPLEMENTED (12), which counts as healthy. */
const GRPC_HEALTH_PATH = "/AWS.ALB/healthcheck";

function healthPathOf({ health, protocol, server }: ModelFile): string {
  return health.path ?? (protocol === "grpc" ? GRPC_HEALTH_PATH : (presetOf(server)?.healthPath ?? "/"));
}

/** TCP ports of the instances that the load balancer connects to: of requests, of health checks, of Target Optimizer. */
export function instancePorts({
  targetPort,
  healthPort,
  targetOptimizer,
}: Pick<Model, "targetPort" | "healthPort" | "targetOptimizer">): readonly number[] {
  return [...new Set([targetPort, healthPort, ...(targetOptimizer ? [targetOptimizer.controlPort] : [])])];
}
