import type { DeploymentModel, RecordModel } from "../simulation/model";

/** A load balancer's name in DNS: `chat-0123456789.us-east-1.elb.amazonaws.com`. */
const OF_LOAD_BALANCER = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.elb\.amazonaws\.com(?:\.cn)?\.?$/;

/**
 * The regions that a global endpoint leads clients to: by records that a routing policy chooses from, or by an
 * accelerator. One with a weight or a dial of 0, or to which no name of clients leads, is not among them.
 *
 * @returns `undefined` where there is no global endpoint in these stacks
 */
export function regionsLedTo({
  records,
  endpointGroups,
}: Pick<DeploymentModel, "records" | "endpointGroups">): ReadonlySet<string> | undefined {
  const names = globalNames(records);
  return endpointGroups.length === 0 && names.length === 0
    ? undefined
    : new Set([
        ...endpointGroups.filter(({ dial }) => dial > 0).map(({ region }) => region),
        ...names.flatMap((name) => regionsOf(name, records)),
      ]);
}

/** The names of clients on whose way a routing policy chooses. */
function globalNames(records: readonly RecordModel[]): readonly string[] {
  const names = [...new Set(records.map(({ name }) => name))];
  return names.filter(
    (name) => !name.startsWith("_") && wayFrom(name, records).some(({ policy }) => policy.kind !== "simple"),
  );
}

/** The records of a name that are answered at all: those with a weight of 0 only where all have it. */
function answered(name: string, records: readonly RecordModel[]): readonly RecordModel[] {
  const all = records.filter((record) => record.name === name);
  const weighted = all.filter(({ policy }) => policy.kind !== "weighted" || policy.weight > 0);
  return weighted.length > 0 ? weighted : all;
}

function regionsOf(name: string, records: readonly RecordModel[]): readonly string[] {
  return wayFrom(name, records).flatMap(({ to }) =>
    to.kind === "load balancer" ? [to.region] : (OF_LOAD_BALANCER.exec(to.name)?.[1] ?? []),
  );
}

/** All records on the way from a name. */
function wayFrom(first: string, records: readonly RecordModel[]): readonly RecordModel[] {
  const found: RecordModel[] = [];
  // A name that is added while the set is gone through has its turn too.
  const names = new Set([first]);
  for (const name of names) {
    for (const record of answered(name, records)) {
      found.push(record);
      if (record.to.kind === "record") {
        names.add(record.to.name);
      }
    }
  }
  return found;
}

/**
 * Where a global endpoint leads clients, in words: `the nearest of eu-west-1, us-east-1`, `eu-west-1 10 %, us-east-1
 * 90 %`, `us-east-1, else eu-west-1`.
 *
 * @returns `undefined` where there is no global endpoint
 */
export function waysText({
  records,
  endpointGroups,
}: Pick<DeploymentModel, "records" | "endpointGroups">): string | undefined {
  const open = endpointGroups
    .filter(({ dial }) => dial > 0)
    .map(({ region, dial }) => (dial < 100 ? `${region} ${dial} %` : region))
    .sort();
  const [name] = [...globalNames(records)].sort((a, b) => a.length - b.length);
  const byRecords = name === undefined ? [] : [wayText(name, records, [])];
  const all = [...(endpointGroups.length > 0 ? [nearestOf(open)] : []), ...byRecords];
  return all.length === 0 ? undefined : all.join("; ");
}

function nearestOf(regions: readonly string[]): string {
  return regions.length > 1 ? `the nearest of ${regions.join(", ")}` : (regions[0] ?? "no region");
}

/** @param seen the names before it: one that leads back to itself ends */
function wayText(name: string, records: readonly RecordModel[], seen: readonly string[]): string {
  // One of each: IPv4 and IPv6 go the same way.
  const all = answered(name, records).filter(({ type }, _, every) => type === every[0]?.type);
  const next = ({ to }: RecordModel) =>
    to.kind === "load balancer"
      ? to.region
      : (OF_LOAD_BALANCER.exec(to.name)?.[1] ??
        (seen.includes(to.name) ? "" : wayText(to.name, records, [...seen, name])));
  const [first, ...others] = all;
  if (first === undefined) {
    return "no region";
  }
  if (others.length === 0) {
    return next(first);
  }
  switch (first.policy.kind) {
    case "weighted":
      return all
        .map((each) => shareText(next(each), each, all))
        .sort()
        .join(", ");
    case "failover":
      return [...all]
        .sort((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)))
        .map(next)
        .join(", else ");
    default:
      return nearestOf([...new Set(all.map(next))].sort());
  }
}

function isPrimary({ policy }: RecordModel): boolean {
  return policy.kind === "failover" && policy.primary;
}

function shareText(region: string, { policy }: RecordModel, all: readonly RecordModel[]): string {
  const weightOf = (each: RecordModel["policy"]) => (each.kind === "weighted" ? each.weight : 0);
  const sum = all.reduce((total, each) => total + weightOf(each.policy), 0);
  return sum === 0 ? region : `${region} ${Math.round((1000 * weightOf(policy)) / sum) / 10} %`;
}
