import type { LbTargetGroupTargetGroupHealth } from "@cdktf/provider-aws/lib/lb-target-group";
import { Token } from "cdktf";
import { HEALTHY_TARGETS_COUNT, HEALTHY_TARGETS_PERCENTAGE } from "../../aws/limits";
import { requireWithin } from "../require-within";

/**
 * How many targets of a zone (or of all zones, with cross-zone load balancing) must be healthy. Falling below either
 * threshold counts.
 */
export interface HealthyTargets {
  /** A number of targets, 1 to 1000. */
  readonly count?: number;

  /**
   * A share of the registered targets in percent, 1 to 100.
   *
   * @default "off"
   */
  readonly percentage?: number | "off";
}

/** What happens when too few targets are healthy. */
export interface TargetGroupHealth {
  /**
   * A zone with fewer healthy targets than this is removed from DNS. If all zones have fewer, all stay in DNS. This
   * affects every target group of the load balancer. It must be "off" behind Global Accelerator or a Network Load
   * Balancer. With a percentage and no `count`, the count is off.
   *
   * @default count 1
   */
  readonly dnsFailover?: HealthyTargets | "off";

  /**
   * With fewer healthy targets than this, requests go to unhealthy targets too. It must not be higher than
   * `dnsFailover`. Without a `count` the count is 1: it cannot be turned off.
   *
   * @default count 1
   */
  readonly unhealthyStateRouting?: HealthyTargets;
}

/**
 * The health thresholds in the provider's form. Every threshold is written out, because the provider's defaults in this
 * block are not those of AWS.
 *
 * Source: ELB user guide, "Target group health"; provider document `aws_lb_target_group`.
 *
 * @throws RangeError when a number is out of its range
 * @throws Error when requests would go to unhealthy targets before DNS fails over
 */
export function targetGroupHealth({
  dnsFailover = {},
  unhealthyStateRouting = {},
}: TargetGroupHealth = {}): LbTargetGroupTargetGroupHealth {
  const dns = dnsFailover === "off" ? {} : oneTargetUnlessShare(dnsFailover);
  const routing = {
    ...unhealthyStateRouting,
    count: unhealthyStateRouting.count ?? HEALTHY_TARGETS_COUNT.default,
  };
  requireHealthyTargets("health.dnsFailover", dns);
  requireHealthyTargets("health.unhealthyStateRouting", routing);
  requireDnsFirst("count", dns.count, routing.count);
  requireDnsFirst("percentage", dns.percentage, routing.percentage);

  return {
    dnsFailover: {
      minimumHealthyTargetsCount: String(dns.count ?? "off"),
      minimumHealthyTargetsPercentage: String(dns.percentage ?? "off"),
    },
    unhealthyStateRouting: {
      minimumHealthyTargetsCount: routing.count,
      minimumHealthyTargetsPercentage: String(routing.percentage ?? "off"),
    },
  };
}

function oneTargetUnlessShare({ count, percentage = "off" }: HealthyTargets): HealthyTargets {
  return { count: count ?? (percentage === "off" ? HEALTHY_TARGETS_COUNT.default : undefined), percentage };
}

function requireHealthyTargets(what: string, { count, percentage }: HealthyTargets): void {
  requireWithin(`${what}.count`, count, HEALTHY_TARGETS_COUNT);
  if (percentage !== "off") {
    requireWithin(`${what}.percentage`, percentage, HEALTHY_TARGETS_PERCENTAGE);
  }
}

function requireDnsFirst(
  unit: "count" | "percentage",
  dns: number | "off" | undefined,
  routing: number | "off" | undefined,
): void {
  if (typeof dns !== "number" || typeof routing !== "number" || [dns, routing].some(Token.isUnresolved)) {
    return;
  }
  if (dns < routing) {
    throw new Error(
      `health.dnsFailover.${unit} (${dns}) must not be less than health.unhealthyStateRouting.${unit} (${routing})`,
    );
  }
}
