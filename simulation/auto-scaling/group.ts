import type { GroupModel, HookModel, InstanceModel } from "../model";
import { oneToGiveUp, placeFor, readyInPool } from "./choices";
import type { GroupAtWork } from "./group-at-work";
import { groupReport } from "./group-metrics";
import { Instance } from "./instance";
import { Refresh, type RefreshStatus } from "./refresh";
import { flagImbalance, flagOld, flagUnhealthy, replaceFlagged } from "./replacement";
import type { GroupSurroundings } from "./surroundings";
import { keepPool, returnsToPool, waitingState } from "./warm-pool";

/**
 * An Auto Scaling group at work. It launches and terminates until it has what it wants; everything that happens ends in
 * {@link AutoScalingGroup.reconcile}.
 */
export class AutoScalingGroup implements GroupAtWork {
  readonly instances = new Map<string, Instance>();
  desired: number;
  refresh: Refresh | undefined;
  /** When simple scaling last changed the capacity; `undefined`: never. */
  scaledSimplyAt: number | undefined;
  /** When an instance last entered service, or was gone. */
  changedAt = 0;
  #retryAt = 0;
  readonly #report: () => void;

  constructor(
    public model: GroupModel,
    readonly around: GroupSurroundings,
  ) {
    this.desired = model.desired ?? model.min;
    this.#report = groupReport(this);
  }

  /** Begins to launch, and to look at the health of its instances. */
  begin(): void {
    this.reconcile();
    const look = () => {
      this.look();
      this.around.clock.after(this.around.assumed.groupHealthInterval, look);
    };
    this.around.clock.after(this.around.random() * this.around.assumed.groupHealthInterval, look);
  }

  /** One look at the health of all instances, and at the balance of zones. */
  look(): void {
    flagUnhealthy(this);
    flagOld(this);
    flagImbalance(this);
    this.reconcile();
  }

  /** @param why in words, for whoever watches */
  setDesired(count: number, why: string): void {
    const wanted = Math.max(this.model.min, Math.min(this.model.max, count));
    if (wanted !== this.desired) {
      this.around.tell(this.model.name, `desired ${this.desired} → ${wanted}: ${why}`);
      this.desired = wanted;
      this.reconcile();
    }
  }

  /** Takes another model: sizes, hooks, a version of the launch template. A new version rolls out by a refresh. */
  follow(model: GroupModel): void {
    const earlier = this.model.instance;
    const before = this.model.targetGroups;
    // Where scheduled actions change the sizes, a group ignores its own: each apply would put them back.
    const { min, max } = model.schedules.length > 0 ? this.model : model;
    this.model = { ...model, min, max };
    this.#attach(before);
    this.desired = Math.max(min, Math.min(max, this.desired));
    if (model.instance.version !== earlier.version && model.refresh !== undefined) {
      this.startRefresh(earlier);
    }
    this.reconcile();
  }

  /**
   * Source: Auto Scaling user guide, "Instance refresh": one that starts while another runs cancels that one.
   *
   * @param earlier what it is rolled back to; `undefined`: it is not
   */
  startRefresh(earlier?: InstanceModel): RefreshStatus | undefined {
    if (this.model.refresh === undefined) {
      return undefined;
    }
    this.refresh?.cancel("another one begins");
    this.refresh = new Refresh(this, this.model.refresh, earlier);
    this.refresh.step();
    return this.refresh.status;
  }

  rollBackTo(instance: InstanceModel): void {
    this.model = { ...this.model, instance };
  }

  get all(): IterableIterator<Instance> {
    return this.instances.values();
  }

  get inService(): number {
    return this.#count(({ state }) => state === "InService");
  }

  /** In service, and for longer than the warm-up. Source: Auto Scaling user guide, "Set the default instance warmup". */
  isWarm(instance: Instance, warmUp: number): boolean {
    return (
      instance.state === "InService" &&
      instance.inServiceSince !== undefined &&
      this.around.clock.now >= instance.inServiceSince + warmUp
    );
  }

  /** The instance answers a hook that waits. Where none waits, nothing happens. */
  complete(id: string, result: "CONTINUE" | "ABANDON"): void {
    const instance = this.instances.get(id);
    if (instance === undefined || !instance.state.endsWith(":Wait")) {
      return;
    }
    this.around.clock.cancel(instance.hookTimer);
    this.#hookEnded(instance, result);
  }

  /** Makes a hook wait anew, as RecordLifecycleActionHeartbeat does. */
  heartbeat(id: string): void {
    const instance = this.instances.get(id);
    if (instance?.state.endsWith(":Wait")) {
      this.around.clock.cancel(instance.hookTimer);
      this.#wait(instance, this.#hookOf(instance) as HookModel);
    }
  }

