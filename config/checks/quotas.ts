import { type GpuInstance, onDemandQuota, spotQuota } from "../aws/gpu-instances";
import { candidateInstances } from "../candidate-instances";
import type { Region } from "../deployment";
import { error, type Problem } from "../problem";
import type { RegionFile, ServingFile } from "../schema/deployment";
import type { Check } from "./check";

/** The account's vCPU quotas, where they are declared, take all groups at their largest. */
export const checkQuotas: Check = ({ file, deployment }) =>
  deployment.regions.flatMap((region) => quotaProblems(file, region));

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
function quotaProblems(file: ServingFile, region: Region): readonly Problem[] {
  const declared = file.regions[region.name]?.vcpuQuotas ?? {};
  const used = new Map<QuotaField, number>();
  for (const model of region.models) {
    for (const { settings, capacity } of model.variants) {
      const instances = candidateInstances(settings);
      const most = capacity.max.value;
      const onDemand =
        settings.spot === undefined
          ? most
          : Math.min(
              most,
              capacity.onDemandBase.value +
                Math.ceil(((most - capacity.onDemandBase.value) * capacity.onDemandShare.value) / 100),
            );
      addLargest(used, instances, onDemand, onDemandQuota);
      addLargest(used, instances, most - onDemand, spotQuota);
    }
  }
  return [...used].flatMap(([field, vcpus]) => {
    const quota = declared[field];
    return quota !== undefined && vcpus > quota
      ? [
          error(
            ["regions", region.name, "vcpuQuotas", field],
            `${quota} vCPUs are fewer than the ${vcpus} that the groups of ${region.name} take at their largest; ask AWS for more, or lower max`,
          ),
        ]
      : [];
  });
}

function addLargest(
  used: Map<QuotaField, number>,
  instances: readonly GpuInstance[],
  boxes: number,
  quotaOf: typeof onDemandQuota,
): void {
  const largest = new Map<QuotaField, number>();
  for (const { type, vcpus } of instances) {
    const field = QUOTA_FIELDS.get(quotaOf(type)?.code ?? "");
    if (field !== undefined) {
      largest.set(field, Math.max(largest.get(field) ?? 0, vcpus));
    }
  }
  for (const [field, vcpus] of largest) {
    used.set(field, (used.get(field) ?? 0) + vcpus * boxes);
  }
}
