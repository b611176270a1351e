import {
  acceleratorHourPrice,
  HOURS_OF_A_MONTH,
  onDemandPrice,
  pricesDate,
  servicePrices,
  webAclMonthPrice,
} from "../aws/prices";
import type { GroupModel, RegionModel } from "../simulation/model";
import { type Json, listOf, typeAndName } from "../testing/terraform/json";
import type { StackChange } from "./deployment";
import { regionSides, type Sides, servedBy } from "./sides";

/** What something costs in an hour, in USD, on demand: at the `min` and at the `max` of its groups. */
export interface Cost {
  readonly atMin: number;
  readonly atMax: number;
}

/** What something costs before and after. */
export interface CostChange {
  readonly stack: string;
  /** `llama-3-8b stable`, `load balancer`. */
  readonly of: string;
  /** Whether it is what groups of instances cost. */
  readonly isGroup: boolean;
  readonly before: Cost;
  readonly after: Cost;
}

/** What the deployment costs in an hour before and after. */
export interface Money {
  readonly total: Pick<CostChange, "before" | "after">;
  /** By stack, groups first. Without what costs nothing on both sides. */
  readonly parts: readonly CostChange[];
  /** Groups that are not counted, because none of their types has a recorded price. */
  readonly unpriced: readonly string[];
  /** Those of them that were not there before: what they cost more is not known. */
  readonly newlyUnpriced: readonly string[];
  /** Regions whose services are counted at the prices of another one, and that one. */
  readonly standIns: Readonly<Record<string, string>>;
  /** Days of the price lists, sorted. */
  readonly dates: readonly string[];
}

const NOTHING: Cost = { atMin: 0, atMax: 0 };

/**
 * Counts what is in the JSON: instances with their volumes and public addresses, load balancers with theirs, NAT gateways,
 * interface endpoints, web ACLs, accelerators, warm pools. An instance counts as the first of its group's types that has a price,
 * a Spot one as on demand. Traffic, logs, metrics and discounts are not counted, and reservations only where they are
 * used. A stack that goes on running costs what it cost.
 */
export function moneyOf(stacks: readonly StackChange[], sides: Sides): Money {
  const unpriced = { before: new Set<string>(), after: new Set<string>() };
  const parts = stacks.flatMap((stack) => {
    const { before, after } = regionSides(stack, sides);
    const [old, now] = [
      costsOf(stack, "before", before, unpriced.before),
      stack.isLeft
        ? costsOf(stack, "before", before, unpriced.before)
        : costsOf(stack, "after", after, unpriced.after),
    ];
    return ([true, false] as const)
      .flatMap((isGroup) => {
        const [were, are] = [old, now].map((side) => (isGroup ? side.groups : side.others));
        return [...new Set([...(were?.keys() ?? []), ...(are?.keys() ?? [])])].map((of) => ({
          ...{ stack: stack.name, of, isGroup },
          before: were?.get(of) ?? NOTHING,
          after: are?.get(of) ?? NOTHING,
        }));
      })
      .filter((part) => part.before.atMax > 0 || part.after.atMax > 0);
  });
  const regions = [...new Set(stacks.filter((stack) => hasCosts(parts, stack)).map(({ region }) => region))];
  const standIns = Object.fromEntries(
    regions.flatMap((region) => {
      const { standIn } = servicePrices(region);
      return standIn === undefined ? [] : [[region, standIn]];
    }),
  );
  const dates = regions.flatMap((region) => [pricesDate(region), pricesDate(standIns[region] ?? "")]);
  return {
    parts,
    total: { before: sum(parts.map(({ before }) => before)), after: sum(parts.map(({ after }) => after)) },
    unpriced: [...new Set([...unpriced.before, ...unpriced.after])].sort(),
    newlyUnpriced: [...unpriced.after].filter((types) => !unpriced.before.has(types)).sort(),
    standIns,
    dates: [...new Set(dates.flatMap((date) => date ?? []))].sort(),
  };
}

function hasCosts(parts: readonly CostChange[], { name }: StackChange): boolean {
  return parts.some(({ stack }) => stack === name);
}

function sum(costs: readonly Cost[]): Cost {
  return {
    atMin: costs.reduce((total, { atMin }) => total + atMin, 0),
    atMax: costs.reduce((total, { atMax }) => total + atMax, 0),
  };
}

