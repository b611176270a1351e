import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { serverSecrets } from "./api-key";
import { candidateInstances, hasGpus } from "./candidate-instances";
import { type Capacity, type CapacityFacts, variantCapacity } from "./capacity";
import { capacityBlockOf } from "./capacity-block";
import type { RegionNetwork } from "./deployment";
import type { Architecture, MachineImage, Model, RefreshAlarm, Variant, VariantRefresh } from "./model";
import { diskNeeded } from "./model-memory";
import { groupName, logGroupPrefix, targetGroupName } from "./names";
import { networkIdentity } from "./network";
import { type InstanceSettings, instanceSettings, variantsOf, variantWeight } from "./overrides";
import { probeOf } from "./probe";
import { peakAfterRegionLoss, regionalPeaks, takeoverOf } from "./region-loss";
import { registryLogin } from "./registry";
import { requestsServed } from "./requests-served";
import { reservedInstances } from "./reservations";
import { schedulesOf } from "./schedules";
import { serverStart } from "./server-start";
import { startFacts } from "./start-facts";
import { zonesWithInstances } from "./zones";

/** What the variants of a model have in common. */
export type SharedByVariants = Omit<Model, "variants">;

/** A variant of a model as a region serves it. */
export function resolveVariant(
  file: ServingFile,
  region: string,
  model: SharedByVariants,
  modelFile: ModelFile,
  name: string,
  network: RegionNetwork,
): Variant {
  const settings = instanceSettings(file, region, model.name, name);
  const { rollout } = modelFile;
  const zones = zonesWithInstances(settings, region, network);
  const peaks = model.survivesRegion ? regionalPeaks(file, region, model.name, name) : undefined;
  const facts: CapacityFacts = {
    zones: zones.value,
    survivesZone: model.survivesZone,
    peakAfterRegionLoss: peaks && peakAfterRegionLoss(peaks, takeoverOf(file)),
    share: shareOf(file, region, model.name, name),
    peakRequestsPerMinute: settings.capacity?.peakRequestsPerMinute,
    min: settings.capacity?.min,
    max: settings.capacity?.max,
    requestsServed: requestsServed(settings, model.server, model.longestRequest).value,
    spot: settings.spot,
    capacityBlock: settings.capacityBlock,
    reserved: reservedInstances(settings),
    schedules: settings.schedules,
    rollout,
    scaling: settings.scaling,
  };
  const capacity = variantCapacity(facts);
  return {
    name,
    weight: variantWeight(file, region, model.name, name).value,
    settings,
    zones,
    capacity,
    schedules: schedulesOf(facts, settings, model.timing.loadTime),
    refresh: refreshOf(rollout, settings, capacity),
    capacityBlock: capacityBlockOf(settings, model.timing),
    targetGroupName: targetGroupName(file.name, model.name, name, {
      port: model.targetPort,
      controlPort: model.targetOptimizer?.controlPort,
      protocol: model.targetProtocol,
      protocolVersion: model.protocol,
      network: networkIdentity(network),
    }),
    groupName: groupName(file.name, model.name, name),
    logGroupPrefix: logGroupPrefix(file.name, model.name, name),
    machineImage: machineImage(settings),
    volume: diskNeeded(settings),
    ...serverStart(settings, startFacts(model)),
    secrets: serverSecrets(model.server, settings),
    registryLogin: registryLogin(settings),
    probe: probeOf(modelFile, settings, model.port),
  };
}

/**
 * AWS starts no refresh that skips matching instances in a group with instance requirements. Source: Auto Scaling user
 * guide, "How an instance refresh works", Limitations.
 */
function refreshOf(
  { skipMatching, stopOnAlarms = true }: { skipMatching?: boolean; stopOnAlarms?: boolean },
  { instanceRequirements }: InstanceSettings,
  { min, minHealthy, leastHealthy }: Capacity,
): VariantRefresh {
  const kept = Math.floor((min.value * minHealthy.value) / 100);
  const watchesHealth = leastHealthy.value > 0 && kept >= leastHealthy.value;
  const alarms: readonly RefreshAlarm[] = [
    ...(watchesHealth ? (["too-few-healthy"] as const) : []),
    "instance-errors",
  ];
  return {
    skipMatching: skipMatching ?? instanceRequirements === undefined,
    stoppedBy: stopOnAlarms ? alarms : [],
  };
}

/** Default of `ami.release`. The newest image is looked up once for each value of it. */
const FIRST_RELEASE = "1";

function machineImage(settings: InstanceSettings): MachineImage {
  const { id, parameterVersion, release = FIRST_RELEASE } = settings.ami;
  const gpus = hasGpus(settings);
  if (id !== undefined) {
    return { id, gpus };
  }
  const architecture: Architecture = candidateInstances(settings)[0]?.arch ?? "x86_64";
  return parameterVersion === undefined
    ? { architecture, gpus, release }
    : { architecture, gpus, version: parameterVersion };
}

/**
 * Share of the peak that a variant must be able to serve, 0–1. It is 1 for a variant with the highest weight, so that
 * the others can be removed at any time without launching instances. For the others it is their share by weight.
 */
function shareOf(file: ServingFile, region: string, model: string, variant: string): number {
  const modelFile = file.models[model];
  const names = modelFile === undefined ? [] : Object.keys(variantsOf(modelFile));
  const weights = names.map((name) => variantWeight(file, region, model, name).value);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { value: own } = variantWeight(file, region, model, variant);
  return own === Math.max(...weights) ? 1 : own / total;
}
