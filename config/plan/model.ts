import type { Algorithm } from "../../aws/limits";
import type { ModelFile } from "../schema/model";
import type { RouteFile } from "../schema/route";
import type { ServerName } from "../servers/presets";
import type { Capacity } from "./capacity";
import type { Derived } from "./derived";
import type { InstanceSettings } from "./overrides";
import type { Probe } from "./probe";
import type { Timing } from "./timing";

/** A model as one region serves it. */
export interface Model {
  readonly name: string;
  readonly server: ServerName;
  /** What the load balancer speaks to the instances. */
  readonly protocol: ModelFile["protocol"];
  /** Routes that lead to it; none, when it gets what no route matches, and has no route of its own. */
  readonly routes: readonly RouteFile[];
  /** The longest request that must not be cut, in seconds. */
  readonly longestRequest: number;
  /** The longest time within a request without a byte, in seconds; at most {@link longestRequest}. */
  readonly longestSilence: number;
  /** TCP port of the server. */
  readonly port: number;
  /** TCP port that the load balancer sends requests to: the server's, or that of Target Optimizer's agent. */
  readonly targetPort: number;
  /** What the load balancer speaks at that port, below HTTP/1.1, HTTP/2 or gRPC. */
  readonly targetProtocol: "HTTP" | "HTTPS";
  /** Whether the server itself speaks TLS: where the load balancer does, and no agent stands between the two. */
  readonly speaksTls: boolean;
  /** The agent that bounds how many requests an instance gets at a time, with its image in this region. */
  readonly targetOptimizer?: NonNullable<ModelFile["targetOptimizer"]>;
  /** How the load balancer chooses the instance of a request. */
  readonly algorithm: Algorithm;
  /** Whether instances that answer worse than the others get fewer requests. */
  readonly anomalyMitigation: boolean;
  /** For how many seconds a client comes back to the same instance, or variant; absent: each request is free. */
  readonly stickiness: { readonly instance?: number; readonly variant?: number };
  /** Whether requests are spread over the instances of all zones. The load balancer itself does so. */
  readonly crossZone: boolean | "as the load balancer does";
  readonly healthPath: string;
  readonly healthPort: number;
  /** Status codes that mean healthy, e.g. `200-299`. */
  readonly matcher: string;
  /** Below this a zone is taken out of DNS; never with `off`. */
  readonly dnsFailover: HealthyShare | "off";
  /** Below this the load balancer sends requests to all instances, healthy or not. */
  readonly unhealthyStateRouting: HealthyShare;
  /** What an instance is asked before it enters service, beside its health check. */
  readonly probe?: Probe;
  /** Whether an instance with a dead GPU, or whose model hangs, has itself replaced. */
  readonly gpuWatch: boolean;
  readonly metrics?: ServerMetrics;
  readonly timing: Timing;
  readonly rollout: Rollout;
  /** Age at which an instance is replaced, in seconds; 0: never. */
  readonly maxInstanceLifetime: number;
  /** Auto Scaling processes that do not run. */
  readonly suspendedProcesses: ModelFile["suspend"];
  readonly survivesZone: boolean;
  /** Whether the others carry its peak when a region is lost. */
  readonly survivesRegion: boolean;
  readonly variants: readonly Variant[];
}

/** So many healthy instances, or per cent of them; at least one of the two is said. */
export interface HealthyShare {
  readonly count?: number;
  /** 1–100. */
  readonly percentage?: number;
}

/** The Prometheus metrics of a server, and those of them that CloudWatch hears of. */
export interface ServerMetrics {
  readonly port: number;
  readonly path: string;
  readonly gauges: readonly string[];
  /** The one of them that counts waiting requests. */
  readonly waiting?: string;
}

/** How an instance refresh brings a new version to the instances. How many stay healthy is in {@link Capacity}. */
export interface Rollout {
  /** Whether a refresh that fails brings back what ran before. */
  readonly autoRollback: boolean;
  /** Whether instances that are already as wanted are left alone. */
  readonly skipMatching: boolean;
  /** Per cents of replaced instances at which it pauses, and for how many seconds; absent: it does not pause. */
  readonly checkpoints?: { readonly percentages: readonly number[]; readonly delay: number };
  /** Names of CloudWatch alarms that end it; absent: none does. */
  readonly alarms?: readonly string[];
}

/** A weighted version of a model: its own target group, launch template and Auto Scaling group. */
export interface Variant {
  readonly name: string;
  readonly weight: number;
  /** Its fields as the file has them for this region, with the schema's defaults. What follows from them is beside. */
  readonly settings: InstanceSettings;
  readonly capacity: Capacity;
  readonly targetGroupName: string;
  /** Name of the Auto Scaling group. */
  readonly groupName: string;
  /** What the names of its log groups begin with. */
  readonly logGroupPrefix: string;
  readonly machineImage: MachineImage;
  /** Size of the root volume, in GiB. */
  readonly volume: Derived;
  /** What the server is started with: the preset's arguments, the derived times, then the team's own. */
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The machine image of instances: one by its id, or AWS's Deep Learning base image of an architecture. Of that, the
 * one of a version of the region's parameter, or the newest of the day on which the word `release` was first deployed.
 */
export type MachineImage =
  | { readonly id: string }
  | { readonly architecture: Architecture; readonly version: number }
  | { readonly architecture: Architecture; readonly release: string };

export type Architecture = "x86_64" | "arm64";
