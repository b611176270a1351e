import type { RouteConditions } from "../routes/route";
import type { EntryFile } from "../schema/entry";
import type { GlobalEndpointFile } from "../schema/global-endpoint";
import type { ModelFile } from "../schema/model";
import type { CreatedNetwork, ExistingNetworkFile } from "../schema/network";
import type { RouteFile } from "../schema/route";
import type { Capacity } from "./capacity";
import type { Derived } from "./derived";
import type { FailoverTiming } from "./failover-times";
import type { InstanceSettings } from "./overrides";
import type { Probe } from "./probe";
import type { BalancerTiming, Timing } from "./timing";

/** What `serving.yaml` means: every choice made, every number derived, everything sorted by name. */
export interface Deployment {
  readonly name: string;
  readonly state: StateLocation;
  /** Tags of everything in every region, `deployment` and `managed-by` among them. */
  readonly tags: Readonly<Record<string, string>>;
  readonly regions: readonly Region[];
  readonly globalEndpoint?: GlobalEndpoint;
}

/** Where Terraform keeps its state. */
export interface StateLocation {
  readonly bucket: string;
  readonly region: string;
  readonly kmsKeyArn?: string;
}

/** One region: a stack of its own, that needs no other. */
export interface Region {
  /** The AWS code, e.g. `eu-west-1`; also the name of the stack. */
  readonly name: string;
  /** Tags of everything in the region: the deployment's, and the region's own over them. */
  readonly tags: Readonly<Record<string, string>>;
  readonly network: RegionNetwork;
  readonly entry: RegionEntry;
  readonly models: readonly Model[];
  /** Listener rules in the order in which they are tried. */
  readonly rules: readonly Rule[];
  readonly alarms: RegionAlarms;
  /** What CloudWatch hears of the instances; nothing, when that is left out. */
  readonly observability?: RegionObservability;
  /** What the region does for the global endpoint, whether or not it is drained. */
  readonly globalEndpoint?: RegionGlobalEndpoint;
}

/** Logs and metrics of the instances of a region. */
export interface RegionObservability {
  /** CloudWatch namespace of the metrics. */
  readonly namespace: string;
  readonly retentionDays: number;
  readonly kmsKeyArn?: string;
}

/** The VPC of a region, made or found, with the number of zones its instances lie in. */
export type RegionNetwork =
  | ({
      readonly kind: "created";
      readonly zoneCount: number;
      readonly withEndpoints: boolean;
    } & CreatedNetwork)
  | ({ readonly kind: "existing"; readonly zoneCount: number } & ExistingNetworkFile);

/** The load balancer of a region. */
export interface RegionEntry extends EntryFile {
  /** Name of the load balancer. */
  readonly balancerName: string;
  readonly timing: BalancerTiming;
  /** `<region>.<domain>`, when there is a domain. */
  readonly hostName?: string;
  readonly allowedCidrs: readonly string[];
}

/** A model as one region serves it. */
export interface Model {
  readonly name: string;
  readonly file: ModelFile;
  /** TCP port of the server. */
  readonly port: number;
  /** TCP port that the load balancer sends requests to: the server's, or that of Target Optimizer's agent. */
  readonly targetPort: number;
  /** What the load balancer speaks at that port, below HTTP/1.1, HTTP/2 or gRPC. */
  readonly targetProtocol: "HTTP" | "HTTPS";
  /** The agent that bounds how many requests an instance gets at a time. */
  readonly targetOptimizer?: NonNullable<ModelFile["targetOptimizer"]>;
  readonly algorithm: "least_outstanding_requests" | "round_robin" | "weighted_random";
  readonly healthPath: string;
  readonly healthPort: number;
  /** What an instance is asked before it enters service, beside its health check. */
  readonly probe?: Probe;
  readonly matcher: string;
  readonly metrics?: ServerMetrics;
  /** Below this a zone is taken out of DNS. */
  readonly dnsFailover: NonNullable<ModelFile["healthyTargets"]["dnsFailover"]>;
  readonly timing: Timing;
  readonly survivesZone: boolean;
  /** Whether the others carry its peak when a region is lost. */
  readonly survivesRegion: boolean;
  readonly variants: readonly Variant[];
}

