import type { RouteConditions } from "../routes/route";
import type { EntryFile } from "../schema/entry";
import type { GlobalEndpointFile } from "../schema/global-endpoint";
import type { CreatedNetwork } from "../schema/network";
import type { RouteFile } from "../schema/route";
import type { Derived } from "./derived";
import type { FailoverTiming, HealthFacts } from "./failover-times";
import type { Model } from "./model";
import type { BalancerTiming } from "./timing";

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

/** The VPC of a region, made or found. */
export type RegionNetwork = NetworkToMake | NetworkToFind;

/** A VPC that is made, with a public and a private subnet in each zone. */
export interface NetworkToMake {
  readonly kind: "created";
  readonly cidr: string;
  /** How many zones, or their names. */
  readonly zones: CreatedNetwork["zones"];
  /** How many zones the instances lie in. */
  readonly zoneCount: number;
  readonly nat: CreatedNetwork["nat"];
  /** Whether there are interface endpoints for the AWS services that instances call. */
  readonly withEndpoints: boolean;
  /** How many days CloudWatch keeps the flow logs; absent: there are none. */
  readonly flowLogDays?: number;
}

/** A VPC that is there. */
export interface NetworkToFind {
  readonly kind: "existing";
  readonly vpcId: string;
  readonly albSubnets: Subnets;
  readonly instanceSubnets: Subnets;
  /** How many zones the instances lie in. */
  readonly zoneCount: number;
  /** Whether each instance has a public IPv4 address. */
  readonly publicAddresses: boolean;
}

/** Subnets by their ids, or by tags that find them in the VPC. */
export type Subnets =
  | { readonly ids: readonly string[] }
  | { readonly tags: Readonly<Record<string, string>> };

/** The load balancer of a region. */
export interface RegionEntry {
  /** Name of the load balancer. */
  readonly balancerName: string;
  readonly scheme: EntryFile["scheme"];
  readonly protocol: EntryFile["protocol"];
  /** Ports that clients connect to: that of the protocol, and 80 where it redirects to HTTPS. */
  readonly ports: readonly number[];
  /** Whether port 80 redirects to HTTPS; never over HTTP. */
  readonly redirectHttp: boolean;
  /** Security policy of an HTTPS listener. */
  readonly tlsPolicy: string;
  /** ACM certificate that is there. */
  readonly certificateArn?: string;
  /** The name that a certificate is made for; absent with HTTP, and with a certificate that is there. */
  readonly certifiedName?: string;
  readonly domain?: string;
  /** `<region>.<domain>`, when there is a domain. */
  readonly hostName?: string;
  /** Where the records of that name stand; absent without a domain. */
  readonly hostedZone?: HostedZone;
  readonly allow: EntryFile["allow"];
  /** Who may connect, in CIDR blocks. */
  readonly allowedCidrs: readonly string[];
  /** Model that answers what no route matches; absent: such a request gets a 404. */
  readonly default?: string;
  readonly dualStack: boolean;
  readonly deletionProtection: boolean;
  readonly zonalShift: boolean;
  readonly dropInvalidHeaders: boolean;
  readonly desyncMitigation: EntryFile["desyncMitigation"];
  /** Load balancer capacity units that are held ready; absent: none. */
  readonly reservedCapacityUnits?: number;
  /** Absent when nothing is logged. */
  readonly logs?: EntryLogs;
  readonly timing: BalancerTiming;
}

/** What a load balancer logs to S3, and where: a bucket that is there, or one that is made and keeps a log so long. */
export type EntryLogs = {
  /** Whether each request is logged. */
  readonly access: boolean;
  /** Whether each client connection is logged. */
  readonly connections: boolean;
  /** Prefix of the log objects; absent: the root of the bucket. */
  readonly prefix?: string;
} & ({ readonly bucket: string } | { readonly retentionDays: number });

/** A public hosted zone of Route 53. */
export type HostedZone = { readonly name: string } | { readonly id: string };

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
  readonly hostedZone: HostedZone;
  /** Models that its clients count on. */
  readonly models: readonly string[];
  /** Regions that it knows: best first with `failover`, else by name. */
  readonly regions: readonly GlobalEndpointRegion[];
  /** Whether any region makes a certificate for the name, which has to be proved once. */
  readonly certified: boolean;
  /** How Route 53 judges the regions; absent with an accelerator. */
  readonly health?: GlobalEndpointHealth;
  /** Of use with an accelerator only. */
  readonly accelerator: AcceleratorSettings;
  readonly timing: FailoverTiming;
  readonly alarms: GlobalEndpointAlarms;
}

/** What is said of an accelerator. */
export interface AcceleratorSettings {
  /** Whether all connections of a client's address go to one region while it is healthy. */
  readonly clientAffinity: "none" | "source-ip";
  /** Where it logs connections in S3; absent: it does not. */
  readonly flowLogs?: { readonly bucket: string; readonly prefix: string };
}

/** A region as the global endpoint knows it. */
export interface GlobalEndpointRegion {
  readonly name: string;
  readonly drained: boolean;
  readonly weight: number;
  /** Per cent of the clients nearest to it that an accelerator leads there; 0 when it is drained. */
  readonly dial: number;
  /** Name of the region alone, e.g. `us-east-1.models.example.com`. */
  readonly hostName: string;
  /** What its health is made of; empty with an accelerator. */
  readonly models: readonly GlobalEndpointModel[];
}

/** How Route 53 judges a region. Seconds and counts. */
export interface GlobalEndpointHealth {
  readonly interval: HealthFacts["interval"];
  readonly failureThreshold: number;
  readonly minimumHealthyModels: number;
}

/** A model that a region's health goes by. */
export interface GlobalEndpointModel {
  readonly name: string;
  /** Path that Route 53 asks for; absent where it does not ask. */
  readonly healthCheckPath?: string;
  /**
   * What it counts as while CloudWatch says nothing of its instances. Where Route 53 asks the model itself, the answers
   * decide, and a silent CloudWatch alone takes no region out. Where it does not, a lost region may be what is silent.
   */
  readonly whenUnknown: "as before" | "out of service";
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
  readonly allowsHealthCheckers: boolean;
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
