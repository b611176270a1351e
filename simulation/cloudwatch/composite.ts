import type { Clock, Timer } from "../time/timeline";
import { holds, type StateOf } from "./alarm-rule";
import type { AlarmState, CompositeModel } from "./model";

/**
 * A composite alarm at work: ALARM when its rule holds, else OK. Its actions may be suppressed by another alarm: not while
 * that one is in ALARM, nor for the extension period afterwards, nor for the wait period after a change, in which that one
 * may still follow. What is held back is done later if the state is still another than that of the last action.
 * Source: CloudWatch user guide, "Suppressing composite alarm actions".
 */
export class Composite {
  state: AlarmState = "INSUFFICIENT_DATA";
  /** The state whose actions were done last. */
  #acted: AlarmState = "INSUFFICIENT_DATA";
  #suppressed = false;
  #timer: Timer = 0;

  /**
   * @param act does the actions of a state
   * @param tell is told what happens to it
   */
  constructor(
    readonly model: CompositeModel,
    private readonly clock: Clock,
    private readonly act: (state: AlarmState) => void,
    private readonly tell: (what: string) => void,
  ) {}

  /** @returns whether its state has changed */
  look(stateOf: StateOf): boolean {
    const before = this.state;
    this.state = holds(this.model.rule, stateOf) ? "ALARM" : "OK";
    if (this.state !== before) {
      this.tell(`${before} → ${this.state}`);
    }
    return this.state !== before;
  }

  /** Does its actions, now or later. To be called when its state, or that of its suppressor, may have changed. */
  settle(stateOf: StateOf): void {
    const { suppressor } = this.model;
    if (suppressor !== undefined && stateOf(suppressor.alarm) === "ALARM") {
      if (this.state !== this.#acted && !this.#suppressed) {
        this.tell(`its actions are suppressed by ${suppressor.alarm}`);
      }
      this.#suppressed = true;
      this.#cancel();
      return;
    }
    const wait = this.#suppressed ? (suppressor?.extensionPeriod ?? 0) : (suppressor?.waitPeriod ?? 0);
    this.#suppressed = false;
    if (this.state === this.#acted) {
      this.#cancel();
    } else if (this.#timer === 0 && wait > 0) {
      this.#timer = this.clock.after(wait, () => this.#do());
    } else if (this.#timer === 0) {
      this.#do();
    }
  }

  /** Its timers end, when it is removed. */
  close(): void {
    this.#cancel();
  }

  #do(): void {
    this.#timer = 0;
    this.#acted = this.state;
    this.act(this.state);
  }

  #cancel(): void {
    this.clock.cancel(this.#timer);
    this.#timer = 0;
  }
}
