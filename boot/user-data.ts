import { gzipSync } from "fflate";
import { USER_DATA } from "../aws/limits";
import { packedForAnyInstance } from "./any-instance";
import { prometheusConfiguration, type ServerMetrics } from "./prometheus";

/** The health check of an instance on its own server. `tcp`: a connection is enough, as for a gRPC server. */
export type InstanceHealthCheck =
  | {
      readonly protocol: "http" | "https";
      /** TCP port on the instance itself. */
      readonly port: number;
      /** Path that answers with one of the statuses once the model can serve; begins with `/`. */
      readonly path: string;
      /**
       * Statuses of a healthy server, as the matcher of a target group has them: `200,300-399`. The instance and the load
       * balancer must judge alike: an instance that finds itself unhealthy would give itself up for ever.
       *
       * @default "200", as for a target group
       */
      readonly statuses?: string;
      /**
       * Seconds in which it has to answer, as the health check of the target group has them.
       *
       * @default 5, as for a target group
       */
      readonly timeoutSeconds?: number;
    }
  | {
      readonly protocol: "tcp";
      readonly port: number;
      readonly path?: never;
      readonly statuses?: never;
      readonly timeoutSeconds?: never;
    };

/** An HTTP request that a model answers once it works. */
export interface InstanceProbe {
  /**
   * With `https` the certificate is not verified.
   *
   * @default "http"
   */
  readonly protocol?: "http" | "https";
  /** TCP port on the instance itself. */
  readonly port: number;
  /** Begins with `/`. */
  readonly path: string;
  /**
   * JSON to post; `{model}` in it becomes the model that the server names first under `/v1/models`.
   *
   * @default a GET request
   */
  readonly body?: string;
  /**
   * Text that the answer has to contain, beside a status from 200 to 299.
   *
   * @default none
   */
  readonly expect?: string;
  /**
   * Variable of the server whose value is the bearer token of the request, if the server has it.
   *
   * @default no token
   */
  readonly bearer?: string;
  /** How long the answer may take. */
  readonly timeoutSeconds: number;
}

/** Where an instance sends its logs and metrics. */
export interface InstanceObservability {
  /** CloudWatch namespace of all its metrics. */
  readonly namespace: string;

  /**
   * Prefix of the names of its log groups; `/boot`, `/server`, `/agent` and `/metrics` follow. The log groups have to
   * exist: the instance creates none.
   */
  readonly logGroupPrefix: string;

  /**
   * Prometheus metrics of the server to send on.
   *
   * @default none
   */
  readonly serverMetrics?: ServerMetrics;
}

/** AWS's target control agent, which limits the requests that an instance gets at a time. */
export interface TargetOptimizer {
  /** Container image of the agent. */
  readonly image: string;
  /** TCP port for requests: that of the target group. */
  readonly port: number;
  /** TCP port for the load balancer's control messages. */
  readonly controlPort: number;
  /** TCP port of the server. */
  readonly serverPort: number;
  /** Requests that the server gets at a time, 1–1000. */
  readonly maxConcurrency: number;
  readonly protocolVersion: "HTTP1" | "HTTP2" | "GRPC";
}

/** A folder of S3, with all its files. */
export interface StoredFolder {
  /** `s3://bucket/prefix`. */
  readonly uri: string;
  /**
   * The same files elsewhere. They are copied from these, in this order, when the copy from `uri` fails.
   *
   * @default none
   */
  readonly mirrors?: readonly string[];
  /**
   * SHA-256, in lower case, of the file `SHA256SUMS` in the folder, which lists all its files with their hashes. With it
   * only these files reach the server. Without it they are checked by the `SHA256SUMS` beside them, if there is one.
   *
   * @default any `SHA256SUMS` is accepted
   */
  readonly sha256?: string;
}

/** A folder of the instance that the container sees, and that outlasts the container. */
export interface InstanceVolume {
  /** Path within the folder of the instance's data. */
  readonly folder: string;
  /** Path in the container, without a colon. */
  readonly path: string;
  /**
   * Whether the container may not write to it. Otherwise any user in it may.
   *
   * @default false
   */
  readonly readOnly?: boolean;
}

/** Folder of an instance for weights, caches and whatever else outlasts its container. */
export const DATA_DIRECTORY = "/model-data";

/** How an instance signs in to the registry of its image. */
export interface RegistryLogin {
  /** Host of the registry, e.g. `nvcr.io`; Docker Hub is `docker.io`. */
  readonly server: string;
  readonly user: string;
  /** ARN of the secret or parameter with the password, as {@link InstanceFacts.secrets} has it. */
  readonly secret: string;
}

/** The hub of a server, and how it starts without it. */
export interface InstanceHub {
  /** Address that the hub answers when it is there. */
  readonly url: string;
  /** Environment variables with which the server takes what is in its cache, and does not ask the hub. */
  readonly offline: { readonly [name: string]: string };
}