  /** As SetInstanceHealth does: the next look replaces it. */
  markUnhealthy(id: string, why: string): void {
    const instance = this.instances.get(id);
    if (instance !== undefined && !instance.leaves) {
      instance.unhealthy = why;
    }
  }

  /** The machine has died, and nobody has ended it: EC2's status check finds that some time later. */
  machineDied(id: string): void {
    this.around.clock.after(this.around.assumed.systemCheckFailure, () =>
      this.markUnhealthy(id, "its EC2 status check fails"),
    );
  }

  /** EC2 has ended the machine: the group does not wait for a look. */
  ended(id: string, why: string): void {
    const instance = this.instances.get(id);
    if (instance === undefined) {
      return;
    }
    this.around.tell(id, `ended: ${why}`);
    this.around.clock.cancel(instance.hookTimer);
    this.deregister(id);
    this.#gone(instance);
  }

  /** Launches what is missing, gives up what is too much, replaces what is flagged. */
  reconcile(): void {
    replaceFlagged(this);
    let missing = this.desired + this.#pairs() - this.#count(({ counts }) => counts);
    for (; missing > 0 && this.#launchOne(undefined) !== undefined; missing -= 1) {}
    for (; missing < 0; missing += 1) {
      const surplus = oneToGiveUp(this.model, this.all);
      if (surplus === undefined) {
        break;
      }
      const why = "the group has more than it wants";
      if (returnsToPool(this, surplus)) {
        this.around.tell(surplus.id, `goes back to the warm pool: ${why}`);
        this.#leave(surplus, "Warmed:Pending");
      } else {
        this.terminate(surplus, why);
      }
    }
    keepPool(this, () => this.#launch(true, undefined) !== undefined);
    this.refresh?.step();
  }

  /** Launches an instance in place of another, which goes when the new one serves. */
  launchReplacement(replaced: Instance): Instance | undefined {
    const made = this.#launchOne(replaced);
    if (made !== undefined) {
      made.replaces = replaced;
      replaced.replacement = made;
    }
    return made;
  }

  /** Deregisters an instance, lets its requests end, waits for the terminate hook, and ends the machine. */
  terminate(instance: Instance, why: string): void {
    if (instance.leaves) {
      return;
    }
    this.around.tell(instance.id, `terminating: ${why}`);
    this.#leave(instance, "Terminating");
  }

  /** Its requests end, and then the terminate hook waits. */
  #leave(instance: Instance, state: "Terminating" | "Warmed:Pending"): void {
    this.around.clock.cancel(instance.hookTimer);
    const registered = instance.state === "InService";
    instance.state = state;
    instance.returns = state === "Warmed:Pending";
    const groups = registered ? this.model.targetGroups : [];
    let open = groups.length;
    const drained = () => {
      open -= 1;
      if (open <= 0 && instance.state === state) {
        this.#drained(instance);
      }
    };
    for (const address of groups) {
      const targetGroup = this.around.targetGroups.get(address);
      if (targetGroup === undefined) {
        drained();
      } else {
        targetGroup.deregister(instance.id, drained);
      }
    }
    if (groups.length === 0) {
      this.#drained(instance);
    }
  }

  /** The instance itself takes no more requests, as `boot/spot.sh` has it. It stays in the group. */
  deregister(id: string): void {
    for (const address of this.model.targetGroups) {
      this.around.targetGroups.get(address)?.deregister(id, () => undefined);
    }
  }

  /** What CloudWatch has of a group each minute. */
  report(): void {
    this.#report();
  }

  /** What serves joins target groups that are new, and then leaves those that are not there any more. */
  #attach(before: readonly string[]): void {
    const { targetGroups } = this.model;
    const added = targetGroups.filter((address) => !before.includes(address));
    const removed = before.filter((address) => !targetGroups.includes(address));
    for (const { id, zone, state } of this.all) {
      if (state === "InService") {
        for (const address of added) {
          this.around.targetGroups.get(address)?.register(id, zone);
        }
        for (const address of removed) {
          this.around.targetGroups.get(address)?.deregister(id, () => undefined);
        }
      }
    }
  }

