import { type Json, listOf } from "../../testing/terraform/json";
import type { EndpointGroupModel, HealthCheckModel, RecordModel } from "../model";
import { addressIn, block, flag, number, type Reading, text, word } from "./reading";
import { unknownIn } from "./resolve";

/** Checkers in each region of a health check. */
const CHECKERS_A_REGION = 2;

/** The health checks of Route 53 of a stack. Source of the defaults: the provider's documentation. */
export function readHealthChecks(reading: Reading): readonly HealthCheckModel[] {
  return reading.resources("aws_route53_health_check").flatMap((resource): readonly HealthCheckModel[] => {
    const { address, body } = resource;
    const common = { address, inverted: flag(body.invert_healthcheck, false) };
    switch (body.type) {
      case "CALCULATED": {
        const children = listOf(body.child_healthchecks).flatMap((child) => addressIn(child) ?? []);
        const healthyAt = number(body.child_health_threshold, children.length);
        return [{ ...common, type: "calculated", children, healthyAt }];
      }
      case "CLOUDWATCH_METRIC":
        return [
          {
            ...common,
            type: "alarm",
            region: text(body.cloudwatch_alarm_region, ""),
            alarm: text(body.cloudwatch_alarm_name, ""),
            withoutData: word(
              body.insufficient_data_health_status,
              "LastKnownStatus",
              "Healthy",
              "Unhealthy",
            ),
          },
        ];
      case "HTTP":
      case "HTTPS":
        return [{ ...common, ...endpointOf(body, body.type) }];
      default:
        reading.note(resource, `is of the type ${body.type}, which is not simulated: it is healthy here`);
        return [];
    }
  });
}

function endpointOf(body: Json, protocol: "HTTP" | "HTTPS") {
  const regions = listOf(body.regions).length;
  return {
    type: "endpoint" as const,
    protocol,
    host: text(body.fqdn, text(body.ip_address, "")),
    port: number(body.port, protocol === "HTTPS" ? 443 : 80),
    path: text(body.resource_path, "/"),
    interval: number(body.request_interval, 30),
    failureThreshold: number(body.failure_threshold, 3),
    checkers: regions > 0 ? regions * CHECKERS_A_REGION : undefined,
  };
}

/** The endpoint groups of the accelerators of a stack. Source of the default: the provider's documentation. */
export function readEndpointGroups(reading: Reading): readonly EndpointGroupModel[] {
  return reading.resources("aws_globalaccelerator_endpoint_group").map(({ body }) => ({
    region: text(body.endpoint_group_region, ""),
    dial: number(body.traffic_dial_percentage, 100),
  }));
}

/**
 * The records that lead to load balancers, and to other such records.
 *
 * @param regionOf the region of a stack
 */
export function readRecords(
  reading: Reading,
  regionOf: (stack: string) => string | undefined,
): readonly RecordModel[] {
  const resources = reading.resources("aws_route53_record");
  return resources.flatMap((resource): readonly RecordModel[] => {
    const { address, body } = resource;
    const to = destination(block(body, "alias"), regionOf);
    return to === undefined
      ? []
      : [
          {
            address,
            name: text(body.name, ""),
            type: text(body.type, "A"),
            healthCheck: addressIn(body.health_check_id),
            to,
            policy: policyOf(body),
          },
        ];
  });

  function destination(
    alias: Json,
    regionIn: (stack: string) => string | undefined,
  ): RecordModel["to"] | undefined {
    const evaluateHealth = flag(alias?.evaluate_target_health, false);
    const unknown = unknownIn(alias?.name);
    const region = unknown && regionIn(unknown.stack);
    if (unknown && region !== undefined && /^aws_a?lb\./.test(unknown.address)) {
      return { kind: "load balancer", region, loadBalancer: unknown.address, evaluateHealth };
    }
    const other = resources.find(({ address }) => address === unknown?.address);
    const name = other?.body.name ?? (unknown === undefined ? alias?.name : undefined);
    return typeof name === "string" ? { kind: "record", name, evaluateHealth } : undefined;
  }
}

function policyOf(body: Json): RecordModel["policy"] {
  const [weighted, latency, failover] = ["weighted", "latency", "failover"].map((kind) =>
    block(body, `${kind}_routing_policy`),
  );
  if (weighted !== undefined) {
    return { kind: "weighted", weight: number(weighted.weight, 0) };
  }
  if (latency !== undefined) {
    return { kind: "latency", region: text(latency.region, "") };
  }
  return failover === undefined
    ? { kind: "simple" }
    : { kind: "failover", primary: failover.type === "PRIMARY" };
}
