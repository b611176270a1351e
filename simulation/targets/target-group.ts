import type { Assumed } from "../assumptions";
import type { Metrics, Series } from "../cloudwatch/metrics";
import type { TargetGroupModel } from "../model";
import type { Random } from "../time/random";
import type { Clock, Timer } from "../time/timeline";
import { chooseTarget } from "./algorithms";
import { eligibleTargets, isBreached, type NodePlace } from "./eligible";
import { NO_ANSWER, type ProbeResult } from "./health";
import { Target } from "./target";

/** Sends health checks. The answer may come at any later time, or never. */
export type Prober = (
  check: { readonly targetGroup: TargetGroupModel; readonly instance: string; readonly node: NodePlace },
  done: (result: ProbeResult) => void,
) => void;

/** What a target group needs of its surroundings. */
export interface TargetGroupSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly assumed: Assumed;
  readonly metrics: Metrics;
  readonly probe: Prober;
  /** Is told what happens, in words: `target`, `what`. */
  readonly tell: (subject: string, what: string) => void;
  /** The deregistration delay is over: what still runs on the target is cut. */
  readonly cut: (targetGroup: TargetGroup, target: Target) => void;
}

/** Checks of one target by one node. */
interface Checks {
  readonly target: Target;
  readonly node: NodePlace;
  timer: Timer;
  round: number;
}

/** A target group at work: its targets, their health, and which of them gets a request. */
export class TargetGroup {
  readonly targets: Target[] = [];
  readonly #checks: Checks[] = [];
  readonly #drains = new Map<Target, { readonly timer: Timer; readonly done: () => void }>();
  readonly #eligible: Target[] = [];
  #turn = 0;
  #shareNode = 0;
  readonly #requests: Series;
  readonly #failed: Series;
  readonly #healthy: Series;
  readonly #perTarget: readonly Series[];
  /** Requests since the last report. */
  #begun = 0;

