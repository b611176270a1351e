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
import { requireText, requireWithin } from "../require-within";
import { type TargetGroupHealth, targetGroupHealth } from "./target-group-health";
import { type HealthCheck, healthCheck } from "./target-health-check";

/** Keeps a client at one target, by a cookie. */
export interface Stickiness {
  /** Seconds the client stays, 1 to 604800 (a week). */
  readonly duration: number;

  /**
   * Name of a cookie the application itself sets; the stickiness then ends with that cookie. Must not begin
   * with `AWSALB`.
   *
   * @default the load balancer makes a cookie of its own
   */
  readonly cookieName?: string;
}

/** Props of {@link TargetGroup}. */
export interface TargetGroupProps {
  /**
   * Name, unique in the account and region: at most 32 letters, digits and inner hyphens. A change of
   * `vpcId`, `port`, `protocol`, `protocolVersion` or `targetControlPort` forces a replacement, which stands
   * before the old one goes, so the name must change with them.
   */
  readonly name: string;

  /** The network the targets are in. */
  readonly vpcId: string;

  /** The port the targets serve at, 1 to 65535. With Target Optimizer, that of the agent. */
  readonly port: number;

  /** How the load balancer speaks to the targets. It does not verify their certificates. */
  readonly protocol: "HTTP" | "HTTPS";

  /**
   * HTTP2 and GRPC need an HTTPS listener that only forwards; over GRPC, a client of HTTP/1.1 is told 464.
   *
   * @default "HTTP1"
   */
  readonly protocolVersion?: "HTTP1" | "HTTP2" | "GRPC";

  /** How a target proves that it can serve. */
  readonly healthCheck: HealthCheck;

  /**
   * How the load balancer picks a target.
   *
   * @default "least_outstanding_requests", for requests that take seconds and differ in length; with
   *   `targetControlPort`, "round_robin", the only one there
   */
  readonly algorithm?: Algorithm;

  /**
   * Whether targets that fail more than others get fewer requests. Only with `weighted_random`, and at work
   * only from 3 healthy targets.
   *
   * @default false
   */
  readonly anomalyMitigation?: boolean;

  /**
   * Seconds a new target's share grows from nothing to full, 30 to 900, or 0 for at once. Only with
   * `round_robin`.
   *
   * @default 0
   */
  readonly slowStart?: number;

  /**
   * Keeps a client at one target. Not with `weighted_random`, `crossZone: "false"` or `targetControlPort`.
   * Where a rule forwards to several target groups, the rule must be sticky too.
   *
   * @default each request may go to another target
   */
  readonly stickiness?: Stickiness;

  /**
   * Seconds a target that leaves may still finish its requests, 0 to 3600. Those longer are cut with 502.
   *
   * @default 300
   */
  readonly deregistrationDelay?: number;

  /**
   * Whether a node of the load balancer sends to targets in other zones. With "false", clients of a zone
   * without a target get 503.
   *
   * @default "use_load_balancer_configuration", which for an Application Load Balancer means yes
   */
  readonly crossZone?: "true" | "false" | "use_load_balancer_configuration";

  /**
   * When a zone, or the whole target group, counts as unhealthy.
   *
   * @default DNS fails over, and requests go to unhealthy targets too, when no target is healthy
   */
  readonly health?: TargetGroupHealth;

  /**
   * The port, 1 to 65535, at which Target Optimizer's agent on each target takes a bounded number of requests
   * at a time. Another than `port`, which is then the agent's too. Only with `round_robin`, without
   * stickiness, and with health checks through `port`. WebSockets get 501; 503 when no target is ready.
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
 * A target group of instances. Everything AWS would refuse only when it is created is refused at synthesis,
 * because neither `terraform validate` nor `terraform plan` looks.
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
  /** The end of the ARN, as CloudWatch and Auto Scaling want it: `targetgroup/<name>/<id>`. */
  public readonly arnSuffix: string;
  /** The name. */
  public readonly name: string;
  /** The target group. */
  public readonly resource: LbTargetGroup;

  /**
   * @throws RangeError when a number is out of its range
   * @throws Error when the name is none, or two settings exclude one another
   */
  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    const {
      algorithm = defaultAlgorithm(props),
      slowStart = 0,
      deregistrationDelay = DEREGISTRATION_DELAY.default,
    } = props;
    requireText("target group name", props.name, TARGET_GROUP_NAME);
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

/** Written out even when it is off: the provider does not notice when the block disappears, and leaves it on. */
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
      `stickiness.cookieName "${stickiness.cookieName}" must not begin with "${STICKINESS_COOKIE.reservedPrefix}"; AWS keeps that for itself`,
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
    throw new Error(`targetControlPort must be another than port ${props.port}: the agent listens at both`);
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
