import type { RegionFile, ServingFile } from "../schema/deployment";
import { SECONDS_PER_DAY } from "../units";
import { alarmsIn } from "./alarms";
import type { Deployment, Region, RegionObservability } from "./deployment";
import { egressOf } from "./egress";
import { resolveEntry } from "./entry";
import { regionGlobalEndpoint, resolveGlobalEndpoint } from "./global-endpoint";
import { listenerRules, routesIn, unplacedRules } from "./listener-rules";
import { resolveNetwork } from "./network";
import { modelListOf } from "./openai";
import { sortedEntries } from "./order";
import { entrySetting, isObserved, modelsIn, observabilitySetting } from "./overrides";
import { resolveModel } from "./resolve-model";
import { deploymentTags } from "./tags";
import { vcpusByQuota } from "./vcpus";

/**
 * The deployment that a file describes. It also resolves a file that breaks a rule, so that one run can report all its
 * diagnostics. The checks decide whether the deployment may be built.
 */
export function resolve(file: ServingFile): Deployment {
  const regions = sortedEntries(file.regions).map(([name, region]) => resolveRegion(file, name, region));
  return {
    name: file.name,
    account: file.account,
    state: file.state,
    tags: { ...file.tags, ...deploymentTags(file.name) },
    regions,
    globalEndpoint: resolveGlobalEndpoint(file, regions),
  };
}

function resolveRegion(file: ServingFile, name: string, region: RegionFile): Region {
  const network = resolveNetwork(file, name, region);
  const models = modelsIn(file, name).map(([model, modelFile]) =>
    resolveModel(file, name, model, modelFile, network),
  );
  const entry = resolveEntry(file, name, network, models);
  const routeRules = unplacedRules(routesIn(file, name));
  const rules = listenerRules(routeRules);
  const globalEndpoint = regionGlobalEndpoint(file, entry, models, rules);
  return {
    name,
    tags: { ...file.tags, ...region.tags, ...deploymentTags(file.name) },
    network,
    egress: egressOf(region.network),
    entry,
    models,
    routeRules,
    rules,
    ...modelListOf({
      wanted: entrySetting(file, name, "modelList").value,
      deployment: file.name,
      models,
      callers: entry.callers.kind,
      defaultModel: entry.default,
      routeRules,
      rules,
      otherRules: globalEndpoint?.rules.length ?? 0,
    }),
    globalEndpoint,
    observability: resolveObservability(file, name),
    alarms: { ...alarmsIn(file, name), scalingActivities: file.alarms.scalingActivities },
    vcpuQuotas: region.vcpuQuotas === false ? [] : vcpusByQuota(models),
  };
}

function resolveObservability(file: ServingFile, region: string): RegionObservability | undefined {
  return isObserved(file, region)
    ? {
        namespace: `ModelServing/${file.name}`,
        retentionDays: observabilitySetting(file, region, "logRetention").value / SECONDS_PER_DAY,
        kmsKeyArn: observabilitySetting(file, region, "kmsKeyArn").value,
      }
    : undefined;
}
