import type { Assumed } from "./assumptions";
import { AutoScalingGroup } from "./auto-scaling/group";
import { scale } from "./auto-scaling/scaling";
import { beginSchedules } from "./auto-scaling/schedules";
import type { Capacity, Machines } from "./auto-scaling/surroundings";
import { Alarms } from "./cloudwatch/alarms";
import { Metrics } from "./cloudwatch/metrics";
import { LoadBalancer, nodesOf } from "./load-balancer/load-balancer";
import type { Address, RegionModel, TargetGroupModel } from "./model";
import type { Target } from "./targets/target";
import { type Prober, TargetGroup } from "./targets/target-group";
import type { Random } from "./time/random";
import type { Clock } from "./time/timeline";

/** Everything outside the rules of AWS: machines, wires, time, chance. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly assumed: Assumed;
  /** Seconds since 1970 at which the clock is at 0. */
  readonly startedAt: number;
  readonly machines: Machines;
  readonly capacity: Capacity;
  readonly probe: Prober;
  /** What still runs on the target is cut. */
  readonly cut: (targetGroup: TargetGroup, target: Target) => void;
  readonly nextId: () => string;
  /** Is told what happens: where, to what, and what. */
  readonly tell: (region: string, subject: string, what: string) => void;
}

/** A region at work: its load balancers, target groups, Auto Scaling groups and alarms. */
export class Region {
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly targetGroups = new Map<Address, TargetGroup>();
  readonly loadBalancers = new Map<Address, LoadBalancer>();
  readonly groups = new Map<Address, AutoScalingGroup>();

  constructor(
    public model: RegionModel,
    private readonly world: World,
  ) {
    this.metrics = new Metrics(world.clock);
    this.alarms = new Alarms(world.clock, this.metrics, this.#tell);
    this.#take(model);
    this.#minutes();
    beginSchedules(world.clock, world.startedAt, () => this.groups.values());
  }

  get name(): string {
    return this.model.name;
  }

  /**
   * Takes another model, in the order of Terraform with `create_before_destroy`: what is new is made first, then rules
   * lead there, then what is no longer there goes.
   */
  follow(model: RegionModel): void {
    this.#take(model);
    const kept = new Set(model.groups.map(({ address }) => address));
    for (const [address, group] of this.groups) {
      if (!kept.has(address)) {
        group.model = { ...group.model, min: 0, policies: [], alarmedPolicies: [], warmPool: undefined };
        group.setDesired(0, "the group is removed");
      }
    }
  }

  /** The group that an instance belongs to. */
  groupOf(instance: string): AutoScalingGroup | undefined {
    for (const group of this.groups.values()) {
      if (group.instances.has(instance)) {
        return group;
      }
    }
    return undefined;
  }

  readonly #tell = (subject: string, what: string): void => this.world.tell(this.name, subject, what);

  #take(model: RegionModel): void {
    this.model = model;
    this.alarms.follow(model.alarms, model.composites);
    for (const targetGroup of model.targetGroups) {
      const known = this.targetGroups.get(targetGroup.address);
      if (known === undefined) {
        this.targetGroups.set(targetGroup.address, this.#targetGroup(targetGroup));
      } else {
        known.model = targetGroup;
      }
    }
    for (const loadBalancer of model.loadBalancers) {
      const known = this.loadBalancers.get(loadBalancer.address);
      if (known === undefined) {
        const made = new LoadBalancer(loadBalancer, { ...this.world, ...this.#shared() });
        this.loadBalancers.set(loadBalancer.address, made);
      } else {
        this.world.clock.after(this.world.assumed.configurationSpread, () => known.follow(loadBalancer));
      }
    }
    for (const group of model.groups) {
      const known = this.groups.get(group.address);
      if (known === undefined) {
        const made = new AutoScalingGroup(group, this.#groupSurroundings());
        this.groups.set(group.address, made);
        made.begin();
      } else {
        known.follow(group);
      }
    }
  }

  #shared() {
    return { metrics: this.metrics, targetGroups: this.targetGroups, tell: this.#tell };
  }

  /** AWS lets a target group belong to one load balancer only. Source: ELB user guide, "Target groups". */
  #targetGroup(model: TargetGroupModel): TargetGroup {
    const owner =
      this.model.loadBalancers.find((each) => refersTo(each, model.address)) ?? this.model.loadBalancers[0];
    const nodes = owner === undefined ? [] : nodesOf(owner, this.world.assumed);
    return new TargetGroup(model, nodes, owner?.address ?? "", { ...this.world, ...this.#shared() });
  }

  #groupSurroundings() {
    const [loadBalancer] = this.model.loadBalancers;
    return {
      ...this.world,
      ...this.#shared(),
      nodes: loadBalancer === undefined ? 0 : nodesOf(loadBalancer, this.world.assumed).length,
      isAlarm: (name: string) => this.alarms.stateOf(name) === "ALARM",
    };
  }

  /** Metrics are reported at the end of each minute, and read after their delay. */
  #minutes(): void {
    const { clock, assumed } = this.world;
    const report = () => {
      for (const targetGroup of this.targetGroups.values()) {
        targetGroup.report();
      }
      for (const group of this.groups.values()) {
        group.report();
      }
      clock.after(60, report);
    };
    const read = () => {
      const end = Math.floor((clock.now - assumed.metricDelay) / 60);
      const invocations = this.alarms.look(end);
      for (const group of this.groups.values()) {
        scale(group, end, invocations);
      }
      clock.after(60, read);
    };
    clock.after(59 - (clock.now % 60), report);
    clock.after(60 - (clock.now % 60) + assumed.metricDelay, read);
  }
}

function refersTo({ listeners }: RegionModel["loadBalancers"][number], targetGroup: Address): boolean {
  return listeners
    .flatMap(({ rules, defaultAction }) => [defaultAction, ...rules.map(({ action }) => action)])
    .some(
      (action) =>
        action.type === "forward" && action.targetGroups.some((each) => each.targetGroup === targetGroup),
    );
}