/** The settings of an instance. Durations are seconds. */
export interface InstanceFacts {
  /** Container image of the model server. From a private Amazon ECR registry the instance signs in first. */
  readonly image: string;

  /**
   * Program in place of the image's entry point. It gets all arguments.
   *
   * @default the image's own
   */
  readonly entrypoint?: string;

  /** Arguments of the server, one by one. */
  readonly arguments: readonly string[];

  /** Environment variables of the server, by name: letters, digits and `_`, not a digit first. */
  readonly env: { readonly [name: string]: string };

  /**
   * Environment variables whose values are read whenever the server starts. Key: name of the variable. Value: ARN of a
   * string in Secrets Manager, or of a parameter in Systems Manager, in any region. After the ARN of a secret
   * `:json-key:version-stage:version-id` may follow.
   */
  readonly secrets: { readonly [name: string]: string };

  /**
   * How it signs in before it pulls {@link image}. The password is read at each start, and forgotten after the pull.
   *
   * @default without a password
   */
  readonly registry?: RegistryLogin;

  /**
   * The Hugging Face hub, from which the server fetches its model. When it is away, and the model has answered on this
   * instance before, the server starts from its cache.
   *
   * @default the server needs no hub
   */
  readonly hub?: InstanceHub;

  /** The health check of the server, on the loopback address. */
  readonly health: InstanceHealthCheck;

  /**
   * The request that the model has to answer before the instance enters service.
   *
   * @default the health check is enough
   */
  readonly probe?: InstanceProbe;

  /**
   * Weights to copy to the folder `models` of {@link dataDirectory} before the server starts.
   *
   * @default the server fetches its own
   */
  readonly weights?: StoredFolder;

  /**
   * Adapters to copy, by name: each to a folder of its name in `adapters` of {@link dataDirectory}.
   *
   * @default none
   */
  readonly adapters?: { readonly [name: string]: StoredFolder };

  /**
   * Folder of the instance for what outlasts the container. The instance store is mounted there, if there is one.
   *
   * @default "/model-data"
   */
  readonly dataDirectory?: string;

  /**
   * Folders of {@link dataDirectory} that the container sees.
   *
   * @default none
   */
  readonly volumes?: readonly InstanceVolume[];

  /**
   * Files that the container sees, read-only. Key: path in the container. Value: the text.
   *
   * @default none
   */
  readonly files?: { readonly [path: string]: string };

  /**
   * Folder of the container with `certificate.pem` and `key.pem`, read-only. The instance makes them whenever the server
   * starts.
   *
   * @default none are made
   */
  readonly certificateDirectory?: string;

  /**
   * Whether {@link dataDirectory} may be on the instance store of an instance that has one, instead of its root volume. The
   * store survives a reboot, and is empty after a stop: a stopped instance of a warm pool would have to copy all again.
   *
   * @default true
   */
  readonly instanceStore?: boolean;

  /**
   * Whether the instance has NVIDIA GPUs, and a machine image with their driver and container toolkit.
   *
   * @default true
   */
  readonly gpus?: boolean;

  /**
   * Whether the instance has its group replace it when a GPU has failed, or its model hangs, while its health check passes.
   *
   * @default true
   */
  readonly gpuWatch?: boolean;

  /** Region of the Auto Scaling group, and of the bucket with the weights unless S3 redirects. */
  readonly region: string;

  /** Name of the Auto Scaling group. */
  readonly autoScalingGroupName: string;

  /** Name of the launch hook: completed when the model answers, or when that takes too long. */
  readonly launchHookName: string;

  /**
   * Name of the termination hook: completed when the server has stopped. Meanwhile the instance sends a heartbeat every
   * 20 s.
   */
  readonly terminateHookName: string;

  /**
   * How long the instance makes the termination hook wait for its server to stop.
   *
   * @default `stopTimeoutSeconds` and a minute
   */
  readonly terminateTimeoutSeconds?: number;

  /**
   * How long the model may take to answer, from boot, before the instance completes its hook with ABANDON. Less than the
   * hook's heartbeat. An instance that is still loading then, on its disks or in its GPUs, gets the same time again, at
   * most twice.
   */
  readonly startTimeoutSeconds: number;

  /** How long the server may take to finish its requests and to end after the stop signal, before it is killed. */
  readonly stopTimeoutSeconds: number;

  /**
   * TCP port at which the load balancer reaches the instance. When requests are cut, the connections to it are counted.
   *
   * @default the port of the health check
   */
  readonly port?: number;

  /** Deregistration delay of the target group: the load balancer cuts the requests that run longer. */
  readonly drainSeconds: number;

