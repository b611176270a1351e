import { CHECKPOINT_DELAY } from "../../aws/limits";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { defaultPort, presetOf } from "../servers/presets";
import type { RegionNetwork } from "./deployment";
import { routesOf } from "./listener-rules";
import { loadTimeOf } from "./load-time";
import type { Model, Rollout, ServerMetrics } from "./model";
import { sortedEntries } from "./order";
import { survival, targetOptimizerImage, variantsOf } from "./overrides";
import { keyUse, openingsOf } from "./public-paths";
import { resolveVariant, type SharedByVariants } from "./resolve-variant";
import { serverSpeaksTls } from "./server-start";
import { targetSettings } from "./targets";
import { longestSilenceOf, modelTiming } from "./timing";

/** A model as a region serves it. */
export function resolveModel(
  file: ServingFile,
  region: string,
  name: string,
  model: ModelFile,
  network: RegionNetwork,
): Model {
  const { value: survives } = survival(file, region, name);
  const { value: agentImage } = targetOptimizerImage(file, region, name);
  const { server, task, protocol, longestRequest } = model;
  const port = model.port ?? defaultPort(server, protocol) ?? 80;
  const targetOptimizer = model.targetOptimizer && {
    ...model.targetOptimizer,
    image: agentImage ?? model.targetOptimizer.image,
  };
  const targetPort = targetOptimizer?.port ?? port;
  const targets = targetSettings(file, model);
  const routes = routesOf(file, region, name);
  const shared: SharedByVariants = {
    name,
    server,
    task,
    protocol,
    routes: routes.map(({ route }) => route),
    opens: openingsOf(model, keyUse(file, name)),
    callers: model.callers,
    ownPaths: (model.routes ?? []).flatMap(({ path = [], pathRegex = [] }) => [...path, ...pathRegex]),
    longestRequest,
    longestSilence: longestSilenceOf(model),
    port,
    targetPort,
    targetProtocol: model.targetTls ? "HTTPS" : "HTTP",
    speaksTls: serverSpeaksTls(model),
    targetOptimizer,
    ...targets,
    healthPort: model.health.port ?? targetPort,
    gpuWatch: model.gpuWatch,
    metrics: metricsOf(model, port),
    timing: modelTiming({
      loadTime: loadTimeOf(file, region, name, model).value,
      longestRequest,
      longestSilence: longestSilenceOf(model),
      probeTimeout: typeof model.probe === "object" ? model.probe.timeout : undefined,
      // Target Optimizer's agent requests only as much as the instance can take, so no slow start is needed.
      slowStarts: targets.algorithm === "round_robin" && targetOptimizer === undefined,
      written: model.timing,
      health: model.health,
    }),
    rollout: rolloutOf(model),
    maxInstanceLifetime: model.maxInstanceLifetime ?? 0,
    suspendedProcesses: model.suspend,
    survivesZone: survives !== "nothing",
    survivesRegion: survives === "region",
  };
  const variants = sortedEntries(variantsOf(model)).map(([variant]) =>
    resolveVariant(file, region, shared, model, variant, network),
  );
  return { ...shared, variants };
}

function rolloutOf({ rollout }: ModelFile): Rollout {
  const { checkpoints, checkpointDelay, alarms = [] } = rollout;
  return {
    checkpoints: checkpoints && {
      percentages: checkpoints,
      delay: checkpointDelay ?? CHECKPOINT_DELAY.default,
    },
    alarms,
  };
}

/**
 * The metrics of a model: as written, or those of its server's preset. A server with its metrics at the serving port has
 * them at the model's port too. Undefined when the preset has no fixed metrics port and none is written.
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
    const otherNames = Object.entries(known?.otherNames ?? {}).filter(
      ([other, name]) => !gauges.has(other) && gauges.has(name),
    );
    return {
      ...metrics,
      gauges: [...gauges],
      waiting,
      otherNames: Object.fromEntries(otherNames),
      countedSeries: known?.countedSeries,
    };
  }
  if (known?.port === undefined) {
    return undefined;
  }
  return { ...known, port: known.port === preset?.port ? port : known.port };
}
