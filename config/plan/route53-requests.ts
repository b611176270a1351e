import { HEALTH_CHECKER_CODE } from "../../aws/route53";
import { tlsPolicy } from "../../aws/tls-policies";
import type { ServingFile } from "../schema/deployment";
import type { RegionEntry } from "./deployment";
import type { Model } from "./model";

/**
 * Why Route 53 cannot, or must not, health-check a model through the load balancer; undefined when it can. Whether it
 * does also depends on the number of such models: see `regionGlobalEndpoint`.
 */
export function healthCheckObstacle(file: ServingFile, model: Model, entry: RegionEntry): string | undefined {
  if (file.globalEndpoint?.health?.requests === false) {
    return "globalEndpoint.health.requests is false";
  }
  if (entry.scheme === "internal") {
    return "the load balancer is internal";
  }
  if (entry.callers.kind === "mtls") {
    return "the load balancer asks for a certificate, and its health checks have none";
  }
  if (model.protocol !== "http1") {
    return `its health checks use HTTP/1.1, and ${model.name} uses ${model.protocol}`;
  }
  if (model.healthPort !== model.port) {
    return `the health check of ${model.name} is at port ${model.healthPort}, which the load balancer does not serve`;
  }
  if (!acceptsSuccessOnly(model.matcher)) {
    return `it accepts ${HEALTH_CHECKER_CODE.min}–${HEALTH_CHECKER_CODE.max} as healthy, and ${model.name} has ${model.matcher}`;
  }
  return entry.protocol === "https" && tlsPolicy(entry.tlsPolicy)?.oldest === "1.3"
    ? "its health checks use TLS up to 1.2"
    : undefined;
}

/**
 * Whether Route 53 accepts every status code of the matcher as healthy (Route 53 API, HealthCheckConfig, Type). With any
 * other code, instances could be healthy for the load balancer while their region is never healthy for Route 53.
 */
function acceptsSuccessOnly(matcher: string): boolean {
  return matcher.split(",").every((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return first >= HEALTH_CHECKER_CODE.min && last <= HEALTH_CHECKER_CODE.max;
  });
}
