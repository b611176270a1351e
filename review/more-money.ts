import { monitoringPrices } from "../aws/prices";
import type { DeploymentModel, RegionModel } from "../simulation/model";
import { entriesOf, type Json, listOf } from "../testing/terraform/json";
import type { StackChange } from "./deployment";
import { type CostChange, NETWORK_PARTS } from "./money";
import { actionsIn, regionSides, type Sides, servedBy, targetsOf } from "./sides";

/** What costs by the month, in USD, whatever runs: it is not in the dollars of an hour. */
export interface Monthly {
  readonly alarms: { readonly before: number; readonly after: number };
  readonly healthChecks: { readonly before: number; readonly after: number };
}

/** Counts alarms by their metrics, and the health checks of Route 53 that ask an endpoint. */
export function monthlyOf(stacks: readonly StackChange[]): Monthly {
  const sum = (which: "before" | "after", type: string, price: (body: Json) => number) =>
    stacks
      .flatMap((stack) => entriesOf(stack[stack.isLeft ? "before" : which].resource?.[type]))
      .reduce((total, [, body]) => total + price(body), 0);
  const both = (type: string, price: (body: Json) => number) => ({
    before: sum("before", type, price),
    after: sum("after", type, price),
  });
  return {
    alarms: both("aws_cloudwatch_metric_alarm", alarmMonth),
    healthChecks: both("aws_route53_health_check", healthCheckMonth),
  };
}

/** An alarm on an expression is as many as it has metrics; one whose period is below a minute costs three times as much. */
function alarmMonth(alarm: Json): number {
  const metrics = listOf(alarm.metric_query).flatMap(({ metric }: Json) => listOf(metric));
  const periods = [alarm, ...metrics].flatMap(({ period }: Json) =>
    Number(period) > 0 ? [Number(period)] : [],
  );
  const each = Math.min(...periods, 60) < 60 ? monitoringPrices.fastAlarmUsd : monitoringPrices.alarmUsd;
  return Math.max(1, metrics.length) * each;
}

const MONEY_FOR = [
  ({ type }: Json) => /^HTTPS/.test(type),
  ({ type }: Json) => /STR_MATCH$/.test(type),
  ({ request_interval }: Json) => Number(request_interval) === 10,
  ({ measure_latency }: Json) => String(measure_latency) === "true",
];

function healthCheckMonth(check: Json): number {
  if (!/^(HTTP|TCP)/.test(String(check.type))) {
    return 0;
  }
  const options = MONEY_FOR.filter((isPaid) => isPaid(check)).length;
  return monitoringPrices.healthCheckUsd + options * monitoringPrices.healthCheckOptionUsd;
}

/** Of the dollars of an hour at min after the change, what is there for a loss, at the most. */
export interface SurvivalCost {
  /** The instances of a zone of each group, and the network of all zones but one. */
  readonly zone: number;
  /** The region that costs most; `undefined` where no other one stands in for it. */
  readonly region?: number;
}

/** What surviving a zone and a region costs, as far as stacks tell: how much the peak needs, only the file does. */
export function survivalCostOf(
  parts: readonly CostChange[],
  stacks: readonly StackChange[],
  sides: Sides,
  regions: number,
): SurvivalCost {
  const zone = stacks.reduce((total, stack) => {
    const { after } = regionSides(stack, sides);
    const own = parts.filter((part) => part.stack === stack.name);
    return total + own.reduce((sum, part) => sum + part.after.atMin * shareOf(part, after), 0);
  }, 0);
  const ofRegions = stacks.map(({ name }) =>
    parts.filter(({ stack }) => stack === name).reduce((sum, { after }) => sum + after.atMin, 0),
  );
  return { zone, ...(regions > 1 && { region: Math.max(0, ...ofRegions) }) };
}

/** Of a part of the costs, what one zone less would save. */
function shareOf({ of, isGroup }: CostChange, region: RegionModel | undefined): number {
  if (isGroup) {
    const group = region?.groups.find((each) => servedBy(each) === of);
    const min = group?.min ?? 0;
    return min === 0 ? 0 : Math.ceil(min / Math.max(1, group?.zones.length ?? 1)) / min;
  }
  const zones = region?.loadBalancers[0]?.zones.length ?? 1;
  return NETWORK_PARTS.some((each) => each === of) ? (zones - 1) / zones : 0;
}

/** Groups that run and get no request: no rule, or a weight of 0. */
export function idleIn({
  regions,
}: DeploymentModel): readonly { readonly region: string; readonly of: string }[] {
  return regions.flatMap((region) => {
    const { name, groups } = region;
    const asked = new Set(actionsIn(region).flatMap(targetsOf));
    return groups
      .filter(({ min, targetGroups }) => min > 0 && !targetGroups.some((each) => asked.has(each)))
      .map((group) => ({ region: name, of: servedBy(group) }));
  });
}