  /**
   * Signal that asks the server to stop, e.g. `SIGINT`.
   *
   * @default that of the image, or SIGTERM
   */
  readonly stopSignal?: string;

  /**
   * Size of `/dev/shm` in the container, as docker takes it, e.g. `16g`.
   *
   * @default the instance's own (`--ipc host`)
   */
  readonly shmSize?: string;

  /**
   * Whether Docker's init is process 1 of the container, and passes signals on.
   *
   * @default true
   */
  readonly init?: boolean;

  /**
   * Where the instance sends its logs and metrics, by the CloudWatch agent.
   *
   * @default nowhere: they stay on the instance
   */
  readonly observability?: InstanceObservability;

  /**
   * Limits how many requests the server gets at a time.
   *
   * @default no limit
   */
  readonly targetOptimizer?: TargetOptimizer;
}

/**
 * The user data of an instance: one cloud-config that writes the files of this folder and the facts of the instance, and
 * starts the units. cloud-init unpacks it. EC2 counts the packed bytes, and allows 16 KB. The same facts give the same
 * bytes, whatever the order of their maps, and on every machine.
 *
 * It is a gzip stream of two members, which are read as one text (RFC 1952, 2.2): the part that is the same for every
 * instance, compressed once in the repository (see `any-instance.ts`), and the facts of this instance, which are compressed only where they do not fit otherwise.
 *
 * A version of the launch template contains all that it needs. Were the scripts an object in S3, an apply that replaces
 * them would change or delete the object, and an instance launched meanwhile, or after a rollback to an earlier version,
 * would boot without scripts.
 *
 * @throws Error when a value contains a NUL character, a name cannot be that of an environment variable, or the files of
 *   this folder have changed since they were packed
 */
export function renderUserData(instance: InstanceFacts): Buffer {
  const facts = Buffer.from(`${yamlString(factsForBash(instance))}\n`);
  const plain = withFacts(facts, 0);
  return plain.length > USER_DATA.max ? withFacts(facts, 9) : plain;
}

/**
 * The same bytes on every machine: those of Node's zlib depend on its version and on the processor, and other bytes would
 * replace every instance. `mem` is set because its default depends on a logarithm.
 *
 * @param level of compression; 0: none
 */
function withFacts(facts: Buffer, level: 0 | 9): Buffer {
  return Buffer.concat([packedForAnyInstance(), gzipSync(facts, { level, mem: 12, mtime: 0 })]);
}

/**
 * User data as a launch template needs it. Base64 contains no `${` or `%{`, so Terraform leaves what a user wrote as it
 * is.
 */
export function encodeUserData(userData: Buffer): string {
  return userData.toString("base64");
}

/** A string of YAML 1.1 in double quotes: in ASCII, with an escape for every other character. */
function yamlString(text: string): string {
  // A character beyond U+FFFF is one escape, where JSON has two. Buffer has replaced a lone surrogate by U+FFFD.
  return JSON.stringify(Buffer.from(text).toString()).replaceAll(/[^\x20-\x7e]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return `\\U${code.padStart(8, "0")}`;
  });
}

