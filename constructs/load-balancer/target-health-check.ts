import type { LbTargetGroupHealthCheck } from "@cdktf/provider-aws/lib/lb-target-group";
import { Token } from "cdktf";
import { requireWithin } from "../require-within";

/** Source of the ranges: ELB API reference, CreateTargetGroup. */
const HIGHEST_PORT = 65_535;
const SHORTEST_INTERVAL = 5;
const LONGEST_INTERVAL = 300;
const SHORTEST_TIMEOUT = 2;
const LONGEST_TIMEOUT = 120;
const LOWEST_THRESHOLD = 2;
const HIGHEST_THRESHOLD = 10;

/** How a load balancer asks a target whether it can serve. */
export interface HealthCheck {
  /** What is asked for: a path beginning with `/`, or with GRPC a method, `/package.service/method`. */
  readonly path: string;

  /**
   * The port that is asked, 1 to 65535.
   *
   * @default the port of the target group
   */
  readonly port?: number;

  /**
   * How it is asked. Certificates are not verified.
   *
   * @default the protocol of the target group
   */
  readonly protocol?: "HTTP" | "HTTPS";

  /**
   * Seconds between two checks, 5 to 300.
   *
   * @default 30 (ELB API reference, CreateTargetGroup)
   */
  readonly interval?: number;

  /**
   * Seconds without an answer that make a check fail, 2 to 120 and less than `interval`.
   *
   * @default 5 (ELB API reference, CreateTargetGroup)
   */
  readonly timeout?: number;

  /**
   * Checks in a row that make an unhealthy target healthy, 2 to 10. A target that is new needs only one.
   *
   * @default 5 (ELB API reference, CreateTargetGroup)
   */
  readonly healthyThreshold?: number;

  /**
   * Checks in a row that make a target unhealthy, 2 to 10.
   *
   * @default 2 (ELB API reference, CreateTargetGroup)
   */
  readonly unhealthyThreshold?: number;

  /**
   * Codes that mean healthy: codes and ranges between commas, as in `200,204-299`. HTTP codes from 200 to
   * 499; with GRPC, gRPC codes from 0 to 99.
   *
   * @default "200"; with GRPC "0", which a method that exists answers
   */
  readonly matcher?: string;
}

/**
 * The health check as the provider wants it, every value written out: the provider's own defaults are not
 * those of AWS.
 *
 * @throws RangeError when a number is out of its range
 * @throws Error when the path does not begin with `/`, the timeout is not less than the interval, or the matcher
 *   is none
 */
export function healthCheck(
  check: HealthCheck,
  groupProtocol: "HTTP" | "HTTPS",
  protocolVersion: "HTTP1" | "HTTP2" | "GRPC",
): LbTargetGroupHealthCheck {
  const { interval = 30, timeout = 5, healthyThreshold = 5, unhealthyThreshold = 2 } = check;
  const { matcher = protocolVersion === "GRPC" ? "0" : "200" } = check;
  requirePath(check.path);
  requireWithin("healthCheck.port", check.port, 1, HIGHEST_PORT);
  requireWithin("healthCheck.interval", interval, SHORTEST_INTERVAL, LONGEST_INTERVAL);
  requireWithin("healthCheck.timeout", timeout, SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
  requireWithin("healthCheck.healthyThreshold", healthyThreshold, LOWEST_THRESHOLD, HIGHEST_THRESHOLD);
  requireWithin("healthCheck.unhealthyThreshold", unhealthyThreshold, LOWEST_THRESHOLD, HIGHEST_THRESHOLD);
  requireTimeoutWithinInterval(timeout, interval);
  requireMatcher(matcher, protocolVersion === "GRPC" ? [0, 99] : [200, 499]);

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

/** Source: ELB API reference, CreateTargetGroup, HealthCheckPath. */
const LONGEST_PATH = 1_024;

function requirePath(path: string): void {
  if (!Token.isUnresolved(path) && (!path.startsWith("/") || path.length > LONGEST_PATH)) {
    throw new Error(
      `healthCheck.path must begin with "/" and have at most ${LONGEST_PATH} characters; got "${path}"`,
    );
  }
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

function requireMatcher(matcher: string, [lowest, highest]: readonly [number, number]): void {
  if (Token.isUnresolved(matcher)) {
    return;
  }
  const matches = matcher.split(",").every((part) => {
    const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
    return Number(first) >= lowest && Number(last) >= Number(first) && Number(last) <= highest;
  });
  if (!matches) {
    throw new Error(
      `healthCheck.matcher "${matcher}" must be codes or ranges from ${lowest} to ${highest} between commas, without spaces`,
    );
  }
}
