import { INSTANCE_SERVICES } from "../../aws/instance-services";
import {
  acceleratorHourPrice,
  HOURS_OF_A_MONTH,
  onDemandPrice,
  pricesDate,
  servicePrices,
  webAclMonthPrice,
} from "../../aws/prices";
import { candidateInstances } from "./candidate-instances";
import { instancesInUse } from "./capacity";
import type { Deployment, Region, RegionNetwork } from "./deployment";
import type { Derived } from "./derived";
import type { Model, Variant } from "./model";
import { reservedInAll, reservedInstances, reservedOf } from "./reservations";
import { ruleCount } from "./waf";

/** What runs costs in an hour, in USD, on demand. Traffic, logs, metrics and discounts are not counted. */
export interface HourlyCost {
  /** While every group has its `min`. */
  readonly atMin: Derived;
  /** While every group has its `max`. */
  readonly atMax: Derived;
  /** What of {@link HourlyCost.atMin} is there for the loss of a zone or a region only. */
  readonly ofSurvival: Derived;
}

/** What a whole deployment costs in an hour, in USD. */
export interface DeploymentCost {
  readonly atMin: number;
  /** As `atMin`, while the schedules have the fewest instances. */
  readonly atLeast: number;
  readonly atMax: number;
  readonly ofSurvival: number;
  /** Variants that are not counted, because none of their types has a recorded price: `p5e.48xlarge in eu-west-1`. */
  readonly unpriced: readonly string[];
  /** The Capacity Blocks, which are not counted: they are paid when they are bought. */
  readonly paidUpFront: readonly string[];
  /** Regions whose services are counted at the prices of another one, and that one. */
  readonly standIns: Readonly<Record<string, string>>;
  /** The days of the price lists, sorted. */
  readonly dates: readonly string[];
}

/**
 * What the instances of a variant cost with their volumes, and with those that wait in its warm pool. An instance counts
 * as the type that AWS launches while it has it: the first of the list, or the cheapest that meets the requirements.
 * Spot instances count as on-demand ones, which is the most that they cost. What listed reservations hold beyond that is
 * paid for all the same.
 *
 * @returns `undefined` when no price is recorded, and for a Capacity Block, which is paid up front
 */
export function variantCost(region: Region, model: Model, variant: Variant): HourlyCost | undefined {
  const priced = pricedTypes(region.name, variant);
  const [type, usd] = priced[0] ?? [];
  if (type === undefined || usd === undefined || variant.capacityBlock !== undefined) {
    return undefined;
  }
  const { settings, capacity, volume } = variant;
  const { gp3GbMonth, publicAddressHour } = servicePrices(region.name);
  const volumeHour = (volume.value * gp3GbMonth) / HOURS_OF_A_MONTH;
  const hasAddress = region.network.kind === "existing" && region.network.publicAddresses;
  const instanceHour = usd + volumeHour + (hasAddress ? publicAddressHour : 0);
  const waitingHour = settings.warmPool?.state === "Running" ? instanceHour : volumeHour;
  const prices = {
    ...Object.fromEntries(priced),
    volumeHour,
    ...(hasAddress && { publicAddressHour }),
  };
  const [min, max] = [capacity.min.value, capacity.max.value];
  const at = (size: "min" | "max", instances: number): Derived => {
    const waiting = waitingInstances(variant, instances);
    const unused = unusedReservations(variant, instances);
    const more = [
      ...(waiting === 0 ? [] : ["the warm pool"]),
      ...(unused === 0 ? [] : ["what is reserved and not used"]),
    ];
    return {
      value: instances * instanceHour + waiting * waitingHour + unused * usd,
      unit: "USD/h",
      rule: [`${size} instances of ${type} with their volumes`, ...more].join(", and "),
      inputs: {
        [size]: instances,
        ...(waiting > 0 && { waiting }),
        ...(unused > 0 && { unused }),
        ...prices,
      },
      source: SOURCE,
    };
  };
  const inUse = instancesInUse(capacity, {
    zones: variant.zones.value,
    reserved: reservedInstances(settings),
  });
  const spare = model.survivesZone || model.survivesRegion ? min - inUse : 0;
  return {
    atMin: at("min", min),
    atMax: at("max", max),
    ofSurvival: {
      value: spare * instanceHour,
      unit: "USD/h",
      rule: "the instances of min beyond those in use at the peak: they are there for the loss of a zone or a region",
      inputs: { min, inUse },
      source: SOURCE,
    },
  };
}

/** What the instances of a variant cost from each of its schedules on; empty where no price is known. */
export function scheduledCosts(region: Region, model: Model, variant: Variant): readonly HourlyCost[] {
  return variant.schedules.flatMap(
    ({ need, min, max }) =>
      variantCost(region, model, { ...variant, capacity: { ...variant.capacity, need, min, max } }) ?? [],
  );
}

