import type { Address, RecordModel } from "../model";
import type { Random } from "../time/random";

/** Where a name leads: a load balancer of a region. */
export interface Answer {
  readonly region: string;
  readonly loadBalancer: Address;
}

/** What answers depend on. */
export interface AnswerSurroundings {
  readonly random: Random;
  readonly isHealthy: (healthCheck: Address) => boolean;
  readonly loadBalancerIsHealthy: (answer: Answer) => boolean;
  /** A number that is the larger, the longer the way from a client to a region. */
  readonly distance: (from: string, region: string) => number;
}

/**
 * The load balancer that Route 53 answers with. Of the records of a name those that are healthy count, or, if none is,
 * all. A name that leads to another name is followed.
 * Sources: Route 53 developer guide, "How Amazon Route 53 chooses records when health checking is configured",
 * "Choosing a routing policy".
 *
 * @param from the AWS region that the client is nearest to
 * @returns `undefined` where no record has the name
 */
export function answerFor(
  name: string,
  from: string,
  records: readonly RecordModel[],
  around: AnswerSurroundings,
): Answer | undefined {
  const here = records.filter((record) => record.name === name && record.type === "A");
  const healthy = here.filter((record) => isHealthy(record, from, records, around));
  const chosen = chooseRecord(healthy.length > 0 ? healthy : here, from, around);
  if (chosen === undefined) {
    return undefined;
  }
  return chosen.to.kind === "load balancer"
    ? { region: chosen.to.region, loadBalancer: chosen.to.loadBalancer }
    : answerFor(chosen.to.name, from, records, around);
}

function isHealthy(
  { healthCheck, to }: RecordModel,
  from: string,
  records: readonly RecordModel[],
  around: AnswerSurroundings,
): boolean {
  if (healthCheck !== undefined && !around.isHealthy(healthCheck)) {
    return false;
  }
  if (!to.evaluateHealth) {
    return true;
  }
  return to.kind === "load balancer"
    ? around.loadBalancerIsHealthy(to)
    : records.some((record) => record.name === to.name && isHealthy(record, from, records, around));
}

function chooseRecord(
  records: readonly RecordModel[],
  from: string,
  { random, distance }: AnswerSurroundings,
): RecordModel | undefined {
  const [first] = records;
  switch (first?.policy.kind) {
    case "weighted":
      return byWeight(records, random);
    case "latency":
      return [...records].sort((a, b) => distance(from, regionOf(a)) - distance(from, regionOf(b)))[0];
    case "failover":
      return records.find(({ policy }) => policy.kind === "failover" && policy.primary) ?? first;
    default:
      return first;
  }
}

/** A record of weight 0 gets nothing, unless all have weight 0. */
function byWeight(records: readonly RecordModel[], random: Random): RecordModel | undefined {
  const weightOf = ({ policy }: RecordModel) => (policy.kind === "weighted" ? policy.weight : 0);
  const total = records.reduce((sum, record) => sum + weightOf(record), 0);
  if (total === 0) {
    return records[Math.floor(random() * records.length)];
  }
  let at = random() * total;
  for (const record of records) {
    if (at < weightOf(record)) {
      return record;
    }
    at -= weightOf(record);
  }
  return records.at(-1);
}

function regionOf({ policy }: RecordModel): string {
  return policy.kind === "latency" ? policy.region : "";
}