/** The Prometheus metrics of a server, and those of them that CloudWatch hears of. */
export interface ServerMetrics {
  readonly port: number;
  readonly path: string;
  readonly gauges: readonly string[];
  /** The one of them that counts waiting requests. */
  readonly waiting?: string;
}

/** A weighted version of a model: its own target group, launch template and Auto Scaling group. */
export interface Variant {
  readonly name: string;
  readonly weight: number;
  readonly settings: InstanceSettings;
  readonly capacity: Capacity;
  readonly targetGroupName: string;
  /** Name of the Auto Scaling group. */
  readonly groupName: string;
  /** What the names of its log groups begin with. */
  readonly logGroupPrefix: string;
  readonly architecture: "x86_64" | "arm64";
  /** Size of the root volume, in GiB. */
  readonly volume: Derived;
  /** What the server is started with: the preset's arguments, the derived times, then the team's own. */
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** One rule of the listener: a part of a route that AWS takes as one rule. */
export interface Rule {
  /** What the rule is, for its Terraform address: the model and a hash of the conditions. */
  readonly id: string;
  readonly model: string;
  readonly priority: number;
  readonly conditions: RouteConditions;
  readonly rewrite?: RouteFile["rewrite"];
}

/** One name over the regions. */
export interface GlobalEndpoint {
  readonly routing: GlobalEndpointFile["routing"];
  /** The name itself, e.g. `models.example.com`. */
  readonly name: string;
  /** Where clients send requests, e.g. `https://models.example.com`. */
  readonly url: string;
  /** By model, where clients reach it: the URL of the first of its routes that a URL can say. */
  readonly modelUrls: Readonly<Record<string, string>>;
  readonly protocol: EntryFile["protocol"];
  readonly dualStack: boolean;
  /** Ports that clients connect to. */
  readonly ports: readonly number[];
  readonly hostedZone: { readonly name: string } | { readonly id: string };
  /** Models that its clients count on. */
  readonly models: readonly string[];
  /** Regions that it knows: best first with `failover`, else by name. */
  readonly regions: readonly GlobalEndpointRegion[];
  /** Whether any region makes a certificate for the name, which has to be proved once. */
  readonly certified: boolean;
  /** How Route 53 judges the regions; absent with an accelerator. */
  readonly health?: GlobalEndpointHealth;
  /** With an accelerator only. */
  readonly accelerator: NonNullable<GlobalEndpointFile["accelerator"]>;
  readonly timing: FailoverTiming;
  readonly alarms: GlobalEndpointAlarms;
}

/** A region as the global endpoint knows it. */
export interface GlobalEndpointRegion {
  readonly name: string;
  readonly drained: boolean;
  readonly weight: number;
  readonly dial: number;
  /** Name of the region alone, e.g. `us-east-1.models.example.com`. */
  readonly hostName: string;
  /** What its health is made of; empty with an accelerator. */
  readonly models: readonly GlobalEndpointModel[];
}

/** How Route 53 judges a region. Seconds and counts. */
export interface GlobalEndpointHealth {
  readonly interval: number;
  readonly failureThreshold: number;
  readonly minimumHealthyModels: number;
}

/** A model that a region's health goes by. */
export interface GlobalEndpointModel {
  readonly name: string;
  /** Path that Route 53 asks for; absent where it does not ask. */
  readonly asked?: string;
  /** The variants that carry the model, with the fewest instances that each has to have. */
  readonly variants: readonly { readonly name: string; readonly leastHealthy: Derived }[];
}

/** What a region does for the global endpoint. */
export interface RegionGlobalEndpoint {
  /** The shared name, when the region makes a certificate for it. */
  readonly certifiedName?: string;
  /** What its health is made of; empty with an accelerator. */
  readonly models: readonly GlobalEndpointModel[];
  /** Rules by which requests of Route 53 reach the models. */
  readonly rules: readonly Rule[];
  /** Whether Route 53's health checkers have to be let in beside the clients. */
  readonly admitsCheckers: boolean;
  /** Whether an accelerator leads here. */
  readonly accelerated: boolean;
}

/** Who is told when instances fail. */
export interface RegionAlarms {
  readonly email?: string;
  readonly topicArns: readonly string[];
}

/** Who is told when the global endpoint takes a region out. */
export interface GlobalEndpointAlarms extends RegionAlarms {
  /** Where the alarms are: CloudWatch has what the global endpoint tells of its regions there alone. */
  readonly region: string;
}
