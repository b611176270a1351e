import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import {
  type Algorithm,
  DEREGISTRATION_DELAY,
  PORT,
  SLOW_START,
  STICKINESS_COOKIE,
  STICKINESS_DURATION,
  TARGET_GROUP_NAME,
} from "../../aws/limits";
import { requireId, requireText, requireWithin } from "../require-within";
import { type TargetGroupHealth, targetGroupHealth } from "./target-group-health";
import { type HealthCheck, healthCheck } from "./target-health-check";

/** Keeps a client with one target, by a cookie. */
export interface Stickiness {
  /** Seconds the client stays, 1 to 604800 (a week). */
  readonly duration: number;

  /**
   * Name of a cookie that the application itself sets. The stickiness then ends with that cookie. The name must not
   * begin with `AWSALB`.
   *
   * @default the load balancer sets a cookie of its own
   */
  readonly cookieName?: string;
}

/** Props of {@link TargetGroup}. */
export interface TargetGroupProps {
  /**
   * Name, unique in the account and region: at most 32 letters, digits and inner hyphens. A change of `vpcId`, `port`,
   * `protocol`, `protocolVersion` or `targetControlPort` replaces the target group. The new one is created before the
   * old one is deleted, so the name must change too.
   */
  readonly name: string;

  /** The VPC of the targets. */
  readonly vpcId: string;

  /** The port of the targets, 1 to 65535. With Target Optimizer, the port of its agent. */
  readonly port: number;

  /** The protocol to the targets. The load balancer does not verify their certificates. */
  readonly protocol: "HTTP" | "HTTPS";

  /**
   * HTTP2 and GRPC need an HTTPS listener that only forwards. With GRPC, an HTTP/1.1 client gets status 464.
   *
   * @default "HTTP1"
   */
  readonly protocolVersion?: "HTTP1" | "HTTP2" | "GRPC";

  /** The health check of the targets. */
  readonly healthCheck: HealthCheck;

  /**
   * How the load balancer chooses a target.
   *
   * @default "least_outstanding_requests", which suits requests that take seconds and differ in length; with
   *   `targetControlPort`, "round_robin", the only one allowed there
   */
  readonly algorithm?: Algorithm;

  /**
   * Whether targets that fail more than others get fewer requests. Only with `weighted_random`. It acts only with at
   * least 3 healthy targets.
   *
   * @default false
   */
  readonly anomalyMitigation?: boolean;

  /**
   * Seconds in which a new target's share of requests grows from none to full, 30 to 900; 0 means at once. Only with
   * `round_robin`.
   *
   * @default 0
   */
  readonly slowStart?: number;

  /**
   * Keeps a client with one target. Not with `weighted_random`, `crossZone: "false"` or `targetControlPort`.
   * When a rule forwards to several target groups, the rule must be sticky too.
   *
   * @default each request may go to another target
   */
  readonly stickiness?: Stickiness;

  /**
   * Seconds a deregistered target may finish its requests, 0 to 3600. Longer requests are cut with 502.
   *
   * @default 300
   */
  readonly deregistrationDelay?: number;

  /**
   * Whether a load balancer node sends requests to targets in other zones. With "false", clients of a zone without a
   * target get 503.
   *
   * @default "use_load_balancer_configuration", which means "true" for an Application Load Balancer
   */
  readonly crossZone?: "true" | "false" | "use_load_balancer_configuration";

  /**
   * When a zone, or the whole target group, is considered unhealthy.
   *
   * @default DNS fails over, and requests go to unhealthy targets too, when no target is healthy
   */
  readonly health?: TargetGroupHealth;

  /**
   * The control port of the Target Optimizer agent on each target, 1 to 65535, other than `port`, which is then the
   * agent's too. The agent limits how many requests a target gets at a time. Only with `round_robin`, without
   * stickiness, and with health checks through `port`. WebSocket requests get 501, and all requests 503 when no target
   * is ready.
   *
   * @default no Target Optimizer
   */
  readonly targetControlPort?: number;

  /**
   * Tags of the target group.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * A target group of instances. What AWS would refuse at creation is refused at synthesis, because neither
 * `terraform validate` nor `terraform plan` checks it.
 *
 * Source: ELB user guide, "Target groups for your Application Load Balancers".
 *
 * @example
 * const targetGroup = new TargetGroup(this, "llama", {
 *   name: "chat-llama-3f9a2c",
 *   vpcId: network.vpcId,
 *   port: 8000,
 *   protocol: "HTTP",
 *   healthCheck: { path: "/health", interval: 10, timeout: 5 },
 *   deregistrationDelay: 600,
 * });
 */
export class TargetGroup extends Construct {
  /** The ARN. */
  public readonly arn: string;
  /** The end of the ARN, for CloudWatch and Auto Scaling: `targetgroup/<name>/<id>`. */
  public readonly arnSuffix: string;
  /** The name. */
  public readonly name: string;
  /** The target group. */
  public readonly resource: LbTargetGroup;

