import { familyOf } from "./instance-types";
import prices from "./prices.json";

/** The file of the prices, which `npm run prices` brings up to date. */
export interface RecordedPrices {
  readonly notes: string;
  /** An hour of a Global Accelerator, in USD, in any region. */
  readonly acceleratorHour: { readonly usd: number; readonly recorded: string; readonly source: string };
  /** A web ACL of AWS WAF for a month, and each of its rules or managed rule groups, in USD, in any region. */
  readonly webAclMonth: {
    readonly usd: number;
    readonly ruleUsd: number;
    readonly recorded: string;
    readonly source: string;
  };
  /** Alarms of CloudWatch and health checks of Route 53 for a month, in USD, as in us-east-1. */
  readonly monitoring: MonitoringPrices;
  /** A GB of what passes, in USD, as in us-east-1. */
  readonly traffic: TrafficPrices;
  readonly regions: Readonly<Record<string, RegionPrices>>;
}

/** What a GB costs, in USD. */
export interface TrafficPrices {
  /** Out to the internet, by how many GB of a month go there: each price is for those up to a number, the last for the rest. */
  readonly outGb: readonly { readonly upTo?: number; readonly usd: number }[];
  /** Processed by a load balancer, where bytes and not connections decide its capacity units. */
  readonly processedGb: number;
  /** Processed by a NAT gateway. */
  readonly natGb: number;
  /** Processed by interface endpoints. */
  readonly endpointGb: number;
  /** Taken in by CloudWatch Logs, of the standard class. */
  readonly logsGb: number;
  /** What an accelerator adds in the direction in which more goes: by the region, and by where its clients are. */
  readonly acceleratorGb: { readonly least: number; readonly most: number };
  readonly recorded: string;
  readonly source: string;
}

/** What watching costs for a month, in USD. */
export interface MonitoringPrices {
  /** A metric of an alarm. */
  readonly alarmUsd: number;
  /** The same with a period of 10 or 30 s. */
  readonly fastAlarmUsd: number;
  /** A health check of an endpoint in AWS. */
  readonly healthCheckUsd: number;
  /** Each of HTTPS, a search in the answer, an interval of 10 s and the measured latency, on top. */
  readonly healthCheckOptionUsd: number;
  readonly recorded: string;
  readonly source: string;
}

/** The prices of a region, in USD, without taxes and discounts. */
export interface RegionPrices {
  /** The day of the price list: `2026-07-20`. */
  readonly recorded: string;
  readonly source: string;
  /** Absent where they are not recorded. */
  readonly services?: ServicePrices;
  /** On-demand hours of Linux with shared tenancy, by family and size. */
  readonly instances: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Prices of what a deployment has beside its instances. Traffic is not among them. */
export interface ServicePrices {
  /** An hour of an Application Load Balancer, without its capacity units. */
  readonly loadBalancerHour: number;
  /** An hour of a NAT gateway, without what passes through it. */
  readonly natGatewayHour: number;
  /** An hour of an interface endpoint in one zone. */
  readonly interfaceEndpointHour: number;
  /** An hour of a public IPv4 address. */
  readonly publicAddressHour: number;
  /** A GB of a gp3 volume for a month of {@link HOURS_OF_A_MONTH}. */
  readonly gp3GbMonth: number;
}

/** AWS's calculators count a month as so many hours. */
export const HOURS_OF_A_MONTH = 730;

/** The region whose prices stand in where those of the services are not recorded. */
const STAND_IN = "us-east-1";

const { regions, acceleratorHour, webAclMonth, monitoring, traffic }: RecordedPrices = prices;

/**
 * The on-demand price of an hour of Linux of an instance type, in USD.
 *
 * @returns `undefined` where none is recorded: the region may not have the type, or sells it as Capacity Blocks only
 */
export function onDemandPrice(type: string, region: string): number | undefined {
  const family = familyOf(type);
  return regions[region]?.instances[family]?.[type.slice(family.length + 1)];
}

/** The prices of services in a region, or, where they are not recorded, those of `standIn`. */
export function servicePrices(region: string): ServicePrices & { readonly standIn?: string } {
  const services = regions[region]?.services;
  if (services !== undefined) {
    return services;
  }
  const standIn = regions[STAND_IN]?.services;
  if (standIn === undefined) {
    throw new Error(`aws/prices.json has no prices of services in ${STAND_IN}`);
  }
  return { ...standIn, standIn: STAND_IN };
}

/** An hour of a Global Accelerator, in USD. */
export const acceleratorHourPrice: number = acceleratorHour.usd;

/** What alarms and health checks cost for a month. */
export const monitoringPrices: MonitoringPrices = monitoring;

/** What so many GB a month out to the internet cost, in USD. */
export function outPrice(gb: number): number {
  const tiers = traffic.outGb;
  return tiers.reduce((sum, { upTo = Number.POSITIVE_INFINITY, usd }, index) => {
    const from = tiers[index - 1]?.upTo ?? 0;
    return sum + Math.max(0, Math.min(gb, upTo) - from) * usd;
  }, 0);
}

/** What a GB of traffic costs. */
export const trafficPrices: TrafficPrices = traffic;

/** A month of a web ACL with so many rules and managed rule groups, in USD, without its requests. */
export function webAclMonthPrice(rules: number): number {
  return webAclMonth.usd + rules * webAclMonth.ruleUsd;
}

/** The day of the price list of a region; `undefined` when none is recorded. */
export function pricesDate(region: string): string | undefined {
  return regions[region]?.recorded;
}