/** The facts as assignments of bash, which keep every character. */
function factsForBash(instance: InstanceFacts): string {
  const environment = byName(instance.env);
  const secrets = byName(instance.secrets);
  const serverMetrics = instance.observability?.serverMetrics;
  const bearers = [instance.probe?.bearer ?? [], serverMetrics?.bearer ?? []].flat();
  for (const name of [...environment, ...secrets].map(([name]) => name).concat(bearers)) {
    requireVariableName(name);
  }
  const facts: readonly (readonly [string, string | readonly string[]])[] = [
    ["IMAGE", instance.image],
    ["ENTRYPOINT", instance.entrypoint ?? ""],
    ["ARGUMENTS", instance.arguments],
    ["ENVIRONMENT", environment.map(([name, value]) => `${name}=${value}`)],
    ["SECRETS", secrets.map(([name, arn]) => `${name}=${arn}`)],
    [
      "REGISTRY",
      instance.registry ? [instance.registry.server, instance.registry.user, instance.registry.secret] : [],
    ],
    ["HUB", instance.hub?.url ?? ""],
    ["OFFLINE", byName(instance.hub?.offline ?? {}).map(([name, value]) => `${name}=${value}`)],
    ["WEIGHTS_URI", instance.weights?.uri ?? ""],
    ["WEIGHTS_MIRRORS", instance.weights?.mirrors ?? []],
    ["WEIGHTS_SHA256", instance.weights?.sha256 ?? ""],
    ["ADAPTERS", byName(instance.adapters ?? {}).map(adapterText)],
    ["DATA", instance.dataDirectory ?? DATA_DIRECTORY],
    ["VOLUMES", (instance.volumes ?? []).map(volumeText)],
    ["FILES", byName(instance.files ?? {}).map(([path, text]) => `${path}:${text}`)],
    ["CERTIFICATE_DIRECTORY", instance.certificateDirectory ?? ""],
    ["STORE", (instance.instanceStore ?? true) ? "yes" : ""],
    ["HEALTH_PROTOCOL", instance.health.protocol],
    ["HEALTH_PORT", String(instance.health.port)],
    ["HEALTH_PATH", instance.health.path ?? ""],
    ["HEALTH_STATUSES", instance.health.statuses ?? "200"],
    ["HEALTH_TIMEOUT", String(instance.health.timeoutSeconds ?? 5)],
    ["PROBE_PROTOCOL", instance.probe?.protocol ?? "http"],
    ["PROBE_PORT", String(instance.probe?.port ?? "")],
    ["PROBE_PATH", instance.probe?.path ?? ""],
    ["PROBE_BODY", instance.probe?.body ?? ""],
    ["PROBE_EXPECT", instance.probe?.expect ?? ""],
    ["PROBE_BEARER", instance.probe?.bearer ?? ""],
    ["PROBE_TIMEOUT", String(instance.probe?.timeoutSeconds ?? "")],
    ["GPUS", (instance.gpus ?? true) ? "yes" : ""],
    ["GPU_WATCH", (instance.gpuWatch ?? true) ? "yes" : ""],
    ["REGION", instance.region],
    ["GROUP", instance.autoScalingGroupName],
    ["LAUNCH_HOOK", instance.launchHookName],
    ["TERMINATE_HOOK", instance.terminateHookName],
    ["TERMINATE_TIMEOUT", String(instance.terminateTimeoutSeconds ?? instance.stopTimeoutSeconds + 60)],
    ["START_TIMEOUT", String(instance.startTimeoutSeconds)],
    ["STOP_TIMEOUT", String(instance.stopTimeoutSeconds)],
    ["DRAIN", String(instance.drainSeconds)],
    ["PORT", String(instance.port ?? instance.health.port)],
    ["STOP_SIGNAL", instance.stopSignal ?? ""],
    ["INIT", (instance.init ?? true) ? "yes" : ""],
    ["SHM_SIZE", instance.shmSize ?? ""],
    ["METRICS_NAMESPACE", instance.observability?.namespace ?? ""],
    ["LOG_GROUPS", instance.observability?.logGroupPrefix ?? ""],
    [
      "PROMETHEUS",
      serverMetrics ? prometheusConfiguration(serverMetrics, instance.autoScalingGroupName) : "",
    ],
    ["METRICS_BEARER", serverMetrics?.bearer ?? ""],
    ["OPTIMIZER_IMAGE", instance.targetOptimizer?.image ?? ""],
    ["OPTIMIZER", instance.targetOptimizer ? optimizerVariables(instance.targetOptimizer) : []],
    ["GAUGES", serverMetrics?.gauges ?? []],
  ];
  return facts
    .map(([name, value]) => `INSTANCE_${name}=${typeof value === "string" ? quoted(value) : list(value)}\n`)
    .join("");
}

/** Source: ELB user guide, "Register targets with your Application Load Balancer target group", Target Optimizer. */
function optimizerVariables(optimizer: TargetOptimizer): readonly string[] {
  const { port, controlPort, serverPort, maxConcurrency, protocolVersion } = optimizer;
  const variables = {
    DATA_ADDRESS: `0.0.0.0:${port}`,
    CONTROL_ADDRESS: `0.0.0.0:${controlPort}`,
    DESTINATION_ADDRESS: `127.0.0.1:${serverPort}`,
    MAX_CONCURRENCY: maxConcurrency,
    PROTOCOL_VERSION: protocolVersion,
  };
  return Object.entries(variables).map(([name, value]) => `TARGET_CONTROL_${name}=${value}`);
}

/** Entries in the order of their names. */
export function byName<T>(named: { readonly [name: string]: T }): [string, T][] {
  return Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Name, hash and URIs in one text; weights.sh takes it apart. */
function adapterText([name, { uri, mirrors = [], sha256 = "-" }]: [string, StoredFolder]): string {
  return [name, sha256, uri, ...mirrors].join(" ");
}

/** As `docker run --volume` takes it, below the folder of the instance's data. */
export function volumeText({ folder, path, readOnly = false }: InstanceVolume): string {
  return `${folder}:${path}${readOnly ? ":ro" : ""}`;
}

function list(values: readonly string[]): string {
  return `(${values.map(quoted).join(" ")})`;
}

/** In single quotes bash keeps every character except the quote itself. */
function quoted(value: string): string {
  if (value.includes("\0")) {
    throw new Error(`${JSON.stringify(value)} contains a NUL character, which no argument or variable can`);
  }
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function requireVariableName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new Error(`"${name}" cannot be the name of an environment variable`);
  }
}
