import type { InstanceFacts } from "../../boot/user-data";
import { CERTIFICATE_DIRECTORY } from "../servers/certificate";
import { presetOf } from "../servers/presets";
import { adaptersOf } from "./adapters";
import { keyVariable } from "./api-key";
import { hasGpus } from "./candidate-instances";
import type { Region } from "./deployment";
import type { Model, Variant } from "./model";
import { servedModel } from "./served-model";
import { fileTexts, volumesOf } from "./volumes";

/** Names of the lifecycle hooks that an instance completes itself. */
export const LAUNCH_HOOK = "ready";
export const TERMINATE_HOOK = "drained";

/** Protocol between the load balancer and the instances, as AWS names its protocol versions. */
export const PROTOCOL_VERSIONS = { http1: "HTTP1", http2: "HTTP2", grpc: "GRPC" } as const;

/** Protocol at a port of an instance. Only the port that the load balancer sends requests to may use TLS. */
export function protocolAt(
  { targetPort, targetProtocol }: Pick<Model, "targetPort" | "targetProtocol">,
  port: number,
): "http" | "https" {
  return targetProtocol === "HTTPS" && port === targetPort ? "https" : "http";
}

/** All facts that the user data gives to the instances of a variant. */
export function instanceFacts(region: Region, model: Model, variant: Variant): InstanceFacts {
  const { settings } = variant;
  return {
    image: settings.image,
    entrypoint: variant.entrypoint,
    arguments: variant.arguments,
    env: variant.env,
    secrets: variant.secrets,
    registry: variant.registryLogin,
    hub: hubOf(model, variant),
    health:
      model.protocol === "grpc"
        ? { protocol: "tcp", port: model.healthPort }
        : {
            protocol: protocolAt(model, model.healthPort),
            port: model.healthPort,
            path: model.healthPath,
            statuses: model.matcher,
            timeoutSeconds: model.timing.healthTimeout.value,
          },
    probe:
      typeof variant.probe === "object"
        ? {
            ...variant.probe,
            protocol: protocolAt(model, variant.probe.port),
            timeoutSeconds: model.timing.probeTimeout.value,
          }
        : undefined,
    certificateDirectory: model.speaksTls ? CERTIFICATE_DIRECTORY : undefined,
    weights: settings.weights,
    adapters: Object.fromEntries(adaptersOf(settings).map(({ name, ...stored }) => [name, stored])),
    volumes: volumesOf(settings, model.server),
    files: fileTexts(settings),
    // A stopped instance loses its instance store, and with it weights and caches.
    instanceStore: settings.warmPool?.state !== "Stopped",
    gpus: hasGpus(settings),
    gpuWatch: model.gpuWatch,
    init: settings.init,
    shmSize: settings.sharedMemory === undefined ? undefined : dockerSize(settings.sharedMemory),
    stopSignal: settings.stopSignal,
    region: region.name,
    autoScalingGroupName: variant.groupName,
    launchHookName: LAUNCH_HOOK,
    terminateHookName: TERMINATE_HOOK,
    terminateTimeoutSeconds: model.timing.terminateHook.value,
    startTimeoutSeconds: model.timing.startTimeout.value,
    stopTimeoutSeconds: model.timing.stopTimeout.value,
    drainSeconds: model.timing.drain.value,
    port: model.targetPort,
    targetOptimizer: model.targetOptimizer && {
      ...model.targetOptimizer,
      serverPort: model.port,
      protocolVersion: PROTOCOL_VERSIONS[model.protocol],
    },
    observability: region.observability && {
      namespace: region.observability.namespace,
      logGroupPrefix: variant.logGroupPrefix,
      serverMetrics: model.metrics && {
        ...model.metrics,
        protocol: protocolAt(model, model.metrics.port),
        bearer: keyIn(variant, model),
      },
    },
  };
}

/** The variable with the API key of a variant's server, if it has one. */
function keyIn({ env, secrets, settings }: Variant, { server }: Model): string | undefined {
  const variable = keyVariable(server, settings);
  return variable !== undefined && (secrets[variable] ?? env[variable]) !== undefined ? variable : undefined;
}

/** Where the hub is, unless HF_ENDPOINT says otherwise. Source: huggingface_hub docs, Environment variables. */
const HUB = "https://huggingface.co";

/** Moves the cache of models within HF_HOME. Source: as of HUB. */
const HUB_CACHES = ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"];

/** The hub of a server that fetches its model from there, and can start without it: its cache outlasts the container. */
function hubOf({ server }: Model, { env, settings }: Variant): InstanceFacts["hub"] {
  const { offline, environment = {} } = presetOf(server)?.caches ?? {};
  const isMoved =
    HUB_CACHES.some((name) => env[name] !== undefined) ||
    Object.entries(environment).some(([name, value]) => env[name] !== value);
  return offline !== undefined && !isMoved && servedModel(server, settings)?.place === "hub"
    ? { url: `${(env.HF_ENDPOINT ?? HUB).replace(/\/+$/, "")}/api/models?limit=1`, offline }
    : undefined;
}

/** A size as Docker takes it: `16g`, `512m`. */
function dockerSize(gib: number): string {
  return Number.isInteger(gib) ? `${gib}g` : `${Math.ceil(gib * 1024)}m`;
}