  /**
   * @throws RangeError when a number is out of its range
   * @throws Error when AWS would refuse the name, or two settings exclude one another
   */
  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    const {
      algorithm = defaultAlgorithm(props),
      slowStart = 0,
      deregistrationDelay = DEREGISTRATION_DELAY.default,
    } = props;
    requireText("target group name", props.name, TARGET_GROUP_NAME);
    requireId("vpcId", props.vpcId, "vpc");
    requireWithin("port", props.port, PORT);
    requireWithin("deregistrationDelay", deregistrationDelay, DEREGISTRATION_DELAY);
    requireSuitsAlgorithm(props, algorithm);
    requireValidStickiness(props);
    requireSuitsTargetOptimizer(props, algorithm);

    this.resource = new LbTargetGroup(this, "Resource", {
      name: props.name,
      vpcId: props.vpcId,
      targetType: "instance",
      port: props.port,
      protocol: props.protocol,
      protocolVersion: props.protocolVersion ?? "HTTP1",
      healthCheck: healthCheck(props.healthCheck, props.protocol, props.protocolVersion ?? "HTTP1"),
      loadBalancingAlgorithmType: algorithm,
      loadBalancingAnomalyMitigation:
        algorithm === "weighted_random" ? (props.anomalyMitigation ? "on" : "off") : undefined,
      slowStart,
      stickiness: stickiness(props.stickiness),
      deregistrationDelay: String(deregistrationDelay),
      loadBalancingCrossZoneEnabled: props.crossZone ?? "use_load_balancer_configuration",
      targetGroupHealth: targetGroupHealth(props.health),
      targetControlPort: props.targetControlPort,
      tags: props.tags,
      lifecycle: { createBeforeDestroy: true },
    });
    this.arn = this.resource.arn;
    this.arnSuffix = this.resource.arnSuffix;
    this.name = this.resource.name;
  }
}

function defaultAlgorithm(props: TargetGroupProps): Algorithm {
  return props.targetControlPort === undefined ? "least_outstanding_requests" : "round_robin";
}

/** The block is written even when stickiness is off: without it the provider sees no change and leaves it on. */
function stickiness(wanted: Stickiness | undefined) {
  if (wanted === undefined) {
    return { enabled: false, type: "lb_cookie" };
  }
  return {
    enabled: true,
    type: wanted.cookieName === undefined ? "lb_cookie" : "app_cookie",
    cookieName: wanted.cookieName,
    cookieDuration: wanted.duration,
  };
}

function requireSuitsAlgorithm(props: TargetGroupProps, algorithm: Algorithm): void {
  const { slowStart = 0, anomalyMitigation = false } = props;
  if (anomalyMitigation && algorithm !== "weighted_random") {
    throw new Error(`anomalyMitigation works only with algorithm "weighted_random", not "${algorithm}"`);
  }
  if (slowStart === 0) {
    return;
  }
  requireWithin("slowStart, if not 0,", slowStart, SLOW_START);
  if (algorithm !== "round_robin") {
    throw new Error(`slowStart works only with algorithm "round_robin", not "${algorithm}"`);
  }
}

function requireValidStickiness({ stickiness, algorithm, crossZone }: TargetGroupProps): void {
  if (stickiness === undefined) {
    return;
  }
  requireWithin("stickiness.duration", stickiness.duration, STICKINESS_DURATION);
  if (stickiness.cookieName?.startsWith(STICKINESS_COOKIE.reservedPrefix)) {
    throw new Error(
      `stickiness.cookieName "${stickiness.cookieName}" must not begin with "${STICKINESS_COOKIE.reservedPrefix}", which AWS reserves`,
    );
  }
  if (algorithm === "weighted_random") {
    throw new Error('stickiness does not work with algorithm "weighted_random"');
  }
  if (crossZone === "false") {
    throw new Error('stickiness does not work with crossZone "false"');
  }
}

function requireSuitsTargetOptimizer(props: TargetGroupProps, algorithm: Algorithm): void {
  const { targetControlPort } = props;
  if (targetControlPort === undefined) {
    return;
  }
  requireWithin("targetControlPort", targetControlPort, PORT);
  if (targetControlPort === props.port) {
    throw new Error(`targetControlPort must differ from port ${props.port}: the agent listens on both`);
  }
  if (algorithm !== "round_robin") {
    throw new Error(`targetControlPort works only with algorithm "round_robin", not "${algorithm}"`);
  }
  if (props.stickiness !== undefined) {
    throw new Error("targetControlPort does not work with stickiness");
  }
  if (props.healthCheck.port !== undefined && props.healthCheck.port !== props.port) {
    throw new Error(
      `with targetControlPort, health checks go through port ${props.port}: leave healthCheck.port out`,
    );
  }
}
