import type { InstanceModel, RefreshModel } from "../model";
import type { GroupAtWork } from "./group-at-work";
import type { Instance } from "./instance";
import { paceOf, replaceSome } from "./replacement";

export type RefreshStatus =
  | "InProgress"
  | "Successful"
  | "Failed"
  | "Cancelled"
  | "RollbackInProgress"
  | "RollbackSuccessful";

/** How long no new instance may become healthy before a refresh fails. Source: Auto Scaling user guide, Instance refresh. */
const PATIENCE = 3600;

/**
 * An instance refresh: replaces the instances of another version than the group's, some at a time. An alarm fails it,
 * and what is not replaced then stays, unless it rolls back to the version of before.
 * Source: Auto Scaling user guide, "How an instance refresh works", "Undo changes with a rollback".
 */
export class Refresh {
  status: RefreshStatus = "InProgress";
  readonly #all: number;
  #replaced = 0;
  #pausedUntil = 0;
  #checkpoints: number[];
  #progressAt: number;
  readonly #first: ReadonlySet<Instance>;

  constructor(
    private readonly group: GroupAtWork,
    private readonly model: RefreshModel,
    private readonly earlier: InstanceModel | undefined,
  ) {
    this.#first = new Set(this.#stale());
    this.#all = this.#first.size;
    this.#checkpoints = [...model.checkpoints];
    this.#progressAt = group.around.clock.now;
    const stopping = this.#alarm();
    if (stopping !== undefined) {
      this.#end("Failed", `the alarm ${stopping} is in ALARM`);
      return;
    }
    group.around.tell(group.model.name, `instance refresh: ${this.#all} instances to replace`);
    this.#watch();
  }

  get percentage(): number {
    return this.#all === 0 ? 100 : Math.floor((100 * this.#replaced) / this.#all);
  }

  /** Whether it replaces instances, in whichever direction. */
  get isRunning(): boolean {
    return this.status === "InProgress" || this.status === "RollbackInProgress";
  }

  cancel(why: string): void {
    if (this.isRunning) {
      this.#end("Cancelled", why);
    }
  }

  /** Goes on as far as it may. */
  step(): void {
    const { around, desired } = this.group;
    if (!this.isRunning || around.clock.now < this.#pausedUntil) {
      return;
    }
    const stale = this.#stale();
    const before = this.#replaced;
    this.#replaced += replaceSome(this.group, stale, paceOf(this.model.range, desired), this.model.warmUp);
    if (this.#replaced > before) {
      this.#progressAt = around.clock.now;
      this.#pauseAtCheckpoint();
    }
    if (this.#stale().length === 0) {
      this.#end(
        this.status === "InProgress" ? "Successful" : "RollbackSuccessful",
        `${this.#replaced} instances replaced`,
      );
    }
  }

  /** What is still to be replaced. Without `skip_matching` that is everything that was there at the beginning. */
  #stale(): readonly Instance[] {
    const { version } = this.group.model.instance;
    return [...this.group.all].filter(
      (instance) =>
        instance.state === "InService" &&
        (instance.version !== version ||
          (this.status === "InProgress" && !this.model.skipMatching && (this.#first?.has(instance) ?? true))),
    );
  }

  #pauseAtCheckpoint(): void {
    const [next] = this.status === "InProgress" ? this.#checkpoints : [];
    if (next !== undefined && this.percentage >= next && this.percentage < 100) {
      this.#checkpoints.shift();
      this.#pausedUntil = this.group.around.clock.now + this.model.checkpointDelay;
      this.group.around.tell(this.group.model.name, `instance refresh waits at ${next} %`);
      this.group.around.clock.after(this.model.checkpointDelay, () => this.group.reconcile());
    }
  }

  #watch(): void {
    const { clock } = this.group.around;
    clock.after(Math.max(1, Math.min(10, this.model.warmUp)), () => {
      if (this.status === "RollbackInProgress") {
        this.group.reconcile();
        this.#watch();
      }
      if (this.status !== "InProgress") {
        return;
      }
      const alarm = this.#alarm();
      if (alarm !== undefined) {
        this.#fail(`the alarm ${alarm} is in ALARM`);
      } else if (clock.now > Math.max(this.#progressAt, this.#pausedUntil) + PATIENCE) {
        this.#fail("no new instance has become healthy for an hour");
      } else {
        this.group.reconcile();
        this.#watch();
      }
    });
  }

  #alarm(): string | undefined {
    return this.model.alarms.find((name) => this.group.around.isAlarm(name));
  }

  #fail(why: string): void {
    const { earlier, group } = this;
    if (!this.model.rollBack || earlier === undefined) {
      this.#end("Failed", why);
      return;
    }
    this.status = "RollbackInProgress";
    this.#replaced = 0;
    this.#pausedUntil = 0;
    group.around.tell(group.model.name, `instance refresh rolls back: ${why}`);
    group.rollBackTo(earlier);
    for (const instance of [...group.all]) {
      // What was to be replaced stays in place of what has not taken its place yet.
      const isUseless = instance.counts && instance.version !== earlier.version;
      if (isUseless && (instance.replaces?.counts || instance.state !== "InService")) {
        group.terminate(instance, "its version is rolled back");
      }
    }
    this.#watch();
    group.reconcile();
  }

  #end(status: RefreshStatus, why: string): void {
    this.status = status;
    this.group.around.tell(this.group.model.name, `instance refresh ${status.toLowerCase()}: ${why}`);
    for (const instance of this.group.all) {
      // What has begun is finished: a new instance that starts already takes the place of its old one.
      if (instance.replacement?.counts) {
        instance.replaceBecause ??= "its replacement was launched";
      }
    }
  }
}
