import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { PORT } from "../../aws/limits";
import {
  HEALTH_CHECK_CHILDREN,
  HEALTH_CHECK_FAILURES,
  HEALTH_CHECK_HOST,
  HEALTH_CHECK_INTERVALS,
  HEALTH_CHECK_RESOURCE_PATH,
  HEALTH_CHECKER_REGIONS,
  type HealthCheckerRegion,
} from "../../aws/route53";
import { requireText, requireWithin } from "../require-within";

/** Props that all health checks have. */
interface HealthCheckProps {
  /** Its name in the console. Route 53 stores it as the tag `Name`. */
  readonly name: string;

  /**
   * More tags of the health check.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/** Props of {@link EndpointHealthCheck}. */
export interface EndpointHealthCheckProps extends HealthCheckProps {
  /** Protocol of the requests. Route 53 does not verify certificates, and supports TLS up to 1.2. */
  readonly protocol: "HTTP" | "HTTPS";

  /** The host name to resolve (IPv4 addresses only) and to send in the request; at most 255 characters. */
  readonly host: string;

  /** The path to request, at most 255 characters. A status from 200 to 399 within 2 seconds means healthy. */
  readonly path: string;

  /**
   * TCP port, 1 to 65535.
   *
   * @default 443 for HTTPS, 80 for HTTP
   */
  readonly port?: number;

  /**
   * Seconds between two requests of each checker, 10 or 30. A change replaces the health check.
   *
   * @default 30
   */
  readonly interval?: (typeof HEALTH_CHECK_INTERVALS.seconds)[number];

  /**
   * Results in a row after which a checker changes its verdict, 1 to 10.
   *
   * @default 3
   */
  readonly failureThreshold?: number;

  /**
   * Regions that send the requests, three or more. Each has its own checkers, which do not coordinate.
   *
   * @default all eight
   */
  readonly places?: readonly HealthCheckerRegion[];
}

/**
 * A Route 53 health check of an endpoint, from several regions. It is healthy while more than 18 % of the checkers find
 * the endpoint healthy.
 *
 * Source: Route 53 developer guide, "How Amazon Route 53 determines whether a health check is healthy".
 *
 * @example
 * new EndpointHealthCheck(this, "health", {
 *   name: "chat us-east-1 llama",
 *   protocol: "HTTPS",
 *   host: "us-east-1.models.example.com",
 *   path: "/health",
 *   interval: 10,
 * });
 */
export class EndpointHealthCheck extends Construct {
  /** Id of the health check. */
  public readonly healthCheckId: string;

  /**
   * @throws RangeError when a number is out of its range
   * @throws Error when Route 53 would refuse the path or the host, or there are fewer than three places
   */
  constructor(scope: Construct, id: string, props: EndpointHealthCheckProps) {
    super(scope, id);
    requireWithin("port", props.port, PORT);
    requireWithin("failureThreshold", props.failureThreshold, HEALTH_CHECK_FAILURES);
    requireText("host of a health check", props.host, HEALTH_CHECK_HOST);
    requireText("path of a health check", props.path, HEALTH_CHECK_RESOURCE_PATH);
    if (!Token.isUnresolved(props.path) && !props.path.startsWith("/")) {
      throw new Error(`path of a health check must begin with "/"; got "${props.path}"`);
    }
    const places = props.places === undefined ? undefined : [...new Set(props.places)].sort();
    const { fewest } = HEALTH_CHECKER_REGIONS;
    if (places !== undefined && places.length < fewest) {
      throw new Error(`a health check needs at least ${fewest} places; got ${places.length}`);
    }
    this.healthCheckId = new Route53HealthCheck(this, "Resource", {
      type: props.protocol,
      fqdn: props.host,
      port: props.port ?? (props.protocol === "HTTPS" ? 443 : 80),
      resourcePath: props.path,
      requestInterval: props.interval ?? HEALTH_CHECK_INTERVALS.default,
      failureThreshold: props.failureThreshold ?? HEALTH_CHECK_FAILURES.default,
      enableSni: props.protocol === "HTTPS" ? true : undefined,
      regions: places,
      tags: { ...props.tags, Name: props.name },
      lifecycle: { createBeforeDestroy: true },
    }).id;
  }
}

/** Props of {@link AlarmHealthCheck}. */
export interface AlarmHealthCheckProps extends HealthCheckProps {
  /** Name of a CloudWatch alarm on one metric, without metric math and with N of N periods. */
  readonly alarmName: string;

  /** Region of the alarm. */
  readonly alarmRegion: string;

  /** Its status while CloudWatch has too little data. */
  readonly whenUnknown: "Healthy" | "Unhealthy" | "LastKnownStatus";

  /**
   * A text that changes with the settings of the alarm, and then makes Terraform update the check. Route 53 copies the
   * settings once and evaluates the metric itself. Without this text it would keep the old settings.
   */
  readonly watches: string;
}

/**
 * A Route 53 health check that is healthy while the metric of a CloudWatch alarm stays within the alarm's limit. It
 * follows the metric, not the state of the alarm.
 *
 * Source: Route 53 developer guide, "Updating health checks when you change CloudWatch alarm settings".
 */
export class AlarmHealthCheck extends Construct {
  /** Id of the health check. */
  public readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: AlarmHealthCheckProps) {
    super(scope, id);
    this.healthCheckId = new Route53HealthCheck(this, "Resource", {
      type: "CLOUDWATCH_METRIC",
      cloudwatchAlarmName: props.alarmName,
      cloudwatchAlarmRegion: props.alarmRegion,
      insufficientDataHealthStatus: props.whenUnknown,
      triggers: { watches: props.watches },
      tags: { ...props.tags, Name: props.name },
      lifecycle: { createBeforeDestroy: true },
    }).id;
  }
}

/** Props of {@link CalculatedHealthCheck}. */
export interface CalculatedHealthCheckProps extends HealthCheckProps {
  /** Ids of 1 to 256 other health checks, none of them calculated. Their order does not matter. */
  readonly children: readonly string[];

  /**
   * How many of them must be healthy, 1 to their number. (With 0, Route 53 considers the check always healthy.)
   *
   * @default all
   */
  readonly healthyAtLeast?: number;
}

/**
 * A Route 53 health check that is healthy while enough other health checks are. Those cannot be calculated ones.
 *
 * Sources: Route 53 API, HealthCheckConfig, HealthThreshold; Route 53 developer guide, "Values that you specify when
 * you create or update health checks".
 */
export class CalculatedHealthCheck extends Construct {
  /** Id of the health check. */
  public readonly healthCheckId: string;

  /** @throws RangeError when there are no children or over 256, or fewer than must be healthy */
  constructor(scope: Construct, id: string, props: CalculatedHealthCheckProps) {
    super(scope, id);
    requireWithin("number of children of a health check", props.children.length, HEALTH_CHECK_CHILDREN);
    requireWithin("healthyAtLeast", props.healthyAtLeast, { min: 1, max: props.children.length });
    this.healthCheckId = new Route53HealthCheck(this, "Resource", {
      type: "CALCULATED",
      childHealthchecks: [...props.children],
      childHealthThreshold: props.healthyAtLeast ?? props.children.length,
      tags: { ...props.tags, Name: props.name },
      lifecycle: { createBeforeDestroy: true },
    }).id;
  }
}
