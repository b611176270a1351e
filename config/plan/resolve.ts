import type { RegionFile, ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { alarmsIn } from "./alarms";
import { candidateInstances } from "./candidate-instances";
import { variantCapacity } from "./capacity";
import type {
  Deployment,
  Model,
  Region,
  RegionEntry,
  RegionNetwork,
  RegionObservability,
  ServerMetrics,
  Variant,
} from "./deployment";
import { dnsFailoverOf, regionGlobalEndpoint, resolveGlobalEndpoint } from "./global-endpoint";
import { listenerRules } from "./listener-rules";
import { diskNeeded } from "./model-memory";
import { balancerName, groupName, logGroupPrefix, targetGroupName } from "./names";
import {
  entrySettings,
  instanceSettings,
  isObserved,
  isServed,
  observabilitySetting,
  survival,
  targetOptimizerImage,
  variantsOf,
  variantWeight,
} from "./overrides";
import { probeOf } from "./probe";
import { peakAfterRegionLoss, regionalPeaks, takeoverOf } from "./region-loss";
import { ownPort, presetOf, type StartFacts, serverSpeaksTls, serverStart } from "./server-start";
import { balancerTiming, modelTiming, type Timing } from "./timing";

/**
 * What a file means. Total: a file that breaks a rule is resolved all the same, so that all its diagnostics
 * can be told at once; whether it may be built is for the checks to say.
 */
export function resolve(file: ServingFile): Deployment {
  const regions = sortedEntries(file.regions).map(([name, region]) => resolveRegion(file, name, region));
  return {
    name: file.name,
    state: file.state,
    tags: { ...file.tags, ...ownTags(file) },
    regions,
    globalEndpoint: resolveGlobalEndpoint(file, regions),
  };
}

/** Which deployment a resource belongs to, and that nobody should change it by hand. */
function ownTags({ name }: ServingFile): Readonly<Record<string, string>> {
  return { deployment: name, "managed-by": "terraform" };
}

/** The entries of a map in the order of their keys, which no locale changes. */
export function sortedEntries<T>(map: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The models that a region serves, sorted by name. */
export function modelsIn(file: ServingFile, region: string): readonly (readonly [string, ModelFile])[] {
  return sortedEntries(file.models).filter(([model]) => isServed(file, region, model));
}

function resolveRegion(file: ServingFile, name: string, region: RegionFile): Region {
  const network = resolveNetwork(region);
  const entry = resolveEntry(file, name, network);
  const models = modelsIn(file, name).map(([model, modelFile]) =>
    resolveModel(file, name, model, modelFile, network),
  );
  const rules = listenerRules(modelsIn(file, name), entry.default);
  return {
    name,
    tags: { ...file.tags, ...region.tags, ...ownTags(file) },
    network,
    entry,
    models,
    rules,
    globalEndpoint: regionGlobalEndpoint(file, entry, models, rules),
    observability: resolveObservability(file, name),
    alarms: alarmsIn(file, name),
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

const SECONDS_PER_DAY = 86_400;

function resolveNetwork({ network: { create, existing } }: RegionFile): RegionNetwork {
  if (create !== undefined) {
    const zoneCount = typeof create.zones === "number" ? create.zones : create.zones.length;
    return {
      kind: "created",
      ...create,
      zoneCount,
      withEndpoints: create.endpoints ?? create.nat === "none",
    };
  }
  const found = existing ?? { vpcId: "", publicAddresses: false };
  return { kind: "existing", ...found, zoneCount: found.zones ?? found.instanceSubnetIds?.length ?? 2 };
}

/** What a VPC is known by: another one means other target groups and another load balancer. */
function networkIdentity(network: RegionNetwork): string {
  return network.kind === "created" ? network.cidr : network.vpcId;
}

function resolveEntry(file: ServingFile, region: string, network: RegionNetwork): RegionEntry {
  const entry = entrySettings(file, region);
  const models = modelsIn(file, region).map(([, { longestRequest, longestSilence }]) => ({
    longestRequest,
    longestSilence: longestSilence ?? longestRequest,
  }));
  return {
    ...entry,
    balancerName: balancerName(file.name, { scheme: entry.scheme, network: networkIdentity(network) }),
    timing: balancerTiming(models, entry),
    hostName: entry.domain && `${region}.${entry.domain}`,
    allowedCidrs: allowedCidrs(entry),
  };
}

function allowedCidrs({ allow, dualStack }: Pick<RegionEntry, "allow" | "dualStack">): readonly string[] {
  if (allow === "anyone-on-the-internet") {
    return dualStack ? ["0.0.0.0/0", "::/0"] : ["0.0.0.0/0"];
  }
  return [...new Set(allow)].sort();
}

function resolveModel(
  file: ServingFile,
  region: string,
  name: string,
  model: ModelFile,
  network: RegionNetwork,
): Model {
  const { value: survives } = survival(file, region, name);
  const port = model.port ?? ownPort(model.server, model.protocol) ?? 80;
  const { value: agentImage } = targetOptimizerImage(file, region, name);
  const targetOptimizer = model.targetOptimizer && {
    ...model.targetOptimizer,
    image: agentImage ?? model.targetOptimizer.image,
  };
  const targetPort = targetOptimizer?.port ?? port;
  const targetProtocol = model.targetTls ? "HTTPS" : "HTTP";
  const timing = modelTiming({
    loadTime: model.loadTime,
    longestRequest: model.longestRequest,
    longestSilence: model.longestSilence ?? model.longestRequest,
    probeTimeout: typeof model.probe === "object" ? model.probe.timeout : undefined,
    // Target Optimizer's agent asks for what an instance takes, from the first request on.
    slowStarts: model.algorithm === "round_robin" && model.targetOptimizer === undefined,
    written: model.timing,
    health: model.health,
  });
  const shared: SharedByVariants = {
    name,
    file: model,
    port,
    healthPath: healthPathOf(model),
    targetPort,
    targetProtocol,
    targetOptimizer,
    algorithm: model.algorithm ?? (model.targetOptimizer ? "round_robin" : "least_outstanding_requests"),
    healthPort: model.health.port ?? targetPort,
    probe: probeOf(model, port),
    matcher: model.health.matcher ?? (model.protocol === "grpc" ? "12" : "200"),
    metrics: metricsOf(model, port),
    dnsFailover: dnsFailoverOf(file, model.healthyTargets.dnsFailover),
    timing,
    survivesZone: survives !== "nothing",
    survivesRegion: survives === "region",
  };
  const variants = sortedEntries(variantsOf(model)).map(([variant]) =>
    resolveVariant(file, region, shared, variant, network),
  );
  return { ...shared, variants };
}

/** Asked for of a gRPC server that names no path of its own; any answer, also UNIMPLEMENTED (12), is a sign of life. */
const GRPC_HEALTH_PATH = "/AWS.ALB/healthcheck";

function healthPathOf({ health, protocol, server }: ModelFile): string {
  return health.path ?? (protocol === "grpc" ? GRPC_HEALTH_PATH : (presetOf(server)?.healthPath ?? "/"));
}

/**
 * A server that shows its metrics where it serves does so on whatever port it serves. Of one that takes any port for
 * them nothing is known before the team says which.
 */
function metricsOf({ metrics, server }: ModelFile, port: number): ServerMetrics | undefined {
  const preset = presetOf(server);
  const known = preset?.metrics;
  if (metrics !== undefined) {
    const waiting = metrics.waiting ?? known?.waiting;
    const gauges = new Set([
      ...(metrics.gauges ?? known?.gauges ?? []),
      ...(waiting === undefined ? [] : [waiting]),
    ]);
    return { ...metrics, gauges: [...gauges], waiting };
  }
  if (known?.port === undefined) {
    return undefined;
  }
  return { ...known, port: known.port === preset?.port ? port : known.port };
}

/** What decides how the servers of a model are started. */
export function startFacts(model: string, file: ModelFile, port: number, timing: Timing): StartFacts {
  return {
    model,
    server: file.server,
    port,
    protocol: file.protocol,
    speaksTls: serverSpeaksTls(file),
    serverDrain: timing.serverDrain.value,
    serverKeepAlive: timing.serverKeepAlive.value,
  };
}

/** What the variants of a model have in common. */
type SharedByVariants = Omit<Model, "variants">;

function resolveVariant(
  file: ServingFile,
  region: string,
  model: SharedByVariants,
  name: string,
  network: RegionNetwork,
): Variant {
  const { rollout, targetOptimizer, protocol } = model.file;
  const settings = instanceSettings(file, region, model.name, name);
  const peaks = model.survivesRegion ? regionalPeaks(file, region, model.name, name) : undefined;
  const start = serverStart(settings, startFacts(model.name, model.file, model.port, model.timing));
  return {
    name,
    weight: variantWeight(file, region, model.name, name).value,
    settings,
    capacity: variantCapacity({
      zones: network.zoneCount,
      survivesZone: model.survivesZone,
      peakAfterRegionLoss: peaks && peakAfterRegionLoss(peaks, takeoverOf(file)),
      share: shareOf(file, region, model.name, name),
      ...settings.capacity,
      spot: settings.spot,
      rollout,
      scaling: settings.scaling,
    }),
    targetGroupName: targetGroupName(file.name, model.name, name, {
      port: model.targetPort,
      controlPort: targetOptimizer?.controlPort,
      protocol: model.targetProtocol,
      protocolVersion: protocol,
      network: networkIdentity(network),
    }),
    groupName: groupName(file.name, model.name, name),
    logGroupPrefix: logGroupPrefix(file.name, model.name, name),
    architecture: candidateInstances(settings)[0]?.arch ?? "x86_64",
    volume: diskNeeded(settings),
    ...start,
  };
}

/**
 * Share of the peak that a variant must be able to carry: the heaviest all of it, so that the others can be
 * taken out at any moment without launching anything; the others what their weight sends them.
 */
function shareOf(file: ServingFile, region: string, model: string, variant: string): number {
  const modelFile = file.models[model];
  const names = modelFile === undefined ? [] : Object.keys(variantsOf(modelFile));
  const weights = names.map((name) => variantWeight(file, region, model, name).value);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { value: own } = variantWeight(file, region, model, variant);
  return own === Math.max(...weights) ? 1 : own / total;
}
