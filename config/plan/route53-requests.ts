import { HEALTH_CHECKER_CODE } from "../../aws/route53";
import { tlsPolicy } from "../../aws/tls-policies";
import type { ServingFile } from "../schema/deployment";
import type { RegionEntry } from "./deployment";
import type { Model } from "./model";

/**
 * Why Route 53 cannot ask a model how it is, or must not; nothing, when it can. Whether it does depends on how many it
 * can ask, see `regionGlobalEndpoint`.
 */
export function healthCheckObstacle(file: ServingFile, model: Model, entry: RegionEntry): string | undefined {
  if (file.globalEndpoint?.health?.requests === false) {
    return "globalEndpoint.health.requests is false";
  }
  if (entry.scheme === "internal") {
    return "the load balancer is internal";
  }
  if (model.protocol !== "http1") {
    return `it speaks HTTP/1.1, and ${model.name} ${model.protocol}`;
  }
  if (model.healthPort !== model.port) {
    return `${model.name} tells its health at port ${model.healthPort}, which the load balancer does not serve`;
  }
  if (!acceptsSuccessOnly(model.matcher)) {
    return `it takes ${HEALTH_CHECKER_CODE.min}–${HEALTH_CHECKER_CODE.max} for healthy, and ${model.name} says ${model.matcher}`;
  }
  return entry.protocol === "https" && tlsPolicy(entry.tlsPolicy)?.oldest === "1.3"
    ? "it speaks TLS up to 1.2"
    : undefined;
}

/**
 * Whether all of the codes that mean healthy mean so to Route 53 too (Route 53 API, HealthCheckConfig, Type). With any
 * other, instances could be healthy to the load balancer for ever, and their region never.
 */
function acceptsSuccessOnly(matcher: string): boolean {
  return matcher.split(",").every((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return first >= HEALTH_CHECKER_CODE.min && last <= HEALTH_CHECKER_CODE.max;
  });
}
