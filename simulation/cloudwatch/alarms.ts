import type { AlarmModel } from "../model";
import { type AlarmState, alarmState, periodsOf } from "./alarm";
import { valuesOf } from "./metric-math";
import type { Metrics } from "./metrics";

/** The alarms of a region. Each is looked at once a minute, when the metrics of the minute before can be read. */
export class Alarms {
  readonly #states = new Map<string, AlarmState>();

  /** @param tell is told of each change: the alarm's name, and what happens to it */
  constructor(
    public models: readonly AlarmModel[],
    private readonly metrics: Metrics,
    private readonly tell: (subject: string, what: string) => void,
  ) {}

  /** An alarm that has not been looked at has no data. */
  stateOf(name: string): AlarmState {
    return this.#states.get(name) ?? "INSUFFICIENT_DATA";
  }

  /** @param end the minute after the last one whose metrics can be read */
  look(end: number): void {
    for (const model of this.models) {
      const minutes = Math.max(1, Math.round(model.metric.period / 60));
      if (end % minutes !== 0) {
        continue;
      }
      const before = this.stateOf(model.name);
      const state = alarmState(model, valuesOf(model.metric, this.metrics, end, periodsOf(model)), before);
      this.#states.set(model.name, state);
      if (state !== before) {
        this.tell(model.name, `${before} → ${state}`);
      }
    }
  }
}
