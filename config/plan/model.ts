import type { Algorithm } from "../../aws/limits";
import type { ModelFile } from "../schema/model";
import type { RouteFile } from "../schema/route";
import type { PresetMetrics } from "../servers/preset";
import type { ServerName } from "../servers/presets";
import type { Capacity } from "./capacity";
import type { CapacityBlock } from "./capacity-block";
import type { Derived } from "./derived";
import type { InstanceSettings } from "./overrides";
import type { ProbeOrNone } from "./probe";
import type { Openings } from "./public-paths";
import type { RegistryLogin } from "./registry";
import type { Schedule } from "./schedules";
import type { Timing } from "./timing";

/** A model as one region serves it. */
export interface Model {
  readonly name: string;
  readonly server: ServerName;
  /** What it does, if the file says it. */
  readonly task?: ModelFile["task"];
  /** Protocol between the load balancer and the instances. */
  readonly protocol: ModelFile["protocol"];
  /** Its routes. The default model may have none. A prefix is a path and a rewrite here. */
  readonly routes: readonly RouteFile[];
  /** What its routes without a path of their own open of the server. */
  readonly opens: Openings;
  /** Who may call it, where that differs from the entry. */
  readonly callers?: ModelFile["callers"];
  /** The paths, and regular expressions of paths, that its routes open in words of their own. */
  readonly ownPaths: readonly string[];
  /** The longest request that must complete, in seconds. */
  readonly longestRequest: number;
  /** The longest time during a request in which no data is sent, in seconds; at most {@link longestRequest}. */
  readonly longestSilence: number;
  /** TCP port of the server. */
  readonly port: number;
  /** TCP port that the load balancer sends requests to: the port of the server, or of Target Optimizer's agent. */
  readonly targetPort: number;
  /** Protocol of the target group: whether the load balancer uses TLS at that port. */
  readonly targetProtocol: "HTTP" | "HTTPS";
  /** Whether the server itself uses TLS: the target group does, and the model has no Target Optimizer. */
  readonly speaksTls: boolean;
  /** Target Optimizer, whose agent limits the concurrent requests of an instance, with the agent's image in this region. */
  readonly targetOptimizer?: NonNullable<ModelFile["targetOptimizer"]>;
  /** How the load balancer chooses the instance of a request. */
  readonly algorithm: Algorithm;
  /** Whether instances with more errors than the others get fewer requests. */
  readonly anomalyMitigation: boolean;
  /** For how many seconds a client stays with the same instance, or variant; absent: no stickiness. */
  readonly stickiness: { readonly instance?: number; readonly variant?: number };
  /** Whether requests are spread over the instances of all zones, as the load balancer does by default. */
  readonly crossZone: boolean | "as the load balancer does";
  readonly healthPath: string;
  readonly healthPort: number;
  /** Status codes that mean healthy, e.g. `200-299`. */
  readonly matcher: string;
  /** Below this share of healthy instances a zone is removed from DNS; `off`: never. */
  readonly dnsFailover: HealthyShare | "off";
  /** Below this share the load balancer sends requests to all instances, healthy or not. */
  readonly unhealthyStateRouting: HealthyShare;
  /** Whether an instance whose GPU fails, or whose model hangs, has itself replaced. */
  readonly gpuWatch: boolean;
  readonly metrics?: ServerMetrics;
  readonly timing: Timing;
  readonly rollout: Rollout;
  /** Age at which an instance is replaced, in seconds; 0: never. */
  readonly maxInstanceLifetime: number;
  /** Auto Scaling processes that do not run. */
  readonly suspendedProcesses: ModelFile["suspend"];
  readonly survivesZone: boolean;
  /** Whether the other regions serve its peak after the loss of a region. */
  readonly survivesRegion: boolean;
  readonly variants: readonly Variant[];
}

/** A number of healthy instances, or a percentage. At least one of the two is present. */
export interface HealthyShare {
  readonly count?: number;
  /** 1–100. */
  readonly percentage?: number;
}

/** The Prometheus metrics of a server, and which of them go to CloudWatch. */
export interface ServerMetrics {
  readonly port: number;
  readonly path: string;
  readonly gauges: readonly string[];
  /** The gauge that counts waiting requests. */
  readonly waiting?: string;
  /** See {@link PresetMetrics.otherNames}. Names that the file has for gauges are not among them. */
  readonly otherNames?: PresetMetrics["otherNames"];
  /** See {@link PresetMetrics.countedSeries}. */
  readonly countedSeries?: PresetMetrics["countedSeries"];
}

/** Settings of the instance refreshes of a model. How many instances stay healthy is in {@link Capacity}. */
export interface Rollout {
  /** Percentages of replaced instances at which it pauses, and for how many seconds; absent: it does not pause. */
  readonly checkpoints?: { readonly percentages: readonly number[]; readonly delay: number };
  /** Names of CloudWatch alarms that stop it, beside those of the variant. */
  readonly alarms: readonly string[];
}

/** An alarm of a variant that may stop an instance refresh. */
export type RefreshAlarm = "too-few-healthy" | "instance-errors";

/** What differs in the instance refreshes of the variants of a model. */
export interface VariantRefresh {
  /** Whether it skips instances that already match. */
  readonly skipMatching: boolean;
  /** Alarms of the variant that stop it. */
  readonly stoppedBy: readonly RefreshAlarm[];
}

/** A weighted version of a model: its own target group, launch template and Auto Scaling group. */
export interface Variant {
  readonly name: string;
  readonly weight: number;
  /** Its fields for this region as written, or with the schema's defaults. */
  readonly settings: InstanceSettings;
  /** How many zones of the network can have its instances. */
  readonly zones: Derived;
  readonly capacity: Capacity;
  /** Sizes at times that recur; empty: none. */
  readonly schedules: readonly Schedule[];
  readonly refresh: VariantRefresh;
  /** Absent: its instances run in none. */
  readonly capacityBlock?: CapacityBlock;
  readonly targetGroupName: string;
  /** Name of the Auto Scaling group. */
  readonly groupName: string;
  /** Prefix of the names of its log groups. */
  readonly logGroupPrefix: string;
  readonly machineImage: MachineImage;
  /** Size of the root volume, in GiB. */
  readonly volume: Derived;
  /** The program in place of the image's entry point; undefined: the image's own. */
  readonly entrypoint: string | undefined;
  /** Arguments of the container: the rest of the command, those of the preset, the derived ones, then those in `serving.yaml`. */
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** ARNs of the server's secrets, by the variable that gets each. */
  readonly secrets: Readonly<Record<string, string>>;
  /** How its instances sign in to the registry of their image; absent: they do not, or by their role. */
  readonly registryLogin?: RegistryLogin;
  /** Request that an instance must answer before it enters service, in addition to the health check. */
  readonly probe: ProbeOrNone;
}

/**
 * The machine image of instances: an AMI by its id, or AWS's own for an architecture: with GPUs the Deep Learning Base
 * AMI, without them Amazon Linux 2023. AWS's own is given by a version of the region's public parameter; or it is the
 * newest one when `release` was first deployed with its present value.
 */
export type MachineImage =
  | { readonly id: string; readonly gpus: boolean }
  | { readonly architecture: Architecture; readonly gpus: boolean; readonly version: number }
  | { readonly architecture: Architecture; readonly gpus: boolean; readonly release: string };

export type Architecture = "x86_64" | "arm64";
