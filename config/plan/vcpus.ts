import {
  hasAccelerators,
  type Instance,
  leanest,
  onDemandQuota,
  spotQuota,
  type VcpuQuota,
} from "../../aws/instance-types";
import { candidateInstances } from "./candidate-instances";
import type { Model, Variant } from "./model";

/** vCPUs that a region may come to use of a quota of the account. */
export interface VcpusOfQuota extends VcpuQuota {
  readonly vcpus: number;
}

/** As many instances of any of some types, under one kind of quota. */
export interface Group {
  readonly types: readonly Instance[];
  /** What could take their place: the same GPUs with fewer vCPUs and less memory beside them. */
  readonly leaner: readonly Instance[];
  readonly count: number;
  readonly quotaOf: (type: string) => VcpuQuota | undefined;
}

export function groupsOf({ settings, capacity }: Variant): readonly Group[] {
  const types = candidateInstances(settings);
  const leaner = settings.instanceRequirements === undefined ? [...new Set(types.map(leanestOf))] : types;
  const most = mostRunning(settings, capacity.max.value);
  const base = capacity.onDemandBase.value;
  const onDemand =
    settings.spot === undefined
      ? most
      : Math.min(most, base + Math.ceil(((most - base) * capacity.onDemandShare.value) / 100));
  return [
    { types, leaner, count: onDemand, quotaOf: onDemandQuota },
    { types, leaner, count: most - onDemand, quotaOf: spotQuota },
  ];
}

function leanestOf(instance: Instance): Instance {
  return hasAccelerators(instance) ? leanest(instance) : instance;
}

/** Instances of a warm pool that wait running count like those in service. */
function mostRunning({ warmPool }: Variant["settings"], max: number): number {
  return warmPool?.state === "Running" ? Math.max(max + warmPool.min, warmPool.maxPrepared ?? 0) : max;
}

/** The most vCPUs that groups take of a quota, whatever types AWS chooses. */
export function vcpusOf(code: string, groups: readonly Group[]): number {
  return groups.reduce(
    (sum, group) => sum + group.count * Math.max(0, ...countedIn(code, group).map(({ vcpus }) => vcpus)),
    0,
  );
}

/** The types of a group that count in a quota. */
export function countedIn(code: string, { types, quotaOf }: Group): readonly Instance[] {
  return types.filter(({ type }) => quotaOf(type)?.code === code);
}

/** Every quota of which the models of a region take vCPUs, with the most that they take, each group at its largest. */
export function vcpusByQuota(models: readonly Model[]): readonly VcpusOfQuota[] {
  const groups = models.flatMap(({ variants }) => variants.flatMap(groupsOf));
  const quotas = groups.flatMap(({ types, quotaOf }) => types.flatMap(({ type }) => quotaOf(type) ?? []));
  return [...new Map(quotas.map((quota) => [quota.code, quota])).values()]
    .map((quota) => ({ ...quota, vcpus: vcpusOf(quota.code, groups) }))
    .filter(({ vcpus }) => vcpus > 0)
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}
