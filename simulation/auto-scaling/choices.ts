import type { GroupModel } from "../model";
import type { Instance } from "./instance";
import type { Capacity } from "./surroundings";

/** What a group launches, and where. */
export interface Place {
  readonly zone: string;
  readonly type: string;
  readonly spot: boolean;
}

/**
 * Zones in the order in which a group tries them: the one with the fewest instances first. With `balanced-only` there
 * is no second one. Source: Auto Scaling user guide, "Availability Zone distribution".
 */
function zonesToTry(
  { zones, balancedOnly }: Pick<GroupModel, "zones" | "balancedOnly">,
  instances: Iterable<Instance>,
): readonly string[] {
  const counts = countByZone(zones, instances);
  const order = [...zones].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
  const least = counts.get(order[0] ?? "");
  return balancedOnly ? order.filter((zone) => counts.get(zone) === least) : order;
}

/** Instances that count, by zone; every zone of the group is there. */
export function countByZone(
  zones: readonly string[],
  instances: Iterable<Instance>,
): ReadonlyMap<string, number> {
  const counts = new Map(zones.map((zone) => [zone, 0]));
  for (const instance of instances) {
    if (instance.counts && counts.has(instance.zone)) {
      counts.set(instance.zone, (counts.get(instance.zone) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * Whether the next instance is a Spot one: the base is on demand, and above it a share.
 * Source: Auto Scaling API, InstancesDistribution.
 */
function isNextSpot({ spot }: Pick<GroupModel, "spot">, instances: Iterable<Instance>): boolean {
  if (spot === undefined) {
    return false;
  }
  let [all, onDemand] = [1, 0];
  for (const instance of instances) {
    if (instance.counts) {
      all += 1;
      onDemand += instance.spot ? 0 : 1;
    }
  }
  const above = Math.max(0, all - spot.onDemandBase);
  const wanted =
    Math.min(all, spot.onDemandBase) + Math.ceil((above * spot.onDemandPercentageAboveBase) / 100);
  return onDemand >= wanted;
}

/** Where the next instance comes to be, and what it is; `undefined` where EC2 has nothing for the group. */
export function placeFor(
  model: GroupModel,
  instances: readonly Instance[],
  capacity: Capacity,
): Place | undefined {
  const spot = isNextSpot(model, instances);
  for (const zone of zonesToTry(model, instances)) {
    for (const type of model.instance.types) {
      if (capacity.has(zone, type, spot)) {
        return { zone, type, spot };
      }
    }
  }
  return undefined;
}

/** An instance of the warm pool that may be taken, of the zone that lacks one most. */
export function readyInPool(model: GroupModel, instances: Iterable<Instance>): Instance | undefined {
  const all = [...instances];
  for (const zone of zonesToTry(model, all)) {
    const ready = all.find(
      (instance) => instance.waits && instance.zone === zone && instance.version === model.instance.version,
    );
    if (ready !== undefined) {
      return ready;
    }
  }
  return undefined;
}

/**
 * The instance that a group gives up when it has one too many: of the zones with the most, by its termination policies.
 * Source: Auto Scaling user guide, "Configure termination policies". The balance of zones comes before the policies.
 */
export function oneToGiveUp(
  { zones, terminationPolicies, protectFromScaleIn, instance: { version, types } }: GroupModel,
  instances: Iterable<Instance>,
): Instance | undefined {
  if (protectFromScaleIn) {
    return undefined;
  }
  const all = [...instances];
  const counts = countByZone(zones, all);
  // An instance in a zone that the group has left goes first.
  const candidates = all.filter(({ counts: counted, replaces }) => counted && replaces === undefined);
  const stray = candidates.filter(({ zone }) => !counts.has(zone));
  const most = Math.max(...candidates.map(({ zone }) => counts.get(zone) ?? 0));
  const fullest = candidates.filter(({ zone }) => counts.get(zone) === most);
  const compare = (a: Instance, b: Instance): number => {
    for (const policy of terminationPolicies) {
      const order = BY_POLICY[policy]?.(a, b, version, types) ?? 0;
      if (order !== 0) {
        return order;
      }
    }
    return a.launchedAt - b.launchedAt;
  };
  return (stray.length > 0 ? stray : fullest).sort(compare)[0];
}

type Order = (a: Instance, b: Instance, version: string, types: readonly string[]) => number;

const oldestTemplate: Order = (a, b, version) =>
  Number(a.version === version) - Number(b.version === version) ||
  (a.version === b.version ? 0 : a.launchedAt - b.launchedAt);

const BY_POLICY: Readonly<Record<string, Order>> = {
  OldestInstance: (a, b) => a.launchedAt - b.launchedAt,
  NewestInstance: (a, b) => b.launchedAt - a.launchedAt,
  OldestLaunchTemplate: oldestTemplate,
  // The types are listed with the preferred one first.
  AllocationStrategy: (a, b, _version, types) => types.indexOf(b.type) - types.indexOf(a.type),
  Default: oldestTemplate,
};
