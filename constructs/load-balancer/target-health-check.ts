import type { LbTargetGroupHealthCheck } from "@cdktf/provider-aws/lib/lb-target-group";
import { Token } from "cdktf";
import {
  HEALTH_CHECK_GRPC_CODE,
  HEALTH_CHECK_HTTP_CODE,
  HEALTH_CHECK_INTERVAL,
  HEALTH_CHECK_PATH,
  HEALTH_CHECK_TIMEOUT,
  HEALTHY_THRESHOLD,
  type NumberLimit,
  PORT,
  UNHEALTHY_THRESHOLD,
} from "../../aws/limits";
import { requireText, requireWithin } from "../require-within";

/** The health check of a target. */
export interface HealthCheck {
  /** The path to request, beginning with `/`; with GRPC a method, `/package.service/method`. */
  readonly path: string;

  /**
   * The port to check, 1 to 65535.
   *
   * @default the port of the target group
   */
  readonly port?: number;

  /**
   * The protocol of the check. Certificates are not verified.
   *
   * @default the protocol of the target group
   */
  readonly protocol?: "HTTP" | "HTTPS";

  /**
   * Seconds between two checks, 5 to 300.
   *
   * @default 30, as AWS
   */
  readonly interval?: number;

  /**
   * Seconds after which a check without a response fails, 2 to 120 and less than `interval`.
   *
   * @default 5, as AWS
   */
  readonly timeout?: number;

  /**
   * Successful checks in a row that make an unhealthy target healthy, 2 to 10. A new target needs only one.
   *
   * @default 5, as AWS
   */
  readonly healthyThreshold?: number;

  /**
   * Failed checks in a row that make a target unhealthy, 2 to 10.
   *
   * @default 2, as AWS
   */
  readonly unhealthyThreshold?: number;

  /**
   * Codes that mean healthy: codes and ranges separated by commas, as in `200,204-299`. HTTP codes from 200 to 499;
   * with GRPC, gRPC codes from 0 to 99.
   *
   * @default "200"; with GRPC "0", the status of a successful call
   */
  readonly matcher?: string;
}

/**
 * The health check in the provider's form. Every value is written out, because the provider's own defaults are not
 * those of AWS.
 *
 * @throws RangeError when a number is out of its range
 * @throws Error when the path does not begin with `/`, the timeout is not less than the interval, or the matcher
 *   is malformed
 */
export function healthCheck(
  check: HealthCheck,
  groupProtocol: "HTTP" | "HTTPS",
  protocolVersion: "HTTP1" | "HTTP2" | "GRPC",
): LbTargetGroupHealthCheck {
  const { interval = HEALTH_CHECK_INTERVAL.default, timeout = HEALTH_CHECK_TIMEOUT.default } = check;
  const { healthyThreshold = HEALTHY_THRESHOLD.default, unhealthyThreshold = UNHEALTHY_THRESHOLD.default } =
    check;
  const { matcher = protocolVersion === "GRPC" ? "0" : String(HEALTH_CHECK_HTTP_CODE.default) } = check;
  requireText("healthCheck.path", check.path, HEALTH_CHECK_PATH);
  requireWithin("healthCheck.port", check.port, PORT);
  requireWithin("healthCheck.interval", interval, HEALTH_CHECK_INTERVAL);
  requireWithin("healthCheck.timeout", timeout, HEALTH_CHECK_TIMEOUT);
  requireWithin("healthCheck.healthyThreshold", healthyThreshold, HEALTHY_THRESHOLD);
  requireWithin("healthCheck.unhealthyThreshold", unhealthyThreshold, UNHEALTHY_THRESHOLD);
  requireTimeoutWithinInterval(timeout, interval);
  requireMatcher(matcher, protocolVersion === "GRPC" ? HEALTH_CHECK_GRPC_CODE : HEALTH_CHECK_HTTP_CODE);

  return {
    enabled: true,
    path: check.path,
    port: check.port === undefined ? "traffic-port" : String(check.port),
    protocol: check.protocol ?? groupProtocol,
    interval,
    timeout,
    healthyThreshold,
    unhealthyThreshold,
    matcher,
  };
}

function requireTimeoutWithinInterval(timeout: number, interval: number): void {
  if (Token.isUnresolved(timeout) || Token.isUnresolved(interval)) {
    return;
  }
  if (timeout >= interval) {
    throw new Error(
      `healthCheck.timeout (${timeout} s) must be less than healthCheck.interval (${interval} s)`,
    );
  }
}

function requireMatcher(matcher: string, { min, max }: Pick<NumberLimit, "min" | "max">): void {
  if (Token.isUnresolved(matcher)) {
    return;
  }
  const matches = matcher.split(",").every((part) => {
    const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
    return Number(first) >= min && Number(last) >= Number(first) && Number(last) <= max;
  });
  if (!matches) {
    throw new Error(
      `healthCheck.matcher "${matcher}" must be codes or ranges from ${min} to ${max}, separated by commas without spaces`,
    );
  }
}