  #count(test: (instance: Instance) => boolean): number {
    let count = 0;
    for (const instance of this.all) {
      count += test(instance) ? 1 : 0;
    }
    return count;
  }

  /** Instances that serve beside their replacement. */
  #pairs(): number {
    return this.#count(({ replaces, counts }) => counts && replaces?.counts === true);
  }

  /** From the warm pool, if it has one that is ready. Source: Auto Scaling user guide, "Warm pools". */
  #launchOne(replaced: Instance | undefined): Instance | undefined {
    const ready = replaced === undefined ? readyInPool(this.model, this.all) : undefined;
    if (ready === undefined) {
      return this.#launch(false, replaced);
    }
    const { launch, warmStart } = this.around.assumed;
    const sleeps = ready.state !== "Warmed:Running";
    ready.state = "Pending";
    this.around.tell(ready.id, "taken from the warm pool");
    this.around.clock.after(sleeps ? warmStart : Math.min(launch, 1), () => this.#runs(ready));
    return ready;
  }

  #launch(forPool: boolean, replaced: Instance | undefined): Instance | undefined {
    const { clock, assumed, tell } = this.around;
    if (clock.now < this.#retryAt) {
      return undefined;
    }
    const place = placeFor(
      this.model,
      [...this.all].filter((instance) => instance !== replaced),
      this.around.capacity,
    );
    if (place === undefined) {
      tell(this.model.name, "launch failed: EC2 has no capacity in any zone of the group");
      this.#retryAt = clock.now + assumed.launchRetry;
      clock.after(assumed.launchRetry, () => this.reconcile());
      return undefined;
    }
    const made = new Instance(
      this.around.nextId(),
      this.model.name,
      place.zone,
      place.type,
      place.spot,
      this.model.instance.version,
      clock.now,
      forPool,
    );
    this.instances.set(made.id, made);
    tell(
      made.id,
      `launching ${place.type}${place.spot ? " (Spot)" : ""} in ${place.zone} for ${this.model.name}`,
    );
    clock.after(assumed.launch, () => this.#runs(made));
    return made;
  }

  #runs(instance: Instance): void {
    if (instance.leaves) {
      return;
    }
    const { launchHook } = this.model;
    if (launchHook !== undefined) {
      instance.state = instance.inPool ? "Warmed:Pending:Wait" : "Pending:Wait";
      this.#wait(instance, launchHook);
    }
    this.around.machines.start(instance);
    if (launchHook === undefined) {
      this.#enter(instance);
    }
  }

  #hookOf({ state, returns }: Instance): HookModel | undefined {
    return state === "Terminating:Wait" || returns ? this.model.terminateHook : this.model.launchHook;
  }

  #wait(instance: Instance, hook: HookModel): void {
    instance.hookTimer = this.around.clock.after(hook.heartbeatTimeout, () => {
      this.around.tell(instance.id, `${hook.name} timed out: ${hook.defaultResult}`);
      this.#hookEnded(instance, hook.defaultResult);
    });
  }

  /** After a terminate hook the machine ends in any case. */
  #hookEnded(instance: Instance, result: "CONTINUE" | "ABANDON"): void {
    if (instance.state === "Terminating:Wait") {
      this.#endMachine(instance);
    } else if (result === "CONTINUE") {
      this.#enter(instance);
    } else {
      this.terminate(instance, instance.returns ? "its return was abandoned" : "its launch was abandoned");
      this.reconcile();
    }
  }

  #enter(instance: Instance): void {
    const { warmPool, targetGroups, warmUp } = this.model;
    if (instance.inPool) {
      instance.state = warmPool === undefined ? "Warmed:Running" : waitingState(warmPool);
      instance.returns = false;
      this.around.tell(instance.id, "waits in the warm pool");
      if (instance.state === "Warmed:Stopped") {
        this.around.machines.stop(instance);
      }
      this.reconcile();
      return;
    }
    instance.state = "InService";
    instance.inServiceSince = this.around.clock.now;
    this.changedAt = this.around.clock.now;
    this.around.tell(instance.id, `in service in ${instance.zone}`);
    for (const address of targetGroups) {
      this.around.targetGroups.get(address)?.register(instance.id, instance.zone);
    }
    this.reconcile();
    this.around.clock.after(warmUp, () => this.reconcile());
  }

  #drained(instance: Instance): void {
    const { terminateHook } = this.model;
    if (terminateHook === undefined) {
      instance.returns ? this.#enter(instance) : this.#endMachine(instance);
      return;
    }
    instance.state = instance.returns ? "Warmed:Pending:Wait" : "Terminating:Wait";
    this.#wait(instance, terminateHook);
    this.around.machines.leave(instance);
  }

  #endMachine(instance: Instance): void {
    instance.state = "Terminating:Proceed";
    this.around.machines.end(instance);
    this.around.clock.after(this.around.assumed.termination, () => this.#gone(instance));
  }

  #gone(instance: Instance): void {
    if (instance.state === "Terminated") {
      return;
    }
    instance.state = "Terminated";
    this.changedAt = this.around.clock.now;
    this.instances.delete(instance.id);
    this.around.tell(instance.id, "terminated");
    this.reconcile();
  }
}
