import { type Assumed, assume } from "../../simulation/assumptions";
import type { Instance } from "../../simulation/auto-scaling/instance";
import type { AlarmModel, MetricModel, Statistic } from "../../simulation/cloudwatch/model";
import { Deployment, type DeploymentWorld } from "../../simulation/deployment";
import type {
  ActionModel,
  DeploymentModel,
  GroupModel,
  ListenerModel,
  LoadBalancerModel,
  RegionModel,
  TargetGroupModel,
} from "../../simulation/model";
import type { RequestFacts } from "../../simulation/requests/request";
import { NO_ANSWER } from "../../simulation/targets/health";
import { randomFrom } from "../../simulation/time/random";
import { Timeline } from "../../simulation/time/timeline";

/** A target group as Terraform makes it where nothing is written, but for quick health checks. */
export function targetGroup(told: Partial<TargetGroupModel> = {}): TargetGroupModel {
  return {
    address: "aws_lb_target_group.a",
    name: "a",
    port: 8000,
    protocol: "HTTP",
    protocolVersion: "HTTP1",
    algorithm: "round_robin",
    slowStart: 0,
    deregistrationDelay: 300,
    crossZone: true,
    stickiness: undefined,
    healthCheck: {
      enabled: true,
      protocol: "HTTP",
      port: undefined,
      path: "/health",
      interval: 10,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
      statuses: [[200, 200]],
    },
    routingThreshold: { count: 1, percentage: 0 },
    dnsThreshold: { count: 1, percentage: 0 },
    ...told,
  };
}

/** An alarm that goes off when a metric is above 0 for a minute. */
export function alarmAbove0(name: string, metric: MetricModel, statistic: Statistic = "Sum"): AlarmModel {
  return {
    address: `aws_cloudwatch_metric_alarm.${name}`,
    name,
    metric: { queries: [{ id: "m", metric, statistic }], returns: "m", period: 60 },
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periods: 1,
    datapoints: 1,
    missing: "notBreaching",
    actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] },
  };
}

export function forwardTo(...addresses: readonly string[]): ActionModel {
  return {
    type: "forward",
    targetGroups: addresses.map((address) => ({ targetGroup: address, weight: 1 })),
    stickyFor: 0,
  };
}

export function listener(told: Partial<ListenerModel> = {}): ListenerModel {
  return {
    address: "aws_lb_listener.http",
    port: 80,
    protocol: "HTTP",
    defaultAction: forwardTo("aws_lb_target_group.a"),
    rules: [],
    ...told,
  };
}

export function loadBalancer(told: Partial<LoadBalancerModel> = {}): LoadBalancerModel {
  return {
    address: "aws_lb.entry",
    name: "entry",
    zones: ["a", "b", "c"],
    idleTimeout: 60,
    clientKeepAlive: 3600,
    dropInvalidHeaders: false,
    forwardedFor: "append",
    zonalShift: true,
    listeners: [listener()],
    ...told,
  };
}

export function group(told: Partial<GroupModel> = {}): GroupModel {
  return {
    address: "aws_autoscaling_group.g",
    name: "g",
    min: 3,
    max: 6,
    desired: undefined,
    zones: ["a", "b", "c"],
    balancedOnly: false,
    targetGroups: ["aws_lb_target_group.a"],
    elbHealth: true,
    gracePeriod: 60,
    warmUp: 60,
    launchHook: { name: "ready", heartbeatTimeout: 600, defaultResult: "ABANDON" },
    terminateHook: { name: "drained", heartbeatTimeout: 360, defaultResult: "CONTINUE" },
    maintenance: { min: 100, max: 120 },
    suspended: [],
    protectFromScaleIn: false,
    terminationPolicies: ["Default"],
    warmPool: undefined,
    spot: undefined,
    capacityRebalance: false,
    refresh: undefined,
    instance: { version: "1", types: ["g6.xlarge"], tags: {}, userData: "" },
    policies: [],
    alarmedPolicies: [],
    schedules: [],
    maxLifetime: 0,
    ...told,
  };
}

export function region(told: Partial<RegionModel> = {}): RegionModel {
  return {
    name: "us-east-1",
    loadBalancers: [loadBalancer()],
    targetGroups: [targetGroup()],
    groups: [group()],
    alarms: [],
    composites: [],
    ...told,
  };
}

