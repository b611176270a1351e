import { alarmState, periodsOf } from "./alarm";
import { valuesOf } from "./metric-math";
import type { Metrics } from "./metrics";
import type { AlarmModel, AlarmState } from "./model";

/** What an alarm has done by something else. */
export interface Invocation {
  /** Address of a scaling policy. */
  readonly action: string;
  /** Name of the alarm. */
  readonly alarm: string;
  readonly threshold: number;
  /** Those that the alarm looks at and that are there, the oldest first. */
  readonly values: readonly number[];
}

const SCALING_POLICY = /^aws_autoscaling_policy\./;

/** The alarms of a region. Each is looked at once a minute, when the metrics of the minute before can be read. */
export class Alarms {
  readonly #states = new Map<string, AlarmState>();
  readonly #values = new Map<string, readonly number[]>();

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

  /**
   * @param end the minute after the last one whose metrics can be read
   * @returns what scaling policies are to do. An alarm asks for it in each minute for which it stays in a state; others
   *   are told once. Source: CloudWatch user guide, "Using Amazon CloudWatch alarms", Alarm actions
   */
  look(end: number): readonly Invocation[] {
    for (const model of this.models) {
      const minutes = Math.max(1, Math.round(model.metric.period / 60));
      if (end % minutes !== 0) {
        continue;
      }
      const before = this.stateOf(model.name);
      const values = valuesOf(model.metric, this.metrics, end, periodsOf(model));
      const state = alarmState(model, values, before);
      this.#states.set(model.name, state);
      this.#values.set(model.name, values.filter((value) => value !== undefined).slice(-model.periods));
      if (state !== before) {
        this.tell(model.name, `${before} → ${state}`);
        this.#notify(model, state);
      }
    }
    return this.models.flatMap(({ name, threshold, actions }) =>
      actions[this.stateOf(name)]
        .filter((action) => SCALING_POLICY.test(action))
        .map((action) => ({ action, alarm: name, threshold, values: this.#values.get(name) ?? [] })),
    );
  }

  #notify({ name, actions }: AlarmModel, state: AlarmState): void {
    for (const action of actions[state].filter((each) => !SCALING_POLICY.test(each))) {
      this.tell(name, `tells ${action}`);
    }
  }
}
