import type { Clock } from "../time/timeline";
import { alarmState, periodsOf } from "./alarm";
import { Composite } from "./composite";
import { valuesOf } from "./metric-math";
import type { Metrics } from "./metrics";
import type { AlarmActions, AlarmModel, AlarmState, CompositeModel } from "./model";

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

  #models: readonly AlarmModel[] = [];
  #composites: readonly Composite[] = [];

  /** @param tell is told of each change: the alarm's name, and what happens to it */
  constructor(
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly tell: (subject: string, what: string) => void,
  ) {}

  /** Takes other alarms. Those that stay as they are keep their states. */
  follow(models: readonly AlarmModel[], composites: readonly CompositeModel[]): void {
    this.#models = models;
    const known = new Map(this.#composites.map((each) => [JSON.stringify(each.model), each]));
    this.#composites = composites.map((model) => {
      const key = JSON.stringify(model);
      const kept = known.get(key);
      known.delete(key);
      return kept ?? this.#composite(model);
    });
    for (const gone of known.values()) {
      gone.close();
    }
  }

  /** Names of those that are in the state ALARM. */
  get inAlarm(): readonly string[] {
    return [...this.#models, ...this.#composites.map(({ model }) => model)]
      .map(({ name }) => name)
      .filter((name) => this.stateOf(name) === "ALARM");
  }

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
    for (const model of this.#models) {
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
    this.#lookAtComposites();
    return this.#models.flatMap(({ name, threshold, actions }) =>
      actions[this.stateOf(name)]
        .filter((action) => SCALING_POLICY.test(action))
        .map((action) => ({ action, alarm: name, threshold, values: this.#values.get(name) ?? [] })),
    );
  }

  readonly #stateOf = (name: string): AlarmState => this.stateOf(name);

  /** One may look at others: as many rounds as there are reach all, also in a circle. */
  #lookAtComposites(): void {
    let changed = true;
    for (let round = 0; changed && round < this.#composites.length; round += 1) {
      changed = false;
      for (const composite of this.#composites) {
        if (composite.look(this.#stateOf)) {
          changed = true;
          this.#states.set(composite.model.name, composite.state);
        }
      }
    }
    for (const composite of this.#composites) {
      composite.settle(this.#stateOf);
    }
  }

  #composite(model: CompositeModel): Composite {
    return new Composite(
      model,
      this.clock,
      (state) => this.#notify(model, state),
      (what) => this.tell(model.name, what),
    );
  }

  #notify(
    { name, actions }: { readonly name: string; readonly actions: AlarmActions },
    state: AlarmState,
  ): void {
    for (const action of actions[state].filter((each) => !SCALING_POLICY.test(each))) {
      this.tell(name, `tells ${action}`);
    }
  }
}
