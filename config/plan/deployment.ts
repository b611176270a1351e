import type { RouteConditions } from "../routes/route";
import type { AccountFile } from "../schema/account";
import type { EntryFile } from "../schema/entry";
import type { GlobalEndpointFile } from "../schema/global-endpoint";
import type { CreatedNetwork } from "../schema/network";
import type { RouteFile } from "../schema/route";
import type { Callers } from "./callers";
import type { Derived } from "./derived";
import type { FailoverTiming, HealthFacts } from "./failover-times";
import type { Model } from "./model";
import type { UnplacedRule } from "./model-route";
import type { BalancerTiming } from "./timing";
import type { VcpusOfQuota } from "./vcpus";
import type { Waf } from "./waf";

/** What `serving.yaml` means. Every choice is made, every number is derived, and everything is sorted by name. */
export interface Deployment {
  readonly name: string;
  /** Absent: whichever account the credentials are of. */
  readonly account?: Account;
  readonly state: StateLocation;
  /** Tags of everything in every region, `deployment` and `managed-by` among them. */
  readonly tags: Readonly<Record<string, string>>;
  readonly regions: readonly Region[];
  readonly globalEndpoint?: GlobalEndpoint;
}

/** The account of a deployment. */
export type Account = AccountFile;

/** Where Terraform keeps its state. */
export interface StateLocation {
  readonly bucket: string;
  readonly region: string;
  readonly kmsKeyArn?: string;
}

/** One region. It is a stack of its own, which needs no other. */
export interface Region {
  /** The AWS code, e.g. `eu-west-1`; also the name of the stack. */
  readonly name: string;
  /** Tags of everything in the region. The region's own tags override those of the deployment. */
  readonly tags: Readonly<Record<string, string>>;
  readonly network: RegionNetwork;
  /** What instances may connect to: HTTPS anywhere, then what the file names, sorted by name. */
  readonly egress: readonly Egress[];
  readonly entry: RegionEntry;
  readonly models: readonly Model[];
  /** The rules of its routes before they have priorities, in the order of the file; the checks compare them. */
  readonly routeRules: readonly UnplacedRule[];
  /** Listener rules in the order in which they are tried. */
  readonly rules: readonly Rule[];
  readonly alarms: RegionAlarms;
  /** vCPUs that its groups take at their largest, of each quota that Terraform asks AWS for; empty: it does not ask. */
  readonly vcpuQuotas: readonly VcpusOfQuota[];
  /** The answer to `GET /v1/models`; absent when a model has that path, or no model speaks OpenAI's API. */
  readonly modelList?: ModelList;
  /** Why there is no such answer where nothing in the file forbids it. */
  readonly modelListLeftOut?: string;
  /** Logs and metrics that the instances send to CloudWatch; absent: they send none. */
  readonly observability?: RegionObservability;
  /** What the stack of the region creates for the global endpoint. The same whether or not the region is drained. */
  readonly globalEndpoint?: RegionGlobalEndpoint;
}

/** Logs and metrics of the instances of a region. */
export interface RegionObservability {
  /** CloudWatch namespace of the metrics. */
  readonly namespace: string;
  readonly retentionDays: number;
  readonly kmsKeyArn?: string;
}

/** The VPC of a region: created or existing. */
export type RegionNetwork = NetworkToMake | NetworkToFind;

/** A VPC to create, with a public and a private subnet in each zone. */
export interface NetworkToMake {
  readonly kind: "created";
  readonly cidr: string;
  /** How many zones, or their names. */
  readonly zones: CreatedNetwork["zones"];
  /** How many zones the instances lie in. */
  readonly zoneCount: number;
  /** Which zones, where the file gives their number; and which never. */
  readonly zoneChoice: ZoneChoice;
  readonly nat: CreatedNetwork["nat"];
  /** Whether the VPC has interface endpoints for the AWS services that instances call. */
  readonly withEndpoints: boolean;
  /** How many days CloudWatch keeps the flow logs; absent: no flow logs. */
  readonly flowLogDays?: number;
}

