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
