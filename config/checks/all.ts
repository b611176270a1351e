import type { Diagnostic } from "../diagnostics/diagnostic";
import { checkAccount } from "./account";
import { checkAlarms } from "./alarms";
import { checkApiKeys } from "./api-key";
import { checkArgumentFiles } from "./argument-files";
import { checkBackground } from "./background";
import { checkBuckets } from "./buckets";
import { checkCallers } from "./callers";
import { checkCapacity } from "./capacity";
import { checkCapacityBlocks } from "./capacity-block";
import type { Check, Subject } from "./check";
import { checkClients } from "./clients";
import { checkContexts } from "./context";
import { checkCpuInstances } from "./cpu-instances";
import { checkEgress } from "./egress";
import { checkEncryption } from "./encryption";
import { checkEntries } from "./entry";
import { checkFlags } from "./flags";
import { checkGlobalEndpoint } from "./global-endpoint";
import { checkGlobalEndpointHealth } from "./global-endpoint-health";
import { checkGpuGenerations } from "./gpu-generation";
import { checkGpuRoom } from "./gpu-room";
import { checkHealthPaths } from "./health-path";
import { checkHosts } from "./hosts";
import { checkInstanceTypes } from "./instance-types";
import { checkMisplacedWords } from "./misplaced-word";
import { checkMounts } from "./mounts";
import { checkNames } from "./names";
import { checkNetworks } from "./network";
import { checkObservability } from "./observability";
import { checkOfferings } from "./offerings";
import { checkPreflights } from "./preflight";
import { checkProbes } from "./probe";
import { checkPublicPaths } from "./public-paths";
import { checkPurchase } from "./purchase";
import { checkQuotas } from "./quotas";
import { checkRayServe } from "./ray-serve";
import { checkRegionPeaks } from "./region-peaks";
import { checkRegistries } from "./registry";
import { checkRequestsServed } from "./requests-served";
import { checkReservations } from "./reservations";
import { checkReservedZones } from "./reserved-zones";
import { checkRollout } from "./rollout";
import { checkRouteSecrets } from "./route-secrets";
import { checkRouting } from "./routing";
import { checkRun } from "./run";
import { checkSchedules } from "./schedules";
import { checkServedModels } from "./served-model";
import { checkServers } from "./server";
import { checkSoftware } from "./software";
import { checkState } from "./state";
import { checkTags } from "./tags";
import { checkTargetOptimizer } from "./target-optimizer";
import { checkTargetTls } from "./target-tls";
import { checkTargets } from "./targets";
import { checkTemplates } from "./templates";
import { checkTiming } from "./timing";
import { checkUserData } from "./user-data";
import { checkVolumes } from "./volume";
import { checkWeights } from "./weights";

const checks: readonly Check[] = [
  checkNames,
  checkState,
  checkAccount,
  checkBuckets,
  checkTags,
  checkTemplates,
  checkNetworks,
  checkEgress,
  checkEntries,
  checkClients,
  checkCallers,
  checkEncryption,
  checkGlobalEndpoint,
  checkGlobalEndpointHealth,
  checkAlarms,
  checkObservability,
  checkTiming,
  checkTargets,
  checkTargetOptimizer,
  checkTargetTls,
  checkCapacity,
  checkRollout,
  checkRegionPeaks,
  checkPurchase,
  checkCapacityBlocks,
  checkRequestsServed,
  checkContexts,
  checkReservations,
  checkReservedZones,
  checkInstanceTypes,
  checkOfferings,
  checkGpuGenerations,
  checkGpuRoom,
  checkCpuInstances,
  checkVolumes,
  checkWeights,
  checkMounts,
  checkQuotas,
  checkRun,
  checkBackground,
  checkArgumentFiles,
  checkMisplacedWords,
  checkFlags,
  checkServers,
  checkSchedules,
  checkRayServe,
  checkServedModels,
  checkApiKeys,
  checkProbes,
  checkSoftware,
  checkRegistries,
  checkUserData,
  checkRouting,
  checkPublicPaths,
  checkPreflights,
  checkRouteSecrets,
  checkHealthPaths,
  checkHosts,
];

/** Everything that is wrong, or unwise, with a deployment; what several regions share is reported once. */
export function allDiagnostics(subject: Subject): readonly Diagnostic[] {
  const found = checks.flatMap((check) => check(subject));
  return [...new Map(found.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}