  /** @param nodes of the load balancer; it may get others later */
  constructor(
    public model: TargetGroupModel,
    private readonly nodes: readonly NodePlace[],
    loadBalancer: string,
    private readonly around: TargetGroupSurroundings,
  ) {
    const of = { LoadBalancer: loadBalancer, TargetGroup: model.address };
    this.#requests = around.metrics.series("RequestCount", of);
    this.#failed = around.metrics.series("HTTPCode_Target_5XX_Count", of);
    this.#healthy = around.metrics.series("HealthyHostCount", of);
    this.#perTarget = [of, { TargetGroup: model.address }].map((dimensions) =>
      around.metrics.series("RequestCountPerTarget", dimensions),
    );
  }

  /** Adds an instance. Nodes begin to check it a little later. */
  register(instance: string, zone: string): Target {
    const target = new Target(instance, zone);
    this.targets.push(target);
    if (this.model.healthCheck.enabled) {
      for (const node of this.nodes) {
        const checks: Checks = { target, node, timer: 0, round: 0 };
        this.#checks.push(checks);
        this.#checkLater(checks, this.around.assumed.registration);
      }
    }
    return target;
  }

  /**
   * Takes an instance out: no new request, and those that run have the deregistration delay. Without any it is out at
   * once. Source: ELB user guide, "Deregistration delay".
   */
  deregister(instance: string, done: () => void): void {
    const target = this.targets.find((each) => each.instance === instance && !each.draining);
    if (target === undefined) {
      done();
      return;
    }
    target.drainingSince = this.around.clock.now;
    const timer = this.around.clock.after(this.model.deregistrationDelay, () => {
      if (target.outstanding > 0) {
        this.around.tell(instance, `${target.outstanding} requests outlast the drain of ${this.model.name}`);
      }
      this.around.cut(this, target);
      this.#drained(target);
    });
    this.#drains.set(target, { timer, done });
    if (target.outstanding === 0) {
      this.#drained(target);
    }
  }

  /** Whom a node sends a new request to; `undefined`: nobody, for which it answers 503. */
  choose(node: NodePlace, shiftedZone: string | undefined): Target | undefined {
    const eligible = this.#eligible;
    eligibleTargets(this.targets, this.model, node, shiftedZone, eligible);
    this.#turn += 1;
    this.#shareNode = node.index;
    return chooseTarget(eligible, this.model.algorithm, this.#turn, this.around.random, this.#shareOf);
  }

  /** Whom a sticky client comes back to; `undefined` where a new choice is needed. */
  kept(instance: string, node: NodePlace, shiftedZone: string | undefined): Target | undefined {
    eligibleTargets(this.targets, this.model, node, shiftedZone, this.#eligible);
    return this.#eligible.find((target) => target.instance === instance);
  }

  begin(target: Target): void {
    target.outstanding += 1;
    target.sent += 1;
    this.#begun += 1;
    this.#requests.add(1);
  }

  /** @param status of the target's answer; 0: none */
  end(target: Target, status: number): void {
    target.outstanding -= 1;
    if (status >= 500) {
      this.#failed.add(1);
    }
    if (target.draining && target.outstanding === 0) {
      this.#drained(target);
    }
  }

  /** Whether enough targets are healthy, as a node sees them, for DNS to have its address. */
  servesZone(node: NodePlace): boolean {
    let [all, healthy] = [0, 0];
    for (const target of this.targets) {
      if (!target.draining && (this.model.crossZone || target.zone === node.zone)) {
        all += 1;
        healthy += target.isHealthy(node.index) ? 1 : 0;
      }
    }
    return !isBreached(this.model.dnsThreshold, healthy, all);
  }

  healthyCount(node: NodePlace): number {
    let healthy = 0;
    for (const target of this.targets) {
      healthy += !target.draining && target.isHealthy(node.index) ? 1 : 0;
    }
    return healthy;
  }

  /** Whether every node finds every target healthy. */
  get isWhollyHealthy(): boolean {
    return this.targets.every((target) => this.nodes.every(({ index }) => target.isHealthy(index)));
  }

  /**
   * Reports what CloudWatch has of a target group each minute: a value of every node, and the requests of the minute by
   * the targets that are healthy. Source: ELB user guide, "CloudWatch metrics for your Application Load Balancer".
   */
  report(): void {
    let most = 0;
    for (const node of this.nodes) {
      const healthy = this.healthyCount(node);
      this.#healthy.add(healthy);
      most = Math.max(most, healthy);
    }
    if (most > 0) {
      for (const series of this.#perTarget) {
        series.add(this.#begun / most);
      }
    }
    this.#begun = 0;
  }

  /** Ends all checks, when the target group is removed. */
  close(): void {
    for (const { timer } of this.#checks.splice(0)) {
      this.around.clock.cancel(timer);
    }
    for (const { timer } of this.#drains.values()) {
      this.around.clock.cancel(timer);
    }
  }

  readonly #shareOf = (target: Target): number => {
    const since = target.healthySince[this.#shareNode];
    const { slowStart } = this.model;
    return slowStart === 0 || since === undefined ? 1 : (this.around.clock.now - since) / slowStart;
  };

  #drained(target: Target): void {
    const drain = this.#drains.get(target);
    this.#drains.delete(target);
    this.#stopChecks(target);
    const at = this.targets.indexOf(target);
    if (at !== -1) {
      this.targets.splice(at, 1);
    }
    if (drain !== undefined) {
      this.around.clock.cancel(drain.timer);
      drain.done();
    }
  }

  #stopChecks(target: Target): void {
    for (let at = this.#checks.length - 1; at >= 0; at -= 1) {
      const checks = this.#checks[at] as Checks;
      if (checks.target === target) {
        this.around.clock.cancel(checks.timer);
        checks.round += 1;
        this.#checks.splice(at, 1);
      }
    }
  }

  #checkLater(checks: Checks, delay: number): void {
    checks.timer = this.around.clock.after(delay, () => this.#check(checks));
  }

  /** One check; the next begins an interval after this one began, and the answer has the timeout. */
  #check(checks: Checks): void {
    const { target, node } = checks;
    const { timeout, interval } = this.model.healthCheck;
    checks.round += 1;
    const { round } = checks;
    const began = this.around.clock.now;
    let answered = false;
    const finish = (result: ProbeResult) => {
      if (answered || checks.round !== round) {
        return;
      }
      answered = true;
      this.around.clock.cancel(checks.timer);
      this.#record(target, node, result);
      this.#checkLater(checks, began + interval - this.around.clock.now);
    };
    checks.timer = this.around.clock.after(timeout, () => finish(NO_ANSWER));
    this.around.probe({ targetGroup: this.model, instance: target.instance, node }, finish);
  }

  #record(target: Target, node: NodePlace, result: ProbeResult): void {
    const view = target.view(node.index);
    if (!view.record(result, this.model.healthCheck)) {
      return;
    }
    if (view.state === "healthy") {
      target.healthySince[node.index] = this.#slowStartFrom(target, node);
    }
    const saw = result === NO_ANSWER ? "no answer" : `status ${result}`;
    this.around.tell(target.instance, `${view.state} in ${this.model.name} for ${node.zone}, after ${saw}`);
  }

  /** A target has its full share at once where no other healthy one could take the rest. */
  #slowStartFrom(target: Target, { index }: NodePlace): number {
    const { now } = this.around.clock;
    const { slowStart } = this.model;
    const another = this.targets.some(
      (other) =>
        other !== target && other.isHealthy(index) && now - (other.healthySince[index] ?? 0) >= slowStart,
    );
    return another ? now : now - slowStart;
  }
}
