import type { AlarmedPolicyModel, TrackingModel } from "./auto-scaling/policies";
import type { AlarmModel, CompositeModel } from "./cloudwatch/model";

/**
 * A deployment as the simulation sees it: what of Terraform's resources decides how requests flow. Durations are in
 * seconds. Whatever refers to another thing does so by its address in Terraform.
 */
export interface DeploymentModel {
  readonly regions: readonly RegionModel[];
  readonly healthChecks: readonly HealthCheckModel[];
  readonly records: readonly RecordModel[];
  /** The endpoint groups of accelerators, which lead to regions beside the records. */
  readonly endpointGroups: readonly EndpointGroupModel[];
  /** What in the JSON the simulation does not do, by name: one sentence each. */
  readonly notSimulated: readonly string[];
}

/** A region of an accelerator. */
export interface EndpointGroupModel {
  readonly region: string;
  /** Per cent of the clients nearest to it that it gets; 0: new connections go elsewhere. */
  readonly dial: number;
}

/** Names something in one region, by Terraform's address: `aws_lb.entry_alb`. */
export type Address = string;

/** The stack of a region. */
export interface RegionModel {
  /** AWS's name: `us-east-1`. */
  readonly name: string;
  readonly loadBalancers: readonly LoadBalancerModel[];
  readonly targetGroups: readonly TargetGroupModel[];
  readonly groups: readonly GroupModel[];
  readonly alarms: readonly AlarmModel[];
  readonly composites: readonly CompositeModel[];
}

/** An Application Load Balancer, with its listeners. */
export interface LoadBalancerModel {
  readonly address: Address;
  readonly name: string;
  readonly zones: readonly string[];
  readonly idleTimeout: number;
  readonly clientKeepAlive: number;
  readonly dropInvalidHeaders: boolean;
  /** Which X-Forwarded-For it sends. */
  readonly forwardedFor: "append" | "preserve" | "remove";
  readonly zonalShift: boolean;
  readonly listeners: readonly ListenerModel[];
}

export interface ListenerModel {
  readonly address: Address;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** Of a listener of HTTPS alone. */
  readonly tls?: TlsModel;
  readonly defaultAction: ActionModel;
  /** By priority, the lowest number first. */
  readonly rules: readonly RuleModel[];
}

/** What a listener asks of a handshake. */
export interface TlsModel {
  readonly oldest: "1.0" | "1.1" | "1.2" | "1.3";
  readonly newest: "1.2" | "1.3";
}

export interface RuleModel {
  readonly address: Address;
  readonly priority: number;
  readonly conditions: readonly ConditionModel[];
  readonly pathRewrite?: RewriteModel;
  readonly hostRewrite?: RewriteModel;
  readonly action: ActionModel;
}

export interface RewriteModel {
  readonly regex: string;
  readonly replace: string;
}

export type ConditionModel =
  | { readonly field: "path" | "host"; readonly values: readonly string[]; readonly regex: boolean }
  | {
      readonly field: "header";
      readonly name: string;
      readonly values: readonly string[];
      readonly regex: boolean;
    }
  | { readonly field: "method"; readonly values: readonly string[] }
  | { readonly field: "query"; readonly values: readonly { readonly key?: string; readonly value: string }[] }
  | { readonly field: "source"; readonly values: readonly string[] };

/** What a rule does, and who may have it done. */
export type ActionModel = FinalActionModel & {
  /** `undefined`: everybody. */
  readonly authentication?: AuthenticationModel;
};

/** A token that is asked for. */
export interface TokenModel {
  readonly type: "jwt";
  readonly issuer: string;
  /** Address of its public keys. */
  readonly jwksEndpoint: string;
  readonly claims: readonly ClaimModel[];
}

export type AuthenticationModel =
  | TokenModel
  /** One that is not simulated, by its name in AWS: nobody may. */
  | { readonly type: "unknown"; readonly name: string };

/** A claim that a token has to have, beside its issuer and its times. */
export interface ClaimModel {
  readonly name: string;
  readonly format: "single-string" | "string-array" | "space-separated-values";
  readonly values: readonly string[];
}

