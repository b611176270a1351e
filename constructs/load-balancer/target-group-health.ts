import type { LbTargetGroupTargetGroupHealth } from "@cdktf/provider-aws/lib/lb-target-group";
import { Token } from "cdktf";
import { HEALTHY_TARGETS_COUNT, HEALTHY_TARGETS_PERCENTAGE } from "../../aws/limits";
import { requireWithin } from "../require-within";

/** How many targets of a zone (or of all zones, when cross-zone is on) must be healthy. Either limit counts. */
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
   * With fewer healthy targets than this, DNS stops naming the zone. With all zones so, it names them all.
   * Affects every target group of the load balancer. Must be "off" behind Global Accelerator or a Network
   * Load Balancer. A `count` left out is off when there is a percentage.
   *
   * @default count 1
   */
  readonly dnsFailover?: HealthyTargets | "off";

  /**
   * With fewer healthy targets than this, requests go to the unhealthy ones too. Must not be higher than
   * `dnsFailover`. A `count` left out is 1: this cannot be switched off.
   *
   * @default count 1
   */
  readonly unhealthyStateRouting?: HealthyTargets;
}

/**
 * The health thresholds as the provider wants them, every one written out: in this block the provider's
 * defaults are not those of AWS.
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