export function deployment(told: Partial<DeploymentModel> = {}): DeploymentModel {
  return {
    regions: [region()],
    healthChecks: [],
    records: [],
    endpointGroups: [],
    notSimulated: [],
    ...told,
  };
}

export function request(told: Partial<RequestFacts> = {}): RequestFacts {
  return {
    method: "GET",
    host: "models.example.com",
    path: "/",
    query: "",
    headers: {},
    source: "203.0.113.9",
    ...told,
  };
}

/** When a simulation begins, in seconds since 1970. */
const MONDAY_EVENING = Date.UTC(2027, 0, 4, 18, 50) / 1000;

/** A deployment in virtual time: machines that load their model for as long as told, and then answer 200. */
export class Simulated {
  readonly clock = new Timeline();
  /** What happened: the time, to what, and what. */
  readonly events: { readonly at: number; readonly subject: string; readonly what: string }[] = [];
  /** Instances that do not answer. */
  readonly dead = new Set<string>();
  /** Statuses of health checks, where they are not 200. */
  readonly statuses = new Map<string, number>();
  readonly withoutCapacity = new Set<string>();
  /** Zones that nothing outside reaches. */
  readonly cutZones = new Set<string>();
  /** Regions whose endpoints do not answer Route 53. */
  readonly deadRegions = new Set<string>();
  readonly cut: string[] = [];
  loadTime = 100;
  /** How long a server takes to stop. */
  stopTime = 5;
  readonly deployment: Deployment;
  readonly #running = new Map<string, Instance>();
  #ids = 0;

  constructor(model: DeploymentModel, assumed: Partial<Assumed> = {}, seed = 1) {
    const { clock } = this;
    const world: DeploymentWorld = {
      clock,
      random: randomFrom(seed),
      assumed: assume(assumed),
      startedAt: MONDAY_EVENING,
      machines: {
        start: (instance) => {
          this.#running.set(instance.id, instance);
          clock.after(this.loadTime, () => this.#groupOf(instance)?.complete(instance.id, "CONTINUE"));
        },
        stop: ({ id }) => this.#running.delete(id),
        leave: (instance) => {
          clock.after(this.stopTime, () => this.#groupOf(instance)?.complete(instance.id, "CONTINUE"));
        },
        end: ({ id }) => this.#running.delete(id),
      },
      capacity: { has: (zone) => !this.withoutCapacity.has(zone) },
      probe: ({ instance, node }, done) => {
        const zone = this.#running.get(instance)?.zone ?? "";
        const cut = zone !== node.zone && (this.cutZones.has(zone) || this.cutZones.has(node.zone));
        const answers = this.#running.has(instance) && !this.dead.has(instance) && !cut;
        clock.after(0.01, () => done(answers ? (this.statuses.get(instance) ?? 200) : NO_ANSWER));
      },
      cut: (_targetGroup, { instance }) => this.cut.push(instance),
      nextId: () => {
        this.#ids += 1;
        return `i-${this.#ids}`;
      },
      tell: (_region, subject, what) => this.events.push({ at: clock.now, subject, what }),
      ask: ({ host }, done) => clock.after(0.01, () => done(this.deadRegions.has(host) ? 0 : 200)),
      distance: (from, to) => (from === to ? 0 : 1),
    };
    this.deployment = new Deployment(model, world);
  }

  get region() {
    return this.first(this.deployment.regions);
  }

  get group() {
    return this.first(this.region.groups);
  }

  get targetGroup() {
    return this.first(this.region.targetGroups);
  }

  get loadBalancer() {
    return this.first(this.region.loadBalancers);
  }

  /** Ids of the instances in a state, in the order of their launch. */
  inState(state: string): readonly string[] {
    return [...this.group.all].filter((instance) => instance.state === state).map(({ id }) => id);
  }

  /** When something was first told of, in words. */
  when(what: RegExp, subject?: string): number | undefined {
    return this.events.find((event) => what.test(event.what) && (subject ?? event.subject) === event.subject)
      ?.at;
  }

  first<T>(of: ReadonlyMap<string, T>): T {
    const [value] = of.values();
    if (value === undefined) {
      throw new Error("there is none");
    }
    return value;
  }

  #groupOf({ id }: Instance) {
    for (const each of this.deployment.regions.values()) {
      const found = each.groupOf(id);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }
}