export type FinalActionModel =
  | {
      readonly type: "fixed-response";
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  | {
      readonly type: "redirect";
      readonly status: number;
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
    }
  | {
      readonly type: "forward";
      readonly targetGroups: readonly { readonly targetGroup: Address; readonly weight: number }[];
      /** How long a client keeps its target group; 0: it does not. */
      readonly stickyFor: number;
    };

export interface TargetGroupModel {
  readonly address: Address;
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  readonly protocolVersion: "HTTP1" | "HTTP2" | "GRPC";
  readonly algorithm: "round_robin" | "least_outstanding_requests" | "weighted_random";
  /** How long the share of a new target grows; 0: it has its full share at once. */
  readonly slowStart: number;
  readonly deregistrationDelay: number;
  /** Whether a node sends to the targets of all zones. */
  readonly crossZone: boolean;
  readonly stickiness: StickinessModel | undefined;
  readonly healthCheck: TargetHealthCheckModel;
  /** With fewer healthy targets a node sends to all of them. */
  readonly routingThreshold: ThresholdModel;
  /** With fewer healthy targets DNS no longer has the addresses of the zone. */
  readonly dnsThreshold: ThresholdModel;
}

export type StickinessModel =
  | { readonly by: "load balancer"; readonly seconds: number }
  | { readonly by: "application"; readonly cookie: string; readonly seconds: number };

/** Healthy targets that have to be there. Either of the two counts when it is breached. */
export interface ThresholdModel {
  readonly count: number;
  /** Per cent of the targets; 0: no share counts. */
  readonly percentage: number;
}

export interface TargetHealthCheckModel {
  readonly enabled: boolean;
  readonly protocol: "HTTP" | "HTTPS";
  /** `undefined`: the port of the target. */
  readonly port: number | undefined;
  readonly path: string;
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Statuses that pass, as ranges. */
  readonly statuses: readonly (readonly [least: number, most: number])[];
}

export interface GroupModel {
  readonly address: Address;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** What the group is made with; `undefined`: min. */
  readonly desired: number | undefined;
  readonly zones: readonly string[];
  readonly balancedOnly: boolean;
  readonly targetGroups: readonly Address[];
  /** Whether the health checks of the load balancer count, beside those of EC2. */
  readonly elbHealth: boolean;
  readonly gracePeriod: number;
  readonly warmUp: number;
  readonly launchHook: HookModel | undefined;
  readonly terminateHook: HookModel | undefined;
  readonly maintenance: HealthyRange | undefined;
  readonly suspended: readonly string[];
  readonly protectFromScaleIn: boolean;
  readonly terminationPolicies: readonly string[];
  readonly warmPool: WarmPoolModel | undefined;
  readonly spot: SpotModel | undefined;
  readonly capacityRebalance: boolean;
  readonly refresh: RefreshModel | undefined;
  readonly instance: InstanceModel;
  readonly policies: readonly TrackingModel[];
  readonly alarmedPolicies: readonly AlarmedPolicyModel[];
  readonly schedules: readonly ScheduleModel[];
  /** Seconds after which an instance is replaced; 0: never. */
  readonly maxLifetime: number;
}

/** A scheduled action. A size that is `undefined` stays as it is. */
export interface ScheduleModel {
  readonly name: string;
  /** Once, in seconds since 1970; or again and again. */
  readonly at: number | { readonly cron: string; readonly timeZone: string };
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly desired: number | undefined;
}

export interface HookModel {
  readonly name: string;
  readonly heartbeatTimeout: number;
  readonly defaultResult: "ABANDON" | "CONTINUE";
}

/** Per cent of the desired capacity that is to be healthy while instances are replaced. */
export interface HealthyRange {
  readonly min: number;
  readonly max: number;
}

export interface WarmPoolModel {
  readonly state: "Stopped" | "Running" | "Hibernated";
  readonly min: number;
  /** Of group and pool together; `undefined`: the maximum of the group. */
  readonly maxPrepared: number | undefined;
  /** Whether what the group gives up goes back to the pool. */
  readonly reuse: boolean;
}

export interface SpotModel {
  readonly onDemandBase: number;
  readonly onDemandPercentageAboveBase: number;
}

export interface RefreshModel {
  readonly range: HealthyRange;
  readonly warmUp: number;
  readonly skipMatching: boolean;
  readonly checkpoints: readonly number[];
  readonly checkpointDelay: number;
  /** Names of alarms that stop it. */
  readonly alarms: readonly string[];
  /** Whether one that fails is rolled back. */
  readonly rollBack: boolean;
}

/** What an instance of a group runs, as far as the JSON tells. */
export interface InstanceModel {
  /** The same text for the same version of the launch template. */
  readonly version: string;
  readonly types: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Base64, as the launch template has it. */
  readonly userData: string;
}

export type HealthCheckModel = { readonly address: Address; readonly inverted: boolean } & (
  | {
      readonly type: "endpoint";
      readonly protocol: "HTTP" | "HTTPS";
      readonly host: string;
      readonly port: number;
      readonly path: string;
      readonly interval: number;
      readonly failureThreshold: number;
      readonly checkers: number | undefined;
    }
  | { readonly type: "calculated"; readonly children: readonly Address[]; readonly healthyAt: number }
  | {
      readonly type: "alarm";
      readonly region: string;
      readonly alarm: string;
      readonly withoutData: "Healthy" | "Unhealthy" | "LastKnownStatus";
    }
);

export interface RecordModel {
  readonly address: Address;
  readonly name: string;
  readonly type: string;
  readonly healthCheck: Address | undefined;
  readonly to:
    | { readonly kind: "record"; readonly name: string; readonly evaluateHealth: boolean }
    | {
        readonly kind: "load balancer";
        readonly region: string;
        readonly loadBalancer: Address;
        readonly evaluateHealth: boolean;
      };
  readonly policy:
    | { readonly kind: "simple" }
    | { readonly kind: "weighted"; readonly weight: number }
    | { readonly kind: "latency"; readonly region: string }
    | { readonly kind: "failover"; readonly primary: boolean };
}