/** Which zones of a region to build in, by zone id: the letters of zones differ from account to account. */
export interface ZoneChoice {
  /** In this order, as far as the account has them; then the others of the region. Empty for a region without a record. */
  readonly preferred: readonly string[];
  /** Never these: AWS does not have there what the network or its load balancer needs. */
  readonly excluded: readonly string[];
}

/** An existing VPC. */
export interface NetworkToFind {
  readonly kind: "existing";
  readonly vpcId: string;
  readonly albSubnets: Subnets;
  readonly instanceSubnets: Subnets;
  /** How many zones the instances lie in. */
  readonly zoneCount: number;
  /** Whether each instance has a public IPv4 address. */
  readonly publicAddresses: boolean;
  /** Ids of zones that the load balancer must not be in. */
  readonly excludedZones: readonly string[];
}

/** A destination of connections from instances. */
export interface Egress {
  readonly name: string;
  /** A block of addresses, or the id of a prefix list or a security group. */
  readonly to: string;
  readonly port: number;
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
  /** ARN of an existing ACM certificate. */
  readonly certificateArn?: string;
  /** The name of the certificate to create; absent with HTTP, and with an existing certificate. */
  readonly certifiedName?: string;
  readonly domain?: string;
  /** `<region>.<domain>`, when there is a domain. */
  readonly hostName?: string;
  /** Hosted zone of the records of that name; absent without a domain. */
  readonly hostedZone?: HostedZone;
  readonly allow: EntryFile["allow"];
  /** CIDR blocks of the clients that may connect. */
  readonly allowedCidrs: readonly string[];
  /** Ids of the prefix lists whose addresses may connect. */
  readonly allowedPrefixLists: readonly string[];
  /** Ids of the security groups whose members may connect. */
  readonly allowedSecurityGroups: readonly string[];
  /** How callers show who they are. */
  readonly callers: Callers;
  /** The web ACL that is made here; absent: none. */
  readonly waf?: Waf;
  /** ARN of the web ACL of one's own that sees each request first. */
  readonly webAclArn?: string;
  /** Model that answers what no route matches; absent: such a request gets a 404. */
  readonly default?: string;
  readonly dualStack: boolean;
  readonly deletionProtection: boolean;
  readonly zonalShift: boolean;
  readonly dropInvalidHeaders: boolean;
  readonly desyncMitigation: EntryFile["desyncMitigation"];
  /** Reserved load balancer capacity units (LCUs); absent: none. */
  readonly reservedCapacityUnits?: number;
  /** Absent when nothing is logged. */
  readonly logs?: EntryLogs;
  readonly timing: BalancerTiming;
}

/** What a load balancer logs to S3, and the bucket: an existing one, or one to create, with its retention. */
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

/** One listener rule. A route becomes several rules when it exceeds the limits of one. */
export interface Rule {
  /** The rule's part of its Terraform address. */
  readonly id: string;
  readonly model: string;
  readonly priority: number;
  readonly conditions: RouteConditions;
  readonly rewrite?: RouteFile["rewrite"];
  /** The rules, by their ids, that have to be there before this one is narrowed: they open other paths of the same route. */
  readonly after?: readonly string[];
}

/** A listener rule that lists the models, as OpenAI's API does. */
export interface ModelList {
  readonly priority: number;
  readonly conditions: RouteConditions;
  /** JSON. */
  readonly body: string;
}