/** What the load balancer and the network of a region cost. They have one size. */
export function entryCost({ name, entry, network }: Region): HourlyCost {
  const prices = servicePrices(name);
  const addresses = entry.scheme === "internet-facing" ? network.zoneCount * prices.publicAddressHour : 0;
  const zoneHour = networkHourOfZone(network, prices);
  const webAclHour = entry.waf && webAclMonthPrice(ruleCount(entry.waf)) / HOURS_OF_A_MONTH;
  const value = prices.loadBalancerHour + addresses + network.zoneCount * zoneHour + (webAclHour ?? 0);
  const total: Derived = {
    value,
    unit: "USD/h",
    rule: `the load balancer and its addresses, NAT gateways, ${webAclHour === undefined ? "" : "the web ACL, "}and interface endpoints; without what passes through them`,
    inputs: {
      zones: network.zoneCount,
      loadBalancerHour: prices.loadBalancerHour,
      zoneHour,
      ...(webAclHour !== undefined && { webAclHour }),
    },
    source: SOURCE,
  };
  return {
    atMin: total,
    atMax: total,
    ofSurvival: {
      value: (network.zoneCount - 1) * zoneHour,
      unit: "USD/h",
      rule: "the NAT gateways and interface endpoints of all zones but one",
      inputs: { zones: network.zoneCount, zoneHour },
      source: SOURCE,
    },
  };
}

/** What a whole deployment costs. */
export function deploymentCost({ regions, globalEndpoint }: Deployment): DeploymentCost {
  const variants = regions.flatMap((region) =>
    region.models.flatMap((model) =>
      model.variants.map((variant) => ({
        region,
        model,
        variant,
        cost: variantCost(region, model, variant),
      })),
    ),
  );
  const saved = variants.reduce((total, { region, model, variant, cost }) => {
    const atLeast = scheduledCosts(region, model, variant).map(({ atMin }) => atMin.value);
    return cost === undefined ? total : total + Math.max(0, cost.atMin.value - Math.min(...atLeast));
  }, 0);
  const costs = [...regions.map(entryCost), ...variants.flatMap(({ cost }) => cost ?? [])];
  const accelerator = globalEndpoint?.routing === "accelerator" ? acceleratorHourPrice : 0;
  const sum = (part: keyof HourlyCost) => costs.reduce((total, cost) => total + cost[part].value, 0);
  const unpriced = variants
    .filter(({ cost, variant }) => cost === undefined && variant.capacityBlock === undefined)
    .map(({ region, variant }) => `${variant.settings.instanceTypes.join(", ")} in ${region.name}`);
  const standIns = Object.fromEntries(
    regions.flatMap(({ name }) => {
      const { standIn } = servicePrices(name);
      return standIn === undefined ? [] : [[name, standIn]];
    }),
  );
  const dates = regions.flatMap(({ name }) => pricesDate(name) ?? pricesDate(standIns[name] ?? "") ?? []);
  return {
    atMin: sum("atMin") + accelerator,
    atLeast: sum("atMin") + accelerator - saved,
    atMax: sum("atMax") + accelerator,
    ofSurvival: sum("ofSurvival"),
    unpriced: [...new Set(unpriced)],
    paidUpFront: variants.flatMap(({ variant }) => variant.capacityBlock?.id ?? []),
    standIns,
    dates: [...new Set(dates)].sort(),
  };
}

const SOURCE = "AWS price list, aws/prices.json";

/** The types that may be launched and have a price, and it; the one that AWS launches first is the first. */
function pricedTypes(region: string, { settings }: Variant): readonly (readonly [string, number])[] {
  const priced = candidateInstances(settings).flatMap(({ type }): [string, number][] => {
    const usd = onDemandPrice(type, region);
    return usd === undefined ? [] : [[type, usd]];
  });
  return settings.instanceRequirements === undefined
    ? priced
    : priced.sort(([, left], [, right]) => left - right).slice(0, 1);
}

/** Instances in the warm pool while so many are in service. */
function waitingInstances({ settings: { warmPool }, capacity }: Variant, inService: number): number {
  return warmPool === undefined
    ? 0
    : Math.max(warmPool.min, (warmPool.maxPrepared ?? capacity.max.value) - inService);
}

/** Reserved instances that do not run while so many do: AWS bills them at the on-demand price. Source: EC2 user guide, Capacity Reservation pricing and billing. */
function unusedReservations({ settings, zones }: Variant, running: number): number {
  const reserved = reservedInstances(settings);
  return reserved === undefined ? 0 : reservedInAll(reserved) - reservedOf(running, zones.value, reserved);
}

function networkHourOfZone(
  network: RegionNetwork,
  { natGatewayHour, publicAddressHour, interfaceEndpointHour }: ReturnType<typeof servicePrices>,
): number {
  if (network.kind === "existing") {
    return 0;
  }
  const nat = network.nat === "per-zone" ? natGatewayHour + publicAddressHour : 0;
  return nat + (network.withEndpoints ? INSTANCE_SERVICES.length * interfaceEndpointHour : 0);
}
