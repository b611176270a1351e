import { type Json, listOf } from "../../testing/terraform/json";
import type {
  LoadBalancerModel,
  StickinessModel,
  TargetGroupModel,
  TargetHealthCheckModel,
  ThresholdModel,
} from "../model";
import { readListeners } from "./listeners";
import { block, flag, number, type Reading, text, word } from "./reading";
import type { Zones } from "./zones";

/** The Application Load Balancers of a stack. Source of the defaults: the provider's documentation of aws_lb. */
export function readLoadBalancers(reading: Reading, zones: Zones): readonly LoadBalancerModel[] {
  return reading.resources("aws_lb", "aws_alb").flatMap((resource) => {
    const { address, body } = resource;
    if (text(body.load_balancer_type, "application") !== "application") {
      reading.note(resource, "is no Application Load Balancer, and is not simulated");
      return [];
    }
    const mappings = listOf(body.subnet_mapping).map((mapping: Json) => mapping.subnet_id);
    return [
      {
        address,
        name: text(body.name, address),
        zones: zones.of([...listOf(body.subnets), ...mappings]),
        idleTimeout: number(body.idle_timeout, 60),
        clientKeepAlive: number(body.client_keep_alive, 3600),
        dropInvalidHeaders: flag(body.drop_invalid_header_fields, false),
        forwardedFor: word(body.xff_header_processing_mode, "append", "preserve", "remove"),
        zonalShift: flag(body.enable_zonal_shift, false),
        listeners: readListeners(reading, address),
      },
    ];
  });
}

/** The target groups of a stack. Source of the defaults: the provider's documentation of aws_lb_target_group. */
export function readTargetGroups(reading: Reading): readonly TargetGroupModel[] {
  return reading.resources("aws_lb_target_group", "aws_alb_target_group").map((resource) => {
    const { address, body } = resource;
    if (body.load_balancing_anomaly_mitigation === "on") {
      reading.note(
        resource,
        "has anomaly mitigation, which is not simulated: all targets have the same weight",
      );
    }
    if (body.target_control_port !== undefined) {
      reading.note(
        resource,
        "has a target control port, which is not simulated: targets take any number of requests",
      );
    }
    const health = block(body, "target_group_health");
    const crossZone = text(body.load_balancing_cross_zone_enabled, "use_load_balancer_configuration");
    return {
      address,
      name: text(body.name, address),
      port: number(body.port, 80),
      protocol: word(body.protocol, "HTTP", "HTTPS"),
      protocolVersion: word(body.protocol_version, "HTTP1", "HTTP2", "GRPC"),
      algorithm: word(
        body.load_balancing_algorithm_type,
        "round_robin",
        "least_outstanding_requests",
        "weighted_random",
      ),
      slowStart: number(body.slow_start, 0),
      deregistrationDelay: number(body.deregistration_delay, 300),
      // A load balancer of this kind has it on. Source: ELB user guide, "Cross-zone load balancing".
      crossZone: crossZone !== "false",
      stickiness: readStickiness(block(body, "stickiness")),
      healthCheck: readHealthCheck(block(body, "health_check"), body.protocol_version === "GRPC"),
      routingThreshold: readThreshold(block(health, "unhealthy_state_routing")),
      dnsThreshold: readThreshold(block(health, "dns_failover")),
    };
  });
}

function readStickiness(given: Json): StickinessModel | undefined {
  if (given === undefined || !flag(given.enabled, true)) {
    return undefined;
  }
  const seconds = number(given.cookie_duration, 86_400);
  return given.type === "app_cookie"
    ? { by: "application", cookie: text(given.cookie_name, ""), seconds }
    : { by: "load balancer", seconds };
}

/** Source of the defaults of gRPC: ELB user guide, "Target group health checks", HealthCheckPath and Matcher. */
function readHealthCheck(given: Json, isGrpc: boolean): TargetHealthCheckModel {
  return {
    enabled: flag(given?.enabled, true),
    protocol: word(given?.protocol, "HTTP", "HTTPS"),
    port: given?.port === "traffic-port" ? undefined : number(given?.port, 0) || undefined,
    path: text(given?.path, isGrpc ? "/AWS.ALB/healthcheck" : "/"),
    interval: number(given?.interval, 30),
    timeout: number(given?.timeout, 6),
    healthyThreshold: number(given?.healthy_threshold, 3),
    unhealthyThreshold: number(given?.unhealthy_threshold, 3),
    statuses: text(given?.matcher, isGrpc ? "12" : "200")
      .split(",")
      .map((part) => part.split("-").map(Number))
      .map(([least = 0, most = least]) => [least, most] as const),
  };
}

/** Source: ELB user guide, "Target group health": one healthy target, unless told otherwise. */
function readThreshold(given: Json): ThresholdModel {
  return {
    count: number(given?.minimum_healthy_targets_count, given === undefined ? 1 : 0),
    percentage: number(given?.minimum_healthy_targets_percentage, 0),
  };
}
