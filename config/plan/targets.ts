import { type Algorithm, HEALTHY_TARGETS_COUNT } from "../../aws/limits";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { presetOf } from "../servers/presets";
import type { HealthyShare, Model } from "./model";

/** What the target groups of a model are set to, beside their times. */
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

/** Everything that is said of the target groups of a model. */
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

/** Requests to language models differ in length; Target Optimizer wants its own algorithm. */
export function algorithmOf({
  algorithm,
  targetOptimizer,
}: Pick<ModelFile, "algorithm" | "targetOptimizer">): Algorithm {
  return algorithm ?? (targetOptimizer ? "round_robin" : "least_outstanding_requests");
}

/** Below which number of healthy instances a load balancer gives up, of a model that does not say it. */
const ONE = { count: HEALTHY_TARGETS_COUNT.default } as const;

/**
 * Below which number of healthy instances a zone leaves DNS: as written, and one where nothing is. Behind an
 * accelerator AWS wants no such number.
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

/** Asked for of a gRPC server that names no path of its own; any answer, also UNIMPLEMENTED (12), is a sign of life. */
const GRPC_HEALTH_PATH = "/AWS.ALB/healthcheck";

function healthPathOf({ health, protocol, server }: ModelFile): string {
  return health.path ?? (protocol === "grpc" ? GRPC_HEALTH_PATH : (presetOf(server)?.healthPath ?? "/"));
}
