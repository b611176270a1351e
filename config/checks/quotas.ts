import { type GpuInstance, leanest, onDemandQuota, spotQuota } from "../../aws/instance-types";
import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { candidateInstances } from "../plan/candidate-instances";
import type { Region } from "../plan/deployment";
import type { Variant } from "../plan/model";
import type { RegionFile, ServingFile } from "../schema/deployment";
import type { Check } from "./check";

/** The account's vCPU quotas, where they are declared, allow all groups at their largest. */
export const checkQuotas: Check = ({ file, deployment }) =>
  deployment.regions.flatMap((region) => quotaDiagnostics(file, region));

type QuotaField = keyof NonNullable<RegionFile["vcpuQuotas"]>;

/** Which declared quota a quota code is. */
const QUOTA_FIELDS: ReadonlyMap<string, QuotaField> = new Map([
  ["L-DB2E81BA", "onDemandG"],
  ["L-417A185B", "onDemandP"],
  ["L-3819A6DF", "spotG"],
  ["L-7212CCBC", "spotP"],
  ["L-C4BD4855", "spotP5"],
]);

/** The most vCPUs of each declared quota that a region may come to use, with each group at its largest. */
function quotaDiagnostics(file: ServingFile, region: Region): readonly Diagnostic[] {
  const declared = file.regions[region.name]?.vcpuQuotas ?? {};
  const groups = region.models.flatMap(({ variants }) => variants.flatMap(groupsOf));
  return [...new Set(QUOTA_FIELDS.values())].flatMap((field) => {
    const quota = declared[field];
    const vcpus = vcpusOf(field, groups);
    return quota !== undefined && vcpus > quota
      ? [
          error(
            "vcpu-quota-too-small",
            ["regions", region.name, "vcpuQuotas", field],
            `${quota} vCPUs are fewer than the ${vcpus} that the groups of ${region.name} take at their largest; ask AWS for more, ${remedyText(field, groups, vcpus)}`,
          ),
        ]
      : [];
  });
}

/** As many instances of any of some types, under one kind of quota. */
interface Group {
  readonly types: readonly GpuInstance[];
  /** What could take their place: the same GPUs with fewer vCPUs and less memory beside them. */
  readonly leaner: readonly GpuInstance[];
  readonly count: number;
  readonly quotaOf: typeof onDemandQuota;
}

function groupsOf({ settings, capacity }: Variant): readonly Group[] {
  const types = candidateInstances(settings);
  const leaner = settings.instanceRequirements === undefined ? [...new Set(types.map(leanest))] : types;
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

/** Instances of a warm pool that wait running count like those in service. */
function mostRunning({ warmPool }: Variant["settings"], max: number): number {
  return warmPool?.state === "Running" ? Math.max(max + warmPool.min, warmPool.maxPrepared ?? 0) : max;
}

/** Whatever types AWS chooses. */
function vcpusOf(field: QuotaField, groups: readonly Group[]): number {
  return groups.reduce(
    (sum, group) => sum + group.count * Math.max(0, ...countedIn(field, group).map(({ vcpus }) => vcpus)),
    0,
  );
}

function countedIn(field: QuotaField, { types, quotaOf }: Group): readonly GpuInstance[] {
  return types.filter(({ type }) => QUOTA_FIELDS.get(quotaOf(type)?.code ?? "") === field);
}

/** Fewer instances; or the same GPUs with fewer vCPUs beside them, where there are such types. */
function remedyText(field: QuotaField, groups: readonly Group[], vcpus: number): string {
  const leaner = groups.map((group) => ({ ...group, types: group.leaner }));
  const left = vcpusOf(field, leaner);
  const changed = leaner.filter((group, index) => group.types !== groups[index]?.types);
  const listed = new Set(changed.flatMap((group) => countedIn(field, group)).map(({ type }) => type));
  return left < vcpus
    ? `lower max, or list ${[...listed].sort().join(", ")}, with the same GPUs and ${left} vCPUs in all`
    : "or lower max";
}