/** By what costs it: groups by what they serve, all else by its kind. */
interface Costs {
  readonly groups: ReadonlyMap<string, Cost>;
  readonly others: ReadonlyMap<string, Cost>;
}

function costsOf(
  stack: StackChange,
  which: "before" | "after",
  model: RegionModel | undefined,
  unpriced: Set<string>,
): Costs {
  const { region } = stack;
  const prices = servicePrices(region);
  const [groups, others] = [new Map<string, Cost>(), new Map<string, Cost>()];
  const addTo = (costs: Map<string, Cost>, of: string, hour: number, min = 1, max = min) => {
    const known = costs.get(of) ?? NOTHING;
    costs.set(of, { atMin: known.atMin + hour * min, atMax: known.atMax + hour * max });
  };
  for (const group of model?.groups ?? []) {
    const usd = group.instance.types.flatMap((type) => onDemandPrice(type, region) ?? [])[0];
    if (usd === undefined) {
      unpriced.add(`${group.instance.types.join(", ")} in ${region}`);
    } else {
      const template = templateOf(stack[which], group);
      const volumeHour = (volumeGib(template) * prices.gp3GbMonth) / HOURS_OF_A_MONTH;
      const hour = usd + volumeHour + (hasPublicAddress(template) ? prices.publicAddressHour : 0);
      addTo(groups, servedBy(group), hour, group.min, group.max);
      const waits = group.warmPool?.state === "Running" ? hour : volumeHour;
      addTo(groups, servedBy(group), waits, waitingIn(group, group.min), waitingIn(group, group.max));
    }
  }
  for (const loadBalancer of model?.loadBalancers ?? []) {
    const internal = String(bodyAt(stack[which], loadBalancer.address)?.internal) === "true";
    const addresses = internal ? 0 : loadBalancer.zones.length * prices.publicAddressHour;
    addTo(others, "load balancer", prices.loadBalancerHour + addresses);
  }
  const { resource } = stack[which];
  const count = (type: string) => Object.keys(resource?.[type] ?? {}).length;
  for (const acl of Object.values<Json>(resource?.aws_wafv2_web_acl ?? {})) {
    addTo(others, "web ACL", webAclMonthPrice(listOf(acl?.rule).length) / HOURS_OF_A_MONTH);
  }
  addTo(others, "NAT gateways", prices.natGatewayHour, count("aws_nat_gateway"));
  addTo(others, "public addresses", prices.publicAddressHour, count("aws_eip"));
  for (const endpoint of Object.values<Json>(resource?.aws_vpc_endpoint ?? {})) {
    if (endpoint?.vpc_endpoint_type === "Interface") {
      addTo(others, "interface endpoints", prices.interfaceEndpointHour, listOf(endpoint.subnet_ids).length);
    }
  }
  addTo(others, "accelerator", acceleratorHourPrice, count("aws_globalaccelerator_accelerator"));
  return { groups, others };
}

/** The parts of the costs that each zone has of its own. */
export const NETWORK_PARTS = ["NAT gateways", "public addresses", "interface endpoints"] as const;

/** Instances in the warm pool while so many are in service. */
function waitingIn({ warmPool, max }: GroupModel, inService: number): number {
  return warmPool === undefined ? 0 : Math.max(warmPool.min, (warmPool.maxPrepared ?? max) - inService);
}

function bodyAt(json: Json, address: string): Json {
  const [type, name] = typeAndName(address);
  return listOf(json?.resource?.[type]?.[name])[0];
}

/** The launch template that the JSON of a group refers to. */
export function templateOf(json: Json, { address }: Pick<GroupModel, "address">): Json {
  const [, template] =
    /\$\{(aws_launch_template\.[\w-]+)\./.exec(JSON.stringify(bodyAt(json, address) ?? {})) ?? [];
  return template === undefined ? undefined : bodyAt(json, template);
}

function volumeGib(template: Json): number {
  return listOf(template?.block_device_mappings)
    .flatMap(({ ebs }: Json) => listOf(ebs))
    .reduce((total: number, { volume_size }: Json) => total + (Number(volume_size) || 0), 0);
}

/** Whether instances of a template have public addresses. */
export function hasPublicAddress(template: Json): boolean {
  return listOf(template?.network_interfaces).some(
    ({ associate_public_ip_address }: Json) => String(associate_public_ip_address) === "true",
  );
}
