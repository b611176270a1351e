import { type Diagnostic, error } from "../diagnostics/diagnostic";
import type { Region } from "../plan/deployment";
import { countedIn, type Group, groupsOf, vcpusOf } from "../plan/vcpus";
import type { RegionFile, ServingFile } from "../schema/deployment";
import type { Check } from "./check";

/** The account's vCPU quotas, where they are declared, allow all groups at their largest. */
export const checkQuotas: Check = ({ file, deployment }) =>
  deployment.regions.flatMap((region) => quotaDiagnostics(file, region));

type QuotaField = keyof Exclude<RegionFile["vcpuQuotas"], false | undefined>;

/** The code of each quota that can be declared. */
const QUOTA_CODES: Readonly<Record<QuotaField, string>> = {
  onDemandG: "L-DB2E81BA",
  onDemandP: "L-417A185B",
  spotG: "L-3819A6DF",
  spotP: "L-7212CCBC",
  spotP5: "L-C4BD4855",
  onDemandStandard: "L-1216C47A",
  spotStandard: "L-34B43A08",
};

/** The most vCPUs of each declared quota that a region may come to use, with each group at its largest. */
function quotaDiagnostics(file: ServingFile, region: Region): readonly Diagnostic[] {
  const declared = file.regions[region.name]?.vcpuQuotas || {};
  const groups = region.models.flatMap(({ variants }) => variants.flatMap(groupsOf));
  return (Object.keys(QUOTA_CODES) as QuotaField[]).flatMap((field) => {
    const quota = declared[field];
    const vcpus = vcpusOf(QUOTA_CODES[field], groups);
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

/** Fewer instances; or the same GPUs with fewer vCPUs beside them, where there are such types. */
function remedyText(field: QuotaField, groups: readonly Group[], vcpus: number): string {
  const leaner = groups.map((group) => ({ ...group, types: group.leaner }));
  const left = vcpusOf(QUOTA_CODES[field], leaner);
  const changed = leaner.filter((group, index) => group.types !== groups[index]?.types);
  const listed = new Set(
    changed.flatMap((group) => countedIn(QUOTA_CODES[field], group)).map(({ type }) => type),
  );
  return left < vcpus
    ? `lower max, or list ${[...listed].sort().join(", ")}, with the same GPUs and ${left} vCPUs in all`
    : "or lower max";
}