/** The global endpoint: one name for all regions. */
export interface GlobalEndpoint {
  readonly routing: GlobalEndpointFile["routing"];
  /** The name itself, e.g. `models.example.com`. */
  readonly name: string;
  /** Where clients send requests, e.g. `https://models.example.com`. */
  readonly url: string;
  /** URLs of the models, by name: for each the first of its routes that can be written as a URL. */
  readonly modelUrls: Readonly<Record<string, string>>;
  /** What clients of OpenAI's API take as `base_url`, by model; without models that need a header. */
  readonly openAiBaseUrls: Readonly<Record<string, string>>;
  readonly protocol: EntryFile["protocol"];
  readonly dualStack: boolean;
  /** Ports that clients connect to. */
  readonly ports: readonly number[];
  readonly hostedZone: HostedZone;
  /** Names of the models that its clients rely on, sorted. */
  readonly models: readonly string[];
  /** Its regions: best first with `failover`, else by name. */
  readonly regions: readonly GlobalEndpointRegion[];
  /** Whether any region creates a certificate for the name. The name then has to be validated once. */
  readonly certified: boolean;
  /** Health checks of Route 53; absent with an accelerator. */
  readonly health?: GlobalEndpointHealth;
  /** Used with an accelerator only. */
  readonly accelerator: AcceleratorSettings;
  readonly timing: FailoverTiming;
  readonly alarms: GlobalEndpointAlarms;
}

/** Settings of an accelerator. */
export interface AcceleratorSettings {
  /** `source-ip`: all connections from one client address go to the same region while it is healthy. */
  readonly clientAffinity: "none" | "source-ip";
  /** Where it writes flow logs in S3; absent: no flow logs. */
  readonly flowLogs?: { readonly bucket: string; readonly prefix: string };
}

/** A region of the global endpoint. */
export interface GlobalEndpointRegion {
  readonly name: string;
  readonly drained: boolean;
  readonly weight: number;
  /** Traffic dial of the accelerator: percentage of the traffic for this region that it sends there; 0 when it is drained. */
  readonly dial: number;
  /** Name of the region's own load balancer, e.g. `us-east-1.models.example.com`. */
  readonly hostName: string;
  /** Models that decide whether it is healthy; empty with an accelerator. */
  readonly models: readonly GlobalEndpointModel[];
}

/** Settings of Route 53's health checks. Seconds and counts. */
export interface GlobalEndpointHealth {
  readonly interval: HealthFacts["interval"];
  readonly failureThreshold: number;
  readonly minimumHealthyModels: number;
}

/** A model that decides whether a region is healthy. */
export interface GlobalEndpointModel {
  readonly name: string;
  /** Path that Route 53 requests; absent when it does not health-check the model through the load balancer. */
  readonly healthCheckPath?: string;
  /**
   * The state of the model while CloudWatch has no data of its instances. When Route 53 requests the model itself, the
   * answers decide, and missing data alone takes no region out of service. Otherwise data may be missing because the
   * region is lost.
   */
  readonly whenUnknown: "as before" | "out of service";
  /** The variants with the highest weight, with the fewest healthy instances that each needs. */
  readonly variants: readonly { readonly name: string; readonly leastHealthy: Derived }[];
}

/** What the stack of a region creates for the global endpoint. */
export interface RegionGlobalEndpoint {
  /** The global endpoint's name, when the region creates a certificate for it. */
  readonly certifiedName?: string;
  /** Models that decide whether it is healthy; empty with an accelerator. */
  readonly models: readonly GlobalEndpointModel[];
  /** Listener rules that forward the requests of Route 53's health checks to the models. */
  readonly rules: readonly Rule[];
  /** Whether the security group has to allow Route 53's health checkers in addition to the clients. */
  readonly allowsHealthCheckers: boolean;
  /** Whether an accelerator sends traffic to the region. */
  readonly accelerated: boolean;
}

/** Recipients of alarms. */
export interface Recipients {
  readonly email?: string;
  readonly topicArns: readonly string[];
}

/** Recipients of the alarms of a region. */
export interface RegionAlarms extends Recipients {
  /** Whether they are told of every launch and end of an instance too. */
  readonly scalingActivities: boolean;
}

/** Recipients of the alarms of the global endpoint. */
export interface GlobalEndpointAlarms extends Recipients {
  /** Region of the alarms: the only one in which CloudWatch has the metrics of Route 53, or of Global Accelerator. */
  readonly region: string;
}
